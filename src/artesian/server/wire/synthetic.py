"""Requests for frames of random values, for missing values put into frames, and for interactions of columns."""

from __future__ import annotations

from typing import Any

from artesian.frame.synthetic import Recipe
from artesian.server.wire.schema import both, declare, given, out

_DEFAULT = Recipe()
CREATE_FRAME = declare(
    "CreateFrameV3",
    "CreateFrame",
    both("dest", "Key<Frame>", "Key of the frame to make."),
    both("rows", "long", "Rows.", _DEFAULT.rows),
    both("cols", "int", "Columns, a response not counted.", _DEFAULT.columns),
    both("seed", "long", "Seed of the values; -1 draws one.", _DEFAULT.seed),
    both("seed_for_column_types", "long", "Seed of the kinds of columns; -1: as seed.", _DEFAULT.seed_for_column_types),
    both("randomize", "boolean", "Random values; else every cell is the value.", _DEFAULT.randomize),
    both("value", "double", "The value of every cell, without randomize.", _DEFAULT.value),
    both("real_range", "double", "Real values lie within plus and minus this.", _DEFAULT.real_range),
    both("categorical_fraction", "double", "Share of categorical columns.", _DEFAULT.categorical_fraction),
    both("factors", "int", "Levels of a categorical column.", _DEFAULT.factors),
    both("integer_fraction", "double", "Share of columns of whole numbers.", _DEFAULT.integer_fraction),
    both("integer_range", "long", "Whole numbers lie within plus and minus this.", _DEFAULT.integer_range),
    both("binary_fraction", "double", "Share of columns of 0 and 1.", _DEFAULT.binary_fraction),
    both("binary_ones_fraction", "double", "Share of ones in them.", _DEFAULT.binary_ones_fraction),
    both("time_fraction", "double", "Share of columns of times.", _DEFAULT.time_fraction),
    both("string_fraction", "double", "Share of columns of strings.", _DEFAULT.string_fraction),
    both("missing_fraction", "double", "Share of missing values.", _DEFAULT.missing_fraction),
    both("has_response", "boolean", "Put a response before the other columns.", _DEFAULT.has_response),
    both("response_factors", "int", "Levels of the response; 1 for a real one.", _DEFAULT.response_factors),
    both("positive_response", "boolean", "A real response is at least 0.", _DEFAULT.positive_response),
    out("key", "Key<Job>", "The job that makes the frame.", of="JobKeyV3"),
    request=True,
)
MISSING_INSERTER = declare(
    "MissingInserterV3",
    "MissingInserter",
    given("dataset", "Key<Frame>", "The frame.", required=True),
    given("fraction", "double", "Share of its values to lose.", 0.0, required=True),
    given("seed", "long", "Seed of the choice; drawn without one."),
    request=True,
)
INTERACTION = declare(
    "InteractionV3",
    "Interaction",
    both("dest", "Key<Frame>", "Key of the frame to make."),
    both("source_frame", "Key<Frame>", "The frame with the columns."),
    both("factor_columns", "string[]", "Categorical columns."),
    both("pairwise", "boolean", "Every two of three or more columns, not all of them at once.", False),
    both("max_factors", "int", "Most levels to keep; the rest is one level.", 100, required=True),
    both("min_occurrence", "int", "How often a level must occur to be kept.", 1),
    request=True,
)


def recipe(values: dict[str, Any]) -> Recipe:
    """What a request asks for."""
    names = [field.name for field in CREATE_FRAME.fields if field.is_input]
    plain = {name: values[name] for name in names if name not in ("dest", "cols", "_exclude_fields")}
    return Recipe(columns=values["cols"], **plain)
