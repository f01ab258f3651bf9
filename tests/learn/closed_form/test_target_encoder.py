"""Target encoding: the reference server's encodings for every kind of response, and what the battery asks of other models."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import Cancelled, InvalidArgument, InvalidParameters
from artesian.frame import Column
from artesian.learn.base.model import load_model
from data import ENCODED, LEAKAGES

RECORDED = {"columns_to_encode": ENCODED, "noise": 0.0, "fold_column": "fold", "inflection_point": 20, "smoothing": 7}


def trained(bench, frame, response="y", **options):
    return bench("targetencoder").train(frame, response_column=response, **{**RECORDED, **options})


def encoded(model, frame, **options):
    return model.model.predict_option(frame, "target_encoding", options).to_polars()


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("blending", [False, True])
@pytest.mark.parametrize("leakage", LEAKAGES)
@pytest.mark.parametrize("response", ["y", "z", "amount"])
def test_encodings_are_the_reference_servers(bench, frame, reference, response, leakage, blending, training):
    expected = reference["encodings"][f"{response} {leakage} {blending} {training}"]
    model = trained(bench, frame, response, data_leakage_handling=leakage, blending=blending)
    found = encoded(model, frame, as_training=training)
    assert set(found.columns) == set(expected["names"])
    assert [n for n in found.columns if n.endswith("_te")] == list(expected["values"])
    for name, values in expected["values"].items():
        assert found[name].to_numpy()[: len(values)] == pytest.approx(values, rel=1e-9, abs=1e-12)


def test_columns_stand_in_the_reference_servers_order(bench, frame, reference):
    model = trained(bench, frame)
    assert encoded(model, frame).columns == reference["encodings"]["y None False False"]["names"]


def test_predictions_are_encodings_as_of_new_rows(bench, frame):
    model = trained(bench, frame, data_leakage_handling="LeaveOneOut")
    assert model.predict(frame).equals(encoded(model, frame, as_training=False))
    assert model.model.score(frame) is None


def test_a_level_is_its_mean_and_an_unseen_one_counts_as_missing(bench, frame):
    model = trained(bench, frame, "amount", columns_to_encode=[["c"]])
    table = frame.to_polars()
    found = model.predict(frame)
    for level in ("u", "v", None):
        here = table["c"].is_null() if level is None else table["c"] == level
        mean = table.filter(here)["amount"].mean()
        assert found.filter(here)["c_te"].to_numpy() == pytest.approx(mean)
    unseen = frame.with_column("c", Column.enum_from_strings(pl.Series(["new"] * frame.n_rows)))
    assert model.predict(unseen)["c_te"].to_numpy() == pytest.approx(
        table.filter(table["c"].is_null())["amount"].mean()
    )
    never_missing = trained(bench, frame, "amount", columns_to_encode=[["d"]])
    unseen = frame.with_column("d", Column.enum_from_strings(pl.Series(["new"] * frame.n_rows)))
    assert never_missing.predict(unseen)["d_te"].to_numpy() == pytest.approx(table["amount"].mean())


def test_levels_in_another_order_mean_the_same(bench, frame):
    model = trained(bench, frame)
    levels = frame["d"].levels
    turned = Column.enums(1 - frame["d"].values.cast(pl.Int64), levels[::-1])
    names = ["d_te", "c:d_te"]
    assert model.predict(frame.with_column("d", turned)).select(names).equals(model.predict(frame).select(names))


def test_noise_is_even_repeatable_and_of_the_size_asked_for(bench, frame):
    quiet = encoded(trained(bench, frame, "amount"), frame)["c_te"].to_numpy()
    model = trained(bench, frame, "amount", noise=0.5, seed=3)
    first, second = (encoded(model, frame)["c_te"].to_numpy() for _ in range(2))
    assert np.array_equal(first, second)
    assert 0.4 < np.abs(first - quiet).max() <= 0.5
    assert np.array_equal(encoded(model, frame, noise=0.0)["c_te"].to_numpy(), quiet)
    amounts = np.asarray(frame["amount"].floats())
    largest = 0.01 * (amounts.max() - amounts.min())
    automatic = encoded(model, frame, noise=-1.0)["c_te"].to_numpy() - quiet
    assert 0.8 * largest < np.abs(automatic).max() <= largest
    assert np.array_equal(encoded(model, frame.without(["amount"]), noise=-1.0)["c_te"].to_numpy(), quiet)


def test_original_columns_can_be_left_out(bench, frame):
    model = trained(bench, frame, keep_original_categorical_columns=False)
    assert not {"c", "d"} & set(model.predict(frame).columns)


def test_every_categorical_column_is_encoded_by_default(bench, frame):
    model = trained(bench, frame, columns_to_encode=None, ignored_columns=["z", "weight"])
    assert model.details.extra["input_to_output_columns"] == [{"from": [n], "to": [f"{n}_te"]} for n in "cd"]
    assert "not categorical are not encoded: a, b" in " ".join(model.details.warnings)
    assert model.details.status == "DONE"
    assert model.context.published[0]["details"]["status"] == "RUNNING"


def test_rows_without_a_response_are_not_learnt_from(bench, frame):
    keep = np.arange(frame.n_rows) % 3 > 0
    amounts = np.where(keep, np.asarray(frame["amount"].floats()), np.nan)
    gaps = trained(bench, frame.with_column("amount", Column.reals(pl.Series(amounts))), "amount")
    some = trained(bench, frame.filter(pl.Series(keep)), "amount")
    names = ["c_te", "d_te", "c:d_te"]
    assert gaps.predict(frame).select(names).to_numpy() == pytest.approx(some.predict(frame).select(names).to_numpy())


def test_a_kept_model_encodes_as_the_one_in_memory(bench, frame, tmp_path):
    model = trained(bench, frame, "z", data_leakage_handling="KFold", blending=True)
    again = load_model(model.model.save(tmp_path / "copy"))
    options = {"as_training": True}
    assert again.predict_option(frame, "target_encoding", options).to_polars().equals(encoded(model, frame, **options))
    assert again.details.to_dict() == model.details.to_dict()


def test_no_rows_give_no_rows(bench, frame):
    model = trained(bench, frame)
    found = model.predict(frame.slice(0, 0))
    assert len(found) == 0
    assert found.columns == model.predict(frame.slice(0, 1)).columns


def test_a_group_without_its_columns_is_left_out_and_named(bench, frame):
    model = trained(bench, frame)
    found = model.predict(frame.without(["d"]))
    assert "c_te" in found.columns
    assert "c:d_te" not in found.columns
    assert "'c:d'" in " ".join(model.model.notes(frame.without(["d"])))
    with pytest.raises(InvalidArgument, match="none of the columns"):
        model.predict(frame.select(["a", "b"]))


def test_what_leakage_handling_needs_is_asked_for(bench, frame):
    model = trained(bench, frame, data_leakage_handling="KFold")
    with pytest.raises(InvalidArgument, match="needs the fold column"):
        encoded(model, frame.without(["fold"]), as_training=True)
    model = trained(bench, frame, data_leakage_handling="LeaveOneOut")
    with pytest.raises(InvalidArgument, match="needs the response"):
        encoded(model, frame.without(["y"]), as_training=True)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"data_leakage_handling": "KFold", "fold_column": None}, "fold_column"),
        ({"columns_to_encode": [["nowhere"]]}, "columns_to_encode"),
        ({"columns_to_encode": [["a"]]}, "columns_to_encode"),
        ({"columns_to_encode": [["c", "c"]]}, "columns_to_encode"),
        ({"columns_to_encode": [["y"]]}, "columns_to_encode"),
        ({"columns_to_encode": [["c"]], "ignored_columns": ["c"]}, "columns_to_encode"),
        ({"columns_to_encode": None, "ignored_columns": ["c", "d", "z"]}, "training_frame"),
        ({"smoothing": -1}, "smoothing"),
        ({"validation_frame": "other"}, "validation_frame"),
    ],
)
def test_impossible_parameters_are_refused_by_name(bench, frame, options, field):
    with pytest.raises(InvalidParameters) as error:
        trained(bench, frame, **options)
    assert field in {problem.field for problem in error.value.problems}


def test_cancelling_takes_effect(bench, frame):
    context = bench("targetencoder").context()
    context.cancelled = True
    with pytest.raises(Cancelled):
        bench("targetencoder").train(frame, response_column="y", context=context)
