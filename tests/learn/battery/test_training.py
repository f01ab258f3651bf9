"""What a trained model of any algorithm does: predicts, scores, repeats, is kept and read again."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import log_loss, mean_squared_error, roc_auc_score
from workbench import OUT_OF_BAG, numbers, response, table

from artesian.core.errors import Conflict, Forbidden, InvalidArgument
from artesian.core.settings import Settings
from artesian.frame import Column
from artesian.learn.base.details import Category
from artesian.learn.base.model import load_model
from artesian.learn.metrics import metrics_from_dict


def test_predictions_have_a_row_each_and_probabilities_sum_to_one(bench, category):
    frame, trained = bench.plain(category)
    predictions = trained.predict(frame)
    assert len(predictions) == frame.n_rows
    assert not predictions.null_count().sum_horizontal()[0]
    if category in (Category.BINOMIAL, Category.MULTINOMIAL):
        levels = frame["y"].levels
        assert predictions.columns == ["predict", *levels]
        assert numbers(predictions).sum(axis=1) == pytest.approx(np.ones(len(predictions)), abs=1e-6)
        assert set(predictions["predict"]) <= set(levels)
    elif category is Category.REGRESSION:
        assert predictions.columns == ["predict"]


def test_a_model_beats_the_best_constant(bench, supervised):
    frame = table(supervised, rows=400)
    fresh = table(supervised, rows=400, seed=1)
    metrics = bench.train(frame, response_column="y").model.score(fresh)
    actual = np.asarray(fresh["y"].floats())
    if supervised is Category.REGRESSION:
        assert metrics.mse < 0.5 * actual.var()
    else:
        shares = np.bincount(actual.astype(int)) / len(actual)
        assert metrics.log_loss < 0.8 * -(shares * np.log(shares)).sum()


def test_reported_metrics_are_those_of_the_predictions(bench, supervised):
    if bench.algorithm in OUT_OF_BAG:
        pytest.skip("training metrics are out of bag")
    frame, trained = bench.plain(supervised)
    metrics = metrics_from_dict(trained.details.training_metrics)
    predictions, actual = numbers(trained.predict(frame)), np.asarray(frame["y"].floats())
    assert metrics.nobs == frame.n_rows
    if supervised is Category.REGRESSION:
        assert metrics.mse == pytest.approx(mean_squared_error(actual, predictions[:, 0]), rel=1e-6)
        return
    assert metrics.log_loss == pytest.approx(
        log_loss(actual, predictions / predictions.sum(axis=1, keepdims=True)), rel=1e-5
    )
    if supervised is Category.BINOMIAL:
        assert metrics.auc == pytest.approx(roc_auc_score(actual, predictions[:, 1]), rel=1e-9)


def test_binary_labels_are_cut_at_the_threshold_of_the_largest_f1(bench, supervised):
    if supervised is not Category.BINOMIAL:
        pytest.skip("only two classes have a threshold")
    frame, trained = bench.plain(supervised)
    threshold = metrics_from_dict(trained.details.training_metrics).default_threshold
    predictions = trained.predict(frame)
    assert trained.details.default_threshold == threshold
    assert (predictions["predict"] == "yes").to_list() == (predictions["yes"] >= threshold).to_list()


def test_the_same_seed_gives_the_same_model(bench, category):
    frame, first = bench.plain(category)
    second = bench.train(frame, **response(category))
    assert np.array_equal(numbers(first.predict(frame)), numbers(second.predict(frame)))


def test_a_drawn_seed_is_reported_and_repeats_the_model(bench, category):
    frame = table(category)
    drawn = bench.train(frame, **{**response(category), "seed": -1})
    seed = drawn.details.actual("seed")
    assert seed >= 0
    assert drawn.details.parameters["seed"]["given"] == -1
    repeated = bench.train(frame, **{**response(category), "seed": seed})
    assert np.array_equal(numbers(repeated.predict(frame)), numbers(drawn.predict(frame)))


def test_a_kept_model_predicts_as_the_one_in_memory(bench, category, tmp_path):
    frame, trained = bench.plain(category)
    again = load_model(trained.model.save(tmp_path / "copy"))
    assert np.array_equal(numbers(again.predict(frame).to_polars()), numbers(trained.predict(frame)))
    assert again.details.to_dict() == trained.details.to_dict()


def test_saving_over_a_model_replaces_it_whole(bench, category, tmp_path):
    _, trained = bench.plain(category)
    trained.model.save(tmp_path / "place")
    trained.model.save(tmp_path / "place")
    assert sorted(p.name for p in (tmp_path / "place").iterdir()) == [
        "arrays.safetensors",
        "details.json",
        "state.json",
    ]
    assert not list(tmp_path.glob("place.*"))


def test_a_damaged_or_later_model_is_refused_by_a_sentence(bench, category, tmp_path):
    _, trained = bench.plain(category)
    folder = trained.model.save(tmp_path / "damaged")
    arrays = folder / "arrays.safetensors"
    arrays.write_bytes(arrays.read_bytes()[:50])
    with pytest.raises(InvalidArgument, match="damaged"):
        load_model(folder)
    state = folder / "state.json"
    state.write_text(state.read_text().replace('"format_version": 1', '"format_version": 999'))
    with pytest.raises(InvalidArgument, match="version 999"):
        load_model(folder)


def test_published_details_show_the_model_while_it_trains(bench, category):
    _, trained = bench.plain(category)
    assert trained.context.published
    first = trained.context.published[0]["details"]
    assert first["key"] == "model"
    assert first["status"] == "RUNNING"
    assert trained.details.status == "DONE"
    assert trained.context.fraction == 1.0


def test_predicting_no_rows_gives_no_rows(bench, category):
    frame, trained = bench.plain(category)
    predictions = trained.predict(frame.slice(0, 0))
    assert len(predictions) == 0
    assert predictions.columns == trained.predict(frame.slice(0, 1)).columns


def test_predictions_of_a_row_do_not_depend_on_its_neighbours(bench, category):
    frame, trained = bench.plain(category)
    whole = numbers(trained.predict(frame))
    picked = pl.Series([5, 3, 99])
    assert numbers(trained.predict(frame.gather(picked))) == pytest.approx(whole[[5, 3, 99]], abs=1e-6)


def test_text_and_numbers_stand_for_levels_where_they_can(bench, supervised):
    frame, trained = bench.plain(supervised)
    text = frame.with_column("c", Column.from_series(frame["c"].decoded()))
    assert np.array_equal(numbers(trained.predict(text)), numbers(trained.predict(frame)))
    with pytest.raises(InvalidArgument, match="'c' is of type int, and was categorical"):
        trained.predict(frame.with_column("c", Column.integers(pl.Series([1] * frame.n_rows))))


def test_copies_are_written_inside_the_export_roots_only(bench, category, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    context = bench.context()
    context.settings = Settings(export_roots=(str(root),))
    trained = bench.train(
        table(category),
        context=context,
        key="a/../b",
        export_checkpoints_dir=str(root / "models"),
        **response(category),
    )
    assert [path.name for path in (root / "models").iterdir()] == ["a%2F..%2Fb"]
    copy = load_model(root / "models" / "a%2F..%2Fb")
    frame = table(category)
    assert np.array_equal(numbers(copy.predict(frame).to_polars()), numbers(trained.predict(frame)))
    with pytest.raises(Forbidden, match="export_roots"):
        bench.train(
            table(category), context=context, export_checkpoints_dir=str(tmp_path / "other"), **response(category)
        )
    assert not (tmp_path / "other").exists()


def test_copies_do_not_replace_what_is_no_model(bench, category, tmp_path):
    context = bench.context()
    context.settings = Settings(export_roots=(str(tmp_path),))
    precious = tmp_path / "models" / "model" / "thesis.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("years of work")
    with pytest.raises(Conflict, match="is no model"):
        bench.train(
            table(category), context=context, export_checkpoints_dir=str(tmp_path / "models"), **response(category)
        )
    assert precious.read_text() == "years of work"
