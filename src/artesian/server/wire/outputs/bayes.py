"""Naive Bayes."""

from __future__ import annotations

from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "naivebayes": (
        out("levels", "string[]", "The classes."),
        out("apriori", "TwoDimTable", "Shares of the classes.", of="TwoDimTableV3"),
        out("pcond", "TwoDimTable[]", "By class: shares of levels, or mean and deviation.", of="TwoDimTableV3"),
    ),
}
