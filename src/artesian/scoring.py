"""`artesian.scoring`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.automl.leaderboards import make_leaderboard

__all__ = [
    "make_leaderboard",
]
