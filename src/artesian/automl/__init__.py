"""`artesian.automl`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.automl.autoh2o import H2OAutoML, get_automl, get_leaderboard

__all__ = [
    "H2OAutoML",
    "get_automl",
    "get_leaderboard",
]
