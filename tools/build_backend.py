"""The build backend: scikit-build-core's, after the web page has been built into the package.

Node is asked for as a build requirement only where the page has to be built and the machine has none.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from scikit_build_core import build as _cmake

sys.path.insert(0, str(Path(__file__).resolve().parent))

import build_flow

_Settings = dict[str, Any] | None


def _node() -> list[str]:
    return [] if build_flow.is_current() or build_flow.machine_has_node() else [build_flow.NODE_PACKAGE]


def get_requires_for_build_wheel(config_settings: _Settings = None) -> list[str]:
    """What a wheel needs to be built."""
    return [*_cmake.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_editable(config_settings: _Settings = None) -> list[str]:
    """What an installation in place needs to be built."""
    return [*_cmake.get_requires_for_build_editable(config_settings), *_node()]


def get_requires_for_build_sdist(config_settings: _Settings = None) -> list[str]:
    """What a source distribution needs to be built."""
    return [*_cmake.get_requires_for_build_sdist(config_settings), *_node()]


def build_wheel(folder: str, config_settings: _Settings = None, metadata: str | None = None) -> str:
    """Builds the page, then the wheel."""
    build_flow.build()
    return str(_cmake.build_wheel(folder, config_settings, metadata))


def build_editable(folder: str, config_settings: _Settings = None, metadata: str | None = None) -> str:
    """Builds the page into the source tree, then the installation in place."""
    build_flow.build()
    return str(_cmake.build_editable(folder, config_settings, metadata))


def build_sdist(folder: str, config_settings: _Settings = None) -> str:
    """Builds the page, then the archive, which holds both the page and its sources."""
    build_flow.build()
    return str(_cmake.build_sdist(folder, config_settings))


prepare_metadata_for_build_wheel = _cmake.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = _cmake.prepare_metadata_for_build_editable
