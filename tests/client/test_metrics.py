"""Metrics objects: figures by threshold, confusion matrices, curves, worked out by hand from four thresholds."""

from __future__ import annotations

from typing import Any

import pytest

from artesian.client.exceptions import H2OValueError
from artesian.client.model.metrics import (
    H2OAutoEncoderModelMetrics,
    H2OBinomialModelMetrics,
    H2OMultinomialModelMetrics,
    H2ORegressionModelMetrics,
)
from artesian.client.two_dim_table import H2OTwoDimTable

# ten rows, four of them positive; predicted positive from each threshold on
THRESHOLDS = [0.9, 0.6, 0.4, 0.1]
TPS, FPS = [1, 3, 4, 4], [0, 1, 3, 6]


def thresholds() -> H2OTwoDimTable:
    columns: dict[str, list[Any]] = {"threshold": THRESHOLDS, "tps": TPS, "fps": FPS}
    columns["fns"], columns["tns"] = [4 - tp for tp in TPS], [6 - fp for fp in FPS]
    columns["tpr"], columns["fpr"] = [tp / 4 for tp in TPS], [fp / 6 for fp in FPS]
    columns["tnr"], columns["fnr"] = [1 - fp / 6 for fp in FPS], [1 - tp / 4 for tp in TPS]
    columns["precision"] = [tp / (tp + fp) for tp, fp in zip(TPS, FPS, strict=True)]
    columns["accuracy"] = [(tp + 6 - fp) / 10 for tp, fp in zip(TPS, FPS, strict=True)]
    columns["f1"] = [2 * tp / (tp + fp + 4) for tp, fp in zip(TPS, FPS, strict=True)]
    columns["mean_per_class_accuracy"] = [(tp / 4 + 1 - fp / 6) / 2 for tp, fp in zip(TPS, FPS, strict=True)]
    columns["min_per_class_accuracy"] = [min(tp / 4, 1 - fp / 6) for tp, fp in zip(TPS, FPS, strict=True)]
    return H2OTwoDimTable("", "", list(columns), None, list(zip(*columns.values(), strict=True)))


def best(table: H2OTwoDimTable) -> H2OTwoDimTable:
    names = ["f1", "accuracy", "precision", "tpr", "tnr", "mean_per_class_accuracy", "min_per_class_accuracy"]
    rows = []
    for name in names:
        values = table[name]
        at = values.index(max(values))
        rows.append((f"max {name}", THRESHOLDS[at], values[at], at))
    return H2OTwoDimTable("", "", ["metric", "threshold", "value", "idx"], None, rows)


@pytest.fixture
def metrics() -> H2OBinomialModelMetrics:
    table = thresholds()
    lift = H2OTwoDimTable("", "", ["kolmogorov_smirnov"], None, [(0.25,), (7 / 12,)])
    reply = {
        "AUC": 0.875, "pr_auc": 0.8, "Gini": 0.75, "domain": ["no", "yes"], "thresholds_and_metric_scores": table,
        "max_criteria_and_metric_scores": best(table), "gains_lift_table": lift, "MSE": 0.25, "RMSE": 0.5,
    }  # fmt: skip
    return H2OBinomialModelMetrics(reply, "train", "deeplearning")


def test_a_metric_at_its_best_threshold(metrics: H2OBinomialModelMetrics) -> None:
    # f1 = 2 tp / (tp + fp + 4): 0.4, 0.75, 0.727, 0.571
    assert metrics.F1() == [[0.6, 0.75]]
    assert metrics.F1().value == 0.75
    assert metrics.find_threshold_by_max_metric("f1") == 0.6
    assert metrics.accuracy() == [[0.6, 0.8]]
    assert metrics.recall() == [[0.4, 1.0]]  # another name of tpr, first reached at 0.4
    assert metrics.specificity().value == 1.0


def test_metrics_at_given_thresholds(metrics: H2OBinomialModelMetrics) -> None:
    assert metrics.precision(thresholds=[0.9, 0.1]) == [[0.9, 1.0], [0.1, 0.4]]
    assert metrics.precision(thresholds=[0.9, 0.1]).value == [1.0, 0.4]
    assert metrics.precision(thresholds=0.1).value == 0.4
    assert metrics.fpr(thresholds="all").value == [0.0, 1 / 6, 0.5, 1.0]


def test_errors_are_the_other_side_of_accuracies(metrics: H2OBinomialModelMetrics) -> None:
    assert metrics.error().value == pytest.approx(0.2)
    assert metrics.mean_per_class_error().value == pytest.approx(1 - (3 / 4 + 5 / 6) / 2)
    assert metrics.max_per_class_error().value == pytest.approx(0.25)


def test_the_nearest_threshold_serves_and_is_told(
    metrics: H2OBinomialModelMetrics, capsys: pytest.CaptureFixture[str]
) -> None:
    assert metrics.find_idx_by_threshold(0.55) == 1
    assert "no threshold 0.55" in capsys.readouterr().out
    assert metrics.find_idx_by_threshold(0.4) == 2
    assert capsys.readouterr().out == ""
    with pytest.raises(H2OValueError, match="from 0 to 1"):
        metrics.find_idx_by_threshold(1.5)


def test_confusion_matrices(metrics: H2OBinomialModelMetrics) -> None:
    assert metrics.confusion_matrix().to_list() == [[5, 1], [1, 3]]
    several = metrics.confusion_matrix(metrics=["tpr"], thresholds=[0.9])
    assert [matrix.to_list() for matrix in several] == [[[6, 0], [3, 1]], [[3, 3], [0, 4]]]
    assert metrics.confusion_matrix().table.col_header == ["", "no", "yes", "Error", "Rate"]
    with pytest.raises(H2OValueError, match="must be one of"):
        metrics.confusion_matrix(metrics="f7")


def test_roc_and_unknown_metrics(metrics: H2OBinomialModelMetrics) -> None:
    assert metrics.roc() == ([0.0, 1 / 6, 0.5, 1.0], [0.25, 0.75, 1.0, 1.0])
    with pytest.raises(H2OValueError, match="Did you mean 'accuracy'"):
        metrics.metric("acuracy")


def test_pictures_are_written_and_carry_their_points(metrics: H2OBinomialModelMetrics, tmp_path: Any) -> None:
    drawn = metrics.plot(type="roc", server=True, save_plot_path=str(tmp_path / "roc.png"))
    assert (tmp_path / "roc.png").read_bytes().startswith(b"\x89PNG")
    assert drawn[1] == [0.25, 0.75, 1.0, 1.0]
    axes = drawn.figure().axes[0]
    assert list(axes.lines[0].get_ydata()) == [0.25, 0.75, 1.0, 1.0]
    recall, precision = metrics.plot(type="pr", plot=False)
    assert (recall, precision) == ([0.25, 0.75, 1.0, 1.0], [1.0, 0.75, 4 / 7, 0.4])


def test_text_and_html_show_figures_and_tables(metrics: H2OBinomialModelMetrics) -> None:
    text = str(metrics)
    assert text.startswith("ModelMetricsBinomial: deeplearning\n** Reported on train data. **")
    assert "AUC: 0.875" in text
    assert "Confusion Matrix (Act/Pred) for max f1 @ threshold = 0.6" in text
    assert "<table" in metrics._repr_html_()


def test_the_other_categories() -> None:
    regression = H2ORegressionModelMetrics({"MSE": 4.0, "RMSE": 2.0, "mae": 1.5, "rmsle": "NaN", "r2": 0.5})
    assert (regression.rmse(), regression.mae(), regression.r2()) == (2.0, 1.5, 0.5)
    assert regression["MSE"] == 4.0
    assert "RMSLE: nan" in str(regression)
    table = H2OTwoDimTable("Hits", "", ["k", "hit_ratio"], None, [(1, 0.9)])
    cm = H2OTwoDimTable("CM", "", ["a"], None, [(1,)])
    multinomial = H2OMultinomialModelMetrics({"logloss": 0.3, "hit_ratio_table": table, "cm": {"table": cm}})
    assert multinomial.hit_ratio_table()["hit_ratio"] == [0.9]
    assert multinomial.confusion_matrix() is cm
    assert "auc_type" in str(multinomial.multinomial_auc_table())
    assert "MSE: 0.1" in str(H2OAutoEncoderModelMetrics({"MSE": 0.1}))
