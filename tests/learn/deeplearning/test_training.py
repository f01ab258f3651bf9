"""The course of a training: what is minimised, when it stops, which network is kept, what is told of it."""

from __future__ import annotations

import logging
import math

import numpy as np
import polars as pl
import pytest
from frames import frame_of, with_numbers

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.metrics import metrics_from_dict

NET = {"hidden": [20, 20], "activation": "Tanh"}


def raw(model, frame):
    return model.raw(frame)


# ---- losses and distributions ----


@pytest.fixture(scope="module")
def skewed() -> Frame:
    """2,000 rows: y is gamma distributed with mean exp(x) and shape 2; x has ten values."""
    random = np.random.default_rng(2)
    x = random.integers(0, 10, 2000) / 5 - 1
    return with_numbers(frame_of(x=x), y=random.gamma(2.0, np.exp(x) / 2.0))


def by_x(frame, values, statistic):
    x = frame["x"].floats()
    return np.array([statistic(values[x == level]) for level in np.unique(x)])


@pytest.mark.parametrize("distribution", ["gaussian", "poisson", "gamma", "tweedie"])
def test_mean_distributions_predict_the_mean(lab, skewed, distribution):
    model = lab.train(skewed, response_column="y", distribution=distribution, epochs=20, **NET)
    predicted = by_x(skewed, raw(model, skewed), np.mean)
    # the mean of 200 gamma(2) values has a relative standard error of 1/√(2·200) = 5 %; online steps add as much again
    assert predicted == pytest.approx(np.exp(np.unique(skewed["x"].floats())), rel=0.25)


def test_laplace_predicts_the_median_and_quantile_the_quantile(lab, skewed):
    y = skewed["y"].floats()
    median = lab.train(skewed, response_column="y", distribution="laplace", epochs=20, **NET)
    share_below = (y < raw(median, skewed)).mean()
    assert share_below == pytest.approx(0.5, abs=0.05)
    high = lab.train(skewed, response_column="y", distribution="quantile", quantile_alpha=0.9, epochs=20, **NET)
    assert (y < raw(high, skewed)).mean() == pytest.approx(0.9, abs=0.04)


def test_huber_is_not_drawn_away_by_outliers(lab):
    random = np.random.default_rng(3)
    x = random.normal(size=400)
    y = x + random.normal(0, 0.1, 400)
    y[:20] += 1000
    frame = with_numbers(frame_of(x=x), y=y)
    huber = lab.train(
        frame, response_column="y", distribution="huber", huber_alpha=0.8, epochs=60, hidden=[10], activation="Tanh"
    )
    squared = lab.train(frame, response_column="y", distribution="gaussian", epochs=60, hidden=[10], activation="Tanh")
    rest = slice(20, None)
    assert np.abs(raw(huber, frame)[rest] - x[rest]).mean() < 0.3 * np.abs(raw(squared, frame)[rest] - x[rest]).mean()


@pytest.mark.parametrize("distribution", ["gaussian", "gamma", "tweedie", "laplace"])
def test_the_unit_of_the_response_does_not_matter(lab, skewed, distribution):
    small = lab.train(skewed, response_column="y", distribution=distribution, epochs=3, **NET)
    large = with_numbers(skewed, y=skewed["y"].floats() * 4096)  # a power of two: float32 loses nothing
    big = lab.train(large, response_column="y", distribution=distribution, epochs=3, **NET)
    assert raw(big, skewed) == pytest.approx(4096 * raw(small, skewed), rel=1e-4)


def test_an_offset_is_added_before_the_inverse_link(lab, skewed):
    x = skewed["x"].floats()
    frame = with_numbers(skewed, zero=np.random.default_rng(1).normal(size=2000), o=x)
    model = lab.train(
        frame.select(["zero", "y", "o"]), response_column="y", offset_column="o", distribution="gamma", epochs=20, **NET
    )
    assert by_x(skewed, raw(model, frame), np.mean) == pytest.approx(np.exp(np.unique(x)), rel=0.25)
    shifted = with_numbers(frame, o=x + 1)
    assert raw(model, shifted) == pytest.approx(math.e * raw(model, frame), rel=1e-4)
    with pytest.raises(InvalidArgument, match="no offset column 'o'"):
        raw(model, frame.without(["o"]))


def test_squared_error_for_classes_learns_too(lab, numbers):
    model = lab.train(numbers.without(["y", "half"]), response_column="third", loss="Quadratic", epochs=40, **NET)
    assert metrics_from_dict(model.details.training_metrics).error < 0.1
    assert model.details.actual("loss") == "Quadratic"


# ---- optimisers ----


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"mini_batch_size": 8},
        {"fast_mode": False},
        {"adaptive_rate": False, "rate": 0.02, "rate_annealing": 1e-5, "rate_decay": 0.9},
        {"adaptive_rate": False, "rate": 0.02, "momentum_start": 0.5, "momentum_stable": 0.9, "momentum_ramp": 1000},
        {"adaptive_rate": False, "rate": 0.02, "momentum_start": 0.5, "momentum_stable": 0.9, "momentum_ramp": 1000, "nesterov_accelerated_gradient": False},
        {"l1": 1e-4, "l2": 1e-4, "max_w2": 10.0},
        {"initial_weight_distribution": "Normal", "initial_weight_scale": 0.3},
        {"initial_weight_distribution": "Uniform", "initial_weight_scale": 0.3},
        {"sparse": True},
        {"activation": "Maxout"},
        {"activation": "ExpRectifier"},
        {"activation": "RectifierWithDropout", "hidden_dropout_ratios": [0.1, 0.1], "input_dropout_ratio": 0.05},
        {"hidden": [10, 10, 10, 10]},
    ],
)  # fmt: skip
def test_every_way_of_training_fits_a_line(lab, numbers, parameters):
    model = lab.train(numbers.select(["a", "b", "y"]), response_column="y", epochs=60, **{**NET, **parameters})
    tolerance = 0.9 if "Dropout" in parameters.get("activation", "") else 0.97
    assert metrics_from_dict(model.details.training_metrics).r2 > tolerance


def test_max_w2_bounds_the_weights_into_a_unit(lab, numbers):
    model = lab.train(numbers.select(["a", "b", "y"]), response_column="y", max_w2=0.5, epochs=20, **NET)
    sums = [float((model.network.weights(layer) ** 2).sum(axis=1).max()) for layer in range(3)]
    assert max(sums) <= 0.5 * (1 + 1e-5)


def test_l1_makes_weights_small(lab, numbers):
    plain, penalised = (
        lab.train(numbers.select(["a", "b", "y"]), response_column="y", l1=l1, epochs=20, **NET) for l1 in (0.0, 1e-2)
    )
    assert np.abs(penalised.network.weights(1)).mean() < 0.5 * np.abs(plain.network.weights(1)).mean()


def test_layer_table_tells_of_the_layers(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "third"]), response_column="third", epochs=2, hidden=[4, 3], activation="RectifierWithDropout",
        hidden_dropout_ratios=[0.2, 0.1], input_dropout_ratio=0.05, l1=1e-5, mini_batch_size=4,
    )  # fmt: skip
    table = model.details.model_summary
    assert table.column("units") == (2, 4, 3, 3)
    assert table.column("type") == ("Input", "RectifierDropout", "RectifierDropout", "Softmax")
    assert table.column("dropout") == (5.0, 20.0, 10.0, None)
    assert table.column("mean_weight")[1] == pytest.approx(float(model.network.weights(0).mean()), rel=1e-5)
    assert table.column("weight_rms")[2] == pytest.approx(float(model.network.weights(1).std()), rel=1e-4)
    assert "39 weights/biases" in table.description  # (2+1)·4 + (4+1)·3 + (3+1)·3
    assert "mini-batch size 4" in table.description


def test_the_table_shows_the_momentum_that_was_used(lab, numbers):
    ramp = {"adaptive_rate": False, "momentum_start": 0.1, "momentum_stable": 0.5, "momentum_ramp": 800, "rate": 1e-3}
    table = lab.train(
        numbers.select(["a", "b", "y"]), response_column="y", epochs=2, **ramp, **NET
    ).details.model_summary
    # 400 of 800 samples: half way from 0.1 to 0.5
    assert table.column("momentum")[1] == pytest.approx(0.3, abs=0.002)


def test_without_diagnostics_the_table_has_no_statistics(lab, numbers):
    table = lab.train(numbers, response_column="y", epochs=1, diagnostics=False, **NET).details.model_summary
    assert table.column("mean_rate") == (None,) * 4


# ---- stopping ----


def test_classification_stop_ends_a_training_that_is_good_enough(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "half"]),
        response_column="half",
        epochs=500,
        classification_stop=0.05,
        stopping_rounds=0,
        **NET,
    )
    assert model.progress["epochs"] < 500
    assert metrics_from_dict(model.details.training_metrics).error <= 0.05


def test_minus_one_turns_the_thresholds_off(lab, numbers):
    constant_half = numbers.select(["a", "b", "half"])
    model = lab.train(
        constant_half, response_column="half", epochs=30, classification_stop=-1, stopping_rounds=0, **NET
    )
    assert model.progress["epochs"] == 30


def test_regression_stop(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "y"]), response_column="y", epochs=500, regression_stop=5.0, stopping_rounds=0, **NET
    )
    assert model.progress["epochs"] < 500
    assert metrics_from_dict(model.details.training_metrics).mse <= 5.0


def test_early_stopping_ends_when_the_validation_metric_does_not_improve(lab):
    random = np.random.default_rng(0)
    noise = frame_of(x=random.normal(size=60), z=random.normal(size=60), y=random.normal(size=60))
    fresh = frame_of(x=random.normal(size=60), z=random.normal(size=60), y=random.normal(size=60))
    model = lab.train(
        noise, fresh, response_column="y", epochs=2000, stopping_rounds=3, stopping_tolerance=0.01, hidden=[30]
    )
    assert model.progress["epochs"] < 2000
    history = model.details.scoring_history
    assert len(history) >= 2 * 3 + 1


def test_the_best_network_is_kept_and_shown_last(lab):
    random = np.random.default_rng(0)
    noise = frame_of(x=random.normal(size=60), z=random.normal(size=60), y=random.normal(size=60))
    fresh = frame_of(x=random.normal(size=60), z=random.normal(size=60), y=random.normal(size=60))
    settings = {"response_column": "y", "epochs": 60, "stopping_rounds": 0, "hidden": [50, 50]}
    best = lab.train(noise, fresh, **settings)
    deviances = best.details.scoring_history.array("validation_deviance")
    assert deviances[-1] == np.nanmin(deviances)
    assert metrics_from_dict(best.details.validation_metrics).mse == pytest.approx(np.nanmin(deviances))
    assert best.score(fresh).mse == pytest.approx(np.nanmin(deviances))
    last = lab.train(noise, fresh, overwrite_with_best_model=False, **settings)
    assert last.details.scoring_history.array("validation_deviance")[-1] > np.nanmin(deviances)


def test_an_unstable_training_stops_keeps_a_good_network_and_says_what_to_change(lab, numbers):
    wild = {"adaptive_rate": False, "rate": 1e6, "rate_annealing": 0, "activation": "Rectifier", "hidden": [20, 20]}
    model = lab.train(numbers.select(["a", "b", "y"]), response_column="y", epochs=50, **wild)
    warning = " ".join(model.details.warnings)
    assert "became unstable" in warning
    for remedy in ("Lower the rate", "max_w2", "l1 or l2", "Tanh"):
        assert remedy in warning
    assert warning in " ".join(lab.context.warnings)
    assert np.isfinite(raw(model, numbers)).all()
    assert model.details.training_metrics is not None


def test_fractions_of_epochs_and_none(lab, numbers):
    half = lab.train(numbers, response_column="y", epochs=0.505, **NET)
    assert half.progress["samples"] == 101
    none = lab.train(numbers, response_column="y", epochs=0, **NET)
    assert none.progress["samples"] == 0
    assert none.details.training_metrics is not None
    assert none.details.status == "DONE"


@pytest.mark.parametrize(("asked", "iterations"), [(50, 8), (0, 2), (-1, 2), (400, 1), (10_000, 1)])
def test_samples_per_iteration(lab, numbers, asked, iterations):
    model = lab.train(numbers, response_column="y", epochs=2, train_samples_per_iteration=asked, **NET)
    assert model.progress["iterations"] == iterations
    assert model.progress["samples"] == 400


def test_training_cut_otherwise_gives_the_same_network(lab, numbers):
    one, many = (
        lab.train(
            numbers,
            response_column="y",
            epochs=3,
            train_samples_per_iteration=n,
            overwrite_with_best_model=False,
            **NET,
        )
        for n in (600, 7)
    )
    assert np.array_equal(raw(one, numbers), raw(many, numbers))


# ---- what is scored ----


def test_history_counts_from_the_untrained_network(lab, numbers):
    history = lab.train(numbers, numbers, response_column="y", epochs=3, **NET).details.scoring_history
    assert history.column("epochs") == (0.0, 1.0, 2.0, 3.0)
    assert history.column("iterations") == (0, 1, 2, 3)
    assert history.column("samples") == (0.0, 200.0, 400.0, 600.0)
    assert history.column("training_speed")[0] is None
    assert history.column("training_speed")[1].endswith(" obs/sec")
    assert math.isnan(history.column("training_rmse")[0])
    assert history.column("validation_rmse")[3] == pytest.approx(history.column("training_rmse")[3])
    assert history.column_names[7:] == (
        "training_rmse", "training_deviance", "training_mae", "training_r2",
        "validation_rmse", "validation_deviance", "validation_mae", "validation_r2",
    )  # fmt: skip


def test_a_sample_of_rows_can_be_scored(lab, numbers):
    model = lab.train(
        numbers, numbers, response_column="y", epochs=1, score_training_samples=50, score_validation_samples=30, **NET
    )
    training, validation = (
        metrics_from_dict(m) for m in (model.details.training_metrics, model.details.validation_metrics)
    )
    assert (training.nobs, validation.nobs) == (50, 30)
    assert training.description == "Computed on 50 of the 200 rows of the training frame, drawn at random"
    assert validation.description == "Computed on 30 of the 200 rows of the validation frame, drawn at random"


def test_without_reproducible_a_short_training_is_scored_first_and_last(lab, numbers):
    settings = {"response_column": "y", "epochs": 10, "reproducible": False, "overwrite_with_best_model": False}
    model = lab.train(numbers, **settings, **NET)
    assert model.details.scoring_history.column("epochs") == (0.0, 1.0, 10.0)
    each = lab.train(numbers, **settings, score_each_iteration=True, **NET)
    assert len(each.details.scoring_history) == 11


@pytest.mark.parametrize(
    ("response", "parameters"),
    [
        ("y", {}),
        ("y", {"distribution": "laplace"}),
        ("y", {"stopping_metric": "MAE"}),
        ("half", {}),
        ("third", {"stopping_metric": "RMSE"}),
        (None, {"autoencoder": True}),
    ],
)
def test_a_glance_tells_what_a_scoring_would(lab, numbers, response, parameters):
    frame = numbers.select(["a", "b", response] if response else ["a", "b"])
    parameters = {
        "response_column": response,
        "epochs": 10,
        "reproducible": False,
        "classification_stop": -1,
        **parameters,
    }
    glances = lab.train(frame, **parameters, **NET)
    scores = lab.train(frame, score_each_iteration=True, **parameters, **NET)
    # the same network is the best of all iterations, whether each was scored or only glanced at
    assert np.array_equal(glances.raw(frame), scores.raw(frame))
    assert len(glances.details.scoring_history) < len(scores.details.scoring_history)


def test_quiet_mode_writes_nothing_to_the_log(lab, numbers, caplog):
    logger = logging.getLogger("artesian")
    propagate, logger.propagate = logger.propagate, True
    try:
        with caplog.at_level(logging.INFO, logger="artesian.deeplearning"):
            lab.train(numbers, response_column="third", epochs=1, quiet_mode=True, **NET)
            assert not caplog.records
            lab.train(numbers, response_column="third", epochs=1, max_confusion_matrix_size=3, **NET)
            text = "\n".join(record.getMessage() for record in caplog.records)
            assert "Confusion Matrix" in text
            caplog.clear()
            lab.train(numbers, response_column="third", epochs=1, max_confusion_matrix_size=2, **NET)
            assert "not printed" in "\n".join(record.getMessage() for record in caplog.records)
    finally:
        logger.propagate = propagate


# ---- classes ----


def test_balanced_classes_and_their_probabilities(lab):
    random = np.random.default_rng(4)
    x = random.normal(size=3000)
    rare = random.random(3000) < 1 / (1 + np.exp(4 - x))  # a few percent
    frame = frame_of(x=x, y=np.where(rare, "yes", "no"))
    model = lab.train(frame, response_column="y", balance_classes=True, epochs=8, hidden=[5], activation="Tanh")
    shares = np.array([1 - rare.mean(), rare.mean()])
    assert model.correction == pytest.approx(shares / 0.5)
    # the correction makes probabilities of the data as it is, not of the balanced one
    assert model.raw(frame)[:, 1].mean() == pytest.approx(rare.mean(), rel=0.3)
    assert model.progress["samples"] == 8 * 2 * int((~rare).sum())


def test_class_sampling_factors_leave_classes_out(lab, numbers):
    model = lab.train(
        numbers.select(["a", "b", "third"]),
        response_column="third",
        balance_classes=True,
        class_sampling_factors=[1, 0.5, 0],
        epochs=1,
        **NET,
    )
    counts = np.bincount(numbers["third"].codes())
    assert model.progress["samples"] == counts[0] + round(counts[1] / 2)


def test_rows_with_missing_values_can_be_skipped(lab, numbers):
    a = numbers["a"].floats().copy()
    a[:50] = math.nan
    frame = numbers.with_column("a", Column.reals(pl.Series(a)))
    skipped = lab.train(
        frame.select(["a", "b", "y"]), response_column="y", missing_values_handling="Skip", epochs=2, **NET
    )
    assert skipped.progress["samples"] == 300
    assert metrics_from_dict(skipped.details.training_metrics).nobs == 150
    without = lab.train(frame.slice(50, 150).select(["a", "b", "y"]), response_column="y", epochs=2, **NET)
    assert raw(skipped, numbers) == pytest.approx(raw(without, numbers), rel=1e-3, abs=1e-3)
    with pytest.raises(InvalidArgument, match="No row is left"):
        nothing = numbers.with_column("a", Column(numbers["a"].type, pl.Series([None] * 199 + [1.0]))).with_column(
            "b", Column(numbers["b"].type, pl.Series([1.0] + [None] * 199))
        )
        lab.train(nothing, response_column="y", missing_values_handling="Skip", ignore_const_cols=False)
