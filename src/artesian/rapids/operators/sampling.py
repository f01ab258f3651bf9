"""Random and regular columns for splitting rows: uniform numbers, folds, train and test labels."""

from __future__ import annotations

import math
import secrets

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import numeric, single
from artesian.rapids.registry import COLUMN, FRAME, INTEGER, NUMBER, operator

_MULTIPLIER = np.uint64(6364136223846793005)
_INCREMENT = np.uint64(3)  # twice the stream, plus one


@operator(
    "h2o.runif",
    FRAME("frame"),
    INTEGER("seed"),
    doc="A column 'rnd' of uniform numbers in [0, 1), one a row, the same for the same seed; -1 draws a seed.",
)
def uniform(frame: Frame, seed: int) -> Frame:
    return single("rnd", numeric(uniform_by_row(frame.n_rows, seed)))


def uniform_by_row(rows: int, seed: int) -> NDArray[np.float32]:
    """Uniform float32 numbers that depend on seed and row number alone, equal to H2O's.

    Each row draws once from a PCG-XSH-RR generator (O'Neill 2014) seeded with seed + row: the low 24 bits of its second output.
    """
    seed = _drawn(seed)
    _, second = _outputs(_seeds(seed, rows), 2)
    return (second & np.uint32(2**24 - 1)).astype(np.float32) * np.float32(2.0**-24)


@operator(
    "kfold_column",
    FRAME("frame"),
    INTEGER("folds"),
    INTEGER("seed"),
    doc="A column C1 of random fold numbers from 0 on, the same for the same seed; -1 draws a seed.",
)
def fold_column(frame: Frame, folds: int, seed: int) -> Frame:
    return single("C1", numeric(folds_by_row(frame.n_rows, _positive(folds, "kfold_column"), seed)))


@operator("modulo_kfold_column", FRAME("frame"), INTEGER("folds"), doc="A column C1 of fold numbers 0, 1, …, 0, 1, ….")
def modulo_fold_column(frame: Frame, folds: int) -> Frame:
    return single("C1", numeric(np.arange(frame.n_rows) % _positive(folds, "modulo_kfold_column")))


@operator(
    "stratified_kfold_column",
    COLUMN("column"),
    INTEGER("folds"),
    INTEGER("seed"),
    doc="A column C1 of random fold numbers, each class spread evenly over the folds.",
)
def stratified_fold_column(frame: Frame, folds: int, seed: int) -> Frame:
    folds = _positive(folds, "stratified_kfold_column")
    classes = _classes(frame, "stratified_kfold_column")
    shuffled = np.argsort(_first_signed(_seeds(_drawn(seed), frame.n_rows)), kind="stable")
    by_class = shuffled[np.argsort(classes[shuffled], kind="stable")]
    result = np.empty(frame.n_rows, dtype=np.int64)
    # dealing all classes out one after the other keeps the folds themselves even, too
    result[by_class] = np.arange(frame.n_rows) % folds
    return single("C1", numeric(result))


@operator(
    "h2o.random_stratified_split",
    COLUMN("column"),
    NUMBER("test share"),
    INTEGER("seed"),
    doc="A column test_train_split of train and test that takes the share of each class, one row at least.",
)
def stratified_split(frame: Frame, share: float, seed: int) -> Frame:
    if not 0 < share < 1:
        raise InvalidArgument(
            f"The argument 'test share' of 'h2o.random_stratified_split' must be in (0, 1). Got {share:g}."
        )
    classes = _classes(frame, "h2o.random_stratified_split")
    seed = _drawn(seed)
    test = np.zeros(frame.n_rows, dtype=np.uint8)
    for number in range(int(classes.max(initial=-1)) + 1):
        rows = np.flatnonzero(classes == number)
        test[rows[_draws_without_return(len(rows), max(math.floor(len(rows) * share + 0.5), 1), seed)]] = 1
    return single("test_train_split", Column.enums(pl.Series(test), ["train", "test"]))


def _draws_without_return(size: int, count: int, seed: int) -> NDArray[np.int64]:
    """The first `count` different numbers of a repeatable sequence of uniform draws from 0 to size - 1."""
    drawn = np.empty(0, dtype=np.int64)
    start = 0
    while True:
        batch = max(1024, 2 * count)
        fresh = (_doubles(_seeds(seed + start, batch)) * size).astype(np.int64)
        drawn = np.concatenate([drawn, fresh])
        _, first = np.unique(drawn, return_index=True)
        if len(first) >= count:
            return drawn[np.sort(first)[:count]]
        drawn = drawn[np.sort(first)]
        start += batch


def folds_by_row(rows: int, folds: int, seed: int) -> NDArray[np.int64]:
    """Fold numbers that depend on seed and row number alone, equal to H2O's."""
    return np.abs(_first_signed(_seeds(_drawn(seed), rows))) % folds


def _classes(frame: Frame, operator_name: str) -> NDArray[np.int64]:
    """The number of each row's class in rising order, -1 where missing."""
    column = frame.columns[0]
    if column.type not in (ColumnType.ENUM, ColumnType.INT, ColumnType.BAD):
        raise InvalidArgument(
            f"'{operator_name}' needs a categorical column or whole numbers, but '{frame.names[0]}' is of type {column.type}."
        )
    return column.values.cast(pl.Int64).rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1


def _positive(folds: int, operator_name: str) -> int:
    if folds < 1:
        raise InvalidArgument(f"The argument 'folds' of '{operator_name}' must be at least 1. Got {folds}.")
    return folds


def _drawn(seed: int) -> int:
    return secrets.randbits(63) if seed == -1 else seed


# ---- the generator: PCG-XSH-RR 64/32 (O'Neill 2014), stream 1, seeded anew for each row ----


def _seeds(seed: int, rows: int) -> NDArray[np.uint64]:
    return np.uint64(seed % 2**64) + np.arange(rows, dtype=np.uint64)


def _outputs(seeds: NDArray[np.uint64], count: int) -> list[NDArray[np.uint32]]:
    """The first `count` 32-bit outputs of a generator for each seed."""
    outputs = []
    state = _INCREMENT + seeds
    for _ in range(count):
        state = state * _MULTIPLIER + _INCREMENT
        shifted = (((state >> np.uint64(18)) ^ state) >> np.uint64(27)).astype(np.uint32)
        turn = (state >> np.uint64(59)).astype(np.uint32)
        outputs.append((shifted >> turn) | (shifted << ((np.uint32(32) - turn) & np.uint32(31))))
    return outputs


def _first_signed(seeds: NDArray[np.uint64]) -> NDArray[np.int64]:
    return _outputs(seeds, 1)[0].astype(np.int32).astype(np.int64)


def _doubles(seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Uniform float64 numbers in [0, 1) of 26 bits of the second and 27 of the fourth output."""
    _, second, _, fourth = _outputs(seeds, 4)
    high = (second & np.uint32(2**26 - 1)).astype(np.uint64) << np.uint64(27)
    return (high + (fourth & np.uint32(2**27 - 1))).astype(np.float64) * 2.0**-53
