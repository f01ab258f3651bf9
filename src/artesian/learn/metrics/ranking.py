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

from artesian.learn.metrics.rows import Floats

Measure = Callable[[Floats, Floats], Floats]
"""A number for each pair of weights of true and false positives [k]; NaN where there is none."""
STRETCH: Final = 128
"""Points of the curve between two looks at a measure."""
_BLOCK: Final = 1 << 15
"""Points that are worked on at once: their arrays stay in the processor's cache."""
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
        keys = (scores + 0.0).view(np.uint64)  # a negative zero becomes zero
        keys <<= np.uint64(1)
        keys |= positive
        np.invert(keys, out=keys)  # so that the largest comes first
        keys.sort()
        np.invert(keys, out=keys)
        tps = np.cumsum(keys.astype(np.uint8) & np.uint8(1), dtype=np.float64)
        keys >>= np.uint64(1)
        ranked = keys.view(np.float64)
        same = ranked[1:] == ranked[:-1]
        if same.any():
            last = np.flatnonzero(np.append(~same, True))
            ranked, tps = ranked[last], tps[last]
            return cls(ranked, tps, last + 1.0 - tps)
        fps = np.arange(1.0, len(ranked) + 1)
        fps -= tps
        return cls(ranked, tps, fps)

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
        area = float(self.fps[0] * self.tps[0]) / 2
        for start in range(1, len(self), _BLOCK):
            here, before = slice(start, start + _BLOCK), slice(start - 1, min(start + _BLOCK, len(self)) - 1)
            steps = self.fps[here] - self.fps[before]
            steps *= self.tps[here] + self.tps[before]
            area += float(steps.sum()) / 2
        return area / self.positives / self.negatives

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
        area = 0.0
        for start in range(0, len(self), _BLOCK):
            area += self._pr_area(start, min(start + _BLOCK, len(self)))
        return area / self.positives

    def _pr_area(self, start: int, end: int) -> float:
        """What the steps to the points start … end - 1 add to the area, times the positives."""
        tp1, fp1 = self.tps[start:end], self.fps[start:end]
        tp0, fp0 = (
            np.append(values[start - 1] if start else 0.0, values[start : end - 1]) for values in (self.tps, self.fps)
        )
        keep = np.flatnonzero(tp1 > tp0)
        tp0, fp0, tp1, fp1 = tp0[keep], fp0[keep], tp1[keep], fp1[keep]
        slope = (fp1 - fp0) / (tp1 - tp0)
        # precision(tp) = tp / (a tp + b), whose integral is (tp - b/a log(a tp + b)) / a
        a, b = 1.0 + slope, fp0 - slope * tp0
        with np.errstate(divide="ignore", invalid="ignore"):
            bend = np.where(b == 0, 0.0, b / a * np.log((a * tp1 + b) / (a * tp0 + b)))
        return float(((tp1 - tp0 - bend) / a).sum())

    @cached_property
    def kolmogorov_smirnov(self) -> float:
        """The largest distance between the true and the false positive rate; NaN unless both classes occur."""
        if self.positives == 0 or self.negatives == 0:
            return math.nan
        return self.highest(lambda tp, fp: np.abs(tp / self.positives - fp / self.negatives))[1]
