"""The best points of a ranking curve and the places along it, against a look at every point."""

from __future__ import annotations

import numpy as np
import pytest

from artesian import _native
from artesian.learn.metrics.curve_points import STRETCH
from artesian.learn.metrics.ranking import RankingCurve
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


@pytest.mark.parametrize("digits", [1, 3, 9])
@pytest.mark.parametrize("rows", [1, 2, STRETCH, STRETCH + 1, 3000])
def test_points_are_found_without_making_all_of_them(rows, digits):
    random = np.random.default_rng(rows)
    scores = np.round(random.random(rows), digits)
    positive = random.random(rows) < 0.3
    curve = RankingCurve.of(positive, scores)
    places = random.integers(0, len(curve), 50)
    thresholds, tps, fps, mass = curve.at(places)
    ranked = np.unique(scores)[::-1]
    assert (thresholds == ranked[places]).all()
    assert (tps == [positive[scores >= cut].sum() for cut in thresholds]).all()
    assert (fps == [(~positive)[scores >= cut].sum() for cut in thresholds]).all()
    assert mass == pytest.approx([scores[scores >= cut].sum() for cut in thresholds], rel=1e-12)
    assert (curve.thresholds == ranked).all()
    assert curve.at([]).shape == (4, 0)


@pytest.mark.parametrize("oddity", [("actual", 2.0), ("actual", np.nan), ("p", np.nan), ("p", 1.5), ("p", -0.1)])
def test_rows_that_do_not_count_are_not_ranked_with_the_others(oddity):
    random = np.random.default_rng(3)
    rows = {"p": random.random(5000), "actual": (random.random(5000) < 0.4).astype(float)}
    squares, logs, keys = _native.class_costs_and_keys(rows["actual"], rows["p"], 1e-15)
    right = np.where(rows["actual"] == 1, rows["p"], 1 - rows["p"])
    assert squares == pytest.approx(((1 - right) ** 2).sum(), rel=1e-12)
    assert logs == pytest.approx(-np.log(right).sum(), rel=1e-12)
    assert (keys == _native.rank_keys(rows["actual"].astype(np.uint8), rows["p"])).all()
    rows[oddity[0]][4321] = oddity[1]
    assert _native.class_costs_and_keys(rows["actual"], rows["p"], 1e-15) is None
