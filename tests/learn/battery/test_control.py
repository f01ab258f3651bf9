"""Cross-validation, continuing, cancelling, time limits: the same for every algorithm."""

from __future__ import annotations

import time

import numpy as np
import pytest
from workbench import LONG, numbers, response, table

from artesian.core.errors import Cancelled, InvalidParameters
from artesian.learn import algorithm as find_algorithm
from artesian.learn.base.context import PlainContext
from artesian.learn.base.details import Category
from artesian.learn.base.model import load_model
from artesian.learn.base.parameters import fields_of
from artesian.learn.metrics import metrics_from_dict


def needs(bench, *names):
    missing = [name for name in names if name not in fields_of(find_algorithm(bench.algorithm).parameters)]
    if missing:
        pytest.skip(f"the algorithm has no {', '.join(missing)}")


def takes_long(bench):
    if bench.algorithm not in LONG:
        pytest.skip("the algorithm has no parameters with which it takes long")


def test_held_out_predictions_come_from_the_model_that_did_not_see_the_row(bench, supervised):
    needs(bench, "nfolds")
    frame = table(supervised)
    trained = bench.train(
        frame, response_column="y", nfolds=3, fold_assignment="Modulo", keep_cross_validation_predictions=True
    )
    held_out = numbers(trained.frame("cv_holdout_prediction_model").to_polars())
    for fold, entry in enumerate(trained.answer["models"]):
        assert entry["key"] == f"model_cv_{fold + 1}"
        own = np.arange(frame.n_rows) % 3 == fold
        by_fold = numbers(load_model(entry["folder"]).predict(frame).to_polars())
        assert np.array_equal(held_out[own], by_fold[own])
        kept = numbers(trained.frame(f"prediction_model_cv_{fold + 1}").to_polars())
        assert np.array_equal(kept[own], by_fold[own])
        assert not kept[~own].any()


def test_cross_validation_metrics_are_those_of_the_combined_predictions(bench, supervised):
    needs(bench, "nfolds")
    frame = table(supervised)
    trained = bench.train(frame, response_column="y", nfolds=4, keep_cross_validation_predictions=True)
    held_out = numbers(trained.frame("cv_holdout_prediction_model").to_polars())
    raw = held_out[:, 0] if supervised is Category.REGRESSION else held_out
    expected = trained.model.scorer.measure(frame, raw)
    metrics = metrics_from_dict(trained.details.cross_validation_metrics)
    assert metrics.nobs == frame.n_rows
    assert metrics.mse == pytest.approx(expected.mse, rel=1e-12)
    summary = trained.details.cross_validation_summary
    folds = np.array([summary.column(f"cv_{i + 1}_valid") for i in range(4)], dtype=float)
    assert summary.array("mean") == pytest.approx(folds.mean(axis=0), nan_ok=True)
    assert summary.array("sd")[~np.isnan(folds).any(axis=0)] == pytest.approx(
        folds.std(axis=0, ddof=1)[~np.isnan(folds).any(axis=0)]
    )


def test_fold_column_and_kept_assignment(bench, supervised):
    needs(bench, "fold_column")
    import polars as pl

    from artesian.frame import Column

    folds = [4, 9] * 60
    frame = table(supervised).with_column("fold", Column.integers(pl.Series(folds)))
    trained = bench.train(frame, response_column="y", fold_column="fold", keep_cross_validation_fold_assignment=True)
    kept = trained.frame("cv_fold_assignment_model")
    assert kept["fold_assignment"].values.to_list() == [0, 1] * 60
    assert len(trained.details.cross_validation_models) == 2
    assert "fold" not in trained.details.predictors


def test_only_what_was_asked_for_is_kept_of_cross_validation(bench, supervised):
    needs(bench, "nfolds")
    trained = bench.train(table(supervised), response_column="y", nfolds=2, keep_cross_validation_models=False)
    assert trained.answer["models"] == []
    assert trained.answer["frames"] == {}
    assert trained.details.cross_validation_models is None
    assert trained.details.cross_validation_metrics is not None


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"nfolds": 1}, "nfolds"),
        ({"nfolds": -3}, "nfolds"),
        ({"nfolds": 121}, "nfolds"),
        ({"nfolds": 3, "fold_column": "c"}, "nfolds"),
        ({"fold_assignment": "Modulo"}, "fold_assignment"),
        ({"fold_column": "nowhere"}, "fold_column"),
        ({"fold_column": "c"}, "fold_column"),
    ],
)
def test_impossible_folds_are_refused_by_name(bench, algorithm, parameters, field):
    needs(bench, "nfolds", "fold_column")
    with pytest.raises(InvalidParameters) as error:
        bench.train(table(Category.REGRESSION), response_column="y", **parameters)
    assert field in {problem.field for problem in error.value.problems}


def extent(bench):
    """The parameter that says how long training goes on."""
    needs(bench, "checkpoint")
    declared = fields_of(find_algorithm(bench.algorithm).parameters)
    name = next((name for name in ("epochs", "ntrees") if name in declared), None)
    if name is None:
        pytest.skip("training goes on until it has converged")
    return name


def test_a_continued_training_equals_an_uninterrupted_one(bench, category):
    name = extent(bench)
    frame = table(category)
    more = {"overwrite_with_best_model": False} if name == "epochs" else RANDOM_TREES
    whole = bench.train(frame, **{**response(category), **more, name: 6})
    bench.train(frame, key="half", **{**response(category), **more, name: 2.5 if name == "epochs" else 2})
    continued = bench.train(frame, key="rest", **{**response(category), **more, name: 6, "checkpoint": "half"})
    assert numbers(continued.predict(frame)) == pytest.approx(numbers(whole.predict(frame)), abs=EXACT[name])
    ends = [metrics_from_dict(model.details.training_metrics) for model in (continued, whole)]
    assert ends[0].mse == pytest.approx(ends[1].mse, rel=1e-6)
    assert len(continued.details.scoring_history) >= 2


RANDOM_TREES = {"sample_rate": 0.7, "col_sample_rate_per_tree": 0.7}
EXACT = {"epochs": 0, "ntrees": 1e-6}
"""How well a continuation agrees: sums of trees are made up of single ones again, in another order of additions."""


def test_a_checkpoint_must_be_continued_further_and_unchanged(bench, category):
    name = extent(bench)
    frame = table(category)
    bench.train(frame, key="half", **{**response(category), name: 2})
    with pytest.raises(InvalidParameters) as error:
        bench.train(frame, **{**response(category), name: 2, "checkpoint": "half"})
    assert {problem.field for problem in error.value.problems if problem.severity == "error"} == {name}
    with pytest.raises(InvalidParameters, match="There is no model 'gone'"):
        bench.train(frame, **{**response(category), name: 3, "checkpoint": "gone"})


class AskingContext(PlainContext):
    """Asks for something a moment after the first progress: `is_due` from then on."""

    def __init__(self, scratch, seconds):
        super().__init__(scratch, threads=2)
        self.deadline = None
        self.seconds = seconds

    def progress(self, fraction, message=""):
        super().progress(fraction, message)
        if self.deadline is None:
            self.deadline = time.monotonic() + self.seconds

    @property
    def is_due(self):
        return self.deadline is not None and time.monotonic() >= self.deadline


class CancelledAfter(AskingContext):
    """Asks to stop."""

    def check(self):
        self.cancelled = self.is_due
        super().check()


@pytest.mark.alone
def test_cancelling_takes_effect_within_two_seconds(bench, category, tmp_path):
    context = CancelledAfter(tmp_path, 0.3 if bench.algorithm in LONG else 0.0)
    with pytest.raises(Cancelled):
        bench.train(table(category), context=context, **{**LONG.get(bench.algorithm, {}), **response(category)})
    assert time.monotonic() - context.deadline < 2.0


@pytest.mark.alone
def test_max_runtime_secs_holds(bench, category):
    needs(bench, "max_runtime_secs")
    takes_long(bench)
    frame, _ = bench.plain(category)  # what is loaded once must not count
    trained = bench.train(frame, **{**LONG.get(bench.algorithm, {}), **response(category), "max_runtime_secs": 1.0})
    assert trained.secs < 1.0 * 1.05 + 0.75, "5 % and one scoring"
    assert "max_runtime_secs" in " ".join(trained.details.warnings)
    assert trained.details.training_metrics is not None


@pytest.mark.alone
def test_max_runtime_secs_covers_cross_validation(bench, supervised):
    needs(bench, "max_runtime_secs", "nfolds")
    takes_long(bench)
    frame, _ = bench.plain(supervised)
    trained = bench.train(
        frame, **{**LONG.get(bench.algorithm, {}), "response_column": "y", "max_runtime_secs": 1.0, "nfolds": 3}
    )
    assert trained.secs < 1.0 * 1.05 + 1.0, "5 % and one scoring for each of four models, generously"
    assert len(trained.answer["models"]) == 3


class AskedToEnd(AskingContext):
    """Asks to end with what there is."""

    def check(self):
        super().check()
        self.finishing = self.is_due


@pytest.mark.alone
def test_training_asked_to_end_is_a_whole_model_within_two_seconds(bench, category, tmp_path):
    takes_long(bench)
    frame, _ = bench.plain(category)  # what is loaded once must not count
    context = AskedToEnd(tmp_path, 0.3)
    trained = bench.train(frame, context=context, **{**LONG[bench.algorithm], **response(category)})
    assert time.monotonic() - context.deadline < 2.0
    assert context.finish_refusal == ""
    assert trained.details.status == "DONE"
    assert trained.details.training_metrics is not None
    assert "asked to end" in " ".join(trained.details.warnings)
    assert "max_runtime_secs" not in " ".join(trained.details.warnings)
    assert trained.predict(frame).height == frame.n_rows


def test_who_keeps_nothing_on_the_way_says_so(bench, category, tmp_path):
    context = PlainContext(tmp_path, threads=1)
    bench.train(table(category), context=context, **response(category))
    assert (context.finish_refusal == "") == (bench.algorithm in {*LONG, "kmeans"})
