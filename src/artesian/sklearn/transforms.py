"""`artesian.sklearn.transforms`: the wrappers of what is in `artesian.transforms`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.client.scikit.classes import names_of as _names_of
from artesian.client.scikit.classes import wrapper as _wrapper

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name == "__all__":
            return __dir__()
        if name not in _names_of("transforms"):
            raise AttributeError(name)
        return _wrapper(name)


def __dir__() -> list[str]:
    return _names_of("transforms")
