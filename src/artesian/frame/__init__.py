"""Floor 1: tables as immutable, Polars-backed frames of typed columns, their summaries, and how they are read and written.

`column` and `frame` hold the values, `segment` the mapped files behind them, `summary` the statistics of columns,
`parse/` turns files into frames, `io/` fetches and writes files (local, http, s3).
"""

from artesian.frame.column import Column, ColumnType
from artesian.frame.frame import Frame

__all__ = ["Column", "ColumnType", "Frame"]
