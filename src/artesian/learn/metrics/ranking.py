"""How well scores rank positives above negatives: the curve over all thresholds, and the areas under it.

Everything here is exact: every distinct score is a threshold. H2O builds a histogram of 400 bins instead, so that its
areas agree with these only to about the fourth digit when there are more than 400 distinct scores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artesian.learn.metrics.rows import Floats


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
        order = np.argsort(scores)[::-1]
        ranked, hits = scores[order], positive[order]
        last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(ranked) else np.empty(0, np.int64)
        if weights is None:
            tps = np.cumsum(hits, dtype=np.int64)[last].astype(np.float64)
            return cls(ranked[last], tps, last + 1.0 - tps)
        mass = weights[order]
        return cls(ranked[last], np.cumsum(mass * hits)[last], np.cumsum(mass * ~hits)[last])

    def __len__(self) -> int:
        return len(self.thresholds)

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
        widths = np.diff(self.fps, prepend=0.0)
        heights = (self.tps + np.concatenate([[0.0], self.tps[:-1]])) / 2
        return float(widths @ heights) / self.positives / self.negatives

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
        keep = np.diff(self.tps, prepend=0.0) > 0
        tp1, fp1 = self.tps[keep], self.fps[keep]
        before = np.flatnonzero(keep) - 1
        tp0 = np.where(before >= 0, self.tps[before], 0.0)
        fp0 = np.where(before >= 0, self.fps[before], 0.0)
        slope = (fp1 - fp0) / (tp1 - tp0)
        # precision(tp) = tp / (a tp + b), whose integral is (tp - b/a log(a tp + b)) / a
        a, b = 1.0 + slope, fp0 - slope * tp0
        with np.errstate(divide="ignore", invalid="ignore"):
            bend = np.where(b == 0, 0.0, b / a * np.log((a * tp1 + b) / (a * tp0 + b)))
        return float(((tp1 - tp0 - bend) / a).sum()) / self.positives

    @cached_property
    def kolmogorov_smirnov(self) -> float:
        """The largest distance between the true and the false positive rate; NaN unless both classes occur."""
        if self.positives == 0 or self.negatives == 0:
            return math.nan
        return float(np.abs(self.tps / self.positives - self.fps / self.negatives).max())
