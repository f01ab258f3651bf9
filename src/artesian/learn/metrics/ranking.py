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
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from artesian import _native
from artesian.learn.metrics.rows import Floats

Measure = Callable[[Floats, Floats], Floats]
"""A number for each pair of weights of true and false positives [k]; NaN where there is none."""
STRETCH: Final = 128
"""Points of the curve between two looks at a measure."""
_ROUNDING: Final = 1e-9
"""Share by which a bound may be off."""


@dataclass(frozen=True, eq=False)
class RankingCurve:
    """`thresholds` descend and are the distinct scores; a row is predicted positive if its score is at or above.

    `tps[i]` and `fps[i]` are the weights of the true and false positives at `thresholds[i]`. All of shape [k].
    """

    thresholds: Floats
    tps: Floats
    fps: Floats

    @classmethod
    def of(
        cls, positive: np.ndarray[tuple[int], np.dtype[np.bool_]], scores: Floats, weights: Floats | None = None
    ) -> RankingCurve:
        """From booleans, scores without NaN and weights above 0 or None, each [n]. One sort, n log n."""
        if weights is None and len(scores) and scores.min() >= 0:
            return cls._of_equal_rows(positive, scores)
        order = np.argsort(scores)[::-1]
        ranked, hits = scores[order], positive[order]
        last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(ranked) else np.empty(0, np.int64)
        if weights is None:
            tps = np.cumsum(hits, dtype=np.int64)[last].astype(np.float64)
            return cls(ranked[last], tps, last + 1.0 - tps)
        mass = weights[order]
        return cls(ranked[last], np.cumsum(mass * hits)[last], np.cumsum(mass * ~hits)[last])

    @classmethod
    def _of_equal_rows(cls, positive: np.ndarray[tuple[int], np.dtype[np.bool_]], scores: Floats) -> RankingCurve:
        """The same of scores from 0 on without weights: numbers are sorted, not their places.

        The bits of a float that is not negative order as it does, and the first of them is free: shifted by one, they
        leave the last for the class.
        """
        keys = _native.rank_keys(positive.view(np.uint8), np.ascontiguousarray(scores))
        keys.sort()
        return cls(*_native.curve_of_keys(keys))

    def __len__(self) -> int:
        return len(self.thresholds)

    def highest(self, measure: Measure) -> tuple[int, float]:
        """The first point where a measure is largest, and how large; (-1, NaN) where it is nowhere a number.

        The measure, or where it falls with true positives and rises with false ones its negative, must rise with true
        positives and fall with false ones.
        """
        first = np.arange(0, len(self), STRETCH)
        last = np.minimum(first + STRETCH, len(self)) - 1
        (tp0, fp0), (tp1, fp1) = ((self.tps[at], self.fps[at]) for at in (first, last))
        at_ends = measure(tp1, fp1)
        known = at_ends[~np.isnan(at_ends)]
        bound = np.fmax(measure(tp1, fp0), measure(tp0, fp1))
        least = known.max() - _ROUNDING * abs(known.max()) if len(known) else -np.inf
        looked_at = np.flatnonzero(np.isnan(bound) | (bound >= least))
        points = (first[looked_at, None] + np.arange(STRETCH)).ravel()
        points = points[points < len(self)]
        values = measure(self.tps[points], self.fps[points])
        if not len(values) or np.isnan(values).all():
            return -1, math.nan
        best = int(np.nanargmax(values))
        return int(points[best]), float(values[best])

    def places(self, way: Callable[[Floats, Floats, Floats], Floats], targets: Floats) -> np.ndarray:
        """The first points at which a way along the curve, of thresholds, true and false positives, has come to each target.

        The number of points for a target that it does not come to.
        """
        coarse = np.arange(0, len(self), STRETCH)
        start = np.searchsorted(way(self.thresholds[coarse], self.tps[coarse], self.fps[coarse]), targets) - 1
        points = np.minimum((np.maximum(start, 0) * STRETCH)[:, None] + np.arange(STRETCH), len(self) - 1)
        fine = way(*(values[points.ravel()] for values in (self.thresholds, self.tps, self.fps))).reshape(points.shape)
        found = points[:, 0] + (fine < targets[:, None]).sum(axis=1)
        return np.asarray(np.minimum(found, len(self)))

    @property
    def positives(self) -> float:
        """The total weight of the actual positives."""
        return float(self.tps[-1]) if len(self) else 0.0

    @property
    def negatives(self) -> float:
        return float(self.fps[-1]) if len(self) else 0.0

    @cached_property
    def auc(self) -> float:
        """Area under the ROC curve by trapezoids (ties count one half); NaN unless both classes occur."""
        if self.positives == 0 or self.negatives == 0:
            return math.nan
        return _native.trapezoids(self.tps, self.fps) / 2 / self.positives / self.negatives

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
        return _native.hyperbolas(self.tps, self.fps) / self.positives

    @cached_property
    def kolmogorov_smirnov(self) -> float:
        """The largest distance between the true and the false positive rate; NaN unless both classes occur."""
        if self.positives == 0 or self.negatives == 0:
            return math.nan
        return self.highest(lambda tp, fp: np.abs(tp / self.positives - fp / self.negatives))[1]
