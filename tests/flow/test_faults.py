"""What goes wrong: hostile names, a server that stops and comes back, objects that went, commands that fail."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HOSTILE
from flow_page import FlowPage
from server_client import Client, start, stop
