"""Principal components and singular value decomposition."""

from __future__ import annotations

from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "pca": (
        out("importance", "TwoDimTable", "Deviation and share of the variance of each component.", of="TwoDimTableV3"),
        out("eigenvectors", "TwoDimTable", "The weights of the inputs in each component.", of="TwoDimTableV3"),
        out("objective", "double", "Final value of the objective, of methods that have one.", 0.0),
    ),
    "svd": (
        out("v_key", "Key<Frame>", "Right singular vectors.", of="FrameKeyV3"),
        out("d", "double[]", "Singular values, largest first."),
        out("u_key", "Key<Frame>", "Left singular vectors.", of="FrameKeyV3"),
    ),
}
