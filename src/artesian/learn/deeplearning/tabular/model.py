"""A trained tabular ensemble: the mean of its networks' probabilities, or of their amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.balancing import corrected
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model
from artesian.learn.base.reading import notes_of_missing
from artesian.learn.deeplearning.response import AmountScale
from artesian.learn.deeplearning.tabular.inputs import Inputs, TabularInputs
from artesian.learn.deeplearning.tabular.network import TabularNetwork

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
RECIPE = "tabular"
_BLOCK_ROWS = 1 << 17
"""Rows of a frame that become inputs at once."""


class TabularModel(Model):
    """`members` are the weights of each network [weights]; `bounds` the least and largest amount seen in training.

    `correction` [classes] undoes the balancing of classes.
    """

    algorithm_name: ClassVar[str] = "deeplearning"

    def __init__(
        self,
        details: ModelDetails,
        inputs: TabularInputs,
        network: TabularNetwork,
        members: Sequence[Singles],
        amounts: AmountScale | None,
        bounds: tuple[float, float] | None,
        *,
        correction: Floats | None = None,
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(details)
        self.inputs, self.network, self.members = inputs, network, list(members)
        self.amounts, self.bounds, self.correction = amounts, bounds, correction
        self.progress: dict[str, Any] = dict(progress or {})

    # ---- predicting ----

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`."""
        frame = self.as_learnt(frame)
        starts = range(0, max(1, frame.n_rows), _BLOCK_ROWS)
        return np.concatenate([self.raw_of(self.inputs.transform(frame.slice(s, _BLOCK_ROWS))) for s in starts])

    def raw_of(self, inputs: Inputs) -> Floats:
        """Probabilities [n, classes] or amounts [n] of rows that are inputs already."""
        network = self.network.twin()  # calls from several threads must not share buffers
        found = [self.to_raw(network.outputs(network.views(weights), inputs)) for weights in self.members]
        return np.asarray(np.mean(found, axis=0))

    def to_raw(self, outputs: Singles) -> Floats:
        """Probabilities or amounts of one network's outputs. No amount lies beyond those of the training rows."""
        if self.amounts is None:
            probabilities = np.asarray(softmax(outputs.astype(np.float64)))
            return probabilities if self.correction is None else corrected(probabilities, self.correction)
        amounts = self.amounts.amounts(outputs[:, 0])
        return amounts if self.bounds is None else np.clip(amounts, *self.bounds)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return notes_of_missing(self.inputs.missing_columns(self.as_learnt(frame)))

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """None of the other predictions: each network of the ensemble has features of its own."""
        raise InvalidArgument(
            f"A model of the recipe '{RECIPE}' has no predictions of the kind '{option}': it is an ensemble of networks, each "
            "with hidden units of its own. Train with recipe 'classic' for them."
        )

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        return {
            "recipe": RECIPE,
            "inputs": self.inputs.to_state(),
            "network": self.network.configuration(),
            "amounts": self.amounts.to_state() if self.amounts else None,
            "bounds": list(self.bounds) if self.bounds else None,
            "progress": self.progress,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`: the weights of all networks, [members, weights]."""
        arrays: dict[str, NDArray[Any]] = {"members": np.stack(self.members)}
        return arrays if self.correction is None else {**arrays, "correction": self.correction}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        bounds = state["bounds"]
        network = TabularNetwork(**state["network"])
        members = np.ascontiguousarray(arrays["members"], dtype=np.float32)
        if members.ndim != 2 or members.shape[1] != network.n_weights:
            raise ValueError(f"its weights have the shape {members.shape}, not (networks, {network.n_weights})")
        return cls(
            details,
            TabularInputs.from_state(state["inputs"]),
            network,
            list(members),
            AmountScale.from_state(state["amounts"]) if state["amounts"] else None,
            (bounds[0], bounds[1]) if bounds else None,
            correction=arrays.get("correction"),
            progress=state["progress"],
        )


def softmax(outputs: NDArray[Any]) -> NDArray[Any]:
    """Probabilities [n, classes] of logits, in their precision."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return np.asarray(powers)
