"""How Polars' memory allocator gives memory back: by its settings in the environment, which it reads when it is loaded."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Final

_VARIABLE: Final = "_RJEM_MALLOC_CONF"
_SETTINGS: Final = "dirty_decay_ms:500,muzzy_decay_ms:0"


def give_memory_back(environment: MutableMapping[str, str]) -> None:
    """Freed pages go back to the system after half a second, at once rather than when it runs short of memory.

    Polars' own setting leaves them with the process, where they count as its memory. A setting that is there already stays.
    """
    environment.setdefault(_VARIABLE, _SETTINGS)
