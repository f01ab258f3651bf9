"""Calls of what works cell by cell: arithmetic, functions, conditions, running sums, parts of times."""

from __future__ import annotations

from draw import LEVELS, NUMBERS, TEXTS, Draw, Expression, draws


@draws("+ - * / ^ % %% %/% intDiv < <= > >= == != & | && ||")
def _pair(draw: Draw, op: str) -> Expression:
    return draw.one_of(
        lambda: draw.call(op, draw.numeric(), draw.numeric()),
        lambda: draw.call(op, draw.numerics(), draw.number(), gives="either"),
        lambda: draw.call(op, draw.number(), draw.numerics(), gives="either"),
        lambda: draw.call(op, draw.columns(*NUMBERS), draw.column(*NUMBERS)),
        lambda: draw.call(op, draw.number(), draw.number(), gives="value"),
        lambda: draw.call(op, draw.numeric(), "NaN", gives="either"),
        lambda: draw.call(op, draw.column("time"), draw.column("time")),
        lambda: draw.call(op, draw.categorical(), draw.number(), gives="either"),
        lambda: draw.call(op, draw.column(*LEVELS), draw.column(*LEVELS), gives="either"),
        lambda: draw.call(op, draw.some(), draw.number(), gives="either"),
    )()


@draws("+ - * / ^ % intDiv < >= == != & |")
def _recycled(draw: Draw, op: str) -> Expression:
    several = draw.several_at(*NUMBERS)
    columns, others = draw.columns_at(*several), draw.columns_at(*draw.random.sample(several, len(several)))
    return draw.one_of(
        lambda: draw.call(op, columns, others),
        lambda: draw.call(op, columns, draw.part("rows", others, "0")),
        lambda: draw.call(op, draw.part("rows", others, "[0]"), columns),
        lambda: draw.call(op, columns, draw.part("rows", draw.column(*NUMBERS), "0")),
        lambda: draw.call(op, draw.column("time"), draw.one_of("1e12", "0", "946684800000"), gives="either"),
        lambda: draw.call(op, draw.column("time"), draw.numeric()),
        lambda: draw.call(op, draw.column("missing"), draw.numeric()),
        lambda: draw.call(op, draw.column(*LEVELS), draw.numeric()),
        lambda: draw.call(op, draw.column(*TEXTS), draw.one_of(draw.number(), str(draw.numeric()))),
    )()


@draws("== != < >")
def _pair_with_text(draw: Draw, op: str) -> Expression:
    return draw.one_of(
        lambda: draw.call(op, draw.categorical(), draw.one_of("'a'", "'c'", "'nosuch'", "'10'")),
        lambda: draw.call(op, draw.string(), draw.one_of("'foo'", "'x'", "''")),
        lambda: draw.call(op, draw.column(*TEXTS), draw.column(*TEXTS)),
        lambda: draw.call(op, draw.one_of("'a'", "'foo'"), draw.column("level", "text")),
        lambda: draw.call(op, draw.column("text"), draw.column(*LEVELS)),
        lambda: draw.call(op, draw.column("time", "small"), draw.one_of("'a'", "'2020-01-01'")),
        lambda: draw.call(op, draw.columns(*LEVELS), "'a'"),
        lambda: draw.call(op, "'a'", draw.one_of("'a'", "'b'"), gives="value"),
    )()


@draws("round signif")
def _digits(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numerics(), draw.random.randint(-2, 6), gives="either")


@draws("!! not")
def _negated(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.numeric(), draw.numerics(), draw.number()), gives="either")


@draws(
    "abs acos acosh asin asinh atan atanh ceiling cos cosh cospi digamma exp expm1 floor gamma lgamma log log10 log1p log2 "
    "none sign sin sinh sinpi sqrt tan tanh tanpi trigamma trunc"
)
def _function(draw: Draw, op: str) -> Expression:
    return draw.one_of(
        lambda: draw.call(op, draw.numeric(), gives="either"),
        lambda: draw.call(op, draw.columns("small", "real", "eighths", "flag"), gives="either"),
        lambda: draw.call(op, draw.number(), gives="value"),
        lambda: draw.call(op, draw.any(), gives="either"),
    )()


@draws("ifelse")
def _ifelse(draw: Draw, op: str) -> Expression:
    test = draw.one_of(draw.column("flag"), draw.numeric())
    return draw.one_of(
        lambda: draw.call(op, test, draw.numeric(), draw.number()),
        lambda: draw.call(op, test, draw.numeric(), draw.numeric()),
        lambda: draw.call(op, test, draw.number(), "NaN"),
        lambda: draw.call(op, test, "'yes'", "'no'"),
        lambda: draw.call(op, test, draw.column("level"), draw.column("other_level")),
        lambda: draw.call(op, test, draw.column("level"), "'a'"),
        lambda: draw.call(op, draw.one_of("0", "1"), draw.numeric(), draw.numeric()),
        lambda: draw.call(op, test, draw.column("time"), draw.one_of("0", "NaN")),
        lambda: draw.call(op, test, draw.column("text"), "'x'"),
        lambda: draw.call(op, test, draw.column(*LEVELS), draw.one_of("NaN", "'new'")),
        lambda: draw.call(op, draw.one_of("0", "1", "NaN"), draw.number(), draw.one_of("2", "'x'"), gives="either"),
        lambda: draw.call(op, test, "(is.na " + str(draw.column("small")) + ")", draw.number()),
        lambda: draw.call(op, draw.columns("flag", "small"), draw.columns("flag", "small"), draw.number()),
    )()


@draws("is.na")
def _is_na(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.any(), draw.some(), draw.number()), gives="either")


@draws("match")
def _match(draw: Draw, op: str) -> Expression:
    start = draw.one_of("0", "1")
    absent = draw.one_of("0", "-1", "99")
    return draw.one_of(
        lambda: draw.call(op, draw.categorical(), "['b' 'a' 'x']", absent, start),
        lambda: draw.call(op, draw.column("small", "unique", "eighths"), "[2 0 1 2.5]", absent, start),
        lambda: draw.call(op, draw.column("text"), "['foo' 'x']", absent, start),
        lambda: draw.call(op, draw.categorical(), "'a'", absent, start),
        lambda: draw.call(op, draw.column("small"), "2", absent, start),
        lambda: draw.call(op, draw.column("level"), "['a' 'a' 'b']", absent, start),
    )()


@draws("cummax cummin cumprod cumsum")
def _running(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numerics(), draw.flag())


@draws("difflag1")
def _difference(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numeric())


@draws("year month day hour minute second millis week dayOfWeek")
def _time_part(draw: Draw, op: str) -> Expression:
    return draw.one_of(
        lambda: draw.call(op, draw.column("time"), gives="either"),
        lambda: draw.call(op, draw.column("large", "small"), gives="either"),
        lambda: draw.call(op, draw.one_of("0", "1e12", "-5e11", "NaN"), gives="value"),
        lambda: draw.call(op, draw.some(), gives="either"),
    )()


@draws("mktime moment")
def _time_of_parts(draw: Draw, op: str) -> Expression:
    year = draw.one_of(draw.call("+", draw.column("unique"), "1990"), "2020")
    if draw.chance(0.3):  # missing parts, months and days out of range
        parts = [
            draw.column("small", "flag", "eighths") if draw.chance(0.5) else draw.random.randint(0, 3) for _ in range(6)
        ]
        return draw.call(op, year, *parts, gives="either")
    parts = [draw.random.randint(1, 11), draw.one_of(draw.column("flag"), "5"), draw.random.randint(0, 23), 30, 15, 0]
    return draw.call(op, year, *parts, gives="either")


@draws("as.Date")
def _as_date(draw: Draw, op: str) -> Expression:
    date = draw.one_of(draw.column("date"), draw.call("as.character", draw.column("date")))
    formats = ("'%Y-%m-%d'", "'yyyy-MM-dd'", "'%Y-%m'", "'%d.%m.%y'", "'%y-%m-%d'")
    return draw.call(op, date, draw.one_of(*formats))


@draws("getTimeZone")
def _zone(draw: Draw, op: str) -> Expression:
    return draw.call(op, gives="value")
