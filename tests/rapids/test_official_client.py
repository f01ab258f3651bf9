"""What the official client writes into expressions, and the words of refusals that its users compare."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate
from artesian.rapids.time_zones import listed


def column(*values: float | str | None) -> Frame:
    series = pl.Series(values)
    return Frame(["x"], [Column.enum_from_strings(series) if series.dtype == pl.String else Column.from_series(series)])


@pytest.mark.parametrize("blank", ["_", "'_'", '"_"'])
def test_impute_takes_a_quoted_underscore_for_nothing(blank: str) -> None:
    environment = MemoryEnvironment({"f": column(1, None, 3, 8)})
    result = evaluate(f"(h2o.impute f 0 'mean' 'interpolate' [] {blank} {blank})", environment)
    assert result.value == [4.0]
    assert environment.lookup("f").columns[0].values.to_list() == [1, 4, 3, 8]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("levels", "every", "some"),
    [
        (("false", "false"), 0, 0),
        (("FALSE", None), 0, 1),  # a missing value counts as true
        (("true", None), 1, 1),
        (("false", "true"), 0, 1),
        (("no", "no"), 0, 0),
    ],
)
def test_truth_of_categories(levels: tuple[str | None, ...], every: float, some: float) -> None:
    environment = MemoryEnvironment({"f": column(*levels)})
    assert evaluate("(all f)", environment).value == every
    assert evaluate("(any f)", environment).value == some


@pytest.mark.parametrize(
    ("frame", "value", "sentence", "detail"),
    [
        (column("a", "b"), "'c'", "Cannot assign value c into a vector of type Enum.", "appendLevels"),
        (column("a", "b"), "9", "Cannot assign value 9.0 into a vector of type Enum.", "as.numeric"),
        (column(1, 2), "'tst'", "Cannot assign value tst into a vector of type Numeric.", "as.character"),
        (Frame(["x"], [Column.from_series(pl.Series(["a"]))]), "9", "value 9.0 into a vector of type String.", "'x'"),
    ],
)
def test_a_value_that_does_not_fit(frame: Frame, value: str, sentence: str, detail: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        evaluate(f"(:= f {value} 0 (== (rows f [0:{frame.n_rows}]) 'none'))", MemoryEnvironment({"f": frame}))
    assert refused.value.message.endswith(sentence)
    assert detail in refused.value.values["detail"]


def test_unknown_name_is_told_first() -> None:
    with pytest.raises(InvalidArgument, match=r"^Name lookup of '123DIGITS' failed"):
        evaluate("(tmp= t (cols_py 123DIGITS 'a'))", MemoryEnvironment())


def test_time_zones_stand_once_behind_their_standard_offset() -> None:
    lines = listed(datetime(2024, 7, 1, tzinfo=UTC))
    assert lines[0] == "StandardOffset CanonicalID, Aliases"
    zones = dict(line.split(", ")[0].split(" ")[::-1] for line in lines[1:])
    # standard time: New York is 5 h behind in July too; Apia moved over the date line in 2011
    expected = {
        "UTC": "+00:00", "America/New_York": "-05:00", "Asia/Kolkata": "+05:30", "Pacific/Apia": "+13:00",
        "Africa/Monrovia": "+00:00", "Pacific/Marquesas": "-09:30",
    }  # fmt: skip
    assert {name: zones[name] for name in expected} == expected
    names = [name for line in lines[1:] for name in line.partition(" ")[2].split(", ")]
    assert len(names) == len(set(names))
    new_york = next(line for line in lines if " America/New_York" in line)
    assert new_york == "-05:00 America/New_York, US/Eastern"
    assert evaluate("(listTimeZones)", MemoryEnvironment()).rows == len(lines)
