"""Bounds of single coefficients and pulls towards given values, from a frame of beta constraints; constraints on sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import ColumnType, Frame
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.linear.quadratic import Joint, independent
from artesian.learn.linear.terms import Terms

Floats = NDArray[np.float64]
COLUMNS: Final = ("names", "lower_bounds", "upper_bounds", "beta_given", "rho", "beta_start")
SUM_COLUMNS: Final = ("names", "values", "types", "constraint_numbers")
HOLDS: Final = 1e-8
"""Relative error up to which a constraint holds."""


@dataclass(frozen=True)
class Constraints:
    """Of each coefficient by raw inputs, the intercept last [width + 1]: bounds (±inf for none), and the pull `rho` towards
    `given`; `start` is where to start (NaN: anywhere).
    """

    low: Floats
    high: Floats
    rho: Floats
    given: Floats
    start: Floats

    @classmethod
    def none(cls, terms: Terms, *, non_negative: bool = False) -> Constraints:
        """No constraint; or that no coefficient but the intercept is negative."""
        n = terms.width + 1
        low = np.full(n, -np.inf)
        if non_negative:
            low[:-1] = 0.0
        return cls(low, np.full(n, np.inf), np.zeros(n), np.zeros(n), np.full(n, np.nan))

    @property
    def has_bounds(self) -> bool:
        """Whether any coefficient is bounded."""
        return bool(np.isfinite(self.low).any() or np.isfinite(self.high).any())

    @property
    def has_pull(self) -> bool:
        """Whether any coefficient is pulled."""
        return bool(self.rho.any())

    @property
    def concerns_intercept(self) -> bool:
        """Whether the intercept is bounded or pulled."""
        return bool(
            np.isfinite(self.low[-1]) or np.isfinite(self.high[-1]) or self.rho[-1] or not np.isnan(self.start[-1])
        )


def constraints_of(frame: Frame, terms: Terms, *, non_negative: bool) -> Constraints:
    """The constraints of a frame; the name of a categorical column stands for all of its levels.

    Raises InvalidArgument for an unknown name, columns that are no numbers, and bounds that cross.
    """
    made = Constraints.none(terms, non_negative=non_negative)
    places = _places(terms)
    for row, name in enumerate(_names(frame)):
        if name not in places:
            raise InvalidArgument(
                f"The frame of beta_constraints names '{name}', which is no coefficient of the model."
                f"{did_you_mean(name, places)} Coefficients are named like {', '.join(list(places)[:5])}."
            )
        here = places[name]
        for column, values in (
            ("lower_bounds", made.low), ("upper_bounds", made.high), ("rho", made.rho), ("beta_given", made.given),
            ("beta_start", made.start),
        ):  # fmt: skip
            number = _number(frame, column, row)
            if number is not None:
                values[here] = number
    if non_negative:
        made.low[:-1] = np.maximum(made.low[:-1], 0.0)
    if (made.low > made.high).any():
        name = [*terms.names, "Intercept"][int(np.argmax(made.low > made.high))]
        raise InvalidArgument(f"The bounds of '{name}' leave no value: the lower one is above the upper one.")
    if "beta_given" in frame and "rho" not in frame:
        made.rho[:] = 0.0
    return made


def _places(terms: Terms) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    start = 0
    for term in terms.terms:
        own = list(range(start, start + term.width))
        places |= {name: [place] for name, place in zip(term.names, own, strict=True)}
        if term.levels is not None:
            places.setdefault(term.name, own)
        start += term.width
    places["Intercept"] = [start]
    return places


def _names(frame: Frame) -> list[str]:
    if "names" not in frame:
        raise InvalidArgument("The frame of beta_constraints needs a column 'names' with the names of coefficients.")
    return [str(name) for name in frame["names"].decoded().to_list()]


def _number(frame: Frame, column: str, row: int) -> float | None:
    if column not in frame:
        return None
    values = frame[column]
    if values.type in (ColumnType.ENUM, ColumnType.STRING, ColumnType.UUID):
        raise InvalidArgument(
            f"The column '{column}' of beta_constraints must hold numbers. It is of type {values.type}."
        )
    number = float(np.asarray(values.floats())[row])
    return None if np.isnan(number) else number


@dataclass(frozen=True)
class SumConstraints:
    """Constraints on sums of coefficients by raw inputs: `rows` [m, width + 1]·b + `constants` [m] is 0 where `equal` [m], else
    at most 0.
    """

    names: tuple[str, ...]
    """Of the coefficients, the intercept last."""
    rows: Floats
    constants: Floats
    equal: NDArray[np.bool_]

    def joint(self, scales: Floats, parameters: Any) -> Joint:
        """The same of coefficients of scaled inputs."""
        p = parameters
        return Joint(
            self.rows / scales, self.constants, self.equal, p.constraint_c0, p.constraint_tau, p.constraint_eta0,
            p.constraint_alpha, p.constraint_beta, p.separate_linear_beta,
        )  # fmt: skip

    def about(self, names: Sequence[str]) -> list[str]:
        """Which of the coefficients are in constraints."""
        return [name for name in names if self.rows[:, self.names.index(name)].any()]

    def table(self, raw: Floats, bounds: Constraints) -> tuple[Table, list[str], bool]:
        """What each constraint comes to with these coefficients, the same in words, and whether all hold."""
        lines = [*self._of_bounds(bounds), *self._own()]
        texts, values, conditions, kept = [], [], [], []
        for kind, row, constant, equal in lines:
            value = float(row @ raw + constant)
            allowed = HOLDS * max(1.0, float(np.abs(row) @ np.abs(raw)) + abs(constant))
            texts.append(f"{kind}{self.text(row, constant)} = {value:g}")
            values.append(value)
            conditions.append("== 0" if equal else "<= 0")
            kept.append((abs(value) if equal else value) <= allowed)
        states = [
            f"{text}: {condition} {'holds' if holds else 'does not hold'}"
            for text, condition, holds in zip(texts, conditions, kept, strict=True)
        ]
        table = Table(
            "Beta (if exists) and Linear Constraints Table",
            "",
            (
                TableColumn("constraint", "string"),
                TableColumn("values", "double", "%5.2f"),
                TableColumn("condition", "string"),
                TableColumn("condition_satisfied", "string"),
            ),
            (tuple(texts), tuple(values), tuple(conditions), tuple(str(holds).lower() for holds in kept)),
        )
        return table, states, all(kept)

    def _own(self) -> Iterator[tuple[str, Floats, float, bool]]:
        for equal, kind in ((True, "Linear equality constraint: "), (False, "Linear inequality constraint: ")):
            for place in np.flatnonzero(self.equal == equal):
                yield kind, self.rows[place], float(self.constants[place]), equal

    def _of_bounds(self, bounds: Constraints) -> Iterator[tuple[str, Floats, float, bool]]:
        unit = np.eye(len(bounds.low))
        for place in np.flatnonzero((bounds.low == bounds.high) & np.isfinite(bounds.low)):
            yield "Beta equality constraint: ", unit[place], -float(bounds.low[place]), True
        for place in np.flatnonzero(bounds.low != bounds.high):
            if np.isfinite(bounds.low[place]):
                yield "Beta inequality constraint: ", -unit[place], float(bounds.low[place]), False
            if np.isfinite(bounds.high[place]):
                yield "Beta inequality constraint: ", unit[place], -float(bounds.high[place]), False

    def text(self, row: Floats, constant: float) -> str:
        """A sum as people write it."""
        parts = [f"{row[place]:+g}*{self.names[place]}" for place in np.flatnonzero(row)]
        return "".join([*parts, f"{constant:+g}" if constant else ""])


def sum_constraints_of(frame: Frame, terms: Terms) -> SumConstraints:
    """The constraints of a frame: a row a summand, those of the same `constraint_numbers` belong together; the summand
    `constant` stands alone.

    Raises InvalidArgument for unknown names and types, constraints on one coefficient, and ones that others imply.
    """
    numbers, kinds, names, values = _summands(frame)
    places = {name: place for place, name in enumerate(terms.names)}
    order = list(dict.fromkeys(numbers))
    rows, constants = np.zeros((len(order), terms.width + 1)), np.zeros(len(order))
    equal = np.zeros(len(order), dtype=bool)
    for number, kind, name, value in zip(numbers, kinds, names, values, strict=True):
        place = order.index(number)
        if kind not in ("equal", "lessthanequal"):
            raise InvalidArgument(f"The types of linear_constraints are Equal and LessThanEqual. Got '{kind}'.")
        if kind != kinds[numbers.index(number)]:
            raise InvalidArgument(f"Summands of the constraint {number:g} in linear_constraints differ in their types.")
        equal[place] = kind == "equal"
        if name == "constant":
            constants[place] = value
        elif name in places:
            rows[place, places[name]] = value
        else:
            raise InvalidArgument(
                f"The frame of linear_constraints names '{name}', which is no coefficient of the model."
                f"{did_you_mean(name, places)} Coefficients are named like {', '.join(list(places)[:5])}."
            )
    made = SumConstraints((*terms.names, "Intercept"), rows, constants, equal)
    few = np.flatnonzero(np.count_nonzero(rows, axis=1) < 2)
    if len(few):
        raise InvalidArgument(
            f"Linear constraint must have at least two coefficients: the constraint {order[few[0]]:g} has fewer. Bound single "
            "ones by beta_constraints."
        )
    whole = np.column_stack([rows, constants])
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    kept = independent(whole @ whole.T, range(len(whole)))
    if len(kept) < len(whole):
        lost = [made.text(rows[i], float(constants[i])) for i in range(len(whole)) if i not in kept]
        raise InvalidArgument(
            f"redundant linear constraints: {'; '.join(lost)} follow from the others. Leave them out."
        )
    return made


def _summands(frame: Frame) -> tuple[list[float], list[str], list[str], list[float]]:
    for name in SUM_COLUMNS:
        if name not in frame:
            raise InvalidArgument(
                f"The frame of linear_constraints needs the columns {', '.join(SUM_COLUMNS)}. It has no '{name}'."
            )
    for name in ("values", "constraint_numbers"):
        column = frame[name]
        if column.type in (ColumnType.ENUM, ColumnType.STRING, ColumnType.UUID) or column.missing_count:
            raise InvalidArgument(f"The column '{name}' of linear_constraints must hold numbers, none missing.")
    texts = [[str(text) for text in frame[name].decoded().to_list()] for name in ("types", "names")]
    numbers, values = (np.asarray(frame[name].floats()).tolist() for name in ("constraint_numbers", "values"))
    return numbers, [kind.lower() for kind in texts[0]], texts[1], values
