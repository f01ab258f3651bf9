"""Products with the matrix that is decomposed, block of rows by block of rows: it is never there as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.design.columns import blocks
from artesian.learn.decomposition.expansion import Block, Expansion

Floats = NDArray[np.float64]
GRAM_LIMIT = 5000
"""Most inputs (or rows) whose inner products are written down: 200 MB."""


class Matrix:
    """The rows that are learnt from. `check` is called before each block and may raise Cancelled."""

    def __init__(
        self, frame: Frame, expansion: Expansion, *, imputes: bool, check: Callable[[], None] = lambda: None
    ) -> None:
        self.expansion, self._imputes, self._check = expansion, imputes, check
        if not imputes:
            complete = expansion.complete(frame)
            frame = frame if complete.all() else frame.filter(complete)
        if frame.n_rows == 0:
            raise InvalidArgument(
                "Every row of the training frame misses a value, and such rows are left out. Fill them in first."
            )
        self.frame = frame
        self._gram: Floats | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return self.frame.n_rows

    @property
    def width(self) -> int:
        """Number of inputs."""
        return self.expansion.width

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """Number of the first row, and the rows of each block."""
        for start, part in blocks(self.frame, self.width):
            self._check()
            yield start, self.expansion.block(part, imputes_levels=self._imputes)

    def squares(self) -> float:
        """Sum of all squared numbers: the trace of the inner products."""
        return sum(block.squares() for _, block in self.blocks())

    def gram(self) -> Floats:
        """Inner products of the inputs [inputs, inputs]."""
        if self._gram is None:
            total = np.zeros((self.width, self.width))
            for _, block in self.blocks():
                total += block.gram()
            self._gram = total
        return self._gram

    def gram_times(self, vectors: Floats) -> Floats:
        """Inner products of the inputs, times `vectors` [inputs, k]; without writing them down where they are too many."""
        if self.width <= GRAM_LIMIT:
            return self.gram() @ vectors
        total = np.zeros_like(vectors)
        for _, block in self.blocks():
            total += block.transposed_times(block.times(vectors))
        return total

    def outer(self) -> Floats:
        """Inner products of the rows [rows, rows]."""
        total = np.zeros((self.n_rows, self.n_rows))
        for start, left in self.blocks():
            for other, right in self.blocks():
                if other >= start:
                    products = left.times(right.transposed_times(np.eye(right.n_rows)))
                    total[start : start + left.n_rows, other : other + right.n_rows] = products
                    total[other : other + right.n_rows, start : start + left.n_rows] = products.T
        return total

    def transposed_times(self, values: Floats) -> Floats:
        """The transposed matrix times `values` [rows, k]."""
        total = np.zeros((self.width, values.shape[1]))
        for start, block in self.blocks():
            total += block.transposed_times(values[start : start + block.n_rows])
        return total

    def times(self, vectors: Floats) -> Floats:
        """The matrix times `vectors` [inputs, k]."""
        return np.concatenate([block.times(vectors) for _, block in self.blocks()])
