"""Texts to numbers and times, against Python's own float and datetime."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artesian.frame.parse.numbers import to_numbers
from artesian.frame.parse.times import to_times

UTC = dt.UTC
TIMES = st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(2999, 12, 31)).map(lambda t: t.replace(microsecond=0))
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def ms(when: dt.datetime) -> int:
    return int((when.replace(tzinfo=UTC) - dt.datetime(1970, 1, 1, tzinfo=UTC)) / dt.timedelta(milliseconds=1))


def numbers(*texts: str | None) -> list[float | None]:
    return to_numbers(pl.Series(texts, dtype=pl.String)).to_list()


def times(*texts: str | None) -> list[int | None]:
    return to_times(pl.Series(texts, dtype=pl.String)).to_list()


@settings(deadline=None)
@given(st.lists(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**62), 2**62)), min_size=1))
def test_numbers_are_those_that_python_reads(values: list[float]) -> None:
    found = numbers(*[repr(value) for value in values])
    whole = all(isinstance(value, int) for value in values)
    assert found == (values if whole else [float(value) for value in values])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$5", 5),
        ("10%", 0.1),
        ("$-1.5", -1.5),
        (" 7\t", 7),
        ("5%%", 5e-4),
        (".5", 0.5),
        ("5.", 5),
        ("+3", 3),
        ("1E3", 1000),
    ],
)
def test_decorated_numbers(text: str, value: float) -> None:
    found = numbers(text, "0.25")[0]
    assert found is not None and math.isclose(found, value, rel_tol=1e-15)


@pytest.mark.parametrize(
    "text", ["", "-", ".", "inf", "nan", "Infinity", "1e999", "0x1", "1_0", "1,5", "5 6", "e5", "%", "$"]
)
def test_what_is_no_number(text: str) -> None:
    assert numbers(text, "0.5") == [None, 0.5]


@settings(deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=20))
def test_iso_days_and_times(whens: list[dt.datetime]) -> None:
    assert times(*[f"{w:%Y-%m-%d %H:%M:%S}".zfill(19) for w in whens]) == [ms(w) for w in whens]
    assert times(*[f"{w:%Y-%m-%d}" for w in whens]) == [ms(w.replace(hour=0, minute=0, second=0)) for w in whens]
    assert times(*[f"{w:%Y-%m-%dT%H:%M:%S}" for w in whens]) == [ms(w) for w in whens]


@settings(deadline=None)
@given(TIMES)
def test_every_form_of_one_time(when: dt.datetime) -> None:
    day = when.replace(hour=0, minute=0, second=0)
    clock = f"{when:%H:%M:%S}"
    half = f"{when.hour % 12 or 12}:{when.minute}:{when.second} {'PM' if when.hour >= 12 else 'AM'}"
    month = MONTHS[when.month - 1]
    forms = {
        f"{when.year:04d}-{when.month}-{when.day} {half}": when,
        f"{when.year:04d}{when.month:02d}{when.day:02d}-{clock}": when,
        f"{when.day}-{month}-{when.year:04d}": day,
        f"{when.day:02d}{month.upper()}{when.year:04d}": day,
        f"{when.day}-{month}-{when.year:04d}:{clock}.250": when + dt.timedelta(milliseconds=250),
        f"{when.month}/{when.day}/{when.year:04d} {clock.replace(':', '.')}": when,
        f"{when.month:02d}-{when.day:02d}-{when.year:04d}": day,
        f"{when.year:04d}-{when.month:02d}": day.replace(day=1),
        f"{when:%Y-%m-%d}T{clock}.123456+00:00": when + dt.timedelta(milliseconds=123),
    }
    assert times(*forms) == [ms(value) for value in forms.values()]


def test_years_of_two_digits_are_1969_to_2068() -> None:
    assert times("1/1/69", "1/1/68", "31-Dec-99", "69-Jan", "68-January") == [
        ms(dt.datetime(1969, 1, 1)),
        ms(dt.datetime(2068, 1, 1)),
        ms(dt.datetime(1999, 12, 31)),
        ms(dt.datetime(1969, 1, 1)),
        ms(dt.datetime(2068, 1, 1)),
    ]


def test_times_of_day_are_on_the_first_day() -> None:
    assert times("00:00:01", "1:2:3", "11:12:13 PM", "12:00:00 AM", "1.2.3") == [1000, 3723000, 83533000, 0, 3723000]


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-29", "2020-04-31", "2020-13-01", "2020-00-01", "2020-01-00", "2020-01-32", "24:00:00", "12:60:00", "12:00:60",
        "13:00:00 PM", "0:00:00 AM", "1.2.3.4", "192.168.0.1", "20-Foo", "30-Feb-2020", "1/2-20", "2020", "202001", "5", "x", "",
        "12:30", "2020-01-01 12:30", "Monday", "may",
    ],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert times(text, "2020-01-02") == [None, ms(dt.datetime(2020, 1, 2))]


def test_missing_stays_missing() -> None:
    assert times(None, "2020-01-02", None) == [None, ms(dt.datetime(2020, 1, 2)), None]
    assert times(None, None) == [None, None]
    assert numbers(None, "1", None) == [None, 1, None]


def test_a_zone_in_the_text_wins_over_the_zone_given() -> None:
    found = to_times(
        pl.Series(["2020-01-02T00:00:00Z", "2020-01-02T00:00:00", "2020-01-02T00:00:00-0130"]), "Asia/Tokyo"
    )
    base = ms(dt.datetime(2020, 1, 2))
    assert found.to_list() == [base, base - 9 * 3_600_000, base + 90 * 60_000]


def test_an_hour_that_a_zone_leaves_out_is_no_time() -> None:
    """On 2020-03-08 clocks in New York go from 2:00 to 3:00."""
    assert to_times(pl.Series(["2020-03-08 02:30:00"]), "America/New_York").to_list() == [None]
