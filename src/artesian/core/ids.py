"""Keys of objects: how new ones are made and what a name may hold."""

from __future__ import annotations

import itertools
import os
import re
import secrets

from artesian.core.errors import InvalidArgument

_counter = itertools.count(1)
_RUN = secrets.token_hex(4)
MAX_KEY_LENGTH = 512
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


def _start_anew() -> None:
    global _counter, _RUN
    _counter, _RUN = itertools.count(1), secrets.token_hex(4)


os.register_at_fork(after_in_child=_start_anew)  # else two forked processes would make the same keys


def new_key(prefix: str) -> str:
    """A key that no other object of this or another run has, e.g. `DeepLearning_model_3f2a91c0_7`."""
    return f"{prefix}_{_RUN}_{next(_counter)}"


def check_key(name: str, what: str = "key") -> str:
    """The name itself, or InvalidArgument when it cannot be the key of an object."""
    if not name or len(name) > MAX_KEY_LENGTH or _FORBIDDEN.search(name):
        shown = name if len(name) <= 60 else name[:60] + "…"
        raise InvalidArgument(
            f"The {what} {shown!r} cannot name an object: use 1 to {MAX_KEY_LENGTH} characters without control characters."
        )
    return name
