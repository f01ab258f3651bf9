"""H2OGridSearch: what it sends, what it becomes by training, and grids by name, saved, loaded and resumed."""

from __future__ import annotations

import inspect
import math
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from recording import Recorder

from artesian.client.estimators import (
    H2OAutoEncoderEstimator,
    H2OGeneralizedLinearEstimator,
    H2OGradientBoostingEstimator,
    H2OKMeansEstimator,
)
from artesian.client.exceptions import H2OJobCancelled, H2OResponseError, H2OTypeError, H2OValueError
from artesian.client.grid import H2OBinomialGridSearch, H2OGridSearch, H2ORegressionGridSearch
from artesian.client.grid.grid_search import _text
from artesian.client.two_dim_table import H2OTwoDimTable

PREDICTORS = ["AGE", "DPROS", "PSA", "VOL", "GLEASON"]
PROSTATE = str(Path(__file__).resolve().parents[1] / "data" / "prostate.csv")


@pytest.fixture
def prostate(client: Any) -> Any:
    frame = client.import_file(PROSTATE)
    frame["CAPSULE"] = frame["CAPSULE"].asfactor()
    return frame


@pytest.fixture
def grid(client: Any, prostate: Any) -> H2OGridSearch:
    """Four linear models of two classes, two of them alike."""
    made = client.H2OGridSearch(
        H2OGeneralizedLinearEstimator(family="binomial", nfolds=2, fold_assignment="Modulo", seed=1),
        {"lambda_": [0.001, 0.1], "standardize": [True, False]},
        grid_id="glm_grid",
    )
    assert made.train(PREDICTORS, "CAPSULE", prostate) is made
    return made  # type: ignore[no-any-return]


def test_a_trained_grid_is_a_sequence_of_models_best_first(grid: H2OGridSearch) -> None:
    assert isinstance(grid, H2OBinomialGridSearch)
    assert type(grid).__name__ == "H2OGridSearch"
    assert len(grid) == 4
    assert [model.model_id for model in grid] == grid.model_ids
    assert grid[0].model_id == grid.model_ids[0]
    assert (grid.grid_id, grid.key, grid.hyper_names) == ("glm_grid", "glm_grid", ["lambda", "standardize"])
    losses = [model.logloss(xval=True) for model in grid]
    assert losses == sorted(losses)
    assert grid.logloss(xval=True) == dict(zip(grid.model_ids, losses, strict=True))
    assert all(isinstance(model, H2OGeneralizedLinearEstimator) for model in grid)
    assert all(model._estimator_type == "classifier" for model in grid)


def test_every_method_asks_each_model(grid: H2OGridSearch, prostate: Any) -> None:
    ids = set(grid.model_ids)
    for name in ("auc", "aucpr", "pr_auc", "mse", "rmse", "r2", "gini", "giniCoef", "aic", "null_deviance", "residual_deviance",
                 "null_degrees_of_freedom", "residual_degrees_of_freedom", "roc"):  # fmt: skip
        assert set(getattr(grid, name)(train=True)) == ids, name
    for name in ("F1", "F2", "F0point5", "accuracy", "error", "precision", "tpr", "tnr", "fnr", "fpr", "recall", "sensitivity",
                 "fallout", "missrate", "specificity", "mcc", "max_per_class_error", "mean_per_class_error"):  # fmt: skip
        found = getattr(grid, name)(xval=True)
        assert set(found) == ids
        assert all(math.isfinite(pairs[0][1]) for pairs in found.values()), name
    for name in ("coef", "coef_norm", "varimp", "scoring_history", "is_cross_validated", "xval_keys"):
        assert set(getattr(grid, name)()) == ids, name
    assert set(grid.confusion_matrix()) == set(grid.xvals()) == set(grid.model_performance(prostate)) == ids
    assert set(grid.find_threshold_by_max_metric("f1")) == set(grid.find_idx_by_threshold(0.5)) == ids
    assert {frame.nrows for frame in grid.predict(prostate).values()} == {prostate.nrows}
    assert grid.get_summary().col_header[0] == "Model Id"


def test_the_table_is_sorted_as_asked(grid: H2OGridSearch) -> None:
    table = grid.sorted_metric_table(use_pandas=False)
    assert isinstance(table, H2OTwoDimTable)
    assert table["model_ids"] == grid.model_ids
    assert set(table["lambda"]) == {0.001, 0.1}
    assert grid.get_grid() is grid
    falling = grid.get_grid("auc", decreasing=True)
    aucs = [model.auc(xval=True) for model in falling]
    assert aucs == sorted(aucs, reverse=True)
    assert isinstance(falling, H2OBinomialGridSearch)
    assert "auc" in str(falling)
    old = grid.sort_by("auc(xval=True)", increasing=False)
    assert old.col_header == ["Model Id", "Hyperparameters: [lambda_, standardize]", "auc(xval=True)"]
    assert [row[2] for row in old.cell_values] == aucs
    with pytest.raises(H2OResponseError, match="Did you mean 'logloss'"):
        grid.get_grid("loglos")


def test_hyper_parameters_of_a_model_by_place_and_by_name(grid: H2OGridSearch, capsys: Any) -> None:
    found = grid.get_hyperparams_dict(0)
    assert "Hyperparameters: [lambda, standardize]" in capsys.readouterr().out
    assert found == {name: grid[0].params[name]["actual"] for name in ("lambda", "standardize")}
    assert grid.get_hyperparams(grid.model_ids[0], display=False) == [found["lambda"][0], found["standardize"]]
    assert capsys.readouterr().out == ""
    with pytest.raises(H2OValueError, match="no model 'nothing'"):
        grid.get_hyperparams("nothing")


def test_a_grid_by_name_knows_what_was_searched_and_is_extended(
    client: Any, grid: H2OGridSearch, prostate: Any
) -> None:
    found = client.get_grid("glm_grid")
    assert isinstance(found, H2OGridSearch)
    assert found.model_ids == grid.model_ids
    assert {name: sorted(values) for name, values in found.hyper_params.items()} == {
        "lambda": [0.001, 0.1],
        "standardize": [False, True],
    }
    found.hyper_params["lambda"] = [0.001, 0.5]
    options = {"family": "binomial", "nfolds": 2, "fold_assignment": "Modulo", "seed": 1}
    found.train(PREDICTORS, "CAPSULE", prostate, **options)
    assert len(found.models) == 6
    with pytest.raises(H2OResponseError, match="no grid 'nothing'"):
        client.get_grid("nothing")


def test_failures_are_printed_and_raised_when_nothing_came(client: Any, prostate: Any, capsys: Any) -> None:
    grid = H2OGridSearch(H2OGradientBoostingEstimator(ntrees=2), {"learn_rate": [0.1, -1]})
    grid.train(PREDICTORS, "AGE", prostate, max_depth=2)
    assert isinstance(grid, H2ORegressionGridSearch)
    assert "learn_rate=-1: Illegal argument(s) for GBM" in capsys.readouterr().out
    assert grid.failed_raw_params == [["-1"]]
    assert grid.failed_params is not None
    assert grid.failed_params[0]["max_depth"] == 2
    with pytest.raises(ValueError, match="ERRR on field: _learn_rate"):
        H2OGridSearch(H2OGradientBoostingEstimator, {"learn_rate": [-1]}).train(PREDICTORS, "AGE", prostate)


def test_warnings_of_the_search_are_python_warnings(client: Any, prostate: Any) -> None:
    grid = H2OGridSearch(H2OGeneralizedLinearEstimator(family="binomial"), {"alpha": [0.1, 0.2]})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        grid.train(PREDICTORS, "CAPSULE", prostate)
    assert [one for one in caught if "Adding alpha array to hyperparameter runs slower" in str(one.message)]


def test_unsupervised_models_stay_in_order_and_are_asked_their_own_questions(client: Any, prostate: Any) -> None:
    clusters = H2OGridSearch(H2OKMeansEstimator(seed=1), {"k": [4, 2]})
    clusters.train(PREDICTORS, training_frame=prostate)
    assert [len(size) for size in clusters.size().values()] == [4, 2]  # type: ignore[attr-defined]
    assert set(clusters.size(train=True, xval=True)[clusters.model_ids[0]]) == {"train", "xval"}  # type: ignore[attr-defined]
    nets = H2OGridSearch(H2OAutoEncoderEstimator(epochs=1, seed=1), {"hidden": [[2], [3, 2, 3]]})
    nets.train(PREDICTORS, training_frame=prostate)
    assert [net.params["hidden"]["actual"] for net in nets] == [[2], [3, 2, 3]]
    assert set(nets.anomaly(prostate)) == set(nets.model_ids)  # type: ignore[attr-defined]
    assert nets.get_hyperparams_dict(1, display=False) == {"hidden": [3, 2, 3]}
    assert "[3, 2, 3]" in str(nets)


def test_a_search_in_the_background_is_watched_cancelled_and_resumed(client: Any, prostate: Any) -> None:
    grid = H2OGridSearch(H2OGradientBoostingEstimator(seed=1), {"ntrees": list(range(1, 30))}, grid_id="background")
    with pytest.raises(H2OValueError, match="call start"):
        grid.cancel()
    with pytest.raises(H2OValueError, match="call start"):
        grid.join()
    grid.start(PREDICTORS, "AGE", prostate)
    deadline = time.monotonic() + 60
    while not client.get_grid("background").models and time.monotonic() < deadline:
        time.sleep(0.05)
    grid.cancel()
    with pytest.raises(H2OJobCancelled):
        grid.join()
    assert 0 < len(grid) < 29
    grid.resume(detach=True)
    grid.join()
    assert sorted(model.params["ntrees"]["actual"] for model in grid) == list(range(1, 30))


def test_a_grid_is_saved_and_loaded(client: Any, grid: H2OGridSearch, tmp_path: Path) -> None:
    path = client.save_grid(str(tmp_path), "glm_grid", save_params_references=True)
    assert path == f"{tmp_path}/glm_grid"
    ids, losses = grid.model_ids, grid.logloss(xval=True)
    client.remove_all()
    loaded = client.load_grid(path, load_params_references=True)
    assert (loaded.model_ids, loaded.logloss(xval=True)) == (ids, losses)
    with pytest.raises(H2OResponseError, match="nothing to resume"):
        client.resume(str(tmp_path))


def test_removing_a_grid_removes_its_models(client: Any, grid: H2OGridSearch) -> None:
    client.remove(grid)
    assert not set(grid.model_ids) & set(client.models())


# --- without a server ---


def test_arguments_of_the_wrong_type_are_named_before_anything_is_sent(recorder: Recorder) -> None:
    for arguments, name in (
        (("gbm", {}), "model"),
        ((H2OGradientBoostingEstimator, [1]), "hyper_params"),
        ((H2OGradientBoostingEstimator, {}, 7), "grid_id"),
        ((H2OGradientBoostingEstimator, {}, None, "random"), "search_criteria"),
    ):
        with pytest.raises(H2OTypeError, match=f"'{name}'"):
            H2OGridSearch(*arguments)  # type: ignore[arg-type]
    untrained = H2OGridSearch(H2OGradientBoostingEstimator, {"ntrees": [1, 2]})
    assert "ntrees" in str(untrained)
    with pytest.raises(H2OValueError, match="not trained yet"):
        untrained.model_ids
    with pytest.raises(H2OValueError, match="no estimator"):
        H2OGridSearch(None, {}).train(training_frame=None)
    assert recorder.requests == []


def test_hyper_parameters_go_as_json() -> None:
    assert _text({"a": [1, 2.5, True, None, "x"], "b": "y"}) == '{"a": [1, 2.5, true, null, "x"], "b": "y"}'
    assert _text({"subspaces": [{"hidden": [(1, 2)]}]}) == '{"subspaces": [{"hidden": [[1, 2]]}]}'
    assert _text({"a": range(2)}) == '{"a": range(0, 2)}'  # the server refuses it with its sentence


OFFICIAL = [
    "F0point5",
    "F1",
    "F2",
    "accuracy",
    "aic",
    "auc",
    "aucpr",
    "biases",
    "cancel",
    "catoffsets",
    "coef",
    "coef_norm",
    "confusion_matrix",
    "deepfeatures",
    "detach",
    "error",
    "failed_params",
    "failed_raw_params",
    "failure_details",
    "failure_stack_traces",
    "fallout",
    "find_idx_by_threshold",
    "find_threshold_by_max_metric",
    "fnr",
    "fpr",
    "get_grid",
    "get_hyperparams",
    "get_hyperparams_dict",
    "get_summary",
    "get_xval_models",
    "gini",
    "giniCoef",
    "grid_id",
    "hyper_names",
    "is_cross_validated",
    "join",
    "key",
    "logloss",
    "mae",
    "max_per_class_error",
    "mcc",
    "mean_per_class_error",
    "mean_residual_deviance",
    "metric",
    "missrate",
    "model_ids",
    "model_performance",
    "mse",
    "normmul",
    "normsub",
    "null_degrees_of_freedom",
    "null_deviance",
    "pareto_front",
    "pprint_coef",
    "pr_auc",
    "precision",
    "predict",
    "r2",
    "recall",
    "residual_degrees_of_freedom",
    "residual_deviance",
    "respmul",
    "respsub",
    "resume",
    "rmse",
    "rmsle",
    "roc",
    "scoring_history",
    "sensitivity",
    "show",
    "show_summary",
    "sort_by",
    "sorted_metric_table",
    "specificity",
    "start",
    "summary",
    "tnr",
    "tpr",
    "train",
    "varimp",
    "weights",
    "xval_keys",
    "xvals",
]
"""The public members of the official client's grid of two classes (3.46.0.12), less those that only its own parts use."""


@pytest.mark.parametrize("name", OFFICIAL)
def test_each_public_member_of_the_official_class_is_here(name: str) -> None:
    member = getattr(H2OBinomialGridSearch, name, None) or getattr(H2OGridSearch, name)
    assert inspect.getdoc(member)
