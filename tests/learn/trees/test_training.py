"""How boosting and forests go on, stop, sample and are measured."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from workbench import numbers, table

from artesian.core.errors import InvalidParameters
from artesian.frame import Column
from artesian.learn.base.details import Category
from artesian.learn.metrics import metrics_from_dict
from artesian.learn.trees.sampling import rows_in_bag


@pytest.fixture(params=["gbm", "drf"])
def bench(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("category", [Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL])
def test_a_continued_model_is_the_one_that_was_trained_at_once(bench, category):
    frame = table(category, rows=200)
    more = {"col_sample_rate_per_tree": 0.7} if bench.algorithm == "gbm" else {}
    bench.train(frame, key="first", response_column="y", ntrees=6, **more)
    continued = bench.train(frame, response_column="y", ntrees=15, checkpoint="first", **more)
    whole = bench.train(frame, response_column="y", ntrees=15, **more)
    assert np.array_equal(numbers(continued.predict(frame)), numbers(whole.predict(frame)))
    metrics = [metrics_from_dict(trained.details.training_metrics).mse for trained in (continued, whole)]
    assert metrics[0] == pytest.approx(metrics[1], rel=1e-12)
    assert continued.details.actual("ntrees") == 15
    assert continued.details.scoring_history.array("number_of_trees")[-1] == 15


def test_what_a_checkpoint_fixes_is_refused(bench):
    frame = table(Category.REGRESSION)
    bench.train(frame, key="first", response_column="y", ntrees=5)
    for name, value in {"max_depth": 3, "nbins": 12, "ntrees": 5}.items():
        with pytest.raises(InvalidParameters) as error:
            bench.train(frame, response_column="y", **{"ntrees": 9, "checkpoint": "first", name: value})
        assert [problem.field for problem in error.value.problems if problem.severity == "error"] == [name]


def test_early_stopping_ends_before_the_last_tree_and_folds_settle_the_main_model(bench):
    frame = table(Category.BINOMIAL, rows=300)
    asked = {"ntrees": 300, "stopping_rounds": 2, "stopping_tolerance": 0.01, "score_tree_interval": 1}
    alone = bench.train(frame, validation=table(Category.BINOMIAL, rows=300, seed=3), response_column="y", **asked)
    assert 5 <= alone.details.actual("ntrees") < 300
    main = bench.train(frame, response_column="y", nfolds=3, fold_assignment="Modulo", **asked)
    folds = [entry["key"] for entry in main.answer["models"]]
    from artesian.learn.base.model import load_model

    counts = [load_model(entry["folder"]).n_rounds for entry in main.answer["models"]]
    assert len(folds) == 3
    assert main.details.actual("ntrees") == max(1, int(np.mean(counts)))


def test_forests_are_measured_out_of_bag(drf):
    frame = table(Category.REGRESSION, rows=150)
    trained = drf.train(frame, response_column="y", ntrees=25)
    model = trained.model
    raw, actual = model.raw_columns(frame), np.asarray(frame["y"].floats())
    sums, counts = np.zeros(150), np.zeros(150)
    for number, seed in enumerate(model.seeds):
        outside = ~rows_in_bag(seed, 150, 0.632)
        sums[outside] += model.sums(raw, first=number, last=number + 1)[outside, 0]
        counts[outside] += 1
    seen = counts > 0
    expected = np.mean((sums[seen] / counts[seen] - actual[seen]) ** 2)
    assert trained.details.training_metrics["mse"] == pytest.approx(expected, rel=1e-9)
    assert trained.details.training_metrics["nobs"] == int(seen.sum())
    told = model.predict_option(frame, "row_to_tree_assignment", True).to_polars()
    assert told["tree_3"].to_list() == rows_in_bag(model.seeds[2], 150, 0.632).astype(int).tolist()


def test_two_classes_by_one_tree_or_by_two_agree_on_the_sum(drf):
    frame = table(Category.BINOMIAL, rows=200)
    double = drf.train(frame, response_column="y", ntrees=20, binomial_double_trees=True)
    assert double.details.model_summary.array("number_of_internal_trees")[0] == 40
    probabilities = double.predict(frame).select("no", "yes").to_numpy()
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(200))


def test_rates_by_class_draw_classes_apart():
    codes = np.repeat([0, 1], 20_000)
    taken = rows_in_bag(5, 40_000, 1.0, (0.2, 0.9), codes)
    assert taken[:20_000].mean() == pytest.approx(0.2, abs=0.01)
    assert taken[20_000:].mean() == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("distribution", ["gaussian", "bernoulli", "tweedie", "quantile"])
def test_monotone_predictions_never_turn(gbm, distribution):
    random = np.random.default_rng(3)
    a, b = random.normal(size=400), random.normal(size=400)
    signal = np.sin(3 * a) + a + b + random.normal(size=400)
    y = np.exp(signal / 2) if distribution == "tweedie" else signal
    columns = {"a": Column.reals(pl.Series(a)), "b": Column.reals(pl.Series(b)), "y": Column.reals(pl.Series(y))}
    if distribution == "bernoulli":
        columns["y"] = Column.enums(pl.Series((signal > 0).astype(np.uint32)), ["no", "yes"])
    from artesian.frame import Frame

    model = gbm.train(
        Frame.from_mapping(columns),
        response_column="y",
        distribution=distribution,
        monotone_constraints={"a": 1},
        ntrees=40,
        quantile_alpha=0.7,
    ).model
    grid = np.linspace(-3, 3, 200)
    for fixed in (-1.0, 0.0, 1.5):
        moved = {"a": Column.reals(pl.Series(grid)), "b": Column.reals(pl.Series(np.full(200, fixed)))}
        raw = model.raw(Frame.from_mapping(moved))
        rising = raw if raw.ndim == 1 else raw[:, 1]
        assert (np.diff(rising) >= -1e-12).all()
        assert rising[-1] > rising[0]


def test_columns_of_different_groups_never_share_a_path(gbm):
    frame = table(Category.REGRESSION, rows=300)
    trained = gbm.train(frame, response_column="y", interaction_constraints=[["a", "b"], ["c"]], ntrees=10)
    for _, _, nodes in trained.model.all_nodes():
        seen = [set() for _ in range(len(nodes))]
        for node, name in enumerate(nodes.feature):
            if name is None:
                assert seen[node] <= {"a", "b"} or seen[node] <= {"c"}
                continue
            for child in (nodes.left[node], nodes.right[node]):
                seen[child] = seen[node] | {name}


def test_two_numbers_are_classes_to_quasibinomial(gbm):
    frame = table(Category.BINOMIAL)
    as_numbers = frame.with_column("y", Column.integers(frame["y"].values.cast(pl.Int64)))
    quasi = gbm.train(as_numbers, response_column="y", distribution="quasibinomial")
    usual = gbm.train(frame, response_column="y")
    assert quasi.details.category is Category.BINOMIAL
    assert quasi.predict(frame).columns == ["predict", "p0", "p1"]
    assert quasi.predict(frame)["p1"].to_numpy() == pytest.approx(usual.predict(frame)["yes"].to_numpy())


def test_calibrated_probabilities_stand_beside_the_others(bench):
    frame, fresh = table(Category.BINOMIAL, rows=300), table(Category.BINOMIAL, rows=300, seed=5)
    bench.add("calibration", fresh)
    given = {"response_column": "y", "calibrate_model": True, "calibration_frame": "calibration"}
    for method in ("PlattScaling", "IsotonicRegression"):
        told = bench.train(frame, calibration_method=method, **given).predict(fresh)
        assert told.columns == ["predict", "no", "yes", "cal_no", "cal_yes"]
        actual = np.asarray(fresh["y"].floats())
        # both curves keep the mean of the response on the rows that they were learnt from
        assert told["cal_yes"].mean() == pytest.approx(actual.mean(), abs=1e-6)


def test_a_constant_response_is_learnt_where_it_is_allowed(bench):
    frame = table(Category.REGRESSION).with_column("y", Column.reals(pl.Series([2.5] * 120)))
    with pytest.raises(InvalidParameters, match="constant"):
        bench.train(frame, response_column="y")
    trained = bench.train(frame, response_column="y", check_constant_response=False)
    assert trained.predict(frame)["predict"].to_numpy() == pytest.approx(np.full(120, 2.5))


def test_too_few_rows_for_one_split_are_refused(gbm):
    with pytest.raises(InvalidParameters, match="min_rows=70: 140 rows are needed"):
        gbm.train(table(Category.REGRESSION), response_column="y", min_rows=70)
