"""The best points of a ranking curve and the places along it, against a look at every point."""

from __future__ import annotations

import numpy as np
import pytest

from artesian.learn.metrics.ranking import STRETCH, RankingCurve
from artesian.learn.metrics.thresholds import CRITERIA, best_index, criterion

PEAKED = [name for name in CRITERIA if name not in ("tns", "fns", "fps", "tps", "recall", "specificity", "tnr", "fnr", "fpr", "tpr")]  # fmt: skip


def curve_of(rows: int, digits: int, weighted: bool) -> RankingCurve:
    random = np.random.default_rng(rows + digits)
    scores = np.round(random.random(rows) ** 2, digits)
    weights = random.random(rows) + 0.1 if weighted else None
    return RankingCurve.of(random.random(rows) < scores, scores, weights)


@pytest.fixture(params=[(10, 9, False), (5 * STRETCH + 3, 9, False), (40 * STRETCH, 3, False), (30 * STRETCH, 9, True)])
def curve(request) -> RankingCurve:
    return curve_of(*request.param)


@pytest.mark.parametrize("name", PEAKED)
def test_the_highest_point_is_the_one_of_all_points(curve, name):
    def measure(tp, fp):
        return criterion(name, tp, fp, curve.positives, curve.negatives)

    everywhere = measure(curve.tps, curve.fps)
    place, value = curve.highest(measure)
    assert place == best_index(everywhere)
    assert value == np.nanmax(everywhere)


def test_nothing_is_highest_where_the_measure_is_no_number(curve):
    place, value = curve.highest(lambda tp, fp: np.full(len(tp), np.nan))
    assert place == -1
    assert np.isnan(value)


def test_places_are_those_of_a_search_in_all_points(curve):
    targets = np.linspace(-1.0, curve.positives + curve.negatives + 1.0, 77)
    found = curve.places(lambda _, tp, fp: tp + fp, targets)
    assert (found == np.searchsorted(curve.tps + curve.fps, targets)).all()


@pytest.mark.parametrize("digits", [1, 9])
def test_rows_without_weights_rank_as_rows_of_weight_one(digits):
    random = np.random.default_rng(7)
    scores = np.round(random.random(3000), digits)
    scores[:3] = -0.0, 0.0, 1.0
    positive = random.random(3000) < 0.3
    plain, weighted = RankingCurve.of(positive, scores), RankingCurve.of(positive, scores, np.ones(3000))
    for name in ("thresholds", "tps", "fps"):
        assert (getattr(plain, name) == getattr(weighted, name)).all()
    assert plain.auc == pytest.approx(weighted.auc, rel=1e-12)
    assert plain.pr_auc == pytest.approx(weighted.pr_auc, rel=1e-12)
