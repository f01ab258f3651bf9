"""Calls on strings, categories and types."""

from __future__ import annotations

from draw import LEVELS, NUMBERS, TEXTS, WHOLE, Draw, Expression, draws
from random_frames import ROLES

# ---- strings ----


@draws("tolower toupper trim strlen")
def _string_function(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.texts())


@draws("lstrip rstrip")
def _strip(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.texts(), draw.one_of("' '", "'fa'", "'x'"))


@draws("entropy")
def _entropy(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.string())


@draws("substring")
def _substring(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.texts(), draw.random.randint(0, 3), draw.one_of("[]", "2", "4", "0"))


@draws("countmatches")
def _countmatches(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.texts(), draw.one_of("'a'", "['a' 'o']", "'foo'", "'at'"))


@draws("replaceall replacefirst")
def _replace(draw: Draw, op: str) -> Expression:
    pattern = draw.one_of("'o'", "'[ab]'", "'foo'", "'^a'", "'(o+)'", "'t$'")
    return draw.call(op, draw.texts(), pattern, draw.one_of("'-'", "''", "'zz'"), draw.flag())


@draws("strsplit")
def _strsplit(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.texts(), draw.one_of("' '", "'o'", "'X'", "'[0-9]'"))


@draws("tokenize")
def _tokenize(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.column(*TEXTS), draw.one_of("' '", "'o'", "' +'"))


@draws("grep")
def _grep(draw: Draw, op: str) -> Expression:
    pattern = draw.one_of("'o'", "'^a'", "'FOO'", "'[0-9]+'", "'at'")
    return draw.call(op, draw.texts(), pattern, draw.flag(), draw.flag(), draw.flag())


@draws("num_valid_substrings")
def _substrings(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.string(), f"'{draw.words_file}'")


@draws("strDistance")
def _distance_of_strings(draw: Draw, op: str) -> Expression:
    measure = draw.one_of("'lv'", "'lcs'", "'qgram'", "'jaccard'", "'jw'", "'soundex'")
    return draw.call(op, draw.column(*TEXTS), draw.column(*TEXTS), measure, draw.flag())


@draws("tf-idf")
def _tf_idf(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.frame, ROLES.index("unique"), ROLES.index("words"), draw.flag(), draw.flag())


# ---- categories and types ----


@draws("levels")
def _levels(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.categorical(), draw.some()))


@draws("nlevels mode")
def _levels_number(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.categorical() if draw.chance(0.8) else draw.any(), gives="value")


@draws("relevel setLevel")
def _level(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.column(*LEVELS), draw.one_of("'a'", "'b'", "'10'", "'c'"))


@draws("relevel.by.freq")
def _by_frequency(draw: Draw, op: str) -> Expression:
    columns = Expression(f"(cols_py {draw.frame} [{ROLES.index('flag')} {draw.at(*LEVELS)}])")
    return draw.call(op, columns, draw.one_of("[]", "[]", "'b'"), draw.one_of("-1", "1", "2"))


@draws("setDomain")
def _set_domain(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.column("level", "number_level"), "False", draw.one_of("['p' 'q' 'r' 's']", "['p' 'q']"))


@draws("appendLevels")
def _append_levels(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.column(*LEVELS), "False", draw.one_of("['p' 'q']", "'p'", "['new']"))


@draws("any.factor")
def _any_factor(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.some(), gives="value")


@draws("is.character is.factor is.numeric")
def _is_type(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.some(), gives="either")


@draws("columnsByType")
def _by_type(draw: Draw, op: str) -> Expression:
    kind = draw.one_of("numeric", "categorical", "string", "time", "uuid", "bad")
    return draw.call(op, draw.frame, f"'{kind}'", gives="value")


@draws("as.character as.numeric")
def _convert(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.any())


@draws("as.factor")
def _as_factor(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.column(*WHOLE), draw.string(), draw.categorical(), draw.numeric()))


# ---- further modes ----


@draws("tolower toupper trim strlen lstrip rstrip entropy substring countmatches replaceall replacefirst strsplit")
def _of_several_columns(draw: Draw, op: str) -> Expression:
    columns = draw.columns("text", "words", "level", "other_level") if draw.chance(0.7) else draw.column(*ROLES)
    arguments: dict[str, tuple[object, ...]] = {
        "lstrip": ("'fa '",),
        "rstrip": ("'od'",),
        "substring": (draw.one_of("1", "2", "-1"), draw.one_of("3", "[]", "1")),
        "countmatches": (draw.one_of("['at' 'a']", "''", "['foo' 'foo']"),),
        "replaceall": (draw.one_of("'a'", "'.'", "'\\\\s+'", "'(.)(.)'"), draw.one_of("'$0$0'", "'_'"), draw.flag()),
        "replacefirst": (draw.one_of("'a'", "'.'", "'(.)(.)'"), draw.one_of("'$1'", "'_'"), draw.flag()),
        "strsplit": (draw.one_of("' '", "''", "'a'", "'[ a]+'"),),
    }
    return draw.call(op, columns, *arguments.get(op, ()))


@draws("tokenize")
def _tokens_of_columns(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.columns(*TEXTS), draw.one_of("' '", "'a'", "''"))


@draws("strDistance")
def _distance_of_levels(draw: Draw, op: str) -> Expression:
    measure = draw.one_of("'lv'", "'jw'", "'jaccard'", "'nosuch'")
    sides = draw.column("level", "text", "words"), draw.column("other_level", "text")
    return draw.call(op, *sides, measure, draw.flag())


@draws("setDomain appendLevels")
def _levels_in_place(draw: Draw, op: str) -> Expression:
    column = f"(cols_py {draw.copied()} {draw.at(*LEVELS)})"
    return draw.call(op, column, "True", draw.one_of("['p' 'q' 'r' 's']", "['p' 'q' 'r']", "[]"))


@draws("as.character as.numeric as.factor is.na levels")
def _convert_several(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.some(), draw.column("time"), draw.columns(*LEVELS), draw.columns(*NUMBERS)))


@draws("grep")
def _grep_of_levels(draw: Draw, op: str) -> Expression:
    return draw.call(
        op, draw.column(*LEVELS, "text"), draw.one_of("'^[ab]$'", "'B'", "'.'"), *(draw.flag() for _ in range(3))
    )
