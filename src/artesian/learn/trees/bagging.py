"""Random forests: trees grown on random rows and columns, measured on the rows that they did not see (out of bag)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.learn.trees.grower import Tree
from artesian.learn.trees.sampling import rows_in_bag
from artesian.learn.trees.training import Trainer

Floats = NDArray[np.float64]


class Bagger(Trainer):
    """Trains a ForestModel."""

    scores_before_first_tree = False
    training_description = "Metrics on out-of-bag training rows"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        rows, model = self.rows, self.model
        self.votes: Floats = np.zeros((rows.n_rows, model.trees_per_round), order="F")
        self.counts: Floats = np.zeros(rows.n_rows)
        self._targets = self._find_targets()
        if rows.raw is not None:
            self._recall_votes()

    def _in_bag(self, seed: int) -> NDArray[np.bool_] | None:
        p = self.plan.parameters
        return rows_in_bag(seed, self.rows.n_rows, p.sample_rate, p.sample_rate_per_class, self.rows.classes)

    def _recall_votes(self) -> None:
        """What the trees of the checkpoint predict for the rows that they did not see."""
        model, raw = self.model, self.rows.raw
        assert raw is not None
        rounds = np.array(model.tree_round)
        for number, seed in enumerate(model.seeds):
            in_bag = self._in_bag(seed)
            if in_bag is None:
                continue
            first, last = (int(place) for place in np.searchsorted(rounds, [number, number + 1]))
            outside = ~in_bag
            self.votes[outside] += model.sums(raw, threads=self.threads, first=first, last=last)[outside]
            self.counts[outside] += 1

    def grow_round(self, seed: int) -> bool:
        """See `Trainer`."""
        rows, in_bag, columns = self.rows, self._in_bag(seed), self.columns_of(seed)
        weights, count = rows.mass
        places = None if in_bag is None else np.flatnonzero(in_bag).astype(np.uint32)
        outside = None if in_bag is None else ~in_bag
        trees: dict[int, Tree] = {}
        for label, target in self._targets:
            tree, leaf = self.grower().grow(target, weights, count=count, rows=places, columns=columns, seed=seed)
            values = np.asarray(tree.value, dtype=np.float32).astype(np.float64)
            trees[label] = tree.with_leaf_values(values)
            if outside is not None:
                self.votes[outside, label] += values[leaf[outside]]
        if outside is not None:
            self.counts[outside] += 1
        self.model.add_round(seed, trees)
        return False

    def _find_targets(self) -> list[tuple[int, Floats]]:
        """The trees of a round: class and what it is grown on; a class without rows has no tree."""
        rows = self.rows
        if rows.classes is None:
            return [(0, rows.response)]
        if self.model.trees_per_round == 1:
            return [(0, (rows.classes == 0).astype(np.float64))]
        present = np.flatnonzero(np.bincount(rows.classes, minlength=self.model.trees_per_round))
        return [(int(label), (rows.classes == label).astype(np.float64)) for label in present]

    def training_outputs(self) -> Floats | None:
        """See `Trainer`; NaN for rows that every tree was grown on. None as long as there is no row out of bag."""
        if not self.counts.any():
            return None
        return self.model.outputs(self.votes, None, self.counts)
