"""Calls that give frames another shape, and those of chance."""

from __future__ import annotations

from draw import NUMBERS, Draw, Expression, draws, listed
from random_frames import NAMES, ROLES

# ---- shape ----


@draws("t x distance")
def _matrix(draw: Draw, op: str) -> Expression:
    numbers = ("unique", "flag", "eighths", "small")
    if op == "t":
        return draw.call(op, draw.columns(*NUMBERS))
    if op == "x":
        columns = draw.columns(*numbers)
        return draw.call(op, f"(t {columns})", columns)
    columns = draw.several_at("unique", "flag", "eighths")
    other = draw.random.choice([frame for frame in draw.frames if frame.rows <= 13])
    left, right = (f"(cols_py {side} {listed(columns)})" for side in (draw.frame, other.name))
    return draw.call(op, left, right, draw.one_of("'l1'", "'l2'", "'cosine'", "'cosine_sq'"))


@draws("melt")
def _melt(draw: Draw, op: str) -> Expression:
    kept = " ".join(f"'{NAMES[i]}'" for i in draw.several_at("unique", "level", "time"))
    melted = " ".join(f"'{NAMES[i]}'" for i in draw.several_at("small", "real", "flag"))
    return draw.call(
        op, draw.frame, f"[{kept}]", draw.one_of(f"[{melted}]", f"[{melted}]"), "'var'", "'val'", draw.flag()
    )


@draws("pivot")
def _pivot(draw: Draw, op: str) -> Expression:
    # only what the reference keeps and sorts in one piece: where an index goes on in a second one, it never ends
    index = NAMES[draw.at("small", "flag", "unique", "level")]
    column = NAMES[draw.at("other_level", "number_level", "level", "flag", "small", "unique", "time")]
    value = NAMES[draw.at("real", "eighths", "constant", "level", "time")]
    return draw.call(op, draw.uploaded, f"'{index}'", f"'{column}'", f"'{value}'")


@draws("rep_len")
def _repeat(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.number(), draw.numeric(), draw.column("level")), draw.random.randint(1, 30))


@draws("scale")
def _scale(draw: Draw, op: str) -> Expression:
    if draw.chance(0.3):
        return draw.call(op, draw.column(*NUMBERS), "[2]", draw.one_of("[0.5]", "True", "False"))
    return draw.call(op, draw.one_of(draw.numerics(), draw.some()), draw.flag(), draw.flag())


@draws("scale_inplace")
def _scale_inplace(draw: Draw, op: str) -> Expression:
    return draw.call(op, f"(tmp= {draw.name()} {draw.copied(str(draw.columns(*NUMBERS)))})", draw.flag(), draw.flag())


@draws("seq seq_len")
def _seq(draw: Draw, op: str) -> Expression:
    if op == "seq_len":
        return draw.call(op, draw.one_of("1", "5", "12"))
    return draw.call(op, draw.one_of("0", "1", "-2"), draw.one_of("5", "10.5"), draw.one_of("1", "0.5", "2", "-1"))


@draws("isax")
def _isax(draw: Draw, op: str) -> Expression:
    return draw.call(
        op, f"(cols_py {draw.frame} [0 2 4 11])", draw.one_of("1", "2", "4"), draw.one_of("3", "5"), draw.flag()
    )


# ---- chance ----


@draws("h2o.runif")
def _uniform(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.frame, draw.random.randint(1, 10_000))


@draws("kfold_column stratified_kfold_column modulo_kfold_column h2o.random_stratified_split")
def _folds(draw: Draw, op: str) -> Expression:
    seed = draw.random.randint(1, 10_000)
    folds = draw.random.randint(2, 5)
    match op:
        case "kfold_column":
            return draw.call(op, draw.frame, folds, seed)
        case "modulo_kfold_column":
            return draw.call(op, draw.frame, folds)
        case "stratified_kfold_column":
            return draw.call(op, draw.column("other_level"), folds, seed)
        case _:
            return draw.call(op, draw.column("other_level"), draw.one_of("0.25", "0.5"), seed)


# ---- further modes ----


@draws("t x")
def _matrix_of_any(draw: Draw, op: str) -> Expression:
    if op == "t":
        return draw.call(op, draw.columns("unique", "missing", "level", "time", "real"))
    left, right = draw.columns("small", "real", "flag", "eighths"), draw.column("real", "flag", "small")
    return draw.call(op, f"(t {left})", right)


@draws("melt")
def _melt_rest(draw: Draw, op: str) -> Expression:
    columns = draw.columns_at(*draw.several_at("unique", "level", "time"), *draw.several_at("small", "real", "flag"))
    kept = draw.one_of("['u']", "['u' 'e']", "['t']")
    return draw.call(op, columns, kept, "[]", "'var'", "'val'", draw.flag())


@draws("rep_len")
def _repeat_columns(draw: Draw, op: str) -> Expression:
    return draw.call(
        op, draw.one_of(draw.columns(*NUMBERS), draw.column("text", "time"), "NaN"), draw.one_of("0", "1", "7")
    )


@draws("scale scale_inplace")
def _scale_by_given(draw: Draw, op: str) -> Expression:
    several = draw.several_at(*NUMBERS, "level")
    columns = draw.columns_at(*several)
    given = ["[" + " ".join(draw.one_of("0", "1", "2.5", "-3") for _ in several) + "]" for _ in range(2)]
    sides = [draw.one_of(one, draw.flag()) for one in given]
    target = columns if op == "scale" else f"(tmp= {draw.name()} {draw.copied(str(columns))})"
    return draw.call(op, target, *sides)


@draws("seq seq_len")
def _seq_of_any(draw: Draw, op: str) -> Expression:
    if op == "seq_len":
        return draw.call(op, draw.one_of("0", "2.5", "-1", "1000"))
    return draw.call(
        op, draw.one_of("5", "0.1", "-3"), draw.one_of("-5", "0.5", "3"), draw.one_of("-0.5", "0.1", "1", "0")
    )


@draws("isax")
def _isax_of_two(draw: Draw, op: str) -> Expression:
    columns = draw.columns_at(
        *draw.random.sample([ROLES.index(r) for r in ("unique", "flag", "eighths", "constant", "small")], 4)
    )
    return draw.call(op, columns, draw.one_of("1", "2", "3"), draw.one_of("2", "4", "10"), draw.flag())


@draws("distance")
def _distance_of_any(draw: Draw, op: str) -> Expression:
    columns = listed(draw.several_at("small", "real", "flag", "constant"))
    left, right = (f"(cols_py {side} {columns})" for side in (draw.frame, draw.other(8).name))
    return draw.call(op, left, right, draw.one_of("'l1'", "'l2'", "'cosine'", "'cosine_sq'"))


@draws("stratified_kfold_column h2o.random_stratified_split kfold_column")
def _folds_of_any(draw: Draw, op: str) -> Expression:
    seed = draw.random.randint(1, 10_000)
    if op == "kfold_column":
        return draw.call(op, draw.column(*ROLES), draw.random.randint(2, 300), seed)
    column = draw.column("level", "number_level", "flag", "small")
    return draw.call(
        op, column, draw.random.randint(2, 4) if op.startswith("strat") else draw.one_of("0.1", "0.9"), seed
    )
