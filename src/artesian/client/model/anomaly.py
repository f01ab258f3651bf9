"""What models that find anomalies have beyond all others."""

from __future__ import annotations

from typing import Any

from artesian.client.model.base import ModelBase


class H2OAnomalyDetectionModel(ModelBase):
    """A model that tells how anomalous rows are."""

    def varsplits(self, use_pandas: bool = False) -> Any:
        """How often each column was split, how unevenly and how deep; a list of rows or a pandas frame, None without trees."""
        table = self._output.get("variable_splits")
        if table is None:
            return None
        return table.as_data_frame() if use_pandas else table.cell_values

    def _history_metrics(self) -> tuple[str, ...]:
        return ("mean_tree_path_length", "mean_anomaly_score")
