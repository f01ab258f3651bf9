"""K-means."""

from __future__ import annotations

from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "kmeans": (
        out("centers", "TwoDimTable", "The centres, in the units of the columns.", of="TwoDimTableV3"),
        out(
            "centers_std",
            "TwoDimTable",
            "The centres, in the units that distances are measured in.",
            of="TwoDimTableV3",
        ),
    ),
}
