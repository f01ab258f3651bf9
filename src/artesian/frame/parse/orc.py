"""Reads ORC files stripe by stripe through pyarrow, which the extra `orc` brings."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from artesian.core.errors import NotAvailable


class OrcStripes:
    """The stripes of one file. Raises NotAvailable without pyarrow, ValueError or OSError for a damaged file."""

    def __init__(self, path: Path, title: str) -> None:
        try:
            orc = importlib.import_module("pyarrow.orc")
        except ImportError:
            raise NotAvailable(f"Reading the ORC file {title} needs pyarrow: pip install 'artesian[orc]'.") from None
        self._file: Any = orc.ORCFile(str(path))
        empty = _table(self._file.schema.empty_table())
        self.schema: dict[str, pl.DataType] = dict(empty.schema)
        self.n_rows = int(self._file.nrows)

    def head(self, rows: int) -> pl.DataFrame:
        """The first rows."""
        for table in self.tables(list(self.schema)):
            if table.height:
                return table.head(rows)
        return pl.DataFrame(schema=self.schema)

    def tables(self, names: Sequence[str]) -> Iterator[pl.DataFrame]:
        """The columns of those names, one stripe at a time."""
        # a dot in a name means to pyarrow a field of a nested column
        columns = None if any("." in name for name in names) else list(names)
        for number in range(self._file.nstripes):
            yield _table(self._file.read_stripe(number, columns=columns)).select(names)


def _table(part: Any) -> pl.DataFrame:
    found = pl.from_arrow(part)
    assert isinstance(found, pl.DataFrame)
    return found
