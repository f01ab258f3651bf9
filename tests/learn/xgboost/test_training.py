"""Boosters against the xgboost library driven by hand, double names, scoring, stopping, continuing, calibration."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
import xgboost
from workbench import numbers, table

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column
from artesian.learn import validate
from artesian.learn.base.calibration import Calibration
from artesian.learn.base.details import Category

CATEGORIES = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)


def inputs(frame):
    """What the reference's one-hot encoding makes of the table: levels of c and its missing bucket, then a and b."""
    codes = frame["c"].codes()
    one_hot = (codes[:, None] == np.array([0, 1, 2, -1])).astype(np.float32)
    return np.column_stack([one_hot, frame["a"].floats(np.float32), frame["b"].floats(np.float32)])


OBJECTIVES = {
    Category.REGRESSION: {"objective": "reg:squarederror"},
    Category.BINOMIAL: {"objective": "binary:logistic"},
    Category.MULTINOMIAL: {"objective": "multi:softprob", "num_class": 3},
}


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize(
    ("given", "native"),
    [
        ({}, {}),
        (
            {"learn_rate": 0.1, "min_rows": 5, "reg_lambda": 3, "reg_alpha": 0.5, "min_split_improvement": 0.1},
            {"eta": 0.1, "min_child_weight": 5, "lambda": 3, "alpha": 0.5, "gamma": 0.1},
        ),
        ({"eta": 0.2, "max_delta_step": 0.3, "max_depth": 2}, {"eta": 0.2, "max_delta_step": 0.3, "max_depth": 2}),
        (
            {"tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 5, "max_bins": 16},
            {"tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 5, "max_bin": 16},
        ),
    ],
)
def test_predictions_are_those_of_the_library_on_the_same_inputs(bench, category, given, native):
    frame = table(category)
    trained = bench.train(frame, response_column="y", ntrees=15, **{"max_depth": 4, **given})
    actual = np.asarray(frame["y"].floats())
    rows = xgboost.DMatrix(inputs(frame), actual)
    parameters = {"tree_method": "exact", "max_depth": 4, **OBJECTIVES[category], **native}
    expected = xgboost.train(parameters, rows, 15).predict(rows)
    found = numbers(trained.predict(frame))
    if category is Category.REGRESSION:
        found = found[:, 0]
    elif category is Category.BINOMIAL:
        found = found[:, 1]
    # one-hot zeros are entries there and none here: the same splits, sums in another order
    assert found == pytest.approx(expected, abs=2e-4)


def test_linear_boosters_are_those_of_the_library(bench):
    frame = table(Category.REGRESSION)
    trained = bench.train(frame, response_column="y", booster="gblinear", ntrees=30)
    rows = xgboost.DMatrix(np.nan_to_num(inputs(frame)), np.asarray(frame["y"].floats()))
    native = {"booster": "gblinear", "updater": "coord_descent", "lambda": 1, "eta": 0.3}
    expected = xgboost.train(native, rows, 30).predict(rows)
    assert numbers(trained.predict(frame))[:, 0] == pytest.approx(expected, abs=1e-3)
    assert trained.details.variable_importances is None


def test_dart_drops_trees_by_the_seed(bench):
    frame = table(Category.BINOMIAL)
    options = {"response_column": "y", "booster": "dart", "rate_drop": 0.5}
    first = numbers(bench.train(frame, **options).predict(frame))
    plain = numbers(bench.train(frame, response_column="y").predict(frame))
    other = numbers(bench.train(frame, **{**options, "seed": 8}).predict(frame))
    assert not np.array_equal(first, plain)
    assert not np.array_equal(first, other)
    assert np.array_equal(first, numbers(bench.train(frame, **options).predict(frame)))


@pytest.mark.parametrize(
    ("name", "alias", "value", "refused"),
    [
        ("learn_rate", "eta", 0.1, True),
        ("sample_rate", "subsample", 0.7, True),
        ("col_sample_rate", "colsample_bylevel", 0.7, True),
        ("col_sample_rate_per_tree", "colsample_bytree", 0.7, True),
        ("max_abs_leafnode_pred", "max_delta_step", 0.1, True),
        ("min_rows", "min_child_weight", 4, False),
        ("min_split_improvement", "gamma", 1.0, False),
    ],
)
def test_double_names_mean_the_same(bench, name, alias, value, refused):
    frame = table(Category.BINOMIAL)
    own, by_alias = (bench.train(frame, response_column="y", **{n: value}) for n in (name, alias))
    assert np.array_equal(numbers(own.predict(frame)), numbers(by_alias.predict(frame)))
    assert not np.array_equal(
        numbers(own.predict(frame)), numbers(bench.train(frame, response_column="y").predict(frame))
    )
    assert by_alias.details.actual(name) == own.details.actual(alias) == value
    assert f"'{alias}'" in " ".join(validate("xgboost", {alias: value}).warnings)
    both = {name: value / 2, alias: value}
    if refused:
        with pytest.raises(InvalidParameters, match="are the same and were given different values"):
            bench.train(frame, response_column="y", **both)
    else:
        together = bench.train(frame, response_column="y", **both)
        assert np.array_equal(numbers(together.predict(frame)), numbers(by_alias.predict(frame)))


def test_a_weight_of_two_is_two_rows(bench):
    frame = table(Category.BINOMIAL)
    twice = np.arange(frame.n_rows) % 2 == 0
    weighted = frame.with_column("w", Column.integers(pl.Series(np.where(twice, 2, 1))))
    doubled = frame.gather(pl.Series(np.concatenate([np.arange(frame.n_rows), np.flatnonzero(twice)])))
    by_weight = bench.train(weighted, response_column="y", weights_column="w", min_rows=3)
    by_rows = bench.train(doubled, response_column="y", min_rows=3)
    assert numbers(by_weight.predict(frame)) == pytest.approx(numbers(by_rows.predict(frame)), abs=1e-4)


@pytest.mark.parametrize("method", ["exact", "hist", "approx"])
def test_depth_without_limit_grows_until_rows_run_out(bench, method):
    frame = table(Category.REGRESSION)
    model = bench.train(
        frame, response_column="y", max_depth=0, ntrees=1, tree_method=method, learn_rate=1, reg_lambda=0
    )
    assert numbers(model.predict(frame))[:, 0] == pytest.approx(np.asarray(frame["y"].floats()), abs=1e-4)


def test_offsets_are_added_to_the_margin(bench):
    frame = table(Category.BINOMIAL)
    shifted = frame.with_column("o", Column.reals(pl.Series(np.linspace(-1, 1, frame.n_rows))))
    model = bench.train(shifted, response_column="y", offset_column="o").model
    raw = model.raw(shifted)[:, 1]
    more = shifted.with_column("o", Column.reals(pl.Series(np.linspace(-1, 1, frame.n_rows) + 0.5)))
    logit = np.log(raw / (1 - raw)) + 0.5
    assert model.raw(more)[:, 1] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-5)
    with pytest.raises(InvalidArgument, match="no offset column 'o'"):
        model.raw(frame)


def test_monotone_constraints_hold(bench):
    frame = table(Category.REGRESSION)
    model = bench.train(frame, response_column="y", monotone_constraints={"a": -1}).model
    grid = np.linspace(-3, 3, 200)
    rows = frame.gather(pl.Series([5] * 200)).with_column("a", Column.reals(pl.Series(grid)))
    assert (np.diff(model.raw(rows)) <= 1e-6).all()
    for name, sentence in (("c", "is categorical"), ("y", "it is the response column"), ("z", "no column 'z'")):
        with pytest.raises(InvalidParameters, match=sentence):
            bench.train(frame, response_column="y", monotone_constraints={name: 1})


def test_interaction_constraints_hold(bench):
    frame = table(Category.REGRESSION)
    model = bench.train(frame, response_column="y", interaction_constraints=[["a", "b"], ["c"]]).model
    for _, _, nodes in model.all_nodes():
        below = [set() for _ in nodes.feature]
        for node, name in enumerate(nodes.feature):
            if name is None:
                continue
            met = below[node] | {name[0]}
            assert met <= {"a", "b"} or met <= {"c"}
            below[nodes.left[node]] = below[nodes.right[node]] = met
    assert model.n_rounds == 20


def test_continuing_equals_training_at_once(bench):
    frame = table(Category.MULTINOMIAL)
    options = {"response_column": "y", "sample_rate": 0.7, "col_sample_rate": 0.7}
    whole = bench.train(frame, ntrees=12, **options)
    bench.train(frame, key="half", ntrees=5, **options)
    rest = bench.train(frame, key="rest", ntrees=12, checkpoint="half", **options)
    assert numbers(rest.predict(frame)) == pytest.approx(numbers(whole.predict(frame)), abs=1e-5)
    assert rest.details.scoring_history.column("number_of_trees")[-1] == 12
    with pytest.raises(InvalidParameters, match="must be above 5"):
        bench.train(frame, ntrees=5, checkpoint="half", **options)
    with pytest.raises(InvalidParameters, match="'max_depth' parameter cannot change"):
        bench.train(frame, ntrees=9, checkpoint="half", max_depth=7, **options)


def test_early_stopping_repeats_and_ends_before_all_rounds(bench):
    frame, fresh = table(Category.BINOMIAL), table(Category.BINOMIAL, seed=3)
    options = {"response_column": "y", "ntrees": 300, "stopping_rounds": 2, "stopping_tolerance": 0.01}
    first, second = (bench.train(frame, validation=fresh, **options) for _ in range(2))
    assert first.details.actual("ntrees") == second.details.actual("ntrees") < 300
    assert np.array_equal(numbers(first.predict(frame)), numbers(second.predict(frame)))


def test_an_eval_metric_is_told_and_can_be_watched(bench):
    frame = table(Category.REGRESSION)
    trained = bench.train(
        frame, response_column="y", eval_metric="mae", stopping_metric="custom", stopping_rounds=3, ntrees=500
    )
    history = trained.details.scoring_history
    assert history.array("training_custom") == pytest.approx(history.array("training_mae"), abs=1e-5)
    alone = bench.train(
        frame, response_column="y", eval_metric="mae", score_eval_metric_only=True, score_tree_interval=5
    )
    told = alone.details.scoring_history.array("training_mae")
    assert not math.isnan(told[-1])
    assert np.isnan(told[1:-1]).all()
    with pytest.raises(InvalidArgument, match=r"Unknown metric function nosuch"):
        bench.train(frame, response_column="y", eval_metric="nosuch")
    with pytest.raises(InvalidParameters, match="stopping_metric"):
        bench.train(frame, response_column="y", stopping_metric="custom")


@pytest.mark.parametrize("method", ["PlattScaling", "IsotonicRegression"])
def test_calibrated_probabilities_stand_behind_the_others(bench, method):
    frame, other = table(Category.BINOMIAL), table(Category.BINOMIAL, seed=2)
    bench.add("other", other)
    trained = bench.train(
        frame, response_column="y", calibrate_model=True, calibration_frame="other", calibration_method=method
    )
    predictions = trained.predict(frame)
    assert predictions.columns == ["predict", "no", "yes", "cal_no", "cal_yes"]
    curve = Calibration.fit(method, trained.model.raw(other)[:, 1], np.asarray(other["y"].floats()))
    assert predictions["cal_yes"].to_numpy() == pytest.approx(curve.calibrated(predictions["yes"].to_numpy()), abs=1e-9)


def test_scale_pos_weight_weighs_the_second_class(bench):
    frame = table(Category.BINOMIAL)
    scaled = numbers(bench.train(frame, response_column="y", scale_pos_weight=3).predict(frame))[:, 1]
    rows = xgboost.DMatrix(inputs(frame), np.asarray(frame["y"].floats()))
    native = {"objective": "binary:logistic", "scale_pos_weight": 3, "tree_method": "exact", "max_depth": 4}
    assert scaled == pytest.approx(xgboost.train(native, rows, 20).predict(rows), abs=2e-4)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"tree_method": "exact", "grow_policy": "lossguide"}, "grow_policy"),
        ({"tree_method": "approx", "col_sample_rate": 0.5}, "tree_method"),
        ({"tree_method": "approx", "monotone_constraints": {"a": 1}}, "tree_method"),
        ({"booster": "gblinear", "monotone_constraints": {"a": 1}}, "monotone_constraints"),
        ({"distribution": "huber"}, "distribution"),
        ({"distribution": "gamma"}, "distribution"),
        ({"backend": "gpu"}, "backend"),
        ({"gpu_id": [0]}, "gpu_id"),
        ({"categorical_encoding": "Eigen"}, "categorical_encoding"),
        ({"scale_pos_weight": 2}, "scale_pos_weight"),
        ({"calibrate_model": True}, "calibrate_model"),
        ({"save_matrix_directory": "x"}, "save_matrix_directory"),
    ],
)
def test_what_cannot_be_is_refused_by_name(bench, given, field):
    with pytest.raises(InvalidParameters) as error:
        bench.train(table(Category.REGRESSION), response_column="y", **given)
    assert field in {problem.field for problem in error.value.problems}


def test_a_booster_has_one_round_however_short_the_time(bench):
    frame = table(Category.MULTINOMIAL)
    model = bench.train(frame, response_column="y", max_runtime_secs=1e-6).model
    assert len(model.trees.trees) == 3  # one of each class
    raw = model.raw(frame)
    np.testing.assert_allclose(raw.sum(axis=1), 1, atol=1e-6)
    assert len(np.unique(raw, axis=0)) > 1
