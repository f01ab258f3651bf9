"""ConfusionMatrix: how often each class was taken for each class, with error rates."""

from __future__ import annotations

from collections.abc import Sequence

from artesian.client.display import Shown
from artesian.client.two_dim_table import H2OTwoDimTable

_DIGITS = 4


class ConfusionMatrix(Shown):
    """Counts by actual (rows) and predicted (columns) class; `table` holds them with errors and totals."""

    def __init__(
        self, cm: Sequence[Sequence[float]], domains: Sequence[str] | None = None, table_header: str | None = None
    ) -> None:
        """`cm[actual][predicted]` are counts (or sums of weights), `domains` the names of the classes."""
        self._counts = [list(row) for row in cm]
        names = list(domains) if domains is not None else [str(number) for number in range(len(self._counts))]
        wrong = [sum(row) - row[number] for number, row in enumerate(self._counts)]
        totals = [sum(row) for row in self._counts]
        rows = [
            [name, *row, *_error(errors, total)]
            for name, row, errors, total in zip(names, self._counts, wrong, totals, strict=True)
        ]
        predicted = [sum(column) for column in zip(*self._counts, strict=True)]
        rows.append(["Total", *predicted, *_error(sum(wrong), sum(totals))])
        self.table = H2OTwoDimTable(
            table_header=table_header or "Confusion Matrix (Act/Pred)",
            col_header=["", *names, "Error", "Rate"],
            col_types=["string", *["double"] * len(names), "string", "string"],
            cell_values=rows,
        )

    def to_list(self) -> list[list[int]]:
        """The counts by actual and predicted class."""
        return [[int(count) for count in row] for row in self._counts]

    def to_text(self) -> str:
        """The table as text."""
        return self.table.to_text()

    def to_html(self) -> str:
        """The table as HTML."""
        return self.table.to_html()


def _error(wrong: float, total: float) -> tuple[str, str]:
    rate = str(round(wrong / total, _DIGITS)) if total else "nan"
    return rate, f"({wrong:g}/{total:g})"
