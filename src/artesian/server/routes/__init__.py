"""The routes, one module a family; importing a module declares its routes."""

from __future__ import annotations

import importlib
import pkgutil

FIRST = ("admin", "cloud", "jobs", "sessions")
"""What a client asks a server that has just started; these import quickly."""


def load_first() -> None:
    """Imports the modules that a server needs to answer at all."""
    for name in FIRST:
        importlib.import_module(f"{__name__}.{name}")


def load_all() -> None:
    """Imports every module of this package, so that all routes are declared."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
