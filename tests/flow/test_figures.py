"""Every figure goes out as a picture, which shows something, and as the values that it draws."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flow_page import FlowPage
from server_client import Client

pytestmark = pytest.mark.browser

LEAST_COLOURS = 3  # the ground, the text, what is drawn


def _saved(flow: FlowPage, button: str, figure: Any) -> bytes:
    with flow.page.expect_download() as download:
        flow.button(button, figure).click()
    return Path(download.value.path()).read_bytes()


def _values(flow: FlowPage, figure: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_saved(flow, "CSV", figure).decode())))


def _check_picture(flow: FlowPage, figure: Any) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(_saved(flow, "PNG", figure))) as opened:
        image = opened.convert("RGB")
    assert min(image.size) >= 100
    common = [count for count, _ in image.getcolors(image.width * image.height) if count >= 30]
    assert len(common) >= LEAST_COLOURS


def test_importances_as_bars(flow_page: FlowPage, flow_server: Client, models: list[str]) -> None:
    flow = flow_page
    cell = flow.run('getModel "trees"')
    flow.tab("Importance", cell)
    bars = cell.locator(".bars-figure")
    flow.role("list", "Variable importances", bars).wait_for()
    _check_picture(flow, bars)
    told = flow_server.get("/3/Models/trees")["models"][0]["output"]["variable_importances"]["data"]
    values = _values(flow, bars)
    assert [row["name"] for row in values] == told[0]
    assert [float(row["value"]) for row in values] == pytest.approx(told[2])


def test_distribution_of_a_column(flow_page: FlowPage, prostate: str) -> None:
    flow = flow_page
    figure = flow.run('getColumnSummary "prostate", "AGE"').get_by_role("figure").first
    figure.wait_for()
    _check_picture(flow, figure)
    assert sum(float(row["rows"]) for row in _values(flow, figure)) == 380


def test_curve_of_a_training(flow_page: FlowPage, models: list[str]) -> None:
    flow = flow_page
    figure = flow.run('getModel "trees"').get_by_role("figure", name=re.compile("^Curve of")).first
    figure.wait_for()
    _check_picture(flow, figure)
    assert len(_values(flow, figure)) >= 2


def test_parallel_coordinates_of_a_search(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    job = flow.run(
        'buildModel "gbm", {"grid_id": "drawn-grid", "training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"], '
        '"seed": 1, "hyper_parameters": {"ntrees": [2, 4], "max_depth": [2, 4]}, "search_criteria": {"strategy": "Cartesian"}}'
    )
    flow.button("View the grid", flow.done(job)).click()
    cell = flow.cell("getGrid")
    flow.tab("Parallel coordinates", cell)
    figure = cell.get_by_role("figure").first
    figure.wait_for()
    _check_picture(flow, figure)
    told = [one["name"] for one in flow_server.get("/99/Grids/drawn-grid")["model_ids"]]
    assert [row["model"] for row in _values(flow, figure)] == told
