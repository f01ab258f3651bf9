"""`artesian.model.models.regression`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.categories import H2ORegressionModel
from artesian.client.model.regression_scores import (
    h2o_explained_variance_score,
    h2o_mean_absolute_error,
    h2o_mean_squared_error,
    h2o_median_absolute_error,
    h2o_r2_score,
)

__all__ = [
    "H2ORegressionModel",
    "h2o_explained_variance_score",
    "h2o_mean_absolute_error",
    "h2o_mean_squared_error",
    "h2o_median_absolute_error",
    "h2o_r2_score",
]
