"""What models can be asked about how they predict, through the client: tables are the server's, pictures show them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

from artesian.client.exceptions import H2OResponseError, H2OValueError
from artesian.client.model.threshold import reset_model_threshold

PREDICTORS = ["power", "weight", "year", "origin"]


@pytest.fixture(autouse=True)
def _closed_pictures() -> Any:
    yield
    plt.close("all")


@pytest.fixture
def cars(client: Any) -> Any:
    """Cars with a category of three levels."""
    frame = client.load_dataset("cars_20mpg")
    frame = frame[~frame["economy"].isna(), :]
    frame["economy_20mpg"] = frame["economy_20mpg"].asfactor()
    frame["origin"] = (frame["cylinders"] > 4).ifelse("many", "few").asfactor()
    return frame


def train(client: Any, cars: Any, y: str, **options: Any) -> Any:
    model = client.H2ODeepLearningEstimator(hidden=[6], epochs=5, seed=1, reproducible=True, **options)
    model.train(x=PREDICTORS, y=y, training_frame=cars)
    return model


@pytest.fixture
def binary(client: Any, cars: Any) -> Any:
    return train(client, cars, "economy_20mpg")


@pytest.fixture
def amount(client: Any, cars: Any) -> Any:
    return train(client, cars, "economy")


def test_partial_dependence(cars: Any, binary: Any) -> None:
    drawn = binary.partial_plot(
        cars, cols=["power", "origin"], col_pairs_2dpdp=[["power", "origin"]], nbins=4, server=True
    )
    power, origin, both = drawn
    assert len(power["power"]) == 4
    assert origin["origin"] == ["few", "many"]
    assert len(both["mean_response"]) == 8
    assert len([axes for axes in drawn.figure().axes if axes.get_title()]) == 3
    changed = cars[:, cars.names]
    changed["origin"] = "many"
    changed["origin"] = changed["origin"].asfactor()
    predicted = binary.predict(changed)["p1"].to_polars().to_series()
    assert origin["mean_response"][1] == pytest.approx(predicted.mean(), rel=1e-6)
    assert origin["stddev_response"][1] == pytest.approx(predicted.std(), rel=1e-6)


def test_values_to_try_can_be_given(cars: Any, binary: Any) -> None:
    (table,) = binary.partial_plot(cars, cols=["origin"], user_splits={"origin": ["many"]}, include_na=True, plot=False)
    assert table["origin"] == ["many", ".missing(NA)"]
    with pytest.raises(H2OValueError, match="no level 'none'"):
        binary.partial_plot(cars, cols=["origin"], user_splits={"origin": ["none"]}, plot=False)
    with pytest.raises(H2OValueError, match="no column 'nosuch'"):
        binary.partial_plot(cars, cols=["nosuch"], plot=False)
    with pytest.raises(H2OResponseError, match="more than two classes"):
        binary.partial_plot(cars, cols=["origin"], targets=["1"], plot=False)


def test_permutation_importance(cars: Any, binary: Any) -> None:
    table = binary.permutation_importance(cars, seed=3)
    assert set(table["Variable"]) >= set(PREDICTORS)
    again = binary.permutation_importance(cars, seed=3, features=["weight"], metric="AUC")
    place = table["Variable"].index("weight")
    assert again["Relative Importance"] == [table["Relative Importance"][place]]
    drawn = binary.permutation_importance_plot(cars, seed=3, n_repeats=2, server=True)
    assert drawn.figure() is not None
    assert drawn["Run 2"]


def test_means_by_level(cars: Any, amount: Any) -> None:
    predicted = amount.predict(cars)
    table = amount.predicted_vs_actual_by_variable(cars, predicted, "origin")
    frame = cars.to_polars().with_columns(predicted.to_polars()["predict"])
    for level, expected in frame.group_by("origin").agg(pl.col("predict").mean()).iter_rows():
        assert table["predict"][table["origin"].index(level)] == pytest.approx(expected, rel=1e-6)
    assert len(table["origin"]) == frame["origin"].n_unique()  # no row for missing values: there are none


def test_means_where_the_level_is_missing(client: Any, cars: Any, amount: Any) -> None:
    rows = cars.to_polars()
    gone = rows["origin"] == "few"
    blank = client.H2OFrame(rows.with_columns(pl.when(gone).then(None).otherwise(pl.col("origin")).alias("origin")))
    predicted = amount.predict(cars)
    table = amount.predicted_vs_actual_by_variable(blank, predicted, "origin")
    expected = predicted.to_polars().filter(gone)["predict"].mean()
    assert table["origin"][-1] is None
    assert table["predict"][-1] == pytest.approx(expected, rel=1e-6)


def test_threshold(cars: Any, binary: Any) -> None:
    before = reset_model_threshold(binary, 1.0)
    assert 0 < before < 1
    assert set(binary.predict(cars)["predict"].to_polars().to_series().cast(str)) == {"0"}
    assert reset_model_threshold(binary, before) == 1.0


def test_fairness(client: Any, cars: Any, binary: Any) -> None:
    found = binary.fairness_metrics(cars, ["origin"], ["few"], "1")
    assert set(found) == {"overview", "thresholds_and_metrics_few", "thresholds_and_metrics_many"}
    overview = {row["origin"]: row for row in found["overview"].to_polars().to_dicts()}
    assert overview["few"]["AIR_accuracy"] == 1
    assert overview["few"]["total"] + overview["many"]["total"] == cars.nrows
    inspected = binary.inspect_model_fairness(cars, ["origin"], ["few"], "1", render=False)
    assert list(inspected) == ["overview", "ROC", "PR", "permutation_importance", "pdp"]
    assert {"auc", "AIR_auc"} <= set(inspected["overview"]["plots"])
    assert len(inspected["ROC"]["plot"].figure().axes[0].lines) == 2
    assert set(inspected["pdp"]["plots"]) == set(PREDICTORS)
    by_group = binary.fair_pd_plot(cars, "power", ["origin"])
    assert [line.get_label() for line in by_group.figure().axes[0].lines] == ["few", "many"]
    compared = client.disparate_analysis([binary], cars, ["origin"], ["few"], "1").to_polars()
    assert compared["air_max"][0] == pytest.approx(max(row["AIR_selectedRatio"] for row in overview.values()))


def test_segments(client: Any, cars: Any) -> None:
    model = client.H2ODeepLearningEstimator(hidden=[4], epochs=1)
    segments = model.train_segments(x=PREDICTORS, y="economy", training_frame=cars, segments=["origin"], parallelism=2)
    table = segments.as_frame().to_polars()
    assert table["origin"].to_list() == ["few", "many"]
    assert table["status"].to_list() == ["SUCCEEDED"] * 2
    assert client.get_model(table["model"][0]).model_id == f"{segments.key}_0"
    with pytest.raises(H2OValueError, match="segments"):
        model.train_segments(x=PREDICTORS, y="economy", training_frame=cars)


def test_models_as_files(client: Any, cars: Any, binary: Any, tmp_path: Path) -> None:
    expected = binary.predict(cars).to_polars()
    path = client.download_model(binary, str(tmp_path), filename="mine")
    assert Path(path).stat().st_size > 1000
    name = binary.model_id
    client.remove(name)
    again = client.upload_model(path)
    assert again.model_id == name
    assert again.predict(cars).to_polars().equals(expected)
    folder = Path("saved_models")
    try:
        saved = client.save_model(again, path=str(Path.cwd() / folder), force=True)
        assert client.load_model(saved).predict(cars).to_polars().equals(expected)
    except H2OResponseError as refused:  # the server may have been started elsewhere
        assert "export_roots" in str(refused)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_explaining_a_model_of_a_number(cars: Any, amount: Any) -> None:
    found = amount.explain(cars, top_n_features=2, render=False)
    assert list(found) == ["residual_analysis", "learning_curve", "varimp", "pdp", "ice"]
    assert len(found["pdp"]["plots"]) == 2
    assert found["residual_analysis"]["plots"][amount.model_id].figure().axes
    assert amount.ice_plot(cars, "power", centered=True).figure() is not None
    row = amount.explain_row(cars, 5, columns=["power"], render=False)
    assert list(row) == ["ice"]


def test_explaining_several_models(client: Any, cars: Any, binary: Any) -> None:
    other = train(client, cars, "economy_20mpg", model_id="other")
    found = client.explain([binary, other], cars, columns=["power"], render=False)
    assert set(found) == {
        "leaderboard", "confusion_matrix", "learning_curve", "varimp", "varimp_heatmap", "model_correlation_heatmap", "pdp",
    }  # fmt: skip
    board = found["leaderboard"]["data"]
    assert board.shape == (2, 10)
    assert board[0, "auc"] == pytest.approx(max(model.model_performance(cars).auc() for model in (binary, other)))
    table = client.model_correlation([binary, other], cars)
    one, two = (m.predict(cars)["predict"].to_polars().to_series().cast(str).to_numpy() for m in (binary, other))
    assert table.iloc[0, 1] == pytest.approx(np.mean(one == two))
    shares = client.varimp([binary, other])
    assert set(shares.index) == set(PREDICTORS), "inputs of levels count for their column"
    assert shares.sum().to_numpy() == pytest.approx(1, abs=1e-6)


def test_what_to_explain_can_be_chosen(cars: Any, amount: Any) -> None:
    assert list(amount.explain(cars, include_explanations=["varimp"], render=False)) == ["varimp"]
    with pytest.raises(H2OValueError, match="no explanation 'magic'"):
        amount.explain(cars, exclude_explanations="magic", render=False)


def test_custom_metrics_are_checked_here(client: Any) -> None:
    with pytest.raises(H2OValueError, match="lacks 'reduce'"):
        client.upload_custom_metric(type("Half", (), {"map": lambda self: 0, "metric": lambda self: 0}))
    with pytest.raises(H2OValueError, match="class_name"):
        client.upload_custom_metric("class A: pass")


def test_contributions_by_group(client: Any, cars: Any) -> None:
    model = client.H2OGradientBoostingEstimator(ntrees=5, seed=1)
    model.train(x=PREDICTORS, y="economy_20mpg", training_frame=cars)
    drawn = model.fair_shap_plot(cars, "weight", ["origin"])
    assert list(drawn) == ["weight"]
    axes = drawn["weight"].figure().axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["few", "many"]
    told = model.predict_contributions(cars)["weight"].to_polars().to_series().to_numpy()
    many = cars["origin"].to_polars().to_series().cast(str).to_numpy() == "many"
    for dots, chosen in zip(axes.collections, (~many, many), strict=True):
        assert np.allclose(np.asarray(dots.get_offsets())[:, 0], told[chosen])
    with pytest.raises(H2OValueError, match="'economy_20mpg' is no input"):
        model.fair_shap_plot(cars, "economy_20mpg", ["origin"])
    inspected = model.inspect_model_fairness(cars, ["origin"], ["few"], "1", render=False)
    assert set(inspected["shap"]["plots"]) == set(PREDICTORS)


def test_the_front_of_a_leaderboard(client: Any) -> None:
    """By hand: of little x and much y, rows 0 and 2 are beaten by none; 1 is beaten by 0, 3 equals 2, 4 lacks y."""
    board = client.H2OFrame(
        {"algo": ["a", "b", "a", "b", "a"], "x": [1.0, 2.0, 3.0, 3.0, 0.5], "y": [5.0, 4.0, 9.0, 9.0, None]}
    )
    front = client.explanation.pareto_front(board, "x", "y", optimum="top left")
    assert front.to_polars()["x"].to_list() == [1.0, 3.0]
    assert len(front.figure().axes[0].lines[0].get_xdata()) == 2
    for optimum, expected in {
        "bottom left": [(1.0, 5.0), (2.0, 4.0)], "top right": [(3.0, 9.0)], "bottom right": [(2.0, 4.0), (3.0, 9.0)],
    }.items():  # fmt: skip
        found = client.explanation.pareto_front(board, "x", "y", optimum=optimum, color_col="none")
        assert found[:, ["x", "y"]].to_polars().rows() == expected, optimum
    with pytest.raises(H2OValueError, match="Column 'z' does not exist in the leaderboard"):
        client.explanation.pareto_front(board, "x", "z")
    with pytest.raises(H2OValueError, match="'y_metric' is required"):
        client.explanation.pareto_front(board, "x")
    with pytest.raises(H2OValueError, match="between numbers"):
        client.explanation.pareto_front(board, "x", "algo")


def test_trees_of_two_models_are_compared(client: Any, cars: Any) -> None:
    def grown(**options: Any) -> Any:
        model = client.H2OGradientBoostingEstimator(ntrees=3, seed=1, **options)
        return model.train(x=PREDICTORS, y="economy", training_frame=cars)

    first = grown()
    assert client.debug.equal_gbm_model_tree_structure(first, grown())
    assert not client.debug.equal_gbm_model_tree_structure(first, grown(max_depth=2))
    assert not client.debug.equal_gbm_model_tree_structure(first, grown(learn_rate=0.2))


def test_pictures_are_saved_under_the_older_name_of_the_argument(cars: Any, binary: Any, tmp_path: Path) -> None:
    measured = binary.model_performance(cars)
    measured.plot(type="roc", server=True, save_to_file=str(tmp_path / "roc.png"))
    measured.gains_lift_plot(server=True, save_to_file=str(tmp_path / "lift.png"))
    binary.gains_lift_plot(server=True, save_to_file=str(tmp_path / "model.png"))
    assert {path.name for path in tmp_path.iterdir()} == {"roc.png", "lift.png", "model.png"}
