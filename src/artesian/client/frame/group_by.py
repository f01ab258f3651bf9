"""GroupBy: statistics of the groups of rows that agree in some columns."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from artesian.client.checks import check_choice
from artesian.client.expr import ExprNode

if TYPE_CHECKING:
    from artesian.client.frame.base import FrameBase
    from artesian.client.frame.frame import H2OFrame

_NA_TREATMENTS = ("all", "ignore", "rm")


class GroupBy:
    """Statistics are asked for one after the other, `group.count().mean("x")`, and computed by `get_frame()`.

    Each takes columns by name or number, one or a list (default: all that are not grouped by), and `na`: 'all' makes a
    statistic of missing values missing, 'rm' leaves them out, 'ignore' leaves them out but counts them.
    """

    def __init__(self, frame: FrameBase, by: list[int]) -> None:
        self._frame = frame
        self._by = by
        self._statistics: dict[str, tuple[str, int, str]] = {}
        self._result: H2OFrame | None = None

    def min(self, col: Any = None, na: str = "all") -> GroupBy:
        """Least values."""
        return self._add("min", col, na)

    def max(self, col: Any = None, na: str = "all") -> GroupBy:
        """Greatest values."""
        return self._add("max", col, na)

    def mean(self, col: Any = None, na: str = "all") -> GroupBy:
        """Means."""
        return self._add("mean", col, na)

    def count(self, na: str = "all") -> GroupBy:
        """Numbers of rows."""
        return self._add("nrow", 0, na)

    def sum(self, col: Any = None, na: str = "all") -> GroupBy:
        """Sums."""
        return self._add("sum", col, na)

    def sd(self, col: Any = None, na: str = "all") -> GroupBy:
        """Standard deviations."""
        return self._add("sdev", col, na)

    def var(self, col: Any = None, na: str = "all") -> GroupBy:
        """Variances."""
        return self._add("var", col, na)

    def ss(self, col: Any = None, na: str = "all") -> GroupBy:
        """Sums of squares."""
        return self._add("sumSquares", col, na)

    def mode(self, col: Any = None, na: str = "all") -> GroupBy:
        """Most frequent levels."""
        return self._add("mode", col, na)

    def median(self, col: Any = None, na: str = "all") -> GroupBy:
        """Medians."""
        return self._add("median", col, na)

    @property
    def frame(self) -> H2OFrame:
        """The statistics, a row a group."""
        return self.get_frame()

    def get_frame(self) -> H2OFrame:
        """The statistics, a row a group."""
        if self._result is None:
            self._warn_of_strings()
            arguments = [part for statistic in self._statistics.values() for part in statistic]
            self._result = self._frame._wrap(ExprNode("GB", self._frame, self._by, *arguments))
        return self._result

    def _add(self, statistic: str, columns: Any, na: str) -> GroupBy:
        check_choice("na", na, _NA_TREATMENTS)
        if columns is None:
            columns = [position for position in range(self._frame.ncols) if position not in self._by]
        names = self._frame.names
        for position in self._frame._positions(columns):
            self._statistics[f"{statistic}_{names[position]}"] = (statistic, position, na)
        self._result = None
        return self

    def _warn_of_strings(self) -> None:
        names, types = self._frame.names, self._frame.types
        used = {position for statistic, position, _ in self._statistics.values() if statistic != "nrow"}
        for position in sorted(used - set(self._by)):
            if types[names[position]] == "string":
                warnings.warn(f"The column {names[position]!r} holds strings, which have no statistics.", stacklevel=3)

    def __repr__(self) -> str:
        names = self._frame.names
        grouped = ", ".join(names[position] for position in self._by)
        return f"<GroupBy {grouped}: {', '.join(self._statistics) or 'no statistics yet'}; get_frame() computes them>"
