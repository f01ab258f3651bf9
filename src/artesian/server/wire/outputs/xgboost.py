"""XGBoost."""

from __future__ import annotations

from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field, out

OWN: dict[str, tuple[Field, ...]] = {
    "xgboost": (
        VARIMP,
        out(
            "variable_importances_cover", "TwoDimTable", "Rows that the splits of each input part.", of="TwoDimTableV3"
        ),
        out("variable_importances_frequency", "TwoDimTable", "How often each input is split.", of="TwoDimTableV3"),
        out("native_parameters", "TwoDimTable", "The library's own parameters.", of="TwoDimTableV3"),
        out("sparse", "boolean", "Whether zeros of numeric columns were left out.", False),
    ),
}
