"""Walks over a space of hyper-parameters: in which order its combinations are tried. They know nothing of models."""

from __future__ import annotations

import itertools
import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from artesian.search.grid.criteria import CARTESIAN, RANDOM, Criteria
from artesian.search.grid.space import HyperSpace, IllegalSearch, combination, combinations

_DRAWS = 10_000
"""So many repeated draws in a row, and nearly all of the space is known: the rest is listed instead."""


def walk(
    hyper_parameters: Mapping[str, Any] | HyperSpace,
    criteria: Criteria | Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> Iterator[dict[str, Any]]:
    """The combinations, as values by name, in the order of the strategy; at most `max_models` of them.

    `seed` stands in for that of the criteria; a random walk follows from it alone (-1: from a random one). Of the limits
    only `max_models` is looked at: time and early stopping are for whoever trains. IllegalSearch for a space or criteria
    that are wrong, before the first combination.
    """
    space = hyper_parameters if isinstance(hyper_parameters, HyperSpace) else HyperSpace.of(hyper_parameters)
    chosen = criteria if isinstance(criteria, Criteria) else Criteria.of(criteria)
    if chosen.strategy == CARTESIAN:
        steps: Iterator[dict[str, Any]] = itertools.chain.from_iterable(map(combinations, space.regions))
    elif chosen.strategy == RANDOM:
        steps = _random(space, chosen.seed if seed is None else seed)
    else:
        steps = _sequential(space)
    return itertools.islice(steps, chosen.max_models or None)


def size_of_walk(space: HyperSpace, criteria: Criteria) -> int:
    """How many combinations a walk has at most."""
    whole = space.size
    if criteria.strategy not in (CARTESIAN, RANDOM):
        whole = len(next(iter(space.values.values()), (None,)))
    return min(whole, criteria.max_models or whole)


def _sequential(space: HyperSpace) -> Iterator[dict[str, Any]]:
    if space.subspaces:
        raise IllegalSearch(
            "The Sequential strategy takes values side by side and knows no subspaces.", "hyper_parameters"
        )
    lengths = {name: len(values) for name, values in space.values.items()}
    if len(set(lengths.values())) > 1:
        raise IllegalSearch(
            f"The Sequential strategy needs lists of one length. They have {lengths}.", "hyper_parameters"
        )
    rows = zip(*space.values.values(), strict=True) if space.values else iter([()])
    return (dict(zip(space.values, row, strict=True)) for row in rows)


def _random(space: HyperSpace, seed: int) -> Iterator[dict[str, Any]]:
    """Draws without repetition: a subspace first, then a value of each parameter in alphabetical order.

    The generator is that of H2O, so that without subspaces the same seed gives the same combinations.
    """
    random = JavaRandom(secrets.randbits(48) if seed == -1 else seed)
    boxes, size = space.regions, space.size
    visited: set[tuple[int, int]] = set()
    while len(visited) < size:
        drawn = next((draw for draw in _draws(random, boxes) if draw not in visited), None)
        if drawn is None:
            yield from _rest(random, boxes, visited)
            return
        visited.add(drawn)
        yield combination(boxes[drawn[0]], drawn[1])


def _draws(random: JavaRandom, boxes: Sequence[Mapping[str, tuple[Any, ...]]]) -> Iterator[tuple[int, int]]:
    """Draws as the number of a box and of a combination in it."""
    for _ in range(_DRAWS):
        box = random.below(len(boxes)) if len(boxes) > 1 else 0
        number, scale = 0, 1
        for values in boxes[box].values():
            number += scale * random.below(len(values))
            scale *= len(values)
        yield box, number


def _rest(
    random: JavaRandom, boxes: Sequence[Mapping[str, tuple[Any, ...]]], visited: set[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """What was not drawn yet, in random order."""
    sizes = [math.prod(len(values) for values in box.values()) for box in boxes]
    left = [(box, number) for box, size in enumerate(sizes) for number in range(size) if (box, number) not in visited]
    while left:
        at = random.below(len(left))
        left[at], left[-1] = left[-1], left[at]
        box, number = left.pop()
        yield combination(boxes[box], number)


class JavaRandom:
    """The generator of Java's `java.util.Random`: linear congruential modulo 2⁴⁸ (Knuth, TAOCP 2, 3.2.1)."""

    def __init__(self, seed: int) -> None:
        self._state = (seed ^ 0x5DEECE66D) & (2**48 - 1)

    def _bits(self, count: int) -> int:
        self._state = (self._state * 0x5DEECE66D + 0xB) & (2**48 - 1)
        return self._state >> (48 - count)

    def below(self, bound: int) -> int:
        """A uniform whole number from 0 to bound - 1, for bounds below 2³¹."""
        if bound & (bound - 1) == 0:
            return (bound * self._bits(31)) >> 31
        while True:
            bits = self._bits(31)
            value = bits % bound
            if bits - value + bound - 1 < 2**31:
                return value
