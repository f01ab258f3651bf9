"""Tables of isolation forests: summaries, scoring history, how columns were split."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from artesian.learn.anomaly.isolation import VariableSplits
from artesian.learn.base.table import Cell, Table, TableColumn, duration

_HISTORY = (
    TableColumn("", "string", "%s", ""),
    TableColumn("timestamp", "string", "%s", "Timestamp"),
    TableColumn("duration", "string", "%s", "Duration"),
    TableColumn("number_of_trees", "long", "%d", "Number of Trees"),
    TableColumn("mean_tree_path_length", "double", "%.5f", "Mean Tree Path Length"),
    TableColumn("mean_anomaly_score", "double", "%.5f", "Mean Anomaly Score"),
)


@dataclass
class History:
    """Rows so far."""

    _rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, seconds: float, trees: int, length: float, score: float) -> None:
        """Adds a row."""
        self._rows.append(("", time.strftime("%Y-%m-%d %H:%M:%S"), duration(seconds), trees, length, score))

    def table(self) -> Table:
        """The history as a table."""
        cells = list(zip(*self._rows, strict=True)) if self._rows else [() for _ in _HISTORY]
        return Table.build("Scoring History", "", list(zip(_HISTORY, cells, strict=True)))


def summary_table(depths: Sequence[int], leaves: Sequence[int], nbytes: int) -> Table:
    """Numbers, depths and leaves of the trees of an isolation forest."""
    columns: list[tuple[TableColumn, Sequence[Cell]]] = [
        (TableColumn("", "string", "%s", ""), [""]),
        (TableColumn("number_of_trees", "long", "%d", "Number of Trees"), [len(depths)]),
        (TableColumn("number_of_internal_trees", "long", "%d", "Number of Internal Trees"), [len(depths)]),
        (TableColumn("model_size_in_bytes", "long", "%d", "Model Size in Bytes"), [nbytes]),
    ]
    for name, title, values in (("depth", "Depth", depths), ("leaves", "Leaves", leaves)):
        columns += _spread(name, title, values, "double", "%.5f")
    return Table.build("Model Summary", "", columns)


def extended_summary_table(
    sample_size: int, extension_level: int, seed: int, trees: int, counts: dict[str, Sequence[int]]
) -> Table:
    """The parameters of an extended isolation forest, and least, greatest and mean counts of its trees."""
    columns: list[tuple[TableColumn, Sequence[Cell]]] = [
        (TableColumn("", "string", "%s", ""), [""]),
        (TableColumn("number_of_trees", "int", "%d", "Number of Trees"), [trees]),
        (TableColumn("size_of_subsample", "int", "%d", "Size of Subsample"), [sample_size]),
        (TableColumn("extension_level", "int", "%d", "Extension Level"), [extension_level]),
        (TableColumn("seed", "long", "%d", "Seed"), [seed]),
        (TableColumn("number_of_trained_trees", "long", "%d", "Number of trained trees"), [trees]),
    ]
    for title, values in counts.items():
        columns += _spread(title.lower().replace(" ", "_"), title, values, "float", "%d")
    return Table.build("Model Summary", "", columns)


def _spread(
    name: str, title: str, values: Sequence[int], mean_type: str, mean_format: str
) -> list[tuple[TableColumn, Sequence[Cell]]]:
    numbers = np.array(values or [0], dtype=np.float64)
    return [
        (TableColumn(f"min_{name}", "long", "%d", f"Min. {title}"), [int(numbers.min())]),
        (TableColumn(f"max_{name}", "long", "%d", f"Max. {title}"), [int(numbers.max())]),
        (TableColumn(f"mean_{name}", mean_type, mean_format, f"Mean {title}"), [float(numbers.mean())]),  # type: ignore[arg-type]
    ]


def splits_table(names: Sequence[str], splits: VariableSplits) -> Table:
    """How often each column was split, how unevenly, and how deep."""
    return Table.build(
        "Variable Splits",
        "",
        [
            (TableColumn("variable", "string", "%s", "Variable"), names),
            (TableColumn("count", "int", "%10d", "Count"), splits.count),
            (TableColumn("aggregated_split_ratios", "double", "%5f", "Aggregated Split Ratios"), splits.ratios),
            (TableColumn("aggregated_split_depths", "long", "%10d", "Aggregated Split Depths"), splits.depths),
        ],
    )
