"""Statistics of columns beyond the reducers: moments, covariance, correlation, quantiles, the most frequent, the greatest."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.summary import quantiles
from artesian.rapids.columns import (
    default_names,
    frame_of,
    is_numeric,
    is_text,
    missing,
    numeric,
    refuse_text,
    unique_names,
)
from artesian.rapids.operators.missing_values import combined_quantile, mode_of
from artesian.rapids.registry import (
    COLUMN,
    DEFERRED,
    FLAG,
    FRAME,
    INTEGER,
    NUMBER,
    NUMBERS,
    STRING,
    Context,
    Deferred,
    operator,
)
from artesian.rapids.syntax import Name, Text

_Numbers = NDArray[np.float64]
_USES = ("everything", "all.obs", "complete.obs")
_TWO_LEVELS = 2
_WAYS = ("interpolate", "average", "low", "high")


# ---- moments ----


@operator("skewness", FRAME("frame"), FLAG("skip missing"), doc="For each numeric column the skewness, m3 / m2^1.5.")
def skewness(frame: Frame, skip_missing: bool) -> _Numbers:
    return np.array([_moment(column, skip_missing, 3, 1.5) for column in frame.columns])


@operator(
    "kurtosis",
    FRAME("frame"),
    FLAG("skip missing"),
    doc="For each numeric column the kurtosis, m4 / m2^2 (3 for a normal one).",
)
def kurtosis(frame: Frame, skip_missing: bool) -> _Numbers:
    return np.array([_moment(column, skip_missing, 4, 2.0) for column in frame.columns])


def _moment(column: Column, skip_missing: bool, order: int, exponent: float) -> float:
    """A standardised central moment; as in H2O its sums are divided by all rows, those with missing values too."""
    if not is_numeric(column) or not len(column) or (column.missing_count and not skip_missing):
        return math.nan
    values = column.values.drop_nulls().cast(pl.Float64).to_numpy()
    if not len(values):
        return math.nan
    deviations = values - values.mean()
    second = float((deviations**2).sum()) / len(column)
    return float((deviations**order).sum()) / len(column) / second**exponent if second else math.nan


@operator("mode", COLUMN("column"), doc="The number of the most frequent level of a categorical column.")
def mode(frame: Frame) -> float:
    column = frame.columns[0]
    if column.type is not ColumnType.ENUM:
        raise InvalidArgument(f"'mode' needs a categorical column, but '{frame.names[0]}' is of type {column.type}.")
    present = column.values.drop_nulls()
    return mode_of(present) if len(present) else 0.0


@operator(
    "h2o.mad",
    COLUMN("column"),
    STRING("combine method"),
    NUMBER("constant"),
    doc="The median of absolute deviations from the median, times a constant.",
)
def median_deviation(frame: Frame, combine: str, constant: float) -> float:
    column = frame.columns[0]
    refuse_text(frame, "h2o.mad")
    if column.missing_count or not len(column):
        return math.nan
    return constant * _median_deviation(column, combine.lower())


def _median_deviation(column: Column, combine: str) -> float:
    center = combined_quantile(column, 0.5, combine)
    deviations = np.abs(column.floats() - center)
    return combined_quantile(Column(ColumnType.REAL, pl.Series(deviations)), 0.5, combine)


# ---- covariance and correlation ----


@operator(
    "var",
    FRAME("x"),
    FRAME("y"),
    STRING("use"),
    FLAG("symmetric"),
    doc="Covariances of the columns of x (down) with those of y (across); of single columns or rows a number.",
)
def variance(x: Frame, y: Frame, use: str, symmetric: bool) -> Any:
    return _of_pairs(x, y, use, "var", scaled=False)


@operator(
    "cor",
    FRAME("x"),
    FRAME("y"),
    STRING("use"),
    STRING("method"),
    doc="Correlations of the columns of x with those of y, Pearson's or Spearman's; of single columns or rows a number.",
)
def correlation(x: Frame, y: Frame, use: str, method: str) -> Any:
    if method.lower() == "pearson":
        return _of_pairs(x, y, use, "cor", scaled=True)
    if method.lower() == "spearman":
        return _spearman(x, y, use)
    raise InvalidArgument(f"The argument 'method' of 'cor' must be Pearson or Spearman. Got '{method}'.")


def _check_pairs(x: Frame, y: Frame, use: str, name: str) -> None:
    if use not in _USES:
        raise InvalidArgument(f"The argument 'use' of '{name}' must be one of {', '.join(_USES)}. Got '{use}'.")
    if x.n_rows != y.n_rows:
        raise InvalidArgument(f"'{name}' needs frames of as many rows. Got {x.n_rows} and {y.n_rows}.")
    refuse_text(x, name)
    refuse_text(y, name)
    if use == "all.obs" and any(column.missing_count for column in (*x.columns, *y.columns)):
        raise InvalidArgument(
            f"'{name}' with all.obs allows no missing values; use complete.obs to leave their rows out."
        )


def _of_pairs(x: Frame, y: Frame, use: str, name: str, *, scaled: bool) -> Any:
    _check_pairs(x, y, use, name)
    left, right = _matrix(x), _matrix(y)
    if y.n_rows == 1:
        if x.n_columns != y.n_columns:
            raise InvalidArgument(
                f"'{name}' of single rows needs as many columns. Got {x.n_columns} and {y.n_columns}."
            )
        left, right = left.T, right.T
    if use == "complete.obs" or (y.n_rows == 1 and use != "everything"):
        complete = ~(np.isnan(left).any(axis=1) | np.isnan(right).any(axis=1))
        left, right = left[complete], right[complete]
    if y.n_rows != 1 and (scaled or use != "complete.obs"):
        left, right = left * _of_numbers(x), right * _of_numbers(y)
    with np.errstate(all="ignore"):
        values = _covariances(left, right)
        if scaled:
            values = values / np.outer(left.std(axis=0, ddof=1), right.std(axis=0, ddof=1))
    if values.size == 1:
        return float(values[0, 0])
    # what x is named already gets a number when rows were left out, for then H2O puts both frames side by side
    names = unique_names(y.names, x.names) if scaled and use == "complete.obs" else y.names
    return frame_of(names, [numeric(values[:, i]) for i in range(y.n_columns)])


def _matrix(frame: Frame) -> _Numbers:
    return np.column_stack([column.floats() for column in frame.columns])


def _of_numbers(frame: Frame) -> _Numbers:
    """1 for each column; NaN for a category of more than two levels, which has no covariances but of complete rows."""
    return np.array([math.nan if column.cardinality > _TWO_LEVELS else 1.0 for column in frame.columns])


def _covariances(left: _Numbers, right: _Numbers) -> _Numbers:
    found: _Numbers = (left - left.mean(axis=0)).T @ (right - right.mean(axis=0)) / (len(left) - 1)
    return found


def _spearman(x: Frame, y: Frame, use: str) -> Any:
    """Pearson's correlation of ranks, equal values sharing their lowest; columns by x, named C1, C2, …"""
    _check_pairs(x, y, use, "cor")
    same = use != "everything" and all(a.values is b.values for a, b in zip(x.columns, y.columns, strict=False))
    same = same and x.n_columns == y.n_columns
    columns = [
        [1.0 if same and i == j else _rank_correlation(a, b, use) for j, b in enumerate(y.columns)]
        for i, a in enumerate(x.columns)
    ]
    if y.n_columns == 1:
        return columns[0][0]
    return Frame(default_names(x.n_columns), [numeric(np.array(values)) for values in columns])


def _rank_correlation(a: Column, b: Column, use: str) -> float:
    if use == "everything" and (a.missing_count or b.missing_count):
        return math.nan
    pair = pl.DataFrame({"a": a.values, "b": b.values}).drop_nulls()
    # levels are ranked by their numbers, as in H2O
    ranked = [pl.col(n) if c.domain is not None else pl.col(n).rank("min") for n, c in (("a", a), ("b", b))]
    ranks = pair.select(one.cast(pl.Float64) for one in ranked).to_numpy()
    with np.errstate(all="ignore"):
        covariances = _covariances(ranks, ranks)
        return (
            float(covariances[0, 1] / math.sqrt(covariances[0, 0] * covariances[1, 1]))
            if covariances.all()
            else math.nan
        )


# ---- quantiles ----


@operator(
    "quantile",
    FRAME("frame"),
    NUMBERS("probabilities"),
    STRING("combine method"),
    DEFERRED("weights column"),
    doc="Quantiles of the numeric columns beside their probabilities, values between two combined by interpolate, average, low or high; _ for no weights.",
)
def quantile(context: Context, frame: Frame, probabilities: _Numbers, combine: str, weights: Deferred) -> Frame:
    for probability in probabilities:
        if not 0 <= probability <= 1:
            raise InvalidArgument(f"A probability of 'quantile' must be in [0, 1]. Got {probability:g}.")
    if combine.lower() not in _WAYS:
        raise InvalidArgument(
            f"The argument 'combine method' of 'quantile' must be one of {', '.join(_WAYS)}. Got '{combine}'."
        )
    name = weights.node.value if isinstance(weights.node, Name | Text) and weights.node.value != "_" else None
    weighing = None if name is None else frame[name].floats()
    names, columns = ["Probs"], [numeric(probabilities)]
    for column_name, column in zip(frame.names, frame.columns, strict=True):
        if column_name != name:
            names.append(f"{column_name}Quantiles")
            columns.append(_quantile_column(column, probabilities, combine.lower(), weighing))
    return frame_of(names, columns, len(probabilities))


def _quantile_column(column: Column, probabilities: _Numbers, combine: str, weights: _Numbers | None) -> Column:
    if not is_numeric(column):
        return missing(len(probabilities))
    if weights is None and combine == "interpolate":
        return numeric(np.array(quantiles(column, list(probabilities))))
    if weights is None:
        return numeric(np.array([combined_quantile(column, p, combine) for p in probabilities]))
    return numeric(weighted_quantiles(column.floats(), weights, probabilities, combine))


def weighted_quantiles(values: _Numbers, weights: _Numbers, probabilities: _Numbers, combine: str) -> _Numbers:
    """Quantiles of values that count as often as their weights say; missing values and weights of 0 are left out."""
    counts = ~np.isnan(values) & (weights > 0)
    order = np.argsort(values[counts], kind="stable")
    ordered, reached = values[counts][order], np.cumsum(weights[counts][order])
    if not len(ordered):
        return np.full(len(probabilities), np.nan)
    positions = probabilities * (reached[-1] - 1)
    last = len(ordered) - 1
    low = ordered[np.minimum(np.searchsorted(reached, np.floor(positions), side="right"), last)]
    high = ordered[np.minimum(np.searchsorted(reached, np.ceil(positions), side="right"), last)]
    fraction = positions - np.floor(positions)
    ways: dict[str, Callable[[], _Numbers]] = {
        "interpolate": lambda: low + fraction * (high - low),
        "average": lambda: (low + high) / 2,
        "low": lambda: low,
        "high": lambda: high,
    }
    return ways[combine]()


@operator(
    "topn",
    FRAME("frame"),
    INTEGER("column"),
    NUMBER("percent"),
    INTEGER("top"),
    doc="The greatest (1) or least (-1) values of a column, so many percent of the rows, beside their row numbers.",
)
def top(frame: Frame, column: int, percent: float, which: int) -> Frame:
    if not 0 <= column < frame.n_columns:
        raise InvalidArgument(f"The argument 'column' of 'topn' must be from 0 to {frame.n_columns - 1}. Got {column}.")
    if which not in (1, -1):
        raise InvalidArgument(f"The argument 'top' of 'topn' must be 1 (greatest) or -1 (least). Got {which}.")
    if not 0 <= percent <= 100:
        raise InvalidArgument(f"The argument 'percent' of 'topn' must be from 0 to 100. Got {percent:g}.")
    chosen = frame.columns[column]
    if is_text(chosen):
        raise InvalidArgument(f"'topn' needs numbers, but '{frame.names[column]}' holds strings.")
    rows = math.floor(percent * 0.01 * frame.n_rows + 0.5)
    order = chosen.values.arg_sort(descending=which == 1, nulls_last=True).head(
        min(rows, len(chosen) - chosen.missing_count)
    )
    # levels and times are their numbers here, as in H2O
    return frame_of(
        ["Original_Row_Indices", frame.names[column]], [numeric(order), numeric(chosen.values.gather(order))]
    )
