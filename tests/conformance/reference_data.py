"""Where the scripts find their data: the project's own small tables, and MNIST where the machine has it."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SMALL = REPOSITORY / "tests" / "data"


def small(name: str) -> str:
    """The path of a table that comes with the project."""
    return str(SMALL / name)


def mnist() -> tuple[str, str] | None:
    """The paths of MNIST's training and test tables, or None where there is none."""
    candidates = [os.environ.get("ARTESIAN_TEST_DATA", ""), str(REPOSITORY.parent / "shared" / "data")]
    for candidate in candidates:
        folder = Path(candidate) / "mnist"
        if candidate and (folder / "train.csv.gz").exists():
            return str(folder / "train.csv.gz"), str(folder / "test.csv.gz")
    return None
