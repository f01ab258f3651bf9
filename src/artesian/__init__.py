"""Artesian: an open machine-learning server that speaks H2O-3's REST contract, and its Python API.

`import artesian as h2o` gives the Python API of `artesian.client`; its names are looked up when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = importlib.import_module("artesian.client").lookup(name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted([*importlib.import_module("artesian.client").EXPORTS, "__version__"])
