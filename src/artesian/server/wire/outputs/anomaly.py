"""Isolation forests."""

from __future__ import annotations

from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "isolationforest": (
        VARIMP,
        out("init_f", "double", "What the trees add to.", 0.0),
        out("variable_splits", "TwoDimTable", "How often and how each column was split.", of="TwoDimTableV3"),
    ),
    "extendedisolationforest": (),
}
