"""Frames that the tests of operators share, and `run`, which evaluates text to plain Python values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate


def plain(value: Any) -> Any:
    """A frame as {name: cells}, missing numbers as None."""
    if isinstance(value, Frame):
        return {n: [_shown(x) for x in c.decoded()] for n, c in zip(value.names, value.columns, strict=True)}
    if isinstance(value, float):
        return _shown(value)
    if isinstance(value, list):
        return [_shown(x) for x in value]
    if isinstance(value, dict):
        return {key: plain(frame) for key, frame in value.items()}
    return value


def _shown(x: Any) -> Any:
    return None if isinstance(x, float) and math.isnan(x) else x


def mixed() -> Frame:
    """Numbers with missing ones, a category and strings, as uploaded to the reference server for its answers."""
    return Frame(
        ["a", "b", "c", "s"],
        [
            Column.from_series(pl.Series([1, 2, None, -7])),
            Column.from_series(pl.Series([2.5, None, 1000.0, 0.0])),
            Column.enum_from_strings(pl.Series(["x", "y", None, "x"])),
            Column.from_series(pl.Series(["foo", "bar", None, "baz"])),
        ],
    )


def typed() -> Frame:
    """Two categories of different levels, times and a number."""
    times = pl.Series(["2020-01-02 03:04:05", "2021-05-06 00:00:00", None, "2020-01-02 03:04:05"]).str.to_datetime()
    return Frame(
        ["c", "d", "t", "n"],
        [
            Column.enum_from_strings(pl.Series(["x", "y", "z", "x"])),
            Column.enum_from_strings(pl.Series(["q", "x", "y", "x"])),
            Column.from_series(times),
            Column.from_series(pl.Series([1, 0, 2, None])),
        ],
    )


@pytest.fixture
def environment() -> MemoryEnvironment:
    small = Frame.from_polars(pl.DataFrame({"a": [1, 3], "b": [2, 0]}))
    return MemoryEnvironment({"m": mixed(), "e": typed(), "z": small})


@pytest.fixture
def run(environment: MemoryEnvironment) -> Callable[..., Any]:
    def evaluate_plainly(text: str, **frames: Frame) -> Any:
        environment.objects.update(frames)
        return plain(evaluate(text, environment).value)

    return evaluate_plainly


@pytest.fixture
def types(environment: MemoryEnvironment) -> Callable[[str], list[str]]:
    return lambda text: [kind.value for kind in evaluate(text, environment).value.types]
