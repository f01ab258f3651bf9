"""Frames: names, columns, rows; immutable and shared."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from artesian.core.errors import InvalidArgument, NotFound
from artesian.frame import Column, ColumnType, Frame


@pytest.fixture
def frame() -> Frame:
    return Frame.from_polars(
        pl.DataFrame({"n": [1, 2, None, 4], "s": ["a", "b", "c", None], "r": [0.5, None, 1.5, 2.5]})
    )


def test_a_table_comes_back(frame: Frame) -> None:
    assert frame.names == ("n", "s", "r")
    assert frame.types == (ColumnType.INT, ColumnType.STRING, ColumnType.REAL)
    assert (frame.n_rows, frame.n_columns) == (4, 3)
    assert frame.to_polars().to_dict(as_series=False) == {
        "n": [1, 2, None, 4],
        "s": ["a", "b", "c", None],
        "r": [0.5, None, 1.5, 2.5],
    }
    assert repr(frame) == "Frame(4 rows × 3 columns)"


def test_levels_and_times_are_shown_as_a_person_reads_them() -> None:
    shown = Frame.from_mapping(
        {
            "e": Column.enum_from_strings(pl.Series(["x", None])),
            "t": Column.times(pl.Series([dt.date(2020, 1, 1), None])),
        }
    ).to_polars()
    assert shown["e"].to_list() == ["x", None]
    assert shown["t"].to_list() == [dt.datetime(2020, 1, 1), None]


def test_columns_are_found_by_name_and_a_near_name_is_suggested(frame: Frame) -> None:
    assert frame["s"] is frame.columns[1]
    assert "s" in frame and "x" not in frame
    assert frame.position("r") == 2
    long = frame.renamed(["price", "colour", "weight"])
    with pytest.raises(NotFound, match=r"no column 'wheight'\. Did you mean 'weight'"):
        long["wheight"]


def test_selecting_and_dropping_share_the_columns(frame: Frame) -> None:
    some = frame.select(["r", 0])
    assert some.names == ("r", "n")
    assert some.columns == (frame.columns[2], frame.columns[0])
    assert frame.without(["n", 2]).names == ("s",)
    assert frame.renamed(["a", "b", "c"]).columns is not None
    assert frame.names == ("n", "s", "r")


def test_a_column_is_replaced_in_its_place_or_added_at_the_end(frame: Frame) -> None:
    ones = Column.integers(pl.Series([1, 1, 1, 1]))
    assert frame.with_column("s", ones).names == ("n", "s", "r")
    assert frame.with_column("s", ones)["s"] is ones
    assert frame.with_column("new", ones).names == ("n", "s", "r", "new")
    with pytest.raises(InvalidArgument, match="equal lengths"):
        frame.with_column("new", Column.integers(pl.Series([1])))


def test_rows_are_picked_filtered_and_sliced(frame: Frame) -> None:
    assert frame.gather(pl.Series([3, 0])).to_polars()["n"].to_list() == [4, 1]
    assert frame.filter(pl.Series([True, None, False, True])).to_polars()["n"].to_list() == [1, 4]
    assert frame.filter(pl.Series([True, None, False, True])).n_rows == 2
    assert frame.slice(1, 2).to_polars()["s"].to_list() == ["b", "c"]
    assert frame.slice(3, 10).n_rows == 1
    assert frame.slice(9, 10).n_rows == 0


def test_a_frame_without_columns_keeps_its_rows() -> None:
    empty = Frame([], [], 5)
    assert (empty.n_rows, empty.n_columns, empty.nbytes) == (5, 0, 0)
    assert empty.slice(1, 2).n_rows == 2
    assert empty.select([]).n_rows == 5


def test_lengths_and_names_must_fit() -> None:
    one, two = Column.integers(pl.Series([1])), Column.integers(pl.Series([1, 2]))
    with pytest.raises(InvalidArgument, match=r"equal lengths. Got \[1, 2\]"):
        Frame(["a", "b"], [one, two])
    with pytest.raises(InvalidArgument, match="'a' stands more than once"):
        Frame(["a", "b", "a"], [one, one, one])
    with pytest.raises(InvalidArgument, match=r"2 columns needs as many names\. Got 1"):
        Frame(["a"], [one, one])


def test_bytes_are_those_of_the_columns(frame: Frame) -> None:
    assert frame.nbytes == sum(column.nbytes for column in frame.columns)
