"""Random and regular columns for splitting rows: uniform numbers, folds, train and test labels."""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.rapids.columns import numeric, single
from artesian.rapids.registry import FRAME, INTEGER, operator

_MULTIPLIER = np.uint64(6364136223846793005)
_INCREMENT = np.uint64(3)  # stream 1


@operator(
    "h2o.runif",
    FRAME("frame"),
    INTEGER("seed"),
    doc="A column 'rnd' of uniform numbers in [0, 1), one a row, the same for the same seed; -1 draws a seed.",
)
def uniform(frame: Frame, seed: int) -> Frame:
    return single("rnd", numeric(uniform_by_row(frame.n_rows, seed)))


def uniform_by_row(rows: int, seed: int) -> NDArray[np.float32]:
    """Uniform float32 numbers that depend on seed and row number alone, equal to H2O's.

    Each row draws once from a PCG-XSH-RR generator (O'Neill 2014) seeded with seed + row: the low 24 bits of its second output.
    """
    if seed == -1:
        seed = secrets.randbits(63)
    seeds = np.uint64(seed % 2**64) + np.arange(rows, dtype=np.uint64)
    return (second_outputs(seeds) & np.uint32(2**24 - 1)).astype(np.float32) * np.float32(2.0**-24)


def second_outputs(seeds: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The second 32-bit output of a freshly seeded generator, for each seed."""
    with np.errstate(over="ignore"):
        state = ((_INCREMENT + seeds) * _MULTIPLIER + _INCREMENT) * _MULTIPLIER + _INCREMENT
    shifted = (((state >> np.uint64(18)) ^ state) >> np.uint64(27)).astype(np.uint32)
    turn = (state >> np.uint64(59)).astype(np.uint32)
    return (shifted >> turn) | (shifted << ((np.uint32(32) - turn) & np.uint32(31)))
