"""Target encoding."""

from __future__ import annotations

from artesian.server.wire.schema import Field, declare, out

COLUMNS_MAPPING = declare(
    "ColumnsMappingV3",
    "ColumnsMapping",
    out("from", "string[]", "Columns that are encoded together."),
    out("to", "string[]", "Columns that they are encoded to."),
)
OWN: dict[str, tuple[Field, ...]] = {
    "targetencoder": (
        out("input_to_output_columns", "ColumnsMapping[]", "What becomes of which columns.", of="ColumnsMappingV3"),
    ),
}
