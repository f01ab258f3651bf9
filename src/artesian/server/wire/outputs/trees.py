"""Models of trees."""

from __future__ import annotations

from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field, out

_START = out("init_f", "double", "What the trees add to, on the scale of the output.", 0.0)

OWN: dict[str, tuple[Field, ...]] = {"gbm": (VARIMP, _START), "drf": (VARIMP, _START), "dt": ()}
