"""Metric objects by model category, and the functions that compute them from actual and predicted values.

Regression, binomial, multinomial and autoencoder. Objects are frozen, hold plain numbers and `Table`s, and go to JSON
and back; a new category is a subclass of `Metrics` with a `kind` of its own.
"""

from artesian.learn.metrics.anomaly import AnomalyMetrics, anomaly_metrics
from artesian.learn.metrics.autoencoder import AutoencoderMetrics, autoencoder_metrics
from artesian.learn.metrics.base import Metrics, metrics_from_dict
from artesian.learn.metrics.binomial import BinomialMetrics, binomial_metrics
from artesian.learn.metrics.clustering import ClusteringMetrics
from artesian.learn.metrics.confusion import ConfusionMatrix
from artesian.learn.metrics.decomposition import PrincipalComponentMetrics, SingularValueMetrics
from artesian.learn.metrics.deviance import DISTRIBUTIONS, Distribution
from artesian.learn.metrics.multinomial import MultinomialMetrics, multinomial_metrics
from artesian.learn.metrics.multinomial_auc import AUC_TYPES
from artesian.learn.metrics.ordinal import OrdinalMetrics, ordinal_metrics
from artesian.learn.metrics.ranking import RankingCurve
from artesian.learn.metrics.regression import RegressionMetrics, regression_metrics
from artesian.learn.metrics.thresholds import CRITERIA

__all__ = [
    "AUC_TYPES",
    "CRITERIA",
    "DISTRIBUTIONS",
    "AnomalyMetrics",
    "AutoencoderMetrics",
    "BinomialMetrics",
    "ClusteringMetrics",
    "ConfusionMatrix",
    "Distribution",
    "Metrics",
    "MultinomialMetrics",
    "OrdinalMetrics",
    "PrincipalComponentMetrics",
    "RankingCurve",
    "RegressionMetrics",
    "SingularValueMetrics",
    "anomaly_metrics",
    "autoencoder_metrics",
    "binomial_metrics",
    "metrics_from_dict",
    "multinomial_metrics",
    "ordinal_metrics",
    "regression_metrics",
]
