"""Which features split together: gain, frequency and depth of the paths that splits of the same columns make.

The measures and tables are those of xgbfi (Xgboost Feature Interactions), which H2O has as well: each run of splits down a
tree is one occurrence of the set of its columns. The gain of an occurrence is the sum of its splits' gains, its weight the
share of the rows that arrive at its last split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from artesian.learn.base.table import Table, TableColumn
from artesian.learn.trees.inspection import TreeNodes

_MEASURES = ("gain", "fscore", "wfscore", "average_wfscore", "average_gain", "expected_gain")


@dataclass
class Interaction:
    """All occurrences of one set of columns."""

    name: str
    depth: int
    gain: float = 0.0
    count: int = 0
    probability: float = 0.0
    expected_gain: float = 0.0
    tree_index: float = 0.0
    tree_depth: float = 0.0
    leaf_left: float = 0.0
    leaf_right: float = 0.0
    cover_left: float = 0.0
    cover_right: float = 0.0
    has_leaves: bool = False
    splits: dict[float, int] = field(default_factory=lambda: defaultdict(int))

    def measures(self) -> tuple[float, ...]:
        """The numbers that interactions are ranked by, in the order of `_MEASURES`."""
        count = float(self.count)
        return (self.gain, count, self.probability, self.probability / count, self.gain / count, self.expected_gain)


class Interactions:
    """Interactions of many trees by name, up to the limits given (negative deepening: paths may start anywhere)."""

    def __init__(self, max_interaction_depth: int, max_tree_depth: int, max_deepening: int) -> None:
        self._most, self._deepest, self._deepening = max_interaction_depth, max_tree_depth, max_deepening
        self.found: dict[str, Interaction] = {}

    def add(self, tree: TreeNodes, index: int) -> None:
        """Adds the paths of one tree, the `index`th."""
        total = tree.cover[0] or 1.0
        depth = [0] * len(tree)
        for node, name in enumerate(tree.feature):
            if name is None:
                continue
            depth[tree.left[node]] = depth[tree.right[node]] = depth[node] + 1
            if self._deepening < 0 or depth[node] <= self._deepening:
                self._add_paths_from(tree, node, depth[node], index, total)

    def _add_paths_from(self, tree: TreeNodes, start: int, depth: int, index: int, total: float) -> None:
        stack: list[tuple[int, tuple[str, ...], float, int]] = [(start, (), 0.0, depth)]
        while stack:
            node, before, gain, level = stack.pop()
            name = tree.feature[node]
            if name is None or level >= self._deepest or len(before) > self._most:
                continue
            path, gain = (*before, name), gain + tree.gain[node]
            key = "|".join(sorted(path))
            found = self.found.get(key)
            if found is None:
                found = self.found[key] = Interaction(key, len(path) - 1)
            share = tree.cover[node] / total
            found.gain += gain
            found.count += 1
            found.probability += share
            found.expected_gain += gain * share
            found.tree_index += index
            found.tree_depth += level
            if not before:
                found.splits[tree.threshold[node]] += 1
            if start == 0:
                self._add_leaves(found, tree, node)
            stack += [(tree.left[node], path, gain, level + 1), (tree.right[node], path, gain, level + 1)]

    @staticmethod
    def _add_leaves(found: Interaction, tree: TreeNodes, node: int) -> None:
        left, right = tree.left[node], tree.right[node]
        if tree.feature[left] is None:
            found.leaf_left += tree.value[left]
            found.cover_left += tree.cover[left]
            found.has_leaves = True
        if tree.feature[right] is None:
            found.leaf_right += tree.value[right]
            found.cover_right += tree.cover[right]
            found.has_leaves = True

    def tables(self) -> list[Table]:
        """A table for each number of columns less one, one of leaves, and one of split values for each column."""
        if not self.found:
            return []
        by_depth: dict[int, list[Interaction]] = defaultdict(list)
        for item in self.found.values():
            by_depth[item.depth].append(item)
        tables = [_table(depth, by_depth.get(depth, [])) for depth in range(max(by_depth) + 1)]
        tables.append(_leaf_table([item for item in self.found.values() if item.has_leaves]))
        return tables + [_histogram(item) for item in by_depth[0]]


def interaction_tables(
    trees: Iterable[tuple[int, TreeNodes]], max_interaction_depth: int, max_tree_depth: int, max_deepening: int
) -> list[Table]:
    """The tables of trees with their number; none without splits."""
    interactions = Interactions(max_interaction_depth, max_tree_depth, max_deepening)
    for index, tree in trees:
        interactions.add(tree, index)
    return interactions.tables()


def _ranks(values: Sequence[float]) -> list[int]:
    """The place of each value from the largest on, from 1; equal ones keep their order."""
    order = np.argsort(-np.array(values), kind="stable")
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = np.arange(1, len(values) + 1)
    return ranks.tolist()


def _table(depth: int, items: list[Interaction]) -> Table:
    items = sorted(items, key=lambda item: -item.gain)
    measures = list(zip(*(item.measures() for item in items), strict=True)) or [()] * len(_MEASURES)
    ranks = [_ranks(values) for values in measures]
    titles = ("Gain", "FScore", "wFScore", "Average wFScore", "Average Gain", "Expected Gain")
    columns = [(TableColumn("interaction", "string", "%s", "Interaction"), [item.name for item in items])]
    more = [
        (TableColumn(name, "double", "%.5f", title), values)
        for name, title, values in zip(_MEASURES, titles, measures, strict=True)
    ]
    names = ("gain_rank", "fscore_rank", "wfscore_rank", "avg_wfscore_rank", "avg_gain_rank", "expected_gain_rank")
    rank_titles = (
        "Gain Rank",
        "FScore Rank",
        "wFScore Rank",
        "Avg wFScore Rank",
        "Avg Gain Rank",
        "Expected Gain Rank",
    )
    ranked = [
        (TableColumn(name, "int", "%d", title), values)
        for name, title, values in zip(names, rank_titles, ranks, strict=True)
    ]
    mean_rank = [sum(values) / len(ranks) for values in zip(*ranks, strict=True)]
    last = [
        (TableColumn("average_rank", "double", "%.5f", "Average Rank"), mean_rank),
        (
            TableColumn("average_tree_index", "double", "%.5f", "Average Tree Index"),
            [item.tree_index / item.count for item in items],
        ),
        (
            TableColumn("average_tree_depth", "double", "%.5f", "Average Tree Depth"),
            [item.tree_depth / item.count for item in items],
        ),
    ]
    return Table.build(f"Interaction Depth {depth}", "", [*columns, *more, *ranked, *last])


def _leaf_table(items: list[Interaction]) -> Table:
    numbers = (
        ("sum_leaf_values_left", "Sum Leaf Values Left", [item.leaf_left for item in items]),
        ("sum_leaf_values_right", "Sum Leaf Values Right", [item.leaf_right for item in items]),
        ("sum_leaf_covers_left", "Sum Leaf Covers Left", [item.cover_left for item in items]),
        ("sum_leaf_covers_right", "Sum Leaf Covers Right", [item.cover_right for item in items]),
    )
    head = (TableColumn("interaction", "string", "%s", "Interaction"), [item.name for item in items])
    rest = [(TableColumn(name, "double", "%.5f", title), values) for name, title, values in numbers]
    return Table.build("Leaf Statistics", "", [head, *rest])


def _histogram(item: Interaction) -> Table:
    values = sorted(value for value in item.splits if not np.isnan(value))
    unordered = sum(count for value, count in item.splits.items() if np.isnan(value))
    cells = [*values, *([float("nan")] if unordered else [])]
    counts = [item.splits[value] for value in values] + ([unordered] if unordered else [])
    return Table.build(
        f"{item.name} Split Value Histogram",
        "",
        [
            (TableColumn("split_value", "double", "%.5f", "Split Value"), cells),
            (TableColumn("count", "int", "%d", "Count"), counts),
        ],
    )
