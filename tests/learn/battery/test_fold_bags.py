"""Models of folds that predict together, for every algorithm with cross-validation."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from test_control import needs
from workbench import LONG, numbers, response, table

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Frame
from artesian.learn.base.details import Category
from artesian.learn.base.model import is_model, load_model
from artesian.learn.base.partial_dependence import DependenceOrder, partial_dependence
from artesian.learn.base.permutation import permutation_importance


def train(bench, frame: Frame, **more):
    needs(bench, "fold_models_predict")
    asked = {"nfolds": 3, "fold_assignment": "Modulo", "keep_cross_validation_predictions": True, **more}
    return bench.train(frame, response_column="y", fold_models_predict=True, **asked)


def without_labels(predictions: pl.DataFrame) -> np.ndarray:
    return predictions.select(pl.exclude("predict") if predictions.width > 1 else pl.all()).to_numpy()


def test_predictions_are_the_mean_of_those_of_the_folds(bench, supervised):
    frame = table(supervised)
    trained = train(bench, frame)
    assert trained.details.algorithm == bench.algorithm
    folds = [load_model(entry["folder"]) for entry in trained.answer["models"]]
    assert [fold.details.key for fold in folds] == ["model_cv_1", "model_cv_2", "model_cv_3"]
    mean = np.mean([without_labels(fold.predict(frame).to_polars()) for fold in folds], axis=0)
    assert without_labels(trained.predict(frame)) == pytest.approx(mean, abs=1e-12)


def test_it_is_measured_by_its_predictions_and_cut_by_the_held_out_ones(bench, supervised):
    frame = table(supervised)
    trained = train(bench, frame, validation=frame)
    metrics = trained.details.training_metrics
    predicted = without_labels(trained.predict(frame))
    actual = np.asarray(frame["y"].floats())
    if supervised is Category.REGRESSION:
        assert metrics["mse"] == pytest.approx(np.mean((predicted[:, 0] - actual) ** 2))
    else:
        own = predicted[np.arange(frame.n_rows), actual.astype(int)]
        assert metrics["log_loss"] == pytest.approx(-np.log(np.clip(own, 1e-15, 1)).mean(), rel=1e-6)
    assert trained.details.validation_metrics["mse"] == metrics["mse"]
    plain = bench.train(
        frame, response_column="y", nfolds=3, fold_assignment="Modulo", keep_cross_validation_predictions=True
    )
    held_out, expected = (t.details.cross_validation_metrics for t in (trained, plain))
    assert held_out["mse"] == pytest.approx(expected["mse"])
    if supervised is Category.BINOMIAL:
        assert trained.details.default_threshold == held_out["default_threshold"]
        labels = trained.predict(frame)["predict"].cast(pl.String).to_numpy()
        levels = frame["y"].levels
        assert (labels == np.where(predicted[:, 1] >= held_out["default_threshold"], levels[1], levels[0])).all()


def test_it_tells_of_itself_as_a_model_of_the_algorithm(bench, supervised):
    trained = train(bench, table(supervised))
    details = trained.details
    assert (details.key, details.status, details.training_frame) == ("model", "DONE", "training")
    assert details.actual("nfolds") == 3
    assert details.actual("fold_models_predict") is True
    assert details.actual("model_id") == "model"
    assert details.cross_validation_models == ["model_cv_1", "model_cv_2", "model_cv_3"]
    folds = [load_model(entry["folder"]).details for entry in trained.answer["models"]]
    assert all(fold.actual("fold_models_predict") is False for fold in folds)
    if folds[0].variable_importances is None:
        assert details.variable_importances is None
        return
    found = dict(
        zip(
            details.variable_importances.column("variable"),
            details.variable_importances.array("relative_importance"),
            strict=True,
        )
    )
    for name, amount in found.items():
        each = [
            dict(
                zip(
                    fold.variable_importances.column("variable"),
                    fold.variable_importances.array("relative_importance"),
                    strict=True,
                )
            ).get(name, 0.0)
            for fold in folds
        ]
        assert amount == pytest.approx(np.mean(each))


def test_it_is_kept_with_its_parts(bench, supervised, tmp_path):
    frame = table(supervised)
    trained = train(bench, frame)
    folder = trained.model.save(tmp_path / "kept")
    trained.model.save(folder)
    assert is_model(folder)
    assert sorted(item.name for item in (folder / "parts").iterdir()) == ["fold_1", "fold_2", "fold_3"]
    again = load_model(folder)
    assert np.array_equal(numbers(again.predict(frame).to_polars()), numbers(trained.predict(frame)))
    assert again.details.to_dict() == trained.details.to_dict()
    (folder / "parts" / "fold_2" / "notes.txt").write_text("mine")
    assert not is_model(folder)


def test_it_can_be_looked_into_from_outside(bench, supervised):
    frame = table(supervised, rows=300)
    trained = train(bench, frame)
    targets = ("top",) if supervised is Category.MULTINOMIAL else ()
    order = DependenceOrder(columns=("a",), bins=4, targets=targets)
    (dependence,) = partial_dependence(trained.model, frame, order)
    assert len(dependence) == 4
    found = permutation_importance(trained.model, frame, seed=1).to_polars()
    assert not any(math.isnan(value) for value in found["Relative Importance"])
    for option, value in (("leaf_node_assignment", "Path"), ("predict_staged_proba", True)):
        with pytest.raises(InvalidArgument, match="fold_models_predict"):
            trained.model.predict_option(frame, option, value)


def test_contributions_are_means(bench, supervised):
    frame = table(supervised)
    trained = train(bench, frame)
    folds = [load_model(entry["folder"]) for entry in trained.answer["models"]]
    try:
        each = [fold.predict_option(frame, "predict_contributions", True).to_polars() for fold in folds]
    except InvalidArgument as refused:
        with pytest.raises(InvalidArgument, match="ontributions"):
            trained.model.predict_option(frame, "predict_contributions", True)
        pytest.skip(str(refused))
    found = trained.model.predict_option(frame, "predict_contributions", True).to_polars()
    for name in found.columns:
        assert found[name].to_numpy() == pytest.approx(np.mean([one[name].to_numpy() for one in each], axis=0))
    top = trained.model.predict_option(frame, "predict_contributions", {"top_n": 1}).to_polars()
    assert top["top_value_1" if "top_value_1" in top.columns else top.columns[1]].to_numpy() == pytest.approx(
        found.drop("BiasTerm").to_numpy().max(axis=1)
    )


@pytest.mark.alone
def test_the_time_ends_folds_early_and_leaves_a_whole_model(bench, supervised):
    frame = table(supervised)
    if bench.algorithm not in LONG:
        pytest.skip("nothing to cut short")
    trained = train(bench, frame, max_runtime_secs=1.0, **LONG[bench.algorithm])
    assert len(trained.answer["models"]) == 3
    assert np.isfinite(numbers(trained.predict(frame))).all()
    assert trained.details.cross_validation_metrics is not None
    assert trained.details.cross_validation_summary is not None
    assert trained.details.end_ms - trained.details.start_ms < 3000


def test_it_needs_folds_and_a_response(bench, category):
    needs(bench, "fold_models_predict")
    with pytest.raises(InvalidParameters) as refused:
        bench.train(table(category), fold_models_predict=True, **response(category))
    assert "fold_models_predict" in {problem.field for problem in refused.value.problems}


def test_a_checkpoint_must_be_a_single_model(bench, supervised):
    needs(bench, "fold_models_predict", "checkpoint")
    frame = table(supervised)
    train(bench, frame)
    with pytest.raises(InvalidParameters, match="Give a single model"):
        bench.train(frame, response_column="y", checkpoint="model")
