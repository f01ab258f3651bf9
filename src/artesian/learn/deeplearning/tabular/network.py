"""The arithmetic of one tabular network: all its weights are one vector, so that optimiser, best epoch and file handle one array.

Layers, for a batch of n rows:

- numbers [n, k] become 4k inputs each way: x and three mixtures of cos(2π(f·x + p)), 16 of them a column ("PBLD");
- beside them the plain inputs, and an 8-vector for the level of each embedded column;
- every input times its own learnt scale;
- hidden layers z = h·W/√fan_in + b, h' = z + a·(act(z) - z), where a is learnt for each unit; dropout;
- the output layer, linear.

Dividing by √fan_in (the neural tangent parametrisation) lets one learning rate serve layers of any width. Matrix products are
BLAS's, the rest is compiled (`artesian._native`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian._native import tabular_activate, tabular_activate_back, tabular_periodic, tabular_periodic_back
from artesian.learn.deeplearning.tabular.inputs import Inputs

Singles = NDArray[np.float32]
Views = dict[str, Singles]
EMBEDDING = 8
PERIODS = 16
FREQUENCY_DEVIATION = 0.1
"""Of the frequencies' normal distribution at the start: an input of robust scale sees about a tenth of a period."""
NUMBER_WIDTH = 4
_BLOCK_CELLS = 1 << 21
"""Cells of the widest layer that `outputs` works on at once (8 MB)."""
_SLOW = 0.1
_SCALE_RATE = 6.0
INITIAL_ROWS = 1024
"""Rows that initial weights are scaled by."""
_SEED_STEP = 7919
"""Added to the seed of dropout from layer to layer; a batch's seed is random, so layers never share their draws."""


@dataclass(frozen=True)
class Block:
    """One array of weights: its place in the vector, and what the learning rate and the decay of weights are multiplied by."""

    name: str
    start: int
    shape: tuple[int, ...]
    rate: float
    decay: float

    @property
    def size(self) -> int:
        """How many weights."""
        return math.prod(self.shape)


class TabularNetwork:
    """Shapes and buffers; the weights are given to each call. Calls of one object must not overlap."""

    def __init__(
        self,
        *,
        n_numbers: int,
        n_plain: int,
        cards: Sequence[int],
        hidden: Sequence[int],
        n_outputs: int,
        is_mish: bool,
        numeric_embeddings: bool,
    ) -> None:
        self.n_numbers, self.n_plain, self.cards = n_numbers, n_plain, tuple(cards)
        self.hidden, self.n_outputs, self.is_mish = tuple(hidden), n_outputs, is_mish
        self.embeds_numbers = numeric_embeddings and n_numbers > 0
        self.numbers_width = n_numbers * (NUMBER_WIDTH if self.embeds_numbers else 1)
        self.n_inputs = self.numbers_width + n_plain + EMBEDDING * len(self.cards)
        self.sizes = (self.n_inputs, *self.hidden, n_outputs)
        self.blocks = self._layout()
        self.n_weights = sum(block.size for block in self.blocks)
        self._buffers: dict[str, Singles] = {}

    def configuration(self) -> dict[str, Any]:
        """The arguments that make an equal network, JSON-safe."""
        return {
            "n_numbers": self.n_numbers,
            "n_plain": self.n_plain,
            "cards": list(self.cards),
            "hidden": list(self.hidden),
            "n_outputs": self.n_outputs,
            "is_mish": self.is_mish,
            "numeric_embeddings": self.embeds_numbers,
        }

    def twin(self) -> TabularNetwork:
        """An equal network with buffers of its own, for another thread."""
        return TabularNetwork(**self.configuration())

    def _layout(self) -> tuple[Block, ...]:
        blocks: list[Block] = []

        def add(name: str, shape: tuple[int, ...], rate: float = 1.0, decay: float = 1.0) -> None:
            start = blocks[-1].start + blocks[-1].size if blocks else 0
            blocks.append(Block(name, start, shape, rate, decay))

        if self.embeds_numbers:
            add("frequency", (self.n_numbers, PERIODS), _SLOW)
            add("phase", (self.n_numbers, PERIODS), _SLOW)
            add("mixing", (self.n_numbers, NUMBER_WIDTH - 1, PERIODS), _SLOW)
            add("mixing_bias", (self.n_numbers, NUMBER_WIDTH - 1), _SLOW)
        for place, count in enumerate(self.cards):
            add(f"embedding.{place}", (count, EMBEDDING))
        add("scale", (self.n_inputs,), _SCALE_RATE)
        for layer, (fan_in, fan_out) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            add(f"weights.{layer}", (fan_in, fan_out))
            add(f"bias.{layer}", (fan_out,), _SLOW, 0.0)
            if layer < len(self.hidden):
                add(f"mix.{layer}", (fan_out,), _SLOW)
        return tuple(blocks)

    def views(self, weights: Singles) -> Views:
        """The blocks of a vector of weights (or of gradients) by name; writing to them writes to the vector."""
        return {b.name: weights[b.start : b.start + b.size].reshape(b.shape) for b in self.blocks}

    def factors(self) -> tuple[Singles, Singles]:
        """What the learning rate and the decay of each weight are multiplied by."""
        sizes = [block.size for block in self.blocks]
        rates = np.repeat(np.array([block.rate for block in self.blocks], dtype=np.float32), sizes)
        return rates, np.repeat(np.array([block.decay for block in self.blocks], dtype=np.float32), sizes)

    # ---- forward ----

    def forward(self, views: Views, inputs: Inputs, *, seed: int = 0, dropout: float = 0.0) -> Singles:
        """The outputs [n, outputs]: logits, or a standardised amount. Keeps what `backward` needs."""
        return self.forward_embedded(views, self.embedded(views, inputs), seed=seed, dropout=dropout)

    def forward_embedded(self, views: Views, h: Singles, *, seed: int = 0, dropout: float = 0.0) -> Singles:
        """The same from inputs behind their embeddings [n, inputs]; see `embedded`."""
        n = len(h)
        y = np.multiply(h, views["scale"], out=self._buffer("y0", n, self.n_inputs))
        for layer, units in enumerate(self.hidden):
            z = self._buffer(f"z{layer}", n, units)
            np.matmul(y, views[f"weights.{layer}"], out=z)
            y = self._buffer(f"y{layer + 1}", n, units)
            tabular_activate(
                z,
                y,
                views[f"bias.{layer}"],
                views[f"mix.{layer}"],
                is_mish=self.is_mish,
                gain=self._gain(layer),
                seed=(seed + layer * _SEED_STEP) & 0xFFFFFFFF,
                dropout=dropout,
            )
        last = len(self.hidden)
        out: Singles = y @ views[f"weights.{last}"]
        out *= np.float32(self._gain(last))
        out += views[f"bias.{last}"]
        return out

    def outputs(self, views: Views, inputs: Inputs) -> Singles:
        """`forward` of any number of rows, a block at a time."""
        if not len(inputs):
            return np.zeros((0, self.n_outputs), dtype=np.float32)
        size = max(1, _BLOCK_CELLS // max(self.sizes))
        starts = range(0, len(inputs), size)
        return np.concatenate([self.forward(views, inputs.rows(slice(start, start + size))) for start in starts])

    def embedded(self, views: Views, inputs: Inputs) -> Singles:
        """The inputs behind their embeddings, before their scales [n, inputs]; valid until the next call."""
        h = self._buffer("h", len(inputs), self.n_inputs)
        if self.embeds_numbers:
            tabular_periodic(
                inputs.numbers, h, views["frequency"], views["phase"], views["mixing"], views["mixing_bias"]
            )
        elif self.n_numbers:
            h[:, : self.n_numbers] = inputs.numbers
        end = self.numbers_width + self.n_plain
        h[:, self.numbers_width : end] = inputs.plain
        for place in range(len(self.cards)):
            h[:, end : end + EMBEDDING] = views[f"embedding.{place}"][inputs.codes[:, place]]
            end += EMBEDDING
        return h

    # ---- backward ----

    def backward(
        self, views: Views, gradients: Views, inputs: Inputs, slopes: Singles, *, seed: int = 0, dropout: float = 0.0
    ) -> None:
        """Fills `gradients` from the loss's slopes [n, outputs] at the outputs of the last `forward`, made with the same seed."""
        last = len(self.hidden)
        np.sum(slopes, axis=0, out=gradients[f"bias.{last}"])
        d = slopes * np.float32(self._gain(last))
        for layer in range(last, 0, -1):
            np.matmul(self._buffers[f"y{layer}"][: len(d)].T, d, out=gradients[f"weights.{layer}"])
            above = np.matmul(d, views[f"weights.{layer}"].T, out=self._buffer(f"g{layer}", len(d), self.sizes[layer]))
            below = layer - 1
            gradients[f"bias.{below}"][:] = 0
            gradients[f"mix.{below}"][:] = 0
            tabular_activate_back(
                self._buffers[f"z{below}"][: len(d)],
                above,
                views[f"mix.{below}"],
                gradients[f"bias.{below}"],
                gradients[f"mix.{below}"],
                is_mish=self.is_mish,
                gain=self._gain(below),
                seed=(seed + below * _SEED_STEP) & 0xFFFFFFFF,
                dropout=dropout,
            )
            d = above
        np.matmul(self._buffers["y0"][: len(d)].T, d, out=gradients["weights.0"])
        into = np.matmul(d, views["weights.0"].T, out=self._buffer("g0", len(d), self.n_inputs))
        np.einsum("ij,ij->j", into, self._buffers["h"][: len(d)], out=gradients["scale"])
        into *= views["scale"]
        self._first_back(views, gradients, inputs, into)

    def _first_back(self, views: Views, gradients: Views, inputs: Inputs, into: Singles) -> None:
        if self.embeds_numbers:
            names = ("frequency", "phase", "mixing", "mixing_bias")
            for name in names:
                gradients[name][:] = 0
            tabular_periodic_back(
                inputs.numbers,
                into,
                views["frequency"],
                views["phase"],
                views["mixing"],
                *(gradients[name] for name in names),
            )
        start = self.numbers_width + self.n_plain
        for place, count in enumerate(self.cards):
            cells = (inputs.codes[:, place, None] * EMBEDDING + np.arange(EMBEDDING)).ravel()
            sums = np.bincount(cells, into[:, start : start + EMBEDDING].ravel(), count * EMBEDDING)
            gradients[f"embedding.{place}"][:] = sums.reshape(count, EMBEDDING)
            start += EMBEDDING

    # ---- start ----

    def initialise(self, weights: Singles, inputs: Inputs, random: np.random.Generator) -> None:
        """Draws initial weights so that the sums into each unit have deviation 1 over some training rows, and their biases
        from minus the sums of five of these rows, mixed at random (He's start with biases where the data lie).
        """
        views = self.views(weights)
        if self.embeds_numbers:
            views["frequency"][:] = random.normal(0.0, FREQUENCY_DEVIATION, views["frequency"].shape)
            views["phase"][:] = random.uniform(-0.5, 0.5, views["phase"].shape)
            bound = 1.0 / math.sqrt(PERIODS)
            for name in ("mixing", "mixing_bias"):
                views[name][:] = random.uniform(-bound, bound, views[name].shape)
        for place in range(len(self.cards)):
            views[f"embedding.{place}"][:] = random.normal(size=views[f"embedding.{place}"].shape)
        views["scale"][:] = 1.0
        y = self.embedded(views, inputs).copy()
        for layer in range(len(self.sizes) - 1):
            drawn = random.normal(size=views[f"weights.{layer}"].shape).astype(np.float32)
            z = (y @ drawn) * np.float32(self._gain(layer))
            spread = z.std(axis=0)
            spread[~(spread > 1e-3)] = 1.0
            views[f"weights.{layer}"][:] = drawn / spread
            z = np.ascontiguousarray(z / spread)
            views[f"bias.{layer}"][:] = _mixed_biases(z, random)
            if layer < len(self.hidden):
                views[f"mix.{layer}"][:] = 1.0
                y = np.empty_like(z)
                tabular_activate(z, y, views[f"bias.{layer}"], views[f"mix.{layer}"], is_mish=self.is_mish, gain=1.0)

    # ---- buffers ----

    def _gain(self, layer: int) -> float:
        return 1.0 / math.sqrt(max(1, self.sizes[layer]))

    def _buffer(self, name: str, rows: int, width: int) -> Singles:
        """A buffer of that name for so many rows, made anew only where it was too small."""
        found = self._buffers.get(name)
        if found is None or len(found) < rows:
            found = self._buffers[name] = np.empty((rows, width), dtype=np.float32)
        return found[:rows]


def _mixed_biases(z: Singles, random: np.random.Generator) -> Singles:
    """Minus a random mixture of five rows' sums, for each unit."""
    units = z.shape[1]
    rows = random.integers(0, len(z), (5, units))
    shares = random.exponential(size=(5, units))
    shares /= shares.sum(axis=0)
    return np.asarray(-(z[rows, np.arange(units)] * shares).sum(axis=0), dtype=np.float32)
