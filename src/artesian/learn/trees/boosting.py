"""Gradient boosting: each round grows a tree (one a class) on the residuals of all before it."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.learn.base.details import Category
from artesian.learn.base.exporting import export_folder
from artesian.learn.trees.custom_distribution import coded
from artesian.learn.trees.distributions import Boosted, softmax
from artesian.learn.trees.grid import RawColumns
from artesian.learn.trees.grower import GrowOptions, Tree
from artesian.learn.trees.links import exp, logistic
from artesian.learn.trees.monotonicity import bounded_values
from artesian.learn.trees.parameters import BoostingParameters
from artesian.learn.trees.sampling import leaf_noise, rows_in_bag
from artesian.learn.trees.training import Trainer

Floats = NDArray[np.float64]
_LEAST_RATE = 1e-6
"""Below this learning rate further trees change nothing that counts."""


class Booster(Trainer):
    """Trains a BoostingModel."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.parameters = cast(BoostingParameters, self.plan.parameters)
        self.boosted = self._distribution()
        rows, model = self.rows, self.model
        if not model.n_rounds:
            model.start = self.boosted.start(rows.response, rows.weights, rows.offsets)
        self.outputs: Floats = np.full((rows.n_rows, model.trees_per_round), model.start, order="F")
        if rows.raw is not None:
            self._recall_outputs(rows.raw)
        if self.parameters.in_training_checkpoints_dir:
            folder = export_folder(self.parameters.in_training_checkpoints_dir, self.fit.context.settings)
            self.checkpoints = (folder, self.parameters.in_training_checkpoints_tree_interval)

    def _distribution(self) -> Boosted:
        """What is fitted; of one in program code the model keeps the link, so that it predicts without the code."""
        distribution, p, details = self.plan.boosted, self.parameters, self.model.details
        if distribution.name != "custom":
            return distribution
        assert p.custom_distribution_func is not None  # checks ask for it
        found = coded(p.custom_distribution_func, self.plan.category, self._warn)
        previous = self.fit.models.get("checkpoint")
        before = None if previous is None else previous.details.extra.get("link")
        if before not in (None, found.link):
            raise InvalidArgument(
                f"The link of a distribution cannot change with a checkpoint: it was '{before}' there, and is "
                f"'{found.link}' now."
            )
        details.extra["link"] = found.link
        return found

    def _recall_outputs(self, raw: RawColumns) -> None:
        """What the trees of the checkpoint come to, added up as they were when they grew."""
        model = self.model
        rounds = np.array(model.tree_round)
        for number in range(model.n_rounds):
            first, last = (int(place) for place in np.searchsorted(rounds, [number, number + 1]))
            new = model.sums(raw, threads=self.threads, first=first, last=last)
            for label in set(model.tree_class[first:last]):
                self._add(label, new[:, label])

    def _add(self, label: int, values: Floats) -> None:
        """Adds what a tree predicts, in single precision as H2O-3 does, so that models stay alike over many trees."""
        self.outputs[:, label] = (self.outputs[:, label] + values).astype(np.float32)

    # ---- one round ----

    @property
    def _output(self) -> Floats:
        """The output so far [n], offsets included; of one tree a round."""
        output = self.outputs[:, 0]
        return output if self.rows.offsets is None else output + self.rows.offsets

    def grow_round(self, seed: int) -> bool:
        """See `Trainer`."""
        p, rows = self.parameters, self.rows
        in_bag = rows_in_bag(seed, rows.n_rows, p.sample_rate, p.sample_rate_per_class, rows.classes)
        columns = self.columns_of(seed)
        trees: dict[int, Tree] = {}
        if self.plan.category is Category.MULTINOMIAL:
            assert rows.classes is not None
            probabilities = softmax(self.outputs)
            for label in np.flatnonzero(np.bincount(rows.classes, minlength=self.outputs.shape[1])).tolist():
                response = self.boosted.response_of_class(rows.classes, label)
                residuals = self.boosted.residuals_of_class(rows.classes, label, probabilities[:, label])
                trees[label] = self._tree(seed, label, response, residuals, self.outputs[:, label], in_bag, columns)
        else:
            output = self._output
            delta = np.inf
            if self.boosted.name == "huber":
                delta = self.boosted.huber_delta(rows.response, output, rows.weights)
            residuals = self.boosted.residuals(rows.response, output, delta)
            trees[0] = self._tree(seed, 0, rows.response, residuals, output, in_bag, columns, delta)
        self.model.add_round(seed, trees)
        if self.learn_rate < _LEAST_RATE:
            return True
        return not self._is_random and all(t.n_nodes == 1 for t in trees.values())

    @property
    def learn_rate(self) -> float:
        """The rate of the next round: H2O-3 divides that of the first one by the annealing factor, and so on from there."""
        return float(self.parameters.learn_rate * self.parameters.learn_rate_annealing ** (self.model.n_rounds - 1))

    @property
    def _is_random(self) -> bool:
        p = self.parameters
        rates = (p.sample_rate, p.col_sample_rate, p.col_sample_rate_per_tree, p.col_sample_rate_change_per_level)
        return p.sample_rate_per_class is not None or any(rate != 1 for rate in rates)

    def _tree(
        self,
        seed: int,
        label: int,
        response: Floats,
        residuals: Floats,
        output: Floats,
        in_bag: NDArray[np.bool_] | None,
        columns: NDArray[np.uint32] | None,
        delta: float = np.inf,
    ) -> Tree:
        """One tree with its leaf values; adds what it predicts to the outputs."""
        rows = None if in_bag is None else np.flatnonzero(in_bag).astype(np.uint32)
        residuals = residuals.astype(np.float32).astype(np.float64)
        target, weight, count = self._fitted(response, residuals, output)
        tree, leaf = self.grower().grow(target, weight, count=count, rows=rows, columns=columns, seed=seed)
        n_nodes = tree.n_nodes
        if n_nodes == 1:
            return tree.with_leaf_values(np.zeros(1))
        values = self._values(tree, leaf, response, residuals, output, in_bag, delta)
        tree = tree.with_leaf_values(values)
        if self.parameters.pred_noise_bandwidth:
            values = values * leaf_noise(seed + label, n_nodes, self.parameters.pred_noise_bandwidth)
        self._add(label, values[leaf])
        return tree

    def _fitted(
        self, response: Floats, residuals: Floats, output: Floats
    ) -> tuple[Floats, Floats | None, Floats | None]:
        """What the splits fit: target, weight, and weights for min_rows where those differ.

        With monotone constraints the values of nodes must be those that leaves get, so that bounds between nodes hold: the
        fraction of sums of a distribution with a link is then the weighted mean of a quotient.
        """
        weights, count = self.rows.mass
        if not self.parameters.monotone_constraints:
            return residuals, weights, count
        mass = self.rows.weights
        if self.boosted.name == "bernoulli":
            p = logistic(output)
            curvature = np.maximum(p * (1 - p), 1e-12)
            return residuals / curvature, mass * curvature, mass
        if self.boosted.name == "tweedie":
            power = self.boosted.tweedie_power
            above, below = response * exp(output * (1 - power)), exp(output * (2 - power))
            return above / below, mass * below, mass
        return residuals, weights, count

    def _values(
        self,
        tree: Tree,
        leaf: NDArray[np.int32],
        response: Floats,
        residuals: Floats,
        output: Floats,
        in_bag: NDArray[np.bool_] | None,
        delta: float,
    ) -> Floats:
        """The values of all nodes [nodes]; those of leaves count."""
        p, weights = self.parameters, self.rows.weights
        kept = slice(None) if in_bag is None else in_bag
        values = self.boosted.leaf_values(
            leaf[kept], tree.n_nodes, response[kept], residuals[kept], output[kept], weights[kept], delta
        )
        if p.monotone_constraints:
            values = self._bounded(tree, values)
        if self.plan.category is Category.MULTINOMIAL:
            values = values * (self.outputs.shape[1] - 1) / self.outputs.shape[1]
        values = np.clip(values * self.learn_rate, -p.max_abs_leafnode_pred, p.max_abs_leafnode_pred)
        return values.astype(np.float32).astype(np.float64)

    def _bounded(self, tree: Tree, values: Floats) -> Floats:
        """The values within the bounds that monotone constraints set to the leaves.

        Medians and other quantiles are none of the means that the tree's own bounds are about.
        """
        if self.boosted.fits_quantiles or tree.lower is None or tree.upper is None:
            return bounded_values(tree, values, self.monotone)
        return np.clip(values, tree.lower, tree.upper)

    # ---- constraints ----

    @property
    def monotone(self) -> NDArray[np.int8]:
        """Direction of each column: 1 rising, -1 falling, 0 free."""
        given = dict(cast(BoostingParameters, self.plan.parameters).monotone_constraints or {})
        return np.array([int(given.get(name, 0)) for name in self.model.feature_names], dtype=np.int8)

    @property
    def _groups(self) -> list[list[int]] | None:
        """The columns that may split together, by number; None for no constraint."""
        groups = cast(BoostingParameters, self.plan.parameters).interaction_constraints
        if not groups:
            return None
        places = {name: place for place, name in enumerate(self.model.feature_names)}
        return [[places[name] for name in group if name in places] for group in groups]

    @property
    def columns(self) -> NDArray[np.uint32]:
        """With interaction constraints only columns that are in one of the groups, as H2O has it."""
        groups = self._groups
        if groups is None:
            return super().columns
        return np.unique(np.array([column for group in groups for column in group], dtype=np.uint32))

    def _options(self, histogram_type: str) -> GrowOptions:
        options = super()._options(histogram_type)
        parameters = cast(BoostingParameters, self.plan.parameters)
        return dataclasses.replace(
            options,
            monotone=self.monotone if parameters.monotone_constraints else None,
            interaction_sets=self._groups,
        )

    # ---- outputs ----

    def training_outputs(self) -> Floats | None:
        """See `Trainer`."""
        return self.model.outputs(self.outputs - self.model.start, self.rows.offsets, self.model.n_rounds)
