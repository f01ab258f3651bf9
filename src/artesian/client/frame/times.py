"""Parts of times, and times made of parts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from artesian.client.exceptions import H2OValueError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame.base import FrameBase

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_DATE_PARTS = ("year", "month", "day")
_TIME_PARTS = ("hour", "minute", "second", "msec")


class Times(FrameBase):
    """Verbs on times."""

    def year(self) -> H2OFrame:
        """The years."""
        return self._part("year")

    def month(self) -> H2OFrame:
        """The months, from 1."""
        return self._part("month")

    def week(self) -> H2OFrame:
        """The weeks of the year."""
        return self._part("week")

    def day(self) -> H2OFrame:
        """The days of the month, from 1."""
        return self._part("day")

    def dayOfWeek(self) -> H2OFrame:  # noqa: N802
        """The days of the week, as levels Mon to Sun."""
        return self._derive("dayOfWeek", info=self._like("enum"))

    def hour(self) -> H2OFrame:
        """The hours, 0 to 23."""
        return self._part("hour")

    def minute(self) -> H2OFrame:
        """The minutes, 0 to 59."""
        return self._part("minute")

    def second(self) -> H2OFrame:
        """The seconds, 0 to 59."""
        return self._part("second")

    def _part(self, op: str) -> H2OFrame:
        return self._derive(op, info=self._like("int"))

    def as_date(self, format: str) -> H2OFrame:
        """Strings or levels as times, read by a format such as `"%Y-%m-%d"` (or `"yyyy-MM-dd"`)."""
        return self._derive("as.Date", format, info=self._like().with_changes(types=None))

    @staticmethod
    def mktime(
        year: Any = 1970, month: Any = 0, day: Any = 0, hour: Any = 0, minute: Any = 0, second: Any = 0, msec: Any = 0
    ) -> H2OFrame:
        """Times of parts that are numbers or frames; month and day count from 0."""
        return FrameBase._wrap(ExprNode("mktime", year, month, day, hour, minute, second, msec))

    @staticmethod
    def moment(
        year: Any = None,
        month: Any = None,
        day: Any = None,
        hour: Any = None,
        minute: Any = None,
        second: Any = None,
        msec: Any = None,
        date: Any = None,
        time: datetime.time | None = None,
    ) -> H2OFrame:
        """Times of parts that are numbers or single numeric columns; month and day count from 1.

        `date` (a date or datetime of Python, NumPy or pandas) stands for year, month and day (and the time), `time` for
        hour to millisecond.
        """
        parts: dict[str, Any] = {
            "year": year, "month": month, "day": day, "hour": hour, "minute": minute, "second": second, "msec": msec
        }  # fmt: skip
        if time is not None:
            _fill(
                parts,
                "time",
                {"hour": time.hour, "minute": time.minute, "second": time.second, "msec": time.microsecond // 1000},
            )
        if date is not None:
            _fill(parts, "date", _parts_of(date))
        missing = [name for name in _DATE_PARTS if parts[name] is None]
        if missing:
            raise H2OValueError(f"A moment needs 'year', 'month' and 'day', or a 'date'. There is no {missing[0]!r}.")
        parts = {name: 0 if value is None else value for name, value in parts.items()}
        info = FrameInfo(_common_rows(parts), 1)
        return FrameBase._wrap(ExprNode("moment", *parts.values(), info=info))


def _parts_of(date: Any) -> dict[str, int]:
    if hasattr(date, "to_pydatetime"):
        date = date.to_pydatetime()
    elif type(date).__name__ == "datetime64":
        date = date.astype("datetime64[ms]").item()
    parts = {"year": date.year, "month": date.month, "day": date.day}
    if isinstance(date, datetime.datetime):
        parts |= {"hour": date.hour, "minute": date.minute, "second": date.second, "msec": date.microsecond // 1000}
    return parts


def _fill(parts: dict[str, Any], source: str, values: dict[str, int]) -> None:
    for name, value in values.items():
        if parts[name] is not None:
            raise H2OValueError(f"The arguments '{source}' and '{name}' both say the same: give one of them.", name)
        parts[name] = value


def _common_rows(parts: dict[str, Any]) -> int:
    rows: int | None = None
    for name, column in parts.items():
        if not isinstance(column, FrameBase):
            continue
        if column.ncols != 1 or column.type(0) not in ("int", "real"):
            raise H2OValueError(f"The argument '{name}' must be a number or one numeric column.", name)
        if rows is not None and column.nrows != rows:
            raise H2OValueError(f"The argument '{name}' has {column.nrows} rows where another has {rows}.", name)
        rows = column.nrows
    return 1 if rows is None else rows
