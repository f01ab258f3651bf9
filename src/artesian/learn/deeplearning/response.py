"""The response as a network sees it: standardised for an identity link, divided by its mean for a log link, codes for classes.

A log-link family (poisson, gamma, tweedie) is trained on y/m, where m is the mean of y relative to the mean of exp(offset):
dividing y moves the linear predictor by -log m and scales the deviance, so the optimum is the same, and the untrained
network starts near the mean whatever the unit of y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Link = Literal["identity", "log"]
LOG_LINK = ("poisson", "gamma", "tweedie")
_LARGEST_EXPONENT = 19.0 * float(np.log(10.0))
"""Exponentials are capped at 1e19, as in the kernels."""


@dataclass(frozen=True)
class AmountScale:
    """Target = (y - shift) × scale; prediction = inverse link of the output, / scale + shift."""

    link: Link = "identity"
    shift: float = 0.0
    scale: float = 1.0

    @classmethod
    def fit(
        cls, values: Floats, weights: Floats | None, offsets: Floats | None, distribution: str, *, standardize: bool
    ) -> Self:
        """Learns from the training rows' values [n] (none missing), weights and offsets."""
        link: Link = "log" if distribution in LOG_LINK else "identity"
        if not standardize or not len(values):
            return cls(link)
        mass = np.ones(len(values)) if weights is None else weights
        total = float(mass.sum())
        if link == "log":
            base = total if offsets is None else float(mass @ np.exp(np.minimum(offsets, _LARGEST_EXPONENT)))
            mean = float(mass @ values) / base if base > 0 else 0.0
            return cls(link, 0.0, 1.0 / mean if mean > 0 and np.isfinite(1.0 / mean) else 1.0)
        rest = values if offsets is None else values - offsets
        shift = float(mass @ rest) / total
        deviation = float(np.sqrt(mass @ (rest - shift) ** 2 / total))
        if len(values) > 1:
            deviation *= float(np.sqrt(len(values) / (len(values) - 1)))
        return cls(link, shift, 1.0 / deviation if deviation > 0 and np.isfinite(1.0 / deviation) else 1.0)

    def targets(self, values: Floats) -> NDArray[np.float32]:
        """What the network aims at [n]; NaN where the value is missing."""
        return ((values - self.shift) * self.scale).astype(np.float32)

    def offsets(self, offsets: Floats) -> NDArray[np.float32]:
        """What is added to the network's output [n]."""
        return (offsets * (self.scale if self.link == "identity" else 1.0)).astype(np.float32)

    def amounts(self, outputs: NDArray[np.float32]) -> Floats:
        """Predictions [n] of the network's outputs (offset included) [n]."""
        linear = outputs.astype(np.float64)
        if self.link == "log":
            linear = np.exp(np.minimum(linear, _LARGEST_EXPONENT))
        return linear / self.scale + self.shift

    def to_state(self) -> dict[str, Any]:
        """JSON-safe form."""
        return dict(vars(self))

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The object of a `to_state`."""
        return cls(**state)
