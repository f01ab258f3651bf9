"""Parses the recorded cases and compares setup, names, types, levels and values with those of H2O-3."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from artesian.core.settings import Settings, load
from artesian.frame import Column, ColumnType
from artesian.frame.parse import SetupOverrides, Source, guess_setup, parse

from .reference_cases import CASES

ANSWERS = json.loads((Path(__file__).parent / "reference_answers.json").read_text(encoding="utf-8"))


def overrides_of(options: dict[str, Any]) -> SetupOverrides:
    """Our options for those of the official client."""
    na = options.get("na_strings")
    if na and not isinstance(na[0], list):
        na = [na] * 2
    return SetupOverrides(
        separator=options.get("separator", ""),
        check_header=options.get("header", 0),
        column_names=tuple(options["column_names"]) if "column_names" in options else None,
        column_types=tuple(options["column_types"]) if "column_types" in options else None,
        na_strings=tuple(tuple(texts) for texts in na) if na else None,
        skipped_columns=tuple(options.get("skipped_columns", ())),
        single_quotes=options.get("quotechar") == "'",
        escape=options.get("escapechar", ""),
        comment_markers=options.get("custom_non_data_line_markers"),
    )


def as_text_or_number(column: Column) -> list[str | float | None]:
    """The values of a column as comparable ones: numbers for numbers and times, texts for the rest."""
    if column.type.is_numeric:
        return [None if value is None else float(value) for value in column.values.to_list()]
    return column.decoded().to_list()


def recorded(answer: dict[str, Any], position: int) -> list[str | float | None]:
    """The same of a recorded column."""
    # a missing value that is the whole row was recorded as an empty row
    cells = [row[position] if row else None for row in answer["cells"]]
    numeric = answer["types"][position] in ("int", "real", "time")
    return [None if cell is None else float(cell) if numeric else cell for cell in cells]


def same(ours: list[str | float | None], theirs: list[str | float | None]) -> bool:
    """Equal values; numbers to the last digit but one, since H2O-3 makes them by multiplying with a power of ten."""
    return len(ours) == len(theirs) and all(
        math.isclose(a, b, rel_tol=1e-15) if isinstance(a, float) and isinstance(b, float) else a == b
        for a, b in zip(ours, theirs, strict=True)
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"import_roots": [str(tmp_path)]}, environment={})


@pytest.mark.parametrize("name", ANSWERS)
def test_reads_as_the_reference(name: str, tmp_path: Path, settings: Settings) -> None:
    text, options = CASES[name]
    answer = ANSWERS[name]
    (tmp_path / "case.csv").write_bytes(text.encode())
    source = Source(str(tmp_path / "case.csv"))
    setup = guess_setup([source], overrides_of(options), settings)
    frame = parse([source], setup, folder=tmp_path, settings=settings).frame
    if answer["separator"] != -1:
        assert ord(setup.separator) == answer["separator"]
        assert setup.check_header == answer["check_header"]
    assert [kind.lower() for kind in setup.column_types] == [kind.lower() for kind in answer["guessed_types"]]
    assert list(frame.names) == answer["names"]
    assert frame.n_rows == answer["rows"]
    for position, column in enumerate(frame.columns):
        theirs = recorded(answer, position)
        assert same(as_text_or_number(column), theirs), frame.names[position]
        if any(value is not None for value in theirs):
            assert column.type.value == answer["types"][position]
        else:
            assert column.type in (ColumnType.BAD, ColumnType.INT, ColumnType.ENUM)
        levels = answer["levels"].get(frame.names[position])
        if levels is not None:
            assert [level for level in column.levels if level] == [level for level in levels if level]
