"""A trained booster with what it needs to predict: the design of its inputs, and calibration where it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.calibration import Calibration
from artesian.learn.base.design import Design
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.leaves import leaf_frame
from artesian.learn.base.model import Model
from artesian.learn.base.reading import notes_of_missing
from artesian.learn.trees.distributions import softmax
from artesian.learn.trees.forest import Forest
from artesian.learn.trees.inspection import TreeNodes
from artesian.learn.xgboost import rows
from artesian.learn.xgboost.plan import useful_threads
from artesian.learn.xgboost.trees import BoostedTree, BoostedTrees, forest_of, nodes_of, trees_of

Floats = NDArray[np.float64]
_BOOSTER = "booster"
_MANY_ROWS = 20_000
_CHUNK_ROWS = 1 << 18


class XGBoostModel(Model):
    """`booster` is the library's; `progress` says how training went, for a continuation: rounds, seconds, stopping values.

    It is kept as the library's own UBJSON in an array of bytes.
    """

    algorithm_name: ClassVar[str] = "xgboost"

    def __init__(
        self,
        details: ModelDetails,
        design: Design,
        booster: Any,
        *,
        calibration: Calibration | None = None,
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(details)
        self.design = design
        self.booster = booster
        self.calibration = calibration
        self.progress: dict[str, Any] = dict(progress or {})
        self._trees: BoostedTrees | None = None
        self._forest: Forest | None = None

    # ---- predicting ----

    @property
    def has_trees(self) -> bool:
        """Whether the booster is made of trees."""
        return bool(self.details.actual("booster") != "gblinear")

    @property
    def trees(self) -> BoostedTrees:
        """The trees; InvalidArgument for a booster of linear models."""
        if not self.has_trees:
            raise InvalidArgument("The booster gblinear has no trees: this model is linear.")
        if self._trees is None:
            self._trees = trees_of(self.booster)
        return self._trees

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`."""
        offsets = rows.offsets(frame, self.details.actual("offset_column"))
        frame = self.as_learnt(frame)
        few = useful_threads(frame.n_rows * self.design.n_inputs, threads)
        if (
            frame.n_rows >= _MANY_ROWS and self._reads_columns
        ):  # fewer do not repay what it takes to translate the trees
            return self._raw_of_columns(frame, offsets, few)
        self.booster.set_param({"nthread": few})
        parts = []
        for start, block in rows.chunks(self.design, frame):
            if not block.shape[0]:
                continue
            margin = None if offsets is None else offsets[start : start + block.shape[0]]
            parts.append(self.outputs_to_raw(self._predict(block, margin)))
        if parts:
            return np.concatenate(parts)
        classes = len(self.details.response_domain)
        return np.zeros((0, classes) if classes else 0)

    @property
    def _reads_columns(self) -> bool:
        """Whether the trees, if there are any, can be asked about columns instead of inputs: neither are inputs shared nor
        zeros missing."""
        one_hot = self.design.one_hot
        return (
            self.has_trees
            and bool(self.trees.trees)
            and one_hot.all_levels
            and not one_hot.is_hashed
            and not self.design.in_sparse_part
        )

    def _raw_of_columns(self, frame: Frame, offsets: NDArray[np.float32] | None, threads: int) -> Floats:
        """`raw` by our own predictor of trees, which takes a split by level for what it is instead of 0/1 inputs."""
        self.design.missing_columns(frame)
        one_hot, classes = self.design.one_hot, max(1, len(self.start_values))
        if self._forest is None:
            width = len(one_hot.names) + len(self.design.numbers.names)
            self._forest = forest_of(self.trees, one_hot.offsets, width)
        binomial = self.details.category is Category.BINOMIAL
        found = np.empty((2 if binomial else classes, frame.n_rows))
        for start in range(0, frame.n_rows, _CHUNK_ROWS):
            some = slice(start, min(start + _CHUNK_ROWS, frame.n_rows))
            columns = rows.columns(self.design, frame.slice(start, _CHUNK_ROWS))
            margin = self._forest.predict(columns, n_classes=classes, threads=threads)
            margin += self.start_values if offsets is None else offsets[some, None]
            if self.details.category is Category.MULTINOMIAL:
                found[:, some] = softmax(margin).T
            else:
                found[-1, some] = self.on_response(margin[:, 0])
        if binomial:
            np.subtract(1.0, found[1], out=found[0])
        return found[0] if self.details.category is Category.REGRESSION else found.T

    @cached_property
    def start_values(self) -> Floats:
        """What the trees of each class add to, on the scale of the margin."""
        blank = np.full((1, self.design.n_inputs), np.nan, dtype=np.float32)
        margin = self.booster.inplace_predict(blank, predict_type="margin", validate_features=False)
        start = np.array(margin, dtype=np.float64).ravel()
        for tree, label in zip(self.trees.trees, self.trees.classes, strict=True):
            start[label] -= tree.value_of_missing()
        return start

    def _predict(self, block: Any, margin: NDArray[np.float32] | None) -> NDArray[np.float32]:
        if self.has_trees:
            return np.asarray(self.booster.inplace_predict(block, base_margin=margin, validate_features=False))
        return np.asarray(self.booster.predict(self._library_rows(block, margin)))

    @staticmethod
    def _library_rows(block: Any, margin: NDArray[np.float32] | None = None) -> Any:
        from artesian.learn.xgboost.library import DMatrix

        return DMatrix(block, base_margin=margin)

    def outputs_to_raw(self, outputs: NDArray[np.float32]) -> Floats:
        """Probabilities [n, classes] or amounts [n] of the library's predictions."""
        amounts = outputs.astype(np.float64)
        if self.details.category is Category.BINOMIAL:
            return np.column_stack([1 - amounts, amounts])
        if self.details.category is Category.MULTINOMIAL:
            return np.asarray(amounts / amounts.sum(axis=1, keepdims=True))
        return amounts

    def prediction_frame(self, raw: Floats) -> Frame:
        """See `Model`; with calibrated probabilities behind the others where there are any."""
        predictions = super().prediction_frame(raw)
        return predictions if self.calibration is None else self.calibration.beside(predictions)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return notes_of_missing(self.design.missing_columns(self.as_learnt(frame)))

    # ---- what it tells beside predictions ----

    def contributions(self, frame: Frame) -> Floats:
        """What each input adds to a row's margin (TreeSHAP; of a linear model weight × input), and last the bias.

        Shape [rows, inputs + 1]; rows sum to the margin. InvalidArgument for more than two classes.
        """
        if self.details.category is Category.MULTINOMIAL:
            raise InvalidArgument("Contributions are told for amounts and two classes; this model has more classes.")
        offsets = rows.offsets(frame, self.details.actual("offset_column"))
        parts = []
        for start, block in rows.chunks(self.design, self.as_learnt(frame)):
            margin = None if offsets is None else offsets[start : start + block.shape[0]]
            if block.shape[0]:
                parts.append(self.booster.predict(self._library_rows(block, margin), pred_contribs=True))
        if not parts:
            return np.zeros((0, self.design.n_inputs + 1))
        return np.asarray(np.concatenate(parts), dtype=np.float64)

    def leaves(self, frame: Frame) -> NDArray[np.int64]:
        """The number of the leaf of each row in each tree, shape [rows, trees]; trees round by round, then class by class."""
        if not self.has_trees:
            raise InvalidArgument("The booster gblinear has no leaves: this model is linear.")
        parts = [
            self.booster.predict(self._library_rows(block), pred_leaf=True, strict_shape=True).reshape(
                block.shape[0], -1
            )
            for _, block in rows.chunks(self.design, self.as_learnt(frame))
            if block.shape[0]
        ]
        if not parts:
            return np.zeros((0, len(self.trees.trees)), dtype=np.int64)
        return np.concatenate(parts).astype(np.int64)

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """`predict_contributions` and `leaf_node_assignment` (Path or Node_ID)."""
        if option == "predict_contributions":
            from artesian.learn.xgboost.contributions import contributions

            return contributions(self, frame, value, threads)
        if option == "leaf_node_assignment":
            leaves, trees = self.leaves(frame), self.trees.trees
            per_round = max(1, len(trees) // max(1, self.n_rounds))
            names = [f"T{i // per_round + 1}.C{i % per_round + 1}" for i in range(len(trees))]
            kind = "Node_ID" if str(value).lower() == "node_id" else "Path"
            return leaf_frame(names, leaves, lambda number: trees[number].paths(), kind)
        return super().predict_option(frame, option, value, threads=threads)

    def start_value(self) -> float:
        """What the trees add to, on the scale of the margin."""
        return float(self.start_values[0])

    def on_response(self, margin: Floats) -> Floats:
        """Predictions of margins: the probability of the second class, or amounts."""
        if self.details.category is Category.BINOMIAL:
            return np.asarray(1 / (1 + np.exp(-margin)))
        return np.asarray(margin) if self.details.actual("distribution") == "gaussian" else np.exp(margin)

    # ---- its trees, for whoever looks at them ----

    @property
    def n_rounds(self) -> int:
        """Rounds of boosting; none of a linear booster."""
        return int(self.details.extra["ntrees"]) if self.has_trees else 0

    def tree_nodes(self, number: int, label: int) -> TreeNodes:
        """The tree of a round (from 0) and a class."""
        return self._nodes(self.trees.of_class(label)[number])

    def all_nodes(self) -> list[tuple[int, int, TreeNodes]]:
        """Round, class and nodes of every tree."""
        per_round = max(1, len(self.trees.trees) // max(1, self.n_rounds))
        classes = self.trees.classes
        return [
            (number // per_round, classes[number], self._nodes(tree)) for number, tree in enumerate(self.trees.trees)
        ]

    def _nodes(self, tree: BoostedTree) -> TreeNodes:
        return nodes_of(tree, self.design.input_names, self.design.one_hot.n_inputs)

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        design, _ = self.design.to_state()
        calibration = self.calibration.to_state() if self.calibration else None
        return {"design": design, "calibration": calibration, "progress": self.progress}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`: the design's arrays and the booster in the library's UBJSON."""
        _, arrays = self.design.to_state()
        return {**arrays, _BOOSTER: np.frombuffer(self.booster.save_raw("ubj"), dtype=np.uint8)}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        from artesian.learn.xgboost.library import Booster, XGBoostError

        try:
            booster = Booster(model_file=bytearray(arrays[_BOOSTER].tobytes()))
        except XGBoostError as error:
            raise ValueError(f"the booster cannot be read ({str(error).splitlines()[0]})") from error
        calibration = state["calibration"]
        return cls(
            details,
            Design.from_state(state["design"], arrays),
            booster,
            calibration=Calibration.from_state(calibration) if calibration else None,
            progress=state["progress"],
        )
