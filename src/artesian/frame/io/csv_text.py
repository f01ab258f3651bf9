"""A frame as CSV text, made piece by piece: texts and levels in quotes, missing values empty, times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from artesian.frame.column import Column, ColumnType
from artesian.frame.frame import Frame

_ROWS = 65_536


def csv_pieces(
    frame: Frame,
    *,
    separator: str = ",",
    header: bool = True,
    quote_header: bool = True,
    hex_doubles: bool = False,
    escape_quotes: bool = True,
) -> Iterator[bytes]:
    """The frame as CSV in UTF-8, some rows at a time; the first piece is the line of names where there is one.

    Times are milliseconds since 1970 UTC; `hex_doubles` writes reals in hexadecimal, which loses no bit.
    """
    if header and frame.n_columns:
        yield (separator.join(_name(name, quote_header, escape_quotes) for name in frame.names) + "\n").encode()
    domains = [_quoted(column.domain, escape_quotes) if column.domain is not None else None for column in frame.columns]
    for start in range(0, frame.n_rows if frame.n_columns else 0, _ROWS):
        part = frame.slice(start, _ROWS)
        series = [
            _written(column, domain, hex_doubles, escape_quotes).alias(f"c{i}")
            for i, (column, domain) in enumerate(zip(part.columns, domains, strict=True))
        ]
        text = pl.DataFrame(series).write_csv(
            include_header=False, separator=separator, quote_style="never", null_value=""
        )
        yield text.encode()


def _name(name: str, quote: bool, escape_quotes: bool) -> str:
    inner = name.replace('"', '""') if quote and escape_quotes else name
    return f'"{inner}"' if quote else inner


def _quoted(texts: pl.Series, escape_quotes: bool) -> pl.Series:
    inner = texts.str.replace_all('"', '""', literal=True) if escape_quotes else texts
    return pl.select('"' + pl.lit(inner) + '"').to_series() if len(texts) else texts


def _written(column: Column, domain: pl.Series | None, hex_doubles: bool, escape_quotes: bool) -> pl.Series:
    """The column as it is written; numbers stay numbers."""
    values = column.values
    if domain is not None:
        if len(domain) == 0:
            return pl.Series([None] * len(values), dtype=pl.String)
        return domain.gather(values.cast(pl.UInt32))
    if column.type is ColumnType.STRING:
        return _quoted(values, escape_quotes)
    if column.type is ColumnType.REAL:
        doubles = values.cast(pl.Float64)
        if hex_doubles:
            return pl.Series([None if value is None else value.hex() for value in doubles.to_list()], dtype=pl.String)
        return doubles
    return values
