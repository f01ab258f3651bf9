"""Calls by group, on missing values, of orders and joins."""

from __future__ import annotations

from draw import LEVELS, NUMBERS, Draw, Expression, draws, listed
from random_frames import ROLES

# ---- groups ----

_AGGREGATES = ("nrow", "mean", "sum", "sumSquares", "var", "sdev", "min", "max", "median")


@draws("GB")
def _group_by(draw: Draw, op: str) -> Expression:
    groups = listed(draw.several_at("small", "flag", "level", "other_level", "number_level", "constant"))
    aggregates = []
    for _ in range(draw.random.randint(1, 3)):
        way = draw.one_of("'all'", "'rm'", "'ignore'")
        aggregates += [f"'{draw.one_of(*_AGGREGATES)}'", draw.at("unique", "real", "eighths", "large"), way]
    if draw.chance(0.15):
        aggregates += ["'mode'", draw.at(*LEVELS), draw.one_of("'all'", "'rm'", "'ignore'")]
    return draw.call(op, draw.frame, groups, *aggregates)


@draws("ddply")
def _ddply(draw: Draw, op: str) -> Expression:
    body = draw.one_of("(mean (cols_py x 'd') True 0)", "(sum (cols_py x 'u'))", "(nrow x)", "(maxNA (cols_py x 'r'))")
    return draw.call(op, draw.frame, listed(draw.several_at("flag", "level", "constant")), f"{{x . {body}}}")


@draws("rank_within_groupby")
def _rank(draw: Draw, op: str) -> Expression:
    groups = listed(draw.several_at("flag", "level", "other_level"))
    by = draw.several_at("unique", "small", "large")
    directions = listed([draw.one_of(1, -1) for _ in by])
    return draw.call(op, draw.frame, groups, listed(by), directions, "'rank'", draw.one_of("0", "1"))


@draws("apply")
def _apply(draw: Draw, op: str) -> Expression:
    if draw.chance(0.5):
        body = draw.one_of("(mean x True 0)", "(sum x)", "(maxNA x)", "(sumNA x)", "(abs x)", "(* x 2)", "(min x)")
        return draw.call(op, draw.columns(*NUMBERS), "2", f"{{x . {body}}}")
    body = draw.one_of("(sum x)", "(* x 2)", "(max x)", "(+ x 1)", "(sumNA x)", "(mean x True 0)")
    return draw.call(op, draw.columns(*NUMBERS), "1", f"{{x . {body}}}")


# ---- missing values ----


@draws("filterNACols")
def _filter_columns(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.frame, draw.one_of("0.1", "0.2", "0.5", "1"), gives="value")


@draws("h2o.fillna")
def _fill(draw: Draw, op: str) -> Expression:
    columns = draw.columns("small", "real", "large", "flag", *_of_one_piece(draw))
    way = draw.one_of("'forward'", "'backward'")
    return draw.call(op, columns, way, draw.one_of("0", "1"), draw.random.randint(0, 3))


def _of_one_piece(draw: Draw) -> tuple[str, ...]:
    """A column of missing values in one piece: in several the reference looks for a value without end."""
    return () if draw.frame.operator else ("missing",)


@draws("na.omit")
def _omit(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.some(), draw.numerics()))


@draws("h2o.impute")
def _impute(draw: Draw, op: str) -> Expression:
    target = f"(tmp= {draw.name()} {draw.copied()})"
    groups = draw.one_of("[]", "[]", listed(draw.several_at("flag", "other_level")))
    if draw.chance(0.3):
        return draw.call(
            op, target, draw.at("level", "number_level"), "'mode'", "'interpolate'", groups, "_", "_", gives="either"
        )
    column = draw.at("small", "real", "large") if groups != "[]" or draw.chance(0.8) else draw.at("missing")
    method = draw.one_of("'mean'", "'median'")
    return draw.call(op, target, column, method, draw.combination(), groups, "_", "_", gives="either")


@draws("h2o.impute")
def _imputed(draw: Draw, op: str) -> Expression:
    name = draw.name()
    inner = f"({op} (tmp= {name} {draw.copied()}) {draw.at('small', 'real', 'large')} 'mean' 'interpolate' [] _ _)"
    return draw.written(op, f"(, {inner} (cols_py {name} [1 3 13]))")


# ---- order and joins ----


@draws("dropdup")
def _drop_duplicates(draw: Draw, op: str) -> Expression:
    by = listed(draw.several_at("small", "flag", "level", "other_level", "constant", "time"))
    return draw.call(op, draw.frame, by, draw.one_of("first", "last"))


@draws("sort")
def _sort(draw: Draw, op: str) -> Expression:
    by = draw.several_at("unique", "small", "flag", "real", "level", "large", "time")
    return draw.call(op, draw.frame, listed(by), listed([draw.one_of(1, -1) for _ in by]))


@draws("merge")
def _merge(draw: Draw, op: str) -> Expression:
    key = draw.one_of("small", "flag", "level", "other_level", "unique")
    keys = [key] if draw.chance(0.6) else [key, draw.one_of("number_level", "constant")]
    rest = draw.random.sample(["real", "eighths", "text", "time"], 2)
    other = draw.random.choice([frame for frame in draw.frames if frame.rows <= 40])
    left = Expression(f"(cols_py {draw.frame} {listed([ROLES.index(r) for r in [*keys, rest[0]]])})")
    right = Expression(f"(cols_py {other.name} {listed([ROLES.index(r) for r in [*keys, rest[1]]])})")
    by = listed(list(range(len(keys))))
    all_left, all_right = draw.one_of(("False", "False"), ("True", "False"), ("False", "True"))
    return draw.call(op, left, right, all_left, all_right, by, by, "'auto'")


# ---- further modes ----


@draws("GB")
def _group_by_any(draw: Draw, op: str) -> Expression:
    keys = draw.several_at("time", "eighths", "text", "missing", "real", "flag", "level")
    way = draw.one_of("'all'", "'rm'", "'ignore'")
    aggregate = draw.one_of(*_AGGREGATES)
    column = draw.at("level", "time", "missing", "small", "flag", "text")
    return draw.call(op, draw.frame, draw.one_of(listed(keys), listed(keys), "[]"), f"'{aggregate}'", column, way)


@draws("ddply")
def _ddply_of_columns(draw: Draw, op: str) -> Expression:
    body = draw.one_of(
        "(mean (cols_py x [1 3]) True 0)", "(sd (cols_py x 'd') True)", "(median (cols_py x 'r') True)", "(max x)"
    )
    return draw.call(op, draw.frame, listed(draw.several_at("flag", "other_level", "small")), f"{{x . {body}}}")


@draws("apply")
def _apply_of_any(draw: Draw, op: str) -> Expression:
    axis = draw.one_of("1", "2")
    bodies = [
        "(mean x False 0)",
        "(sumaxis x True 0)",
        "(is.na x)",
        "(> x 1)",
        "(ifelse (> x 1) 1 0)",
        "(sum (* x x))",
        "(nrow x)",
    ]
    return draw.call(
        op, draw.columns("unique", "flag", "eighths", "small", "level"), axis, f"{{x . {draw.one_of(*bodies)}}}"
    )


@draws("h2o.fillna")
def _fill_any(draw: Draw, op: str) -> Expression:
    columns = draw.columns("level", "time", "small", "real", *_of_one_piece(draw))
    return draw.call(
        op, columns, draw.one_of("'forward'", "'backward'"), draw.one_of("0", "1"), draw.random.randint(1, 20)
    )


@draws("h2o.impute")
def _impute_all(draw: Draw, op: str) -> Expression:
    columns = draw.columns_at(*draw.several_at("small", "real", "large", "level", "flag"))
    target = f"(tmp= {draw.name()} {draw.copied(str(columns))})"
    return draw.call(
        op,
        target,
        "-1",
        draw.one_of("'mean'", "'median'", "'mode'"),
        draw.combination(),
        "[]",
        "_",
        "_",
        gives="either",
    )


@draws("h2o.impute")
def _impute_given(draw: Draw, op: str) -> Expression:
    name = draw.name()
    target = f"(tmp= {name} {draw.copied(str(draw.columns_at(1, 3, 5)))})"
    inner = f"({op} {target} -1 'mean' 'interpolate' [] _ [7 0.5 0])"
    return draw.written(op, f"(, {inner} (cols_py {name} [0 1 2]))")


@draws("dropdup")
def _drop_by_any(draw: Draw, op: str) -> Expression:
    by = listed(draw.several_at("real", "eighths", "missing", "number_level", "large"))
    return draw.call(op, draw.frame, by, draw.one_of("first", "last"))


@draws("sort")
def _sort_by_any(draw: Draw, op: str) -> Expression:
    by = draw.several_at("missing", "eighths", "number_level", "constant", "other_level")
    directions = listed([draw.one_of(1, -1) for _ in by]) if draw.chance(0.9) else "[]"
    return draw.call(op, draw.one_of(draw.frame, draw.columns_at(*range(15))), listed(by), directions)


@draws("merge")
def _merge_otherwise(draw: Draw, op: str) -> Expression:
    key = draw.one_of("time", "eighths", "text", "large", "date")
    left, right = (
        Expression(
            f"(cols_py {side} {listed([ROLES.index('real' if side is draw.frame else 'small'), ROLES.index(key)])})"
        )
        for side in (draw.frame, draw.other(40).name)
    )
    by = draw.one_of("[1]", "[]")
    way = draw.one_of("False False", "True False", "False True", "True True")
    return draw.call(op, left, right, way, by, by, draw.one_of("'auto'", "'radix'"))
