"""Naive Bayes: the classes' shares, and for each column its distribution by class, as if columns were independent.

`distributions` counts them, `model` multiplies them.
"""
