"""Base models trained as workers do, once a category, for all tests of ensembles."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "battery"))  # the workbench
sys.path.insert(0, str(Path(__file__).parent))
