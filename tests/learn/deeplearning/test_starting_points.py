"""Where a network starts: given weights, an autoencoder, an earlier training; and the autoencoder itself."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from frames import frame_of

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame

NET = {"hidden": [4, 3], "activation": "Tanh"}


def matrix(array) -> Frame:
    array = np.atleast_2d(array)
    return Frame([f"C{i + 1}" for i in range(array.shape[1])], [Column.reals(pl.Series(c)) for c in array.T])


def test_a_network_of_given_weights_predicts_as_the_one_they_came_from(lab, numbers):
    frame = numbers.select(["a", "b", "third"])
    first = lab.train(frame, key="net", response_column="third", epochs=3, export_weights_and_biases=True, **NET)
    lab.frames |= first.frames()
    again = lab.train(
        frame, response_column="third", epochs=0,
        initial_weights=[f"net.weights.{i}" for i in range(3)], initial_biases=[f"net.biases.{i}" for i in range(3)], **NET,
    )  # fmt: skip
    assert again.raw(frame) == pytest.approx(first.raw(frame), abs=1e-6)


def test_gaps_leave_a_layer_as_it_would_be(lab, numbers):
    frame = numbers.select(["a", "b", "y"])
    lab.frames["w1"] = matrix(np.arange(12.0).reshape(3, 4))
    lab.frames["b0"] = matrix(np.arange(4.0)[:, None])
    plain = lab.train(frame, response_column="y", epochs=0, **NET)
    given = lab.train(
        frame,
        response_column="y",
        epochs=0,
        initial_weights=[None, "w1", None],
        initial_biases=["b0", None, None],
        **NET,
    )
    assert np.array_equal(given.network.weights(0), plain.network.weights(0))
    assert given.network.weights(1).tolist() == np.arange(12.0).reshape(3, 4).tolist()
    assert given.network.biases(0).tolist() == [0, 1, 2, 3]
    assert np.array_equal(given.network.biases(1), plain.network.biases(1))


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((2, 2)), "must have 4 rows and 2 columns. It has 2 and 2"),
        (np.array([[math.nan, 1]] * 4), "missing or infinite"),
    ],
)
def test_weights_that_do_not_fit_are_refused(lab, numbers, array, sentence):
    lab.frames["w"] = matrix(array)
    with pytest.raises(InvalidArgument, match=sentence):
        lab.train(numbers.select(["a", "b", "y"]), response_column="y", initial_weights=["w", None, None], **NET)


def test_a_pretrained_autoencoder_gives_its_hidden_layers(lab, numbers):
    frame = numbers.select(["a", "b", "y"])
    auto = lab.train(frame.select(["a", "b"]), key="auto", autoencoder=True, epochs=3, **NET)
    net = lab.train(frame, response_column="y", pretrained_autoencoder="auto", epochs=0, **NET)
    for layer in (0, 1):
        assert np.array_equal(net.network.weights(layer), auto.network.weights(layer))
        assert np.array_equal(net.network.biases(layer), auto.network.biases(layer))
    assert net.network.weights(2).shape == (1, 3)


def test_an_autoencoder_of_other_inputs_is_refused(lab, numbers):
    lab.train(numbers.select(["a", "b", "third"]), key="auto", autoencoder=True, epochs=1, **NET)
    with pytest.raises(InvalidArgument, match="Give both models the same columns"):
        lab.train(numbers.select(["a", "b", "y"]), response_column="y", pretrained_autoencoder="auto", **NET)


# ---- continuing ----


def test_the_history_goes_on(lab, numbers):
    frame = numbers.select(["a", "b", "y"])
    lab.train(frame, key="first", response_column="y", epochs=2, **NET)
    model = lab.train(frame, response_column="y", epochs=4, checkpoint="first", **NET)
    history = model.details.scoring_history
    assert history.column("epochs")[:5] == (0.0, 1.0, 2.0, 3.0, 4.0)
    assert model.progress["samples"] == 800
    assert model.details.extra["epochs"] == 4.0


def test_new_rows_are_scaled_as_the_old_ones_were(lab, numbers):
    frame = numbers.select(["a", "b", "y"])
    first = lab.train(frame.slice(0, 100), key="first", response_column="y", epochs=2, **NET)
    model = lab.train(frame.slice(100, 100), response_column="y", epochs=3, checkpoint="first", **NET)
    assert np.array_equal(model.design.numbers.means, first.design.numbers.means)
    assert model.amounts == first.amounts


def test_levels_in_another_order_continue_rightly(lab, numbers):
    frame = numbers.select(["a", "b", "third"])
    lab.train(frame, key="first", response_column="third", epochs=30, overwrite_with_best_model=False, **NET)
    turned = frame.with_column("third", Column.enums(2 - frame["third"].values.cast(pl.Int64), ["2", "1", "0"]))
    settings = {"response_column": "third", "epochs": 31, "checkpoint": "first", "overwrite_with_best_model": False}
    model, expected = lab.train(turned, **settings, **NET), lab.train(frame, **settings, **NET)
    assert np.array_equal(model.raw(frame), expected.raw(frame))
    assert model.details.response_domain == ["0", "1", "2"]


# ---- autoencoder ----


@pytest.fixture(scope="module")
def plane() -> Frame:
    """300 rows on a plane in four dimensions, and a categorical column that follows them."""
    random = np.random.default_rng(8)
    u, v = random.normal(size=300), random.normal(size=300)
    return frame_of(a=u, b=v, c=u + v, d=u - v, e=np.where(u > 0, "p", "n"))


def test_reconstructions_and_errors_by_hand(lab, plane):
    model = lab.train(plane, autoencoder=True, hidden=[3], activation="Tanh", epochs=40)
    inputs = model.design.transform(plane).to_dense().astype(float)
    output = model.network.forward(_rows(model, plane)).astype(float)
    errors = (output - inputs) ** 2
    per_row = model.predict_option(plane, "reconstruction_error", True)
    assert per_row.names == ("Reconstruction.MSE",)
    assert per_row["Reconstruction.MSE"].floats() == pytest.approx(errors.mean(axis=1), rel=1e-5)
    per_feature = model.predict_option(plane, "reconstruction_error_per_feature", True)
    assert per_feature.names[:3] == ("reconstr_e.n.SE", "reconstr_e.p.SE", "reconstr_e.missing(NA).SE")
    assert np.column_stack([c.floats() for c in per_feature.columns]) == pytest.approx(errors, rel=1e-5, abs=1e-9)
    assert model.score(plane).mse == pytest.approx(errors.mean(), rel=1e-5)
    table = model.predict(plane)
    a = plane["a"].floats()
    spread = a.max() - a.min()
    assert table["reconstr_a"].floats() == pytest.approx(output[:, 3] * spread + a.mean(), rel=1e-4, abs=1e-5)


def _rows(model, frame):
    from artesian.learn.deeplearning.model import input_rows

    return input_rows(model.design.transform(frame))


def test_training_reconstructs_better_than_the_untrained_network(lab, plane):
    model = lab.train(plane, autoencoder=True, hidden=[3], activation="Tanh", epochs=60)
    history = model.details.scoring_history.array("training_mse")
    assert history[-1] < 0.3 * history[0]
    assert model.details.scoring_history.column_names[7:] == ("training_rmse", "training_mse")


def test_an_outlier_has_the_largest_error(lab, plane):
    model = lab.train(plane, autoencoder=True, hidden=[2], activation="Tanh", epochs=60)
    odd = frame_of(a=[2.0], b=[2.0], c=[-4.0], d=[4.0], e=["n"])
    usual = model.predict_option(plane, "reconstruction_error", True)["Reconstruction.MSE"].floats()
    assert model.predict_option(odd, "reconstruction_error", True)["Reconstruction.MSE"].floats()[0] > np.quantile(
        usual, 0.99
    )


def test_missing_values_do_not_count_as_errors(lab, plane):
    model = lab.train(plane, autoencoder=True, hidden=[3], activation="Tanh", epochs=10)
    gap = plane.with_column("a", Column(plane["a"].type, pl.Series([None] * 300, dtype=pl.Float64)))
    errors = model.predict_option(gap, "reconstruction_error_per_feature", True)
    assert errors["reconstr_a.SE"].missing_count == 300
    rest = np.column_stack([errors[n].floats() for n in errors.names if n != "reconstr_a.SE"])
    assert model.row_errors(gap) == pytest.approx(rest.mean(axis=1), rel=1e-5)


@pytest.mark.parametrize("loss", ["Automatic", "Absolute", "Huber", "Quantile"])
def test_losses_of_an_autoencoder(lab, plane, loss):
    model = lab.train(plane, autoencoder=True, hidden=[3], activation="Tanh", epochs=40, loss=loss)
    history = model.details.scoring_history.array("training_mse")
    assert np.nanmin(history) < 0.6 * history[0]


def test_sparsity_draws_the_mean_activation(lab, plane):
    means = {}
    for wanted in (-0.5, 0.5):
        model = lab.train(
            plane, autoencoder=True, hidden=[6], activation="Tanh", epochs=60, average_activation=wanted, sparsity_beta=0.5,
            overwrite_with_best_model=False,
        )  # fmt: skip
        features = model.predict_option(plane, "deep_features_hidden_layer", 0)
        means[wanted] = np.mean([c.floats().mean() for c in features.columns])
    assert means[-0.5] < means[0.5] - 0.2


def test_errors_of_reconstruction_need_an_autoencoder(lab, numbers):
    model = lab.train(numbers, response_column="y", epochs=1, **NET)
    with pytest.raises(InvalidArgument, match="need an autoencoder"):
        model.predict_option(numbers, "reconstruction_error", True)
    with pytest.raises(InvalidArgument, match="no predictions of the kind 'leaves'"):
        model.predict_option(numbers, "leaves", True)
