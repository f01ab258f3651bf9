"""Segment models: the request that builds them. Parameters of the algorithm come beside these fields."""

from __future__ import annotations

from typing import Any

from artesian.server.wire.schema import Schema, both, declare, given

KEY = declare(
    "SegmentModelsKeyV3",
    "Key<SegmentModels>",
    both("name", "string", "Name of the object."),
    both("type", "string", "Kind of the object that the key stands for."),
    both("URL", "string", "Address where the object can be read, if there is one."),
    parent="KeyV3",
)
SEGMENT_MODELS_PARAMETERS: Schema = declare(
    "SegmentModelsParametersV3",
    "SegmentModelsParameters",
    given("algo", "string", "Algorithm of the models.", echoed=False),
    given("segment_models_id", "Key<SegmentModels>", "Key of the segment models."),
    given("segments", "Key<Frame>", "Frame with a row for each segment to build a model for."),
    given("segment_columns", "string[]", "Columns whose combinations of values are the segments."),
    given("parallelism", "int", "How many models are trained at a time.", 1),
)
SEGMENT_MODELS = declare(
    "SegmentModelsV3", "Iced", given("segment_models_id", "Key<SegmentModels>", "Key of the segment models.")
)
OWN = tuple(SEGMENT_MODELS_PARAMETERS.inputs)


def segment_models_key(name: str) -> dict[str, Any]:
    """The key of segment models."""
    return KEY.new(name=name, type="Key<SegmentModels>")
