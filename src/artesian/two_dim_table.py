"""Tables of a server's replies, where scripts written for H2O look for them."""

from artesian.client.two_dim_table import H2OTwoDimTable

__all__ = ["H2OTwoDimTable"]
