"""What holds for the models of every algorithm that has the parameter: encodings, offsets, ignored columns, fold rules,
and what can be asked of a model afterwards."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from test_control import needs
from workbench import APART, numbers, response, table

from artesian.core.errors import InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn import algorithm as find_algorithm
from artesian.learn.base.details import Category
from artesian.learn.base.model import load_model
from artesian.learn.base.parameters import fields_of
from artesian.learn.base.partial_dependence import DependenceOrder, partial_dependence
from artesian.learn.base.permutation import permutation_importance

ENCODINGS = (
    "AUTO",
    "Enum",
    "OneHotInternal",
    "OneHotExplicit",
    "Binary",
    "Eigen",
    "LabelEncoder",
    "SortByResponse",
    "EnumLimited",
)


def many_levels(category: Category | None) -> Frame:
    """The battery's table with a categorical column of 12 levels besides."""
    frame = table(category)
    codes = np.random.default_rng(5).integers(0, 12, size=frame.n_rows)
    return frame.with_column("d", Column.enums(pl.Series(codes), [f"l{i:02}" for i in range(12)]))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_that_is_offered_trains_predicts_and_is_kept(bench, category, encoding, tmp_path):
    needs(bench, "categorical_encoding")
    offered = fields_of(find_algorithm(bench.algorithm).parameters)["categorical_encoding"].offered_choices
    if encoding not in offered:
        pytest.skip("not offered")
    if encoding == "SortByResponse" and category not in (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL):
        pytest.skip("there is no response")
    frame = many_levels(category)
    trained = bench.train(frame, categorical_encoding=encoding, **response(category))
    predicted = numbers(trained.predict(frame))
    assert np.isfinite(predicted).all()
    again = load_model(trained.model.save(tmp_path / "kept"))
    assert np.array_equal(numbers(again.predict(frame).to_polars()), predicted)
    turned = Column.enums(11 - frame["d"].values.cast(pl.Int64), [f"l{i:02}" for i in range(11, -1, -1)])
    assert np.array_equal(numbers(trained.predict(frame.with_column("d", turned))), predicted)
    unseen = frame.with_column("d", Column.enums(pl.Series([0] * frame.n_rows), ["never seen"]))
    missing = frame.with_column("d", Column.enums(pl.Series([None] * frame.n_rows, dtype=pl.UInt8), ["l00", "l01"]))
    assert np.array_equal(numbers(trained.predict(unseen)), numbers(trained.predict(missing)))
    assert trained.details.actual("categorical_encoding") is not None


def test_an_ignored_column_is_as_if_it_were_not_there(bench, category):
    frame = table(category)
    ignoring = bench.train(frame, ignored_columns=["b"], **response(category))
    without = bench.train(frame.without(["b"]), **response(category))
    assert "b" not in ignoring.details.names
    assert np.array_equal(numbers(ignoring.predict(frame)), numbers(without.predict(frame.without(["b"]))))


def test_an_offset_moves_the_prediction_on_the_scale_of_the_link(bench, supervised):
    needs(bench, "offset_column")
    if supervised is Category.MULTINOMIAL:
        pytest.skip("offsets are for one output")
    frame = table(supervised)
    offsets = np.random.default_rng(3).normal(size=frame.n_rows)
    with_offset = frame.with_column("o", Column.reals(pl.Series(offsets)))
    try:
        trained = bench.train(with_offset, response_column="y", offset_column="o")
    except InvalidParameters as refused:
        assert {problem.field for problem in refused.problems if problem.severity == "error"} == {"offset_column"}
        pytest.skip("offsets are refused by name")
    assert "o" not in trained.details.predictors
    moved = frame.with_column("o", Column.reals(pl.Series(offsets + 0.5)))
    before, after = numbers(trained.predict(with_offset)), numbers(trained.predict(moved))
    if supervised is Category.REGRESSION:
        assert after[:, 0] - before[:, 0] == pytest.approx(np.full(frame.n_rows, 0.5), abs=1e-4)
    elif not np.array_equal(before, after):  # an algorithm may take offsets for regression alone, and says so
        sure = (before > 0.001).all(axis=1) & (after > 0.001).all(axis=1)
        odds = [np.log(p[sure, 1] / p[sure, 0]) for p in (before, after)]
        assert odds[1] - odds[0] == pytest.approx(np.full(int(sure.sum()), 0.5), abs=1e-2)


@pytest.mark.parametrize("assignment", ["AUTO", "Random", "Modulo", "Stratified"])
def test_rows_are_dealt_by_every_rule(bench, algorithm, assignment):
    needs(bench, "nfolds", "fold_assignment")
    categories = find_algorithm(algorithm).categories
    category = next((found for found in (Category.BINOMIAL, Category.REGRESSION) if found in categories), None)
    if category is None or algorithm in APART:
        pytest.skip("there is no response")
    if assignment == "Stratified" and category is Category.REGRESSION:
        pytest.skip("classes are needed")
    frame = table(category)
    trained = bench.train(
        frame,
        response_column="y",
        nfolds=3,
        fold_assignment=assignment,
        keep_cross_validation_fold_assignment=True,
        keep_cross_validation_predictions=True,
    )
    folds = trained.frame(trained.details.cross_validation_fold_assignment)["fold_assignment"].values.to_numpy()
    assert sorted(set(folds)) == [0, 1, 2]
    if assignment == "Modulo":
        assert folds.tolist() == [row % 3 for row in range(frame.n_rows)]
    if assignment == "Stratified":
        counts = np.array([np.bincount(frame["y"].codes()[folds == fold]) for fold in range(3)])
        assert (counts.max(axis=0) - counts.min(axis=0)).max() <= 1
    held_out = numbers(trained.frame(trained.details.cross_validation_holdout_predictions).to_polars())
    for fold, entry in enumerate(trained.answer["models"]):
        own = numbers(load_model(entry["folder"]).predict(frame).to_polars())[folds == fold]
        assert np.array_equal(held_out[folds == fold], own)


def test_partial_dependence_is_the_mean_of_predictions(bench, supervised):
    frame, trained = bench.plain(supervised)
    targets = ("top",) if supervised is Category.MULTINOMIAL else ()
    order = DependenceOrder(columns=("c", "a"), bins=3, targets=targets, missing=True)
    levels, amounts = partial_dependence(trained.model, frame, order)
    assert levels.column("c") == ("u", "v", "w", ".missing(NA)")
    assert len(amounts) == 4
    constant = frame.with_column("c", Column.enums(pl.Series([1] * frame.n_rows), ["u", "v", "w"]))
    predicted = numbers(trained.predict(constant))
    column = {Category.REGRESSION: 0, Category.BINOMIAL: 1, Category.MULTINOMIAL: 2}[supervised]
    assert levels.array("mean_response")[1] == pytest.approx(predicted[:, column].mean(), rel=1e-6)
    assert levels.array("stddev_response")[1] == pytest.approx(predicted[:, column].std(ddof=1), rel=1e-6, abs=1e-12)


def test_shuffling_a_column_that_matters_changes_the_metric(bench, supervised):
    frame = table(supervised, rows=300)
    trained = bench.train(frame, response_column="y")
    found = permutation_importance(trained.model, frame, seed=1).to_polars()
    importance = dict(zip(found["Variable"], found["Relative Importance"], strict=True))
    assert set(importance) == {"a", "b", "c"}
    assert importance["a"] > 0
    assert not any(math.isnan(value) for value in importance.values())
    assert found.equals(permutation_importance(trained.model, frame, seed=1).to_polars())
