"""Isotonic regression: the non-decreasing function of one column that is nearest to the response."""
