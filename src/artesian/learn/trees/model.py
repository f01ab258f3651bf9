"""Models of trees: predictions, and what is kept (lists and arrays, never code)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.balancing import corrected
from artesian.learn.base.calibration import Calibration
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.importances import importance_table
from artesian.learn.base.model import Model
from artesian.learn.base.reading import notes_of_missing, offsets
from artesian.learn.base.scoring import codes_in
from artesian.learn.base.table import Table
from artesian.learn.trees.distributions import Boosted, softmax
from artesian.learn.trees.forest import Forest
from artesian.learn.trees.grid import Grid, RawColumns
from artesian.learn.trees.grower import Tree
from artesian.learn.trees.history import depth_of, summary_table
from artesian.learn.trees.inspection import TreeNodes, nodes_of

Floats = NDArray[np.float64]
_SHOWN = 10
_TRACE = 1e-9
"""Share of all rows that nodes keep which none arrives at."""


class TreesModel(Model):
    """Rounds of trees, one tree a class (or one in all) a round; a class without rows has none.

    `tree_class` and `tree_round` [trees] say where each tree belongs, `seeds` [rounds] which rows and columns a round was
    grown on. `start` is what the trees add to; `correction` [classes] undoes the balancing of classes.
    """

    def __init__(
        self,
        details: ModelDetails,
        step: EncodingStep,
        grids: Sequence[Grid],
        trees_per_round: int,
        *,
        correction: Floats | None = None,
    ) -> None:
        super().__init__(details)
        self.step, self.grids, self.trees_per_round = step, list(grids), trees_per_round
        self.correction = correction
        self.trees: list[Tree] = []
        self.tree_class: list[int] = []
        self.tree_round: list[int] = []
        self.seeds: list[int] = []
        self.start = 0.0
        self.calibration: Calibration | None = None
        self.stopping_values: list[float | None] = []
        self._shapes: list[tuple[int, int]] = []
        self._counted, self._gains = 0, np.zeros(len(self.grids[0].names))
        self._forest: Forest | None = None

    # ---- growing ----

    @property
    def n_rounds(self) -> int:
        """Rounds of trees so far."""
        return len(self.seeds)

    def add_round(self, seed: int, trees: Mapping[int, Tree]) -> None:
        """Adds a round of trees by class."""
        for label, tree in trees.items():
            self.trees.append(tree)
            self.tree_class.append(label)
            self.tree_round.append(len(self.seeds))
        self.seeds.append(seed)
        self._forest = None

    def trim(self, rounds: int) -> None:
        """Leaves the rounds after the first `rounds` out."""
        kept = sum(number < rounds for number in self.tree_round)
        del self.trees[kept:], self.tree_class[kept:], self.tree_round[kept:], self.seeds[rounds:], self._shapes[kept:]
        self._forest, self._counted, self._gains = None, 0, np.zeros(len(self.feature_names))

    def continue_from(self, previous: TreesModel) -> None:
        """Starts from the trees of another model, which stays as it is."""
        self.trees, self.tree_class = list(previous.trees), list(previous.tree_class)
        self.tree_round, self.seeds = list(previous.tree_round), list(previous.seeds)
        self.start, self.stopping_values = previous.start, list(previous.stopping_values)

    @property
    def forest(self) -> Forest:
        """All trees as one predictor."""
        if self._forest is None:
            self._forest = Forest(self.trees, np.array(self.tree_class, dtype=np.int32))
        return self._forest

    # ---- predicting ----

    def raw_columns(self, frame: Frame) -> RawColumns:
        """The frame as the trees read it; a column that it lacks is missing in all rows.

        InvalidArgument for a frame without any of the columns, or with a categorical one in place of numbers.
        """
        frame = self.as_learnt(frame)
        if self.predictors and not any(name in frame for name in self.predictors):
            raise InvalidArgument(
                f"The frame has none of the columns that the model learnt from: {_listed(self.predictors)}."
            )
        for name in self.step.kept:
            if name in frame and frame[name].domain is not None and name not in self.step.kept_levels:
                raise InvalidArgument(f"The column '{name}' is categorical, and was numeric in training.")
        return self.grids[0].raw(self.step.apply(self._as_trained(frame)))

    def _as_trained(self, frame: Frame) -> Frame:
        """The frame with columns whose values are the levels of training made categorical."""
        for name, levels in self.step.kept_levels.items():
            if name in frame and frame[name].domain is None:
                codes = codes_in(frame[name], levels, name)
                series = pl.Series(np.nan_to_num(codes).astype(np.uint32)).set(pl.Series(np.isnan(codes)), None)
                frame = frame.with_column(name, Column.enums(series, list(levels)))
        return frame

    def sums(self, raw: RawColumns, *, threads: int = 1, first: int = 0, last: int | None = None) -> Floats:
        """Sums of what the trees first … last - 1 predict [rows, trees of a round]."""
        last = len(self.trees) if last is None else last
        if last <= first:
            return np.zeros((raw.n_rows, self.trees_per_round))
        if first == 0 or self._forest is not None:
            forest = self.forest
        else:  # while it grows, only the new trees are asked
            forest = Forest(self.trees[first:last], np.array(self.tree_class[first:last], dtype=np.int32))
            first, last = 0, last - first
        return forest.predict(raw, n_classes=self.trees_per_round, threads=threads, first=first, last=last)

    @abstractmethod
    def outputs(self, sums: Floats, offsets: Floats | None, rounds: int | Floats) -> Floats:
        """Probabilities [n, classes] or amounts [n] of the sums of so many rounds of trees (a number, or one a row)."""

    @abstractmethod
    def shares_of_output(self, found: Floats) -> Floats:
        """Contributions [.., columns + 1] to the sum of the trees as those to the output, of the second of two classes."""

    @abstractmethod
    def on_response(self, output: Floats) -> Floats:
        """Outputs of amounts, or of the second of two classes, on the scale of the response."""

    def offsets(self, frame: Frame) -> Floats | None:
        """The offsets of a frame's rows; InvalidArgument where the model needs them and the frame has none."""
        name = self.details.parameters.get("offset_column", {}).get("actual")
        if name is None:
            return None
        return offsets(frame, name)

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`."""
        return self.outputs(self.sums(self.raw_columns(frame), threads=threads), self.offsets(frame), self.n_rounds)

    def prediction_frame(self, raw: Floats) -> Frame:
        """See `Model`; calibrated probabilities stand behind the others."""
        predictions = super().prediction_frame(raw)
        return predictions if self.calibration is None else self.calibration.beside(predictions)

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """Leaves, stages, contributions, frequencies: see `other_predictions`."""
        from artesian.learn.trees.other_predictions import OPTIONS

        if option not in OPTIONS:
            return super().predict_option(frame, option, value, threads=threads)
        return OPTIONS[option](self, frame, value, threads)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        learnt = self.as_learnt(frame)
        return notes_of_missing([name for name in self.predictors if name not in learnt])

    @property
    def predictors(self) -> list[str]:
        """The columns of a frame that the model reads, before they are encoded."""
        return [*self.step.kept, *self.step.levels]

    # ---- looking at trees ----

    def tree_nodes(self, number: int, label: int) -> TreeNodes:
        """The nodes of the tree of a round (from 0) and a class."""
        for place, pair in enumerate(zip(self.tree_round, self.tree_class, strict=True)):
            if pair == (number, label):
                return nodes_of(self.trees[place], self.grids[0])
        raise InvalidArgument(f"Round {number} has no tree for class {label}: the training frame had no rows of it.")

    def all_nodes(self) -> list[tuple[int, int, TreeNodes]]:
        """Round, class and nodes of all trees."""
        return [
            (number, label, nodes_of(tree, self.grids[0]))
            for number, label, tree in zip(self.tree_round, self.tree_class, self.trees, strict=True)
        ]

    # ---- changing ----

    def reweigh(self, frame: Frame, weights: Floats, *, threads: int = 1) -> list[tuple[int, int]]:
        """Counts the rows of nodes anew, from the weights of a frame's rows [n]; what is predicted stays as it is.

        Contributions tell then what the columns add for such rows. Returns round and class of the trees that have nodes
        without any.
        """
        total = float(weights.sum())
        if not total > 0:
            raise InvalidArgument("The weights must be at least 0, and one of them above 0.")
        leaves = self.forest.leaves(self.raw_columns(frame), threads=threads)
        empty = []
        for place, tree in enumerate(self.trees):
            cover = np.bincount(leaves[:, place], weights, tree.n_nodes)
            left, right = tree.left, tree.right
            for node in range(tree.n_nodes - 1, -1, -1):  # children have higher numbers than their parents
                if left[node] >= 0:
                    cover[node] = cover[left[node]] + cover[right[node]]
            if (cover == 0).any():
                empty.append((self.tree_round[place], self.tree_class[place]))
                # below a node without rows the shares stay those of the training: there must be some
                cover += tree.cover * (_TRACE * total / tree.cover[0])
            self.trees[place] = replace(tree, cover=cover.astype(np.float32))
        self._forest = None
        return empty

    # ---- telling ----

    @property
    def feature_names(self) -> list[str]:
        """The columns that trees split on, encoded ones as they became."""
        return list(self.grids[0].names)

    def importances(self) -> Table | None:
        """Squared error that the splits of each column took away; None without trees."""
        if not self.trees:
            return None
        new = Forest(self.trees[self._counted :], np.zeros(0, dtype=np.int32))
        self._gains, self._counted = self._gains + (new.gains() if new.trees else 0.0), len(self.trees)
        return importance_table(self.feature_names, self._gains)

    def summary(self) -> Table:
        """Depths and leaves of the trees."""
        for tree in self.trees[len(self._shapes) :]:
            self._shapes.append((depth_of(tree.left, tree.right), int((tree.feature < 0).sum())))
        depths, leaves = [depth for depth, _ in self._shapes], [count for _, count in self._shapes]
        return summary_table(self.n_rounds, depths, leaves, sum(tree.nbytes for tree in self.trees))

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        return {
            "step": self.step.to_state()[0],
            "grids": [grid.to_state()[0] for grid in self.grids],
            "trees_per_round": self.trees_per_round,
            "tree_class": self.tree_class,
            "tree_round": self.tree_round,
            "seeds": self.seeds,
            "start": self.start,
            "stopping_values": self.stopping_values,
            "calibration": None if self.calibration is None else self.calibration.to_state(),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`."""
        arrays = dict(self.step.to_state()[1])
        for number, grid in enumerate(self.grids):
            arrays |= {f"grid{number}.{name}": values for name, values in grid.to_state()[1].items()}
        if self.trees:
            arrays |= {f"forest.{name}": values for name, values in self.forest.to_arrays().items()}
        if self.correction is not None:
            arrays["correction"] = self.correction
        return arrays

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        grids = [Grid.from_state(item, _part(arrays, f"grid{i}.")) for i, item in enumerate(state["grids"])]
        step = EncodingStep.from_state(state["step"], arrays)
        model = cls(details, step, grids, state["trees_per_round"], correction=arrays.get("correction"))
        model.tree_class, model.tree_round = list(state["tree_class"]), list(state["tree_round"])
        model.seeds, model.start = list(state["seeds"]), state["start"]
        model.stopping_values = list(state["stopping_values"])
        if state["calibration"] is not None:
            model.calibration = Calibration.from_state(state["calibration"])
        if model.tree_class:
            model._forest = Forest.from_arrays(_part(arrays, "forest."))
            model.trees = list(model._forest.trees)
        return model


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _part(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


class BoostingModel(TreesModel):
    """Trees that add up to the output, which the inverse link brings to the response's scale."""

    algorithm_name: ClassVar[str] = "gbm"

    @property
    def boosted(self) -> Boosted:
        """The distribution."""
        actual = {name: value["actual"] for name, value in self.details.parameters.items()}
        link = str(self.details.extra.get("link", "identity"))
        names = ("quantile_alpha", "tweedie_power", "huber_alpha")
        return Boosted(actual["distribution"], link=link, **{name: actual[name] for name in names})

    def outputs(self, sums: Floats, offsets: Floats | None, rounds: int | Floats) -> Floats:
        """See `TreesModel`."""
        if self.details.category is Category.MULTINOMIAL:
            probabilities = softmax(sums)
        else:
            output = self.start + sums[:, 0]
            response = self.boosted.inverse_link(output if offsets is None else output + offsets)
            if self.details.category is Category.REGRESSION:
                return response
            probabilities = np.column_stack([1.0 - response, response])
        return probabilities if self.correction is None else corrected(probabilities, self.correction)

    def shares_of_output(self, found: Floats) -> Floats:
        """See `TreesModel`."""
        shares = found.copy()
        shares[..., -1] += self.start
        return shares

    def on_response(self, output: Floats) -> Floats:
        """See `TreesModel`."""
        return self.boosted.inverse_link(output)


class ForestModel(TreesModel):
    """Trees whose predictions are averaged; of two classes one tree predicts the share of the first."""

    algorithm_name: ClassVar[str] = "drf"

    def outputs(self, sums: Floats, offsets: Floats | None, rounds: int | Floats) -> Floats:
        """See `TreesModel`; rows of no rounds are NaN, those that the trees of every class deny are of any class."""
        count = np.asarray(rounds, dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.details.category is Category.REGRESSION:
                return np.asarray(sums[:, 0] / count)
            if self.trees_per_round == 1:
                first = np.clip(sums[:, 0] / count, 0.0, 1.0)
                probabilities = np.column_stack([first, 1.0 - first])
            else:
                denied = (sums.sum(axis=1, keepdims=True) <= 0) & (count.reshape(-1, 1) > 0)
                votes = np.where(denied, 1.0, sums)
                probabilities = votes / votes.sum(axis=1, keepdims=True)
        return probabilities if self.correction is None else corrected_where_known(probabilities, self.correction)

    def shares_of_output(self, found: Floats) -> Floats:
        """See `TreesModel`; trees of two classes predict the first one, and contributions are told for the second."""
        shares = found / max(1, self.n_rounds)
        if self.details.category is Category.BINOMIAL:
            shares = -shares
            shares[..., -1] += 1.0
        return np.asarray(shares)

    def on_response(self, output: Floats) -> Floats:
        """See `TreesModel`."""
        return output


class DecisionTreeModel(ForestModel):
    """A forest of one tree."""

    algorithm_name: ClassVar[str] = "dt"


def corrected_where_known(probabilities: Floats, correction: Floats) -> Floats:
    """See `balancing.corrected`; rows of NaN stay so."""
    result = corrected(probabilities, correction)
    result[np.isnan(probabilities).any(axis=1)] = np.nan
    return result
