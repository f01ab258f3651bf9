"""AutoML in the client: its parameters are checked, runs are watched, found again, ranked and explained."""

from __future__ import annotations

import gc
import inspect
import signal
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pytest
from recording import Recorder

import artesian as h2o
from artesian.automl import H2OAutoML, get_automl, get_leaderboard
from artesian.client import job, session
from artesian.client.exceptions import H2OJobCancelled, H2OResponseError, H2OTypeError, H2OValueError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame.base import FrameBase
from artesian.client.two_dim_table import H2OTwoDimTable

OFFICIAL = [
    "nfolds", "balance_classes", "class_sampling_factors", "max_after_balance_size", "max_runtime_secs",
    "max_runtime_secs_per_model", "max_models", "distribution", "stopping_metric", "stopping_tolerance", "stopping_rounds",
    "seed", "project_name", "exclude_algos", "include_algos", "exploitation_ratio", "modeling_plan", "preprocessing",
    "monotone_constraints", "keep_cross_validation_predictions", "keep_cross_validation_models",
    "keep_cross_validation_fold_assignment", "sort_metric", "custom_metric_func", "export_checkpoints_dir", "verbosity",
]  # fmt: skip
"""Arguments of the official client's class, in order (h2o 3.46.0.12)."""
MEMBERS = [
    "train", "leader", "leaderboard", "event_log", "training_info", "modeling_steps", "get_leaderboard", "get_best_model",
    "predict", "download_mojo", "download_pojo", "explain", "explain_row", "varimp", "varimp_heatmap", "model_correlation",
    "model_correlation_heatmap", "pd_multi_plot", "pareto_front", "project_name", "key", "detach",
]  # fmt: skip
PREDICTORS = ["power", "weight", "year"]


# --- parameters -------------------------------------------------------------------------------------------------------


def test_arguments_and_members_are_those_of_the_official_class() -> None:
    own = [name for name in inspect.signature(H2OAutoML).parameters if name != "kwargs"]
    assert own[: len(OFFICIAL)] == OFFICIAL
    assert not [name for name in MEMBERS if not hasattr(H2OAutoML, name)]
    assert list(inspect.signature(H2OAutoML.train).parameters)[1:] == [
        "x", "y", "training_frame", "fold_column", "weights_column", "validation_frame", "leaderboard_frame",
        "blending_frame",
    ]  # fmt: skip
    assert h2o.automl.get_automl is get_automl
    assert h2o.automl.autoh2o.H2OAutoML is H2OAutoML


def test_the_request_holds_what_is_given_where_the_server_looks_for_it() -> None:
    run = H2OAutoML(
        max_models=3, seed=1, exclude_algos=["GLM"], sort_metric="logloss", preprocessing=["target_encoding"],
        distribution={"type": "Tweedie", "tweedie_power": 1.7}, monotone_constraints={"power": -1},
        modeling_plan=["DRF", ("GBM", ["def_1"]), ("XGBoost", "defaults"), {"name": "GLM", "steps": [{"id": "def_1", "group": 2}]}],
        algo_parameters={"GBM__monotone_constraints": {"year": 1}}, fold_models_predict=True,
    )  # fmt: skip
    assert run.build_control["stopping_criteria"] == {
        "max_runtime_secs": None, "max_runtime_secs_per_model": None, "max_models": 3, "stopping_metric": "AUTO",
        "stopping_tolerance": None, "stopping_rounds": 3, "seed": 1,
    }  # fmt: skip
    assert (run.build_control["distribution"], run.build_control["tweedie_power"]) == ("tweedie", 1.7)
    assert run.distribution == {"type": "Tweedie", "tweedie_power": 1.7}
    assert run.build_models["preprocessing"] == [{"type": "targetencoding"}]
    assert run.build_models["modeling_plan"] == [
        {"name": "DRF"},
        {"name": "GBM", "steps": [{"id": "def_1"}]},
        {"name": "XGBoost", "alias": "defaults"},
        {"name": "GLM", "steps": [{"id": "def_1", "group": 2}]},
    ]
    assert run.build_models["algo_parameters"] == [
        {"scope": "GBM", "name": "monotone_constraints", "value": [{"key": "year", "value": 1}]},
        {"scope": "any", "name": "monotone_constraints", "value": [{"key": "power", "value": -1}]},
    ]
    assert run.monotone_constraints == {"power": -1}
    assert run.input_spec == {"sort_metric": "logloss"}
    run.distribution = "gaussian"
    assert "tweedie_power" not in run.build_control


@pytest.mark.parametrize(
    ("given", "kind", "sentence"),
    [
        ({"nfolds": 1}, AssertionError, "nfolds set to 1; use nfolds >=2"),
        ({"nfolds": -3}, ValueError, "nfolds set to -3"),
        ({"project_name": "1nvalid"}, H2OValueError, "H2OAutoML .* '1nvalid'"),
        ({"max_models": "many"}, H2OTypeError, "'max_models' must be None or an int"),
        ({"max_model": 3}, TypeError, "unexpected keyword argument 'max_model'"),
        ({"include_algos": ["GBM"], "exclude_algos": ["GLM"]}, AssertionError, "not both"),
        ({"modeling_plan": [{"steps": []}]}, AssertionError, "each definition must have a 'name' key"),
        ({"modeling_plan": [{"name": "GBM", "alias": "grids", "steps": []}]}, AssertionError, "only 1 or 2 keys"),
        ({"modeling_plan": [{"name": "GBM", "alias": "some"}]}, AssertionError, r"alias must be one of \['all', 'defaults'"),
        ({"modeling_plan": [{"name": "GBM", "dummy": []}]}, AssertionError, "only the following keys: name, alias, steps"),
        ({"modeling_plan": [{"name": "GBM", "steps": ["def_1"]}]}, AssertionError, "each step must be a dict"),
        ({"modeling_plan": [{"name": "GBM", "steps": [{"foo": 1}]}]}, AssertionError, "each step must have an 'id' key"),
        ({"modeling_plan": [{"name": "GBM", "steps": [{"id": "a", "weight": 0.5}]}]}, AssertionError, "weight must be an integer"),
        ({"modeling_plan": [["GBM"]]}, H2OTypeError, "'modeling_plan' must be"),
        ({"modeling_plan": [("GBM", "defaults", [])]}, AssertionError, "a name, and maybe its steps"),
        ({"modeling_plan": [("GBM", "dummy")]}, H2OTypeError, "one of"),
        ({"preprocessing": ["scaling"]}, AssertionError, "'target_encoding'"),
        ({"distribution": "custom"}, H2OValueError, "given as a dict with its function"),
        ({"distribution": {"type": "gamma", "tweedie_power": 1.5}}, AssertionError, "takes 'type' alone"),
        ({"verbosity": "loud"}, H2OValueError, "'verbosity' must be one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_at_once(given: dict[str, Any], kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind, match=sentence):
        H2OAutoML(**given)


def test_a_refused_value_leaves_the_one_before() -> None:
    run = H2OAutoML()
    with pytest.raises(AssertionError):
        run.nfolds = 1
    assert run.nfolds == -1
    run.nfolds = 3
    assert (run.nfolds, run.build_control["nfolds"]) == (3, 3)


def test_before_it_is_trained_a_run_has_nothing() -> None:
    run = H2OAutoML()
    assert (run.leader, run.training_info, run.modeling_steps) == (None, {}, [])
    with pytest.raises(H2OValueError, match="was not started"):
        run.get_leaderboard()
    with pytest.raises(H2OValueError, match="has not made one"):
        run.predict(FrameBase._wrap(ExprNode.named("f", FrameInfo())))


def test_an_official_server_is_not_asked_for_what_it_does_not_know(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = H2OAutoML(fold_models_predict=True, max_models=1)
    assert run._request()["build_models"]["fold_models_predict"] is True
    monkeypatch.setattr(recorder, "is_artesian", False)
    assert "fold_models_predict" not in run._request()["build_models"]


# --- a run ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(server_url: str) -> Iterator[SimpleNamespace]:
    """A run of two models and what it printed of itself, on cars of which `test` are held out."""
    h2o.connect(url=server_url, verbose=False)
    job.no_progress()
    frame = h2o.load_dataset("cars_20mpg")
    frame["economy_20mpg"] = frame["economy_20mpg"].asfactor()
    train, test = frame.split_frame([0.8], seed=1)
    run = H2OAutoML(
        max_models=2, nfolds=2, seed=1, include_algos=["GLM", "GBM"], project_name="shown", verbosity="info",
        keep_cross_validation_predictions=True,
    )  # fmt: skip
    printed: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("builtins.print", lambda *texts, **_: printed.append(" ".join(map(str, texts))))
        leader = run.train(x=PREDICTORS, y="economy_20mpg", training_frame=train)
    yield SimpleNamespace(run=run, train=train, test=test, leader=leader, printed="\n".join(printed))
    plt.close("all")
    gc.collect()
    h2o.remove_all()
    session.current().close()
    session._current = None
    job.show_progress()


def test_training_gives_the_best_model_and_tells_of_itself(trained: SimpleNamespace) -> None:
    run = trained.run
    assert trained.leader.model_id == run.leader.model_id == run.leaderboard[0, "model_id"]
    assert run.leaderboard.names == ["model_id", "auc", "logloss", "aucpr", "mean_per_class_error", "rmse", "mse"]
    assert run.leaderboard.frame_id == "shown_leaderboard"
    assert run.leaderboard.nrows == 2
    assert run.leaderboard[0, "auc"] == pytest.approx(run.leader.auc(xval=True))
    assert run.event_log.names == ["timestamp", "level", "stage", "message", "name", "value"]
    assert int(run.training_info["stop_epoch"]) >= int(run.training_info["start_epoch"])
    assert {step["name"] for step in run.modeling_steps} >= {"GLM", "GBM"}
    assert run.key == "shown@@economy_20mpg"
    assert run._build_resp["build_control"]["stopping_criteria"]["max_models"] == 2
    assert "Project: shown" in trained.printed
    assert "models, the best first:" in trained.printed
    assert run.predict(trained.test).nrows == trained.test.nrows


def test_a_run_is_found_again(trained: SimpleNamespace) -> None:
    run, found = trained.run, get_automl("shown")
    assert found["leader"].model_id == found.leader.model_id == run.leader.model_id
    assert (found.project_name, found["project_name"], found.key) == ("shown", "shown", run.key)
    assert found.leaderboard.get_frame_data() == run.leaderboard.get_frame_data()
    assert found.training_info == run.training_info
    assert get_leaderboard(found).get_frame_data() == get_leaderboard(run).get_frame_data()
    with pytest.raises(KeyError):
        found["predict"]
    with pytest.raises(H2OValueError, match="no AutoML run or project 'nothing'"):
        get_automl("nothing")
    with pytest.raises(H2OTypeError, match="'aml' must be an AutoMLRun"):
        get_leaderboard("shown")  # type: ignore[arg-type]


def test_leaderboards_have_the_columns_asked_for(trained: SimpleNamespace) -> None:
    board = trained.run.get_leaderboard("ALL")
    assert board.names[-3:] == ["training_time_ms", "predict_time_per_row_ms", "algo"]
    assert board.types["training_time_ms"] == "int" and board.types["algo"] == "string"
    assert trained.run.get_leaderboard(["step"]).names[-1] == "step"
    measured = h2o.make_leaderboard(trained.run, trained.test, sort_metric="logloss", extra_columns=["algo"])
    assert measured.names[1] == "logloss" and measured.names[-1] == "algo"
    for row in range(2):
        model = h2o.get_model(measured[row, "model_id"])
        assert measured[row, "logloss"] == pytest.approx(model.model_performance(trained.test).logloss())
    with pytest.raises(H2OValueError, match="'scoring_data' must be one of"):
        h2o.make_leaderboard(trained.run, scoring_data="test")
    with pytest.raises(H2OResponseError, match="no extra column 'alog'"):
        h2o.make_leaderboard(trained.run, extra_columns="alog").refresh()


def test_the_best_model_by_algorithm_and_criterion(trained: SimpleNamespace) -> None:
    run = trained.run
    ids = [row[0] for row in run.leaderboard["model_id"].as_data_frame(use_pandas=False, header=False)]
    assert run.get_best_model().model_id == ids[0]
    assert run.get_best_model("gBm").algo == "gbm" and run.get_best_model("GLM").algo == "glm"
    assert run.get_best_model("drf") is None
    losses = {name: h2o.get_model(name).logloss(xval=True) for name in ids}
    assert run.get_best_model(criterion="LogLoss").model_id == min(losses, key=losses.__getitem__)
    assert run.get_best_model("basemodel", "training_time_ms").model_id in ids
    with pytest.raises(H2OValueError, match=r"'GXboost' is not one of .* Did you mean 'xgboost'"):
        run.get_best_model("GXboost")
    with pytest.raises(H2OValueError, match="'mae' is not a column of the leaderboard"):
        run.get_best_model(criterion="mae")


def test_a_run_and_a_part_of_its_leaderboard_are_explained(trained: SimpleNamespace) -> None:
    run = trained.run
    found = run.explain(trained.test, columns=["power"], render=False)
    assert {
        "leaderboard",
        "confusion_matrix",
        "learning_curve",
        "varimp_heatmap",
        "model_correlation_heatmap",
        "pdp",
    } <= set(found)
    assert found["leaderboard"]["data"].nrows == 2
    assert list(found["confusion_matrix"]["plots"]) == [run.leader.model_id]  # of the best model alone
    assert run.varimp(use_pandas=True).shape == (3, 2)
    assert h2o.varimp(run.leaderboard.head(1), use_pandas=False)[1] == [run.leader.model_id]
    assert run.model_correlation(trained.test).shape == (2, 2)
    assert run.pd_multi_plot(trained.test, "power").figure().axes
    row = run.explain_row(trained.test, 1, columns=["power"], render=False)
    assert row["leaderboard"]["data"].names[-3:] == ["predict", "p0", "p1"]


def test_models_that_nothing_beats_are_drawn(trained: SimpleNamespace) -> None:
    front = trained.run.pareto_front()
    ids = [row[0] for row in front["model_id"].as_data_frame(use_pandas=False, header=False)]
    assert trained.run.leader.model_id in ids
    assert "Pareto front of shown" in front.figure().axes[0].get_title()


def test_another_training_extends_the_leaderboard(trained: SimpleNamespace) -> None:
    run, before = trained.run, trained.run.leaderboard
    with pytest.raises(H2OValueError, match="``nfolds`` can not be modified after the first call to ``train``"):
        run.nfolds = 3
    ids = {row[0] for row in before["model_id"].as_data_frame(use_pandas=False, header=False)}
    run.sort_metric = "logloss"
    run._verbosity = None
    run.train(x=PREDICTORS, y="economy_20mpg", training_frame=trained.train)
    after = {row[0] for row in run.leaderboard["model_id"].as_data_frame(use_pandas=False, header=False)}
    assert ids < after and len(after) == 4
    assert run.leaderboard.names[1] == "logloss"
    h2o.remove(run)
    assert run.key is None and run.project_name is None
    assert not after & set(h2o.models())


def test_interrupted_runs_keep_what_is_there(trained: SimpleNamespace) -> None:
    run = H2OAutoML(max_runtime_secs=120, nfolds=0, include_algos=["GBM"], project_name="interrupted", verbosity=None)

    def interrupt() -> None:
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            reply = session.api("GET /99/AutoML/interrupted")
            if reply["project_name"] and reply["leaderboard"]["models"]:
                break
            time.sleep(0.2)
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs start without it
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        with pytest.raises(H2OJobCancelled):
            run.train(x=PREDICTORS, y="economy_20mpg", training_frame=trained.train)
    finally:
        signal.signal(signal.SIGINT, before)
    assert run.leader is not None
    assert run.leaderboard.nrows >= 1
    assert run.leader.predict(trained.test).nrows == trained.test.nrows


def test_columns_by_number_and_what_is_not_there(trained: SimpleNamespace) -> None:
    run = H2OAutoML(max_models=1)
    with pytest.raises(H2OValueError, match="'y' is required"):
        run.train(training_frame=trained.train)
    with pytest.raises(H2OValueError, match="does not exist in the frame"):
        run.train(y="economie", training_frame=trained.train)
    with pytest.raises(H2OResponseError, match="stopping_metric"):
        H2OAutoML(max_models=1, stopping_metric="speed").train(y=-1, training_frame=trained.train)
    assert isinstance(run.modeling_steps, list)
    assert isinstance(session.api("GET /99/AutoML/none")["leaderboard_table"], H2OTwoDimTable)
