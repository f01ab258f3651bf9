"""Fields that several families share."""

from __future__ import annotations

from artesian.server.wire.schema import out

VARIMP = out("variable_importances", "TwoDimTable", "How much each input counts.", of="TwoDimTableV3")
