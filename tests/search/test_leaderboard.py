"""Ranking models by what they tell of themselves; the values are made up, the orders derived by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from artesian.core.errors import InvalidArgument
from artesian.search.leaderboard import Leaderboard, checked_metric, extension_names


def details(key: str, category: str = "Binomial", **metrics: dict[str, Any] | None) -> dict[str, Any]:
    given = {"xval": None, "valid": None, "train": None} | metrics
    return {
        "key": key,
        "algorithm": "gbm",
        "category": category,
        "start_ms": 1000,
        "end_ms": 3500,
        "cross_validation_metrics": given["xval"],
        "validation_metrics": given["valid"],
        "training_metrics": given["train"],
    }


def two_classes(auc: float | str, log_loss: float = 0.5, mse: float = 0.25) -> dict[str, Any]:
    return {
        "kind": "binomial",
        "auc": auc,
        "log_loss": log_loss,
        "pr_auc": 0.7,
        "mean_per_class_error": 0.3,
        "mse": mse,
        "error": 0.2,
    }


def test_the_columns_are_those_of_the_kind_of_problem_and_the_first_sorts() -> None:
    board = Leaderboard.of([details("a", xval=two_classes(0.7)), details("b", xval=two_classes(0.9, 0.4, 0.16))])
    assert board.metrics == ("auc", "logloss", "aucpr", "mean_per_class_error", "rmse", "mse")
    assert (board.keys, board.sort_values, board.leader) == (("b", "a"), (0.9, 0.7), "b")
    assert board.values["rmse"] == (0.4, 0.5)  # square roots of 0.16 and 0.25
    regression = {"kind": "regression", "mse": 4.0, "mae": 1.0, "rmsle": 0.1, "mean_residual_deviance": 4.0}
    board = Leaderboard.of([details("r", "Regression", train=regression)])
    assert board.metrics == ("rmse", "mse", "mae", "rmsle", "mean_residual_deviance")
    assert board.sort_values == (2.0,)
    many = {"kind": "multinomial", "mse": 0.04, "log_loss": 0.3, "mean_per_class_error": 0.1}
    board = Leaderboard.of([details("m", "Multinomial", train=many)])
    assert board.metrics == ("mean_per_class_error", "logloss", "rmse", "mse")


def test_cross_validation_counts_before_validation_before_training() -> None:
    every = details("all", xval=two_classes(0.6), valid=two_classes(0.7), train=two_classes(0.99))
    valid = details("valid", valid=two_classes(0.8), train=two_classes(0.9))
    train = details("train", train=two_classes(0.7))
    assert Leaderboard.of([every, valid, train]).sort_values == (0.8, 0.7, 0.6)
    only = Leaderboard.of([every, valid, train], metrics_of="train")
    assert list(zip(only.keys, only.sort_values, strict=True)) == [("all", 0.99), ("valid", 0.9), ("train", 0.7)]


def test_metrics_on_a_common_frame_count_alone() -> None:
    models = [details("a", xval=two_classes(0.9)), details("b", xval=two_classes(0.6)), details("c")]
    board = Leaderboard.of(models, measured={"a": two_classes(0.7), "b": two_classes(0.8), "c": None})
    assert board.keys == ("b", "a", "c")
    assert math.isnan(board.sort_values[2])


def test_a_metric_to_sort_by_comes_first_and_may_be_one_that_is_not_shown_otherwise() -> None:
    models = [details("a", xval=two_classes(0.9, 0.6)), details("b", xval=two_classes(0.8, 0.5))]
    board = Leaderboard.of(models, "LogLoss")
    assert board.keys == ("b", "a")
    assert board.metrics[:2] == ("logloss", "auc")
    assert Leaderboard.of(models, "misclassification").metrics[0] == "misclassification"
    assert len(Leaderboard.of(models, "misclassification").metrics) == 7
    assert checked_metric(board.category, None) == "auc"  # type: ignore[arg-type]
    deviance = {"kind": "regression", "mse": 4.0, "mean_residual_deviance": 3.0}
    assert Leaderboard.of([details("r", "Regression", train=deviance)], "deviance").sort_values == (3.0,)


def test_missing_values_come_last_whichever_way_it_sorts() -> None:
    models = [details("none"), details("nan", xval=two_classes("NaN", 0.3)), details("b", xval=two_classes(0.5, 0.9))]
    assert Leaderboard.of(models).keys == ("b", "nan", "none")  # of those without AUC that with the better log loss
    assert Leaderboard.of(models, "logloss").keys == ("nan", "b", "none")


def test_equal_models_are_told_apart_by_the_next_metrics_then_by_their_order() -> None:
    models = [details(key, xval=two_classes(0.8, loss)) for key, loss in (("x", 0.5), ("b", 0.5), ("a", 0.4))]
    assert Leaderboard.of(models).keys == ("a", "x", "b")
    assert Leaderboard.of(reversed(models)).keys == ("a", "b", "x")


def test_a_model_given_twice_counts_once() -> None:
    model = details("a", xval=two_classes(0.9))
    assert Leaderboard.of([model, model]).keys == ("a",)


def test_the_table_has_the_extensions_asked_for() -> None:
    models = [details("a", xval=two_classes(0.7)), details("b", xval=two_classes(0.9))]
    board = Leaderboard.of(models, columns={"group": {"a": 3}, "predict_time_per_row_ms": {"b": 0.25}})
    table = board.table("Leaderboard", extension_names(["ALL", "group"]))
    assert table.column_names[-4:] == ("training_time_ms", "predict_time_per_row_ms", "algo", "group")
    assert table.rows()[0][-4:] == (2500, 0.25, "GBM", None)
    assert table.rows()[1][-4:] == (2500, None, "GBM", 3)
    assert table.description == "models sorted in order of auc, best first"


def test_an_empty_leaderboard_has_a_table_without_rows() -> None:
    board = Leaderboard.of([], "AUTO")
    assert (board.leader, board.sort_values, board.sort_metric) == (None, (), None)
    assert board.table("Leaderboard", ("algo",)).column_names == ("model_id",)
    assert Leaderboard.of([], "deviance").sort_metric == "mean_residual_deviance"


@pytest.mark.parametrize(
    ("models", "options", "sentence"),
    [
        ([details("a", xval=two_classes(0.7))], {"sort_metric": "mae"}, "cannot be sorted by 'mae'"),
        ([details("a", xval=two_classes(0.7))], {"sort_metric": "logloess"}, "Did you mean 'logloss'"),
        ([details("a"), details("b", "Regression")], {}, "'a' is Binomial, 'b' Regression"),
        ([details("a", "Clustering")], {}, "'a' predicts Clustering"),
        ([details("a")], {"metrics_of": "test"}, "Got 'test'"),
    ],
)
def test_what_cannot_be_ranked_is_refused(models: list[Any], options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidArgument, match=sentence):
        Leaderboard.of(models, **options)


def test_an_unknown_extension_is_refused_by_name() -> None:
    with pytest.raises(InvalidArgument, match=r"no extra column 'alog'\. Did you mean 'algo'"):
        extension_names(["alog"])
    assert extension_names(["alog", "ALGO"], strict=False) == ("algo",)
