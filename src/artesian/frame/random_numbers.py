"""Random numbers that follow from a seed alone: many generators at once, one for each row or cell of a frame.

The generator is PCG-XSH-RR 64/32 (O'Neill 2014) on its first stream, as H2O-3 uses it, so equal seeds give equal numbers. A
generator of its own for each cell makes the numbers independent of the order and the threads in which they are drawn.
"""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = np.uint64(6364136223846793005)
_INCREMENT = np.uint64(3)  # twice the stream, plus one


def drawn(seed: int) -> int:
    """The seed itself, or a random one for -1."""
    return secrets.randbits(63) if seed == -1 else seed


def row_seeds(seed: int, rows: int) -> NDArray[np.uint64]:
    """The seed of each of the first rows: seed, seed + 1, …"""
    return np.uint64(seed % 2**64) + np.arange(rows, dtype=np.uint64)


class Generators:
    """A generator for each of the seeds (uint64, any shape); every draw gives an array of that shape and moves all on."""

    def __init__(self, seeds: NDArray[np.uint64]) -> None:
        self._state = (_INCREMENT + seeds) * _MULTIPLIER + _INCREMENT

    def bits32(self) -> NDArray[np.uint32]:
        """32 random bits."""
        state = self._state
        self._state = state * _MULTIPLIER + _INCREMENT
        shifted = (((state >> np.uint64(18)) ^ state) >> np.uint64(27)).astype(np.uint32)
        turn = (state >> np.uint64(59)).astype(np.uint32)
        return (shifted >> turn) | (shifted << ((np.uint32(32) - turn) & np.uint32(31)))

    def bits64(self) -> NDArray[np.uint64]:
        """64 random bits, the first draw above."""
        high = self.bits32().astype(np.uint64) << np.uint64(32)
        return high | self.bits32()

    def singles(self) -> NDArray[np.float32]:
        """Uniform float32 numbers in [0, 1), of 24 bits."""
        return self._low_bits(24).astype(np.float32) * np.float32(2.0**-24)

    def doubles(self) -> NDArray[np.float64]:
        """Uniform float64 numbers in [0, 1), of 53 bits."""
        high = self._low_bits(26).astype(np.uint64) << np.uint64(27)
        return (high + self._low_bits(27)).astype(np.float64) * 2.0**-53

    def below(self, bound: int) -> NDArray[np.uint32]:
        """Uniform whole numbers from 0 to bound - 1 (to within 2⁻³² · bound)."""
        return self.bits32() % np.uint32(bound)

    def _low_bits(self, count: int) -> NDArray[np.uint32]:
        self._state = self._state * _MULTIPLIER + _INCREMENT  # one draw is passed over
        return self.bits32() & np.uint32(2**count - 1)


def shuffled(items: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The items in a random order that follows from the seed: each is put in at a random place of those before it."""
    generator = Generators(np.array([seed % 2**64], dtype=np.uint64))
    result = items.copy()
    for i in range(1, len(items)):
        j = int(generator.below(i + 1)[0])
        result[i] = result[j]
        result[j] = items[i]
    return result
