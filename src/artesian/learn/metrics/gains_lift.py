"""Gains and lift: how much richer in positives the best-scored groups of rows are than the whole."""

from __future__ import annotations

from typing import Final

import numpy as np

from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.metrics.ranking import RankingCurve
from artesian.learn.metrics.rows import Floats, weighted_quantiles

DEFAULT_CUTS: Final = (0.99, 0.98, 0.97, 0.96, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
"""Quantiles of the scores at which the groups end when no number of groups is given."""

_HEADERS: Final = (
    "Cumulative Data Fraction", "Lower Threshold", "Lift", "Cumulative Lift", "Response Rate", "Score",
    "Cumulative Response Rate", "Cumulative Score", "Capture Rate", "Cumulative Capture Rate", "Gain",
    "Cumulative Gain", "Kolmogorov Smirnov",
)  # fmt: skip


def group_cuts(bins: int) -> Floats:
    """The quantiles, descending, at which `bins` equal groups end; -1 stands for DEFAULT_CUTS."""
    if bins == -1:
        return np.array(DEFAULT_CUTS)
    if bins < 1:
        raise InvalidArgument(
            f"The number of gains/lift groups must be -1 (16 uneven groups), 0 (no table) or more. Got {bins}."
        )
    return (bins - 1.0 - np.arange(bins)) / bins


def gains_lift_table(curve: RankingCurve, bins: int = -1, rows: float | None = None) -> Table | None:
    """One row a group, best scores first; groups whose lower thresholds coincide are one. None of no rows or 0 bins.

    `rows` is the number of rows that the curve's total weight stands for, if not itself (see `weighted_quantiles`).
    Lift and gain are NaN without positives.
    """
    cuts = group_cuts(bins) if bins != 0 else np.empty(0)
    if not len(cuts) or not len(curve):
        return None
    if rows is None or rows == curve.positives + curve.negatives:
        quantiles = _quantiles(curve, cuts)
    else:
        mass = np.diff(curve.tps + curve.fps, prepend=0.0)
        quantiles = weighted_quantiles(curve.thresholds[::-1], cuts, mass[::-1], rows)
    return _table(curve, np.unique(quantiles)[::-1])


def _quantiles(curve: RankingCurve, probabilities: Floats) -> Floats:
    """`weighted_quantiles` of the scores under whole weights."""
    total = curve.positives + curve.negatives
    position = np.maximum(probabilities * (total - 1), 0.0)
    low = np.floor(position)

    def row(number: Floats) -> Floats:
        """The score of a row by its number from below: the first one down to which total - number rows lie."""
        places = curve.places(lambda _, tps, fps: tps + fps, np.maximum(total - number, 0.0))
        return np.asarray(curve.at(places)[0])

    below, above = row(low), row(low + 1)
    return np.asarray(below + (above - below) * (position - low), dtype=np.float64)


def _table(curve: RankingCurve, cuts: Floats) -> Table:
    """The table of groups that end at the `cuts`, which descend and the last of which is the smallest score."""
    # Number of thresholds at or above each cut: thresholds descend.
    ends = curve.places(lambda thresholds, *_: -thresholds, np.nextafter(-cuts, np.inf)) - 1
    _, hits, misses, mass = np.where(ends >= 0, curve.at(np.maximum(ends, 0)), 0.0)
    all_events, all_rows, all_scores = hits, hits + misses, mass
    events, rows, scores = (np.diff(total, prepend=0.0) for total in (all_events, all_rows, all_scores))
    positives, negatives = curve.positives, curve.negatives
    average = positives / (positives + negatives)
    with np.errstate(divide="ignore", invalid="ignore"):
        response = np.where(rows > 0, events / rows, 0.0)
        lift, all_response = response / average, all_events / all_rows
        all_lift = all_response / average
        captured = all_events / positives
        missed = (all_rows - all_events) / negatives if negatives else np.zeros(len(cuts))
        columns = (
            all_rows / (positives + negatives), cuts, lift, all_lift, response, np.where(rows > 0, scores / rows, 0.0),
            all_response, all_scores / all_rows, events / positives, captured, 100 * (lift - 1),
            100 * (all_lift - 1), captured - missed,
        )  # fmt: skip
    specs = [
        TableColumn(title.lower().replace(" ", "_"), "double", "%.8f" if title == _HEADERS[0] else "%5f", title)
        for title in _HEADERS
    ]
    score = float(all_scores[-1]) / (positives + negatives)
    return Table.build(
        "Gains/Lift Table",
        f"Response rate {100 * average:.2f} %, mean score {100 * score:.2f} %",
        [
            (TableColumn("group", "int", "%d", "Group"), np.arange(1, len(cuts) + 1)),
            *zip(specs, columns, strict=True),
        ],
    )
