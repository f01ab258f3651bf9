"""What would not fit the memory budget is refused before it is tried."""

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import InvalidArgument, OutOfMemory
from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate


@pytest.fixture
def small() -> MemoryEnvironment:
    long = Frame.from_polars(
        pl.DataFrame({"k": np.zeros(3_000, dtype=np.int64), "v": np.arange(3_000), "w": np.arange(3_000)})
    )
    text = Frame(["s"], [Column.from_series(pl.Series(["a," * 2_000] + ["a"] * 1_000))])
    return MemoryEnvironment({"long": long, "text": text}, settings=Settings(memory_budget_mb=10, max_columns=5_000))


@pytest.mark.parametrize(
    "text",
    [
        "(merge long long False False [0] [0] 'auto')",
        "(merge long long True False [0] [0] 'auto')",
        "(distance (cols_py long [1 2]) (cols_py long [1 2]) 'l2')",
        "(x (cols_py long 1) (t (cols_py long 1)))",
        "(table (cols_py long [1 2]) False)",
        "(pivot long 'v' 'w' 'k')",
        "(strsplit text ',')",
        "({f . (f (f (f (f (f (f long))))))} {x . (rbind x x x)})",
    ],
)
def test_a_result_beyond_the_budget_is_refused(text: str, small: MemoryEnvironment) -> None:
    with pytest.raises(OutOfMemory, match="the memory budget allows 5 MB at a time"):
        evaluate(text, small)


@pytest.mark.parametrize(
    "text",
    [
        "(t long)",
        "(rep_len (cols_py long [0 1]) 4000)",
        "(strsplit text ',')",
        "({f . (f (f (f (f long))))} {x . (cbind x x x x x x)})",
    ],
)
def test_too_many_columns_are_refused(text: str, small: MemoryEnvironment) -> None:
    small.settings = Settings(max_columns=1_000)
    with pytest.raises(InvalidArgument, match="max_columns"):
        evaluate(text, small)


def test_what_fits_is_made(small: MemoryEnvironment) -> None:
    assert evaluate("(merge long long False False [1] [1] 'auto')", small).rows == 3_000
    small.settings = Settings()
    assert evaluate("(merge (rows long [0:1500]) long False False [0] [0] 'auto')", small).rows == 4_500_000
