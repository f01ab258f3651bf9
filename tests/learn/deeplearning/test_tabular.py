"""The recipe tabular: what it learns, repeats, keeps, stops at, and refuses."""

from __future__ import annotations

import time

import numpy as np
import pytest
from frames import frame_of, with_numbers

from artesian.core.errors import Cancelled, InvalidArgument, InvalidParameters
from artesian.learn.base.context import PlainContext
from artesian.learn.base.details import Category
from artesian.learn.base.model import load_model
from artesian.learn.base.parameters import fields_of
from artesian.learn.deeplearning.parameters import DeepLearningParameters
from artesian.learn.deeplearning.recipe_parameters import RecipeParameters
from artesian.learn.deeplearning.tabular.checks import REFUSED
from artesian.learn.deeplearning.tabular.model import TabularModel
from artesian.learn.deeplearning.tabular.recipe import Recipe
from artesian.learn.metrics import metrics_from_dict

SMALL = {"recipe": "tabular", "hidden": [16, 16], "epochs": 12, "mini_batch_size": 32}
LONG = {**SMALL, "epochs": 100_000, "stopping_rounds": 0, "reproducible": False}


@pytest.fixture(scope="module")
def waves():
    """600 rows: y = sin(3a) + step of c + noise of deviation .1; the last 300 are held back."""
    random = np.random.default_rng(3)
    a, b = random.uniform(-2, 2, 600), random.normal(size=600)
    c = random.choice(["u", "v", "w"], 600)
    y = np.sin(3 * a) + np.where(c == "w", 1.0, 0.0) + random.normal(0, 0.1, 600)
    label = np.where(y > 0.4, "hi", np.where(y > -0.3, "mid", "lo"))
    frame = frame_of(a=a, b=b, c=c.tolist(), y=y, label=label.tolist(), two=np.where(y > 0.2, "p", "n").tolist())
    return frame.slice(0, 300), frame.slice(300, 300)


def rmse(model, frame):
    return float(np.sqrt(np.mean((model.raw(frame) - frame["y"].floats()) ** 2)))


def shown(metrics):
    return metrics_from_dict(metrics)


# ---- learning ----


def test_it_learns_waves_that_the_classic_recipe_does_not(lab, waves):
    train, test = waves
    ignored = {"ignored_columns": ["label", "two"], "response_column": "y", "reproducible": False}
    tabular = lab.train(train, recipe="tabular", **ignored)
    classic = lab.train(train, key="classic", **ignored)
    assert isinstance(tabular, TabularModel)
    # the noise has a deviation of .1, y itself one of .84
    assert rmse(tabular, test) < 0.17
    assert rmse(tabular, test) < 0.6 * rmse(classic, test)


def test_it_learns_classes(lab, waves):
    train, test = waves
    model = lab.train(
        train, recipe="tabular", response_column="label", ignored_columns=["y", "two"], reproducible=False
    )
    raw = model.raw(test)
    np.testing.assert_allclose(raw.sum(axis=1), 1.0, rtol=1e-6)
    metrics = model.score(test)
    assert metrics.log_loss < 0.45  # 1.05 by the classes' shares
    assert metrics.error < 0.18


def test_columns_that_matter_are_told(lab, waves):
    model = lab.train(waves[0], recipe="tabular", epochs=40, response_column="y", ignored_columns=["label", "two"])
    table = {row[0]: row[2] for row in model.details.variable_importances.rows()}
    assert max(table.values()) == 1.0
    assert table["b"] < 0.3 < min(table["a"], table["c"])


def test_rows_of_weight_0_are_not_there(lab, waves):
    train = waves[0]
    chosen = {**SMALL, "response_column": "y", "ignored_columns": ["label", "two"]}
    weighted = with_numbers(train, w=np.where(np.arange(300) < 200, 1.0, 0.0))
    some = lab.train(weighted, weights_column="w", **chosen)
    less = lab.train(train.slice(0, 200), key="less", **chosen)
    np.testing.assert_array_equal(some.raw(waves[1]), less.raw(waves[1]))


def test_weights_move_the_predictions_towards_heavy_rows(lab):
    # the same input with two responses: the best amount is the weighted mean, (3·1 + 1·0) / 4; without weights .5
    frame = frame_of(a=[0.0, 1.0] * 100, y=[0.0, 0.0, 1.0, 1.0] * 50, w=[1.0, 1.0, 3.0, 3.0] * 50)
    model = lab.train(frame, recipe="tabular", response_column="y", weights_column="w", epochs=60, hidden=[32, 32])
    np.testing.assert_allclose(model.raw(frame_of(a=[0.0, 1.0])), 0.75, atol=0.06)


def test_no_amount_lies_beyond_those_of_the_training(lab, waves):
    model = lab.train(waves[0], **SMALL, response_column="y", ignored_columns=["label", "two"])
    far = model.raw(frame_of(a=[1e9, -1e9], b=[1e9, -1e9], c=["w", "u"]))
    seen = waves[0]["y"].floats()
    assert seen.min() <= far.min() <= far.max() <= seen.max()


def test_balanced_classes_are_learnt_alike_and_told_as_they_are(lab):
    # the input says nothing: the best prediction is the share of each class in the data, balanced or not
    random = np.random.default_rng(4)
    frame = frame_of(a=random.normal(size=400), y=["rare" if i % 10 == 0 else "usual" for i in range(400)])
    chosen = {"recipe": "tabular", "response_column": "y", "epochs": 8, "hidden": [16], "dropout": 0.5}
    model = lab.train(frame, balance_classes=True, **chosen)
    rare = frame["y"].levels.index("rare")
    np.testing.assert_allclose(model.correction[rare] / model.correction[1 - rare], 0.1 / 0.9, rtol=1e-9)
    assert abs(model.raw(frame)[:, rare].mean() - 0.1) < 0.05
    model.correction = None  # what the networks themselves say
    assert abs(model.raw(frame)[:, rare].mean() - 0.5) < 0.1


def test_label_smoothing_makes_calmer_probabilities(lab, waves):
    chosen = {
        **SMALL,
        "epochs": 40,
        "reproducible": False,
        "response_column": "two",
        "ignored_columns": ["y", "label"],
        "dropout": 0.0,
    }
    chosen["overwrite_with_best_model"] = False
    plain = lab.train(waves[0], **chosen).raw(waves[0]).max(axis=1).mean()
    smooth = lab.train(waves[0], key="smooth", label_smoothing=0.3, **chosen).raw(waves[0]).max(axis=1).mean()
    # targets of .85 and .15 instead of 1 and 0
    assert smooth < 0.9 < plain


# ---- the same again ----


def test_a_seed_repeats_the_model_on_any_number_of_threads(lab, waves, tmp_path):
    chosen = {**SMALL, "response_column": "label", "ignored_columns": ["y", "two"]}
    first = lab.train(waves[0], **chosen)
    again = lab.train(waves[0], key="again", **chosen)
    threads = lab.train(waves[0], key="threads", context=PlainContext(tmp_path, threads=4), **chosen)
    other = lab.train(waves[0], key="other", seed=2, **chosen)
    for model in (again, threads):
        for mine, theirs in zip(first.members, model.members, strict=True):
            np.testing.assert_array_equal(mine, theirs)
        assert model.progress["best_epochs"] == first.progress["best_epochs"]
    assert np.abs(other.raw(waves[1]) - first.raw(waves[1])).max() > 1e-3


def test_a_saved_model_predicts_the_same(lab, waves, tmp_path):
    for response, others in (("y", ["label", "two"]), ("two", ["y", "label"])):
        model = lab.train(waves[0], **SMALL, response_column=response, ignored_columns=others)
        loaded = load_model(model.save(tmp_path / response))
        assert isinstance(loaded, TabularModel)
        np.testing.assert_array_equal(loaded.raw(waves[1]), model.raw(waves[1]))
        assert loaded.details.to_dict() == model.details.to_dict()


def test_weights_of_another_network_are_refused(lab, waves, tmp_path):
    folder = lab.train(waves[0], **SMALL, response_column="y").save(tmp_path / "model")
    state = (folder / "state.json").read_text(encoding="utf-8").replace('"hidden": [16, 16]', '"hidden": [16, 15]')
    (folder / "state.json").write_text(state, encoding="utf-8")
    with pytest.raises(InvalidArgument, match="its weights have the shape"):
        load_model(folder)


# ---- best epochs ----


def test_without_a_validation_frame_each_network_holds_out_a_fifth(lab, waves):
    model = lab.train(waves[0], **SMALL, response_column="y")
    assert len(model.members) == 5
    # 240 rows each are 7 batches of 32, over 12 epochs
    assert model.progress["samples"] == 5 * 12 * 7 * 32
    assert model.details.validation_metrics is None
    assert model.details.actual("ensemble_size") == 5


def test_with_a_validation_frame_all_rows_are_learnt_from(lab, waves):
    model = lab.train(*waves, **{**SMALL, "epochs": 15}, response_column="y", ensemble_size=3)
    assert len(model.members) == 3
    assert model.progress["samples"] == 3 * 15 * 9 * 32
    assert shown(model.details.validation_metrics).rmse == pytest.approx(rmse(model, waves[1]), rel=1e-9)


def test_the_best_epoch_is_kept_unless_the_last_is_wanted(lab):
    random = np.random.default_rng(8)
    frame = frame_of(**{f"x{i}": random.normal(size=120) for i in range(6)}, y=random.normal(size=120))
    other = frame_of(**{f"x{i}": random.normal(size=400) for i in range(6)}, y=random.normal(size=400))
    chosen = {
        "recipe": "tabular",
        "response_column": "y",
        "epochs": 90,
        "stopping_rounds": 0,
        "dropout": 0.0,
        "mini_batch_size": 16,
    }
    best = lab.train(frame, other, **chosen)
    last = lab.train(frame, other, key="last", overwrite_with_best_model=False, **chosen)
    # nothing can be learnt: the best epoch is an early one, the last has learnt the noise by heart
    assert max(best.progress["best_epochs"]) < 60
    assert last.progress["best_epochs"] == [90, 90]
    assert rmse(best, other) < 0.9 * rmse(last, other)
    early = lab.train(frame, other, key="early", **{**chosen, "stopping_rounds": 5, "stopping_tolerance": 0.05})
    assert early.progress["epochs"] < 90
    assert early.details.scoring_history.array("epochs")[-1] <= early.progress["epochs"]


def test_another_metric_can_choose_the_epoch(lab, waves):
    model = lab.train(
        *waves, **{**SMALL, "epochs": 40}, response_column="two", ignored_columns=["y", "label"], stopping_metric="AUC"
    )
    assert shown(model.details.validation_metrics).auc > 0.9


def test_cross_validation_compares_epochs_on_the_folds(lab, waves):
    built = lab.build(waves[0], **SMALL, response_column="y", ignored_columns=["label", "two"], nfolds=3)
    assert [len(model.members) for model in built.fold_models] == [1, 1, 1]
    assert len(built.model.members) == 5
    assert shown(built.model.details.cross_validation_metrics).rmse < 0.7


# ---- time ----


def test_the_time_limit_holds_and_is_told(lab, waves, tmp_path):
    context = PlainContext(tmp_path, threads=1)
    started = time.monotonic()
    model = lab.train(waves[0], **LONG, response_column="y", max_runtime_secs=1.5, context=context)
    took = time.monotonic() - started
    assert took < 3.0
    assert any("max_runtime_secs (1.5 s)" in text for text in context.warnings)
    assert 1 <= model.progress["epochs"] < 100_000
    assert np.isfinite(model.raw(waves[1])).all()


def test_too_little_time_for_an_epoch_still_makes_a_model(lab, waves):
    model = lab.train(waves[0], **{**LONG, "hidden": [64, 64]}, response_column="y", max_runtime_secs=1e-6)
    assert model.progress["epochs"] == 0
    assert np.isfinite(model.raw(waves[1])).all()


@pytest.mark.parametrize("threads", [1, 3])
def test_cancelling_ends_it_at_once(lab, waves, tmp_path, threads):
    class Impatient(PlainContext):
        def check(self) -> None:
            self.cancelled = time.monotonic() > self.until
            super().check()

    context = Impatient(tmp_path, threads=threads)
    context.until = time.monotonic() + 0.5
    with pytest.raises(Cancelled):
        lab.train(waves[0], **LONG, response_column="y", context=context)
    assert time.monotonic() - context.until < 1.0


def test_progress_and_history_are_shown(lab, waves):
    model = lab.train(*waves, **SMALL, response_column="two", ignored_columns=["y", "label"], score_each_iteration=True)
    history = model.details.scoring_history
    # the start, 12 epochs of which the last is scored with the kept networks
    assert history.array("iterations").tolist() == [*range(12), 12]
    assert {"training_logloss", "validation_logloss", "validation_auc"} <= set(history.column_names)
    assert lab.context.published
    assert any("epoch 3 of 12" in message for message in lab.context.messages)


# ---- odd tables ----


def test_missing_values_unseen_levels_and_constant_columns(lab):
    random = np.random.default_rng(9)
    a = random.normal(size=200)
    frame = frame_of(
        a=[None if i % 7 == 0 else v for i, v in enumerate(a)],
        b=[None if i % 5 == 0 else f"l{i % 13}" for i in range(200)],
        c=[1.0] * 200,
        d=[None] * 200,
        y=[None if i % 11 == 0 else float(v) for i, v in enumerate(a)],
    )
    model = lab.train(frame, **SMALL, response_column="y", ignore_const_cols=False)
    found = model.raw(frame_of(a=[None, 0.5], b=["unheard", None], c=[2.0, None], d=[None, None]))
    assert np.isfinite(found).all()
    assert model.raw(frame.slice(0, 0)).shape == (0,)


@pytest.mark.parametrize("rows", [2, 7])
def test_hardly_any_rows(lab, rows):
    frame = frame_of(
        a=[float(i) for i in range(rows)],
        b=["x", "y"] * (rows // 2) + ["x"] * (rows % 2),
        y=[2.0 * i for i in range(rows)],
    )
    model = lab.train(frame, recipe="tabular", response_column="y", epochs=5, ignore_const_cols=False)
    assert np.isfinite(model.raw(frame)).all()


def test_a_validation_frame_with_classes_that_training_lacks(lab, waves):
    train, test = waves
    strange = frame_of(a=[0.1, 0.2, 0.3], b=[0.0, 0.0, 0.0], c=["u", "v", "w"], label=["hi", "new", None])
    model = lab.train(train, strange, **SMALL, response_column="label", ignored_columns=["y", "two"])
    assert len(model.members) == 2
    assert np.isfinite(model.raw(test)).all()


# ---- parameters ----


def _other(name):
    """A valid value that is not the parameter's default."""
    declared = fields_of(DeepLearningParameters)[name]
    if declared.kind == "boolean":
        return not declared.default
    if declared.choices:
        return next(c for c in declared.offered_choices if c != declared.default)
    special = {
        "checkpoint": "m", "pretrained_autoencoder": "m", "initial_weights": ["f"], "initial_biases": ["f"],
        "offset_column": "a", "hidden_dropout_ratios": [0.1, 0.1],
        "train_samples_per_iteration": 7, "score_validation_samples": 5, "max_categorical_features": 9, "max_w2": 4.0,
        "epsilon": 1e-6, "tweedie_power": 1.2,
    }  # fmt: skip
    return special.get(name, 0.25)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_it_cannot_honour_is_refused_by_name(lab, numbers, name):
    problems = lab.problems(numbers, response_column="y", recipe="tabular", **{name: _other(name)})
    assert "recipe='tabular'" in problems[name]


@pytest.mark.parametrize(
    ("parameters", "field", "part"),
    [
        ({"distribution": "laplace"}, "distribution", "AUTO, gaussian, bernoulli, multinomial"),
        ({"loss": "Huber"}, "loss", "Automatic, CrossEntropy, Quadratic"),
        ({"categorical_encoding": "Binary"}, "categorical_encoding", "AUTO, TargetEncoding"),
        ({"hidden": []}, "hidden", "at least one layer"),
        ({"hidden": [60_000, 60_000]}, "hidden", "at most 100,000,000"),
        ({"response_column": "half", "loss": "Quadratic"}, "loss", "Automatic or CrossEntropy"),
    ],
)
def test_combinations_that_it_does_not_know(lab, numbers, parameters, field, part):
    problems = lab.problems(numbers, **{"response_column": "y", "recipe": "tabular", **parameters})
    assert part in problems[field]


@pytest.mark.parametrize("name", [name for name in fields_of(RecipeParameters) if name != "recipe"])
def test_its_parameters_need_it(lab, numbers, name):
    value = {"ensemble_size": 2, "numeric_embeddings": False}.get(name, 0.3)
    assert "needs recipe='tabular'" in lab.problems(numbers, response_column="y", **{name: value})[name]
    with pytest.raises(InvalidParameters, match=name):
        lab.train(numbers, response_column="y", **{name: value})


def test_sizes_follow_the_table_unless_they_are_given():
    given = DeepLearningParameters(
        recipe="tabular", hidden=(7,), epochs=3.0, mini_batch_size=5, rate=0.5, ensemble_size=4
    )
    found = Recipe.of(given, Category.REGRESSION, 1000, 5)
    assert (found.hidden, found.epochs, found.batch, found.rate, found.members) == ((7,), 3.0, 5, 0.5, 4)
    default = DeepLearningParameters(recipe="tabular")
    small = Recipe.of(default, Category.BINOMIAL, 1000, 5)
    large = Recipe.of(default, Category.BINOMIAL, 1_000_000, 2)
    assert small.epochs > large.epochs >= 1
    assert small.members > large.members
    assert small.rate < Recipe.of(default, Category.REGRESSION, 1000, 5).rate


def test_other_predictions_are_refused(lab, waves):
    model = lab.train(waves[0], **SMALL, response_column="y")
    with pytest.raises(InvalidArgument, match="ensemble of networks"):
        model.predict_option(waves[1], "deep_features_hidden_layer", 0)
