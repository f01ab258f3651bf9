"""What the estimator of XGBoost has beyond all others."""

from __future__ import annotations

from typing import Any

from artesian.client import session
from artesian.client.estimators.base import H2OEstimator


class XGBoostEstimator(H2OEstimator):
    """Base of the estimator of XGBoost."""

    @staticmethod
    def available() -> bool:
        """Whether the server can train XGBoost models, which needs a library."""
        reply = session.api("GET /3/Capabilities/Core")
        return any(entry["name"] == "XGBoost" for entry in reply["capabilities"])

    def convert_H2OXGBoostParams_2_XGBoostParams(self) -> tuple[dict[str, Any], int]:  # noqa: N802
        """The parameters that the xgboost library was given, and the number of rounds."""
        table = self._output["native_parameters"]
        found = dict(zip(table["name"], table["value"], strict=True))
        rounds = int(found.pop("nround"))
        return found, rounds
