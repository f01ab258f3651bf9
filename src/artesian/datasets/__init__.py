"""Small data sets that come along: `load_dataset` of the client uploads them, the server imports them by `example:` and a name."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SCHEME = "example:"
"""What the address of one begins with, such as `example:cars_20mpg.csv`, wherever the package lies."""


def names() -> list[str]:
    """The names of the files, such as `cars_20mpg.csv`."""
    return sorted(path.name for path in FOLDER.glob("*.csv"))


__all__ = ["FOLDER", "SCHEME", "names"]
