"""Explaining models: partial dependence, importances, contributions, residuals and fairness, as tables and pictures.

One module a kind of picture; `members` gives models their methods, `report` puts all together. Numbers come from the
server, pictures are drawn here by matplotlib.
"""
