"""From what a caller hands over to the rows that count: checked arrays without missing values or weight zero.

The rule is the same for every category: a row counts if its actual value, its predictions and its weight are there
and its weight is above zero. The number of observations is the number of such rows, not the sum of their weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from artesian.core.errors import InvalidArgument

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def as_floats(name: str, values: Any, dimensions: int = 1) -> Floats:
    """A float64 array; numpy, polars (null becomes NaN) and plain sequences are taken. Raises InvalidArgument."""
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgument(f"The {name} must be numbers. Got values of type {np.asarray(values).dtype}.") from None
    if array.ndim != dimensions:
        raise InvalidArgument(f"The {name} must have {dimensions} dimension(s). Got the shape {array.shape}.")
    return array


def _same_length(name: str, array: Floats, rows: int) -> None:
    if len(array) != rows:
        raise InvalidArgument(f"The {name} must have as many rows as the actual values: {rows}. Got {len(array)}.")


def counted_rows(
    actual: Any, predicted: Any, weights: Any = None, columns: int = 1
) -> tuple[Floats, Floats, Floats | None]:
    """Actual [n], predicted [n] or [n, k] (`columns`=2) and weights [n] or None, with only the rows that count.

    Raises InvalidArgument for shapes that do not fit, and for negative or infinite weights.
    """
    truth, scores = as_floats("actual values", actual), as_floats("predictions", predicted, columns)
    _same_length("predictions", scores, len(truth))
    there = ~np.isnan(truth)
    there &= ~np.isnan(scores) if columns == 1 else ~np.isnan(scores).any(axis=1)
    if weights is None:
        return (truth, scores, None) if there.all() else (truth[there], scores[there], None)
    mass = as_floats("weights", weights)
    _same_length("weights", mass, len(truth))
    if np.isinf(mass).any() or (mass < 0).any():
        bad = mass[np.isinf(mass) | (mass < 0)][0]
        raise InvalidArgument(f"Observation weights must be finite and at least 0. Got {bad}.")
    there &= mass > 0  # false for a missing weight too
    return truth[there], scores[there], mass[there]


def as_codes(actual: Floats) -> Codes:
    """Class codes as integers. Raises InvalidArgument for a fraction."""
    with np.errstate(invalid="ignore"):
        codes = actual.astype(np.int64)
    if (codes != actual).any():
        raise InvalidArgument(f"Class codes must be whole numbers. Got {actual[codes != actual][0]}.")
    return codes


def missing_codes_as_nan(actual: Any) -> Floats:
    """Class codes as floats with NaN where the class is missing (null, NaN or a negative code)."""
    codes = as_floats("actual classes", actual)
    negative = codes < 0
    return np.where(negative, np.nan, codes) if negative.any() else codes


def total_weight(rows: int, weights: Floats | None) -> float:
    return float(rows) if weights is None else float(weights.sum())


def weighted_mean(values: Floats, weights: Floats | None) -> float:
    """The weighted mean, NaN of no rows."""
    if not len(values):
        return float("nan")
    return float(values.mean()) if weights is None else float(values @ weights / weights.sum())


def r_squared(mse: float, actual: Floats, weights: Floats | None) -> float:
    """1 - mse / variance of the actual values (weighted, divided by the total weight, so scaling weights is harmless).

    With constant actual values: -inf where there is any error, NaN where there is none. NaN of no rows.
    """
    if not len(actual):
        return float("nan")
    variance = weighted_mean((actual - weighted_mean(actual, weights)) ** 2, weights)
    # A constant column's mean can be off by a rounding error: a spread below that is no spread.
    if len(actual) == 1 or actual.min() == actual.max():
        variance = 0.0
    if variance == 0.0:
        return float("nan") if mse == 0.0 else float("-inf")
    return 1.0 - mse / variance


def represented_rows(weights: Floats | None, rows: int) -> float:
    """How many rows the weights stand for: their sum if all are whole (copies of rows), else the rows there are."""
    if weights is None or not len(weights):
        return float(rows)
    return float(weights.sum()) if bool((weights == np.floor(weights)).all()) else float(rows)


def weighted_quantiles(ascending: Floats, probabilities: Floats, weights: Floats | None, rows: float) -> Floats:
    """Quantiles by linear interpolation between order statistics (type 7), a weight counting as copies of its value.

    The weights are scaled to a sum of `rows` (see `represented_rows`), so the scale of fractional weights is harmless.
    """
    if not len(ascending):
        return np.full(len(probabilities), np.nan)
    if weights is None:
        weights = np.ones(len(ascending))
    last = len(ascending) - 1
    ends = np.cumsum(weights) * (rows / weights.sum())  # value i fills the positions [ends[i-1], ends[i])
    ends[last] = rows
    position = np.maximum(probabilities * (rows - 1), 0.0)
    low = np.floor(position)
    below = ascending[np.minimum(np.searchsorted(ends, low, side="right"), last)]
    above = ascending[np.minimum(np.searchsorted(ends, low + 1, side="right"), last)]
    return np.asarray(below + (above - below) * (position - low), dtype=np.float64)
