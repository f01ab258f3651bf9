"""The tables of a k-means model: centres, summary, and the history of its passes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

from artesian.core.clock import monotonic
from artesian.learn.base.table import Table, TableColumn, duration, field_name
from artesian.learn.cluster.rows import Points, Space

_LABEL = TableColumn("", "string", "%s", "")


def centre_table(title: str, space: Space, centres: Points, *, raw: bool) -> Table:
    """A row a centre, a column a column of the data: numbers (in the units of the column, or scaled) and levels."""
    numbers = space.raw_numbers(centres.numbers) if raw else centres.numbers
    columns: list[tuple[TableColumn, Any]] = [
        (TableColumn("centroid", "string", "%s", "Centroid"), [str(i + 1) for i in range(centres.count)])
    ]
    numeric, categorical = list(space.columns.numeric), list(space.columns.categorical)
    for name in space.columns.names:
        if name in space.columns.levels:
            levels = space.columns.levels[name]
            codes = centres.codes[:, categorical.index(name)]
            columns.append(
                (
                    TableColumn(field_name(name), "string", "%s", name),
                    [levels[code] if levels else None for code in codes],
                )
            )
        else:
            columns.append((TableColumn(field_name(name), "double", "%f", name), numbers[:, numeric.index(name)]))
    return Table.build(title, "", columns)


@dataclass
class History:
    """A row for the start, then one for each pass. `counts_clusters`: the number of clusters changes along the way."""

    counts_clusters: bool
    started: float = field(default_factory=monotonic)
    _rows: list[tuple[str, str, int, int, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add(0, math.nan, math.nan)

    def add(self, clusters: int, reassigned: float, withinss: float) -> None:
        """Adds a pass."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        spent = duration(monotonic() - self.started)
        self._rows.append((stamp, spent, len(self._rows), clusters, reassigned, withinss))

    def cut(self, length: int) -> None:
        """Forgets the rows from that number on."""
        del self._rows[length:]

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def passes(self) -> int:
        """Number of passes."""
        return len(self._rows) - 1

    def table(self) -> Table:
        """The history as a table."""
        stamps, spent, numbers, clusters, reassigned, withinss = zip(*self._rows, strict=True)
        columns: list[tuple[TableColumn, Any]] = [
            (_LABEL, [""] * len(self._rows)),
            (TableColumn("timestamp", "string", "%s", "Timestamp"), stamps),
            (TableColumn("duration", "string", "%s", "Duration"), spent),
            (TableColumn("iterations", "long", "%d", "Iterations"), numbers),
        ]
        if self.counts_clusters:
            columns.append((TableColumn("number_of_clusters", "long", "%d", "Number of Clusters"), clusters))
        name = "Number of Reassigned Observations"
        whole = [None if math.isnan(value) else int(value) for value in reassigned]
        columns += [
            (TableColumn("number_of_reassigned_observations", "long", "%d", name), whole),
            (TableColumn("within_cluster_sum_of_squares", "double", "%.5f", "Within Cluster Sum Of Squares"), withinss),
        ]
        return Table.build("Scoring History", "", columns)


def summary_table(rows: int, clusters: int, categorical: int, passes: int, sums: tuple[float, float, float]) -> Table:
    """The model in one row; `sums` are the sums of squares within clusters, in total and between clusters."""
    within, total, between = sums
    cells: list[tuple[TableColumn, Any]] = [
        (_LABEL, [""]),
        (TableColumn("number_of_rows", "long", "%d", "Number of Rows"), [rows]),
        (TableColumn("number_of_clusters", "long", "%d", "Number of Clusters"), [clusters]),
        (TableColumn("number_of_categorical_columns", "long", "%d", "Number of Categorical Columns"), [categorical]),
        (TableColumn("number_of_iterations", "long", "%d", "Number of Iterations"), [passes]),
    ]
    for name, title, value in (
        ("within", "Within Cluster Sum of Squares", within),
        ("total", "Total Sum of Squares", total),
        ("between", "Between Cluster Sum of Squares", between),
    ):
        full = "total_sum_of_squares" if name == "total" else f"{name}_cluster_sum_of_squares"
        cells.append((TableColumn(full, "double", "%.5f", title), [value]))
    return Table.build("Model Summary", "", cells)
