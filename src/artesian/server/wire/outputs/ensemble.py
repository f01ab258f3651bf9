"""Stacked ensembles, and greedy weights."""

from __future__ import annotations

from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "stackedensemble": (
        out("metalearner", "Key<Model>", "The model that combines the base models.", of="ModelKeyV3"),
        out("levelone_frame_id", "Key<Frame>", "The frame that it learnt from, if it is kept.", of="FrameKeyV3"),
        out("stacking_strategy", "enum", "cross_validation or blending."),
    ),
    "greedy": (
        VARIMP,
        out("weights_table", "TwoDimTable", "The weights.", of="TwoDimTableV3"),
    ),
}
