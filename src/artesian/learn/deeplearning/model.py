"""A trained network with what it needs to predict: the design of its inputs, the scale of its response, its weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian._native import InputRows, NeuralNetwork
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.balancing import corrected
from artesian.learn.base.design import Design, DesignMatrix
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model, real_column
from artesian.learn.base.reading import notes_of_missing, offsets
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.response import AmountScale
from artesian.learn.deeplearning.tabular.model import RECIPE, TabularModel
from artesian.learn.metrics import Metrics

Floats = NDArray[np.float64]
_CHUNK_CELLS = 1 << 24
"""Inputs of rows that are predicted at once (64 MB as a dense block)."""
_PREFIX = "network."


def input_rows(matrix: DesignMatrix) -> InputRows:
    """The kernels' view of a design matrix (without a copy)."""
    return InputRows(
        matrix.n_rows,
        matrix.n_inputs,
        indptr=matrix.indptr,
        indices=matrix.indices,
        values=matrix.values,
        dense=matrix.dense if matrix.n_rows else None,  # an array without rows has no layout to check
        dense_start=matrix.dense_start,
    )


class DeepLearningModel(Model):
    """`configuration` are the arguments that made `network`; `correction` [classes] undoes the balancing of classes.

    `progress` says how training went, for a continuation: epochs, samples and iterations trained, seconds, and the
    history of the stopping metric (None where it was missing).
    """

    algorithm_name: ClassVar[str] = "deeplearning"

    def __init__(
        self,
        details: ModelDetails,
        design: Design,
        amounts: AmountScale | None,
        configuration: Mapping[str, Any],
        network: NeuralNetwork,
        *,
        correction: Floats | None = None,
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(details)
        self.design = design
        self.amounts = amounts
        self.configuration = dict(configuration)
        self.network = network
        self.correction = correction
        self.progress: dict[str, Any] = dict(progress or {})

    # ---- predicting ----

    @property
    def is_autoencoder(self) -> bool:
        """Whether it reconstructs its inputs."""
        return self.details.category is Category.AUTOENCODER

    def outputs_to_raw(self, outputs: NDArray[np.float32]) -> Floats:
        """Probabilities [n, classes] or amounts [n] of the network's outputs."""
        if self.amounts is not None:
            return self.amounts.amounts(outputs[:, 0])
        probabilities = outputs.astype(np.float64)
        if self.correction is not None:
            return corrected(probabilities, self.correction)
        return probabilities

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`; an autoencoder gives numeric inputs back in the units of their columns."""
        if self.is_autoencoder:
            width = self.design.n_inputs
            parts = [self._reconstructed(out) for _, out in self._reconstructions(frame, threads)]
            return np.concatenate(parts) if parts else np.zeros((0, width))
        offsets = self._offsets(frame)
        parts = []
        for start, matrix in self._chunks(frame):
            some = None if offsets is None else offsets[start : start + matrix.n_rows]
            outputs = self.network.forward(input_rows(matrix), offsets=some, threads=threads)
            parts.append(self.outputs_to_raw(outputs))
        return np.concatenate(parts)

    def _chunks(self, frame: Frame) -> Iterator[tuple[int, DesignMatrix]]:
        """The design matrix in blocks of rows (one empty block of an empty frame)."""
        frame = self.as_learnt(frame)
        self.design.missing_columns(frame)
        size = max(1, _CHUNK_CELLS // max(self.design.cells_per_row(frame), *self.network.units[1:]))
        for start in range(0, max(frame.n_rows, 1), size):
            yield start, self.design.transform(frame.slice(start, size))

    def _offsets(self, frame: Frame) -> NDArray[np.float32] | None:
        name = self.details.parameters["offset_column"]["actual"]
        if name is None or self.amounts is None:
            return None
        return self.amounts.offsets(offsets(frame, name))

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return notes_of_missing(self.design.missing_columns(self.as_learnt(frame)))

    # ---- autoencoder ----

    def _reconstructions(self, frame: Frame, threads: int) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Inputs (NaN where missing) and outputs of each block of rows."""
        for _, matrix in self._chunks(frame):
            yield matrix.to_dense(), self.network.forward(input_rows(matrix), threads=threads)

    def _reconstructed(self, outputs: NDArray[np.float32]) -> Floats:
        first = self.design.one_hot.n_inputs
        values = outputs.astype(np.float64)
        values[:, first:] = self.design.numbers.unscaled(outputs[:, first:])
        return values

    def squared_errors(self, frame: Frame, *, threads: int = 1) -> Floats:
        """Squared error of each reconstructed input [rows, inputs], in scaled units; NaN where the input is missing."""
        parts = [(out.astype(np.float64) - into) ** 2 for into, out in self._reconstructions(frame, threads)]
        return np.concatenate(parts)

    def row_errors(self, frame: Frame, *, threads: int = 1) -> Floats:
        """Mean squared error of each row's inputs [rows]; missing ones do not count."""
        return np.concatenate([mean_errors(into, out) for into, out in self._reconstructions(frame, threads)])

    def predict_and_score(
        self, frame: Frame, *, threads: int = 1, description: str | None = None
    ) -> tuple[Frame, Metrics | None]:
        """See `Model`; an autoencoder is measured by its row errors."""
        if not self.is_autoencoder:
            return super().predict_and_score(frame, threads=threads, description=description)
        raw, errors = [], []
        for into, out in self._reconstructions(frame, threads):
            raw.append(self._reconstructed(out))
            errors.append(mean_errors(into, out))
        metrics = Scorer.of_errors(np.concatenate(errors), self.scorer.weights(frame))
        return self.prediction_frame(np.concatenate(raw)), metrics.about(
            model_id=self.details.key, description=description
        )

    def score(self, frame: Frame, *, threads: int = 1, description: str | None = None) -> Metrics | None:
        """See `Model`; an autoencoder is measured by its row errors."""
        if not self.is_autoencoder:
            return super().score(frame, threads=threads, description=description)
        metrics = Scorer.of_errors(self.row_errors(frame, threads=threads), self.scorer.weights(frame))
        return metrics.about(model_id=self.details.key, description=description)

    # ---- other predictions ----

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """`deep_features_hidden_layer` (0 is the first), `reconstruction_error`, `reconstruction_error_per_feature`."""
        if option == "deep_features_hidden_layer":
            return self._deep_features(frame, value, threads)
        if option in ("reconstruction_error", "reconstruction_error_per_feature"):
            if not self.is_autoencoder:
                raise InvalidArgument("Reconstruction errors need an autoencoder; this model predicts a response.")
            if option == "reconstruction_error":
                return Frame(["Reconstruction.MSE"], [real_column(self.row_errors(frame, threads=threads))])
            errors = self.squared_errors(frame, threads=threads)
            names = [f"reconstr_{name}.SE" for name in self.design.input_names]
            return Frame(names, [real_column(errors[:, i]) for i in range(len(names))])
        return super().predict_option(frame, option, value, threads=threads)

    def _deep_features(self, frame: Frame, layer: Any, threads: int) -> Frame:
        hidden = len(self.network.units) - 2
        if isinstance(layer, bool) or not isinstance(layer, int) or not 0 <= layer < hidden:
            allowed = f"a whole number from 0 to {hidden - 1}" if hidden else "nothing: it has no hidden layer"
            raise InvalidArgument(f"The hidden layer whose features are wanted must be {allowed}. Got {layer!r}.")
        parts = [self.network.hidden(input_rows(matrix), layer, threads=threads) for _, matrix in self._chunks(frame)]
        features = np.concatenate(parts)
        names = [f"DF.L{layer + 1}.C{unit + 1}" for unit in range(features.shape[1])]
        return Frame(names, [real_column(features[:, i]) for i in range(len(names))])

    # ---- frames and keeping ----

    def frames(self) -> dict[str, Frame]:
        """Weights and biases as frames, if they were asked for: units in rows, inputs in columns."""
        if not self.details.actual("export_weights_and_biases"):
            return {}
        made: dict[str, Frame] = {}
        for layer in range(len(self.network.units) - 1):
            weights = self.network.weights(layer)
            names = self.design.input_names if layer == 0 else [f"C{i + 1}" for i in range(weights.shape[1])]
            made[f"{self.details.key}.weights.{layer}"] = Frame(
                names, [real_column(weights[:, i]) for i in range(weights.shape[1])]
            )
            biases = pl.Series("C1", self.network.biases(layer))
            made[f"{self.details.key}.biases.{layer}"] = Frame(["C1"], [real_column(biases.to_numpy())])
        return made

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        design, _ = self.design.to_state()
        configuration = {**self.configuration}
        if not np.isfinite(configuration.get("max_w2", 0.0)):
            configuration.pop("max_w2")
        return {
            "design": design,
            "amounts": self.amounts.to_state() if self.amounts else None,
            "configuration": {**configuration, "huber_delta": self.network.huber_delta},
            "progress": self.progress,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`: the design's arrays and all that the network's training changes."""
        _, arrays = self.design.to_state()
        arrays |= {_PREFIX + name: values for name, values in self.network.state().items()}
        if self.correction is not None:
            arrays["correction"] = self.correction
        return arrays

    @classmethod
    def assemble(
        cls,
        details: ModelDetails,
        state: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        parts: Mapping[str, Model],
    ) -> Model:
        """See `Model`: a model of another recipe is of another class."""
        kind: type[Model] = TabularModel if state.get("recipe") == RECIPE else cls
        return kind.restore(details, state, arrays)

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        network = NeuralNetwork(**state["configuration"])
        network.set_state({name.removeprefix(_PREFIX): v for name, v in arrays.items() if name.startswith(_PREFIX)})
        return cls(
            details,
            Design.from_state(state["design"], arrays),
            AmountScale.from_state(state["amounts"]) if state["amounts"] else None,
            state["configuration"],
            network,
            correction=arrays.get("correction"),
            progress=state["progress"],
        )


def mean_errors(inputs: NDArray[np.float32], outputs: NDArray[np.float32]) -> Floats:
    """Mean squared error of each row [n] over the inputs that are there; NaN of a row without any."""
    there = ~np.isnan(inputs)
    errors = np.where(there, outputs - inputs, 0.0).astype(np.float64) ** 2
    with np.errstate(invalid="ignore"):
        return np.asarray(errors.sum(axis=1) / there.sum(axis=1))
