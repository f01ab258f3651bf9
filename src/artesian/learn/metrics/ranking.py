"""How well scores rank positives above negatives: the curve over all thresholds, and the areas under it.

Everything here is exact: every distinct score is a threshold. H2O builds a histogram of 400 bins instead, so that its
areas agree with these only to about the fourth digit when there are more than 400 distinct scores.

What a curve is asked for is its best point by some measure far more often than all points. Measures rise with true positives
and fall with false ones, so the ends of a stretch of the curve bound them on all of it: `highest` looks only where the best
may be, and finds exactly what a look at every point would.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np

from artesian import _native
from artesian.learn.metrics.curve_points import POINT_SIZE, STRETCH, CurvePoints, Keys, ListedPoints, PointsOfRows
from artesian.learn.metrics.rows import Floats

Measure = Callable[[Floats, Floats], Floats]
"""A number for each pair of weights of true and false positives [k]; NaN where there is none."""
_ROUNDING: Final = 1e-9
"""Share by which a bound may be off."""


class RankingCurve:
    """`thresholds` descend and are the distinct scores; a row is predicted positive if its score is at or above.

    `tps[i]` and `fps[i]` are the weights of the true and false positives at `thresholds[i]`. All of shape [k].
    """

    def __init__(self, points: CurvePoints) -> None:
        self._points = points

    @classmethod
    def of(
        cls, positive: np.ndarray[tuple[int], np.dtype[np.bool_]], scores: Floats, weights: Floats | None = None
    ) -> RankingCurve:
        """From booleans, scores without NaN and weights above 0 or None, each [n]. One sort, n log n."""
        if weights is None and len(scores) and scores.min() >= 0:
            return cls.of_keys(_native.rank_keys(positive.view(np.uint8), np.ascontiguousarray(scores)))
        order = np.argsort(scores)[::-1]
        ranked, hits = scores[order], positive[order]
        last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(ranked) else np.empty(0, np.int64)
        if weights is None:
            tps = np.cumsum(hits, dtype=np.int64)[last].astype(np.float64)
            return cls(ListedPoints(ranked[last], tps, last + 1.0 - tps))
        mass = weights[order]
        return cls(ListedPoints(ranked[last], np.cumsum(mass * hits)[last], np.cumsum(mass * ~hits)[last]))

    @classmethod
    def of_keys(cls, keys: Keys) -> RankingCurve:
        """From the `rank_keys` of rows that each count once, which are sorted here, in their place.

        The bits of a score that is not negative order as it does, and the first of them is free: shifted by one, they leave
        the last for the class. So numbers are sorted, not their places.
        """
        keys.sort()
        return cls(PointsOfRows(keys))

    def __len__(self) -> int:
        return len(self._points)

    @property
    def thresholds(self) -> Floats:
        """The distinct scores [k], descending; all of them are made, which `at` need not do."""
        return self._points.thresholds

    @property
    def tps(self) -> Floats:
        """The weights of true positives [k]."""
        return self._points.tps

    @property
    def fps(self) -> Floats:
        """The weights of false positives [k]."""
        return self._points.fps

    def at(self, places: Any) -> Floats:
        """Some points by their numbers [m]: threshold, true positives, false positives, and the sum of score times weight of
        the rows of both, [4, m].
        """
        places = np.asarray(places, dtype=np.int64)
        which, row = np.unique(places // STRETCH, return_inverse=True)
        if not len(which):
            return np.empty((POINT_SIZE, 0))
        return np.asarray(self._points.stretches(which)[row, places % STRETCH].T)

    def highest(self, measure: Measure) -> tuple[int, float]:
        """The first point where a measure is largest, and how large; (-1, NaN) where it is nowhere a number.

        The measure, or where it falls with true positives and rises with false ones its negative, must rise with true
        positives and fall with false ones.
        """
        first, last = self._points.first, self._points.last
        at_ends = measure(last[:, 1], last[:, 2])
        known = at_ends[~np.isnan(at_ends)]
        bound = np.fmax(measure(last[:, 1], first[:, 2]), measure(first[:, 1], last[:, 2]))
        least = known.max() - _ROUNDING * abs(known.max()) if len(known) else -np.inf
        looked_at = np.flatnonzero(np.isnan(bound) | (bound >= least))
        if not len(looked_at):
            return -1, math.nan
        found = self._points.stretches(looked_at)
        values = measure(found[..., 1].ravel(), found[..., 2].ravel())
        if np.isnan(values).all():
            return -1, math.nan
        best = int(np.nanargmax(values))
        return int(looked_at[best // STRETCH]) * STRETCH + best % STRETCH, float(values[best])

    def places(self, way: Callable[[Floats, Floats, Floats], Floats], targets: Floats) -> np.ndarray:
        """The first points at which a way along the curve, of thresholds, true and false positives, has come to each target.

        The number of points for a target that it does not come to.
        """
        start = np.maximum(np.searchsorted(way(*self._points.first.T[:3]), targets) - 1, 0)
        which, row = np.unique(start, return_inverse=True)
        if not len(which) or not len(self):
            return np.zeros(len(targets), dtype=np.int64)
        points = self._points.stretches(which)
        fine = way(*points.reshape(-1, POINT_SIZE).T[:3]).reshape(points.shape[:2])
        found = start * STRETCH + (fine[row] < targets[:, None]).sum(axis=1)
        return np.asarray(np.minimum(found, len(self)))

    @cached_property
    def _totals(self) -> tuple[float, float]:
        end = self._points.last[-1:]
        return (float(end[0, 1]), float(end[0, 2])) if len(end) else (0.0, 0.0)

    @property
    def positives(self) -> float:
        """The total weight of the actual positives."""
        return self._totals[0]

    @property
    def negatives(self) -> float:
        """The total weight of the actual negatives."""
        return self._totals[1]

    @cached_property
    def auc(self) -> float:
        """Area under the ROC curve by trapezoids (ties count one half); NaN unless both classes occur."""
        if self.positives == 0 or self.negatives == 0:
            return math.nan
        return self._points.trapezoids / 2 / self.positives / self.negatives

    @cached_property
    def pr_auc(self) -> float:
        """Area under the precision-recall curve; NaN without positives, 1 without negatives.

        Between two thresholds false positives are taken to grow linearly with true positives, and precision is
        integrated along that hyperbola (Davis & Goadrich 2006, section 4; the integral is that of H2O and XGBoost).
        scikit-learn's average_precision_score takes the precision at the right end of each step instead; the two
        differ by at most the sum of recall steps times changes of precision.
        """
        if self.positives == 0:
            return math.nan
        if self.negatives == 0:
            return 1.0
        return self._points.hyperbolas / self.positives

    @cached_property
    def kolmogorov_smirnov(self) -> float:
        """The largest distance between the true and the false positive rate; NaN unless both classes occur."""
        if self.positives == 0 or self.negatives == 0:
            return math.nan
        return self.highest(lambda tp, fp: np.abs(tp / self.positives - fp / self.negatives))[1]
