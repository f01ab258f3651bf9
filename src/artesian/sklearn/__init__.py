"""`artesian.sklearn`: estimators of scikit-learn that train in an Artesian server.

Each estimator of `artesian.estimators`, AutoML and each transformation of `artesian.transforms` has wrappers here, made when
they are first asked for: `H2OGradientBoostingClassifier`, `H2OAutoMLRegressor`, `H2OScaler` … They take arrays, lists, data
frames and frames, and work in pipelines and searches. `h2o_connection()` gives a connection for a block.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from artesian.client.scikit import classes as _classes
from artesian.client.scikit.connecting import h2o_connection as h2o_connection

_excluded_estimators = _classes.EXCLUDED
_generic_only_estimators = _classes.GENERIC_ONLY
_classifier_only_estimators = _classes.CLASSIFIER_ONLY
_regressor_only_estimators = _classes.REGRESSOR_ONLY

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name == "__all__":
            return __dir__()
        if name.startswith("_"):
            raise AttributeError(name)
        if name in (*_classes.PARTS, "wrapper"):
            return importlib.import_module(f"artesian.sklearn.{name}")
        found = _classes.wrapper(name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted([*_classes.names(), "h2o_connection"])
