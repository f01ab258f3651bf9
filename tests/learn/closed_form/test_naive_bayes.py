"""Naive Bayes: the reference server's tables and probabilities, and scikit-learn's."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.naive_bayes import CategoricalNB, GaussianNB

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn.base.table import Table
from data import BAYES

USED = ("a", "b", "c", "d")


def trained(bench, frame, response="y", names=USED, **options):
    ignored = [name for name in frame.names if name not in (*names, response)]
    return bench("naivebayes").train(frame, response_column=response, ignored_columns=ignored, **options)


@pytest.mark.parametrize("response", ["y", "z"])
@pytest.mark.parametrize("case", list(BAYES))
def test_tables_and_probabilities_are_the_reference_servers(bench, frame, reference, response, case):
    expected = reference["bayes"][f"{response} {case}"]
    model = trained(bench, frame, response, **BAYES[case])
    apriori = Table.from_dict(model.details.extra["apriori"])
    assert apriori.rows()[0][1:] == pytest.approx(tuple(expected["apriori"]), rel=1e-12)
    tables = [Table.from_dict(plain) for plain in model.details.extra["pcond"]]
    assert [table.name for table in tables] == list(expected["pcond"])
    for table in tables:
        found = np.array([row[1:] for row in table.rows()], dtype=np.float64)
        assert found == pytest.approx(np.array(expected["pcond"][table.name]), rel=1e-9)
    probabilities = model.predict(frame).select(pl.selectors.numeric()).to_numpy()
    wanted = np.array(expected["predictions"])
    assert probabilities[: len(wanted)] == pytest.approx(wanted, abs=1e-9)


def test_numbers_are_scikit_learns(bench, frame):
    full = frame.filter(pl.Series(~np.isnan(np.asarray(frame["a"].floats()))))
    model = trained(bench, full, names=("a", "b"))
    matrix = np.column_stack([np.asarray(full[n].floats()) for n in ("a", "b")])
    y = np.asarray(full["y"].floats())
    other = GaussianNB(var_smoothing=0).fit(matrix, y)
    sizes = np.bincount(y.astype(int))
    other.var_ *= (sizes / (sizes - 1))[:, None]  # the sample's variance
    found = model.predict(full).select(pl.selectors.numeric()).to_numpy()
    assert found == pytest.approx(other.predict_proba(matrix), abs=1e-9)


def test_levels_are_scikit_learns(bench, frame):
    full = frame.filter(frame["c"].values.is_not_null())
    model = trained(bench, full, names=("c", "d"), laplace=1.0)
    codes = np.column_stack([full[n].codes() for n in ("c", "d")])
    y = np.asarray(full["y"].floats())
    counts = np.bincount(y.astype(int))
    prior = (counts + 1) / (len(y) + 2)  # H2O smooths the classes too
    other = CategoricalNB(alpha=1.0, class_prior=prior).fit(codes, y)
    found = model.predict(full).select(pl.selectors.numeric()).to_numpy()
    assert found == pytest.approx(other.predict_proba(codes), abs=1e-9)


def test_values_far_from_every_class_still_tell_them_apart(bench):
    x = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]
    table = Frame.from_mapping(
        {"x": Column.reals(pl.Series(x)), "y": Column.enum_from_strings(pl.Series(["l"] * 3 + ["r"] * 3))}
    )
    model = bench("naivebayes").train(table, response_column="y")
    far = Frame.from_mapping({"x": Column.reals(pl.Series([-500.0, 500.0]))})
    assert model.predict(far)["l"].to_list() == pytest.approx([1.0, 0.0])


def test_what_it_cannot_learn_is_refused(bench, frame):
    with pytest.raises(InvalidParameters, match="must be categorical"):
        trained(bench, frame, "amount")
    with pytest.raises(InvalidParameters, match="balance_classes"):
        trained(bench, frame, balance_classes=True)
    gaps = Frame.from_mapping(
        {
            "p": Column.reals(pl.Series([1.0, None, 3.0, None])),
            "q": Column.reals(pl.Series([None, 2.0, None, 5.0])),
            "y": Column.enum_from_strings(pl.Series(["n", "j", "n", "j"])),
        }
    )
    with pytest.raises(InvalidArgument, match="complete rows"):
        bench("naivebayes").train(gaps, response_column="y")


def test_metrics_only_if_wanted(bench, frame):
    assert trained(bench, frame, compute_metrics=False).details.training_metrics is None


def test_nothing_is_measured_once_the_time_is_over(bench, frame):
    model = trained(bench, frame, max_runtime_secs=1e-9)
    assert model.details.training_metrics is None
    assert "max_runtime_secs (1e-09 s) was over" in " ".join(model.details.warnings)
    assert model.predict(frame).height == frame.n_rows
