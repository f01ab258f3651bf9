"""Benchmarks: each prints its figures against the real H2O-3 and the best peer, measured in one run."""
