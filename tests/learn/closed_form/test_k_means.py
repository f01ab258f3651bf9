"""K-means: the reference server's and scikit-learn's centres from the same start, and what training adds around them."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans

from artesian.core.errors import Cancelled, InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.model import load_model
from artesian.learn.base.table import Table
from artesian.learn.cluster import rows as rows_of_k_means
from artesian.learn.cluster.constrained import Assignment
from artesian.learn.cluster.rows import Space
from artesian.learn.metrics import metrics_from_dict
from data import CENTRES

NUMBERS = ("a", "b", "e")


def without(frame, names):
    return [name for name in frame.names if name not in names]


def centres(names):
    found = {}
    for name in names:
        values = CENTRES[name]
        text = isinstance(values[0], str)
        found[name] = Column.enum_from_strings(pl.Series(values)) if text else Column.reals(pl.Series(values))
    return Frame.from_mapping(found)


def trained(bench, frame, names, *, user=True, **options):
    made = bench("kmeans")
    given = {"k": 3, "max_iterations": 50, **options}
    if user:
        given["user_points"] = made.add("points", centres(names))
    return made.train(frame, ignored_columns=without(frame, names), **given)


@pytest.mark.parametrize(
    ("case", "names", "options"),
    [
        ("standardized", ("a", "b", "e"), {}),
        ("raw", ("a", "b", "e"), {"standardize": False}),
        ("mixed", ("a", "b", "c"), {}),
    ],
)
def test_centres_and_sums_are_the_reference_servers(bench, frame, reference, case, names, options):
    expected = reference["k_means"][case]
    model = trained(bench, frame, names, **options)
    table = Table.from_dict(model.details.extra["centers"])
    for row, wanted in zip(table.rows(), expected["centers"], strict=True):
        for cell, value in zip(row[1:], wanted, strict=True):
            assert cell == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)
    metrics = metrics_from_dict(model.details.training_metrics)
    # the reference measures rows in single precision
    assert metrics.size == tuple(expected["size"])
    assert metrics.withinss == pytest.approx(expected["withinss"], rel=1e-5)
    assert metrics.totss == pytest.approx(expected["totss"], rel=1e-5)
    labels = model.predict(frame)["predict"].to_list()
    assert labels[: len(expected["labels"])] == expected["labels"]


def test_centres_are_scikit_learns(bench, frame):
    full = frame.filter(pl.Series(~np.isnan(np.asarray(frame["a"].floats()) + np.asarray(frame["e"].floats()))))
    model = trained(bench, full, NUMBERS)
    matrix = np.column_stack([np.asarray(full[name].floats()) for name in NUMBERS])
    mean, deviation = matrix.mean(axis=0), matrix.std(axis=0, ddof=1)
    start = (np.column_stack([CENTRES[name] for name in NUMBERS]) - mean) / deviation
    other = KMeans(3, init=start, n_init=1, max_iter=50, tol=0, algorithm="lloyd").fit((matrix - mean) / deviation)
    assert model.model.centres.numbers == pytest.approx(other.cluster_centers_, abs=1e-9)
    assert model.details.training_metrics["tot_withinss"] == pytest.approx(other.inertia_, rel=1e-9)


def test_least_sizes_hold_at_the_reference_servers_cost(bench, frame, reference):
    expected = reference["k_means"]["constrained"]
    model = trained(bench, frame, ("a", "b"), cluster_size_constraints=[70, 20, 40])
    metrics = metrics_from_dict(model.details.training_metrics)
    assert all(size >= least for size, least in zip(metrics.size, (70, 20, 40), strict=True))
    assert metrics.size == tuple(expected["size"])
    assert metrics.tot_withinss == pytest.approx(sum(expected["withinss"]), rel=1e-5)


def test_the_cheapest_deal_is_found():
    distances = np.random.default_rng(1).random((7, 3))
    least = (2, 3, 2)
    deals = (d for d in itertools.product(range(3), repeat=7) if all(d.count(c) >= n for c, n in enumerate(least)))
    best = min(distances[np.arange(7), list(deal)].sum() for deal in deals)
    found = Assignment(distances, least).solve()
    assert distances[np.arange(7), found].sum() == pytest.approx(best)


def test_the_number_of_clusters_is_estimated_as_on_the_reference(bench, frame, reference):
    expected = reference["k_means"]["estimated"]
    model = trained(bench, frame, ("a", "b"), user=False, k=8, estimate_k=True)
    metrics = metrics_from_dict(model.details.training_metrics)
    assert metrics.size == tuple(expected["size"])
    assert metrics.withinss == pytest.approx(expected["withinss"], rel=1e-5)
    clusters = model.details.scoring_history.column("number_of_clusters")
    assert clusters[0] == 0
    assert sorted(set(clusters)) == list(range(len(expected["size"]) + 1))


@pytest.mark.parametrize("init", ["Furthest", "PlusPlus", "Random"])
def test_every_start_finds_well_separated_clusters(bench, init):
    random = np.random.default_rng(3)
    points = np.concatenate([random.normal(size=(50, 2)) + 60 * np.array(p) for p in ((0, 0), (1, 0), (0, 1))])
    table = Frame.from_mapping({n: Column.reals(pl.Series(points[:, i])) for i, n in enumerate("xy")})
    best = min(
        bench("kmeans")
        .train(table, k=3, init=init, seed=seed, max_iterations=100)
        .details.training_metrics["tot_withinss"]
        for seed in range(1, 6)
    )
    deviation = points.std(axis=0, ddof=1)
    groups = np.split(points / deviation, 3)
    assert best == pytest.approx(sum(((g - g.mean(axis=0)) ** 2).sum() for g in groups), rel=1e-9)


def test_empty_clusters_move_to_the_furthest_rows(bench):
    table = Frame.from_mapping({"x": Column.reals(pl.Series([0.0, 0.1, 5.0, 5.1, 9.0, 9.1]))})
    made = bench("kmeans")
    points = made.add("points", Frame.from_mapping({"x": Column.reals(pl.Series([0.0, -100.0, -200.0]))}))
    model = made.train(table, k=3, user_points=points, standardize=False, max_iterations=30)
    assert sorted(metrics_from_dict(model.details.training_metrics).size) == [2.0, 2.0, 2.0]


def test_cross_validation_measures_held_out_rows(bench, frame):
    model = trained(
        bench, frame, NUMBERS, user=False, nfolds=4, fold_assignment="Modulo", keep_cross_validation_predictions=True
    )
    total = 0.0
    for fold, entry in enumerate(model.answer["models"]):
        held_out = frame.filter(pl.Series(np.arange(frame.n_rows) % 4 == fold))
        total += load_model(entry["folder"]).score(held_out).tot_withinss
    metrics = metrics_from_dict(model.details.cross_validation_metrics)
    assert metrics.tot_withinss == pytest.approx(total, rel=1e-12)
    assert metrics.centroid_stats is None
    assert "betweenss" in model.details.cross_validation_summary.column("")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"k": 0}, "k"),
        ({"k": 161}, "k"),
        ({"max_iterations": 0}, "max_iterations"),
        ({"init": "User"}, "user_points"),
        ({"estimate_k": True, "cluster_size_constraints": [1, 1, 1]}, "estimate_k"),
        ({"cluster_size_constraints": [1, 2]}, "cluster_size_constraints"),
        ({"cluster_size_constraints": [100, 100, 1]}, "cluster_size_constraints"),
        ({"nfolds": 3, "fold_assignment": "Stratified"}, "fold_assignment"),
        ({"categorical_encoding": "SortByResponse"}, "categorical_encoding"),
    ],
)
def test_impossible_parameters_are_refused_by_name(bench, frame, options, field):
    with pytest.raises(InvalidParameters) as error:
        trained(bench, frame, NUMBERS, user=False, **options)
    assert field in {problem.field for problem in error.value.problems}


def test_points_of_another_shape_are_refused(bench, frame):
    made = bench("kmeans")
    made.add("points", centres(("a", "b")))
    with pytest.raises(InvalidParameters, match="columns that are clustered"):
        made.train(frame, k=3, user_points="points", ignored_columns=without(frame, NUMBERS))
    with pytest.raises(InvalidParameters, match="one row for each"):
        made.train(frame, k=4, user_points="points", ignored_columns=without(frame, ("a", "b")))


def test_max_runtime_secs_ends_the_passes(bench):
    table = Frame.from_mapping({"x": Column.reals(pl.Series(np.random.default_rng(1).random(20_000)))})
    model = bench("kmeans").train(table, k=40, init="Random", max_iterations=100_000, max_runtime_secs=0.01)
    assert "max_runtime_secs" in " ".join(model.details.warnings)
    assert model.details.training_metrics["nobs"] == 20_000


def test_cancelling_ends_the_passes(bench, frame):
    made = bench("kmeans")
    context = made.context()
    context.cancelled = True
    with pytest.raises(Cancelled):
        made.train(frame, context=context, k=3)


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [
        ("Enum", ["a", "c"]),
        ("OneHotInternal", ["a", "c"]),
        ("OneHotExplicit", ["a", "c.u", "c.v", "c.w", "c.x", "c.missing(NA)"]),
        ("Binary", ["a", "c:0", "c:1", "c:2"]),
        ("Eigen", ["a", "c.Eigen"]),
        ("LabelEncoder", ["a", "c"]),
        ("EnumLimited", ["a", "c"]),
    ],
)
def test_every_encoding_of_levels(bench, frame, encoding, columns, tmp_path):
    model = trained(bench, frame, ("a", "c"), user=False, categorical_encoding=encoding, seed=1)
    table = Table.from_dict(model.details.extra["centers"])
    assert [column.description for column in table.columns[1:]] == columns
    unseen = frame.with_column("c", Column.enum_from_strings(pl.Series(["new"] * frame.n_rows)))
    missing = frame.with_column("c", Column.enum_from_strings(pl.Series([None] * frame.n_rows, dtype=pl.String)))
    assert model.predict(unseen).equals(model.predict(missing))
    assert metrics_from_dict(model.details.training_metrics).tot_withinss > 0
    again = load_model(model.model.save(tmp_path / "copy"))
    assert again.predict(frame).to_polars().equals(model.predict(frame))


@pytest.fixture
def odd_rows():
    """Numbers of several widths and levels, with gaps, an infinite and a huge value, more rows than a tile of the kernel."""
    random = np.random.default_rng(21)
    n = 1003
    real = random.normal(5e5, 2.0, n)
    real[[3, 300]] = np.inf, 1e200
    whole = pl.Series(
        [None if i % 11 == 0 else int(v) for i, v in enumerate(random.integers(-9, 9, n))], dtype=pl.Int16
    )
    few = pl.Series([None if i % 13 == 0 else int(v) for i, v in enumerate(random.integers(0, 3, n))], dtype=pl.UInt8)
    return Frame.from_mapping(
        {
            "real": Column.reals(pl.Series(real)),
            "whole": Column.from_series(whole),
            "wide": Column.enums(pl.Series(random.integers(0, 300, n)), [f"w{i:03}" for i in range(300)]),
            "few": Column.enums(few, ["u", "v", "w"]),
        }
    )


@pytest.mark.parametrize("k", [1, 2, 7])
def test_rows_are_dealt_alike_one_by_one_and_by_products(odd_rows, monkeypatch, k):
    space = Space.fit(odd_rows, Columns.fit(odd_rows, tuple(odd_rows.names)), standardize=True)
    chosen = space.points(odd_rows)[np.linspace(7, 990, k).astype(int)]
    one_by_one = [space.nearest_of_frame(odd_rows, chosen), space.nearest(space.points(odd_rows), chosen)]
    monkeypatch.setattr(rows_of_k_means, "_FEW_CELLS", 0)
    clusters, distances = space.nearest_of_frame(odd_rows, chosen)
    for found in one_by_one:
        assert (found[0] == clusters).all()
        assert found[1] == pytest.approx(distances, rel=1e-12, abs=1e-12)


def test_the_total_sum_of_squares_is_that_of_the_points(bench, odd_rows):
    made = bench("kmeans").train(odd_rows, k=3, seed=1)
    metrics = made.model.score(odd_rows)
    points = made.model.space.points(odd_rows)
    apart = ((points.numbers - points.numbers.mean(axis=0)) ** 2).sum()
    differing = (points.codes != made.model.space.modes).sum()
    assert metrics.totss == pytest.approx(apart + differing, rel=1e-12)
