"""The table of variable importances, the same for all algorithms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.table import Table, TableColumn


def importance_table(names: Sequence[str], values: NDArray[np.float64]) -> Table:
    """The table of importances [names] (any amounts of at least 0), largest first; scaled ones have the largest at 1."""
    order = np.argsort(-values, kind="stable")
    sorted_values = values[order]
    total, largest = float(values.sum()), float(values.max(initial=0.0))
    scaled = sorted_values / largest if largest > 0 else sorted_values
    shares = sorted_values / total if total > 0 else sorted_values
    return Table.build(
        "Variable Importances",
        "",
        [
            (TableColumn("variable", "string", "%s", "Variable"), [names[i] for i in order]),
            (TableColumn("relative_importance", "double", "%5f", "Relative Importance"), sorted_values),
            (TableColumn("scaled_importance", "double", "%5f", "Scaled Importance"), scaled),
            (TableColumn("percentage", "double", "%5f", "Percentage"), shares),
        ],
    )
