"""The order of rows and the pairs of equal keys are those of plain Python on the same values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate
from artesian.rapids.row_order import matches, row_order

_LARGEST = 2**63 - 1


def _keys(random: np.random.Generator, rows: int) -> list[pl.Series]:
    """One key of each kind: narrow and wide whole numbers, both floats (infinities, both zeros), strings; some missing."""
    values: list[Any] = [
        random.integers(-3, 3, rows),
        random.integers(0, 3, rows).astype(np.uint8),
        random.choice([-_LARGEST - 1, _LARGEST, 0], rows),
        random.choice([-1.5, 0.0, -0.0, 2.5, 1e300, -1e300, np.inf, -np.inf], rows),
        random.choice([-1.5, 0.0, 2.5], rows).astype(np.float32),
        random.normal(size=rows),
        random.choice(["a", "b", "cc"], rows),
    ]
    return [pl.Series(v).set(pl.Series(random.uniform(size=rows) < 0.2), None) for v in values]


def _expected(keys: list[pl.Series], falling: list[bool]) -> list[int]:
    """By Python's stable sort, from the last key to the first; missing first."""
    order = list(range(len(keys[0])))
    for key, down in reversed(list(zip(keys, falling, strict=True))):
        values = key.to_list()
        present = sorted((row for row in order if values[row] is not None), key=lambda row: values[row], reverse=down)
        order = [row for row in order if values[row] is None] + present
    return order


@pytest.mark.parametrize("seed", range(60))
def test_rows_come_in_the_order_of_a_stable_sort(seed: int) -> None:
    random = np.random.default_rng(seed)
    keys = _keys(random, int(random.integers(0, 60)))
    chosen = [keys[i] for i in random.choice(len(keys), int(random.integers(1, len(keys))), replace=False)]
    falling = [bool(down) for down in random.integers(0, 2, len(chosen))]
    assert row_order(chosen, falling).to_list() == _expected(chosen, falling)


@pytest.mark.parametrize("spread", [1e-18, 1e-9, 1e9])
def test_keys_of_more_bits_than_fit_with_the_row_number_are_ordered_in_full(spread: float) -> None:
    # 5000 rows need 13 bits: of the 64 of a float64 the last do not fit, and near 1 they are all that differs
    random = np.random.default_rng(7)
    values = 1 + spread * random.normal(size=5000) * 1e6
    values = np.concatenate([values, values[:100], -values])
    assert row_order([pl.Series(values)], [False]).to_list() == np.argsort(values, kind="stable").tolist()
    groups = pl.Series(random.integers(0, 3, len(values)))
    expected = np.lexsort((values, groups.to_numpy())).tolist()
    assert row_order([groups, pl.Series(values)], [False, False]).to_list() == expected


def test_equal_keys_are_counted_and_found() -> None:
    lead = [pl.Series([1, 2, None, 9, 2]), pl.Series([0, 1, 0, 0, 7])]
    other = [pl.Series([2, 1, 2, None]), pl.Series([1, 0, 1, 0])]
    found = matches(lead, other, 100)
    assert found is not None
    assert found.sizes[found.places].tolist() == [1, 2, 0, 0, 0]
    assert (found.pairs, found.most) == (3, 2)
    first, second = found.starts[found.places[:2]]
    assert found.other_order[first] == 1
    assert found.other_order[second : second + 2].tolist() == [0, 2]


def test_keys_that_are_not_whole_or_lie_too_far_apart_make_no_table() -> None:
    assert matches([pl.Series([0.5])], [pl.Series([0.5])], 100) is None
    assert matches([pl.Series([5])], [pl.Series([0, 1000])], 100) is None


@pytest.fixture
def joined() -> Callable[..., list[tuple[Any, ...]]]:
    def join(left: list[Any], right: list[Any], options: str) -> list[tuple[Any, ...]]:
        frames = {
            "l": Frame.from_polars(pl.DataFrame({"k": left, "x": [i + 0.5 for i in range(len(left))]})),
            "r": Frame.from_polars(pl.DataFrame({"k": right, "y": [i + 0.25 for i in range(len(right))]})),
        }
        result = evaluate(f"(merge l r {options} [0] [0] 'auto')", MemoryEnvironment(frames)).value
        return list(result.to_polars().iter_rows())

    return join


@pytest.mark.parametrize("step", [1, 10**12], ids=["by a table of keys", "by hashes"])
def test_joins_pair_each_match_in_the_order_of_keys_and_rows(
    joined: Callable[..., list[tuple[Any, ...]]], step: int
) -> None:
    left, right = [3 * step, step, None, 3 * step, 2 * step], [3 * step, 5 * step, step, 3 * step]
    inner = [
        (step, 1.5, 2.25),
        (3 * step, 0.5, 0.25),
        (3 * step, 0.5, 3.25),
        (3 * step, 3.5, 0.25),
        (3 * step, 3.5, 3.25),
    ]
    assert joined(left, right, "False False") == inner
    outer = [(None, 2.5, None), inner[0], (2 * step, 4.5, None), *inner[1:]]
    assert joined(left, right, "True False") == outer
    from_right = [
        (step, 1.5, 2.25),
        (3 * step, 0.5, 0.25),
        (3 * step, 3.5, 0.25),
        (3 * step, 0.5, 3.25),
        (3 * step, 3.5, 3.25),
    ]
    assert joined(left, right, "False True") == [*from_right, (5 * step, None, 1.25)]


def test_a_join_with_a_frame_of_missing_keys_finds_nothing(joined: Callable[..., list[tuple[Any, ...]]]) -> None:
    assert joined([1, 2], [None, None], "False False") == []
    assert joined([2, 1], [None, None], "True False") == [(1, 1.5, None), (2, 0.5, None)]


def test_levels_that_only_the_leading_frame_has_come_first_in_the_order_of_their_rows() -> None:
    # H2O-3 answers x b b b x … c c c for a right frame of c alone, the left one in the order of other values
    left = Frame(
        ["k", "v"], [Column.enum_from_strings(pl.Series(list("xbcbxc"))), Column.from_series(pl.Series(range(6)))]
    )
    right = Frame(["k", "w"], [Column.enum_from_strings(pl.Series(["c"])), Column.from_series(pl.Series([7]))])
    result = evaluate("(merge l r True False [0] [0] 'auto')", MemoryEnvironment({"l": left, "r": right})).value
    assert list(result.to_polars().iter_rows()) == [
        ("x", 0, None), ("b", 1, None), ("b", 3, None), ("x", 4, None), ("c", 2, 7), ("c", 5, 7)
    ]  # fmt: skip


def test_a_frame_joined_with_itself() -> None:
    frame = Frame.from_polars(pl.DataFrame({"k": [2, 1, 2], "next": [1, 2, 3], "x": [10, 20, 30]}))
    found = evaluate("(merge f f False False [0] [1] 'auto')", MemoryEnvironment({"f": frame})).value
    assert found.to_polars().rows() == [(1, 2, 20, 2, 10), (2, 1, 10, 1, 20), (2, 3, 30, 1, 20)]
