"""The parts of the xgboost library that are used here.

The library imports scikit-learn where that is installed, for estimators that nothing here needs; that takes several times as long
as all the rest of it, so workers leave it out.
"""

from artesian.core.processes import without

with without("sklearn"):
    from xgboost import Booster, DMatrix, QuantileDMatrix
    from xgboost.core import XGBoostError

__all__ = ["Booster", "DMatrix", "QuantileDMatrix", "XGBoostError"]
