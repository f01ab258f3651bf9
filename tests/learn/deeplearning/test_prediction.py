"""Predictions against a forward pass written in numpy from the exported weights."""

from __future__ import annotations

import numpy as np
import pytest
from frames import with_numbers

from artesian.core.errors import InvalidArgument

ACTIVATIONS = {
    "Tanh": np.tanh,
    "Rectifier": lambda z: np.maximum(z, 0),
    "ExpRectifier": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
}


def layers(model, count):
    frames = model.frames()
    key = model.details.key
    weights = [np.column_stack([c.floats() for c in frames[f"{key}.weights.{i}"].columns]) for i in range(count)]
    biases = [frames[f"{key}.biases.{i}"]["C1"].floats() for i in range(count)]
    return weights, biases


def standardised(frame, names):
    columns = [frame[name].floats() for name in names]
    return np.column_stack([(c - c.mean()) / c.std(ddof=1) for c in columns])


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    "activation", [*ACTIVATIONS, "TanhWithDropout", "RectifierWithDropout", "ExpRectifierWithDropout"]
)
def test_class_probabilities(lab, numbers, activation):
    model = lab.train(
        numbers.select(["a", "b", "third"]), response_column="third", hidden=[7, 5], activation=activation, epochs=3,
        export_weights_and_biases=True, **({"hidden_dropout_ratios": [0.3, 0.1]} if "Dropout" in activation else {}),
    )  # fmt: skip
    weights, biases = layers(model, 3)
    keep = [0.7, 0.9] if "Dropout" in activation else [1, 1]
    x = standardised(numbers, ["a", "b"])
    for w, b, share in zip(weights[:2], biases[:2], keep, strict=True):
        x = share * ACTIVATIONS[activation.removesuffix("WithDropout")](x @ w.T + b)
    expected = softmax(x @ weights[2].T + biases[2])
    assert model.raw(numbers) == pytest.approx(expected, abs=1e-5)


def test_maxout_takes_the_larger_of_two_channels(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "y"]),
        response_column="y",
        hidden=[6],
        activation="Maxout",
        epochs=2,
        export_weights_and_biases=True,
    )
    weights, biases = layers(model, 2)
    assert weights[0].shape == (12, 2)
    z = standardised(numbers, ["a", "b"]) @ weights[0].T + biases[0]
    out = z.reshape(-1, 6, 2).max(axis=2) @ weights[1].T + biases[1]
    y = numbers["y"].floats()
    assert model.raw(numbers) == pytest.approx(out[:, 0] * y.std(ddof=1) + y.mean(), rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("distribution", ["poisson", "gamma", "tweedie"])
def test_log_link_amounts_are_exponentials_times_the_mean(lab, numbers, distribution):
    y = np.exp(numbers["a"].floats()) * 50
    frame = with_numbers(numbers.select(["a", "b"]), y=y)
    model = lab.train(
        frame,
        response_column="y",
        hidden=[6],
        activation="Tanh",
        epochs=2,
        distribution=distribution,
        export_weights_and_biases=True,
    )
    weights, biases = layers(model, 2)
    hidden = np.tanh(standardised(numbers, ["a", "b"]) @ weights[0].T + biases[0])
    out = hidden @ weights[1].T + biases[1]
    assert model.raw(frame) == pytest.approx(np.exp(out[:, 0]) * y.mean(), rel=1e-4)


def test_columns_without_standardising(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "y"]), response_column="y", hidden=[4], activation="Tanh", epochs=1, standardize=False,
        export_weights_and_biases=True,
    )  # fmt: skip
    weights, biases = layers(model, 2)
    x = np.column_stack([numbers["a"].floats(), numbers["b"].floats()])
    out = np.tanh(x @ weights[0].T + biases[0]) @ weights[1].T + biases[1]
    assert model.raw(numbers) == pytest.approx(out[:, 0], abs=1e-4)


def test_exported_frames_are_named_and_shaped_by_layer(lab, numbers):
    frame = numbers.select(["a", "b", "third", "half"])
    model = lab.train(
        frame, key="net", response_column="third", hidden=[4, 3], epochs=1, export_weights_and_biases=True
    )
    frames = model.frames()
    assert list(frames) == [
        "net.weights.0",
        "net.biases.0",
        "net.weights.1",
        "net.biases.1",
        "net.weights.2",
        "net.biases.2",
    ]
    assert frames["net.weights.0"].names == ("half.hi", "half.lo", "half.missing(NA)", "a", "b")
    assert [(f.n_rows, f.n_columns) for f in frames.values()] == [(4, 5), (4, 1), (3, 4), (3, 1), (3, 3), (3, 1)]
    extra = model.details.extra
    assert extra["weights"] == ["net.weights.0", "net.weights.1", "net.weights.2"]
    assert extra["catoffsets"] == [0, 3]
    assert extra["normsub"] == pytest.approx([numbers["a"].floats().mean(), numbers["b"].floats().mean()])
    assert extra["normmul"] == pytest.approx([1 / numbers[n].floats().std(ddof=1) for n in ("a", "b")])


def test_nothing_is_exported_unasked(lab, numbers):
    model = lab.train(numbers, response_column="y", hidden=[3], epochs=1)
    assert model.frames() == {}
    assert "weights" not in model.details.extra


def test_deep_features_are_the_hidden_activations(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "y"]),
        response_column="y",
        hidden=[5, 4],
        activation="Tanh",
        epochs=1,
        export_weights_and_biases=True,
    )
    weights, biases = layers(model, 3)
    first = np.tanh(standardised(numbers, ["a", "b"]) @ weights[0].T + biases[0])
    second = np.tanh(first @ weights[1].T + biases[1])
    features = model.predict_option(numbers, "deep_features_hidden_layer", 1)
    assert features.names == ("DF.L2.C1", "DF.L2.C2", "DF.L2.C3", "DF.L2.C4")
    assert np.column_stack([c.floats() for c in features.columns]) == pytest.approx(second, abs=1e-5)


@pytest.mark.parametrize("layer", [-1, 2, "first", True])
def test_an_unknown_hidden_layer_is_refused(lab, numbers, layer):
    model = lab.train(numbers, response_column="y", hidden=[3, 3], epochs=1)
    with pytest.raises(InvalidArgument, match="whole number from 0 to 1"):
        model.predict_option(numbers, "deep_features_hidden_layer", layer)
