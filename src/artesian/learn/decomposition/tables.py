"""The tables of decompositions: weights, importance of components, singular values, history."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import monotonic
from artesian.learn.base.table import Table, TableColumn, duration

Floats = NDArray[np.float64]
_LABEL = TableColumn("", "string", "%s", "")


def _components(count: int) -> list[TableColumn]:
    return [TableColumn(f"pc{i + 1}", "double", "%5f", f"PC{i + 1}") for i in range(count)]


def rotation_table(names: list[str], vectors: Floats) -> Table:
    """The weights of the inputs, a column a component."""
    columns: list[tuple[TableColumn, Any]] = [(_LABEL, names)]
    columns += zip(_components(vectors.shape[1]), vectors.T, strict=True)
    return Table.build("Rotation", "", columns)


def importance_table(deviations: Floats, total_variance: float) -> Table:
    """Deviation, share of the variance and cumulative share of each component."""
    shares = deviations**2 / total_variance if total_variance > 0 else np.zeros_like(deviations)
    rows = np.array([deviations, shares, np.cumsum(shares)])
    labels = ["Standard deviation", "Proportion of Variance", "Cumulative Proportion"]
    columns: list[tuple[TableColumn, Any]] = [(_LABEL, labels)]
    columns += zip(_components(len(deviations)), rows.T, strict=True)
    return Table.build("Importance of components", "", columns)


def singular_value_table(values: Floats) -> Table:
    """The singular values in one row."""
    columns: list[tuple[TableColumn, Any]] = [(_LABEL, [""])]
    for number, value in enumerate(values):
        columns.append((TableColumn(f"sval{number + 1}", "double", "%5f", f"sval{number + 1}"), [value]))
    return Table.build("Singular values", "", columns)


def history_table(title: str, started: float, steps: list[tuple[float, float, int]], measure: str) -> Table:
    """A row an iteration; `measure` names its error (none where empty), vectors are numbered where they are."""
    now, wall = monotonic(), time.time()
    moments = [step[0] for step in steps] or [now]
    stamps = [time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(wall - (now - moment))) for moment in moments]
    columns: list[tuple[TableColumn, Any]] = [
        (_LABEL, [""] * len(moments)),
        (TableColumn("timestamp", "string", "%s", "Timestamp"), stamps),
        (TableColumn("duration", "string", "%s", "Duration"), [duration(moment - started) for moment in moments]),
        (TableColumn("iterations", "long", "%d", "Iterations"), range(len(moments))),
    ]
    if measure:
        columns.append((TableColumn(measure, "double", "%.5g", measure), [step[1] for step in steps]))
    if steps and steps[0][2]:
        name = "principal_component_"
        columns.append((TableColumn(name, "double", "%.0f", "Principal Component #"), [step[2] for step in steps]))
    return Table.build(title, "", columns)
