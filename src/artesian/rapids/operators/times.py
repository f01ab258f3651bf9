"""Times: their parts, making them from parts or from strings, and the time zone that parts are taken in."""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import is_text, numeric, single, times
from artesian.rapids.registry import COLUMN, STRING, VALUE, Context, operator
from artesian.rapids.time_zones import listed
from artesian.rapids.values import shown

_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_PARTS = ("year", "month", "day", "hour", "minute", "second", "millisecond")
# parts that a format may leave out, the directives that give them, and what they are then
_DEFAULT_PARTS = (
    (("%Y", "%y", "%C", "%G", "%g", "%F", "%D", "%c", "%x", "%s"), "%Y", "1970"),
    (("%m", "%b", "%B", "%h", "%j", "%F", "%D", "%c", "%x", "%s", "%U", "%W", "%V"), "%m", "01"),
    (("%d", "%e", "%j", "%F", "%D", "%c", "%x", "%s", "%a", "%A", "%u", "%w"), "%d", "01"),
    (("%H", "%I", "%k", "%l", "%T", "%R", "%X", "%c", "%r", "%s"), "%H", "00"),
    (("%M", "%T", "%R", "%X", "%c", "%r", "%s"), "%M", "00"),
)
_MILLISECONDS_A_DAY = 86_400_000
# 200,000 years from 1970: beyond, there is no calendar
_FARTHEST = 6.3e15
_Part = Callable[[pl.Series], pl.Series]


@operator("year", VALUE("time"), doc="The year.")
def year(context: Context, time: Any) -> Any:
    return _part(context, time, "year", lambda s: s.dt.year())


@operator("month", VALUE("time"), doc="The month, 1 to 12.")
def month(context: Context, time: Any) -> Any:
    return _part(context, time, "month", lambda s: s.dt.month())


@operator("day", VALUE("time"), doc="The day of the month, from 1 on.")
def day(context: Context, time: Any) -> Any:
    return _part(context, time, "day", lambda s: s.dt.day())


@operator("hour", VALUE("time"), doc="The hour, 0 to 23.")
def hour(context: Context, time: Any) -> Any:
    return _part(context, time, "hour", lambda s: s.dt.hour())


@operator("minute", VALUE("time"), doc="The minute.")
def minute(context: Context, time: Any) -> Any:
    return _part(context, time, "minute", lambda s: s.dt.minute())


@operator("second", VALUE("time"), doc="The second.")
def second(context: Context, time: Any) -> Any:
    return _part(context, time, "second", lambda s: s.dt.second())


@operator("millis", VALUE("time"), doc="The millisecond.")
def millisecond(context: Context, time: Any) -> Any:
    return _part(context, time, "millis", lambda s: s.dt.millisecond())


@operator("week", VALUE("time"), doc="The week of the ISO year, 1 to 53.")
def week(context: Context, time: Any) -> Any:
    return _part(context, time, "week", lambda s: s.dt.week())


@operator("dayOfWeek", VALUE("time"), doc="The day of the week as a category of Mon to Sun.")
def day_of_week(context: Context, time: Any) -> Any:
    if isinstance(time, float):
        return _part(context, time, "dayOfWeek", lambda s: s.dt.weekday().cast(pl.Int64) - 1)
    column = _time_column(time, "dayOfWeek")
    return single(time.names[0], Column.enums(_local(context, column.values).dt.weekday().cast(pl.Int64) - 1, _DAYS))


def _part(context: Context, time: Any, name: str, part: _Part) -> Any:
    if isinstance(time, float):
        if not abs(time) <= _FARTHEST:
            return math.nan
        return float(part(_local(context, pl.Series([int(time)])))[0])
    column = _time_column(time, name)
    return single(time.names[0], numeric(part(_local(context, column.values))))


def _time_column(time: Any, name: str) -> Column:
    if not isinstance(time, Frame) or time.n_columns != 1:
        raise InvalidArgument(f"'{name}' takes a number or a frame of one column. Got {shown(time)}.")
    column = time.columns[0]
    if is_text(column) or column.type is ColumnType.ENUM:
        raise InvalidArgument(
            f"'{name}' needs times, but '{time.names[0]}' is of type {column.type}; use as.Date first."
        )
    return column


def _local(context: Context, milliseconds: pl.Series) -> pl.Series:
    # what lies too far off, or between whole milliseconds, is missing or cut
    near = milliseconds.set((milliseconds.cast(pl.Float64).abs() > _FARTHEST).fill_null(False), None)
    moments = near.cast(pl.Int64).cast(pl.Datetime("ms"))
    return moments.dt.replace_time_zone("UTC").dt.convert_time_zone(context.environment.time_zone)


# ---- making times ----


@operator(
    "moment",
    *(VALUE(part) for part in _PARTS),
    doc="A column 'time' of times in UTC from numbers or columns of their parts; missing where there is no such time.",
)
def moment(*parts: Any) -> Frame:
    arrays = [_part_values(part, name, "moment") for part, name in zip(parts, _PARTS, strict=True)]
    return single("time", times(_milliseconds(arrays)))


@operator(
    "mktime",
    *(VALUE(part) for part in _PARTS),
    doc="Milliseconds since 1970 from numbers or columns of parts of a time, months and days counted from 0.",
)
def make_time(*parts: Any) -> Any:
    arrays = [_part_values(part, name, "mktime") for part, name in zip(parts, _PARTS, strict=True)]
    arrays[1], arrays[2] = arrays[1] + 1, arrays[2] + 1
    result = _milliseconds(arrays)
    return single("msec", numeric(result)) if any(isinstance(part, Frame) for part in parts) else float(result[0])


def _part_values(part: Any, name: str, operator_name: str) -> NDArray[np.float64]:
    if isinstance(part, float):
        return np.array([float(math.trunc(part)) if math.isfinite(part) else math.nan])
    if isinstance(part, Frame) and part.n_columns == 1 and part.columns[0].type.is_numeric:
        whole: NDArray[np.float64] = np.trunc(part.columns[0].floats())
        return whole
    raise InvalidArgument(
        f"The argument '{name}' of '{operator_name}' must be a number or a numeric column. Got {shown(part)}."
    )


def _milliseconds(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Milliseconds since 1970 of years, months from 1, days, hours, minutes, seconds, milliseconds; NaN where invalid."""
    lengths = {len(part) for part in parts} - {1}
    if len(lengths) > 1:
        raise InvalidArgument(f"The parts of a time must be columns of as many rows. Got {sorted(lengths)}.")
    years, months, days, hours, minutes, seconds, millis = np.broadcast_arrays(*parts)
    with np.errstate(invalid="ignore"):
        valid = (np.abs(years) < 290_000) & (months >= 1) & (months <= 12) & (days >= 1)
        valid &= (hours >= 0) & (hours < 24) & (minutes >= 0) & (minutes < 60)
        valid &= (seconds >= 0) & (seconds < 60) & (millis >= 0) & (millis < 1000)
    whole = np.where(valid, (years - 1970) * 12 + months - 1, 0).astype(np.int64)
    first = whole.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (whole + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    with np.errstate(invalid="ignore"):
        valid &= days <= following - first
        total = (first + days - 1) * _MILLISECONDS_A_DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis
    return np.where(valid, total, np.nan)


@operator(
    "as.Date",
    COLUMN("column"),
    STRING("format"),
    doc="Strings or levels read as times by a format of % directives, in the server's time zone, as milliseconds.",
)
def as_date(context: Context, frame: Frame, form: str) -> Frame:
    column = frame.columns[0]
    if column.type not in (ColumnType.STRING, ColumnType.ENUM):
        raise InvalidArgument(
            f"'as.Date' needs strings or categories, but '{frame.names[0]}' is of type {column.type}."
        )
    if not form:
        raise InvalidArgument(
            "The argument 'format' of 'as.Date' must not be empty; a date is read by '%Y-%m-%d', say."
        )
    texts = column.values if column.domain is None else _met(column.values, column.domain)
    read = _read_times(texts, form, context.environment.time_zone)
    if column.domain is not None:
        read = (
            read.gather(column.values.cast(pl.UInt32)) if len(read) else pl.Series([None] * len(column), dtype=pl.Int64)
        )
    return single(frame.names[0], numeric(read))


def _met(codes: pl.Series, domain: pl.Series) -> pl.Series:
    """The levels, missing where no row has them: only those met need to be readable."""
    met = pl.int_range(len(domain), eager=True).is_in(codes.unique().cast(pl.Int64).implode())
    return domain.set(~met, None)


def _read_times(texts: pl.Series, form: str, zone: str) -> pl.Series:
    ending, complete = "", form
    for directives, added, value in _DEFAULT_PARTS:
        if not any(directive in form for directive in directives):
            ending, complete = f"{ending} {value}", f"{complete} {added}"
    moments = (texts + ending).str.to_datetime(complete, time_unit="ms", strict=False)
    unread = moments.is_null() & texts.is_not_null()
    if unread.any():
        raise InvalidArgument(f"'as.Date' cannot read '{texts.filter(unread)[0]}' by the format '{form}'.", format=form)
    if moments.dtype.time_zone is None:  # type: ignore[attr-defined]
        moments = moments.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return moments.dt.epoch("ms")


# ---- time zones ----


@operator("getTimeZone", doc="The name of the time zone of the server.", looks_up=True)
def get_time_zone(context: Context) -> str:
    return context.environment.time_zone


@operator(
    "setTimeZone",
    STRING("zone"),
    doc="Sets the time zone in which times without one are read and parts of times are taken.",
)
def set_time_zone(context: Context, zone: str) -> str:
    known = zoneinfo.available_timezones()
    if zone not in known:
        raise InvalidArgument(
            f"There is no time zone '{zone}'; listTimeZones names those there are.{did_you_mean(zone, known)}"
        )
    context.environment.time_zone = zone
    return zone


@operator(
    "listTimeZones", doc="A frame of all time zones, a heading first: standard offset from UTC, name, other names."
)
def list_time_zones() -> Frame:
    entries = listed(datetime.now(UTC))
    return single("Timezones", Column.enums(pl.Series(np.arange(len(entries), dtype=np.uint32)), entries))
