"""The routes, one module a family; importing a module declares its routes."""

from __future__ import annotations

import importlib
import pkgutil


def load_all() -> None:
    """Imports every module of this package, so that all routes are declared."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
