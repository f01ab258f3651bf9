"""Artesian's client under the name of the official one, so that scripts which say `import h2o` run with it unchanged.

With this folder's parent on the path, `import h2o` gives what `import artesian` gives, and the modules that scripts import
from inside the official package lead to those of the same path in `artesian`, as a changed import line would. Estimators and the like that Artesian does
not have yet can be imported, since the scripts' own tools import all of them, and are refused when they are made.
"""

from __future__ import annotations

import copy
import importlib
import importlib.abc
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import artesian
from artesian.client import config, expr
from artesian.client.exceptions import NotAvailable

__version__ = "3.46.0.12"

_BESIDE = {
    "cluster": ("cluster",),
    "display": ("display",),
    "explanation": ("explain.fairness", "explain.partial"),
    "frame": ("frame",),
    "utils.config": (),
    "utils.model_utils": ("model.threshold",),
    "utils.shared_utils": (),
}
"""Modules of the official package without a place of their own in `artesian`, or with less in it, and where their names are."""
_NOT_YET = ("estimators.", "assembly", "pipeline")
"""Modules whose classes Artesian does not have yet."""


class _Config:
    """The settings of `.h2oconfig`, some of which the runner of the scripts changes."""

    @staticmethod
    def get_config() -> dict[str, Any]:
        return config.settings()


def _temporaries() -> int:
    """How many temporary frames the client has named so far."""
    return next(copy.copy(expr._counter)) - 1


_TOOLS: dict[str, dict[str, Any]] = {
    "backend.connection": {"H2OResponse": dict},  # replies are plain objects here
    "utils.config": {"H2OConfigReader": _Config},
    "utils.shared_utils": {
        "temp_ctr": _temporaries,
        "can_use_pandas": lambda: importlib.util.find_spec("pandas") is not None,
        "can_use_numpy": lambda: importlib.util.find_spec("numpy") is not None,
        "is_module_available": lambda name: importlib.util.find_spec(name) is not None,
    },
}


class _Module(ModuleType):
    """A module of the official package, made of the names that are here."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        inner = self.__name__.removeprefix("h2o.")
        for module in _sources(inner):
            if hasattr(module, name):
                return getattr(module, name)
        if name.startswith("H2O") and (inner in ("estimators", "model") or inner.startswith(_NOT_YET)):
            return _absent(name)
        raise AttributeError(f"artesian has no '{name}' for {self.__name__}")


def _sources(inner: str) -> list[ModuleType]:
    """The modules here that hold the names of an official one: that of the same path, as users find it, comes first."""
    same = [f"artesian.{inner}"] if _is_here(inner) else []
    return [
        importlib.import_module(name) for name in [*same, *(f"artesian.client.{h}" for h in _BESIDE.get(inner, ()))]
    ]


def _is_here(inner: str) -> bool:
    if inner in (
        "frame",
        "utils",
    ):  # a part of the server, which scripts do not mean; and a folder that lies beside this file
        return False
    try:
        return importlib.util.find_spec(f"artesian.{inner}") is not None
    except ModuleNotFoundError:
        return False


def _absent(name: str) -> type:
    def refuse(self: Any, *_: Any, **__: Any) -> None:
        raise NotAvailable(f"H2O's '{name}' is not available in artesian yet.")

    return type(name, (), {"__init__": refuse})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the table, and those that are not there yet."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        inner = name.removeprefix("h2o.")
        if inner == name or not (inner in _BESIDE or inner.startswith(_NOT_YET) or _is_here(inner)):
            return None
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        inner = module.__name__.removeprefix("h2o.")
        vars(module).update(_TOOLS.get(inner, {}))
        if inner.startswith("estimators."):  # scripts take the package from there too, by `import *`
            vars(module)["h2o"] = sys.modules["h2o"]
        for source in _sources(inner):
            public = getattr(source, "__all__", [name for name in vars(source) if not name.startswith("_")])
            vars(module).update({name: getattr(source, name) for name in public if name not in vars(module)})


class _Package(ModuleType):
    """The package itself: functions of the API win over modules of the same name, as in the official one."""

    def __setattr__(self, name: str, value: Any) -> None:
        if (
            isinstance(value, _Module)
            and hasattr(artesian, name)
            and not isinstance(getattr(artesian, name), ModuleType)
        ):
            return
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self if name == "h2o" else getattr(artesian, name)


sys.meta_path.insert(0, _Finder())
sys.modules[__name__].__class__ = _Package
