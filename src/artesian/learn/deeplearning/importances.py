"""How much each input matters, from the weights of the first two layers.

Gedeon, Data Mining of Inputs: Analysing Magnitude and Functional Measures (1997): the share that input i has in hidden unit
j, |w_ij| / Σ_i |w_ij|, times the share that j has in unit k of the next layer, summed over the paths to all k.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def importances(
    first: NDArray[np.float32], second: NDArray[np.float32] | None, *, channels: int = 1, last_channels: int = 1
) -> NDArray[np.float64]:
    """Importance of each input [inputs], the largest 1.

    `first` [units × channels, inputs] and `second` [units × last_channels, units before] are weight matrices; maxout units
    count with the sum of their channels. Without a second matrix (no hidden layer) the absolute weights are summed.
    """
    incoming = _magnitudes(first, channels)
    if second is None:
        return _relative(incoming.sum(axis=0))
    outgoing = _magnitudes(second, last_channels)
    unit_shares = _shares(outgoing).sum(axis=0)
    return _relative(unit_shares @ _shares(incoming))


def _magnitudes(weights: NDArray[np.float32], channels: int) -> NDArray[np.float64]:
    sizes = np.abs(weights.astype(np.float64))
    if channels > 1:
        sizes = sizes.reshape(len(sizes) // channels, channels, -1).sum(axis=1)
    return np.asarray(sizes)


def _shares(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row divided by its sum (a row of zeros stays)."""
    totals = sizes.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(sizes, totals, out=np.zeros_like(sizes), where=totals > 0))


def _relative(values: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = float(values.max(initial=0.0))
    return np.asarray(values / largest) if largest > 0 else values
