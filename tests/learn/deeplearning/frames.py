"""Frames for the tests of Deep Learning."""

from __future__ import annotations

from typing import Any

import polars as pl

from artesian.frame import Column, Frame


def with_numbers(frame: Frame, **columns: Any) -> Frame:
    """The frame with numeric columns added."""
    for name, values in columns.items():
        frame = frame.with_column(name, Column.reals(pl.Series(name, values)))
    return frame


def frame_of(**columns: Any) -> Frame:
    """A frame of sequences; strings become levels."""
    made = {}
    for name, values in columns.items():
        series = pl.Series(name, values)
        made[name] = Column.enum_from_strings(series) if series.dtype == pl.String else Column.from_series(series)
    return Frame.from_mapping(made)
