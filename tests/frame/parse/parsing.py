"""What the tests of parsing share: write a file, guess, parse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from artesian.core.settings import Settings, load
from artesian.frame import Column, Frame
from artesian.frame.parse import ParseSetup, SetupOverrides, Source, guess_setup, parse


@dataclass(frozen=True)
class Parsed:
    """A setup, the frame read with it, and the warnings."""

    setup: ParseSetup
    frame: Frame
    warnings: tuple[str, ...]

    def values(self, name: str) -> list[Any]:
        """The values of a column as a person reads them."""
        return shown(self.frame[name])


def damaged(whole: bytes, *, copies: int, first: int, changes: int) -> Iterator[bytes]:
    """Copies of a file, in each of which so many bytes from position `first` on are replaced at random."""
    for seed in range(copies):
        random = np.random.default_rng(seed)
        broken = bytearray(whole)
        for position in random.integers(first, len(whole), changes):
            broken[position] = random.integers(0, 256)
        yield bytes(broken)


def shown(column: Column) -> list[Any]:
    """The values of a column: numbers, milliseconds, texts, levels."""
    return column.values.to_list() if column.type.is_numeric else column.decoded().to_list()


def settings_for(folder: Path, **more: Any) -> Settings:
    """Settings that let files of the folder in and out."""
    return load({"import_roots": [str(folder)], "export_roots": [str(folder)], **more}, environment={})


def parse_files(folder: Path, *paths: Path, settings: Settings | None = None, **options: Any) -> Parsed:
    """Guesses and parses files."""
    settings = settings or settings_for(folder)
    sources = [Source(str(path)) for path in paths]
    setup = guess_setup(sources, SetupOverrides(**options), settings)
    result = parse(sources, setup, folder=folder, settings=settings)
    return Parsed(setup, result.frame, result.warnings)


def parse_text(folder: Path, text: str | bytes, *, name: str = "table.csv", **options: Any) -> Parsed:
    """Writes the text to a file and parses it."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return parse_files(folder, path, **options)
