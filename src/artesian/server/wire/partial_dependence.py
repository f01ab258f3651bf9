"""Partial dependence: the request, and the tables that answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from artesian.server.wire.keys import frame_key, model_key
from artesian.server.wire.schema import both, declare, given, out
from artesian.server.wire.table import table

PARTIAL_DEPENDENCE = declare(
    "PartialDependenceV3",
    "PartialDependence",
    both("model_id", "Key<Model>", "The model."),
    both("frame_id", "Key<Frame>", "The frame whose rows are predicted."),
    both("row_index", "long", "The one row to look at, from 0; -1 for all.", -1),
    both("cols", "string[]", "Columns to look at one by one; without any, those that matter most."),
    both("weight_column_index", "int", "Position of a column of row weights; -1 for none.", -1),
    both("add_missing_na", "boolean", "Also try the missing value.", False),
    both("nbins", "int", "Values to try of a numeric column.", 20),
    both("user_splits", "double[]", "Values to try, those of all user_cols one after the other."),
    both("user_cols", "string[]", "Columns that values are given for."),
    both("num_user_splits", "int[]", "How many values each of the user_cols is given."),
    out("partial_dependence_data", "TwoDimTable[]", "A table a column (and target).", of="TwoDimTableV3"),
    both("col_pairs_2dpdp", "string[][]", "Pairs of columns to look at together."),
    given("destination_key", "Key<PartialDependence>", "Key to keep the outcome under."),
    given("targets", "string[]", "Classes to look at, of a model of more than two."),
)
_ASKED = (
    "row_index", "cols", "weight_column_index", "add_missing_na", "nbins", "user_splits", "user_cols", "num_user_splits",
    "col_pairs_2dpdp",
)  # fmt: skip


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """What of a request is told again with its outcome."""
    return {name: values[name] for name in _ASKED}


def _named_plainly(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The table with the names of columns as clients ask for them: in lower case, words joined by underscores."""
    columns = [
        {
            **column,
            "name": re.sub(r"\W", "", re.sub(r"[\s_]+", "_", column["name"].lower())),
            "description": column["name"],
        }
        for column in plain["columns"]
    ]
    return {**plain, "columns": columns}


def partial_dependence(document: Mapping[str, Any]) -> dict[str, Any]:
    """A kept outcome: `model`, `frame`, what was `asked`, and its `tables`."""
    return PARTIAL_DEPENDENCE.new(
        **document["asked"],
        model_id=model_key(document["model"]),
        frame_id=frame_key(document["frame"]),
        partial_dependence_data=[table(_named_plainly(item)) for item in document["tables"]],
    )
