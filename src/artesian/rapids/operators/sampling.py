"""Random and regular columns for splitting rows: uniform numbers, folds, train and test labels."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.random_numbers import Generators, drawn, row_seeds
from artesian.rapids.columns import numeric, single
from artesian.rapids.registry import COLUMN, FRAME, INTEGER, NUMBER, operator


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

    Each row draws once from a generator seeded with seed + row.
    """
    return Generators(row_seeds(drawn(seed), rows)).singles()


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
    shuffled = np.argsort(_signed(drawn(seed), frame.n_rows), kind="stable")
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
    seed = drawn(seed)
    test = np.zeros(frame.n_rows, dtype=np.uint8)
    for number in range(int(classes.max(initial=-1)) + 1):
        rows = np.flatnonzero(classes == number)
        test[rows[_draws_without_return(len(rows), max(math.floor(len(rows) * share + 0.5), 1), seed)]] = 1
    return single("test_train_split", Column.enums(pl.Series(test), ["train", "test"]))


def _draws_without_return(size: int, count: int, seed: int) -> NDArray[np.int64]:
    """The first `count` different numbers of a repeatable sequence of uniform draws from 0 to size - 1."""
    different = np.empty(0, dtype=np.int64)
    start = 0
    while True:
        batch = max(1024, 2 * count)
        fresh = (Generators(row_seeds(seed + start, batch)).doubles() * size).astype(np.int64)
        different = np.concatenate([different, fresh])
        _, first = np.unique(different, return_index=True)
        if len(first) >= count:
            return different[np.sort(first)[:count]]
        different = different[np.sort(first)]
        start += batch


def folds_by_row(rows: int, folds: int, seed: int) -> NDArray[np.int64]:
    """Fold numbers that depend on seed and row number alone, equal to H2O's."""
    return np.abs(_signed(drawn(seed), rows)) % folds


def _signed(seed: int, rows: int) -> NDArray[np.int64]:
    """A random number of 32 bits, sign included, for each row."""
    return Generators(row_seeds(seed, rows)).bits32().astype(np.int32).astype(np.int64)


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
