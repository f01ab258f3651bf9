"""Where a network starts from: given weights, a pretrained autoencoder, or the end of an earlier training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian._native import NeuralNetwork
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.model import Model
from artesian.learn.deeplearning.model import DeepLearningModel


def given_weights(
    network: NeuralNetwork, weights: Sequence[Frame | None] | None, biases: Sequence[Frame | None] | None
) -> None:
    """Puts the frames of initial_weights and initial_biases into the network, layer by layer; None leaves a layer's."""
    for layer, frame in enumerate(weights or ()):
        if frame is not None:
            expected = network.weights(layer).shape
            network.set_weights(layer, _matrix(frame, expected, f"initial_weights[{layer}]"))
    for layer, frame in enumerate(biases or ()):
        if frame is not None:
            expected = (len(network.biases(layer)), 1)
            network.set_biases(layer, np.ascontiguousarray(_matrix(frame, expected, f"initial_biases[{layer}]")[:, 0]))


def _matrix(frame: Frame, expected: tuple[int, ...], name: str) -> NDArray[np.float32]:
    shape = (frame.n_rows, frame.n_columns)
    if shape != tuple(expected):
        raise InvalidArgument(
            f"The frame of {name} must have {expected[0]} rows and {expected[1]} columns. It has {shape[0]} and {shape[1]}."
        )
    values = np.column_stack([column.floats(np.float32) for column in frame.columns])
    if not np.isfinite(values).all():
        raise InvalidArgument(f"The frame of {name} holds missing or infinite values; weights must be numbers.")
    return np.ascontiguousarray(values, dtype=np.float32)


def pretrained_weights(network: NeuralNetwork, pretrained: Model) -> None:
    """Takes the hidden layers over from an autoencoder; the output layer stays as it is."""
    if not isinstance(pretrained, DeepLearningModel) or not pretrained.is_autoencoder:
        raise InvalidArgument(f"The pretrained_autoencoder '{pretrained.details.key}' is no autoencoder.")
    source = pretrained.network
    for layer in range(len(network.units) - 2):
        mine, theirs = network.weights(layer).shape, source.weights(layer).shape
        if mine != theirs:
            raise InvalidArgument(
                f"Layer {layer + 1} of the pretrained autoencoder has weights of the shape {theirs}, this network's are {mine}. "
                "Give both models the same columns, hidden layers, ignore_const_cols and use_all_factor_levels."
            )
        network.set_weights(layer, source.weights(layer))
        network.set_biases(layer, source.biases(layer))


def continued_network(configuration: Mapping[str, Any], previous: DeepLearningModel) -> NeuralNetwork:
    """A network of that configuration in the state of an earlier training, optimiser included."""
    network = NeuralNetwork(**configuration)
    network.set_state(previous.network.state())
    return network
