"""One tree of a model as lists of nodes, and in words."""
