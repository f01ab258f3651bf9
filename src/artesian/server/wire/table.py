"""Small tables for people: column-major, each column with name, type, printf format and title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from artesian.server.wire.schema import declare, out

if TYPE_CHECKING:
    from artesian.learn.base.table import Table

COLUMN = declare(
    "ColumnSpecsBase",
    "Iced",
    out("name", "string", "Name of the column."),
    out("type", "string", "string, int, long, float or double."),
    out("format", "string", "Format of its values, as printf writes them."),
    out("description", "string", "Title of the column."),
    version=-1,
)
TABLE = declare(
    "TwoDimTableV3",
    "TwoDimTable",
    out("name", "string", "Title of the table."),
    out("description", "string", "What it shows."),
    out("columns", "Iced[]", "Its columns.", of="ColumnSpecsBase"),
    out("rowcount", "int", "Number of rows.", 0),
    out("data", "Polymorphic[][]", "The cells, column by column."),
)


def table(source: Table | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A table, given as the object or as its `to_dict`; None stays None."""
    if source is None:
        return None
    plain = source if isinstance(source, Mapping) else source.to_dict()
    data = plain["data"]
    return TABLE.new(
        name=plain["name"],
        description=plain["description"],
        columns=[COLUMN.new(**{**column, "description": _title(column)}) for column in plain["columns"]],
        rowcount=len(data[0]) if data else 0,
        data=data,
    )


def _title(column: Mapping[str, Any]) -> str:
    return "" if column["name"] == "" else str(column["description"])


def simple_table(
    name: str, description: str, columns: list[tuple[str, str, str, str]], data: list[list[Any]]
) -> dict[str, Any]:
    """A table made here: columns as (name, type, format, title), data column by column and JSON-safe."""
    shaped = [COLUMN.new(name=n, type=t, format=f, description=d) for n, t, f, d in columns]
    return TABLE.new(
        name=name, description=description, columns=shaped, rowcount=len(data[0]) if data else 0, data=data
    )
