"""Rows to learn from: linear predictors, weighted sums and cross products of all terms, without expanding any.

A categorical column is never made into 0/1 inputs. Its product with a column of numbers is a sum by level (`bincount`), with
another categorical column a table of sums by pairs of levels; numbers among themselves go through BLAS. Numbers are scaled
(and centred if there is an intercept) here, whatever the penalty then refers to: that keeps the equations well conditioned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.linear.terms import Terms

Floats = NDArray[np.float64]
BLOCK_ROWS: Final = 1 << 16
"""Rows that are worked on at once: 512 KB for each array of numbers stay in the processor's cache."""
KEPT_BYTES: Final = 2 << 30
"""Blocks are kept in memory up to here; beyond, they are read from the frame again each time."""


@dataclass(frozen=True)
class Block:
    """Some rows: slots of each term with levels (else None), numbers of each interaction of both kinds (else None), and the
    plain numbers [k, rows].
    """

    slots: tuple[NDArray[np.integer] | None, ...]
    factors: tuple[Floats | None, ...]
    numbers: Floats

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.numbers.shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        arrays = [*self.slots, *self.factors, self.numbers]
        return sum(array.nbytes for array in arrays if array is not None)


class Layout:
    """Where terms lie among all slots; the intercept has the last slot, and is the last coefficient."""

    def __init__(self, terms: Terms, centred: bool) -> None:
        self.terms = terms
        widths = [term.full_width for term in terms.terms]
        self.starts = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
        self.size = int(self.starts[-1]) + 1
        self.coded = [i for i, t in enumerate(terms.terms) if t.levels is not None]
        self.plain = [i for i, t in enumerate(terms.terms) if t.levels is None]
        self.number_slots = self.starts[self.plain]
        self.kept = np.concatenate([terms.kept_slots(), [self.size - 1]]).astype(np.int64)
        self.scales = terms.scales
        self.means = terms.means if centred else np.zeros(terms.width)
        numeric = set(self.plain)
        parts = [np.full(t.width, t.has_number and i not in numeric) for i, t in enumerate(terms.terms)]
        self._sloped = np.concatenate([*parts, np.zeros(0, dtype=bool)])
        self.has_sloped = bool(self._sloped.any())
        plain = [terms.terms[i] for i in self.plain]
        self.shifts = np.array([t.means[0] if centred else 0.0 for t in plain])
        self.factors = np.array([1.0 / t.scales[0] for t in plain])

    def full(self, beta: Floats) -> Floats:
        """Coefficients [width + 1, ...] by slots [size, ...], as the numbers of the blocks are scaled."""
        if self.has_sloped:
            s = self._sloped
            beta = beta.copy()
            beta[:-1][s] = (beta[:-1][s].T / self.scales[s]).T
            beta[-1] -= self.means[s] @ beta[:-1][s]
        out = np.zeros((self.size, *beta.shape[1:]))
        out[self.kept] = beta
        return out

    def reduced(self, sums: Floats) -> Floats:
        """Sums by slots [size, ...] as gradients by coefficients [width + 1, ...]."""
        kept = sums[self.kept]
        if self.has_sloped:
            s = self._sloped
            kept[:-1][s] = ((kept[:-1][s] - np.multiply.outer(self.means[s], kept[-1])).T / self.scales[s]).T
        return kept

    def reduced_gram(self, gram: Floats) -> Floats:
        """Cross products by slots [size, size] by coefficients [width + 1, width + 1]."""
        half = self.reduced(gram)
        return self.reduced(half.T).T


class Rows:
    """The rows of a frame with response [n], weights [n] or None, offsets [n] or None."""

    def __init__(
        self,
        terms: Terms,
        frame: Frame,
        *,
        centred: bool,
        actual: Floats,
        weights: Floats | None = None,
        offsets: Floats | None = None,
        keep: bool = True,
    ) -> None:
        self.terms, self.frame = terms, frame
        self.layout = Layout(terms, centred)
        self.actual, self.weights, self.offsets = actual, weights, offsets
        self.n = frame.n_rows
        self.total = float(self.n) if weights is None else float(weights.sum())
        self._kept: list[Block] | None = None
        self._is_small = keep and self._estimated_bytes() <= KEPT_BYTES

    def _estimated_bytes(self) -> int:
        per_row = 8 * len(self.layout.plain) + 4 * len(self.layout.coded)
        return self.n * per_row

    def blocks(self) -> Iterator[tuple[slice, Block]]:
        """All blocks with their places among the rows."""
        if self._kept is None and self._is_small:
            self._kept = [block_of(self.layout, self.frame.slice(start, BLOCK_ROWS)) for start in self._starts()]
        for number, start in enumerate(self._starts()):
            place = slice(start, min(start + BLOCK_ROWS, self.n))
            yield (
                place,
                self._kept[number]
                if self._kept is not None
                else block_of(self.layout, self.frame.slice(start, BLOCK_ROWS)),
            )

    def _starts(self) -> range:
        return range(0, self.n, BLOCK_ROWS)

    def linear(self, beta: Floats, out: Floats | None = None) -> Floats:
        """Linear predictors [n] (or [n, k] for coefficients [width + 1, k]), offsets included; in `out`, if it is given."""
        full = self.layout.full(beta)
        if out is None:
            out = np.empty((self.n, *beta.shape[1:]))
        for place, block in self.blocks():
            out[place] = block_linear(self.layout, block, full)
            if self.offsets is not None:
                out[place] += self.offsets[place] if beta.ndim == 1 else self.offsets[place, None]
        return out


def block_of(layout: Layout, frame: Frame) -> Block:
    """The block of a frame's rows."""
    read = layout.terms.read(frame)
    slots: list[NDArray[np.integer] | None] = [None] * len(read)
    factors: list[Floats | None] = [None] * len(read)
    numbers = np.empty((len(layout.plain), frame.n_rows))
    for i in layout.coded:
        codes, values = read[i]
        assert codes is not None
        narrow = np.uint16 if layout.terms.terms[i].full_width <= 1 << 16 else np.int32
        slots[i] = codes if codes.dtype.itemsize <= 2 else codes.astype(narrow)
        factors[i] = values
    for row, i in enumerate(layout.plain):
        values = read[i][1]
        assert values is not None
        np.subtract(values, layout.shifts[row], out=numbers[row])
        numbers[row] *= layout.factors[row]
    return Block(tuple(slots), tuple(factors), numbers)


def block_linear(layout: Layout, block: Block, full: Floats) -> Floats:
    """Linear predictors [rows, ...] of a block from coefficients by slots [size, ...]."""
    out: Floats = (full[layout.number_slots].T @ block.numbers).T
    out = out + full[-1]
    for i in layout.coded:
        slots, factor = block.slots[i], block.factors[i]
        assert slots is not None
        part = full[layout.starts[i] : layout.starts[i + 1]].take(slots, axis=0)
        if factor is not None:
            part = (part.T * factor).T
        out += part
    return out


def block_sums(layout: Layout, block: Block, values: Floats, out: Floats) -> None:
    """Adds the sums of row values [rows] by slots to `out` [size]."""
    out[layout.number_slots] += block.numbers @ values
    out[-1] += values.sum()
    for i in layout.coded:
        slots, factor = block.slots[i], block.factors[i]
        assert slots is not None
        weighted = values if factor is None else values * factor
        out[layout.starts[i] : layout.starts[i + 1]] += _sums(slots, weighted, layout, i)


def _sums(slots: NDArray[np.integer], values: Floats | None, layout: Layout, i: int) -> Floats:
    width = int(layout.starts[i + 1] - layout.starts[i])
    return np.asarray(np.bincount(slots, values, minlength=width), dtype=np.float64)


def block_gram(layout: Layout, block: Block, weights: Floats | None, out: Floats) -> None:
    """Adds the cross products of all slots under row weights [rows] (None: all 1) to the upper part of `out` [size, size].

    `symmetric` completes it once all blocks are in.
    """
    numbers = block.numbers
    weighted = numbers if weights is None else numbers * weights
    places = layout.number_slots
    if len(places):
        out[np.ix_(places, places)] += weighted @ numbers.T
        out[places, -1] += weighted.sum(axis=1)
    out[-1, -1] += block.rows if weights is None else weights.sum()
    wide = [None if s is None else s.astype(np.intp) for s in block.slots]
    for position, i in enumerate(layout.coded):
        factor = block.factors[i]
        mine = _times(weights, factor)
        slots = wide[i]
        assert slots is not None
        part = slice(int(layout.starts[i]), int(layout.starts[i + 1]))
        sums = _sums(slots, mine, layout, i)
        out[part, -1] += sums
        diagonal = np.arange(part.start, part.stop)
        out[diagonal, diagonal] += sums if factor is None else _sums(slots, _times(mine, factor), layout, i)
        for row, place in enumerate(places):
            values = weighted[row] if factor is None else weighted[row] * factor
            out[part, place] += _sums(slots, values, layout, i)
        for j in layout.coded[position + 1 :]:
            other = wide[j]
            assert other is not None
            width = int(layout.starts[j + 1] - layout.starts[j])
            both = slots * width
            both += other
            table = np.bincount(both, _times(mine, block.factors[j]), minlength=(part.stop - part.start) * width)
            out[part, layout.starts[j] : layout.starts[j + 1]] += table.reshape(part.stop - part.start, width)


def _times(left: Floats | None, right: Floats | None) -> Floats | None:
    if left is None or right is None:
        return left if right is None else right
    return left * right


def symmetric(layout: Layout, gram: Floats) -> Floats:
    """The whole of cross products of which the part that `block_gram` writes is there."""
    filled = gram.copy()
    coded_first = [*layout.coded]
    for position, i in enumerate(coded_first):
        part = slice(int(layout.starts[i]), int(layout.starts[i + 1]))
        for j in coded_first[position + 1 :]:
            other = slice(int(layout.starts[j]), int(layout.starts[j + 1]))
            filled[other, part] = gram[part, other].T
        filled[layout.number_slots, part] = gram[part, layout.number_slots].T
    filled[-1, :-1] = gram[:-1, -1]
    return filled


def total_gram(rows: Rows, weights: Floats | None) -> Floats:
    """Cross products [width + 1, width + 1] of all coefficients' inputs under weights [n]."""
    layout = rows.layout
    out = np.zeros((layout.size, layout.size))
    for place, block in rows.blocks():
        block_gram(layout, block, None if weights is None else weights[place], out)
    return layout.reduced_gram(symmetric(layout, out))
