"""One tree of a model as lists of nodes, and in words.

`TreeNodes` is what any model of trees makes of one of its trees; the rest works on it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.trees.grid import CategoricalCells, Grid
from artesian.learn.trees.grower import Tree

FEW_NODES = 256
"""Trees of fewer nodes are told in words where it is left to us."""


class HasTrees(Protocol):
    """A model whose trees can be looked at."""

    details: ModelDetails

    def tree_nodes(self, number: int, label: int) -> TreeNodes:
        """The tree of a round (from 0) and a class. InvalidArgument where the class has none."""

    @property
    def n_rounds(self) -> int:
        """How many rounds of trees there are."""


@dataclass
class TreeNodes:
    """The nodes of a tree; node 0 is the root, children have higher numbers. Lists run along the nodes.

    `feature` is the name of the column that a node splits, None of a leaf; `threshold` NaN of leaves, of splits by level and
    of missing values from all others (`by_missing`). `left_levels` are the numbers of levels that go left at a split by
    level, of `n_levels`. `value` is what a leaf predicts (NaN elsewhere), `gain` the squared error that a split takes away,
    `cover` the weight of the rows.
    """

    feature: list[str | None]
    threshold: list[float]
    left: list[int]
    right: list[int]
    missing_left: list[bool]
    left_levels: list[list[int] | None]
    n_levels: dict[str, int]
    value: list[float]
    gain: list[float]
    cover: list[float]

    def __len__(self) -> int:
        return len(self.feature)

    def parents(self) -> list[int]:
        """The parent of each node; -1 of the root."""
        found = [-1] * len(self)
        for node in range(len(self)):
            for child in (self.left[node], self.right[node]):
                if child >= 0:
                    found[child] = node
        return found

    def breadth_first(self) -> list[int]:
        """The nodes level by level, from left to right."""
        order, level = [], [0]
        while level:
            order += level
            level = [child for node in level for child in (self.left[node], self.right[node]) if child >= 0]
        return order

    def missing_directions(self) -> list[str | None]:
        """Where missing values go at each node; None where none can arrive."""
        found: list[str | None] = [None] * len(self)
        gone: list[set[str]] = [set() for _ in range(len(self))]
        for node, name in enumerate(self.feature):
            if name is None:
                continue
            left, right = self.left[node], self.right[node]
            gone[left], gone[right] = set(gone[node]), set(gone[node])
            if name not in gone[node]:
                found[node] = "LEFT" if self.missing_left[node] else "RIGHT"
                gone[right if self.missing_left[node] else left].add(name)
        return found

    def levels_arriving(self) -> list[list[int] | None]:
        """The levels of the parent's column that can arrive at each node; None where the parent splits numbers."""
        found: list[list[int] | None] = [None] * len(self)
        allowed: list[dict[str, set[int]]] = [{} for _ in range(len(self))]
        for node, name in enumerate(self.feature):
            if name is None:
                continue
            left, right, levels = self.left[node], self.right[node], self.left_levels[node]
            allowed[left], allowed[right] = dict(allowed[node]), dict(allowed[node])
            if levels is None:
                continue
            here = allowed[node].get(name, set(range(self.n_levels[name])))
            allowed[left][name], allowed[right][name] = here & set(levels), here - set(levels)
            found[left], found[right] = sorted(allowed[left][name]), sorted(allowed[right][name])
        return found


def nodes_of(tree: Tree, grid: Grid) -> TreeNodes:
    """A tree of the engine as lists."""
    features, threshold = tree.feature, tree.threshold
    left_levels: list[list[int] | None] = [None] * tree.n_nodes
    categorical = tree.is_categorical & (features >= 0)
    for node in np.flatnonzero(categorical):
        cells = grid.cells[int(features[node])]
        assert isinstance(cells, CategoricalCells)
        goes_left = tree.left_cells(int(node), cells.n_cells)
        left_levels[node] = np.flatnonzero(goes_left[cells.cells]).tolist()
    return TreeNodes(
        [grid.names[number] if number >= 0 else None for number in features],
        threshold.tolist(),
        tree.left.tolist(),
        tree.right.tolist(),
        tree.missing_left.tolist(),
        left_levels,
        {name: len(levels) for name, levels in zip(grid.names, grid.levels, strict=True) if levels},
        tree.value.tolist(),
        tree.gain.astype(float).tolist(),
        tree.cover.astype(float).tolist(),
    )


def class_number(details: ModelDetails, tree_class: str | None) -> int:
    """The class whose tree is meant. InvalidArgument for one that has none."""
    wanted = (tree_class or "").strip()
    domain = details.response_domain
    if details.category is Category.REGRESSION or not domain:
        if wanted:
            raise InvalidArgument(
                f"There are no tree classes for {details.category.value}. Got '{wanted}'; leave it out."
            )
        return 0
    if details.category is Category.BINOMIAL:
        if wanted and wanted != domain[0]:
            raise InvalidArgument(
                f"For binomial XGBoost model, only one tree for class {domain[0]} has been built."
                if details.algorithm == "xgboost"
                else f"For binomial, only one tree class has been built per each iteration: {domain[0]}"
            )
        return 0
    if wanted not in domain:
        raise InvalidArgument(
            f"There is no such tree class. Given categorical level does not exist in response column: {wanted}."
            f"{did_you_mean(wanted, domain)}"
        )
    return domain.index(wanted)


def tree_of(model: HasTrees, number: int, tree_class: str | None, rules: str = "AUTO") -> dict[str, Any]:
    """What is told of one tree: lists along its nodes, level by level. InvalidArgument for a tree that is not there."""
    if number < 0:
        raise InvalidArgument(f"Invalid tree number: {number}. Tree number must be >= 0.")
    if number >= model.n_rounds:
        raise InvalidArgument(
            f"There is no such tree number for given class. Total number of trees is {model.n_rounds}."
        )
    details = model.details
    label = class_number(details, tree_class)
    nodes = model.tree_nodes(number, label)
    domains = dict(zip(details.names, details.domains, strict=True))
    words = TreeInWords(nodes, domains)
    order = nodes.breadth_first()
    arriving, directions = nodes.levels_arriving(), nodes.missing_directions()
    tell = rules == "TRUE" or (rules == "AUTO" and len(nodes) < FEW_NODES)
    domain = details.response_domain
    predictions = [nodes.value[node] for node in order]
    predictions[0] = 0.0 if len(order) > 1 else predictions[0]
    return {
        "tree_class": domain[label] if domain else None,
        "left_children": [nodes.left[node] for node in order],
        "right_children": [nodes.right[node] for node in order],
        "root_node_id": 0,
        "thresholds": [nodes.threshold[node] for node in order],
        "features": [nodes.feature[node] for node in order],
        "nas": [directions[node] for node in order],
        "descriptions": [words.description(node) for node in order],
        "levels": [arriving[node] or None for node in order],
        "predictions": predictions,
        "tree_decision_path": words.whole() if tell else None,
        "decision_paths": words.paths(order) if tell else [None] * len(order),
    }


class TreeInWords:
    """A tree as nested conditions, as the conditions on the way to each leaf, and node by node."""

    def __init__(self, nodes: TreeNodes, domains: dict[str, list[str] | None]) -> None:
        self.nodes, self.domains = nodes, domains
        self._arriving, self._directions, self._parents = (
            nodes.levels_arriving(),
            nodes.missing_directions(),
            nodes.parents(),
        )

    def _levels(self, node: int, name: str) -> str:
        domain, arriving = self.domains.get(name) or [], self._arriving[node] or []
        return "".join(f"{domain[level]} " for level in arriving if level < len(domain))

    def condition(self, node: int, *, right: bool) -> str:
        """What must hold to go on to a child of the node."""
        nodes, name = self.nodes, self.nodes.feature[node]
        assert name is not None
        child = nodes.right[node] if right else nodes.left[node]
        if nodes.left_levels[node] is not None:
            return f"{name} is in [{self._levels(child, name)}]"
        threshold = nodes.threshold[node]
        if np.isnan(threshold):
            to_missing = nodes.missing_left[node] != right
            return f"{name} is NaN" if to_missing else f"{name} is not NaN"
        missing = self._directions[node] == ("RIGHT" if right else "LEFT")
        return f"{name} {'>=' if right else '<'} {threshold:.9g}{f' or {name} is NaN' if missing else ''}"

    def whole(self) -> str:
        """The tree as nested conditions, the right child first."""
        lines: list[str] = []
        stack: list[tuple[int, int, str]] = [(0, 0, "node")]
        while stack:  # no recursion: trees may be deep
            node, depth, what = stack.pop()
            pad = "\t" * depth
            if what == "else":
                name = self.nodes.feature[node]
                by_level = self.nodes.left_levels[node] is not None
                inner = f"if ( {name} is in [ {self._levels(self.nodes.left[node], str(name))}]) " if by_level else ""
                lines.append(f"{pad}}} else {inner}{{")
            elif what == "end":
                lines.append(f"{pad}}}")
            elif self.nodes.feature[node] is None:
                lines.append(f"{pad}Predicted value: {self.nodes.value[node]:.9g}")
            else:
                lines.append(f"{pad}If ( {self.condition(node, right=True)} ) {{")
                stack += [(node, depth, "end"), (self.nodes.left[node], depth + 1, "node"), (node, depth, "else")]
                stack.append((self.nodes.right[node], depth + 1, "node"))
        return "\n".join(lines)

    def paths(self, order: list[int]) -> list[str | None]:
        """The conditions on the way to each leaf and its prediction; None for other nodes."""
        before = [""] * len(self.nodes)
        for node, name in enumerate(self.nodes.feature):
            if name is not None:
                for right, child in ((False, self.nodes.left[node]), (True, self.nodes.right[node])):
                    before[child] = f"{before[node]}If ( {self.condition(node, right=right)} ) -> "
        return [
            f"{before[node]}Prediction: {self.nodes.value[node]:.9g}" if self.nodes.feature[node] is None else None
            for node in order
        ]

    def description(self, node: int) -> str:
        """One node in a sentence or two."""
        name, parent = self.nodes.feature[node], self._parents[node]
        if name is None:
            text = f"Node {node} is a leaf and predicts {self.nodes.value[node]:.9g}."
        else:
            left, right = self.nodes.left[node], self.nodes.right[node]
            text = (
                f"Node {node} splits on column '{name}': if {self.condition(node, right=False)} to the left node ({left}), "
                f"else to the right node ({right})."
            )
        if parent >= 0:
            came_right = self.nodes.right[parent] == node
            text += f" It is reached from node {parent} if {self.condition(parent, right=came_right)}."
        return text
