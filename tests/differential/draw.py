"""Draws the arguments of random calls, some of them calls themselves; `draws` registers what draws the calls of an operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from drive import NAME
from random_frames import ROLES, RandomFrame

NUMBERS = ("unique", "small", "flag", "real", "eighths", "constant", "large")
WHOLE = ("unique", "small", "flag", "constant", "large")
LEVELS = ("level", "other_level", "number_level")
TEXTS = ("text", "words")


@dataclass(frozen=True)
class Expression:
    """A call or a frame's name: its text, its operator, the calls inside of it, what it gives, the texts of its arguments."""

    text: str
    operator: str = ""
    parts: tuple[Expression, ...] = ()
    gives: str = "frame"
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass
class Draw:
    """Draws arguments: of one frame, so that they go together."""

    random: Random
    frames: list[RandomFrame]
    words_file: str
    frame: Expression = field(init=False)
    uploaded: Expression = field(init=False)  # the frame before any change
    rows: int = 0
    _inner: list[Expression] = field(default_factory=list)
    _names: int = 0

    def begin(self) -> None:
        """Chooses the frame of the next call."""
        chosen = self.random.choice(self.frames)
        self.rows = chosen.rows
        self._inner = []
        self.frame = self.uploaded = Expression(chosen.name)
        if self.chance(0.12):
            self.frame = self._changed_frame(chosen)

    def call(self, operator: str, *arguments: object, gives: str = "frame") -> Expression:
        """The call of an operator with those arguments."""
        inner = tuple(a for a in arguments if isinstance(a, Expression) and a.operator)
        parts = tuple({part.text: part for part in (*inner, *self._inner) if part.operator}.values())
        texts = tuple(map(str, arguments))
        return Expression(" ".join([f"({operator}", *texts]) + ")", operator, parts, gives, texts)

    def written(self, operator: str, text: str, gives: str = "frame") -> Expression:
        """A call that is more than its operator and its arguments."""
        return Expression(text, operator, tuple({part.text: part for part in self._inner}.values()), gives)

    def part(self, operator: str, *arguments: object) -> Expression:
        """A call that stands inside of another; its column or frame is remembered as a part."""
        inner = tuple(a for a in arguments if isinstance(a, Expression) and a.operator)
        texts = tuple(map(str, arguments))
        made = Expression(" ".join([f"({operator}", *texts]) + ")", operator, inner, "frame", texts)
        self._inner.append(made)
        return made

    def _changed_frame(self, chosen: RandomFrame) -> Expression:
        return self.one_of(
            lambda: self.part("rows", chosen.name, f"(> (cols_py {chosen.name} 'i') {self.number()})"),
            lambda: self.part("rows", chosen.name, f"[0:{max(1, chosen.rows // 2)}]"),
            lambda: self.part("sort", chosen.name, "['i']", "[1]"),
            lambda: self.part("rbind", chosen.name, chosen.name),
        )()

    # ---- plain values ----

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, *choices):  # type: ignore[no-untyped-def]
        return self.random.choice(choices)

    def number(self) -> str:
        return str(self.random.choice([0, 1, 2, -1, 3, 0.5, 2.5, -2, 7, 10, 1000, 0.1]))

    def combination(self) -> str:
        """How two values that a quantile falls between become one."""
        return self.random.choice(["'interpolate'", "'average'", "'low'", "'high'"])

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
        return Expression(f"(cols_py {self.frame} {listed(self.several_at(*roles))})")

    def numeric(self) -> Expression:
        """A numeric column, now and then the result of a call."""
        if self.chance(0.7):
            return self.column(*NUMBERS) if self.chance(0.95) else self.column("missing")
        return self.one_of(
            lambda: self.part("abs", self.column(*NUMBERS)),
            lambda: self.part(self.one_of("+", "-", "*", "/"), self.column(*NUMBERS), self.number()),
            lambda: self.part(self.one_of("+", "-", "*"), self.column(*NUMBERS), self.column(*NUMBERS)),
            lambda: self.part("is.na", self.column(*ROLES)),
            lambda: self.part("as.numeric", self.column(*LEVELS)),
            lambda: self.part("ifelse", self.column("flag"), self.column(*NUMBERS), self.number()),
            lambda: self.part("cumsum", self.column("unique", "flag", "eighths"), "False"),
            lambda: self.part("difflag1", self.column(*NUMBERS)),
            lambda: self.part("strlen", self.column(*TEXTS)),
            lambda: self.part("year", self.column("time")),
            lambda: self.part("==", self.column("level"), "'a'"),
            lambda: self.part("<", self.column(*NUMBERS), self.number()),
            lambda: self.part("round", self.column("real"), "1"),
            lambda: self.part("h2o.fillna", self.column(*NUMBERS), "'forward'", "0", "1"),
        )()

    def numerics(self) -> Expression:
        return self.numeric() if self.chance(0.4) else self.columns(*NUMBERS)

    def categorical(self) -> Expression:
        if self.chance(0.75):
            return self.column(*LEVELS)
        return self.one_of(
            lambda: self.part("as.factor", self.column("small", "flag", "unique", "text")),
            lambda: self.part("toupper", self.column("level", "other_level")),
            lambda: self.part("relevel", self.column("level"), "'a'"),
            lambda: self.part("dayOfWeek", self.column("time")),
            lambda: self.part("cut", self.column("real"), "[-1000 -5 0 5 1000]", "[]", "False", "True", "3"),
        )()

    def string(self) -> Expression:
        if self.chance(0.75):
            return self.column(*TEXTS)
        return self.one_of(
            lambda: self.part("as.character", self.column("level", "small", "unique")),
            lambda: self.part("toupper", self.column(*TEXTS)),
            lambda: self.part("trim", self.column(*TEXTS)),
        )()

    def texts(self) -> Expression:
        """Strings, or levels, which the operators of strings take too."""
        return self.string() if self.chance(0.7) else self.column("level", "other_level")

    def any(self) -> Expression:
        return self.one_of(self.numeric, self.categorical, self.string, lambda: self.column(*ROLES))()

    def columns_at(self, *columns: int) -> Expression:
        """Columns by their numbers."""
        return Expression(f"(cols_py {self.frame} {listed(list(columns))})")

    def other(self, most_rows: int) -> RandomFrame:
        """A frame of at most so many rows."""
        return self.random.choice([frame for frame in self.frames if frame.rows <= most_rows])

    def some(self) -> Expression:
        """Columns of any kind."""
        return (
            Expression(f"(cols_py {self.frame} {listed(self.several_at(*ROLES))})") if self.chance(0.7) else self.frame
        )

    def copied(self, columns: str = "") -> Expression:
        """The frame, or those columns of it, with values of its own: what changes frames in place, or removes them, would
        take the uploaded frame along on the reference, whose names share columns."""
        return self.part("rows", columns or self.frame, f"(>= (cols_py {self.frame} 0) 0)")


def listed(items: list[int]) -> str:
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
