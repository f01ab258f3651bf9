"""Reducers and random columns; expectations are the reference server's answers on the same frames."""

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame

X = None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(sum (cols_py m 0))", X),
        ("(sum z)", 6),
        ("(sumNA (cols_py m 0))", -4),
        ("(sumNA (cols_py e 0))", X),
        ("(sumNA (cols_py e 2))", 4776127690000),
        ("(sumNA (cols_py m 3))", X),
        ("(max (cols_py m [0 1]))", X),
        ("(max z)", 3),
        ("(maxNA (cols_py m [0 1]))", 1000),
        ("(min z)", 0),
        ("(minNA (cols_py m [0 1]))", -7),
        ("(all (cols_py m 0))", 1),
        ("(any (cols_py m 0))", 1),
        ("(all z)", 0),
        ("(any z)", 1),
        ("(any 0)", 0),
        ("(all 3)", 1),
        ("(any.na m)", 1),
        ("(any.na (rows z []))", 0),
        ("(any.na z)", 1),
        ("(prod (cols_py m [0 1]))", X),
        ("(prod.na (cols_py m 0))", -14),
        ("(prod z)", 0),
        ("(naCnt m)", [1, 1, 1, 1]),
        ("(sd m True)", [4.932882862316247, 576.6299362098133, X, X]),
        ("(sd m False)", [X, X, X, X]),
        ("(median m True)", [1, 2.5, X, X]),
    ],
)
def test_reducers_of_a_frame(run, text, value) -> None:
    got = run(text)
    if isinstance(value, list):
        np.testing.assert_allclose(np.array(got, dtype=float), np.array(value, dtype=float), rtol=1e-14)
    else:
        assert got == value


def test_reducers_along_an_axis(run, types) -> None:
    assert run("(mean m True 0)") == {
        "a": [pytest.approx(-4 / 3)],
        "b": [pytest.approx(1002.5 / 3)],
        "c": [pytest.approx(1 / 3)],
        "s": [X],
    }
    assert run("(mean m False 0)") == {"a": [X], "b": [X], "c": [X], "s": [X]}
    assert run("(mean m True)") == run("(mean m True 0)")
    assert run("(sumaxis m True 0)") == {"a": [-4], "b": [1002.5], "c": [1], "s": [X]}
    assert run("(sumaxis m True 1)") == {"sum": [3.5, 2, 1000, -7]}
    assert run("(mean m True 1)") == {"mean": [1.75, 2, 1000, -3.5]}
    assert run("(mean m False 1)") == {"mean": [X, X, X, X]}
    assert run("(mean (cols_py m [0 1]) False 1)") == {"mean": [1.75, X, X, -3.5]}
    assert types("(mean e True 0)") == ["bad", "bad", "time", "int"]


def test_uniform_numbers_equal_those_of_the_reference(run) -> None:
    expected = [0.7325717806816101, 0.2710251808166504, 0.6313393712043762, 0.9877932071685791]
    assert run("(h2o.runif m 1234)") == {"rnd": expected}
    assert run("(h2o.runif m 1234)") == run("(h2o.runif m 1234)")
    assert run("(h2o.runif m -1)") != run("(h2o.runif m -1)")


def test_uniform_numbers_are_uniform() -> None:
    from artesian.rapids.operators.sampling import uniform_by_row

    values = uniform_by_row(100_000, 7)
    counts = np.histogram(values, bins=100, range=(0, 1))[0]
    assert counts.sum() == 100_000
    # chi-squared with 99 degrees of freedom stays below 149 with probability 0.999
    assert float(((counts - 1000) ** 2 / 1000).sum()) < 149


def _with_missing() -> dict[str, Frame]:
    """Columns of nothing but missing values, of levels, and of times, as uploaded to the reference server."""
    day = [1577836800000, None, None, 1577836800000, 1577836800000, None]
    return {
        "f": Frame(
            ["n", "i", "g", "t"],
            [
                Column.from_series(pl.Series([None] * 6)),
                Column.from_series(pl.Series([1, 2, 3, 4, 5, 6])),
                Column.enum_from_strings(pl.Series([None, "a", None, "b", None, None])),
                Column.times(pl.Series(day).cast(pl.Datetime("ms"))),
            ],
        )
    }


def test_mean_and_sum_of_nothing_but_missing_values_are_zero(run) -> None:
    # H2O-3: n 0, i 3.5, g 0.5, t 1577836800000; with missing values counted, missing
    assert run("(mean (cols_py f [0 1 2]) True 0)", **_with_missing()) == {"n": [0], "i": [3.5], "g": [0.5]}
    assert run("(sumaxis (cols_py f [0 1 2]) True 0)", **_with_missing()) == {"n": [0], "i": [21], "g": [1]}
    assert run("(mean (cols_py f 0) False 0)", **_with_missing()) == {"n": [X]}
    assert run("(mean (cols_py f 0) True 1)", **_with_missing()) == {"mean": [X] * 6}
    assert run("(mean (rows (cols_py f 1) (> (cols_py f 1) 10)) True 0)", **_with_missing()) == {"i": [X]}


def test_any_na_takes_levels_by_their_numbers(run) -> None:
    # H2O-3 answers 1 for levels other than the first one, whatever they are called
    assert run("(any.na (cols_py f 2))", **_with_missing()) == 1
    assert run("(any.na (rows (cols_py f 2) [0:2]))", **_with_missing()) == 0


def test_a_product_is_refused_before_a_missing_value_is_met(run) -> None:
    # H2O-3: only defined on a data frame with all numeric variables
    with pytest.raises(InvalidArgument, match="'g' is of type enum"):
        run("(prod (cols_py f [0 2]))", **_with_missing())


def test_the_deviation_and_the_imputed_mean_of_nothing_but_missing_values_are_zero(run) -> None:
    # H2O-3 answers 0 for both; a deviation that counts missing values is missing
    assert run("(sd (cols_py f [0 1]) True)", **_with_missing()) == [0, pytest.approx(3.5**0.5)]
    assert run("(sd (cols_py f 0) False)", **_with_missing()) == [X]
    assert run("(h2o.impute f 0 'mean' 'interpolate' [] _ _)", **_with_missing()) == [0, X, X, X]
    assert run("(cols_py f 0)") == {"n": [0] * 6}
