"""Wrappers that make estimators, AutoML and transformations estimators of scikit-learn; `artesian.sklearn` lists them.

`wrapping` is what they do, `classes` makes the class of a name from the estimator behind it when it is first asked for,
`connecting` connects them to a server when they need one. scikit-learn is needed here alone, and optional.
"""
