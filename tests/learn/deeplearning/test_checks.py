"""Parameters that do not go together are refused by name; what is only without effect gets a warning."""

from __future__ import annotations

import pytest
from frames import with_numbers

REGRESSION = {"response_column": "y"}
CLASSES = {"response_column": "third"}
TWO = {"response_column": "half"}
AUTO = {"autoencoder": True}


@pytest.mark.parametrize(
    ("parameters", "field", "part"),
    [
        ({**REGRESSION, "hidden_dropout_ratios": [0.1, 0.2]}, "hidden_dropout_ratios", "needs an activation with dropout"),
        ({**REGRESSION, "activation": "TanhWithDropout", "hidden_dropout_ratios": [0.1]}, "hidden_dropout_ratios", "each of the 2 hidden layers. Got 1"),
        ({**REGRESSION, "initial_weights": ["w"]}, "initial_weights", "each of the 3 layers"),
        ({**REGRESSION, "sparsity_beta": 0.1}, "sparsity_beta", "for autoencoders only"),
        ({**REGRESSION, "average_activation": 0.1}, "average_activation", "for autoencoders only"),
        ({**TWO, "class_sampling_factors": [1, 2]}, "class_sampling_factors", "needs balance_classes=True"),
        ({**TWO, "balance_classes": True, "class_sampling_factors": [1, 2, 3]}, "class_sampling_factors", "each of the 2 classes. Got 3"),
        ({**REGRESSION, "balance_classes": True}, "balance_classes", "Only classes can be balanced"),
        ({**REGRESSION, "distribution": "bernoulli"}, "distribution", "needs a categorical response"),
        ({**REGRESSION, "loss": "CrossEntropy"}, "loss", "needs a categorical response"),
        ({**REGRESSION, "distribution": "laplace", "loss": "Quadratic"}, "loss", "must be Automatic or Absolute"),
        ({**REGRESSION, "distribution": "tweedie", "loss": "Quadratic"}, "loss", "must be Automatic"),
        ({**REGRESSION, "distribution": "poisson"}, "distribution", "needs a response of at least 0"),
        ({**REGRESSION, "distribution": "gamma"}, "distribution", "needs a response above 0"),
        ({**CLASSES, "distribution": "gaussian"}, "distribution", "is categorical"),
        ({**CLASSES, "distribution": "bernoulli"}, "distribution", "needs two classes. 'third' has 3"),
        ({**CLASSES, "loss": "Huber"}, "loss", "For a categorical response"),
        ({**CLASSES, "offset_column": "b"}, "offset_column", "amounts only"),
        ({**CLASSES, "stopping_metric": "deviance"}, "stopping_metric", "does not exist for multinomial"),
        ({**REGRESSION, "stopping_metric": "logloss"}, "stopping_metric", "does not exist for regression"),
        ({**REGRESSION, "stopping_metric": "custom"}, "stopping_metric", "needs a metric: give custom_metric_func"),
        ({**REGRESSION, "custom_metric_func": "python:x"}, "custom_metric_func", "runs no code of its clients"),
        ({**REGRESSION, "elastic_averaging": True}, "elastic_averaging", "one machine here"),
        ({**REGRESSION, "col_major": True}, "col_major", "not available"),
        ({**REGRESSION, "categorical_encoding": "Enum"}, "categorical_encoding", "needs numbers"),
        ({**REGRESSION, "hidden": [200000, 2000]}, "hidden", "at most 100,000,000"),
        ({**REGRESSION, "pretrained_autoencoder": "gone"}, "pretrained_autoencoder", "no model 'gone'"),
        ({**AUTO, "activation": "Maxout"}, "activation", "cannot be Maxout"),
        ({**AUTO, "loss": "CrossEntropy"}, "loss", "which is for classes"),
        ({**AUTO, "nfolds": 3}, "nfolds", "no response to cross-validate"),
        ({**AUTO, "distribution": "poisson"}, "distribution", "must be AUTO, gaussian"),
        ({**AUTO, "balance_classes": True}, "balance_classes", "no classes to balance"),
        ({**AUTO, "offset_column": "b"}, "offset_column", "no response"),
        ({**AUTO, "categorical_encoding": "SortByResponse"}, "categorical_encoding", "needs a response"),
        ({**AUTO, "stopping_metric": "MAE"}, "stopping_metric", "must be AUTO, MSE or RMSE"),
        ({**AUTO, "sparsity_beta": 0.1, "average_activation": -0.1}, "average_activation", "must be above 0"),
        ({**AUTO, "activation": "Tanh", "sparsity_beta": 0.1, "average_activation": 1.5}, "average_activation", "in (-1, 1)"),
    ],
)  # fmt: skip
def test_refused(lab, numbers, parameters, field, part):
    lab.frames["w"] = numbers
    assert part in lab.problems(numbers, **parameters).get(field, "nothing")


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"rate": 0.01}, "rate"),
        ({"momentum_stable": 0.9}, "momentum_stable"),
        ({"adaptive_rate": False, "rho": 0.9}, "rho"),
        ({"score_validation_sampling": "Stratified"}, "score_validation_sampling"),
    ],
)
def test_what_has_no_effect_is_said(lab, numbers, parameters, field):
    validated = lab.validate(numbers, **REGRESSION, **parameters)
    assert not validated.has_errors
    warned = {problem.field: problem.message for problem in validated.problems if problem.severity == "warning"}
    assert "has no effect unless" in warned[field] or "no effect unless" in warned[field]


@pytest.mark.parametrize(
    "parameters",
    [
        {"force_load_balance": False, "replicate_training_data": False, "single_node_mode": True, "quiet_mode": True},
        {"activation": "exprectifierwithdropout", "hidden_dropout_ratios": [0.2, 0.2]},
        {"loss": "Absolute", "distribution": "gaussian"},
        {"distribution": "quantile", "quantile_alpha": 0.9},
        {"max_w2": 3.4028235e38, "momentum_ramp": 1e6, "epochs": 0},
    ],
)
def test_accepted(lab, numbers, parameters):
    assert lab.problems(numbers, **REGRESSION, **parameters) == {}


def test_all_problems_come_at_once(lab, numbers):
    found = lab.problems(
        numbers,
        response_column="y",
        hidden=[0],
        rho=2,
        activation="Sigmoid",
        loss="CrossEntropy",
        nfolds=1,
        l1=-1,
        nonsense=1,
    )
    assert set(found) == {"hidden", "rho", "activation", "loss", "nfolds", "l1", "nonsense"}


# ---- checkpoints ----


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hidden": [4]}, "hidden"),
        ({"activation": "Tanh"}, "activation"),
        ({"adaptive_rate": False}, "adaptive_rate"),
        ({"standardize": False}, "standardize"),
        ({"rho": 0.9}, "rho"),
        ({"distribution": "laplace"}, "distribution"),
        ({"response_column": "b"}, "response_column"),
        ({"max_categorical_features": 3}, "max_categorical_features"),
        ({"nfolds": 3}, "nfolds"),
        ({"epochs": 1}, "epochs"),
        ({"initial_weights": ["w", "w"]}, "checkpoint"),
        ({"ignored_columns": ["half", "third", "a"]}, "checkpoint"),
    ],
)
def test_what_a_checkpoint_fixes(lab, numbers, change, field):
    lab.frames["w"] = numbers
    base = {"response_column": "y", "hidden": [3], "epochs": 1, "ignored_columns": ["half", "third"]}
    lab.train(numbers, key="before", **base)
    again = {**base, "epochs": 2, "checkpoint": "before"}
    assert lab.problems(numbers, **again) == {}
    assert field in lab.problems(numbers, **{**again, **change})


def test_settled_values_count_as_unchanged(lab, numbers):
    base = {"response_column": "half", "hidden": [3], "epochs": 1, "ignored_columns": ["third", "y"]}
    lab.train(numbers, key="before", **base)
    assert lab.problems(numbers, **{**base, "epochs": 2, "checkpoint": "before", "distribution": "bernoulli"}) == {}


def test_a_checkpoint_knows_its_levels_and_its_validation(lab, numbers):
    base = {"response_column": "y", "hidden": [3], "epochs": 1, "ignored_columns": ["half"]}
    lab.train(numbers, key="before", **base)
    again = {**base, "epochs": 2, "checkpoint": "before"}
    part = numbers.filter(numbers["third"].values != 0)
    assert lab.problems(part, **again) == {}
    wider = numbers.with_column("third", numbers["third"].__class__.enums(numbers["third"].values, ["0", "1", "new"]))
    assert "levels that the checkpoint does not know: new" in lab.problems(wider, **again)["checkpoint"]
    assert "had no validation frame" in lab.problems(numbers, numbers, **again)["validation_frame"]
    assert "which is not in the training frame" in lab.problems(numbers.without(["a"]), **again)["checkpoint"]


def test_an_autoencoder_continues_too(lab, numbers):
    frame = with_numbers(numbers.select(["a", "b"]))
    lab.train(frame, key="before", autoencoder=True, hidden=[2], epochs=1, activation="Tanh")
    assert lab.problems(frame, autoencoder=True, hidden=[2], epochs=2, activation="Tanh", checkpoint="before") == {}
    assert "autoencoder" in lab.problems(
        numbers, response_column="y", hidden=[2], epochs=2, activation="Tanh", checkpoint="before"
    )
