"""Random calls of every operator, with arguments that suit it (and now and then one that does not), some of them nested.

A generator belongs to one or several operators and draws one call of each. `UNTRIED` names the operators that no call can
be compared of, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from drive import NAME
from random_frames import NAMES, ROLES, RandomFrame

UNTRIED = {
    "ls": "lists whatever else the two servers hold",
    "setTimeZone": "would change the servers for others",
    "listTimeZones": "lists the zones of the version of the time zone data that a server came with",
    "setproperty": "would change the servers for others",
}
NUMBERS = ("unique", "small", "flag", "real", "eighths", "constant", "large")
WHOLE = ("unique", "small", "flag", "constant", "large")
LEVELS = ("level", "other_level", "number_level")
TEXTS = ("text", "words")


@dataclass(frozen=True)
class Expression:
    """A call or a frame's name: its text, its operator, the calls inside of it, and what it gives."""

    text: str
    operator: str = ""
    parts: tuple[Expression, ...] = ()
    gives: str = "frame"

    def __str__(self) -> str:
        return self.text


@dataclass
class Draw:
    """Draws arguments: of one frame, so that they go together."""

    random: Random
    frames: list[RandomFrame]
    words_file: str
    frame: Expression = field(init=False)
    rows: int = 0
    _inner: list[Expression] = field(default_factory=list)
    _names: int = 0

    def begin(self) -> None:
        """Chooses the frame of the next call."""
        chosen = self.random.choice(self.frames)
        self.rows = chosen.rows
        self._inner = []
        self.frame = Expression(chosen.name)
        if self.chance(0.12):
            self.frame = self._changed_frame(chosen)

    def call(self, operator: str, *arguments: object, gives: str = "frame") -> Expression:
        """The call of an operator with those arguments."""
        inner = tuple(a for a in arguments if isinstance(a, Expression) and a.operator)
        parts = tuple({part.text: part for part in (*inner, *self._inner) if part.operator}.values())
        return Expression(" ".join([f"({operator}", *map(str, arguments)]) + ")", operator, parts, gives)

    def _part(self, operator: str, *arguments: object) -> Expression:
        """A call that stands inside of another; its column or frame is remembered as a part."""
        inner = tuple(a for a in arguments if isinstance(a, Expression) and a.operator)
        made = Expression(" ".join([f"({operator}", *map(str, arguments)]) + ")", operator, inner)
        self._inner.append(made)
        return made

    def _changed_frame(self, chosen: RandomFrame) -> Expression:
        return self.one_of(
            lambda: self._part("rows", chosen.name, f"(> (cols_py {chosen.name} 'i') {self.number()})"),
            lambda: self._part("rows", chosen.name, f"[0:{max(1, chosen.rows // 2)}]"),
            lambda: self._part("sort", chosen.name, "['i']", "[1]"),
            lambda: self._part("rbind", chosen.name, chosen.name),
        )()

    # ---- plain values ----

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, *choices):  # type: ignore[no-untyped-def]
        return self.random.choice(choices)

    def number(self) -> str:
        return str(self.random.choice([0, 1, 2, -1, 3, 0.5, 2.5, -2, 7, 10, 1000, 0.1]))

    def flag(self) -> str:
        return self.random.choice(["True", "False"])

    def name(self) -> str:
        self._names += 1
        return f"{NAME}{self._names}"

    def at(self, *roles: str) -> int:
        """The number of a column of one of those roles."""
        return ROLES.index(self.random.choice(roles))

    def several_at(self, *roles: str) -> list[int]:
        return [ROLES.index(r) for r in self.random.sample(roles, self.random.randint(1, min(3, len(roles))))]

    # ---- columns ----

    def column(self, *roles: str) -> Expression:
        """A column of one of those roles, as it is."""
        return Expression(f"(cols_py {self.frame} {self.at(*roles)})")

    def columns(self, *roles: str) -> Expression:
        """One to three columns of those roles, as they are."""
        return Expression(f"(cols_py {self.frame} {_list(self.several_at(*roles))})")

    def numeric(self) -> Expression:
        """A numeric column, now and then the result of a call."""
        if self.chance(0.7):
            return self.column(*NUMBERS) if self.chance(0.95) else self.column("missing")
        return self.one_of(
            lambda: self._part("abs", self.column(*NUMBERS)),
            lambda: self._part(self.one_of("+", "-", "*", "/"), self.column(*NUMBERS), self.number()),
            lambda: self._part(self.one_of("+", "-", "*"), self.column(*NUMBERS), self.column(*NUMBERS)),
            lambda: self._part("is.na", self.column(*ROLES)),
            lambda: self._part("as.numeric", self.column(*LEVELS)),
            lambda: self._part("ifelse", self.column("flag"), self.column(*NUMBERS), self.number()),
            lambda: self._part("cumsum", self.column("unique", "flag", "eighths"), "False"),
            lambda: self._part("difflag1", self.column(*NUMBERS)),
            lambda: self._part("strlen", self.column(*TEXTS)),
            lambda: self._part("year", self.column("time")),
            lambda: self._part("==", self.column("level"), "'a'"),
            lambda: self._part("<", self.column(*NUMBERS), self.number()),
            lambda: self._part("round", self.column("real"), "1"),
            lambda: self._part("h2o.fillna", self.column(*NUMBERS), "'forward'", "0", "1"),
        )()

    def numerics(self) -> Expression:
        return self.numeric() if self.chance(0.4) else self.columns(*NUMBERS)

    def categorical(self) -> Expression:
        if self.chance(0.75):
            return self.column(*LEVELS)
        return self.one_of(
            lambda: self._part("as.factor", self.column("small", "flag", "unique", "text")),
            lambda: self._part("toupper", self.column("level", "other_level")),
            lambda: self._part("relevel", self.column("level"), "'a'"),
            lambda: self._part("dayOfWeek", self.column("time")),
            lambda: self._part("cut", self.column("real"), "[-1000 -5 0 5 1000]", "[]", "False", "True", "3"),
        )()

    def string(self) -> Expression:
        if self.chance(0.75):
            return self.column(*TEXTS)
        return self.one_of(
            lambda: self._part("as.character", self.column("level", "small", "unique")),
            lambda: self._part("toupper", self.column(*TEXTS)),
            lambda: self._part("trim", self.column(*TEXTS)),
        )()

    def texts(self) -> Expression:
        """Strings, or levels, which the operators of strings take too."""
        return self.string() if self.chance(0.7) else self.column("level", "other_level")

    def any(self) -> Expression:
        return self.one_of(self.numeric, self.categorical, self.string, lambda: self.column(*ROLES))()

    def some(self) -> Expression:
        """Columns of any kind."""
        return (
            Expression(f"(cols_py {self.frame} {_list(self.several_at(*ROLES))})") if self.chance(0.7) else self.frame
        )

    def copied(self, columns: str = "") -> str:
        """The frame, or those columns of it, with values of its own: what changes frames in place, or removes them, would
        take the uploaded frame along on the reference, whose names share columns."""
        return f"(rows {columns or self.frame} (>= (cols_py {self.frame} 0) 0))"


def _list(items: list[int]) -> str:
    return "[" + " ".join(map(str, items)) + "]"


Generator = Callable[[Draw, str], Expression]
GENERATORS: dict[str, list[Generator]] = {}


def draws(operators: str) -> Callable[[Generator], Generator]:
    """Registers a generator for the operators of those names, which stand between spaces."""

    def register(generator: Generator) -> Generator:
        for name in operators.split():
            GENERATORS.setdefault(name, []).append(generator)
        return generator

    return register


def random_call(draw: Draw, operator: str) -> Expression:
    """A call of the operator on a random frame."""
    draw.begin()
    return draw.random.choice(GENERATORS[operator])(draw, operator)


# ---- element by element ----


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


@draws("== != < >")
def _pair_with_text(draw: Draw, op: str) -> Expression:
    return draw.one_of(
        lambda: draw.call(op, draw.categorical(), draw.one_of("'a'", "'c'", "'nosuch'", "'10'")),
        lambda: draw.call(op, draw.string(), draw.one_of("'foo'", "'x'", "''")),
        lambda: draw.call(op, draw.column(*TEXTS), draw.column(*TEXTS)),
        lambda: draw.call(op, draw.one_of("'a'", "'foo'"), draw.column("level", "text")),
    )()


@draws("round signif")
def _digits(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.numerics(), draw.random.randint(0, 4), gives="either")


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
        lambda: draw.call(op, draw.one_of("0", "1e12", "-5e11"), gives="value"),
    )()


@draws("mktime moment")
def _time_of_parts(draw: Draw, op: str) -> Expression:
    year = draw.one_of(draw.call("+", draw.column("unique"), "1990"), "2020")
    parts = [draw.random.randint(1, 11), draw.one_of(draw.column("flag"), "5"), draw.random.randint(0, 23), 30, 15, 0]
    return draw.call(op, year, *parts, gives="either")


@draws("as.Date")
def _as_date(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.column("date"), draw.one_of("'%Y-%m-%d'", "'yyyy-MM-dd'"))


@draws("getTimeZone")
def _zone(draw: Draw, op: str) -> Expression:
    return draw.call(op, gives="value")


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
    return draw.call(op, draw.numeric(), _combine(draw), draw.one_of("1.4826", "1"), gives="value")


def _combine(draw: Draw) -> str:
    return draw.one_of("'interpolate'", "'average'", "'low'", "'high'")


@draws("quantile")
def _quantile(draw: Draw, op: str) -> Expression:
    probabilities = draw.one_of("[0.5]", "[0 0.25 0.5 0.75 1]", "[0.1 0.333]")
    if draw.chance(0.2):
        columns = Expression(f"(cols_py {draw.frame} [{ROLES.index('flag')} {draw.at('small', 'real')}])")
        return draw.call(op, columns, probabilities, _combine(draw), "'b'")
    return draw.call(op, draw.numerics(), probabilities, _combine(draw), "_")


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


# ---- groups ----

_AGGREGATES = ("nrow", "mean", "sum", "sumSquares", "var", "sdev", "min", "max", "median")


@draws("GB")
def _group_by(draw: Draw, op: str) -> Expression:
    groups = _list(draw.several_at("small", "flag", "level", "other_level", "number_level", "constant"))
    aggregates = []
    for _ in range(draw.random.randint(1, 3)):
        way = draw.one_of("'all'", "'rm'", "'ignore'")
        aggregates += [f"'{draw.one_of(*_AGGREGATES)}'", draw.at("unique", "real", "eighths", "large"), way]
    if draw.chance(0.15):
        aggregates += ["'mode'", draw.at("other_level"), "'rm'"]
    return draw.call(op, draw.frame, groups, *aggregates)


@draws("ddply")
def _ddply(draw: Draw, op: str) -> Expression:
    body = draw.one_of("(mean (cols_py x 'd') True 0)", "(sum (cols_py x 'u'))", "(nrow x)", "(maxNA (cols_py x 'r'))")
    return draw.call(op, draw.frame, _list(draw.several_at("flag", "level", "constant")), f"{{x . {body}}}")


@draws("rank_within_groupby")
def _rank(draw: Draw, op: str) -> Expression:
    groups = _list(draw.several_at("flag", "level", "other_level"))
    by = draw.several_at("unique", "small", "large")
    directions = _list([draw.one_of(1, -1) for _ in by])
    return draw.call(op, draw.frame, groups, _list(by), directions, "'rank'", draw.one_of("0", "1"))


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
    columns = draw.columns("small", "real", "large", "flag", "missing")
    way = draw.one_of("'forward'", "'backward'")
    return draw.call(op, columns, way, draw.one_of("0", "1"), draw.random.randint(0, 3))


@draws("na.omit")
def _omit(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.one_of(draw.some(), draw.numerics()))


@draws("h2o.impute")
def _impute(draw: Draw, op: str) -> Expression:
    target = f"(tmp= {draw.name()} {draw.copied()})"
    groups = draw.one_of("[]", "[]", _list(draw.several_at("flag", "other_level")))
    if draw.chance(0.3):
        return draw.call(
            op, target, draw.at("level", "number_level"), "'mode'", "'interpolate'", groups, "_", "_", gives="either"
        )
    column = draw.at("small", "real", "large") if groups != "[]" or draw.chance(0.8) else draw.at("missing")
    method = draw.one_of("'mean'", "'median'")
    return draw.call(op, target, column, method, _combine(draw), groups, "_", "_", gives="either")


@draws("h2o.impute")
def _imputed(draw: Draw, op: str) -> Expression:
    name = draw.name()
    inner = f"({op} (tmp= {name} {draw.copied()}) {draw.at('small', 'real', 'large')} 'mean' 'interpolate' [] _ _)"
    return Expression(f"(, {inner} (cols_py {name} [1 3 13]))", op, draw.frame.parts)


# ---- order and joins ----


@draws("dropdup")
def _drop_duplicates(draw: Draw, op: str) -> Expression:
    by = _list(draw.several_at("small", "flag", "level", "other_level", "constant", "time"))
    return draw.call(op, draw.frame, by, draw.one_of("first", "last"))


@draws("sort")
def _sort(draw: Draw, op: str) -> Expression:
    by = draw.several_at("unique", "small", "flag", "real", "level", "large", "time")
    return draw.call(op, draw.frame, _list(by), _list([draw.one_of(1, -1) for _ in by]))


@draws("merge")
def _merge(draw: Draw, op: str) -> Expression:
    key = draw.one_of("small", "flag", "level", "other_level", "unique")
    keys = [key] if draw.chance(0.6) else [key, draw.one_of("number_level", "constant")]
    rest = draw.random.sample(["real", "eighths", "text", "time"], 2)
    other = draw.random.choice([frame for frame in draw.frames if frame.rows <= 40])
    left = Expression(f"(cols_py {draw.frame} {_list([ROLES.index(r) for r in [*keys, rest[0]]])})")
    right = Expression(f"(cols_py {other.name} {_list([ROLES.index(r) for r in [*keys, rest[1]]])})")
    by = _list(list(range(len(keys))))
    all_left, all_right = draw.one_of(("False", "False"), ("True", "False"), ("False", "True"))
    return draw.call(op, left, right, all_left, all_right, by, by, "'auto'")


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
    left, right = (f"(cols_py {side} {_list(columns)})" for side in (draw.frame, other.name))
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
    index = NAMES[draw.at("small", "flag", "unique", "level")]
    column = NAMES[draw.at("other_level", "number_level", "level")]
    return draw.call(op, draw.frame, f"'{index}'", f"'{column}'", f"'{NAMES[draw.at('real', 'eighths', 'constant')]}'")


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


# ---- parts of frames, and changing them ----


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
    return draw.call(op, *(f"(cols_py {part} {_list(chosen)})" for part in parts))


@draws("append")
def _append(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.some(), draw.one_of(draw.any(), draw.number(), "'word'"), "'added'")


@draws("colnames=")
def _rename_columns(draw: Draw, op: str) -> Expression:
    return draw.call(op, draw.frame, draw.one_of("0 'first'", "[0 1] ['first' 'second']", "[2] ['i']"))


@draws("flatten")
def _flatten(draw: Draw, op: str) -> Expression:
    row = draw.random.randrange(max(draw.rows, 1))
    return draw.call(op, f"(rows (cols_py {draw.frame} {draw.at(*ROLES)}) {row})", gives="either")


@draws("getrow")
def _getrow(draw: Draw, op: str) -> Expression:
    return draw.call(op, f"(rows {draw.some()} {draw.random.randrange(max(draw.rows, 1))})", gives="value")


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
            return Expression(f"(, (assign {first} {draw.copied()}) (tmp= {second} {first}) (rm {first}) {second})", op)
        case "rename":
            return Expression(
                f"(, (assign {first} {draw.copied()}) (rename '{first}' '{second}') (tmp= {first}t {second}) (rm {second}) {first}t)",
                op,
            )
        case "rm":
            return Expression(f"(, (assign {first} {draw.copied()}) (rm {first}))", op, (), "value")
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
        lambda: draw.call(op, draw.frame, draw.number(), _list(draw.several_at(*NUMBERS)), rows),
    )()
