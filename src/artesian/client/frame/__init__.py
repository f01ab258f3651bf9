"""H2OFrame: a table in the server as Python sees it; one module a family of verbs, put together in `frame`."""

from artesian.client.frame.frame import H2OFrame
from artesian.client.frame.group_by import GroupBy

__all__ = ["GroupBy", "H2OFrame"]
