"""`artesian.explanation`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.explain.heatmaps import model_correlation, model_correlation_heatmap, varimp, varimp_heatmap
from artesian.client.explain.pareto import pareto_front
from artesian.client.explain.partial import pd_multi_plot
from artesian.client.explain.report import explain, explain_row

__all__ = [
    "explain",
    "explain_row",
    "model_correlation",
    "model_correlation_heatmap",
    "pareto_front",
    "pd_multi_plot",
    "varimp",
    "varimp_heatmap",
]
