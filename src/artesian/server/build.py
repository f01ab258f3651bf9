"""What is known of the build that runs: its version, the tool that made it, when, and from which commit."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import HeaderParser
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Build:
    """Facts of the installed package; "unknown" where it does not tell.

    `commit` is known for a package installed from a repository (PEP 610); `made_on` is the time of the compiled kernels.
    """

    version: str
    commit: str
    made_by: str
    made_on: str


@cache
def build() -> Build:
    """The facts of this installation."""
    package = distribution("artesian")
    origin = json.loads(package.read_text("direct_url.json") or "{}")
    wheel = HeaderParser().parsestr(package.read_text("WHEEL") or "")
    return Build(
        version=package.version,
        commit=origin.get("vcs_info", {}).get("commit_id") or _UNKNOWN,
        made_by=wheel.get("Generator") or _UNKNOWN,
        made_on=_compiled_on(),
    )


def _compiled_on() -> str:
    kernels = importlib.util.find_spec("artesian._native")
    if kernels is None or not kernels.origin:
        return _UNKNOWN
    return datetime.fromtimestamp(Path(kernels.origin).stat().st_mtime, UTC).strftime("%Y-%m-%d %H:%M:%S")
