"""Tables of a boosted model: summary, the library's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.learn.base.scoring_history import NUMBER_OF_TREES
from artesian.learn.base.table import Table, TableColumn


def summary_table(trees: int) -> Table:
    """The summary of a model: its rounds."""
    return Table.build(
        "Model Summary",
        "",
        [
            (TableColumn("", "string", "%s", ""), [""]),
            (NUMBER_OF_TREES, [trees]),
        ],
    )


def native_table(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The library's parameters by name, as the `to_dict` of a table; values keep their types, as H2O has it."""
    names = [str(name) for name in parameters]
    columns = [
        (TableColumn("", "string", "%s", ""), [""] * len(names)),
        (TableColumn("name", "string", "%s", "Name"), names),
        (TableColumn("value", "string", "%s", "Value"), names),
    ]
    table = Table.build("Native XGBoost Parameters", "", columns).to_dict()
    table["data"][2] = list(parameters.values())
    return table
