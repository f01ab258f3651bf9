"""Orders and tables of a grid's models; the metrics are made up, what follows from them is worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from artesian.learn.base.table import Table, TableColumn
from artesian.search.grid import Grid, IllegalSearch, metric_names, metric_of, ranked, scoring_history, summary_table
from artesian.search.grid.ranking import default_order, stopping_value, worst_first

COUNTS = {"domain": ["no", "yes"], "counts": [[50.0, 10.0], [5.0, 35.0]]}


def binomial(log_loss: Any = 0.5, auc: float = 0.8) -> dict[str, Any]:
    best = Table.build(
        "Maximum Metrics", "",
        [(TableColumn("metric", "string"), ["max f1", "max accuracy"]), (TableColumn("value"), [0.83, 0.9])],
    )  # fmt: skip
    lift = Table.build("Gains/Lift Table", "", [(TableColumn("lift"), [2.5, 1.0])])
    return {
        "kind": "binomial", "mse": 0.16, "r2": 0.3, "log_loss": log_loss, "auc": auc, "pr_auc": 0.7, "gini": 0.6,
        "mean_per_class_error": 0.145, "confusion_matrix": COUNTS, "gains_lift": lift.to_dict(),
        "max_criteria_and_metric_scores": best.to_dict(),
    }  # fmt: skip


def regression(deviance: float, **more: Any) -> dict[str, Any]:
    return {
        "kind": "regression",
        "mse": 4.0,
        "mae": 1.5,
        "rmsle": "NaN",
        "r2": 0.5,
        "mean_residual_deviance": deviance,
    } | more


def details(
    train: Any = None, valid: Any = None, xval: Any = None, supervised: bool = True, **actual: Any
) -> dict[str, Any]:
    return {
        "supervised": supervised,
        "start_ms": 1_000,
        "end_ms": 62_500,
        "parameters": {name: {"actual": value} for name, value in actual.items()},
        "training_metrics": train,
        "validation_metrics": valid,
        "cross_validation_metrics": xval,
    }


def test_metrics_of_two_classes() -> None:
    model = details(binomial())
    wanted = {
        "logloss": 0.5, "rmse": 0.4, "mse": 0.16, "auc": 0.8, "aucpr": 0.7, "pr_auc": 0.7, "AUC": 0.8,
        "err": 0.15, "err_count": 15, "total_rows": 100,
        "max_per_class_error": 10 / 60,  # of 60 that are no, 10 are taken for yes; of 40 that are yes, 5 for no
        "f1": 0.83, "accuracy": 0.9,  # at their best thresholds
        "precision": math.nan,  # the table does not have it
        "mcc": (35 * 50 - 10 * 5) / math.sqrt(45 * 40 * 60 * 55),
        "lift_top_group": 2.5,
    }  # fmt: skip
    for name, value in wanted.items():
        assert metric_of(model, name) == pytest.approx(value, nan_ok=True), name
    assert set(metric_names(model)) >= {name.lower() for name in wanted}
    with pytest.raises(IllegalSearch, match="cannot be sorted by 'mae'"):
        metric_of(model, "mae")


def test_metrics_of_several_classes_follow_from_the_matrix() -> None:
    counts = {"domain": ["a", "b", "c"], "counts": [[8, 2, 0], [0, 10, 0], [5, 5, 0]]}
    part = {"kind": "multinomial", "mse": 0.1, "log_loss": 0.3, "mean_per_class_error": 0.4, "confusion_matrix": counts}
    model = details(part)
    assert metric_of(model, "accuracy") == pytest.approx(18 / 30)
    assert metric_of(model, "mean_per_class_accuracy") == pytest.approx((0.8 + 1.0 + 0.0) / 3)
    assert metric_of(model, "max_per_class_error") == 1.0
    assert "f1" not in metric_names(model)


def test_deviances_are_totals_of_linear_models_and_means_of_others() -> None:
    assert metric_of(details(regression(2.0)), "residual_deviance") == 2.0
    linear = regression(2.0, residual_degrees_of_freedom=90, residual_deviance=200.0, null_deviance=400.0)
    assert metric_of(details(linear), "residual_deviance") == 200.0
    assert metric_of(details(linear), "null_deviance") == 400.0
    assert "null_deviance" not in metric_names(details(regression(2.0)))
    assert math.isnan(metric_of(details(regression(2.0)), "rmsle"))
    custom = details(regression(2.0, custom_metric_name="mine", custom_metric_value=7.0))
    assert (metric_of(custom, "custom"), metric_of(custom, "custom_increasing")) == (7.0, 7.0)


def test_models_are_judged_by_folds_before_validation_before_training() -> None:
    assert metric_of(details(binomial(0.1), binomial(0.2), binomial(0.3)), "logloss") == 0.3
    assert metric_of(details(binomial(0.1), binomial(0.2)), "logloss") == 0.2


def test_the_usual_order_is_by_log_loss_or_deviance_and_none_without_a_response() -> None:
    assert default_order(details(binomial())) == "logloss"
    assert default_order(details(regression(1.0))) == "residual_deviance"
    clusters = {"kind": "clustering", "mse": 1.0, "totss": 9.0, "tot_withinss": 4.0, "betweenss": 5.0}
    assert default_order(details(clusters, supervised=False)) is None
    assert metric_of(details(clusters, supervised=False), "betweenss") == 5.0


def test_models_without_a_value_come_last_whichever_way_they_are_sorted() -> None:
    models = {
        "a": details(binomial("NaN")),
        "b": details(binomial(0.4)),
        "c": details(binomial(0.3)),
        "d": details(regression(1.0)),
    }
    assert ranked(models, "logloss", False) == ["c", "b", "a", "d"]
    assert ranked(models, "logloss", True) == ["b", "c", "a", "d"]
    assert ranked({"x": details(binomial()), "y": details(binomial())}, "auc", True) == ["x", "y"]  # equal ones stay
    with pytest.raises(IllegalSearch, match=r"'aucs'\. Did you mean 'auc'"):
        ranked(models, "aucs", False)


def grid(*names: str) -> Grid:
    return Grid("g", "gbm", {}, {}, list(names), {"strategy": "Cartesian"})


def test_the_summary_has_a_column_of_its_type_for_each_hyper_parameter() -> None:
    models = {
        "g_model_2": details(binomial(0.4), ntrees=5, rate=0.1, hidden=[10, 10], on=True, **{"lambda": [0.5]}),
        "g_model_1": details(binomial(0.5), ntrees=3, rate=1, hidden=[20], on=False, **{"lambda": [0.25]}),
    }
    table = summary_table(grid("ntrees", "rate", "hidden", "on", "lambda"), models, "logloss", True)
    assert table is not None
    assert (table.name, table.description) == ("Hyper-Parameter Search Summary", "ordered by decreasing logloss")
    assert [column.type for column in table.columns] == [
        "string",
        "long",
        "double",
        "string",
        "string",
        "double",
        "string",
        "double",
    ]
    assert table.rows() == [
        ("", 5, 0.1, "[10, 10]", "true", 0.5, "g_model_2", 0.4),
        ("", 3, 1.0, "20", "false", 0.25, "g_model_1", 0.5),
    ]
    bare = summary_table(grid("ntrees"), models, None)
    assert bare is not None
    assert (bare.description, bare.column_names) == ("", ("", "ntrees", "model_ids"))
    assert summary_table(grid("ntrees"), {}, None) is None


def test_the_history_shows_the_worst_model_first_on_every_part() -> None:
    models = {
        "best": details(binomial(0.1), xval=binomial(0.3, 0.9)),
        "worst": details(binomial(0.05), xval=binomial(0.6, 0.7)),
        "middle": details(binomial(0.2), xval=binomial(0.4, 0.8)),
    }
    table = scoring_history(models)
    assert table.column("cross_validation_logloss") == (0.6, 0.4, 0.3)
    assert table.column("training_logloss") == (0.05, 0.2, 0.1)
    assert table.column("duration") == (" 1 min  1.500 sec",) * 3
    assert table.column("training_lift") == (2.5,) * 3
    assert table.columns[table.column_names.index("cross_validation_classification_error")].description == (
        "Cross-Validation Classification Error"
    )
    assert scoring_history(models, "AUC").column("cross_validation_auc") == (0.7, 0.8, 0.9)
    assert len(scoring_history({})) == 0


def test_stopping_metrics_know_which_way_is_better() -> None:
    assert stopping_value(details(binomial(0.4)), "AUTO") == (0.4, False)
    assert stopping_value(details(binomial(0.4, 0.9)), "auc") == (0.9, True)
    assert stopping_value(details(binomial()), "mae") is None
    assert worst_first({"a": details(binomial("NaN")), "b": details(binomial(0.1)), "c": details(binomial(0.2))}, "AUTO") == [
        "a", "c", "b",
    ]  # fmt: skip
