"""The generators of random calls, by family of operators."""
