"""Schemas of trees, feature interactions and the H statistic."""

from __future__ import annotations

from artesian.server.wire.schema import both, declare, given, out

TREE = declare(
    "TreeV3",
    "Iced",
    given("model", "Key<Model>", "The model.", echoed=False),
    given("tree_number", "int", "Number of the tree, from 0.", 0),
    both("tree_class", "string", "The class whose tree is meant, of several classes."),
    given(
        "plain_language_rules",
        "enum",
        "Whether the tree is also told in words: AUTO, TRUE or FALSE.",
        values=("AUTO", "TRUE", "FALSE"),
    ),
    out("left_children", "int[]", "Number of each node's left child, -1 for none; nodes go level by level."),
    out("right_children", "int[]", "Number of each node's right child."),
    out("root_node_id", "int", "Number of the root.", 0),
    out("thresholds", "float[]", "Where numbers are split: those below go left."),
    out("features", "string[]", "Columns that are split."),
    out("nas", "string[]", "Where missing values go."),
    out("descriptions", "string[]", "Each node in words."),
    out("levels", "int[][]", "Levels that arrive from a split by level."),
    out("predictions", "float[]", "What leaves predict."),
    out("tree_decision_path", "string", "The tree as nested conditions."),
    out("decision_paths", "string[]", "Conditions on the way to each leaf."),
)
FEATURE_INTERACTION = declare(
    "FeatureInteractionV3",
    "FeatureInteraction",
    given("model_id", "Key<Model>", "The model.", echoed=False),
    given("max_interaction_depth", "int", "Most columns of an interaction, less one.", 0),
    given("max_tree_depth", "int", "Greatest depth at which splits are looked at.", 0),
    given("max_deepening", "int", "Greatest depth at which an interaction may start; -1 for any.", 0),
    out("feature_interaction", "TwoDimTable[]", "Interactions, leaves, split values.", of="TwoDimTableV3"),
    request=True,
)
H_STATISTIC = declare(
    "FriedmanPopescusHV3",
    "FriedmanPopescusH",
    given("model_id", "Key<Model>", "The model.", echoed=False),
    given("frame", "Key<Frame>", "The frame whose rows count.", echoed=False),
    given("variables", "string[]", "Numeric columns whose interaction is measured."),
    both("h", "double", "The statistic: 0 for no interaction, up to 1.", 0.0),
    request=True,
)
