"""Data that is not as it should be: an algorithm handles it, or refuses it with one clear sentence."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from workbench import BY_WEIGHT, COUNTING_WEIGHTS, DRAWING, WITH_RESPONSE, numbers, response, table

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn import algorithms
from artesian.learn.base.details import Category

FEATURES = ("a", "b", "c")


def problems(error: pytest.ExceptionInfo[InvalidParameters]) -> str:
    return str(error.value)


def test_missing_values_everywhere_still_give_finite_predictions(bench, category):
    frame, trained = bench.plain(category)
    empty = {name: Column(frame[name].type, frame[name].values.clear(3), frame[name].domain) for name in FEATURES}
    predictions = numbers(trained.predict(Frame.from_mapping(empty)))
    assert predictions.shape[0] == 3
    assert np.isfinite(predictions).all()
    assert np.array_equal(predictions[0], predictions[2])


def test_unseen_level_scores_as_missing(bench, category):
    frame, trained = bench.plain(category)
    unseen = Column.enums(pl.Series([0] * frame.n_rows), ["never seen"])
    missing = Column.enums(pl.Series([None] * frame.n_rows, dtype=pl.UInt8), ["u", "v", "w"])
    by_unseen = numbers(trained.predict(frame.with_column("c", unseen)))
    assert np.array_equal(by_unseen, numbers(trained.predict(frame.with_column("c", missing))))


def test_levels_in_another_order_mean_the_same(bench, category):
    frame, trained = bench.plain(category)
    turned = Column.enums(2 - frame["c"].values.cast(pl.Int64), ["w", "v", "u"])
    assert np.array_equal(numbers(trained.predict(frame.with_column("c", turned))), numbers(trained.predict(frame)))


def test_an_absent_column_counts_as_missing_and_is_named(bench, category):
    frame, trained = bench.plain(category)
    blank = Column.reals(pl.Series([math.nan] * frame.n_rows))
    assert np.array_equal(
        numbers(trained.predict(frame.without(["a"]))), numbers(trained.predict(frame.with_column("a", blank)))
    )
    assert "'a'" in " ".join(trained.model.notes(frame.without(["a"])))


def test_a_frame_without_any_known_column_is_refused(bench, category):
    _, trained = bench.plain(category)
    with pytest.raises(InvalidArgument, match="none of the columns"):
        trained.predict(Frame.from_mapping({"z": Column.integers(pl.Series([1, 2]))}))


def test_a_categorical_column_in_place_of_numbers_is_refused(bench, category):
    frame, trained = bench.plain(category)
    with pytest.raises(InvalidArgument, match="'a' is categorical, and was numeric"):
        trained.predict(frame.with_column("a", frame["c"]))


def test_constant_and_empty_columns_are_left_out_and_named(bench, category):
    frame, plain = bench.plain(category)
    more = frame.with_column("same", Column.integers(pl.Series([3] * frame.n_rows)))
    more = more.with_column("nothing", Column.integers(pl.Series([None] * frame.n_rows, dtype=pl.Int64)))
    wider = bench.train(more, **response(category))
    assert np.array_equal(numbers(wider.predict(more)), numbers(plain.predict(frame)))
    assert "same, nothing" in " ".join(wider.details.warnings)
    assert not {"same", "nothing"} & set(wider.details.names)


def test_constant_columns_can_be_kept(bench, category):
    frame = table(category).with_column("same", Column.integers(pl.Series([3] * 120)))
    trained = bench.train(frame, ignore_const_cols=False, **response(category))
    assert "same" in trained.details.names
    assert np.isfinite(numbers(trained.predict(frame))).all()


def test_string_columns_are_left_out_and_named(bench, category):
    frame = table(category)
    more = frame.with_column("text", Column.from_series(pl.Series(["x", "y"] * 60)))
    trained = bench.train(more, **response(category))
    assert "text" not in trained.details.names
    assert "text" in " ".join(trained.details.warnings)


def test_infinite_and_huge_numbers_do_not_break_a_model(bench, category):
    frame = table(category)
    values = frame["b"].floats().copy()
    values[:3] = [math.inf, -math.inf, 1e300]
    wild = frame.with_column("b", Column.reals(pl.Series(values)))
    trained = bench.train(wild, **response(category))
    assert np.isfinite(numbers(trained.predict(wild))).all()


def test_rows_without_a_response_are_not_learnt_from(bench, supervised):
    frame = table(supervised)
    keep = np.arange(frame.n_rows) % 3 > 0
    y = frame["y"]
    blanked = y.values.zip_with(pl.Series(keep), pl.Series([None] * frame.n_rows, dtype=y.values.dtype))
    with_gaps = bench.train(frame.with_column("y", Column(y.type, blanked, y.domain)), response_column="y")
    without = bench.train(frame.filter(pl.Series(keep)), response_column="y")
    assert numbers(with_gaps.predict(frame)) == pytest.approx(numbers(without.predict(frame)), abs=1e-3)


def test_weight_zero_is_as_absent(bench, supervised):
    if "weights_column" not in _declared(bench):
        pytest.skip("the algorithm takes no weights")
    frame = table(supervised)
    keep = np.arange(frame.n_rows) % 4 > 0
    weighted = frame.with_column("w", Column.integers(pl.Series(keep.astype(int))))
    by_weight = bench.train(weighted, response_column="y", weights_column="w")
    without = bench.train(frame.filter(pl.Series(keep)), response_column="y")
    assert numbers(by_weight.predict(frame)) == pytest.approx(numbers(without.predict(frame)), abs=1e-3)
    assert by_weight.details.training_metrics["nobs"] == int(keep.sum())


def test_equal_weights_change_nothing(bench, supervised):
    if "weights_column" not in _declared(bench):
        pytest.skip("the algorithm takes no weights")
    frame, plain = bench.plain(supervised)
    weighted = frame.with_column(
        "w", Column.reals(pl.Series([1.0 if bench.algorithm in COUNTING_WEIGHTS else 2.5] * frame.n_rows))
    )
    by_weight = bench.train(weighted, response_column="y", weights_column="w")
    assert numbers(by_weight.predict(weighted)) == pytest.approx(numbers(plain.predict(frame)), abs=1e-3)


def test_weights_count_as_repeated_rows(bench, supervised):
    if "weights_column" not in _declared(bench):
        pytest.skip("the algorithm takes no weights")
    if bench.algorithm in DRAWING:
        pytest.skip("rows are drawn one by one, and the draws differ")
    frame = table(supervised)
    times = np.random.default_rng(9).integers(0, 4, size=frame.n_rows)
    weighted = frame.with_column("w", Column.integers(pl.Series(times)))
    repeated = frame.gather(pl.Series(np.repeat(np.arange(frame.n_rows), times)))
    exact = BY_WEIGHT.get(bench.algorithm, {})
    by_weight = bench.train(weighted, response_column="y", weights_column="w", **exact)
    by_rows = bench.train(repeated, response_column="y", **exact)
    assert numbers(by_weight.predict(frame)) == pytest.approx(numbers(by_rows.predict(frame)), abs=1e-4)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [([-1] + [1] * 119, "at least 0"), ([None] + [1] * 119, "no missing values"), ([0] * 120, "0 everywhere")],
)
def test_impossible_weights_are_refused(bench, algorithm, weights, sentence):
    if "weights_column" not in _declared(bench):
        pytest.skip("the algorithm takes no weights")
    frame = table(Category.REGRESSION).with_column("w", Column(*_integers(weights)))
    with pytest.raises(InvalidParameters, match="weights") as error:
        bench.train(frame, response_column="y", weights_column="w")
    assert sentence in problems(error)


def test_one_row_can_be_predicted_but_not_learnt_from(bench, supervised):
    frame, trained = bench.plain(supervised)
    assert len(trained.predict(frame.slice(0, 1))) == 1
    with pytest.raises(InvalidParameters, match="'y' is constant"):
        bench.train(frame.slice(0, 1), response_column="y")


def test_a_single_row_without_a_response_is_a_model_or_refused_with_a_sentence(bench, category):
    if category in WITH_RESPONSE:
        pytest.skip("one row has one response, which is refused as constant")
    frame = table(category)
    with pytest.raises(InvalidParameters) as error:  # each of its columns is constant
        bench.train(frame.slice(0, 1), **response(category))
    assert "no column to learn from" in problems(error)
    parameters = {"ignore_const_cols": False} if "ignore_const_cols" in _declared(bench) else {}
    try:
        trained = bench.train(frame.slice(0, 1), **parameters, **response(category))
    except InvalidArgument as refused:
        assert len(str(refused)) > 20
    else:
        assert np.isfinite(numbers(trained.predict(frame))).all()


def test_one_class_is_refused_by_name(bench, supervised):
    if supervised is Category.REGRESSION:
        pytest.skip("no classes")
    frame = table(supervised)
    with pytest.raises(InvalidParameters, match="'y' is constant: there is nothing to learn"):
        bench.train(frame.filter(frame["y"].values == 0), response_column="y")


def test_a_class_that_does_not_occur_gets_a_probability_all_the_same(bench, supervised):
    if supervised is not Category.BINOMIAL or Category.MULTINOMIAL not in algorithms()[bench.algorithm].categories:
        pytest.skip("one case is enough, of an algorithm that takes three classes")
    frame = table(supervised)
    y = frame["y"]
    wider = frame.with_column("y", Column.enums(y.values, ["no", "yes", "maybe"]))
    predictions = bench.train(wider, response_column="y").predict(wider)
    assert predictions.columns == ["predict", "no", "yes", "maybe"]
    assert "maybe" not in set(predictions["predict"])


def test_no_rows_are_refused(bench, category):
    with pytest.raises(InvalidParameters, match="has no rows"):
        bench.train(table(category).slice(0, 0), **response(category))


def test_no_usable_column_is_refused(bench, category):
    frame = table(category)
    with pytest.raises(InvalidParameters, match="no column to learn from"):
        bench.train(frame, ignored_columns=["a", "b", "c"], **response(category))


def test_a_validation_frame_must_fit(bench, supervised):
    frame = table(supervised)
    with pytest.raises(InvalidParameters, match="no response column 'y'"):
        bench.train(frame, validation=frame.without(["y"]), response_column="y")
    with pytest.raises(InvalidParameters, match="none of the columns"):
        bench.train(frame, validation=frame.select(["y"]), response_column="y")
    with pytest.raises(InvalidParameters, match="has no rows"):
        bench.train(frame, validation=frame.slice(0, 0), response_column="y")


def test_levels_unseen_in_training_count_as_errors_of_classification(bench, supervised):
    if supervised is not Category.MULTINOMIAL:
        pytest.skip("two classes cannot become three")
    frame, trained = bench.plain(supervised)
    other = Frame.from_mapping(
        {**{n: frame[n] for n in FEATURES}, "y": Column.enums(pl.Series([3] * 120), ["low", "mid", "top", "new"])}
    )
    metrics = trained.model.score(other)
    assert metrics.error == 1.0
    assert metrics.domain == ("low", "mid", "top", "new")


def _declared(bench):
    from artesian.learn import algorithm
    from artesian.learn.base.parameters import fields_of

    return fields_of(algorithm(bench.algorithm).parameters)


def _integers(values):
    from artesian.frame import ColumnType

    return ColumnType.INT, pl.Series(values, dtype=pl.Int8)
