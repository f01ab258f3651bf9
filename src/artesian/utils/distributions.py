"""`artesian.utils.distributions`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.distributions import (
    CustomDistributionBernoulli,
    CustomDistributionGaussian,
    CustomDistributionGeneric,
    CustomDistributionMultinomial,
)

__all__ = [
    "CustomDistributionBernoulli",
    "CustomDistributionGaussian",
    "CustomDistributionGeneric",
    "CustomDistributionMultinomial",
]
