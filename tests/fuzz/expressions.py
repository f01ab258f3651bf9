"""Random Rapids calls: each argument mostly of its kind, now and then anything, over small frames with all kinds of cells.

Where the choices come from is the caller's: hypothesis, or the bytes of a coverage-guided fuzzer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment
from artesian.rapids.registry import Argument, operators

Pick = Callable[[Sequence[str]], str]
Count = Callable[[int, int], int]

SETTINGS = Settings(max_rapids_list=10_000, max_rapids_depth=200, memory_budget_mb=256)

FRAMES = (
    "mixed",
    "numbers",
    "levels",
    "text",
    "times",
    "row",
    "cell",
    "empty",
    "nothing",
    "absent",
    "wide",
    "repeated",
)
COLUMNS = (
    *(f"(cols_py mixed '{name}')" for name in "irsetbu"),
    "(cols_py levels 1)", "(cols_py levels 2)", "(cols_py empty 'i')", "(cols_py empty 'e')", "cell", "(cols_py row 's')",
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "2", "3", "2.5", "0.5", "NaN", "1e300", "-1e300", "1e-300", "-7", "100", "4294967296", "9.3e18", "True",
    "1e12", "-9007199254740993",
)  # fmt: skip
STRINGS = (
    "'s'", "'i'", "'e'", "'t'", "''", "'a'", "'a|b'", "'['", "'(a+)+$'", "'\\\\1'", "'$1'", "'mean'", "'median'", "'mode'",
    "'all'", "'rm'", "'ignore'", "'%Y-%m-%d'", "'yyyy-MM-dd HH:mm:ss'", "'everything'", "'complete.obs'", "'all.obs'",
    "'interpolate'", "'average'", "'low'", "'high'", "'lv'", "'lcs'", "'qgram'", "'jaccard'", "'jw'", "'soundex'", "'auto'",
    "'forward'", "'backward'", "'Pearson'", "'Spearman'", "'sturges'", "'fd'", "'doane'", "'scott'", "'l1'", "'l2'", "'cosine'",
    "'numeric'", "'categorical'", "'UTC'", "'America/New_York'", "'nrow'", "'sum'", "'var'", "'/nowhere/words.txt'", "'\\u0000'",
    "'😀'", "' '",
)  # fmt: skip
NUMBER_LISTS = (
    "[]", "[0]", "[0 1]", "[1:3]", "[-1]", "[-1 -2]", "[0:1e12]", "[nan]", "[0.5]", "[0 0.5 1]", "[2 1 0]", "[1:2:3]", "[1e18]",
    "[0 1 2 3 4 5 6]", "[-5 0 5]", "[Infinity]", "[1 1]",
)  # fmt: skip
TEXT_LISTS = ("['i']", "['a' 'b']", "['e' 't']", "['']", "['x' 'x']", "['foo' 'a b' '1']", "['nosuch']")
FUNCTIONS = (
    "mean", "sum", "{x . x}", "{x . (+ x 1)}", "{x . (mean x True)}", "{x y . (+ x y)}", "{. 1}", "{x . (cols x 0)}", "{x . mixed}",
    "{x . (sum (cols_py x 0))}", "{x . 's'}", "{x . [1 2]}", "{x . (nrow x)}", "{x . (is.na x)}", "{x . (ifelse x 1 2)}",
    "{x . (x x)}",
)  # fmt: skip
NAMES = ("fresh", "mixed", "'quoted'", "$own", "_", "null", "first", "last", "nosuch")
NESTED = (
    "(rows mixed [0:3])", "(rows mixed (> (cols_py mixed 'i') 0))", "(rows mixed [])", "(cbind numbers numbers)", "(is.na mixed)",
    "(+ numbers 1)", "(as.factor (cols_py mixed 'i'))", "(as.character (cols_py mixed 'e'))", "(rbind mixed mixed)", "(t numbers)",
    "(sort mixed [0] [1])", "(seq_len 5)", "(tmp= other (cols mixed [0 3]))", "(rep_len NaN 6)", "(cut (cols_py mixed 'r') [-3 0 3] [] 0 1 3)",
)  # fmt: skip
_OF_KIND: dict[str, tuple[str, ...]] = {
    "a frame": (*FRAMES, *NESTED),
    "a frame of one column": COLUMNS,
    "a frame (or the row of a function that is applied row by row)": (*FRAMES, *NESTED),
    "a number": NUMBERS,
    "a whole number": NUMBERS,
    "True or False": ("True", "False"),
    "a string": STRINGS,
    "a string, or [] or NaN for none": (*STRINGS, "[]", "NaN"),
    "a list of numbers": NUMBER_LISTS,
    "a list of whole numbers": NUMBER_LISTS,
    "a list of strings": (*TEXT_LISTS, *STRINGS, "[]"),
    "a frame, a number, a string or a list": (*FRAMES, *COLUMNS, *NUMBERS, *STRINGS, *NUMBER_LISTS, *TEXT_LISTS),
    "a function: {x . …} or the name of an operator": FUNCTIONS,
    "a name": NAMES,
    "an expression": (*FRAMES, *COLUMNS, *NUMBERS, *NUMBER_LISTS, *NAMES),
    "a number, a name in quotes or a list of either": (*NUMBER_LISTS, *TEXT_LISTS, "0", "1", "'i'", "'e'", "99", "-1"),
}
_ANYTHING = tuple(dict.fromkeys(text for texts in _OF_KIND.values() for text in texts))
_ODDS_OF_ITS_KIND = 8  # of 10
# whatever an expression is made of, for a fuzzer that puts tokens together
TOKENS = (
    *"()[]{}.,:'\"\\",
    *operators(),
    *_ANYTHING,
    "->",
    "->kept",
    "->mixed",
    "1:2",
    "\\x41",
    "\\u00e4",
    "nan",
    "0x1F",
)


def call_of(name: str, pick: Pick, count: Count, depth: int = 1) -> str:
    """A call of the operator; its arguments may be calls of others, `depth` deep."""
    arguments = operators()[name].arguments
    least = sum(argument.is_required for argument in arguments)
    repeated = any(argument.repeated for argument in arguments)
    given = count(least, len(arguments) + 4 * repeated) if arguments else 0
    texts = [_argument(arguments[min(i, len(arguments) - 1)], pick, count, depth) for i in range(given)]
    return " ".join([f"({name}", *texts]) + ")"


def _argument(argument: Argument, pick: Pick, count: Count, depth: int) -> str:
    odds = count(0, 9)
    if depth and odds == 9:
        return call_of(pick(tuple(sorted(operators()))), pick, count, depth - 1)
    return pick(_OF_KIND[argument.kind.label] if odds < _ODDS_OF_ITS_KIND else _ANYTHING)


def environment() -> MemoryEnvironment:
    """The frames that the calls name, fresh."""
    return MemoryEnvironment(dict(_frames()), settings=SETTINGS)


def _frames() -> dict[str, Frame]:
    if not _made:
        _made.update(_make_frames())
    return _made


_made: dict[str, Frame] = {}


def _make_frames() -> dict[str, Frame]:
    numbers = pl.Series([3, None, -7, 0, 255, 1])
    reals = pl.Series([0.5, None, float("inf"), -2.25, 1e300, 0.0])
    texts = pl.Series(["foo", None, "", "a b", "Äöü😀", "1"])
    times = pl.Series([0, None, 1577934245000, -1, 4102444800000, 5]).cast(pl.Datetime("ms"))
    mixed = Frame(
        ["i", "r", "s", "e", "t", "b", "u"],
        [
            Column.from_series(numbers),
            Column.from_series(reals),
            Column.from_series(texts),
            Column.enum_from_strings(texts),
            Column.from_series(times),
            Column.from_series(pl.Series([None] * 6)),
            Column.from_series(pl.Series([5, 4, 3, 2, 1, 0])),
        ],
    )
    levels = [
        Column.enum_from_strings(pl.Series(v)) for v in (["a", "b"] * 3, ["b", None, "x", "a", "b", "b"], ["only"] * 6)
    ]
    return {
        "mixed": mixed,
        "numbers": mixed.select(["i", "r"]),
        "levels": Frame(["e", "f", "k"], levels),
        "text": mixed.select(["s"]),
        "times": mixed.select(["t"]),
        "row": mixed.slice(3, 1),
        "cell": mixed.select(["r"]).slice(0, 1),
        "empty": mixed.slice(0, 0),
        "nothing": Frame([], [], 0),
        "absent": mixed.select(["b"]),
        "wide": Frame([f"C{i}" for i in range(40)], [mixed["u"]] * 40),
        "repeated": mixed.gather(pl.Series([i % 6 for i in range(600)])),
    }
