"""Encoding frames by a target encoder."""

from __future__ import annotations

from artesian.server.wire.schema import declare, given

TRANSFORM = declare(
    "TargetEncoderTransformParametersV3",
    "TargetEncoderTransformParameters",
    given("model", "Key<Model>", "The target encoder.", required=True, echoed=False),
    given("frame", "Key<Frame>", "The frame to encode.", required=True, echoed=False),
    given("as_training", "boolean", "Handle leakage as the model's parameters ask for.", False, echoed=False),
    given("blending", "boolean", "Mix the means of levels with that of all rows.", False, echoed=False),
    given("inflection_point", "double", "Rows at which both count one half; below 0: the model's.", -1.0, echoed=False),
    given("smoothing", "double", "How slowly that changes; below 0: the model's.", -1.0, echoed=False),
    given("noise", "double", "Noise that is added; -1: automatic, below -1: the model's.", -2.0, echoed=False),
)
