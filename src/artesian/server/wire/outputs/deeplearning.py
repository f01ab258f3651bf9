"""Deep Learning."""

from __future__ import annotations

from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "deeplearning": (
        out("weights", "Key<Frame>[]", "Weight matrices, layer by layer.", of="FrameKeyV3"),
        out("biases", "Key<Frame>[]", "Bias vectors, layer by layer.", of="FrameKeyV3"),
        out("normmul", "double[]", "Factors that standardise the numeric inputs."),
        out("normsub", "double[]", "Offsets that standardise the numeric inputs."),
        out("normrespmul", "double[]", "Factor that standardises a numeric response."),
        out("normrespsub", "double[]", "Offset that standardises a numeric response."),
        out("catoffsets", "int[]", "Where the inputs of each categorical column start."),
        VARIMP,
    ),
}
