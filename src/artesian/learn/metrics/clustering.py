"""Metrics of clusters: sums of squares within and between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from artesian.learn.base.table import Table, TableColumn
from artesian.learn.metrics.base import Metrics


@dataclass(frozen=True, kw_only=True)
class ClusteringMetrics(Metrics):
    """Sums of squared distances: `tot_withinss` from each row to its centre, `totss` to the mean of all rows.

    `size` and `withinss` are those of each cluster; None of rows that were dealt to the clusters of several models. There is
    no squared error of a response: `mse` is NaN.
    """

    kind: ClassVar[str] = "clustering"

    tot_withinss: float
    totss: float
    size: tuple[float, ...] | None = None
    withinss: tuple[float, ...] | None = None
    mse: float = math.nan

    @property
    def betweenss(self) -> float:
        """What the clusters explain of the squared distances."""
        return self.totss - self.tot_withinss

    @property
    def centroid_stats(self) -> Table | None:
        """Size and sum of squares of each cluster."""
        if self.size is None or self.withinss is None:
            return None
        numbers = range(1, len(self.size) + 1)
        return Table.build(
            "Centroid Statistics",
            "",
            [
                (TableColumn("", "string", "%s", ""), [""] * len(self.size)),
                (TableColumn("centroid", "long", "%d", "Centroid"), numbers),
                (TableColumn("size", "double", "%.5f", "Size"), self.size),
                (
                    TableColumn("within_cluster_sum_of_squares", "double", "%.5f", "Within Cluster Sum of Squares"),
                    self.withinss,
                ),
            ],
        )
