"""Floor 4: searches over many models, which use algorithms only through the registry: `grid` (grid search), `automl`.

`leaderboard` ranks models of any origin.
"""
