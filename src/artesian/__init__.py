"""Artesian: an open machine-learning server that speaks H2O-3's REST contract, and its Python API.

`import artesian as h2o` gives the Python API of `artesian.client`; its names are looked up when first used.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

NAMES_OF_BOTH = frozenset(("demo", "frame", "rapids"))
"""Functions of the Python API that share their name with a module or a subpackage: as attributes of the package they are the functions."""


LENT = {"frame": ("artesian.client.frame", "H2OFrame")}
"""Names of the Python API that scripts written for H2O import from where the server's parts are: `from artesian.frame import H2OFrame`."""


class _Package(ModuleType):
    """Imports bind a subpackage to its parent; here the function of the same name stays what users find."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in LENT and isinstance(value, ModuleType):
            value.__getattr__ = _lend  # type: ignore[method-assign]
        if name not in NAMES_OF_BOTH or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


def _lend(name: str) -> Any:
    for home, lent in LENT.values():
        if name == lent:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"There is nothing called '{name}'.")


sys.modules[__name__].__class__ = _Package

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = importlib.import_module("artesian.client").lookup(name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted([*importlib.import_module("artesian.client").EXPORTS, "__version__"])
