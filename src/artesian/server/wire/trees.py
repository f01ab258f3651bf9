"""Schemas of trees, feature interactions and the H statistic."""
