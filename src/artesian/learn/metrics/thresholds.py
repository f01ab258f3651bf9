"""The tables of a binary classifier's metrics by threshold, and of the thresholds at which each is largest."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from artesian.learn.base.table import Table, TableColumn
from artesian.learn.metrics.ranking import RankingCurve
from artesian.learn.metrics.rows import Floats

MAX_THRESHOLDS: Final = 400
"""Rows of the table at most: the number of bins of H2O, whose clients draw their curves from the table."""

COUNTS: Final = ("tns", "fns", "fps", "tps")
CRITERIA: Final = (
    "f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity", "absolute_mcc", "min_per_class_accuracy",
    "mean_per_class_accuracy", *COUNTS, "tnr", "fnr", "fpr", "tpr",
)  # fmt: skip
_PEAKED: Final = (
    "f1", "f2", "f0point5", "accuracy", "precision", "absolute_mcc", "min_per_class_accuracy", "mean_per_class_accuracy",
)  # fmt: skip
"""The criteria whose maximum can lie anywhere; the others rise or fall with the threshold."""


def criterion(name: str, tp: Floats, fp: Floats, positives: float, negatives: float) -> Floats:
    """One of CRITERIA at each threshold, from the weights of true and false positives [k]; NaN where undefined (0/0)."""
    fn, tn = positives - tp, negatives - fp
    with np.errstate(divide="ignore", invalid="ignore"):
        match name:
            case "f1" | "f2" | "f0point5":
                weight = {"f1": 1.0, "f2": 4.0, "f0point5": 0.25}[name]
                scores = (1 + weight) * tp / ((1 + weight) * tp + weight * fn + fp)
                return np.where(tp == 0, np.nan, scores)  # precision and recall are both 0, or one is undefined
            case "accuracy":
                return (tp + tn) / (positives + negatives)
            case "precision":
                return tp / (tp + fp)
            case "recall" | "tpr":
                return tp / positives
            case "specificity" | "tnr":
                return tn / negatives
            case "fnr":
                return fn / positives
            case "fpr":
                return fp / negatives
            case "absolute_mcc":
                covariance = tp * tn - fp * fn
                scale = np.sqrt(tp + fp) * np.sqrt(tn + fn) * math.sqrt(positives) * math.sqrt(negatives)
                return np.where(covariance == 0, 0.0, np.minimum(np.abs(covariance) / scale, 1.0))
            case "min_per_class_accuracy":
                return np.minimum(tp / positives, tn / negatives)
            case "mean_per_class_accuracy":
                return 0.5 * (tp / positives + tn / negatives)
            case _:
                return {"tns": tn, "fns": fn, "fps": fp, "tps": tp}[name]


def best_index(values: Floats) -> int:
    """The first index of the largest value, -1 if all are NaN (or there are none)."""
    known = np.where(np.isnan(values), -np.inf, values)
    return int(known.argmax()) if len(values) and np.isfinite(known).any() else -1


def chosen_thresholds(curve: RankingCurve, limit: int = MAX_THRESHOLDS) -> npt.NDArray[np.int64]:
    """Indices into the curve, ascending, at most `limit`: all if they fit, else a selection.

    The selection holds the exact optimum of every criterion, the ends, and fills up evenly in the mean of two scales:
    the score itself, and the way travelled along the ROC curve (tpr + fpr). So a gap is at most about 4/limit of the
    range of scores and of the way along the curve, wherever scores are that dense. Every chosen threshold is a score
    that occurs, and its counts are exact (H2O merges neighbours and shows their mean score).
    """
    size = len(curve)
    if size <= limit:
        return np.arange(size)
    positives, negatives = curve.positives, curve.negatives
    forced = {0, size - 1}
    for of, total in enumerate((positives, negatives)):
        forced.add(int(curve.places(lambda _, *counts, of=of: counts[of], np.array([total]))[0]))
    for name in _PEAKED:
        forced.add(curve.highest(lambda t, f, name=name: criterion(name, t, f, positives, negatives))[0])  # type: ignore[misc]
    forced -= {-1}
    ends = curve.at([0, size - 1])
    top, bottom = ends[0].tolist()

    def way(threshold: Floats, t: Floats, f: Floats) -> Floats:
        rates = [counts / total for counts, total in zip((t, f), (positives, negatives), strict=True) if total > 0]
        return np.asarray(((top - threshold) / (top - bottom) + np.mean(rates, axis=0)) / 2)

    start, end = way(*ends[:3]).tolist()
    even = curve.places(way, np.linspace(start, end, limit - len(forced)))
    return np.unique(np.concatenate([np.array(sorted(forced)), np.minimum(even, size - 1)]))


def threshold_table(curve: RankingCurve, limit: int = MAX_THRESHOLDS) -> Table:
    """One row a threshold, descending: every criterion there. Counts are `long` unless weights make fractions."""
    at = chosen_thresholds(curve, limit)
    cuts, tp, fp, _ = curve.at(at)
    scores = {name: criterion(name, tp, fp, curve.positives, curve.negatives) for name in CRITERIA}
    whole = all(bool((scores[name] == np.floor(scores[name])).all()) for name in COUNTS)
    columns = [
        (TableColumn(name, "long") if name in COUNTS and whole else TableColumn(name), scores[name])
        for name in CRITERIA
    ]
    return Table.build(
        "Metrics for Thresholds",
        "Scores when rows at or above the threshold are called positive",
        [
            (TableColumn("threshold", "double", "%f", "Threshold"), cuts),
            *columns,
            (TableColumn("idx", "int"), np.arange(len(at))),
        ],
    )


def maxima_table(thresholds: Table) -> Table:
    """For each criterion the threshold where it is largest (the highest such), its value, and its row (-1: nowhere)."""
    at = [best_index(thresholds.array(name)) for name in CRITERIA]
    cuts = thresholds.array("threshold")
    values = [
        float(thresholds.array(name)[row]) if row >= 0 else math.nan for name, row in zip(CRITERIA, at, strict=True)
    ]
    return Table.build(
        "Maximum Metrics",
        "The threshold at which each score is largest",
        [
            (TableColumn("metric", "string", "%s", "Metric"), [f"max {name}" for name in CRITERIA]),
            (
                TableColumn("threshold", "double", "%f", "Threshold"),
                [cuts[row] if row >= 0 else math.nan for row in at],
            ),
            (TableColumn("value", "double", "%f", "Value"), values),
            (TableColumn("idx", "long", "%d", "idx"), at),
        ],
    )
