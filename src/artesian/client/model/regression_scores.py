"""How well predicted numbers meet actual ones, from two frames of one column each; for searches of scikit-learn as scores.

Rows in which either value is missing are left out. `weights` is a frame of one column, or one number for all rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame

if TYPE_CHECKING:
    import numpy as np


def h2o_mean_absolute_error(
    y_actual: H2OFrame, y_predicted: H2OFrame, weights: H2OFrame | float | None = None
) -> float:
    """The mean size of the errors; 0 is best."""
    actual, predicted, mass = _columns(y_actual, y_predicted, weights)
    return _mean(abs(actual - predicted), mass)


def h2o_mean_squared_error(y_actual: H2OFrame, y_predicted: H2OFrame, weights: H2OFrame | float | None = None) -> float:
    """The mean of the squared errors; 0 is best."""
    actual, predicted, mass = _columns(y_actual, y_predicted, weights)
    return _mean((actual - predicted) ** 2, mass)


def h2o_median_absolute_error(y_actual: H2OFrame, y_predicted: H2OFrame) -> float:
    """The median size of the errors; 0 is best."""
    import numpy as np

    actual, predicted, _ = _columns(y_actual, y_predicted, None)
    return float(np.median(abs(actual - predicted))) if len(actual) else float("nan")


def h2o_explained_variance_score(
    y_actual: H2OFrame, y_predicted: H2OFrame, weights: H2OFrame | float | None = None
) -> float:
    """The share of the variance that is explained; unlike R2 it forgives errors that are the same in all rows."""
    actual, predicted, mass = _columns(y_actual, y_predicted, weights)
    errors = actual - predicted
    return _share(_mean((errors - _mean(errors, mass)) ** 2, mass), _mean((actual - _mean(actual, mass)) ** 2, mass))


def h2o_r2_score(y_actual: H2OFrame, y_predicted: H2OFrame, weights: H2OFrame | float | None = 1.0) -> float:
    """R2: 1 is best, 0 what the mean would reach, and below 0 worse than that."""
    actual, predicted, mass = _columns(y_actual, y_predicted, weights)
    return _share(_mean((actual - predicted) ** 2, mass), _mean((actual - _mean(actual, mass)) ** 2, mass))


def _columns(actual: H2OFrame, predicted: H2OFrame, weights: H2OFrame | float | None) -> list[np.ndarray[Any, Any]]:
    """Actual values, predicted ones and weights of the rows that have all of them, as arrays [rows]."""
    import numpy as np

    named = {"y_actual": actual, "y_predicted": predicted}
    if isinstance(weights, H2OFrame):
        named["weights"] = weights
    for name, frame in named.items():
        check_type(name, frame, H2OFrame)
        if frame.shape != (actual.nrows, 1):
            raise H2OValueError(
                f"'{name}' must be one column of {actual.nrows} rows. Its shape is {frame.shape}.", name
            )
    arrays = [frame.to_polars().to_series().cast(float).fill_null(float("nan")).to_numpy() for frame in named.values()]
    if len(arrays) == 2:
        arrays.append(np.full(actual.nrows, 1.0 if weights is None else float(weights)))
    there = ~np.isnan(arrays).any(axis=0)
    return [array[there] for array in arrays]


def _mean(values: np.ndarray[Any, Any], mass: np.ndarray[Any, Any]) -> float:
    total = float(mass.sum())
    return float(values @ mass / total) if total else float("nan")


def _share(left: float, whole: float) -> float:
    """1 - left / whole; of responses that are all the same 1 where every prediction meets them, else 0."""
    if whole == 0:
        return 1.0 if left == 0 else 0.0
    return 1 - left / whole
