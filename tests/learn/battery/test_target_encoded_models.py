"""Models of target-encoded columns: every algorithm that offers the encoding, for each kind of response."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score
from workbench import Workbench, numbers

from artesian.core.errors import InvalidParameters
from artesian.frame import Column, Frame
from artesian.frame.segment import persist
from artesian.learn import algorithms, tasks
from artesian.learn.base.details import Category
from artesian.learn.base.model import load_model
from artesian.learn.base.parameters import fields_of
from artesian.learn.base.target_encoding import NAME

ENCODED = {"categorical_encoding": NAME, "response_column": "y"}
OFFERING = [
    name
    for name, kind in algorithms().items()
    if NAME in fields_of(kind.parameters).get("categorical_encoding", fields_of(kind.parameters)["model_id"]).choices
]
CASES = [
    (name, category)
    for name in OFFERING
    for category in algorithms()[name].categories
    if category in (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)
]


def levels_of(codes):
    return Column.enum_from_strings(pl.Series([f"l{code}" for code in codes]))


def table(category, rows=500, levels=60, seed=0, noise=False):
    """A column of many levels, most of the signal unless it is noise; one of few, a number, and a response."""
    random = np.random.default_rng(seed)
    effects = np.random.default_rng(99).normal(size=levels) * (0 if noise else 2)
    codes, x = random.integers(0, levels, size=rows), random.normal(size=rows)
    signal = effects[codes] + (0 if noise else 0.5) * x + random.normal(size=rows)
    columns = {"many": levels_of(codes), "few": levels_of(codes % 3), "x": Column.reals(pl.Series(x))}
    if category is Category.REGRESSION:
        columns["y"] = Column.reals(pl.Series(signal))
    else:
        cuts, domain = ([0.0], ["no", "yes"]) if category is Category.BINOMIAL else ([-1.0, 1.0], ["low", "mid", "top"])
        columns["y"] = Column.enums(pl.Series(np.digitize(signal, cuts).astype(np.uint32)), domain)
    return Frame.from_mapping(columns)


@pytest.fixture
def bench_of(tmp_path):
    return lambda algorithm: Workbench(tmp_path, algorithm)


def test_all_algorithms_with_a_response_and_an_encoding_offer_it():
    assert set(OFFERING) == {"deeplearning", "drf", "dt", "gbm", "glm", "xgboost"}


@pytest.mark.parametrize(("trainer", "kind"), CASES)
def test_a_model_learns_from_the_means_and_is_the_same_from_its_folder(bench_of, trainer, kind):
    bench, frame, new = bench_of(trainer), table(kind), table(kind, seed=1)
    trained = bench.train(frame, validation=new, **ENCODED)
    details = trained.details
    assert details.actual("categorical_encoding") == NAME
    assert set(details.predictors) == {"many", "few", "x"}
    own = {"many.mid", "many.top"} if kind is Category.MULTINOMIAL else {"many"}
    assert own <= set(details.names)
    assert [details.domains[details.names.index(name)] for name in own] == [None] * len(own)
    # the model of the folder predicts what was measured while it trained
    metrics = trained.model.score(new)
    assert metrics.mse == pytest.approx(details.validation_metrics["mse"], rel=1e-5)
    if kind is Category.REGRESSION:
        assert metrics.r2 > 0.5
    elif kind is Category.BINOMIAL:
        assert metrics.auc > 0.8
    if details.variable_importances is not None and trainer != "deeplearning":
        assert details.variable_importances.column("variable")[0] in own
    assert trained.model.notes(new) == []


@pytest.mark.parametrize(("trainer", "kind"), CASES)
def test_unseen_levels_count_as_the_mean_of_all_rows(bench_of, trainer, kind):
    bench, frame = bench_of(trainer), table(kind)
    model = bench.train(frame, **ENCODED).model
    step = model.target_step
    new = frame.slice(0, 4).with_column("many", levels_of([900, 901, 902, 903]))
    encoded = step.apply(new)
    item = step.encoded[0]
    for number, name in enumerate(item.names):
        prior = item.priors[number]
        expected = np.log(prior / (1 - prior)) if item.log_odds else prior
        assert encoded[name].values.to_list() == pytest.approx([expected] * 4)
    blank = new.with_column("many", Column.enums(pl.Series([None] * 4, dtype=pl.UInt8), ["l0"]))
    # training had no missing values: they count as the mean of all rows, too
    assert numbers(model.predict(new).to_polars()) == pytest.approx(numbers(model.predict(blank).to_polars()))
    assert any("many" in note for note in model.notes(Frame.from_mapping({"x": frame["x"], "few": frame["few"]})))


def test_levels_that_training_did_not_have_are_named(bench_of):
    bench, frame = bench_of("gbm"), table(Category.BINOMIAL)
    trained, context = bench.train(frame, **ENCODED, ntrees=2), bench.context()
    new = frame.slice(0, 2).with_column("many", levels_of([7, 900]))
    argument = {"key": "new", "manifest": persist(new, bench.folder)[1]}
    tasks.predict(context, model_folder=trained.folder, model_key="model", frame=argument)
    assert [note for note in context.warnings if "'many'" in note and "l900" in note]


@pytest.mark.parametrize("trainer", OFFERING)
def test_a_column_of_pure_noise_is_not_learnt(bench_of, trainer):
    frame = table(Category.BINOMIAL, rows=2000, levels=500, noise=True)
    new = table(Category.BINOMIAL, rows=2000, levels=500, seed=1, noise=True)
    frame, new = (Frame.from_mapping({"many": f["many"], "y": f["y"]}) for f in (frame, new))
    for smoothing in (-1, 5):
        # means with the own row in them have an AUC of .77 in training: 4 rows a level
        trained = bench_of(trainer).train(
            frame, target_encoding_smoothing=smoothing, ignore_const_cols=False, **ENCODED
        )
        told = trained.details.training_metrics["auc"]
        # trees of unlimited depth learn noise by heart whatever the column says; others must not
        assert trainer in ("dt", "xgboost") or told < 0.62
        # three standard deviations of the AUC of 2,000 rows
        assert 0.46 < roc_auc_score(new["y"].codes(), trained.model.raw(new)[:, 1]) < 0.54


@pytest.mark.parametrize("trainer", [name for name in OFFERING if name != "dt"])
def test_each_fold_of_cross_validation_encodes_by_its_own_training_rows(bench_of, trainer):
    frame = table(Category.BINOMIAL)
    trained = bench_of(trainer).train(frame, nfolds=3, fold_assignment="Modulo", **ENCODED)
    for fold, entry in enumerate(trained.answer["models"]):
        step = load_model(entry["folder"]).target_step
        rest = frame.filter(pl.Series(np.arange(frame.n_rows) % 3 != fold))
        assert step.encoded[0].priors[0] == pytest.approx((rest["y"].codes() == 1).mean())
    assert trained.model.target_step.encoded[0].priors[0] == pytest.approx((frame["y"].codes() == 1).mean())
    assert trained.details.cross_validation_metrics["auc"] > 0.8


@pytest.mark.parametrize("trainer", [name for name in OFFERING if name != "dt"])
def test_folds_that_predict_together_encode_each_for_itself(bench_of, trainer):
    frame = table(Category.REGRESSION)
    trained = bench_of(trainer).train(frame, nfolds=3, fold_models_predict=True, **ENCODED)
    assert trained.model.target_step is None
    assert all(fold.target_step is not None for fold in trained.model.folds)
    assert trained.model.score(table(Category.REGRESSION, seed=1)).r2 > 0.5


@pytest.mark.parametrize("trainer", ["gbm", "drf", "xgboost"])
def test_a_continued_training_equals_an_uninterrupted_one(bench_of, trainer):
    frame, bench = table(Category.BINOMIAL), bench_of(trainer)
    bench.train(frame, key="first", **{**ENCODED, "ntrees": 5})
    second = bench.train(frame, key="second", checkpoint="first", **{**ENCODED, "ntrees": 10}).model
    whole = bench.train(frame, key="whole", **{**ENCODED, "ntrees": 10}).model
    assert second.raw(frame) == pytest.approx(whole.raw(frame), abs=1e-6)


def test_a_network_and_coefficients_are_continued_with_the_encodings_that_they_learnt(bench_of):
    frame = table(Category.BINOMIAL)
    for name, more in (("deeplearning", {"epochs": 20.0}), ("glm", {"solver": "IRLSM"})):
        bench = bench_of(name)
        first = bench.train(frame, key="first", **ENCODED)
        again = bench.train(frame, key="second", checkpoint="first", **ENCODED, **more)
        assert np.array_equal(first.model.target_step.encoded[0].table, again.model.target_step.encoded[0].table)
        assert again.model.score(table(Category.BINOMIAL, seed=1)).auc > 0.8


@pytest.mark.parametrize("trainer", ["gbm", "drf", "xgboost"])
def test_contributions_are_told_by_the_columns_own_names(bench_of, trainer):
    frame = table(Category.BINOMIAL)
    model = bench_of(trainer).train(frame, **ENCODED).model
    shares = model.predict_option(frame, "predict_contributions", True)
    assert "many" in shares.names
    total = np.sum([np.asarray(column.floats()) for column in shares.columns], axis=0)
    second = model.raw(frame)[:, 1]
    output = second if trainer == "drf" else np.log(second / (1 - second))
    assert total == pytest.approx(output, abs=1e-4)
    # of a column that becomes several, too
    several = bench_of(trainer).train(table(Category.MULTINOMIAL), **ENCODED).model
    assert several.predict(table(Category.MULTINOMIAL, seed=4)).n_rows == 500


def test_balanced_classes_do_not_bring_a_row_into_another_fold(bench_of):
    """Rows that are drawn several times all have the encoding of the row that they are copies of."""
    frame = table(Category.BINOMIAL, rows=2000, levels=500, noise=True)
    rare = frame.filter(pl.Series((frame["y"].codes() == 0) | (np.arange(2000) % 8 == 0)))
    rare = Frame.from_mapping({"many": rare["many"], "y": rare["y"]})
    given = {**ENCODED, "target_encoding_smoothing": 5, "balance_classes": True}
    trained = bench_of("gbm").train(rare, **given, ntrees=10, min_rows=10, max_depth=3)
    assert trained.details.training_metrics["auc"] < 0.68  # .93 of means with the own row in them


def test_calibration_reads_its_frame_as_new_rows(bench_of):
    frame, bench = table(Category.BINOMIAL), bench_of("gbm")
    bench.add("calibration", table(Category.BINOMIAL, seed=2))
    given = {**ENCODED, "calibrate_model": True, "calibration_frame": "calibration"}
    predictions = bench.train(frame, **given).predict(table(Category.BINOMIAL, seed=3))
    calibrated = predictions["cal_yes"].to_numpy()
    actual = table(Category.BINOMIAL, seed=3)["y"].codes()
    assert roc_auc_score(actual, calibrated) > 0.8
    assert calibrated.mean() == pytest.approx(actual.mean(), abs=0.05)


def test_what_cannot_be_encoded_is_refused_by_name(bench_of):
    with pytest.raises(InvalidParameters) as caught:
        bench_of("deeplearning").train(table(Category.REGRESSION), categorical_encoding=NAME, autoencoder=True)
    assert {problem.field for problem in caught.value.problems} == {"categorical_encoding"}
    with pytest.raises(InvalidParameters) as caught:
        bench_of("glm").train(table(Category.MULTINOMIAL), interactions=["many", "x"], **ENCODED)
    assert "'many'" in caught.value.problems[0].message
    for wrong in ({"target_encoding_levels": 0}, {"target_encoding_folds": 1}, {"target_encoding_smoothing": -2}):
        with pytest.raises(InvalidParameters) as caught:
            bench_of("gbm").train(table(Category.REGRESSION), **wrong, **ENCODED)
        assert {problem.field for problem in caught.value.problems} == set(wrong)


def test_parameters_of_another_encoding_are_said_to_do_nothing(bench_of):
    trained = bench_of("gbm").train(table(Category.REGRESSION), response_column="y", target_encoding_folds=7)
    assert any("target_encoding_folds" in warning for warning in trained.details.warnings)
