"""Arithmetic, comparison and functions; expectations are the reference server's answers on the same frames."""

import math

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame

X = None  # missing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(+ (cols_py m [0 1]) (cols_py m 0))", {"a": [2, 4, X, -14], "b": [3.5, X, X, -7]}),
        ("(+ (cols_py m 0) (cols_py m [0 1]))", {"a": [2, 4, X, -14], "b": [3.5, X, X, -7]}),
        ("(- 10 (cols_py m 0))", {"a": [9, 8, X, 17]}),
        ("(% (cols_py m 'a') 4)", {"a": [1, 2, X, -3]}),
        ("(%% (cols_py m 'a') 4)", {"a": [1, 2, X, -3]}),
        ("(intDiv (cols_py m 'a') 2)", {"a": [0, 1, 0, -3]}),
        ("(%/% (cols_py m 'a') 2)", {"a": [0, 1, 0, -3]}),
        ("(^ (cols_py m [0 1]) 2)", {"a": [1, 4, X, 49], "b": [6.25, X, 1e6, 0]}),
        ("(^ (cols_py m 0) 0)", {"a": [1, 1, 1, 1]}),
        ("(/ (cols_py m [0 1]) 0)", {"a": [math.inf, math.inf, X, -math.inf], "b": [math.inf, X, math.inf, X]}),
        ("(round (cols_py m 1) 0)", {"b": [2, X, 1000, 0]}),
        ("(+ (cols_py e 0) (cols_py e 3))", {"c": [X, X, X, X]}),
        ("(+ (cols_py e 3) (cols_py e 0))", {"n": [1, 1, 4, X]}),
        ("(+ (cols_py e 2) 1)", {"t": [1577934245001, 1620259200001, X, 1577934245001]}),
    ],
)
def test_arithmetic_propagates_missing_values(run, text, expected) -> None:
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(> (cols_py m [0 1]) 1)", {"a": [0, 1, 0, 0], "b": [1, 0, 1, 0]}),
        ("(> (cols_py m [0 1]) NaN)", {"a": [0, 0, 0, 0], "b": [0, 0, 0, 0]}),
        ("(< 1 (cols_py e 3))", {"n": [0, 0, 1, 0]}),
        ("(> (cols_py e 2) 1)", {"t": [1, 1, 0, 1]}),
        ("(== m 2)", {"C1": [0, 1, 0, 0], "C2": [0, 0, 0, 0], "C3": [0, 0, 0, 0], "C4": [0, 0, 0, 0]}),
        ("(!= m 2)", {"C1": [1, 0, 1, 1], "C2": [1, 1, 1, 1], "C3": [0, 0, 0, 0], "C4": [1, 1, 1, 1]}),
        ("(== m NaN)", {"C1": [0, 0, 1, 0], "C2": [0, 1, 0, 0], "C3": [0, 0, 0, 0], "C4": [0, 0, 1, 0]}),
        ('(== m "x")', {"a": [0, 0, 0, 0], "b": [0, 0, 0, 0], "c": [1, 0, 0, 1], "s": [0, 0, 0, 0]}),
        ('(!= m "x")', {"a": [1, 1, 1, 1], "b": [1, 1, 1, 1], "c": [0, 1, 1, 0], "s": [1, 1, 1, 1]}),
        ("(== (cols_py m 3) 'foo')", {"s": [1, 0, 0, 0]}),
        ("(== (cols_py m 3) (cols_py m 3))", {"s": [1, 1, 1, 1]}),
        ("(== (cols_py e 0) (cols_py e 1))", {"c": [0, 0, 0, 1]}),
        ("(!= (cols_py e 0) (cols_py e 1))", {"c": [1, 1, 1, 0]}),
        ("(== (cols_py e 0) (cols_py e 3))", {"c": [0, 0, 1, 0]}),
        ("(== 1 (cols_py e 0))", {"c": [0, 1, 0, 0]}),
        ("(== (cols_py e 2) 1577934245000)", {"C1": [0, 0, 0, 0]}),
        ("(== (cols_py m 'a') (cols_py m 'b'))", {"a": [0, 0, 0, 0]}),
        ("(& (cols_py e 3) (cols_py e 3))", {"n": [1, 0, 1, X]}),
        ("(& (cols_py e 3) 0)", {"n": [0, 0, 0, 0]}),
        ("(| (cols_py e 3) 0)", {"n": [1, 0, 0, X]}),
        ("(| (cols_py e 3) 1)", {"n": [1, 1, 1, 1]}),
        ("(!! (cols_py m 0))", {"not(a)": [0, 0, X, 0]}),
    ],
)
def test_comparison_with_missing_values_is_false(run, text, expected) -> None:
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(% -7 3)", -1),
        ("(%/% -7 2)", -3),
        ("(intDiv -7 2)", -3),
        ("(intDiv 7 0)", X),
        ("(%/% 7 0)", 2147483647),
        ("(& 2 3)", 1),
        ("(| 2 3)", 0),
        ("(== NaN NaN)", 1),
        ("(> NaN 1)", 0),
        ("(round 2.5 0)", 2),
        ("(round -2.5 0)", -2),
        ("(round 2.675 2)", 2.68),
        ("(signif 123.456 2)", 120),
        ("(not 3)", 0),
        ("(abs -3)", 3),
        ("(is.na NaN)", 1),
        ("(+ [1] 3)", 4),
    ],
)
def test_numbers_combine_like_cells(run, text, value) -> None:
    assert run(text) == value


def test_one_row_counts_for_every_row_of_the_left_frame(run) -> None:
    row = "(rows (cols_py m [0 1]) 0)"
    assert run(f"(+ (cols_py m [0 1]) {row})") == {"a": [2, 3, X, -6], "b": [5, X, 1002.5, 2.5]}
    assert run(f"(+ {row} (cols_py m [0 1]))") == {"a": [2], "b": [5]}


def test_frames_of_other_shapes_are_refused(run) -> None:
    with pytest.raises(InvalidArgument, match="as many rows"):
        run("(+ (cols_py m [0 1]) z)")
    with pytest.raises(InvalidArgument, match="as many columns"):
        run("(+ (cols_py e [0 2 3]) (cols_py e [0 1]))")


def test_strings_have_no_arithmetic(run) -> None:
    for text in ["(+ m 1)", "(> m 1)", "(- 10 m)", "(& m 1)", "(+ (cols_py m 3) (cols_py m 0))"]:
        with pytest.raises(InvalidArgument, match="strings"):
            run(text)
    with pytest.raises(InvalidArgument, match="cannot combine the column 's'"):
        run("(< (cols_py m 3) 'x')")


def test_equality_allows_one_unit_in_the_last_place(run) -> None:
    tenths = Frame.from_polars(pl.DataFrame({"x": [0.1 + 0.2, 0.3, 0.3000000000000002]}))
    assert run("(== x 0.3)", x=tenths) == {"C1": [1, 1, 0]}
    assert run("(== x y)", x=tenths, y=Frame.from_polars(pl.DataFrame({"y": [0.3, 0.3, 0.3]}))) == {"x": [1, 1, 0]}


def test_a_float32_column_is_compared_exactly(run) -> None:
    stored = Frame.from_polars(pl.DataFrame({"x": pl.Series([0.10000000149011612, 0.5], dtype=pl.Float32)}))
    assert run("(> x 0.1)", x=stored) == {"x": [1, 1]}
    assert run("(> x 0.10000000149011612)", x=stored) == {"x": [0, 1]}


def test_results_are_stored_narrowly_and_typed_by_their_values(run, types) -> None:
    assert types("(/ (cols_py m 0) 2)") == ["real"]
    assert types("(* (/ (cols_py m 0) 2) 2)") == ["int"]
    assert types("(> (cols_py m [0 1]) 1)") == ["int", "int"]
    assert types("(+ (cols_py e 0) 1)") == ["bad"]


def test_large_products_do_not_wrap(run) -> None:
    big = Frame.from_polars(pl.DataFrame({"x": [2**31 - 1, -(2**31)]}))
    assert run("(* x x)", x=big) == {"x": [(2**31 - 1) ** 2, 2**62]}
    assert run("(+ x 1)", x=big) == {"x": [2**31, -(2**31) + 1]}
    assert run("(abs x)", x=Frame.from_polars(pl.DataFrame({"x": [-128]}))) == {"abs(x)": [128]}


_FUNCTIONS = {
    "abs": np.abs, "sqrt": np.sqrt, "ceiling": np.ceil, "floor": np.floor, "trunc": np.trunc, "exp": np.exp,
    "expm1": np.expm1, "log": np.log, "log10": np.log10, "log2": np.log2, "log1p": np.log1p, "cos": np.cos,
    "sin": np.sin, "tan": np.tan, "acos": np.arccos, "asin": np.arcsin, "atan": np.arctan, "cosh": np.cosh,
    "sinh": np.sinh, "tanh": np.tanh, "acosh": np.arccosh, "asinh": np.arcsinh, "atanh": np.arctanh, "sign": np.sign,
}  # fmt: skip


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_functions_agree_with_numpy_on_columns_and_numbers(run, name) -> None:
    values = [-2.5, -1.0, -0.5, 0.0, 0.3, 0.7, 1.0, 1.5, 40.0, None]
    frame = Frame.from_polars(pl.DataFrame({"x": values}))
    with np.errstate(all="ignore"):
        expected = _FUNCTIONS[name](np.array(values, dtype=float))
    got = np.array(run(f"({name} x)", x=frame)[f"{name}(x)"], dtype=float)
    np.testing.assert_allclose(got, expected, rtol=1e-15)
    number = run(f"({name} 1.5)")
    np.testing.assert_allclose(np.nan if number is None else number, expected[7], rtol=1e-15)


@pytest.mark.parametrize(("name", "function"), [("cospi", math.cos), ("sinpi", math.sin), ("tanpi", math.tan)])
def test_functions_of_pi_times_a_value(run, name, function) -> None:
    assert run(f"({name} 0.25)") == function(math.pi * 0.25)


def test_functions_need_numeric_columns(run) -> None:
    with pytest.raises(InvalidArgument, match="'c' is of type enum"):
        run("(abs m)")
    with pytest.raises(InvalidArgument, match="'t' is of type time"):
        run("(abs (cols_py e 2))")
