"""Single trees of models: `H2OTree(model, tree_number, tree_class)` with its nodes as lists and as linked objects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from artesian.client import session

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase

_NO_RULES = "Plain language rules generation is turned off."


class H2ONode:
    """A node of a tree."""

    def __init__(self, node_id: int) -> None:
        self._id = node_id

    @property
    def id(self) -> int:
        """The node's number in the server."""
        return self._id

    def show(self) -> None:
        """Prints the node."""
        print(self)

    def __str__(self) -> str:
        return f"Node ID {self._id} \n"


class H2OLeafNode(H2ONode):
    """A node without children, and what it predicts."""

    def __init__(self, node_id: int, prediction: float) -> None:
        super().__init__(node_id)
        self._prediction = prediction

    @property
    def prediction(self) -> float:
        """What it predicts."""
        return self._prediction

    def __str__(self) -> str:
        return f"Leaf node ID {self._id}. \nPredicted value at leaf node is {self._prediction} \n"


class H2OSplitNode(H2ONode):
    """A node that splits a column: numbers below `threshold` go left, or levels as `left_levels` and `right_levels` say."""

    def __init__(
        self,
        node_id: int,
        threshold: float,
        left_child: H2ONode,
        right_child: H2ONode,
        split_feature: str,
        na_direction: str | None,
        left_levels: list[str] | None,
        right_levels: list[str] | None,
    ) -> None:
        super().__init__(node_id)
        self.threshold, self.split_feature, self.na_direction = threshold, split_feature, na_direction
        self.left_child, self.right_child = left_child, right_child
        self.left_levels, self.right_levels = left_levels, right_levels

    def __str__(self) -> str:
        lines = [
            f"Node ID {self._id}",
            f"Left child node ID = {self.left_child.id}",
            f"Right child node ID = {self.right_child.id}",
            "",
            f"Splits on column {self.split_feature}",
        ]
        if self.threshold is None or math.isnan(self.threshold):
            lines.append(f"  - Categorical levels going to the left node: {self.left_levels}")
            lines.append(f"  - Categorical levels going to the right node: {self.right_levels}")
        else:
            lines.append(f"Split threshold < {self.threshold} to the left node, >= {self.threshold} to the right node")
        if self.na_direction is not None:
            lines += ["", f"NA values go to the {self.na_direction}"]
        return "\n".join(lines)


class H2OTree:
    """One tree of a model; lists run along its nodes, level by level from the root.

    `tree_class` names the class whose tree is meant, of a model of several classes. `plain_language_rules`: whether the
    tree is also told in words; 'AUTO' does so for small trees.
    """

    def __init__(
        self,
        model: ModelBase,
        tree_number: int,
        tree_class: str | None = None,
        plain_language_rules: str | bool = "AUTO",
    ) -> None:
        data = {
            "model": model.model_id,
            "tree_number": tree_number,
            "tree_class": tree_class,
            "plain_language_rules": str(plain_language_rules).upper(),
        }
        reply = session.api("GET /3/Tree", data=data)
        self.model_id: str = model.model_id
        self._tree_number: int = tree_number
        self._tree_class: str | None = reply["tree_class"]
        self.left_children, self.right_children, self.node_ids = _places(
            reply["left_children"], reply["right_children"], reply["root_node_id"]
        )
        self.descriptions: list[str] = reply["descriptions"]
        self.thresholds: list[float] = [math.nan if value == "NaN" else value for value in reply["thresholds"]]
        self.features: list[str | None] = reply["features"]
        self.nas: list[str | None] = reply["nas"]
        self.predictions: list[float] = [math.nan if value == "NaN" else value for value in reply["predictions"]]
        self.levels = self._levels(model, reply["levels"])
        self.left_cat_split = [self.levels[child] if child != -1 else None for child in self.left_children]
        self.right_cat_split = [self.levels[child] if child != -1 else None for child in self.right_children]
        told = reply["tree_decision_path"] is not None
        self.tree_decision_path: str = reply["tree_decision_path"] if told else _NO_RULES
        self.decision_paths: Any = reply["decision_paths"] if told else _NO_RULES
        self.root_node: H2ONode = self._linked()

    @property
    def tree_number(self) -> int:
        """The number of the tree, from 0."""
        return self._tree_number

    @property
    def tree_class(self) -> str | None:
        """The class whose tree it is; None of a model of a number."""
        return self._tree_class

    def _levels(self, model: ModelBase, numbers: list[list[int] | None]) -> list[list[str] | None]:
        """The levels that arrive at each node from a split by level."""
        found: list[list[str] | None] = [None] * len(self.left_children)
        output = model._output
        for node, feature in enumerate(self.features):
            if feature is None or feature not in output["names"]:
                continue
            domain = output["domains"][output["names"].index(feature)]
            for child in (self.left_children[node], self.right_children[node]):
                if domain is not None and child != -1:
                    found[child] = [domain[level] for level in numbers[child] or []]
        return found

    def _linked(self) -> H2ONode:
        """The nodes as linked objects; children come behind their parents, so the last ones are made first."""
        made: dict[int, H2ONode] = {}
        for node in reversed(range(len(self.node_ids))):
            left, right = self.left_children[node], self.right_children[node]
            if left == -1:
                made[node] = H2OLeafNode(self.node_ids[node], self.predictions[node])
                continue
            made[node] = H2OSplitNode(
                self.node_ids[node],
                self.thresholds[node],
                made[left],
                made[right],
                str(self.features[node]),
                self.nas[node],
                self.levels[left],
                self.levels[right],
            )
        return made[0]

    def __len__(self) -> int:
        return len(self.node_ids)

    def __str__(self) -> str:
        return (
            f"Tree related to model {self.model_id}. Tree number is {self.tree_number}, "
            f"tree class is '{self.tree_class}'\n\n"
        )

    def show(self) -> None:
        """Prints which tree it is."""
        print(self)


def _places(left: list[int], right: list[int], root: int) -> tuple[list[int], list[int], list[int]]:
    """Children as places in the lists rather than as numbers of the server, and the numbers by place."""
    numbers = [root]
    places: tuple[list[int], list[int]] = ([], [])
    for pair in zip(left, right, strict=True):
        for side, child in zip(places, pair, strict=True):
            side.append(-1 if child == -1 else len(numbers))
            if child != -1:
                numbers.append(child)
    return places[0], places[1], numbers
