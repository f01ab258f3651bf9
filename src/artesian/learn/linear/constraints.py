"""Bounds of single coefficients and pulls towards given values, from a frame of beta constraints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import ColumnType, Frame
from artesian.learn.linear.terms import Terms

Floats = NDArray[np.float64]
COLUMNS: Final = ("names", "lower_bounds", "upper_bounds", "beta_given", "rho", "beta_start")


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
