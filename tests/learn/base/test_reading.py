"""What a person is told of a frame that is unlike the one of training."""

from __future__ import annotations

import polars as pl

from artesian.frame import Column, Frame
from artesian.learn.base.reading import notes_of_unseen


def frame() -> Frame:
    return Frame.from_mapping(
        {
            "a": Column.enums(pl.Series([0, 2, 1], dtype=pl.UInt32), ["x", "y", "z"]),
            "b": Column.enums(pl.Series([0, 0, 0], dtype=pl.UInt32), ["x"]),
            "n": Column.reals(pl.Series([1.0, 2.0, 3.0])),
        }
    )


def test_levels_that_training_did_not_have_are_named() -> None:
    domains = {"a": ["y"], "b": ["y", "x"], "n": None, "gone": ["x"]}
    assert notes_of_unseen(domains, frame()) == [
        'Test/Validation dataset column \'a\' has levels not trained on: ["x", "z"]'
    ]


def test_of_many_levels_the_first_are_shown() -> None:
    many = [f"l{number}" for number in range(30)]
    wide = Frame.from_mapping({"a": Column.enums(pl.Series(range(30), dtype=pl.UInt32), many)})
    (note,) = notes_of_unseen({"a": []}, wide)
    assert note.endswith('"l19"] and 10 more')


def test_a_column_that_is_numeric_now_has_no_levels() -> None:
    assert notes_of_unseen({"n": ["x"]}, frame()) == []
