"""The numbers on the screen are those of the server, after the page's rules of rounding."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from flow_page import FlowPage, on_screen, table_text
from server_client import Client

pytestmark = pytest.mark.browser


def _figures(cell: Any) -> dict[str, str]:
    """The large numbers at the head of a result, by their titles."""
    titles = cell.get_by_role("term").all_inner_texts()
    values = cell.get_by_role("definition").all_inner_texts()
    return dict(zip(titles, values, strict=True))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(380, "380"), (60_000, "60\u202f000"), (0.12345678, "0.1235"), (1234.56, "1\u202f235"), (0.00001234, "1.234e-5")],
)
def test_rule_of_rounding(value: float, shown: str) -> None:
    assert on_screen(value) == shown


def test_metrics_of_a_model(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    metrics = flow_server.get("/3/Models/trees")["models"][0]["output"]["training_metrics"]
    cell = flow.run('getModel "trees"')
    flow.heading("trees", cell).wait_for()
    figures = _figures(cell)
    for title, name in {
        "AUC": "AUC",
        "Log loss": "logloss",
        "PR AUC": "pr_auc",
        "RMSE": "RMSE",
        "Gini": "Gini",
    }.items():
        assert figures[title] == on_screen(metrics[name]), title
    flow.tab("Metrics", cell)
    rows = {row[0]: row[1] for row in table_text(flow.role("grid", "Metrics", cell))}
    assert rows["AUC"] == on_screen(metrics["AUC"])
    assert rows["Rows"] == "380"


def test_matrix_adds_up_to_the_rows(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    told = flow_server.get("/3/Models/net")["models"][0]["output"]
    cell = flow.run('getModel "net"')
    flow.tab("Confusion", cell)
    matrix = flow.role("table", re.compile("^Confusion matrix at the threshold"), cell)
    matrix.wait_for()
    body = [row.get_by_role("cell").all_inner_texts() for row in matrix.get_by_role("row").all()[1:]]
    counts = [[int(re.sub(r"\D", "", text)) for text in row[:2]] for row in body]
    table = told["training_metrics"]["cm"]["table"]["data"]
    assert counts[:2] == [[int(table[j][i]) for j in range(2)] for i in range(2)]
    assert sum(map(sum, counts[:2])) == told["training_metrics"]["nobs"] == 380
    assert counts[2] == [sum(column) for column in zip(*counts[:2], strict=True)]

    # the rows of a cell: as many as it counts, those that the predictions say, the largest loss first
    flow.button(re.compile(rf"^{counts[1][0]} of 1 as 0: "), matrix).press("Enter")
    rows = flow.role("grid", re.compile("^Rows of rows-net-prostate-is-1-as-0"), flow.cell("getPredictedRows"))
    flow.role("gridcell", "1", rows).first.wait_for()
    assert int(rows.get_attribute("aria-rowcount")) - 1 == counts[1][0]
    actual = flow_server.get("/3/Frames/prostate", column_offset=1, column_count=1, row_count=380)["frames"][0]
    predicted = flow_server.get("/3/Frames/prediction-net-prostate", row_count=380)["frames"][0]["columns"]
    threshold, p1 = told["default_threshold"], predicted[2]["data"]
    missed = [i for i, code in enumerate(actual["columns"][0]["data"]) if code == 1 and p1[i] < threshold]
    missed.sort(key=lambda i: p1[i])
    shown = table_text(rows)[:5]
    wanted = [
        [str(i + 1), "1", "0", on_screen(-math.log(p1[i])), on_screen(1 - p1[i]), on_screen(p1[i])] for i in missed
    ]
    assert [row[:6] for row in shown] == wanted[: len(shown)]

    # one threshold moves through everything; errors cost what the reader says, and one threshold is the cheapest
    scores = told["training_metrics"]["thresholds_and_metric_scores"]
    names = [column["name"] for column in scores["columns"]]
    at = {name: scores["data"][names.index(name)] for name in ("threshold", "fps", "fns", "f1", "tpr", "fpr")}
    cell.get_by_label("a false negative").fill("5")
    costs = [fp + 5 * fn for fp, fn in zip(at["fps"], at["fns"], strict=True)]
    cheapest = costs.index(min(costs))
    flow.button("Cheapest", cell).click()
    cell.get_by_text(f"Cost here {on_screen(min(costs))}; cheapest {on_screen(min(costs))}").wait_for()
    figures = _figures(cell)
    assert figures["F1"] == on_screen(at["f1"][cheapest])
    flow.button("Kolmogorov–Smirnov", cell).click()
    apart = max(true - false for true, false in zip(at["tpr"], at["fpr"], strict=True))
    cell.get_by_text(f"Largest distance of both rates: {on_screen(apart)}").wait_for()
    for curve in ("Gains", "Lift", "Calibration", "Cost"):
        flow.button(curve, cell).click()
        flow.role("figure", curve, cell).wait_for()


def test_importances(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    table = flow_server.get("/3/Models/trees")["models"][0]["output"]["variable_importances"]["data"]
    cell = flow.run('getModel "trees"')
    flow.tab("Importance", cell)
    items = flow.role("list", "Variable importances", cell).get_by_role("listitem").all_inner_texts()
    assert [item.split("\n")[0] for item in items] == table[0]
    assert [item.split("\n")[-1] for item in items] == [on_screen(value) for value in table[2]]


def test_layers(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    summary = flow_server.get("/3/Models/net")["models"][0]["output"]["model_summary"]
    cell = flow.run('getModel "net"')
    flow.tab("Layers", cell)
    grid = flow.role("grid", "Status of Neuron Layers", cell)
    grid.wait_for()
    assert int(grid.get_attribute("aria-rowcount")) == summary["rowcount"] + 1
    names = [column["name"] for column in summary["columns"]]
    units = summary["data"][names.index("units")]
    heads = grid.get_by_role("columnheader").all_inner_texts()
    place = next(i for i, head in enumerate(heads) if head.strip().lower() == "units")
    assert [row[place] for row in table_text(grid)] == [on_screen(value) for value in units]


def test_columns_of_a_frame(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    columns = flow_server.get("/3/Frames/prostate/summary")["frames"][0]["columns"]
    cell = flow.run('getFrameSummary "prostate"')
    grid = flow.role("grid", "Columns", cell)
    grid.wait_for()
    heads = [head.strip() for head in grid.get_by_role("columnheader").all_inner_texts()]
    shown = table_text(grid)
    for column, row in zip(columns, shown, strict=True):
        by = dict(zip(heads, row, strict=True))
        assert (by["Column"], by["Type"]) == (column["label"], column["type"])
        if column["type"] != "enum":
            assert by["Min"] == on_screen(column["mins"][0])
            assert by["Mean"] == on_screen(column["mean"])
            assert by["Max"] == on_screen(column["maxs"][0])


def test_rows_of_a_frame(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    frame = flow_server.get("/3/Frames/prostate", row_offset=0, row_count=5)["frames"][0]
    cell = flow.run('getFrameData "prostate"')
    grid = flow.role("grid", "Rows of prostate", cell)
    flow.role("gridcell", "65", grid).first.wait_for()
    shown = table_text(grid)
    for i in range(5):
        told = [
            column["domain"][int(column["data"][i])] if column["type"] == "enum" else on_screen(column["data"][i])
            for column in frame["columns"]
        ]
        assert shown[i] == [str(i + 1), *told]


def test_table_sorts_filters_and_searches(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    columns = flow_server.get("/3/Frames/prostate/summary")["frames"][0]["columns"]
    cell = flow.run('getFrameSummary "prostate"')
    grid = flow.role("grid", "Columns", cell)
    flow.button("Max", grid).click()
    numbers = sorted((c for c in columns if c["type"] != "enum"), key=lambda c: -c["maxs"][0])
    assert [row[1] for row in table_text(grid)][: len(numbers)] == [c["label"] for c in numbers]
    assert flow.role("columnheader", re.compile("^Max"), grid).get_attribute("aria-sort") == "descending"
    flow.button("Filter columns", cell).click()
    flow.role("textbox", "Filter Mean", grid).fill("> 60")
    wanted = {c["label"] for c in numbers if c["mean"] > 60}
    cell.get_by_text(f"{len(wanted)} of 9 rows").wait_for()
    assert {row[1] for row in table_text(grid)} == wanted

    # the keyboard reaches the head: Enter sorts, Shift and an arrow make the column wider
    grid.focus()
    for key in ("ArrowUp", "ArrowRight", "Enter"):
        flow.page.keyboard.press(key)
    head = flow.role("columnheader", re.compile("^Column"), grid)
    assert head.get_attribute("aria-sort") == "ascending"
    assert [row[1] for row in table_text(grid)] == sorted(wanted)
    width = head.bounding_box()["width"]
    flow.page.keyboard.press("Shift+ArrowRight")
    flow.until("([e, least]) => e.getBoundingClientRect().width > least", [head.element_handle(), width])


def test_column_within_classes(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    classes, ages = (
        flow_server.get("/3/Frames/prostate", column_offset=i, column_count=1, row_count=380)["frames"][0]["columns"][
            0
        ]["data"]
        for i in (1, 2)
    )
    cell = flow.run('getColumnSummary "prostate", "AGE"')
    flow.button("Split by a column…", cell).click()
    cell.get_by_label("Split by", exact=True).select_option("CAPSULE")
    oldest = [
        sum(age == max(ages) and code == wanted for age, code in zip(ages, classes, strict=True))
        / classes.count(wanted)
        for wanted in (0, 1)
    ]
    told = f"AGE by class: 0 {on_screen(oldest[0])}, 1 {on_screen(oldest[1])}"
    flow.role("img", told, cell).wait_for()


def test_prediction(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    cell = flow.run('predict model: "trees", frame: "prostate", predictions_frame: "predicted"')
    flow.heading("Prediction", cell).wait_for()
    flow.tab("Metrics", cell)
    (metrics,) = flow_server.get("/3/ModelMetrics/models/trees/frames/prostate")["model_metrics"]
    cell.get_by_role("term").first.wait_for()
    assert _figures(cell)["AUC"] == on_screen(metrics["AUC"])
    flow.tab("Rows", cell)
    frame = flow_server.get("/3/Frames/predicted", row_offset=0, row_count=3)["frames"][0]
    grid = flow.role("grid", "Rows of predicted", cell)
    flow.role("gridcell", on_screen(frame["columns"][1]["data"][0]), grid).first.wait_for()
    shown = table_text(grid)
    for i in range(3):
        assert shown[i][3:5] == [on_screen(column["data"][i]) for column in frame["columns"][1:3]]


def test_comparison(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    told = [
        flow_server.get(f"/3/Models/{key}")["models"][0]["output"]["training_metrics"]["AUC"]
        for key in ("trees", "net")
    ]
    cell = flow.run('compareModels ["trees", "net"]')
    region = flow.role("region", "Metrics", cell)
    row = region.get_by_role("row").filter(has=flow.page.get_by_role("rowheader", name="AUC", exact=True))
    row.wait_for()
    assert row.get_by_role("cell").all_inner_texts() == [on_screen(value) for value in told]


def test_grid_search(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    job = flow.run(
        'buildModel "gbm", {"grid_id": "trees-grid", "training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"], '
        '"seed": 1, "hyper_parameters": {"ntrees": [2, 4], "max_depth": [2, 4]}, "search_criteria": {"strategy": "Cartesian"}}'
    )
    flow.button("View the grid", flow.done(job)).click()
    cell = flow.cell("getGrid")
    grid = flow.role("grid", "Models of the search", cell)
    grid.wait_for()
    told = [one["name"] for one in flow_server.get("/99/Grids/trees-grid")["model_ids"]]
    assert [button.inner_text() for button in grid.get_by_role("button", name=re.compile("^trees-grid")).all()] == told
    flow.tab("Parallel coordinates", cell)
    flow.page.get_by_role("img").first.wait_for()
