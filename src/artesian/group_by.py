"""Groups of rows, where scripts written for H2O look for them: `from artesian.group_by import GroupBy`."""

from artesian.client.frame import GroupBy

__all__ = ["GroupBy"]
