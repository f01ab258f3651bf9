"""H2OTwoDimTable: a small table in a reply (scoring history, thresholds, model summary), by rows with named columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from artesian.client.checks import no_column
from artesian.client.display import Rendered, Shown
from artesian.client.exceptions import H2OTypeError, H2OValueError

_WHOLE = {"int", "integer", "long"}
_REAL = {"double", "float"}
_SHOWN_ROWS = 20


class H2OTwoDimTable(Shown):
    """A table with a caption; `table["name"]` and `table[0]` give a column as a list, a slice gives rows."""

    def __init__(
        self,
        table_header: str | None = None,
        table_description: str | None = None,
        col_header: Sequence[str] | None = None,
        col_types: Sequence[str] | None = None,
        cell_values: Sequence[Sequence[Any]] | None = None,
        col_formats: Sequence[str] | None = None,
    ) -> None:
        self._table_header = table_header or ""
        self._table_description = table_description or ""
        self._col_header = list(col_header or [])
        self._col_types = list(col_types or [])
        self._col_formats = list(col_formats or [])
        self._cell_values = [tuple(row) for row in cell_values or []]

    @classmethod
    def from_reply(cls, reply: dict[str, Any]) -> H2OTwoDimTable:
        """The table of a TwoDimTableV3: columns with name and type, data column by column."""
        columns: list[dict[str, Any]] = reply.get("columns") or []
        data: list[list[Any]] = reply.get("data") or [[] for _ in columns]
        if columns and columns[0].get("name") is None:  # rows numbered by the server
            columns, data = columns[1:], data[1:]
        types = [str(column.get("type") or "string") for column in columns]
        values = [[_value(cell, kind) for cell in cells] for cells, kind in zip(data, types, strict=False)]
        return cls(
            table_header=reply.get("name"),
            table_description=reply.get("description"),
            col_header=[str(column.get("name")) for column in columns],
            col_types=types,
            col_formats=[str(column.get("format") or "") for column in columns],
            cell_values=list(zip(*values, strict=True)),
        )

    @property
    def cell_values(self) -> list[tuple[Any, ...]]:
        """The rows."""
        return self._cell_values

    @property
    def col_header(self) -> list[str]:
        """The names of the columns."""
        return self._col_header

    @property
    def col_types(self) -> list[str]:
        """The types of the columns as the server names them."""
        return self._col_types

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self._cell_values), len(self._col_header)

    def __len__(self) -> int:
        return len(self._cell_values)

    def as_data_frame(self) -> Any:
        """The table as a pandas data frame, or itself where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            return self
        columns = list(zip(*self._cell_values, strict=True)) or [() for _ in self._col_header]
        series = []
        for name, kind, values in zip(self._col_header, self._kinds(), columns, strict=True):
            numeric = kind in _WHOLE or kind in _REAL
            filled = [math.nan if numeric and value == "" else value for value in values]
            series.append(pandas.Series(filled, name=name, dtype=None if values else object))
        return pandas.concat(series, axis=1) if series else pandas.DataFrame()

    def rows_where(self, name: str, holds: Callable[[Any], bool]) -> H2OTwoDimTable:
        """The rows for which a condition on a column's value holds."""
        position = self._position(name)
        return self._with_rows([row for row in self._cell_values if holds(row[position])])

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return self._with_rows(self._cell_values[item])
        if isinstance(item, (list, tuple)):
            return [self[one] for one in item]
        position = self._position(item)
        return [row[position] for row in self._cell_values]

    def __setitem__(self, name: str, values: Sequence[Any]) -> None:
        if len(values) != len(self._cell_values):
            raise H2OValueError(f"A column of this table needs {len(self._cell_values)} values. Got {len(values)}.")
        if name not in self._col_header:
            self._col_header.append(name)
            self._col_types.append("string")
            self._cell_values = [(*row, value) for row, value in zip(self._cell_values, values, strict=True)]
            return
        at = self._col_header.index(name)
        self._cell_values = [
            (*row[:at], value, *row[at + 1 :]) for row, value in zip(self._cell_values, values, strict=True)
        ]

    def _position(self, item: Any) -> int:
        if isinstance(item, str):
            if item in self._col_header:
                return self._col_header.index(item)
        elif isinstance(item, int):
            if -len(self._col_header) <= item < len(self._col_header):
                return item % len(self._col_header)
        else:
            raise H2OTypeError(f"A column of a table is asked for by name or number. Got a {type(item).__name__}.")
        raise no_column(item, self._col_header, "table")

    def _with_rows(self, rows: Sequence[tuple[Any, ...]]) -> H2OTwoDimTable:
        return H2OTwoDimTable(
            self._table_header, self._table_description, self._col_header, self._col_types, rows, self._col_formats
        )

    def show(  # type: ignore[override]
        self, header: bool = True, rows: int = _SHOWN_ROWS, verbosity: str | None = None, fmt: str | None = None
    ) -> None:
        """Prints at most `rows` rows (-1: all), with the caption unless `header` is False."""
        self._rendered(rows, self._caption() if header else "").show(verbosity, fmt)

    def head(self, rows: int = 10) -> H2OTwoDimTable:
        """The first rows."""
        return self._with_rows(self._cell_values[:rows])

    def tail(self, rows: int = 10) -> H2OTwoDimTable:
        """The last rows."""
        return self._with_rows(self._cell_values[-rows:] if rows else [])

    def to_text(self) -> str:
        """The table as text, a long one with its middle left out."""
        return self._rendered(_SHOWN_ROWS, self._caption()).to_text()

    def to_html(self) -> str:
        """The table as HTML, a long one with its middle left out."""
        return self._rendered(_SHOWN_ROWS, self._caption()).to_html()

    def _kinds(self) -> list[str]:
        return [*self._col_types, *["string"] * (len(self._col_header) - len(self._col_types))]

    def _rendered(self, most: int, caption: str) -> Rendered:
        rows, columns = self.shape
        footer = f"[{rows} rows x {columns} columns]" if 0 <= most < rows else ""
        filled = [
            i for i, name in enumerate(self._col_header) if name or any(row[i] != "" for row in self._cell_values)
        ]
        cells = [[row[i] for i in filled] for row in self._shortened(most)]
        return Rendered.table(cells, [self._col_header[i] for i in filled], caption, footer)

    def _caption(self) -> str:
        return ": ".join(part for part in (self._table_header, self._table_description) if part)

    def _shortened(self, most: int) -> Sequence[Sequence[Any]]:
        if most < 0 or len(self._cell_values) <= most:
            return self._cell_values
        dots = tuple("---" for _ in self._col_header)
        half = most // 2
        return [*self._cell_values[:half], dots, *self._cell_values[-half:]]


def _value(cell: Any, kind: str) -> Any:
    """A cell as the number its column declares; an empty string where there is none."""
    if kind not in _WHOLE and kind not in _REAL:
        return "" if cell is None else cell
    if cell is None or cell == "":
        return ""
    number = float(cell)
    return int(number) if kind in _WHOLE and math.isfinite(number) else number
