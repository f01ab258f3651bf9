"""Terms: what a linear model multiplies its coefficients with, learnt from the training frame.

A term has codes, numbers, or both: a categorical column has a coefficient for each level, a number one, an interaction of
both one for each level that its number is multiplied with. Categorical terms come first (larger ones first), then numbers;
interactions before plain columns. The intercept is no term; it comes last among the coefficients.

Nothing is expanded: a categorical column stays one array of level numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.reading import missing_columns
from artesian.learn.base.scoring import codes_in

Floats = NDArray[np.float64]
Codes = NDArray[np.integer]
"""Level numbers, unsigned as they are stored where none is missing, else int64 with -1 for what is."""


@dataclass(frozen=True)
class Term:
    """`sources` are its one or two columns; `levels` of codes (None: a number); `pairs` [levels, 2] are the level numbers of
    both columns for an interaction of two categorical ones.

    `first` levels (0 or 1) have no coefficient. `fill` stands in for missing numbers, `code` for missing levels; `means`
    and `scales` (one for each coefficient of a term with numbers) standardise.
    """

    name: str
    sources: tuple[str, ...]
    levels: tuple[str, ...] | None = None
    has_number: bool = False
    first: int = 0
    pairs: tuple[tuple[int, int], ...] | None = None
    fills: tuple[float, ...] = ()
    codes: tuple[int, ...] = ()
    means: tuple[float, ...] = ()
    scales: tuple[float, ...] = ()

    @property
    def full_width(self) -> int:
        """Slots of its sums: its levels, of which a dropped first one is one, and one for rows of no level."""
        return 1 if self.levels is None else len(self.levels) + (1 if self.pairs is not None else 0)

    @property
    def width(self) -> int:
        """Number of its coefficients."""
        return 1 if self.levels is None else len(self.levels) - self.first

    @property
    def names(self) -> list[str]:
        """Names of its coefficients."""
        if self.levels is None:
            return [self.name]
        return [f"{self.name}.{level}" for level in self.levels[self.first :]]


@dataclass(frozen=True)
class Terms:
    """All terms. `domains` are the training levels of the categorical columns used, in any role."""

    terms: tuple[Term, ...]
    columns: tuple[str, ...]
    domains: Mapping[str, tuple[str, ...]]
    skip_missing: bool = False

    # ---- learning ----

    @classmethod
    def learn(
        cls,
        frame: Frame,
        predictors: Sequence[str],
        weights: Floats | None,
        *,
        all_levels: bool,
        pairs: Sequence[tuple[str, str]] = (),
        skip_missing: bool = False,
        plugs: Frame | None = None,
    ) -> Self:
        """From the rows to train on; `weights` [n] count rows, `pairs` are columns to multiply, `plugs` a row of values that
        stand in for missing ones instead of means and most frequent levels.
        """
        used = list(dict.fromkeys([*predictors, *(name for pair in pairs for name in pair)]))
        domains = {name: tuple(frame[name].levels) for name in used if frame[name].domain is not None}
        first = 0 if all_levels else 1
        plain = [
            _level_term(frame, name, domains[name], weights, first, plugs)
            if name in domains
            else _number_term(frame, name, weights, plugs)
            for name in predictors
        ]
        crossed = [_crossed(frame, pair, domains, weights, first, plugs) for pair in pairs]
        coded = sorted(
            (t for t in (*crossed, *plain) if t.levels is not None and not t.has_number),
            key=lambda term: -len(term.levels or ()),
        )
        numeric = [t for t in (*crossed, *plain) if t.has_number]
        return cls((*coded, *numeric), tuple(used), domains, skip_missing)

    # ---- what they are ----

    @property
    def names(self) -> list[str]:
        """Names of the coefficients, without the intercept."""
        return [name for term in self.terms for name in term.names]

    @property
    def width(self) -> int:
        """Number of coefficients without the intercept."""
        return sum(term.width for term in self.terms)

    @property
    def standardizable(self) -> NDArray[np.bool_]:
        """Which coefficients belong to numbers [width]."""
        return np.concatenate([np.full(t.width, t.has_number) for t in self.terms] or [np.zeros(0, dtype=bool)])

    @property
    def means(self) -> Floats:
        """Means of the inputs that are numbers, 0 for levels [width]."""
        return self._numbers("means", 0.0)

    @property
    def scales(self) -> Floats:
        """Standard deviations of the inputs that are numbers, 1 for levels [width]."""
        return self._numbers("scales", 1.0)

    def _numbers(self, name: str, other: float) -> Floats:
        parts = [np.array(getattr(t, name)) if t.has_number else np.full(t.width, other) for t in self.terms]
        return np.concatenate([*parts, np.zeros(0)])

    def kept_slots(self) -> NDArray[np.int64]:
        """Which of all slots (full widths side by side) have a coefficient [width]."""
        kept, start = [], 0
        for term in self.terms:
            kept.append(start + np.arange(term.first if term.levels is not None else 0, term.first + term.width))
            start += term.full_width
        return np.concatenate([*kept, np.zeros(0, dtype=np.int64)]).astype(np.int64)

    @property
    def inputs(self) -> list[tuple[str, str, list[str] | None]]:
        """Name, type and levels of each term, for the model's details."""
        return [
            (t.name, "Numeric" if t.has_number else "Enum", None if t.has_number else list(t.levels or ()))
            for t in self.terms
        ]

    def unstandardized(self, beta: Floats, *, centred: bool = True) -> Floats:
        """Coefficients by raw inputs [.., width + 1] of those by scaled (and centred) inputs."""
        raw = np.array(beta, dtype=np.float64)
        raw[..., :-1] /= self.scales
        if centred:
            raw[..., -1] -= raw[..., :-1] @ self.means
        return raw

    def standardized(self, beta: Floats, *, centred: bool = True) -> Floats:
        """The inverse of `unstandardized`."""
        scaled = np.array(beta, dtype=np.float64)
        if centred:
            scaled[..., -1] += scaled[..., :-1] @ self.means
        scaled[..., :-1] *= self.scales
        return scaled

    # ---- applying ----

    def missing_columns(self, frame: Frame) -> list[str]:
        """Columns that a frame lacks; they count as missing values. InvalidArgument where it lacks all."""
        return missing_columns(frame, self.columns)

    def present(self, frame: Frame) -> NDArray[np.bool_]:
        """Which rows [n] have no missing value in any column used."""
        there = np.ones(frame.n_rows, dtype=bool)
        for name in self.columns:
            if name not in frame:
                return np.zeros(frame.n_rows, dtype=bool)
            if name in self.domains:
                there &= self.known_codes(frame, name) >= 0
            elif frame[name].missing_count:
                there &= np.isfinite(np.asarray(frame[name].floats()))
        return there

    def read(self, frame: Frame) -> list[tuple[Codes | None, Floats | None]]:
        """Of each term the slots of its codes [n] and its numbers [n] for the rows of a frame, missing values filled in."""
        known = {name: self.known_codes(frame, name) for name in self.domains}
        return [self._read_term(term, frame, known) for term in self.terms]

    def _read_term(self, term: Term, frame: Frame, known: Mapping[str, Codes]) -> tuple[Codes | None, Floats | None]:
        coded = [name for name in term.sources if name in self.domains]
        numeric = [name for name in term.sources if name not in self.domains]
        codes: Codes | None = None
        if coded:
            filled = [_filled(known[name], code) for name, code in zip(coded, term.codes, strict=True)]
            codes = filled[0] if term.pairs is None else _pair_slots(term, filled, self.domains)
        numbers: Floats | None = None
        for name, fill in zip(numeric, term.fills, strict=True):
            values = _amounts(frame, name, fill)
            numbers = values if numbers is None else numbers * values
        return codes, numbers

    def stored_numbers(self, frame: Frame, name: str) -> NDArray[Any] | None:
        """The numbers of a column [n] of whatever type, NaN where missing; None for one that is all missing, or not there."""
        stored = _stored(frame, name)
        return None if stored is None else np.ascontiguousarray(stored)

    def known_codes(self, frame: Frame, name: str) -> Codes:
        """Training level numbers of a frame's rows, -1 where missing or unseen."""
        if name not in frame:
            return np.full(frame.n_rows, -1, dtype=np.int64)
        column, known = frame[name], self.domains[name]
        if column.domain is not None and len(column.domain) == len(known) and tuple(column.levels) == known:
            return column.codes() if column.missing_count else column.values.to_numpy()
        codes = codes_in(column, known, name)
        return np.where(np.isnan(codes), -1, codes).astype(np.int64)

    # ---- keeping ----

    def to_state(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {
            "terms": [
                {name: list(value) if isinstance(value, tuple) else value for name, value in vars(term).items()}
                for term in self.terms
            ],
            "columns": list(self.columns),
            "domains": {name: list(levels) for name, levels in self.domains.items()},
            "skip_missing": self.skip_missing,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The terms of a `to_state`."""
        made = []
        for plain in state["terms"]:
            values: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
            }
            if values["pairs"] is not None:
                values["pairs"] = tuple((int(a), int(b)) for a, b in values["pairs"])
            made.append(Term(**values))
        domains = {name: tuple(levels) for name, levels in state["domains"].items()}
        return cls(tuple(made), tuple(state["columns"]), domains, bool(state["skip_missing"]))


def _filled(codes: Codes, code: int) -> Codes:
    if codes.dtype.kind == "u":
        return codes
    return np.where(codes < 0, code, codes) if len(codes) and codes.min() < 0 else codes


def _amounts(frame: Frame, name: str, fill: float) -> Floats:
    """The numbers of a column [n], `fill` where missing or infinite. InvalidArgument for a column without numbers."""
    stored = _stored(frame, name)
    if stored is None:
        return np.full(frame.n_rows, fill)
    values = stored.astype(np.float64, copy=False)
    good = np.isfinite(values)
    return values if good.all() else np.where(good, values, fill)


def _stored(frame: Frame, name: str) -> NDArray[Any] | None:
    """The numbers of a column [n] of whatever type, NaN where missing; None for a column that is all missing, or not there.

    InvalidArgument for a column without numbers.
    """
    if name not in frame:
        return None
    column = frame[name]
    if column.domain is not None:
        raise InvalidArgument(f"The column '{name}' is categorical, and was numeric in training. Give it as numbers.")
    if not column.type.is_numeric:
        raise InvalidArgument(f"The column '{name}' is of type {column.type}, and was numeric in training.")
    if column.type is ColumnType.BAD:
        return None
    if type(column) is Column and not column.missing_count:
        return column.values.to_numpy()
    return np.asarray(column.floats(), dtype=np.float64)


def _pair_slots(term: Term, codes: Sequence[Codes], domains: Mapping[str, tuple[str, ...]]) -> Codes:
    """The slot of each row's pair of levels; the last slot for pairs that have no coefficient."""
    assert term.pairs is not None and term.levels is not None
    width = len(domains[term.sources[1]])
    places = np.full(len(domains[term.sources[0]]) * width, len(term.levels), dtype=np.int64)
    for slot, (a, b) in enumerate(term.pairs):
        places[a * width + b] = slot
    return np.asarray(places[codes[0].astype(np.int64) * width + codes[1]])


def _level_term(
    frame: Frame, name: str, levels: tuple[str, ...], weights: Floats | None, first: int, plugs: Frame | None
) -> Term:
    code = _plugged_code(plugs, name, levels)
    return Term(
        name, (name,), levels, first=first, codes=(_most_frequent(frame[name], weights) if code is None else code,)
    )


def _plugged_code(plugs: Frame | None, name: str, levels: Sequence[str]) -> int | None:
    if plugs is None or name not in plugs:
        return None
    codes = codes_in(plugs[name], tuple(levels), name)
    if np.isnan(codes[0]):
        raise InvalidArgument(
            f"The frame of plug_values has no level of '{name}' that the training frame knows. Give one of its levels."
        )
    return int(codes[0])


def _most_frequent(column: Column, weights: Floats | None) -> int:
    codes = column.codes()
    there = codes >= 0
    if not there.any():
        return 0
    counts = np.bincount(codes[there], None if weights is None else weights[there], minlength=column.cardinality)
    return int(counts.argmax())


def _number_term(frame: Frame, name: str, weights: Floats | None, plugs: Frame | None) -> Term:
    mean, scale = moments(_amounts(frame, name, np.nan), weights)
    fill = mean
    if plugs is not None and name in plugs:
        fill = float(_amounts(plugs, name, np.nan)[0])
        if np.isnan(fill):
            raise InvalidArgument(f"The frame of plug_values has no number for '{name}'. Give one.")
    return Term(name, (name,), has_number=True, fills=(fill,), means=(mean,), scales=(scale,))


def _crossed(
    frame: Frame,
    pair: tuple[str, str],
    domains: Mapping[str, tuple[str, ...]],
    weights: Floats | None,
    first: int,
    plugs: Frame | None,
) -> Term:
    """The interaction of two columns."""
    name = f"{pair[0]}_{pair[1]}"
    coded = [source for source in pair if source in domains]
    levels = [_level_term(frame, source, domains[source], weights, first, plugs) for source in coded]
    numbers = [_number_term(frame, source, weights, plugs) for source in pair if source not in domains]
    codes = tuple(term.codes[0] for term in levels)
    fills = tuple(term.fills[0] for term in numbers)
    if len(coded) == 2:
        pairs = _observed_pairs(frame, pair, domains, codes, first)
        named = sorted((f"{domains[pair[0]][a]}_{domains[pair[1]][b]}", (a, b)) for a, b in pairs)
        return Term(name, pair, tuple(text for text, _ in named), pairs=tuple(both for _, both in named), codes=codes)
    term = Term(
        name,
        pair,
        domains[coded[0]] if coded else None,
        has_number=True,
        first=first if coded else 0,
        fills=fills,
        codes=codes,
        means=(0.0,),
        scales=(1.0,),
    )
    reader = Terms((term,), pair, domains)
    slots, values = reader.read(frame)[0]
    assert values is not None
    if slots is None:
        mean, scale = moments(values, weights)
        return replace(term, means=(mean,), scales=(scale,))
    found = [
        moments(np.where(slots == level, values, 0.0), weights) for level in range(term.first, len(domains[coded[0]]))
    ]
    return replace(term, means=tuple(mean for mean, _ in found), scales=tuple(scale for _, scale in found))


def _observed_pairs(
    frame: Frame,
    pair: tuple[str, str],
    domains: Mapping[str, tuple[str, ...]],
    codes: tuple[int, ...],
    first: int,
) -> Iterable[tuple[int, int]]:
    left, right = (_filled(frame[name].codes(), code) for name, code in zip(pair, codes, strict=True))
    width = len(domains[pair[1]])
    there = np.unique(left * width + right)
    both = [(int(place // width), int(place % width)) for place in there]
    return [(a, b) for a, b in both if a >= first and b >= first]


def moments(values: Floats, weights: Floats | None) -> tuple[float, float]:
    """Mean and standard deviation (n - 1; weights scaled to count the rows) of the finite values [n].

    The deviation of a constant is given as 1, the mean of nothing as 0.
    """
    there = np.isfinite(values)
    if weights is not None:
        there &= weights > 0
    if not there.all():
        values = values[there]
        weights = None if weights is None else weights[there]
    if not len(values):
        return 0.0, 1.0
    largest = float(np.abs(values).max())
    if largest == 0 or values.min() == values.max():
        return float(values[0]), 1.0
    unit = largest if largest > 1e100 or largest < 1e-100 else 1.0
    values = values / unit if unit != 1.0 else values
    if weights is None:
        mean = float(values.mean())
        deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    else:
        total = float(weights.sum())
        mean = float(weights @ values) / total
        correction = len(values) / (len(values) - 1) if len(values) > 1 else 1.0
        deviation = float(np.sqrt(weights @ (values - mean) ** 2 / total * correction))
    return mean * unit, deviation * unit if deviation > 0 else 1.0
