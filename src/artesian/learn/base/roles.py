"""Which columns of a training frame play which role: response, weights, offset, fold, predictors; and why others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from artesian.core.errors import Problem, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import Category

_UNUSABLE = (ColumnType.STRING, ColumnType.UUID)
_SHOWN = 10
_GLANCE_ROWS = 1000
"""Most columns that vary do so among their first rows."""


@dataclass
class Roles:
    """The roles of one training frame's columns. `category` is None when the response is missing or unusable."""

    category: Category | None
    predictors: tuple[str, ...]
    response: str | None = None
    weights: str | None = None
    offset: str | None = None
    fold: str | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_classification(self) -> bool:
        """Whether classes are predicted."""
        return self.category in (Category.BINOMIAL, Category.MULTINOMIAL)

    @property
    def special(self) -> tuple[str, ...]:
        """The columns with a role that is not a predictor's."""
        return tuple(name for name in (self.response, self.weights, self.offset, self.fold) if name)


def _can_be_constant(column: Column) -> bool:
    """Whether a model can be made of a response of one value: an amount, or one of several classes."""
    return len(column.values) > column.missing_count and (column.domain is None or column.cardinality > 1)


def is_constant(column: Column) -> bool:
    """Whether a column holds one value only (missing ones aside), or none at all."""
    return all(_holds_one_value(values) for values in (column.values.head(_GLANCE_ROWS), column.values))


def _holds_one_value(values: pl.Series) -> bool:
    return bool(values.null_count() == len(values) or values.min() == values.max())


class _Finder:
    """Looks the roles up and collects problems."""

    def __init__(self, frame: Frame, values: dict[str, Any]) -> None:
        self.frame, self.values = frame, values
        self.problems: list[Problem] = []

    def error(self, name: str, message: str) -> None:
        self.problems.append(Problem("error", name, message))

    def warn(self, name: str, message: str) -> None:
        self.problems.append(Problem("warning", name, message))

    def column(self, role: str) -> str | None:
        """The column given for a role, or None (with a problem) where there is none of that name."""
        name: str | None = self.values.get(role)
        if name is None or name in self.frame:
            return name
        self.error(role, f"The training frame has no column '{name}'.{did_you_mean(name, self.frame.names)}")
        return None

    def numeric(self, role: str, noun: str, *, least: float | None = None) -> str | None:
        """A role's column that must be numeric and without gaps."""
        name = self.column(role)
        if name is None:
            return None
        column = self.frame[name]
        if not column.type.is_numeric or column.type is ColumnType.TIME:
            self.error(role, f"The {noun} column '{name}' must be numeric. It is of type {column.type}.")
        elif column.missing_count:
            self.error(
                role, f"The {noun} column '{name}' must have no missing values. It has {column.missing_count} of them."
            )
        elif least is not None and len(column) and float(column.values.min()) < least:  # type: ignore[arg-type]
            self.error(role, f"The {noun} column '{name}' must be at least {least:g}. Got {column.values.min()!r}.")
        elif role == "weights_column" and len(column) and float(column.values.max()) <= 0:  # type: ignore[arg-type]
            self.error(role, f"The {noun} column '{name}' is 0 everywhere: there is no row to learn from.")
        return name

    def fold(self) -> str | None:
        name = self.column("fold_column")
        if name is None:
            return None
        column = self.frame[name]
        if column.type not in (ColumnType.ENUM, ColumnType.INT, ColumnType.BAD):
            self.error(
                "fold_column", f"The fold column '{name}' must be categorical or whole numbers, not {column.type}."
            )
        elif column.missing_count:
            self.error(
                "fold_column", f"The fold column '{name}' has {column.missing_count} missing values; it must have none."
            )
        elif is_constant(column):
            self.error("fold_column", f"The fold column '{name}' names one fold only; at least two are needed.")
        return name

    def response(self) -> tuple[str | None, Category | None]:
        name = self.column("response_column")
        if name is None:
            if self.values.get("response_column") is None:
                self.error(
                    "response_column", "The 'response_column' parameter is required: name the column to predict."
                )
            return None, None
        column = self.frame[name]
        if column.type in _UNUSABLE:
            self.error(
                "response_column",
                f"The response column '{name}' is of type {column.type}. Make it categorical with asfactor(), or numeric.",
            )
            return name, None
        if is_constant(column) and (self.values.get("check_constant_response", True) or not _can_be_constant(column)):
            self.error(
                "response_column",
                f"The response column '{name}' is constant: there is nothing to learn."
                if len(column.values) > column.missing_count
                else f"The response column '{name}' has no values.",
            )
            return name, None
        if column.type is ColumnType.ENUM:
            return name, Category.BINOMIAL if column.cardinality == 2 else Category.MULTINOMIAL
        if column.values.drop_nulls().n_unique() == 2:
            self.warn(
                "response_column",
                f"The response column '{name}' has two values only. For classification make it categorical with asfactor().",
            )
        return name, Category.REGRESSION

    def predictors(self, taken: tuple[str, ...]) -> tuple[str, ...]:
        ignored = set(self.values.get("ignored_columns") or ()) - set(taken)
        for name in ignored:
            if name not in self.frame:
                self.error(
                    "ignored_columns",
                    f"The training frame has no column '{name}'.{did_you_mean(name, self.frame.names)}",
                )
        candidates = [name for name in self.frame.names if name not in ignored and name not in taken]
        texts = [name for name in candidates if self.frame[name].type in _UNUSABLE]
        if texts:
            self.warn(
                "training_frame", f"String columns are not used: {_shown(texts)}. Make them categorical to use them."
            )
        rest = [name for name in candidates if name not in texts]
        if self.values.get("ignore_const_cols", True):
            constant = [name for name in rest if is_constant(self.frame[name])]
            if constant:
                self.warn("ignore_const_cols", f"Constant columns are not used: {_shown(constant)}.")
            rest = [name for name in rest if name not in set(constant)]
        if not rest:
            self.error(
                "training_frame",
                "There is no column to learn from: all are ignored, constant, strings, or have another role.",
            )
        return tuple(rest)


def _shown(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def find_roles(
    frame: Frame, values: dict[str, Any], *, supervised: bool, predictors: Sequence[str] | None = None
) -> Roles:
    """The roles of a frame's columns under converted parameters, with every problem found on the way.

    An unsupervised model has no response; a column named as its response is left out of the predictors all the same.
    `predictors` are those of an earlier training that is continued; columns are not chosen anew then.
    """
    finder = _Finder(frame, values)
    if frame.n_rows == 0:
        finder.error("training_frame", "The training frame has no rows.")
        return Roles(None, (), problems=finder.problems)
    response, category = finder.response() if supervised else (None, None)
    weights = finder.numeric("weights_column", "weights", least=0)
    offset = finder.numeric("offset_column", "offset") if supervised else None
    fold = finder.fold()
    _check_distinct(finder)
    taken = tuple(
        str(finder.values[role])
        for role in ("response_column", "weights_column", "offset_column", "fold_column")
        if finder.values.get(role)
    )
    chosen = finder.predictors(taken) if predictors is None else tuple(n for n in predictors if n in frame)
    return Roles(category, chosen, response, weights, offset, fold, finder.problems)


def _check_distinct(finder: _Finder) -> None:
    seen: dict[str, str] = {}
    for role in ("response_column", "weights_column", "offset_column", "fold_column"):
        name = finder.values.get(role)
        if name is None:
            continue
        if name in seen:
            finder.error(role, f"The column '{name}' is given as {seen[name]} too; a column can have one role only.")
        seen.setdefault(name, role)
