"""Estimators: generated from the declarations, their parameters, and what training sends."""

from __future__ import annotations

import importlib.util
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from recording import Recorder
from sklearn.base import clone, is_classifier, is_regressor

from artesian.client.estimators import (
    H2OAutoEncoderEstimator,
    H2ODeepLearningEstimator,
    H2OEstimator,
    create_estimator,
)
from artesian.client.exceptions import (
    H2OModelBuilderErrorV3,
    H2OResponseError,
    H2OTypeError,
    H2OValueError,
    NotAvailable,
)
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame import H2OFrame
from artesian.client.frame.base import FrameBase

REPOSITORY = Path(__file__).resolve().parents[2]


def cars(key: str = "cars") -> H2OFrame:
    types = {"name": "string", "power": "int", "weight": "int", "w": "real", "cylinders": "enum"}
    return FrameBase._wrap(ExprNode.named(key, FrameInfo(10, 5, list(types), types)))


def test_generated_estimators_are_current() -> None:
    specification = importlib.util.spec_from_file_location("generator", REPOSITORY / "tools" / "generate_estimators.py")
    assert specification is not None
    assert specification.loader is not None
    generator = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(generator)
    assert generator.stale() == [], "run python tools/generate_estimators.py"


def test_every_declared_parameter_is_a_documented_keyword() -> None:
    from artesian.learn import algorithms
    from artesian.learn.base.parameters import fields_of

    declared = fields_of(algorithms()["deeplearning"].parameters)
    for estimator in (H2ODeepLearningEstimator, H2OAutoEncoderEstimator):
        keywords = list(inspect.signature(estimator.__init__).parameters)[1:]
        assert keywords == list(declared)
        assert all(f"\n        {name}: " in (estimator.__doc__ or "") for name in declared)


def test_defaults_are_written_as_the_official_client_writes_them() -> None:
    parameters = H2ODeepLearningEstimator().get_params()
    assert parameters["activation"] == "rectifier"
    assert parameters["initial_weight_distribution"] == "uniform_adaptive"
    assert parameters["missing_values_handling"] == "mean_imputation"
    assert parameters["categorical_encoding"] == "auto"
    assert parameters["hidden"] == (200, 200)
    assert parameters["epochs"] == 10.0
    assert H2OAutoEncoderEstimator().autoencoder is True


def test_parameters_are_attributes() -> None:
    estimator = H2ODeepLearningEstimator(epochs=3)
    estimator.epochs = 5
    assert estimator.get_params()["epochs"] == 5
    with pytest.raises(TypeError, match="epoch"):
        H2ODeepLearningEstimator(epoch=3)  # type: ignore[call-arg]
    with pytest.raises(H2OValueError, match=r"no parameter 'epoch'\. Did you mean 'epochs'"):
        estimator.set_params(epoch=3)


def test_scikit_learn_clones_and_asks() -> None:
    estimator = H2ODeepLearningEstimator(hidden=[3, 4], l1=0.5, distribution="bernoulli")
    copy = clone(estimator)
    assert copy is not estimator
    assert copy.get_params() == estimator.get_params()
    assert is_classifier(estimator)
    assert is_regressor(H2ODeepLearningEstimator())
    assert not is_regressor(H2OAutoEncoderEstimator())


def test_unknown_algorithms_are_named() -> None:
    with pytest.raises(NotAvailable, match="no estimator for 'coxph'"):
        create_estimator("coxph")


@pytest.fixture
def building(recorder: Recorder) -> Recorder:
    """A server that takes any model and has it done at once."""
    job = {"key": {"name": "job"}, "dest": {"name": "model"}, "status": "DONE", "progress": 1.0, "warnings": None}
    recorder.replies["POST /3/ModelBuilders/deeplearning"] = {"job": job, "messages": []}
    recorder.replies["GET /3/Jobs/job"] = {"jobs": [job]}
    output = {"model_category": "Regression", "training_metrics": None, "validation_metrics": None}
    recorder.replies["GET /3/Models/model"] = {
        "models": [{"algo": "deeplearning", "algo_full_name": "Deep Learning", "parameters": [], "output": output}]
    }
    return recorder


def sent(building: Recorder) -> dict[str, Any]:
    return next(data for endpoint, data in building.requests if endpoint.startswith("POST /3/ModelBuilders"))


def test_columns_by_name_and_number_become_ignored_ones(building: Recorder) -> None:
    estimator = H2ODeepLearningEstimator(hidden=[5], seed=1)
    assert estimator.train(x=[1, "weight"], y=-1, training_frame=cars(), weights_column="w") is estimator
    data = sent(building)
    assert data["response_column"] == "cylinders"
    assert data["ignored_columns"] == ['"name"']
    assert data["weights_column"] == "w"
    assert data["training_frame"] == "cars"
    assert (data["hidden"], data["seed"], data["epochs"]) == ([5], 1, 10.0)
    assert data["checkpoint"] is None
    assert estimator.type == "classifier"


def test_h2o3_is_told_only_what_was_set(building: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "is_artesian", False, raising=False)
    H2ODeepLearningEstimator(hidden=[5], epochs=10).train(y="power", training_frame=cars())
    data = {name: value for name, value in sent(building).items() if value is not None}
    assert set(data) == {"hidden", "training_frame", "response_column"}


def test_all_columns_are_predictors_unless_said(building: Recorder) -> None:
    H2ODeepLearningEstimator().train(y="cylinders", training_frame=cars(), validation_frame=cars("valid"))
    assert sent(building)["ignored_columns"] is None
    assert sent(building)["validation_frame"] == "valid"


def test_ignored_columns_may_be_named_instead(building: Recorder) -> None:
    H2ODeepLearningEstimator(ignored_columns=["name"]).train(y="power", training_frame=cars())
    assert sent(building)["ignored_columns"] == ['"name"']


def test_models_and_frames_travel_as_names(building: Recorder) -> None:
    previous = H2ODeepLearningEstimator(model_id="first")
    H2ODeepLearningEstimator(
        checkpoint=previous, initial_weights=[cars("w0"), cars("w1")], max_runtime_secs=5
    ).train(x="power", y="weight", training_frame=cars(), max_runtime_secs=7, model_id="second")  # fmt: skip
    data = sent(building)
    assert data["checkpoint"] == "first"
    assert data["initial_weights"] == ['"w0"', '"w1"']
    assert data["max_runtime_secs"] == 7
    assert data["model_id"] == "second"


@pytest.mark.parametrize("kind", [H2OAutoEncoderEstimator, H2ODeepLearningEstimator])
def test_an_autoencoder_has_no_response(kind: type[H2OEstimator], building: Recorder) -> None:
    estimator = kind(hidden=[2], autoencoder=True)
    estimator.train(x=["power", "weight"], training_frame=cars())
    assert sent(building)["autoencoder"] is True
    assert sent(building)["response_column"] is None
    assert sent(building)["ignored_columns"] == ['"name"', '"w"', '"cylinders"']
    assert estimator.type == "unsupervised"


def test_wrong_arguments_are_refused_before_anything_is_sent(building: Recorder) -> None:
    estimator = H2ODeepLearningEstimator()
    with pytest.raises(H2OValueError, match="'training_frame' is required"):
        estimator.train(y="power")
    with pytest.raises(H2OValueError, match=r"'powr' does not exist.*Did you mean 'power'"):
        estimator.train(x=["powr"], y="cylinders", training_frame=cars())
    with pytest.raises(H2OValueError, match="'y' is required"):
        estimator.train(x=["power"], training_frame=cars())
    with pytest.raises(H2OValueError, match="say the same"):
        estimator.train(x=["power"], y="weight", ignored_columns=["name"], training_frame=cars())
    with pytest.raises(H2OTypeError, match="max_runtime_secs"):
        estimator.train(y="weight", training_frame=cars(), max_runtime_secs="long")  # type: ignore[arg-type]
    assert building.requests == []


def test_warnings_of_the_server_are_issued_once(building: Recorder) -> None:
    text = "Constant columns are not used: C1."
    reply = building.replies["POST /3/ModelBuilders/deeplearning"]
    reply["messages"] = [{"message_type": "WARN", "field_name": "ignored", "message": text}]
    reply["job"]["warnings"] = [text, "Another."]
    with pytest.warns() as caught:
        H2ODeepLearningEstimator().train(y="weight", training_frame=cars())
    assert [str(warning.message) for warning in caught] == [text, "Another."]


def test_refusals_list_every_problem(building: Recorder) -> None:
    body = {
        "msg": "Two parameters are wrong.", "http_status": 412, "error_count": 2,
        "messages": [
            {"message_type": "ERRR", "field_name": "epochs", "message": "too few"},
            {"message_type": "WARN", "field_name": "rate", "message": "unused"},
            {"message_type": "ERRR", "field_name": "rho", "message": "too large"},
        ],
    }  # fmt: skip
    error = H2OResponseError(H2OModelBuilderErrorV3(body, "POST /3/ModelBuilders/deeplearning"))
    building.replies["POST /3/ModelBuilders/deeplearning"] = error
    with pytest.raises(H2OResponseError, match=r"(?s)Two parameters.*epochs: too few.*rho: too large") as raised:
        H2ODeepLearningEstimator(epochs=-1, rho=9).train(y="weight", training_frame=cars())
    assert raised.value.args[0].error_count == 2
    assert isinstance(raised.value, EnvironmentError)


def test_an_untrained_model_says_so() -> None:
    with pytest.raises(H2OValueError, match="not trained yet"):
        H2ODeepLearningEstimator().auc()
    assert "not trained yet" in repr(H2ODeepLearningEstimator())


def test_the_generator_writes_choices_in_snake_case() -> None:
    specification = importlib.util.spec_from_file_location("generator", REPOSITORY / "tools" / "generate_estimators.py")
    assert specification is not None
    assert specification.loader is not None
    generator = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(generator)
    names = ["AUTO", "RectifierWithDropout", "MACRO_OVR", "one_hot_internal", "OneHotInternal", "gaussian"]
    assert json.dumps([generator.snake(name) for name in names]) == json.dumps(
        ["auto", "rectifier_with_dropout", "macro_ovr", "one_hot_internal", "one_hot_internal", "gaussian"]
    )
