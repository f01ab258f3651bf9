"""The models of all penalties tried, in the order in which they were fitted, and which of them is the best."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass
class Submodel:
    """One of them: coefficients by scaled inputs, iterations so far, mean deviances (NaN without validation), z values."""

    alpha: float
    strength: float
    beta: Floats
    iteration: int
    deviance_train: float
    deviance_valid: float = math.nan
    z: Floats | None = None
    dispersion_estimated: bool = False

    @property
    def rank(self) -> int:
        """Number of coefficients that are not 0."""
        return int(np.count_nonzero(self.beta))


@dataclass
class Path:
    """All of them; `selected` is the number of the best."""

    submodels: list[Submodel] = field(default_factory=list)
    selected: int = 0

    @property
    def best(self) -> Submodel:
        """The selected one."""
        return self.submodels[self.selected]

    def pick(self) -> None:
        """Selects the one of the least training deviance among those that validate no worse, in their order."""
        best = 0
        for number, item in enumerate(self.submodels):
            leader = self.submodels[best]
            if not item.deviance_valid > leader.deviance_valid and item.deviance_train < leader.deviance_train:
                best = number
        self.selected = best

    # ---- keeping ----

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays."""
        arrays = {
            "path.numbers": np.array(
                [[s.alpha, s.strength, s.iteration, s.deviance_train, s.deviance_valid] for s in self.submodels]
            ).reshape(len(self.submodels), 5),
            "path.betas": np.array([s.beta for s in self.submodels]),
        }
        with_z = [s for s in self.submodels if s.z is not None]
        if with_z and len(with_z) == len(self.submodels):
            arrays["path.z"] = np.array([s.z for s in self.submodels])
        estimated = [s.dispersion_estimated for s in self.submodels]
        return {"selected": self.selected, "dispersion_estimated": estimated}, arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The path of a `to_state`."""
        z = arrays.get("path.z")
        submodels = [
            Submodel(
                float(numbers[0]),
                float(numbers[1]),
                arrays["path.betas"][i],
                int(numbers[2]),
                float(numbers[3]),
                float(numbers[4]),
                None if z is None else z[i],
                bool(state["dispersion_estimated"][i]),
            )
            for i, numbers in enumerate(arrays["path.numbers"])
        ]
        return cls(submodels, int(state["selected"]))
