"""Principal components and singular values: the reference server's, scikit-learn's and NumPy's, by every method."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.decomposition import PCA

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn.base.table import Table
from artesian.learn.decomposition import products

USED = ("a", "b", "e", "c")


def without(frame, names=USED):
    return [name for name in frame.names if name not in names]


def signs(found, expected):
    """The signs that turn one set of columns into the other."""
    return np.where((np.asarray(found) * np.asarray(expected)).sum(axis=0) < 0, -1.0, 1.0)


def matrix_of(table):
    return np.array([row[1:] for row in table.rows()], dtype=np.float64)


@pytest.mark.parametrize("transform", ["NONE", "STANDARDIZE", "NORMALIZE", "DEMEAN", "DESCALE"])
def test_components_are_the_reference_servers(bench, frame, reference, transform):
    check(bench, frame, reference["components"][f"{transform} False False"], transform=transform)


def test_imputed_rows_and_all_levels_are_the_reference_servers(bench, frame, reference):
    options = {"transform": "STANDARDIZE", "impute_missing": True, "use_all_factor_levels": True}
    check(bench, frame, reference["components"]["STANDARDIZE True True"], **options)


def check(bench, frame, expected, **options):
    model = bench("pca").train(frame, k=3, ignored_columns=without(frame), **options)
    table = Table.from_dict(model.details.extra["eigenvectors"])
    assert list(table.column("")) == expected["names"]
    vectors, wanted = matrix_of(table), np.array(expected["eigenvectors"])
    turn = signs(vectors, wanted)
    assert vectors * turn == pytest.approx(wanted, abs=1e-7)
    assert matrix_of(model.details.model_summary) == pytest.approx(np.array(expected["importance"]), rel=1e-8)
    scores = model.predict(frame).to_numpy()[: len(expected["scores"])]
    wanted = np.array(expected["scores"])
    there = ~np.isnan(wanted).any(axis=1)  # the reference has no scores of rows that miss numbers
    assert scores[there] * turn == pytest.approx(wanted[there], rel=1e-6, abs=1e-6)
    assert np.isfinite(scores).all()


def test_components_are_scikit_learns(bench, frame):
    full = complete(frame, ("a", "b", "e"))
    model = bench("pca").train(full, k=3, transform="DEMEAN", ignored_columns=without(full, ("a", "b", "e")))
    matrix = np.column_stack([np.asarray(full[n].floats()) for n in ("a", "b", "e")])
    other = PCA(3).fit(matrix)
    vectors = model.model.vectors
    assert vectors * signs(vectors, other.components_.T) == pytest.approx(other.components_.T, abs=1e-10)
    summary = matrix_of(model.details.model_summary)
    assert summary[0] ** 2 == pytest.approx(other.explained_variance_, rel=1e-10)
    assert summary[1] == pytest.approx(other.explained_variance_ratio_, rel=1e-10)


def complete(frame, names):
    there = ~np.isnan(np.column_stack([np.asarray(frame[n].floats()) for n in names])).any(axis=1)
    return frame.filter(pl.Series(there))


@pytest.mark.parametrize("method", ["Power", "Randomized"])
def test_every_method_finds_the_same_components(bench, frame, method):
    options = {"k": 3, "transform": "STANDARDIZE", "ignored_columns": without(frame), "max_iterations": 20_000}
    exact = bench("pca").train(frame, **options)
    other = bench("pca").train(frame, pca_method=method, **options)
    assert other.model.vectors == pytest.approx(exact.model.vectors, abs=1e-6)
    assert matrix_of(other.details.model_summary) == pytest.approx(matrix_of(exact.details.model_summary), rel=1e-9)
    assert len(other.details.scoring_history) > 3
    assert not [w for w in other.details.warnings if "converged" in w]


@pytest.mark.parametrize("name", ["MTJ_EVD_DENSEMATRIX", "MTJ_EVD_SYMMMATRIX", "MTJ_SVD_DENSEMATRIX", "JAMA"])
def test_every_implementation_finds_the_same_components(bench, frame, name):
    exact = bench("pca").train(frame, k=3, ignored_columns=without(frame))
    other = bench("pca").train(frame, k=3, ignored_columns=without(frame), pca_impl=name)
    assert other.model.vectors == pytest.approx(exact.model.vectors, abs=1e-9)


def test_too_few_iterations_are_told(bench, frame):
    model = bench("pca").train(frame, k=3, pca_method="Power", max_iterations=2, ignored_columns=without(frame))
    assert "had not converged" in " ".join(model.details.warnings)


@pytest.mark.parametrize(("rows", "columns"), [(30, 90), (90, 90)])
def test_more_inputs_than_can_be_written_down(bench, monkeypatch, rows, columns):
    monkeypatch.setattr(products, "GRAM_LIMIT", 40)
    monkeypatch.setattr("artesian.learn.decomposition.solvers.GRAM_LIMIT", 40)
    random = np.random.default_rng(2)
    matrix = random.normal(size=(rows, 3)) @ random.normal(size=(3, columns)) * 5 + random.normal(size=(rows, columns))
    table = Frame.from_mapping({f"x{i}": Column.reals(pl.Series(matrix[:, i])) for i in range(columns)})
    model = bench("pca").train(table, k=3, transform="DEMEAN")
    other = PCA(3, svd_solver="full").fit(matrix)
    vectors = model.model.vectors
    assert vectors * signs(vectors, other.components_.T) == pytest.approx(other.components_.T, abs=1e-7)
    assert matrix_of(model.details.model_summary)[0] ** 2 == pytest.approx(other.explained_variance_, rel=1e-9)


def test_rows_in_blocks_make_the_same_components(bench, frame, monkeypatch):
    whole = bench("pca").train(frame, k=3, ignored_columns=without(frame))
    monkeypatch.setattr("artesian.learn.base.design.columns._BLOCK_CELLS", 50)
    parts = bench("pca").train(frame, k=3, ignored_columns=without(frame))
    assert parts.model.vectors == pytest.approx(whole.model.vectors, abs=1e-9)
    assert parts.predict(frame).to_numpy() == pytest.approx(whole.predict(frame).to_numpy(), abs=1e-7)


def test_k_below_one_is_as_many_as_there_can_be(bench, frame):
    model = bench("pca").train(frame, k=-1, ignored_columns=without(frame))
    assert model.predict(frame).columns == [f"PC{i + 1}" for i in range(6)]
    assert model.details.actual("k") == 6
    assert "set to 6" in " ".join(model.details.warnings)


def test_rows_without_numbers_are_counted_and_needed(bench, frame):
    model = bench("pca").train(frame, k=2, ignored_columns=without(frame))
    assert "rows with missing values are not learnt from" in " ".join(model.details.warnings)
    gaps = Frame.from_mapping(
        {"p": Column.reals(pl.Series([1.0, None, 3.0, None])), "q": Column.reals(pl.Series([None, 2.0, None, 5.0]))}
    )
    with pytest.raises(InvalidArgument, match="misses a value"):
        bench("pca").train(gaps, k=1)
    assert bench("pca").train(gaps, k=1, impute_missing=True).details.training_metrics["nobs"] == 4


@pytest.mark.parametrize(
    ("algorithm", "options", "field"),
    [
        ("pca", {"k": 7}, "k"),
        ("pca", {"pca_method": "GLRM"}, "pca_method"),
        ("pca", {"transform": "SQUARE"}, "transform"),
        ("pca", {"max_iterations": 0}, "max_iterations"),
        ("svd", {"nv": 0}, "nv"),
        ("svd", {"nv": 99}, "nv"),
        ("svd", {"u_name": "x" * 1000}, "u_name"),
    ],
)
def test_impossible_parameters_are_refused_by_name(bench, frame, algorithm, options, field):
    with pytest.raises(InvalidParameters) as error:
        bench(algorithm).train(frame, ignored_columns=without(frame), **options)
    assert field in {problem.field for problem in error.value.problems}


def test_metrics_only_if_wanted(bench, frame):
    assert bench("pca").train(frame, k=1, compute_metrics=False).details.training_metrics is None


def test_singular_values_and_vectors_are_the_reference_servers(bench, frame, reference):
    expected = reference["singular_values"]
    model = bench("svd").train(frame, nv=3, transform="DEMEAN", u_name="left", ignored_columns=without(frame))
    assert model.details.extra["d"] == pytest.approx(expected["d"], rel=1e-9)
    right = model.frame(model.details.extra["v_key"]).to_polars().to_numpy()
    turn = signs(right, expected["v"])
    assert right * turn == pytest.approx(np.array(expected["v"]), abs=1e-7)
    left = model.frame("left").to_polars().to_numpy()
    assert left[: len(expected["u"])] * turn == pytest.approx(np.array(expected["u"]), abs=1e-7)
    assert model.details.extra["u_key"] == "left"
    assert left.T @ left == pytest.approx(np.eye(3), abs=1e-9)


def test_left_vectors_only_if_kept(bench, frame):
    model = bench("svd").train(frame, nv=2, keep_u=False, ignored_columns=without(frame))
    assert model.details.extra["u_key"] is None
    assert list(model.answer["frames"]) == [model.details.extra["v_key"]]
