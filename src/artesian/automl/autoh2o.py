"""`artesian.automl.autoh2o`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.automl.estimator import H2OAutoML
from artesian.client.automl.finished import get_automl, get_leaderboard

__all__ = [
    "H2OAutoML",
    "get_automl",
    "get_leaderboard",
]
