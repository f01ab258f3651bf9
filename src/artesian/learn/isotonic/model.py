"""An isotonic model: thresholds with values that never fall, and straight lines between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model

Floats = NDArray[np.float64]


def fitted(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Thresholds and values of the non-decreasing function of least weighted squared error; only those where it bends.

    Equal x are one point with their mean y. Neighbours whose means fall are pooled (Best and Chakravarti 1990); of a pool
    the first and the last x stay.
    """
    from scipy.optimize import isotonic_regression

    order = np.argsort(x, kind="stable")
    points, starts = np.unique(x[order], return_index=True)
    mass = np.add.reduceat(weights[order], starts)
    means = np.add.reduceat(weights[order] * y[order], starts) / mass
    values = isotonic_regression(means, weights=mass).x
    edge = np.ones(len(values), dtype=bool)
    edge[1:-1] = (values[1:-1] != values[:-2]) | (values[1:-1] != values[2:])
    return points[edge], values[edge]


class IsotonicRegressionModel(Model):
    """`thresholds_x` ascend, `thresholds_y` do not fall."""

    algorithm_name: ClassVar[str] = "isotonicregression"

    def __init__(self, details: ModelDetails, columns: Columns, thresholds_x: Floats, thresholds_y: Floats) -> None:
        super().__init__(details)
        self.columns, self.thresholds_x, self.thresholds_y = columns, thresholds_x, thresholds_y

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """The function's values [rows]; NaN for missing values, and outside of the thresholds unless those are clipped."""
        self.columns.missing_columns(frame)
        x = self.columns.numbers(frame, self.columns.names[0])
        clips = self.details.actual("out_of_bounds") == "clip"
        outside = None if clips else np.nan
        found = np.interp(x, self.thresholds_x, self.thresholds_y, left=outside, right=outside)
        return np.where(np.isnan(x), np.nan, found)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return self.columns.notes(frame)

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """The column."""
        return {"columns": self.columns.to_state()}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The thresholds."""
        return {"thresholds_x": self.thresholds_x, "thresholds_y": self.thresholds_y}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model of a saved state."""
        return cls(details, Columns.from_state(state["columns"]), arrays["thresholds_x"], arrays["thresholds_y"])
