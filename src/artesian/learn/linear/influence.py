"""How far each coefficient moves when a row is left out, in standard errors: DFBETAS (Belsley, Kuh & Welsch 1980).

Gaussian: exact, from the leverage of each row. Binomial: one step of scoring away from the estimates (Pregibon 1981).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Column, Frame
from artesian.learn.base.model import real_column
from artesian.learn.linear.rows import Block, Layout, block_of
from artesian.learn.linear.setting_up import Prepared, response_of

Floats = NDArray[np.float64]
BLOCK_CELLS = 1 << 22


def dfbetas(prepared: Prepared, raw: Floats, unscaled: Floats, errors: Floats, places: NDArray[np.int64]) -> Frame:
    """The training frame with a column `DFBETA_name` for each coefficient that was estimated; NaN without a response."""
    fit, terms = prepared.fit, prepared.terms
    frame = fit.training
    names = [*terms.names, "Intercept"]
    layout = Layout(terms, False)
    layout.shifts, layout.factors = np.zeros(len(layout.plain)), np.ones(len(layout.plain))
    actual = response_of(frame, str(fit.roles.response), prepared.domain, prepared.family.name)
    weights = np.asarray(frame[fit.roles.weights].floats()) if fit.roles.weights else np.ones(frame.n_rows)
    offsets = np.asarray(frame[fit.roles.offset].floats()) if fit.roles.offset else np.zeros(frame.n_rows)
    rest = _residual_variance(prepared, raw, len(places))
    parts = []
    size = max(1, BLOCK_CELLS // max(1, layout.size))
    for start in range(0, frame.n_rows, size):
        x = dense(layout, block_of(layout, frame.slice(start, size)))
        here = slice(start, start + len(x))
        mean = prepared.family.mean(x @ raw + offsets[here])
        parts.append(
            _moved(
                prepared.family.name, x[:, places], actual[here], mean, weights[here], unscaled, errors[places], rest
            )
        )
    found = np.concatenate(parts)
    made: dict[str, Column] = dict(zip(frame.names, frame.columns, strict=True))
    made |= {f"DFBETA_{names[place]}": real_column(found[:, i]) for i, place in enumerate(places)}
    return Frame(list(made), list(made.values()), frame.n_rows)


def _moved(
    family: str,
    x: Floats,
    y: Floats,
    mean: Floats,
    w: Floats,
    unscaled: Floats,
    errors: Floats,
    rest: tuple[float, float],
) -> Floats:
    residual = y - mean
    spread = x @ unscaled
    curvature = mean * (1 - mean) if family == "binomial" else np.ones(len(mean))
    leverage = w * curvature * (spread * x).sum(axis=1)
    moved = spread * (w * residual / (1 - leverage))[:, None]
    if family == "binomial":
        found = moved / errors
    else:
        squares, mass = rest
        variance = (squares - w * residual**2 / (1 - leverage)) / (mass - w)
        found = moved / np.sqrt(np.maximum(variance, 0.0))[:, None] / np.sqrt(np.diag(unscaled))
    found[w == 0] = 0.0
    found[np.isnan(y)] = np.nan
    return np.asarray(found)


def _residual_variance(prepared: Prepared, raw: Floats, estimated: int) -> tuple[float, float]:
    """Sum of squared residuals, and the degrees of freedom they have."""
    rows = prepared.rows
    mass = np.ones(rows.n) if rows.weights is None else rows.weights
    linear = rows.linear(prepared.terms.standardized(raw, centred=prepared.centred))
    return float(mass @ (rows.actual - prepared.family.mean(linear)) ** 2), float(mass.sum()) - estimated


def dense(layout: Layout, block: Block) -> Floats:
    """The inputs of a block's rows one by one, as the block scales them, the intercept last [rows, width + 1]."""
    out = np.zeros((block.rows, layout.size))
    out[:, layout.number_slots] = block.numbers.T
    out[:, -1] = 1.0
    every = np.arange(block.rows)
    for i in layout.coded:
        slots, factor = block.slots[i], block.factors[i]
        assert slots is not None
        out[every, layout.starts[i] + slots] = 1.0 if factor is None else factor
    return out[:, layout.kept]
