"""AutoML in the client: `estimator` starts runs, `finished` finds them again, `leaderboards` ranks models of any origin."""

from artesian.client.automl.estimator import H2OAutoML
from artesian.client.automl.finished import H2OAutoMLOutput, get_automl, get_leaderboard
from artesian.client.automl.leaderboards import make_leaderboard

__all__ = ["H2OAutoML", "H2OAutoMLOutput", "get_automl", "get_leaderboard", "make_leaderboard"]
