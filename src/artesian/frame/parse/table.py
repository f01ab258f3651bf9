"""Some rows of a text, taken apart into columns, with what was odd about them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from artesian.frame.parse.blocks import REGULAR, Ragged


@dataclass(frozen=True)
class Table:
    """Columns `c<number>` of texts or numbers. `line` is the number in the file of the line that the first row starts in;
    `exact` says that each row is one line; `bad_bytes` counts runs of bytes that were no UTF-8; `odd_quote_line` is the
    line from which on quotes stood inside of fields (-1: none).
    """

    data: pl.DataFrame
    line: int
    exact: bool = False
    ragged: Ragged = REGULAR
    ragged_line: int = -1
    bad_bytes: int = 0
    odd_quote_line: int = -1


def empty_to_null(table: pl.DataFrame) -> pl.DataFrame:
    """The table with empty texts as missing."""
    texts = pl.selectors.string()
    return table.with_columns(pl.when(texts != "").then(texts))
