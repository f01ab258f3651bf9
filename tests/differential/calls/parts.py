"""Calls that take parts of frames, bind, name and change them."""

from __future__ import annotations

from draw import LEVELS, NUMBERS, Draw, Expression, draws, listed
from random_frames import NAMES, ROLES


@draws("cols cols_py")
def _cols(draw: Draw, op: str) -> Expression:
    which = draw.one_of("0", "3", "-1", "[0 2]", "[1 0]", "'r'", "['e' 'i']", "[0:3]", "[-1 -2]", "99", "'nosuch'")
    return draw.call(op, draw.frame, which)


@draws("rows")
def _rows(draw: Draw, op: str) -> Expression:
    n = max(draw.rows, 1)
    which = draw.one_of(
        "0",
        str(n - 1),
        f"[0:{draw.random.randint(1, n)}]",
        f"[{draw.random.randrange(n)}]",
        "[]",
        "[-1]",
        str(draw.numeric()),
        f"(> {draw.numeric()} {draw.number()})",
        f"(== {draw.column('level')} 'a')",
        f"(is.na {draw.column('small')})",
    )
    return draw.call(op, draw.frame, which)


@draws("cbind")
def _cbind(draw: Draw, op: str) -> Expression:
    return draw.call(
        op, *(draw.one_of(draw.any(), draw.numerics(), draw.number()) for _ in range(draw.random.randint(1, 3)))
    )


@draws("rbind")
def _rbind(draw: Draw, op: str) -> Expression:
    chosen = draw.several_at(*ROLES)
    parts = [draw.frame.text, *(frame.name for frame in draw.random.sample(draw.frames, draw.random.randint(1, 2)))]
    return draw.call(op, *(f"(cols_py {part} {listed(chosen)})" for part in parts))


@draws("append")
def _append(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.some(), draw.one_of(draw.any(), draw.number(), "'word'"), "'added'")


@draws("colnames=")
def _rename_columns(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.frame, draw.one_of("0 'first'", "[0 1] ['first' 'second']", "[2] ['i']"))


@draws("flatten")
def _flatten(draw: Draw, op: str) -> Expression:
    row = draw.random.randrange(max(draw.rows, 1))
    return draw.call(op, draw.part("rows", draw.column(*ROLES), row), gives="either")


@draws("getrow")
def _getrow(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.part("rows", draw.some(), draw.random.randrange(max(draw.rows, 1))), gives="value")


@draws("nrow ncol")
def _size(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.some(), gives="value")


@draws(",")
def _sequence(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numeric(), draw.one_of(draw.number(), draw.numeric()), gives="either")


@draws("assign tmp= rename rm")
def _naming(draw: Draw, op: str) -> Expression:
    first, second = draw.name(), draw.name()
    match op:
        case "assign":
            return draw.written(
                op, f"(, (assign {first} {draw.copied()}) (tmp= {second} {first}) (rm {first}) {second})"
            )
        case "rename":
            renamed = f"(rename '{first}' '{second}') (tmp= {first}t {second}) (rm {second}) {first}t"
            return draw.written(op, f"(, (assign {first} {draw.copied()}) {renamed})")
        case "rm":
            return draw.written(op, f"(, (assign {first} {draw.copied()}) (rm {first}))", "value")
        case _:
            return draw.call(op, first, draw.some())


@draws(":=")
def _assign_cells(draw: Draw, op: str) -> Expression:
    n = max(draw.rows, 1)
    rows = draw.one_of(
        "[]", f"[0:{draw.random.randint(1, n)}]", str(draw.random.randrange(n)), f"(> {draw.numeric()} 1)"
    )
    return draw.one_of(
        lambda: draw.call(op, draw.frame, draw.number(), draw.at(*NUMBERS), rows),
        lambda: draw.call(op, draw.frame, "NaN", draw.at("small", "real", "level"), rows),
        lambda: draw.call(op, draw.frame, draw.one_of("'a'", "'new'"), draw.at("level", "text"), rows),
        lambda: draw.call(op, draw.frame, draw.numeric(), draw.at(*NUMBERS), "[]"),
        lambda: draw.call(op, draw.frame, draw.any(), draw.at(*ROLES), "[]"),
        lambda: draw.call(op, draw.frame, draw.number(), listed(draw.several_at(*NUMBERS)), rows),
    )()


# ---- further modes ----


@draws("rows")
def _rows_by_lists(draw: Draw, op: str) -> Expression:
    n = max(draw.rows, 1)
    which = draw.one_of(
        f"[0:{n} {n}]", "[0:2 3:2]", "[0:3:2]", "[-1 -2]", "[-3:2]", f"[{n - 1}:5]", f"[{n + 3}]", str(n + 1), "[1000000]",
        str(draw.column("level", "time", "missing", "text", "flag")),
        f"(& (> {draw.column('small')} 0) (is.na {draw.column('real')}))",
    )  # fmt: skip
    return draw.call(op, draw.one_of(draw.frame, draw.some()), which)


@draws("cols cols_py")
def _cols_by_lists(draw: Draw, op: str) -> Expression:
    which = draw.one_of(
        "[]",
        "[0:2 5:3]",
        "[-1:2]",
        "[0 0]",
        "['u' 'u']",
        "[14 0]",
        "-15",
        "-16",
        "[0:1000]",
        "['t' 'nosuch']",
        "15",
        "2.5",
        "NaN",
    )
    return draw.call(op, draw.frame, which)


@draws("cbind")
def _cbind_frames(draw: Draw, op: str) -> Expression:
    parts = [
        draw.one_of(draw.frame, draw.some(), draw.column(*ROLES), "1.5", "NaN")
        for _ in range(draw.random.randint(1, 4))
    ]
    return draw.call(op, *parts)


@draws("rbind")
def _rbind_odd(draw: Draw, op: str) -> Expression:
    columns = listed(draw.several_at("small", "real", "missing", "level", "time"))
    part, other = f"(cols_py {draw.frame} {columns})", f"(cols_py {draw.other(40).name} {columns})"
    return draw.one_of(
        lambda: draw.call(op, part),
        lambda: draw.call(op, draw.part("rows", part, "[]"), other),
        lambda: draw.call(op, f"(as.factor {draw.column('small')})", f"(as.factor {draw.column('small')})"),
        lambda: draw.call(op, draw.column("level"), f"(colnames= {draw.column('other_level')} 0 'e')"),
        lambda: draw.call(
            op, draw.column("missing"), f"(colnames= {draw.column('real', 'level', 'time', 'text')} 0 'n')"
        ),
    )()


@draws("append")
def _append_more(draw: Draw, op: str) -> Expression:
    second = draw.one_of(draw.any(), "NaN", "2")
    return draw.call(op, draw.some(), draw.one_of(draw.any(), "0"), "'one'", second, draw.one_of("'two'", "'one'"))


@draws("flatten getrow")
def _cells(draw: Draw, op: str) -> Expression:
    return draw.call(
        op, draw.one_of(draw.column(*ROLES), draw.some(), draw.part("rows", draw.some(), "[0]")), gives="either"
    )


@draws("colnames=")
def _rename_oddly(draw: Draw, op: str) -> Expression:
    return draw.call(
        op, draw.frame, draw.one_of("['u' 'i'] ['i' 'u']", "[0 1] ['one']", "14 ''", "99 'x'", "'r' 'real'")
    )


@draws(":=")
def _assign_columns(draw: Draw, op: str) -> Expression:
    n = max(draw.rows, 1)
    some = draw.one_of(
        "[]", f"[0:{n}]", f"[{n - 1}]", f"(is.na {draw.column('small', 'level', 'text')})", str(draw.column("flag"))
    )
    part = f"[0:{min(2, n)}]"
    several = draw.several_at("small", "real", "eighths")
    return draw.one_of(
        lambda: draw.call(op, draw.frame, draw.number(), 15, "[]"),
        lambda: draw.call(op, draw.frame, draw.numeric(), "[15]", "[]"),
        lambda: draw.call(op, draw.frame, draw.one_of("'b'", "'zzz'"), draw.at(*LEVELS), some),
        lambda: draw.call(op, draw.frame, draw.one_of("0", "1e12", "NaN"), draw.at("time"), some),
        lambda: draw.call(op, draw.frame, draw.one_of("1", "2.5", "'x'"), draw.at("missing"), some),
        lambda: draw.call(op, draw.frame, "'x'", draw.at("small", "time"), some),
        lambda: draw.call(op, draw.frame, "1", draw.at("level", "text"), some),
        lambda: draw.call(
            op,
            draw.frame,
            draw.part("rows", draw.column("real", "small", "level"), part),
            draw.at("real", "level"),
            part,
        ),
        lambda: draw.call(op, draw.frame, draw.columns_at(*reversed(several)), listed(several), "[]"),
        lambda: draw.call(op, draw.frame, draw.number(), f"'{draw.one_of(*NAMES)}'", some),
        lambda: draw.call(op, draw.frame, draw.one_of("NaN", "2.5"), "[]", some),
    )()
