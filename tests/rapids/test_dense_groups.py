"""Aggregates of few groups come from tables of sums: they are those that Polars gives."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from artesian.frame import Frame
from artesian.rapids import MemoryEnvironment, evaluate


@pytest.mark.parametrize("missing", [False, True])
def test_tables_of_sums_agree_with_polars(missing: bool) -> None:
    """Two keys of 60 and 40 values: too many groups for Polars to be asked, few enough for tables."""
    random = np.random.default_rng(9)
    rows = 50_000
    table = pl.DataFrame(
        {"a": random.integers(-20, 40, rows), "b": random.integers(0, 40, rows), "v": random.normal(5, 2, rows)}
    )
    if missing:
        gone = [pl.Series(random.random(rows) < 0.2) for _ in range(3)]
        table = table.select(
            pl.when(~mask).then(pl.col(name)).alias(name) for name, mask in zip("abv", gone, strict=True)
        )
    functions = ("nrow", "mean", "sum", "sumSquares", "var", "sdev", "min", "max")
    for way in ("rm", "all", "ignore"):
        wanted = " ".join(f"'{function}' 2 '{way}'" for function in functions)
        environment = MemoryEnvironment({"f": Frame.from_polars(table)})
        found = evaluate(f"(GB f [0 1] {wanted})", environment).value
        # the median keeps the tables away; its column is dropped again
        slow = evaluate(f"(GB f [0 1] {wanted} 'median' 2 '{way}')", environment).value.without(["median_v"])
        assert found.names == slow.names
        assert found.types == slow.types
        for name in found.names:
            np.testing.assert_allclose(found[name].floats(), slow[name].floats(), rtol=1e-9, err_msg=f"{name} {way}")
