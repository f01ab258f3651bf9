"""Deals rows into the folds of cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.roles import Roles

Folds = NDArray[np.int64]


def deal_rows(frame: Frame, roles: Roles, *, nfolds: int, assignment: str, seed: int) -> Folds:
    """The fold of each row, 0-based, shape (rows,). No fold is empty.

    A fold column makes one fold of each of its values, in ascending order. AUTO and Random deal a random order of the
    rows round; Stratified does so class by class (quantile by quantile of a numeric response).
    """
    if roles.fold is not None:
        return _of_column(frame[roles.fold])
    rows = frame.n_rows
    if nfolds > rows:
        raise InvalidArgument(f"{rows} rows cannot be dealt into {nfolds} folds; lower nfolds.")
    if assignment == "Modulo":
        return np.arange(rows, dtype=np.int64) % nfolds
    random = np.random.default_rng([seed & (2**64 - 1), 0xF01D])
    if assignment == "Stratified" and roles.response is not None:
        return _stratified(frame[roles.response], nfolds, random)
    return _dealt(random.permutation(rows), nfolds)


def actual_assignment(parameters: Any) -> dict[str, str | None]:
    """What the fold assignment AUTO of some parameters stands for: Random, or nothing without folds to assign."""
    if getattr(parameters, "fold_assignment", None) != "AUTO":
        return {}
    return {"fold_assignment": "Random" if parameters.nfolds and not parameters.fold_column else None}


def _of_column(column: Column) -> Folds:
    present, folds = np.unique(np.asarray(column.floats()), return_inverse=True)
    if len(present) < 2:
        raise InvalidArgument("The fold column names one fold only; at least two are needed.")
    return folds.astype(np.int64)


def _dealt(order: NDArray[np.int64], nfolds: int) -> Folds:
    folds = np.empty(len(order), dtype=np.int64)
    folds[order] = np.arange(len(order)) % nfolds
    return folds


def _stratified(response: Column, nfolds: int, random: np.random.Generator) -> Folds:
    """Rows sorted by class, at random within it, are dealt round: class counts of folds differ by at most one.

    A numeric response is sorted by value instead, and each run of `nfolds` neighbours is dealt at random.
    """
    values = np.asarray(response.floats())
    shuffled = random.permutation(len(values))
    order = shuffled[np.argsort(values[shuffled], kind="stable")]
    if response.type is ColumnType.ENUM:
        return _dealt(order, nfolds)
    runs = -(-len(values) // nfolds)
    deals = random.permuted(np.tile(np.arange(nfolds), (runs, 1)), axis=1).ravel()[: len(values)]
    folds = np.empty(len(values), dtype=np.int64)
    folds[order] = deals
    # the last, shorter run may leave a fold out only if there are fewer rows than folds, which is refused before
    return folds
