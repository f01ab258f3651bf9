"""Contributions against the rows of a background frame (interventional Shapley values).

Lundberg et al., From local explanations to global understanding with explainable AI for trees (2020). For each pair of a
row and a background row the contributions sum to the difference of their outputs; without `per_reference` they are the
means over the background.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.contributions import BIAS, Contributions
from artesian.learn.base.model import real_column

Floats = NDArray[np.float64]
Link = Callable[[Floats], Floats]
_BLOCK_CELLS = 1 << 22
"""Numbers of pairs of rows that are worked out at once: 32 MB."""
_MOST_CELLS = 1 << 28
"""Most numbers of an answer by pairs of rows: 2 GB."""
_NO_DIFFERENCE = 1e-6


def background_frame(
    names: Sequence[str],
    rows: int,
    options: Contributions,
    width: int,
    told: Callable[[int, int, Callable[[Floats], Floats]], Floats],
    on_response: Link,
) -> Frame:
    """The frame of contributions of `rows` rows against those of `options.background`, in columns of these names.

    `told(start, count, scaled)` gives the contributions [rows, background, names + 1] of some rows, the bias last. It passes
    what it found of `width` inputs through `scaled`, which brings it to the scale of the response where that was asked for.
    """
    assert options.background is not None
    references = options.background.n_rows
    pairs = rows * references
    if options.per_reference and pairs * len(names) > _MOST_CELLS:
        raise InvalidArgument(
            f"Contributions of {rows:,} rows against each of {references:,} would be {pairs:,} rows of "
            f"{len(names)} numbers. Take fewer rows, or leave output_per_reference out."
        )

    def scaled(found: Floats) -> Floats:
        return _on_response(found, on_response) if options.output_space else found

    step = max(1, _BLOCK_CELLS // max(1, references * (max(width, len(names)) + 1)))
    parts = []
    for start in range(0, rows, step):
        wide = told(start, step, scaled)
        parts.append(wide.reshape(-1, wide.shape[2]) if options.per_reference else wide.mean(axis=1))
    values = np.concatenate(parts) if parts else np.zeros((0, len(names) + 1))
    titles, columns = [*names, BIAS], [real_column(values[:, i]) for i in range(values.shape[1])]
    if options.per_reference:
        titles += ["RowIdx", "BackgroundRowIdx"]
        columns.append(Column.integers(pl.Series(np.repeat(np.arange(rows), references))))
        columns.append(Column.integers(pl.Series(np.tile(np.arange(references), rows))))
    return Frame(titles, columns, len(values))


def _on_response(found: Floats, on_response: Link) -> Floats:
    """Contributions scaled so that they sum to the difference of the predictions, not of the outputs before the link."""
    bias, total = found[..., -1], found.sum(axis=-1)
    before, after = on_response(bias), on_response(total)
    flat = np.abs(total - bias) < _NO_DIFFERENCE
    scale = np.where(flat, 0.0, (after - before) / np.where(flat, 1.0, total - bias))
    scaled = found * scale[..., None]
    scaled[..., -1] = before
    return np.asarray(scaled)
