"""Calls that make few numbers of many: reducers, quantiles, correlations, counts, histograms."""

from __future__ import annotations

from draw import NUMBERS, Draw, Expression, draws
from random_frames import ROLES

# ---- one number of many ----


@draws("sum sumNA min minNA max maxNA prod prod.na any.na naCnt")
def _fold(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.numeric(), draw.numerics(), draw.some()), gives="either")


@draws("all any")
def _quantify(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.numeric(), draw.column("flag"), draw.column("level")), gives="value")


@draws("sd median skewness kurtosis")
def _spread(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.numeric(), draw.numerics(), draw.some()), draw.flag(), gives="value")


@draws("mean sumaxis")
def _along(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.numerics(), draw.some()), draw.flag(), draw.one_of("0", "1"))


@draws("which.max which.min")
def _which_extreme(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numerics(), draw.flag(), draw.one_of("0", "1"))


@draws("which")
def _which(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.column("flag") if draw.chance(0.6) else draw.numeric())


@draws("h2o.mad")
def _mad(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numeric(), draw.combination(), draw.one_of("1.4826", "1"), gives="value")


@draws("quantile")
def _quantile(draw: Draw, op: str) -> Expression:
    probabilities = draw.one_of("[0.5]", "[0 0.25 0.5 0.75 1]", "[0.1 0.333]")
    if draw.chance(0.2):
        columns = Expression(f"(cols_py {draw.frame} [{ROLES.index('flag')} {draw.at('small', 'real')}])")
        return draw.call(op, columns, probabilities, draw.combination(), "'b'")
    return draw.call(op, draw.numerics(), probabilities, draw.combination(), "_")


@draws("cor")
def _correlation(draw: Draw, op: str) -> Expression:
    use = draw.one_of("'everything'", "'complete.obs'", "'all.obs'")
    sides = draw.columns("unique", "small", "real", "eighths"), draw.columns("unique", "small", "real", "eighths")
    return draw.call(op, *sides, use, draw.one_of("'Pearson'", "'Spearman'"), gives="either")


@draws("var")
def _variance(draw: Draw, op: str) -> Expression:
    use = draw.one_of("'everything'", "'complete.obs'", "'all.obs'")
    side = draw.columns("unique", "small", "real", "eighths")
    if draw.chance(0.5):
        return draw.call(op, side, side, use, "True", gives="either")
    return draw.call(op, side, draw.columns("unique", "small", "real", "eighths"), use, "False", gives="either")


@draws("topn")
def _top(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.frame, draw.at(*NUMBERS), draw.one_of("10", "50", "100"), draw.one_of("1", "-1"))


# ---- counting ----


@draws("table")
def _table(draw: Draw, op: str) -> Expression:
    roles = ("small", "flag", "level", "other_level", "number_level", "constant")
    if draw.chance(0.4):
        return draw.call(op, draw.one_of(draw.column(*roles), draw.categorical()), draw.flag())
    return draw.call(op, draw.column(*roles), draw.column(*roles), draw.flag())


@draws("unique")
def _unique(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.categorical(), draw.numeric(), draw.column("time")), draw.flag())


@draws("cut")
def _cut(draw: Draw, op: str) -> Expression:
    if draw.chance(0.3):
        return draw.call(op, draw.column("real", "unique"), draw.one_of("3", "5"), "[]", "False", "True", "3")
    labels = draw.one_of("[]", "[]", "['lo' 'mid' 'hi']")
    return draw.call(op, draw.numeric(), "[-5 0 2.5 8]", labels, draw.flag(), draw.flag(), draw.one_of("3", "0"))


@draws("hist")
def _hist(draw: Draw, op: str) -> Expression:
    breaks = draw.one_of("'sturges'", "'rice'", "'sqrt'", "'scott'", "'doane'", "'fd'", "5", "[-10 0 3 10]")
    return draw.call(op, draw.numeric(), breaks)


# ---- further modes ----


@draws("sum sumNA min max maxNA mean sumaxis sd median which.max which.min naCnt")
def _of_rows_that_are_left(draw: Draw, op: str) -> Expression:
    rows = draw.one_of(f"(is.na {draw.column('small')})", f"(> {draw.column('small')} 100)", "[0]")
    columns = draw.part("rows", draw.some(), rows)
    more: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(("mean", "sumaxis", "which.max", "which.min"), (draw.flag(), draw.one_of("0", "1"))),
        **dict.fromkeys(("sd", "median"), (draw.flag(),)),
    }
    return draw.call(op, columns, *more.get(op, ()), gives="either")


@draws("quantile")
def _quantile_of_much(draw: Draw, op: str) -> Expression:
    probabilities = draw.one_of("[0 1]", "[0.001 0.01 0.999]", "[0.5 0.25]", "0.5")
    return draw.call(op, draw.some(), probabilities, draw.combination(), "_")


@draws("cor var")
def _pairs_of_any(draw: Draw, op: str) -> Expression:
    use = draw.one_of("'everything'", "'complete.obs'", "'all.obs'")
    roles = ("unique", "small", "time", "flag", "missing", "constant", "level", "large")
    last = draw.one_of("'Pearson'", "'Spearman'") if op == "cor" else draw.flag()
    sides = draw.columns(*roles), draw.columns(*roles)
    return draw.call(op, *(sides if last != "True" else (sides[0], sides[0])), use, last, gives="either")


@draws("topn")
def _top_of_any(draw: Draw, op: str) -> Expression:
    return draw.call(
        op,
        draw.frame,
        draw.at("time", "missing", "level", "real"),
        draw.one_of("1", "33", "75"),
        draw.one_of("1", "-1"),
    )


@draws("table unique")
def _counted(draw: Draw, op: str) -> Expression:
    column = draw.column("time", "real", "missing", "eighths", "unique", "text")
    if op == "unique":
        return draw.call(op, column, draw.flag())
    return draw.one_of(
        lambda: draw.call(op, column, draw.flag()),
        lambda: draw.call(op, draw.columns_at(draw.at("level"), draw.at("flag")), draw.flag()),
        lambda: draw.call(op, draw.column("level"), draw.numeric(), draw.flag()),
    )()


@draws("cut")
def _cut_by_number(draw: Draw, op: str) -> Expression:
    breaks = draw.one_of("4", "[0 1]", "[-10 -1 1 10]", "[3 -3 0]")
    return draw.call(
        op,
        draw.column("unique", "real", "small", "large"),
        breaks,
        "[]",
        draw.flag(),
        draw.flag(),
        draw.one_of("1", "2"),
    )


@draws("hist")
def _hist_of_any(draw: Draw, op: str) -> Expression:
    return draw.call(
        op,
        draw.column("small", "large", "flag", "constant", "missing", "time"),
        draw.one_of("1", "3", "20", "'sturges'", "[0 1 2 3]"),
    )
