"""Texts to times, a whole column at a time: the forms that H2O-3 reads, and ISO 8601 with `T` and a zone besides.

Understood, tried in this order, each optionally with a time of day `HH:mm:ss[.SSS] [AM|PM]` (also with dots) after it:
`yyyy-MM[-dd]`, `yyyyMMdd-` (with the time), `[dd[-]]MMM[-]yy[yy]` with English names of months, `yy-MMM` alone, a time of day
alone (on 1970-01-01), `MM/dd/yy[yy]` and `MM-dd-yy[yy]`. Years of two digits are 1969 to 2068. A text that names a day
which does not exist is no time.
"""

from __future__ import annotations

import polars as pl

_DAY_MS = 86_400_000
_CLOCK = r"(?P<h>\d{1,2})[:.](?P<mi>\d{1,2})[:.](?P<s>\d{1,2})(?:(?P<dot>[:.])(?P<f>\d{0,9}))? ?(?P<half>[AP]M)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember")
_MONTH = "(?i:" + "|".join(f"{short}(?:{rest})?" for short, rest in zip(_MONTHS, _LONG, strict=True)) + ")"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"

# how every time starts; whatever does not is not looked at closely
MAYBE_TIME = rf'^ *"?(?:\d|{_MONTH})'
# forms that Polars reads by itself, far faster than by an expression, with the length of their texts
_PLAIN = (("%Y-%m-%d", 10), ("%Y-%m-%d %H:%M:%S", 19), ("%Y-%m-%dT%H:%M:%S", 19))
_FORMS: tuple[str, ...] = (
    rf'^ *"?(?P<y>\d{{4}})-(?P<m>\d{{1,2}})(?:-(?P<d>\d{{1,2}})(?:(?: *|T){_CLOCK}{_ZONE})?)? *"?$',
    rf'^ *"?(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{1,2}})-{_CLOCK}"?$',
    rf'^ *"?(?:(?P<d>\d{{1,2}})-?)?(?P<mon>{_MONTH})-?(?P<y>\d{{4}}|\d{{2}})(?:(?: *"?:?){_CLOCK})? *"?$',
    rf'^ *"?(?P<y>\d{{2}})-(?P<mon>{_MONTH}) *$',
    rf'^ *"?{_CLOCK}"?$',
    rf'^ *"?(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/(?P<y>\d{{4}}|\d{{2}})(?:(?: *"?:?){_CLOCK})? *"?$',
    rf'^ *"?(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})-(?P<y>\d{{4}}|\d{{2}})(?:(?: *"?:?){_CLOCK})? *"?$',
)
_CLOCK_ALONE = 4


def to_times(texts: pl.Series, timezone: str = "UTC") -> pl.Series:
    """Milliseconds since 1970-01-01 UTC as Int64, null where a text is no time; texts without a zone are of `timezone`."""
    result = pl.Series(texts.name, [None], dtype=pl.Int64).new_from_index(0, len(texts))
    if not texts.str.contains(MAYBE_TIME).any():
        return result
    result = _plain(texts, result, timezone)
    left = (texts.is_not_null() & result.is_null()).arg_true()
    for number, form in enumerate(_FORMS):
        if len(left) == 0:
            break
        some = texts.gather(left)
        hits = some.str.contains(form)
        if not hits.any():
            continue
        where = left.filter(hits)
        zone = "UTC" if number == _CLOCK_ALONE else timezone
        result = result.scatter(where, _milliseconds(some.filter(hits), form, number == _CLOCK_ALONE, zone))
        left = left.filter(~hits)
    return result


def _plain(texts: pl.Series, result: pl.Series, timezone: str) -> pl.Series:
    sample = texts.drop_nulls().slice(0, 1)
    for form, length in _PLAIN:
        if sample.str.strptime(pl.Datetime("ms"), form, strict=False).null_count():
            continue
        stamped = texts.str.strptime(pl.Datetime("ms"), form, strict=False)
        stamped = stamped.set(texts.str.len_bytes() != length, None)
        return _localised(stamped, timezone)
    return result


def _localised(stamped: pl.Series, timezone: str) -> pl.Series:
    if timezone != "UTC":
        stamped = stamped.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return stamped.dt.epoch("ms")


def _milliseconds(texts: pl.Series, form: str, alone: bool, timezone: str) -> pl.Series:
    parts = texts.str.extract_groups(form).struct.unnest()
    one = pl.lit(1, dtype=pl.Int64)
    has = set(parts.columns)

    def number(name: str, default: pl.Expr) -> pl.Expr:
        return pl.col(name).cast(pl.Int64, strict=False).fill_null(default) if name in has else default

    zero = pl.lit(0, dtype=pl.Int64)
    year, month, day = number("y", zero + 1970), number("m", one), number("d", one)
    if "mon" in has:
        names = pl.col("mon").str.to_lowercase().str.slice(0, 3)
        month = names.replace_strict(list(_MONTHS), list(range(1, 13)), default=None, return_dtype=pl.Int64)
    if "y" in has:
        short = pl.col("y").str.len_bytes() == 2
        year = pl.when(short).then(year + pl.when(year >= 69).then(1900).otherwise(2000)).otherwise(year)
    hour, minute, second = number("h", zero), number("mi", zero), number("s", zero)
    right = day.is_between(1, _days_in(year, month)) & month.is_between(1, 12)
    clock = zero
    if "h" in has:
        half = pl.col("half")
        right &= hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
        right &= half.is_null() | hour.is_between(1, 12)
        hour = pl.when(half == "PM").then(hour % 12 + 12).when(half == "AM").then(hour % 12).otherwise(hour)
        clock = ((hour * 60 + minute) * 60 + second) * 1000 + _fraction()
    if alone:
        # four numbers with dots between them are an address of a machine, not a time of day
        right &= ~texts.str.contains(r"^[ \"]*\d+\.\d+\.\d+\.")
    total = _days(year, month, day) * _DAY_MS + clock
    result = parts.select(pl.when(right).then(total).alias("ms"))["ms"]
    return _shifted(result, parts, timezone)


def _fraction() -> pl.Expr:
    """Milliseconds after the second: a decimal fraction behind a dot, a count behind a colon."""
    digits = pl.col("f")
    decimal = digits.str.pad_end(3, "0").str.slice(0, 3).cast(pl.Int64, strict=False)
    counted = digits.str.slice(0, 3).cast(pl.Int64, strict=False)
    return pl.when(pl.col("dot") == ":").then(counted).otherwise(decimal).fill_null(0)


def _shifted(local: pl.Series, parts: pl.DataFrame, timezone: str) -> pl.Series:
    """UTC from the zone written in the text, else from the time zone."""
    result = _localised(local.cast(pl.Datetime("ms")), timezone)
    if "zone" not in parts.columns or parts["zone"].null_count() == parts.height:
        return result
    sign = pl.when(pl.col("zone").str.starts_with("-")).then(-1).otherwise(1)
    bare = pl.col("zone").str.replace_all(r"[^0-9]", "")
    minutes = bare.str.slice(0, 2).cast(pl.Int64, strict=False) * 60 + bare.str.slice(2, 2).cast(pl.Int64, strict=False)
    shift = parts.select((sign * minutes.fill_null(0) * 60_000).alias("shift"))["shift"]
    return result.zip_with(parts["zone"].is_null(), local - shift)


def _days(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms")."""
    shifted = year - (month <= 2).cast(pl.Int64)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _days_in(year: pl.Expr, month: pl.Expr) -> pl.Expr:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    short = pl.when(leap).then(29).otherwise(28)
    return pl.when(month == 2).then(short).when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31)
