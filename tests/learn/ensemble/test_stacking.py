"""Stacked ensembles: what the metalearner learns from, what comes out, what is kept, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from stacking import Stack
from workbench import numbers, table

from artesian.core.errors import InvalidArgument
from artesian.frame import Column
from artesian.learn.base.details import Category
from artesian.learn.base.model import is_model, load_model
from artesian.learn.base.partial_dependence import DependenceOrder, partial_dependence
from artesian.learn.base.permutation import permutation_importance

CATEGORIES = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)
METALEARNERS = ("AUTO", "deeplearning", "drf", "gbm", "glm", "naivebayes", "xgboost", "greedy")


@pytest.fixture(scope="module")
def stacks(tmp_path_factory):
    made: dict[Category, Stack] = {}

    def get(category: Category) -> Stack:
        if category not in made:
            made[category] = Stack(tmp_path_factory.mktemp(category.value), category)
        return made[category]

    return get


@pytest.fixture
def binomial(stacks):
    return stacks(Category.BINOMIAL)


def second_class(stack: Stack, frame) -> np.ndarray:
    """What the base models predict of a frame [rows, models]."""
    return np.column_stack([stack.model(key).model.raw(frame)[:, 1] for key in stack.keys])


def held_out(stack: Stack) -> np.ndarray:
    frames = [stack.bench.frames[f"cv_holdout_prediction_{key}"] for key in stack.keys]
    return np.column_stack([frame.columns[2].floats() for frame in frames])


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.value)
@pytest.mark.parametrize("metalearner", METALEARNERS)
def test_every_metalearner_trains_predicts_and_is_kept(stacks, category, metalearner, tmp_path):
    if metalearner == "naivebayes" and category is Category.REGRESSION:
        pytest.skip("naive Bayes is of classes")
    stack = stacks(category)
    params = json.dumps({"hidden": [8], "epochs": [5]}) if metalearner == "deeplearning" else ""
    trained = stack.train(metalearner_algorithm=metalearner, metalearner_params=params)
    predicted = numbers(trained.predict(stack.fresh))
    assert np.isfinite(predicted).all()
    if category is not Category.REGRESSION:
        assert predicted.sum(axis=1) == pytest.approx(np.ones(stack.fresh.n_rows))
    again = load_model(trained.model.save(tmp_path / "kept"))
    assert is_model(tmp_path / "kept")
    assert np.array_equal(numbers(again.predict(stack.fresh).to_polars()), predicted)
    assert again.details.to_dict() == trained.details.to_dict()
    assert trained.details.training_metrics["nobs"] == stack.frame.n_rows
    name = "glm" if metalearner == "AUTO" else metalearner
    assert trained.details.actual("metalearner_algorithm") == name
    (meta,) = trained.answer["models"]
    assert meta["key"] == f"metalearner_{metalearner}_ensemble" == trained.details.extra["metalearner"]
    assert load_model(meta["folder"]).details.algorithm == name


def test_the_linear_metalearner_is_that_of_other_software_on_held_out_predictions(binomial):
    trained = binomial.train(metalearner_algorithm="glm", metalearner_params='{"lambda": [0], "standardize": [false]}')
    inputs, actual = held_out(binomial), binomial.frame["y"].codes()
    expected = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(inputs, actual)
    meta = load_model(trained.answer["models"][0]["folder"])
    assert np.ravel(meta.beta)[:-1] == pytest.approx(expected.coef_[0], rel=1e-2)
    predicted = numbers(trained.predict(binomial.fresh))[:, 1]
    reference = expected.predict_proba(second_class(binomial, binomial.fresh))[:, 1]
    assert predicted == pytest.approx(reference, abs=2e-3)


def test_auto_has_no_negative_coefficients_and_leaves_models_without_weight_out(binomial):
    binomial.add("glm", "noise", ignored_columns=["a", "c"], alpha=0.0, **{"lambda": 10.0})
    trained = binomial.train(base_models=[*binomial.keys, "noise"])
    meta = load_model(trained.answer["models"][0]["folder"])
    coefficients = np.atleast_2d(meta.beta)[0]
    assert (coefficients[:-1] >= 0).all()
    used = {name for name, value in zip(meta.coefficient_names, coefficients, strict=True) if value != 0}
    kept = {base.key for base in trained.model.bases if base.model is not None}
    assert kept == used - {"Intercept"}
    total = len(binomial.keys) + 1
    shown = dict(zip(*(trained.details.model_summary.column(n) for n in ("key", "value")), strict=True))
    assert shown["Number of base models (used / total)"] == f"{len(kept)}/{total}"
    assert shown["Stacking strategy"] == "cross_validation"


def test_training_metrics_are_of_the_ensemble_and_others_of_its_metalearner(binomial):
    trained = binomial.train(metalearner_nfolds=3, metalearner_fold_assignment="Modulo", validation_frame="fresh")
    meta = load_model(trained.answer["models"][-1]["folder"]).details
    details = trained.details
    predicted = numbers(trained.predict(binomial.frame))[:, 1]
    actual = binomial.frame["y"].codes()
    assert details.training_metrics["mse"] == pytest.approx(np.mean((actual - predicted) ** 2))
    fresh = numbers(trained.predict(binomial.fresh))[:, 1]
    assert details.validation_metrics["mse"] == pytest.approx(np.mean((binomial.fresh["y"].codes() - fresh) ** 2))
    assert details.validation_metrics["frame_id"] == "fresh"
    assert details.cross_validation_metrics["mse"] == meta.cross_validation_metrics["mse"]
    assert details.cross_validation_summary == meta.cross_validation_summary
    assert details.default_threshold == meta.default_threshold
    assert [entry["key"] for entry in trained.answer["models"]] == [
        *(f"metalearner_AUTO_ensemble_cv_{number}" for number in (1, 2, 3)),
        "metalearner_AUTO_ensemble",
    ]


def test_training_metrics_may_be_of_a_sample(binomial):
    trained = binomial.train(score_training_samples=100)
    assert trained.details.training_metrics["nobs"] == 100
    assert binomial.train(score_training_samples=0).details.training_metrics["nobs"] == binomial.frame.n_rows


def test_the_level_one_frame_is_kept_when_asked_for(stacks):
    stack = stacks(Category.MULTINOMIAL)
    trained = stack.train(keep_levelone_frame=True)
    key = trained.details.extra["levelone_frame_id"]
    assert key == "levelone_training_ensemble"
    kept = trained.frame(key)
    assert list(kept.names) == [f"{model}/{level}" for model in stack.keys for level in ("low", "mid", "top")] + ["y"]
    held = stack.bench.frames["cv_holdout_prediction_drf"]
    assert np.array_equal(kept["drf/mid"].floats(), held["mid"].floats())
    assert "levelone_frame_id" not in stack.train().details.extra


def test_a_blending_frame_is_predicted_and_learnt_from(binomial):
    trained = binomial.train(blending_frame="fresh", keep_levelone_frame=True)
    kept = trained.frame("levelone_training_ensemble")
    assert kept.n_rows == binomial.fresh.n_rows
    assert kept["gbm"].floats() == pytest.approx(binomial.model("gbm").model.raw(binomial.fresh)[:, 1])
    assert trained.details.extra["stacking_strategy"] == "blending"
    assert trained.details.training_metrics["nobs"] == binomial.frame.n_rows


def test_blending_needs_no_folds(tmp_path):
    stack = Stack(tmp_path, Category.BINOMIAL, algorithms=())
    for name in ("gbm", "glm"):
        stack.add(name, nfolds=0, fold_assignment="AUTO", keep_cross_validation_predictions=False)
    stack.keys = ["gbm", "glm"]
    assert "does not use cross-validation" in stack.problems()["base_models"]
    assert np.isfinite(numbers(stack.train(blending_frame="fresh").predict(stack.fresh))).all()


def test_log_odds_are_what_the_metalearner_sees(binomial):
    trained = binomial.train(metalearner_transform="Logit", keep_levelone_frame=True)
    probability = held_out(binomial)[:, 0]
    inside = np.clip(probability, 1e-9, 1 - 1e-9)
    kept = trained.frame("levelone_training_ensemble")["gbm"].floats()
    assert kept == pytest.approx(np.log(inside / (1 - inside)))
    assert np.isfinite(numbers(trained.predict(binomial.fresh))).all()


def test_levels_of_another_order_are_those_of_the_base_models(binomial):
    column = binomial.fresh["y"]
    turned = Column.enums(pl.Series(1 - column.codes()), ["yes", "no"])
    binomial.bench.add("turned", binomial.fresh.with_column("y", turned))
    straight = binomial.train(blending_frame="fresh")
    other = binomial.train(blending_frame="turned")
    assert np.array_equal(numbers(other.predict(binomial.fresh)), numbers(straight.predict(binomial.fresh)))
    assert other.model.score(binomial.bench.frames["turned"]).mse == other.model.score(binomial.fresh).mse


def test_weights_of_two_are_rows_of_twice(tmp_path):
    stack = Stack(tmp_path, Category.REGRESSION, algorithms=())
    twice = np.arange(stack.frame.n_rows) % 4 == 0
    stack.frame = stack.frame.with_column("w", Column.reals(pl.Series(np.where(twice, 2.0, 1.0))))
    for name in ("gbm", "glm"):
        stack.add(name, ignored_columns=["w"])
    stack.keys = ["gbm", "glm"]
    settings = {"metalearner_algorithm": "glm", "metalearner_params": '{"lambda": [0]}'}
    weighted = stack.train(weights_column="w", **settings)
    inputs = np.column_stack(
        [stack.bench.frames[f"cv_holdout_prediction_{key}"].columns[0].floats() for key in stack.keys]
    )
    design = np.column_stack([inputs, np.ones(len(inputs))]) * np.sqrt(np.where(twice, 2.0, 1.0))[:, None]
    actual = stack.frame["y"].floats() * np.sqrt(np.where(twice, 2.0, 1.0))
    expected = np.linalg.lstsq(design, actual, rcond=None)[0]
    base = np.column_stack([stack.model(key).model.raw(stack.fresh) for key in stack.keys] + [np.ones(150)])
    assert numbers(weighted.predict(stack.fresh))[:, 0] == pytest.approx(base @ expected, abs=1e-3)


def test_the_offset_is_that_of_the_base_models(tmp_path):
    stack = Stack(tmp_path, Category.REGRESSION, algorithms=())
    random = np.random.default_rng(1)
    for name in ("frame", "fresh"):
        frame = getattr(stack, name)
        setattr(stack, name, frame.with_column("o", Column.reals(pl.Series(random.normal(size=frame.n_rows)))))
    for name in ("gbm", "glm"):
        stack.add(name, offset_column="o")
    stack.keys = ["gbm", "glm"]
    trained = stack.train()
    assert trained.details.actual("offset_column") == "o"
    meta = load_model(trained.answer["models"][0]["folder"]).details
    assert meta.actual("offset_column") == "o"
    with pytest.raises(InvalidArgument, match="no offset column 'o'"):
        trained.predict(stack.fresh.without(["o"]))
    stack.add("glm", "plain")
    assert "same offset_column" in stack.problems(base_models=["gbm", "plain"])["offset_column"]


def test_an_ensemble_is_a_base_model_like_any_other(binomial):
    inner = binomial.train("inner", metalearner_nfolds=3, blending_frame="fresh")
    assert inner.model.bases
    trained = binomial.train("outer", base_models=["inner", "glm"], blending_frame="fresh")
    again = load_model(trained.folder)
    assert np.array_equal(numbers(again.predict(binomial.frame).to_polars()), numbers(trained.predict(binomial.frame)))


def test_models_of_folds_that_predict_together_can_be_stacked(tmp_path):
    stack = Stack(tmp_path, Category.BINOMIAL, algorithms=("glm",))
    stack.keys.append(stack.add("gbm", "bag", fold_models_predict=True))
    trained = stack.train(metalearner_algorithm="greedy")
    assert np.array_equal(
        numbers(load_model(trained.folder).predict(stack.fresh).to_polars()), numbers(trained.predict(stack.fresh))
    )


def test_it_can_be_looked_into_from_outside(binomial):
    trained = binomial.train()
    (dependence,) = partial_dependence(trained.model, binomial.frame, DependenceOrder(columns=("a",), bins=4))
    assert len(dependence) == 4
    found = permutation_importance(trained.model, binomial.frame, seed=1).to_polars()
    assert set(found["Variable"]) == {"a", "b", "c"}
    without = binomial.fresh.without(["c"])
    assert trained.model.notes(without) == ["The frame has no column 'c'; it counts as missing in all rows."]
    assert trained.predict(binomial.fresh.slice(0, 0)).height == 0


def test_the_same_seed_gives_the_same_ensemble(binomial):
    settings = {
        "metalearner_algorithm": "gbm",
        "metalearner_params": '{"sample_rate": [0.3], "ntrees": [10], "min_rows": [1]}',
    }
    first, second = (numbers(binomial.train(seed=5, **settings).predict(binomial.fresh)) for _ in range(2))
    other = numbers(binomial.train(seed=6, **settings).predict(binomial.fresh))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_parameters_of_the_metalearner_reach_it(binomial):
    params = '{"ntrees": [7], "max_depth": [2], "min_rows": [3]}'
    trained = binomial.train(metalearner_algorithm="gbm", metalearner_params=params)
    meta = load_model(trained.answer["models"][0]["folder"]).details
    assert [meta.actual(name) for name in ("ntrees", "max_depth", "min_rows")] == [7, 2, 3]
    assert trained.details.actual("metalearner_params") == params


# ---- distributions ----


def test_the_metalearner_takes_the_distribution_that_base_models_share(tmp_path):
    stack = Stack(tmp_path, Category.REGRESSION, algorithms=())
    positive = {name: np.abs(getattr(stack, name)["y"].floats()) + 0.1 for name in ("frame", "fresh")}
    for name, values in positive.items():
        setattr(stack, name, getattr(stack, name).with_column("y", Column.reals(pl.Series(values))))
    stack.add("gbm", "one", distribution="gamma")
    stack.add("gbm", "two", distribution="gamma", learn_rate=0.2)
    stack.add("gbm", "three", distribution="poisson")
    stack.add("gbm", "first_tweedie", distribution="tweedie", tweedie_power=1.2)
    stack.add("gbm", "second_tweedie", distribution="tweedie", tweedie_power=1.7)
    stack.add("drf", "forest")

    def taken(keys: list[str], metalearner: str = "gbm") -> str:
        trained = stack.train(base_models=keys, metalearner_algorithm=metalearner)
        meta = load_model(trained.answer["models"][0]["folder"]).details
        return meta.actual("family" if metalearner in ("glm", "AUTO") else "distribution")

    assert taken(["one", "two"]) == "gamma"
    assert taken(["one", "two"], "glm") == "gamma"
    assert taken(["one", "three"]) == "gaussian"
    assert (
        "different distributions, gamma and poisson"
        in stack.problems("warning", base_models=["one", "three"])["base_models"]
    )
    assert taken(["first_tweedie", "second_tweedie"]) == "gaussian"
    assert taken(["first_tweedie"]) == "tweedie"
    assert taken(["forest", "forest"]) == "gaussian"


# ---- refusals ----


@pytest.mark.parametrize(
    ("parameters", "field", "text"),
    [
        ({"base_models": []}, "base_models", "is required"),
        ({"base_models": ["gone"]}, "base_models", "There is no model 'gone'"),
        ({"metalearner_nfolds": 1}, "metalearner_nfolds", "at least 2"),
        ({"metalearner_nfolds": 3, "metalearner_fold_column": "c"}, "metalearner_nfolds", "either"),
        ({"metalearner_fold_column": "gone"}, "metalearner_fold_column", "no column 'gone'"),
        ({"metalearner_params": "[1]"}, "metalearner_params", "JSON object"),
        ({"metalearner_params": "{nonsense"}, "metalearner_params", "JSON object"),
        ({"metalearner_params": '{"alhpa": 1}'}, "metalearner_params", "Did you mean 'alpha'"),
        ({"metalearner_params": '{"alpha": [2]}'}, "metalearner_params", "alpha"),
        ({"metalearner_params": '{"nfolds": [2]}'}, "metalearner_params", "'nfolds' cannot be one"),
        ({"metalearner_algorithm": "greedy", "metalearner_transform": "Logit"}, "metalearner_transform", "greedy"),
        ({"metalearner_algorithm": "svm"}, "metalearner_algorithm", "must be one of"),
        ({"response_column": "c"}, "response_column", "that of its base models, 'y'"),
        ({"weights_column": "gone"}, "weights_column", "no column 'gone'"),
        ({"ignored_columns": ["gone"]}, "ignored_columns", "no column 'gone'"),
        ({"ignore_const_cols": False}, "ignore_const_cols", "not available"),
        ({"score_each_iteration": True}, "score_each_iteration", "not available"),
    ],
)
def test_what_cannot_be_stacked_is_refused_by_a_sentence(binomial, parameters, field, text):
    assert text in binomial.problems(**parameters)[field]


def test_base_models_must_fit_each_other(binomial, tmp_path):
    other = Stack(tmp_path, Category.REGRESSION, algorithms=("glm",))
    binomial.bench.models["amounts"] = other.model("glm")
    binomial.bench.frames["cv_holdout_prediction_amounts"] = other.bench.frames["cv_holdout_prediction_glm"]
    assert "mix of different categories" in binomial.problems(base_models=["gbm", "amounts"])["base_models"]
    half = binomial.frame.slice(0, 120)
    binomial.add("glm", "half", half)
    assert "different size (number of rows)" in binomial.problems(base_models=["gbm", "half"])["base_models"]
    binomial.add("glm", "forgetful", keep_cross_validation_predictions=False)
    assert "does not keep" in binomial.problems(base_models=["gbm", "forgetful"])["base_models"]
    binomial.add("glm", "five", nfolds=5)
    assert "different numbers of folds" in binomial.problems("warning", base_models=["gbm", "five"])["base_models"]
    renamed = table(Category.BINOMIAL, rows=240)
    levels = Column.enums(pl.Series(renamed["y"].codes()), ["ja", "nein"])
    binomial.add("glm", "foreign", renamed.with_column("y", levels))
    assert "has learnt the classes no, yes" in binomial.problems(base_models=["gbm", "foreign"])["base_models"]


def test_time_that_is_over_before_all_base_models_predicted_is_said(binomial):
    with pytest.raises(InvalidArgument, match="was over before all base models had predicted"):
        binomial.train(blending_frame="fresh", max_runtime_secs=1e-9)
    quick = binomial.train(max_runtime_secs=1e-9)
    assert np.isfinite(numbers(quick.predict(binomial.fresh))).all()


def test_part_folders_cannot_be_named_outside(binomial, tmp_path):
    trained = binomial.train()
    folder: Path = trained.model.save(tmp_path / "kept")
    (folder / "parts" / "metalearner" / "state.json").unlink()
    with pytest.raises(InvalidArgument, match=r"state\.json cannot be read"):
        load_model(folder)
