"""Linear predictors of many rows in one pass over their columns as these are stored: nothing is scaled, filled or widened."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from artesian import _native
from artesian.frame import Frame
from artesian.learn.linear.rows import Layout, Rows
from artesian.learn.linear.terms import Terms

Floats = NDArray[np.float64]
PIECE_ROWS: Final = 1 << 20
"""Rows at once: what has missing values is copied, so many rows at a time."""


def linear_predictors(
    terms: Terms, frame: Frame, beta: Floats, *, centred: bool, offsets: Floats | None, out: Floats | None = None
) -> Floats:
    """Linear predictors [n] of a frame's rows (or [n, k] for coefficients [width + 1, k] by scaled inputs), offsets included.

    Those of [n] are written to `out`, if it is given.
    """
    layout = Layout(terms, centred)
    if beta.ndim > 1 or any(len(term.sources) > 1 for term in terms.terms):
        rows = Rows(terms, frame, centred=centred, actual=np.zeros(0), offsets=offsets, keep=False)
        return rows.linear(beta, out)
    full = layout.full(beta)
    found = np.empty(frame.n_rows) if out is None else out
    for start in range(0, frame.n_rows, PIECE_ROWS):
        _fill(layout, frame.slice(start, PIECE_ROWS), full, found[start : start + PIECE_ROWS])
    if offsets is not None:
        found += offsets
    return found


def _fill(layout: Layout, frame: Frame, full: Floats, out: Floats) -> None:
    """The linear predictors of one piece from coefficients by slots [size]."""
    terms = layout.terms
    start = float(full[-1])
    columns, shifts, weights, fillings = [], [], [], []
    for place, i in enumerate(layout.plain):
        term = terms.terms[i]
        shift, weight = float(layout.shifts[place]), float(layout.factors[place] * full[layout.number_slots[place]])
        filling = (term.fills[0] - shift) * weight
        values = terms.stored_numbers(frame, term.name)
        if values is None:
            start += filling
            continue
        columns.append(values)
        shifts.append(shift)
        weights.append(weight)
        fillings.append(filling)
    codes, amounts = [], []
    for i in layout.coded:
        term = terms.terms[i]
        by_level = full[layout.starts[i] : layout.starts[i + 1]]
        codes.append(np.ascontiguousarray(terms.known_codes(frame, term.name)))
        amounts.append(np.append(by_level, by_level[term.codes[0]]))
    _native.linear_predictors(
        columns, np.array(shifts), np.array(weights), np.array(fillings), codes, amounts, start, out
    )
