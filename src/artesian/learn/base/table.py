"""A small table for people: metric scores, confusion matrices, scoring histories, model summaries.

Column-major, typed, and with a printf format for each column, so that any front end can show it. It is not for data:
rows of a frame live in `artesian.frame`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from artesian.core.errors import InvalidArgument, did_you_mean

ColumnType = Literal["string", "int", "long", "double", "float"]
Cell = str | int | float | None

_DEFAULT_FORMATS: dict[str, str] = {"string": "%s", "int": "%d", "long": "%d", "double": "%f", "float": "%f"}
_SPECIAL_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_REPR_ROWS = 20


def float_to_json(value: float) -> float | str:
    """A float as JSON can hold it: the three values without a JSON number become `NaN`, `Infinity`, `-Infinity`."""
    if math.isfinite(value):
        return float(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def float_from_json(value: float | int | str) -> float:
    """The inverse of `float_to_json`."""
    if isinstance(value, str):
        if value not in _SPECIAL_FLOATS:
            raise InvalidArgument(f"A number was expected; got the text '{value}'. Allowed texts: {_SPECIAL_FLOATS}.")
        return _SPECIAL_FLOATS[value]
    return float(value)


@dataclass(frozen=True)
class TableColumn:
    """Name (for machines), type, printf format and description (the header for people) of one column."""

    name: str
    type: ColumnType = "double"
    format: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if self.type not in get_args(ColumnType):
            raise InvalidArgument(
                f"The type of table column '{self.name}' must be one of {list(get_args(ColumnType))}. "
                f"Got '{self.type}'."
            )
        object.__setattr__(self, "format", self.format or _DEFAULT_FORMATS[self.type])
        object.__setattr__(self, "description", self.description or self.name)


def _cells(column: TableColumn, values: Iterable[Any]) -> tuple[Cell, ...]:
    """Plain Python values of the column's type; None stays (missing), every NaN is the one `math.nan`."""
    floats_wanted = column.type in ("double", "float")
    if isinstance(values, np.ndarray) and values.dtype.kind == "f" and floats_wanted and not np.isnan(values).any():
        return tuple(values.tolist())  # nothing to look at cell by cell
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if column.type == "string":
        return tuple(None if value is None else str(value) for value in plain)
    if column.type in ("int", "long"):
        return tuple(None if value is None else int(value) for value in plain)
    floats = (None if value is None else float(value) for value in plain)
    # One shared NaN object lets two equal tables compare equal: tuples compare by identity first.
    return tuple(math.nan if value is not None and math.isnan(value) else value for value in floats)


@dataclass(frozen=True, repr=False)
class Table:
    """A named table; `data[c][r]` is the cell of column c and row r, None where missing.

    A column that heads the rows, where there is one, is an ordinary string column and comes first. `row_labels` are
    for printing alone: labels of rows that are no column of the table (the classes of a confusion matrix).

    Raises InvalidArgument when columns and data do not fit together.
    """

    name: str
    description: str
    columns: tuple[TableColumn, ...]
    data: tuple[tuple[Cell, ...], ...] = field(default=())
    row_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        columns, data = tuple(self.columns), tuple(self.data) or tuple(() for _ in self.columns)
        if len(columns) != len(data):
            raise InvalidArgument(f"Table '{self.name}' has {len(columns)} columns, but data for {len(data)}.")
        cells = tuple(_cells(column, values) for column, values in zip(columns, data, strict=True))
        lengths = {column.name: len(values) for column, values in zip(columns, cells, strict=True)}
        if len(set(lengths.values())) > 1:
            raise InvalidArgument(f"The columns of table '{self.name}' differ in length: {lengths}.")
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "data", cells)
        object.__setattr__(self, "row_labels", tuple(self.row_labels))
        if self.row_labels and len(self.row_labels) != len(self):
            raise InvalidArgument(f"Table '{self.name}' has {len(self)} rows, but {len(self.row_labels)} row labels.")

    @classmethod
    def build(
        cls,
        name: str,
        description: str,
        columns: Sequence[tuple[TableColumn, Iterable[Any]]],
        row_labels: Sequence[str] = (),
    ) -> Table:
        """A table from pairs of column and values (any iterable, numpy arrays too)."""
        specs = tuple(column for column, _ in columns)
        cells = tuple(cast(Any, values) for _, values in columns)  # made plain on construction
        return cls(name, description, specs, cells, tuple(row_labels))

    def __len__(self) -> int:
        return len(self.data[0]) if self.data else 0

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of a column, by its name. Raises InvalidArgument for an unknown one."""
        try:
            return self.data[self.column_names.index(name)]
        except ValueError:
            raise InvalidArgument(
                f"Table '{self.name}' has no column '{name}'.{did_you_mean(name, self.column_names)} "
                f"Its columns are {list(self.column_names)}."
            ) from None

    def array(self, name: str) -> npt.NDArray[Any]:
        """A numeric column as float64 (missing as NaN), a string column as objects. Shape [rows]."""
        cells = self.column(name)
        if self.columns[self.column_names.index(name)].type == "string":
            return np.array(cells, dtype=object)
        return np.array([math.nan if cell is None else cell for cell in cells], dtype=np.float64)

    def rows(self) -> list[tuple[Cell, ...]]:
        """The table row by row."""
        return list(zip(*self.data, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `from_dict` gives an equal table back."""
        return {
            "name": self.name,
            "description": self.description,
            "columns": [
                {"name": column.name, "type": column.type, "format": column.format, "description": column.description}
                for column in self.columns
            ],
            "data": [
                [float_to_json(cell) if isinstance(cell, float) else cell for cell in cells] for cells in self.data
            ],
            "row_labels": list(self.row_labels),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Table:
        columns = tuple(TableColumn(**column) for column in values["columns"])
        data = tuple(
            tuple(
                float_from_json(cell) if column.type in ("double", "float") and cell is not None else cell
                for cell in cells
            )
            for column, cells in zip(columns, values["data"], strict=True)
        )
        return cls(values["name"], values["description"], columns, data, tuple(values.get("row_labels", ())))

    def __repr__(self) -> str:
        """The title and the first rows, cells formatted by their column's format."""
        shown = range(min(len(self), _REPR_ROWS))
        header = [column.description for column in self.columns]
        body = [
            [_format(column, cells[row]) for row in shown]
            for column, cells in zip(self.columns, self.data, strict=True)
        ]
        if self.row_labels:
            header, body = ["", *header], [list(self.row_labels[: len(shown)]), *body]
        widths = [max(map(len, [title, *cells])) for title, cells in zip(header, body, strict=True)]
        lines = [f"{self.name}: {self.description}" if self.description else self.name]
        lines.append("  ".join(title.rjust(width) for title, width in zip(header, widths, strict=True)))
        lines += [
            "  ".join(cells[row].rjust(width) for cells, width in zip(body, widths, strict=True)) for row in shown
        ]
        if len(self) > _REPR_ROWS:
            lines.append(f"({len(self) - _REPR_ROWS} more rows)")
        return "\n".join(lines)


def field_name(title: str) -> str:
    """The name for machines of a column whose title is data (a level, a column's name): lower case, words and `_` alone."""
    words = re.split(r"[\s_]+", title)
    return re.sub(r"[^A-Za-z0-9_]", "", "_".join(words).lower())


def duration(seconds: float) -> str:
    """` 4.123 sec`, ` 2 min  4.123 sec` or ` 1:02:04.123`: how tables say how long something took."""
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, milliseconds = divmod(rest, 1000)
    if hours:
        return f"{hours:2d}:{minutes:02d}:{whole:02d}.{milliseconds:03d}"
    if minutes:
        return f"{minutes:2d} min {whole:2d}.{milliseconds:03d} sec"
    return f"{whole:2d}.{milliseconds:03d} sec"


def _format(column: TableColumn, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and (not math.isfinite(cell) or column.format.endswith("d")):
        return f"{cell:.6g}"  # an integer format would hide the fraction
    try:
        return str(column.format % cast(Any, cell))
    except (TypeError, ValueError):
        return str(cell)
