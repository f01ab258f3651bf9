"""How much each input counts in a booster of trees: sums over its splits of gains, of covers, and their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from artesian.learn.base.importances import importance_table
from artesian.learn.base.table import Table

_KINDS = {"": "total_gain", "Cover": "total_cover", "Frequency": "weight"}


def importance_tables(booster: Any, names: Sequence[str]) -> dict[str, Table]:
    """The tables of gain (under ``), Cover and Frequency of the inputs that splits use; none for a booster without splits."""
    tables = {}
    for kind, measure in _KINDS.items():
        found = booster.get_score(importance_type=measure)
        if not found:
            return {}
        inputs = [names[int(name.removeprefix("f"))] for name in found]
        table = importance_table(inputs, np.array(list(found.values()), dtype=np.float64))
        title = f"Variable Importances - {kind}" if kind else "Variable Importances"
        tables[kind] = Table(title, table.description, table.columns, table.data)
    return tables
