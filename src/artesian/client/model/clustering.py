"""What models of clusters have beyond all others."""

from __future__ import annotations

from typing import Any

from artesian.client.model.base import ModelBase, by_part


class H2OClusteringModel(ModelBase):
    """A model of clusters."""

    betweenss = by_part("betweenss", "Squared distances that the clusters explain: totss less tot_withinss.")
    totss = by_part("totss", "Squared distances of all rows from their mean.")
    tot_withinss = by_part("tot_withinss", "Squared distances of all rows from the centres of their clusters.")

    def size(self, train: bool = False, valid: bool = False) -> Any:
        """Number of rows in each cluster."""
        return self._of_parts(train, valid, False, lambda metrics: metrics.size())  # type: ignore[attr-defined]

    def withinss(self, train: bool = False, valid: bool = False) -> Any:
        """Squared distances of the rows of each cluster from its centre."""
        return self._of_parts(train, valid, False, lambda metrics: metrics.withinss())  # type: ignore[attr-defined]

    def centroid_stats(self, train: bool = False, valid: bool = False) -> Any:
        """Size and sum of squares of each cluster, as a table."""
        return self._of_parts(train, valid, False, lambda metrics: metrics.centroid_stats())  # type: ignore[attr-defined]

    def num_iterations(self) -> int:
        """Passes over the rows."""
        return int(self._output["model_summary"]["number_of_iterations"][0])

    def centers(self) -> list[list[Any]]:
        """The centres, one a row: numbers in the units of their columns, and levels."""
        return [list(row[1:]) for row in self._output["centers"].cell_values]

    def centers_std(self) -> list[list[Any]]:
        """The centres in standardised units, one a column (as the official client has it)."""
        rows = [list(row[1:]) for row in self._output["centers_std"].cell_values]
        return [list(column) for column in zip(*rows, strict=True)]
