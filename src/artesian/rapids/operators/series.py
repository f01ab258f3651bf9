"""Time series in rows: their symbolic words (iSAX)."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.rapids.columns import is_numeric, numeric, strings
from artesian.rapids.registry import FLAG, FRAME, INTEGER, operator

_MOST_SYMBOLS = 65_536


@operator(
    "isax",
    FRAME("frame"),
    INTEGER("words"),
    INTEGER("cardinality"),
    FLAG("fewest symbols"),
    doc="Each row as words of its standardised means, symbols by equal shares of a normal distribution, after the index iSax_index.",
)
def isax(frame: Frame, words: int, cardinality: int, fewest: bool) -> Frame:
    for name, column in zip(frame.names, frame.columns, strict=True):
        if not is_numeric(column):
            raise InvalidArgument(f"'isax' needs numbers, but '{name}' is of type {column.type}.")
    if not 1 <= words <= frame.n_columns:
        raise InvalidArgument(
            f"The argument 'words' of 'isax' must be from 1 to {frame.n_columns}, the columns. Got {words}."
        )
    if not 2 <= cardinality <= _MOST_SYMBOLS:
        raise InvalidArgument(
            f"The argument 'cardinality' of 'isax' must be from 2 to {_MOST_SYMBOLS}. Got {cardinality}."
        )
    symbols = list(_symbols(frame, words, cardinality))
    counts = [cardinality] * words
    if fewest:
        distinct = [np.unique(column) for column in symbols]
        symbols = [np.searchsorted(found, column) for found, column in zip(distinct, symbols, strict=True)]
        counts = [len(found) for found in distinct]
    table = pl.DataFrame({f"c{i}": column for i, column in enumerate(symbols)})
    index = pl.concat_str([pl.format(f"{{}}^{count}", f"c{i}") for i, count in enumerate(counts)], separator="_")
    columns: list[Column] = [strings(table.select(index.alias("index"))["index"])]
    columns += [numeric(series) for series in table.get_columns()]
    return Frame(["iSax_index", *table.columns], columns, frame.n_rows)


def _symbols(frame: Frame, words: int, cardinality: int) -> NDArray[np.int64]:
    """The symbol of each word of each series, shape (words, rows); columns after the last whole word are left out."""
    step = frame.n_columns // words
    cells = np.column_stack([column.floats() for column in frame.columns[: step * words]])
    means = cells.reshape(len(cells), words, step).mean(axis=2)
    with np.errstate(all="ignore"):
        # as in H2O the spread is that within the words alone
        squares = ((cells.reshape((*means.shape, step)) - means[:, :, None]) ** 2).sum(axis=(1, 2))
        spread = np.sqrt(squares / (cells.shape[1] - 1))
        scores = (means - cells.mean(axis=1, keepdims=True)) / spread[:, None]
    bounds = np.array([NormalDist().inv_cdf(i / cardinality) for i in range(1, cardinality)])
    # a series without spread, or with a missing value, has the first symbol throughout
    return np.where(np.isnan(scores), 0, np.searchsorted(bounds, scores, side="left")).T.astype(np.int64)
