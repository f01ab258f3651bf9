"""Isotonic regression."""

from __future__ import annotations

from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "isotonicregression": (
        out("thresholds_y", "double[]", "Values of the function at the thresholds."),
        out("thresholds_x", "double[]", "Where the function bends."),
        out("min_x", "double", "Least value of the column in training.", 0.0),
        out("max_x", "double", "Largest value of the column in training.", 0.0),
    ),
}
