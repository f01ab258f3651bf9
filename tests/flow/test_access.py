"""Everyone can use the page: no serious finding of axe-core in either theme, narrow windows, reduced motion, the keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flow_page import FlowPage
from screens import SCREENS, show, tabs_of
from server_client import Client

pytestmark = pytest.mark.browser

Opener = Callable[..., FlowPage]


@pytest.fixture(scope="module")
def full_server(flow_server: Client, models: list[str]) -> Client:
    """The shared server with something to see on each screen."""
    search = {"strategy": "RandomDiscrete", "max_models": 2, "seed": 1}
    job = flow_server.post(
        "/99/Grid/gbm",
        training_frame="prostate",
        response_column="CAPSULE",
        grid_id="seen-grid",
        seed="1",
        hyper_parameters='{"ntrees": [2, 3], "max_depth": [2, 3]}',
        search_criteria=str(search).replace("'", '"'),
    )["job"]
    flow_server.wait(job)
    body = {
        "input_spec": {"training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"]},
        "build_control": {"project_name": "seen", "nfolds": 2, "stopping_criteria": {"max_models": 2, "seed": 1}},
        "build_models": {"include_algos": ["GLM", "GBM"]},
    }
    answer = flow_server.call(
        "POST", "/99/AutoMLBuilder", body=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    flow_server.wait(answer.json["job"])
    flow_server.post("/3/Predictions/models/trees/frames/prostate", predictions_frame="predictions")
    wanted = {"model_id": "trees", "frame_id": "prostate", "cols": '["AGE"]', "destination_key": "seen-dependence"}
    flow_server.wait(flow_server.post("/3/PartialDependence/", **wanted))
    return flow_server


@pytest.mark.parametrize("name", list(SCREENS))
def test_screen_has_no_serious_finding(full_server: Client, open_page: Opener, name: str) -> None:
    """Of the themes only the colours differ, so the dark one is judged by its contrasts."""
    flow = open_page(full_server, color_scheme="light").open()
    cell = show(flow, name)
    found = []
    for tab in tabs_of(flow, cell) or [""]:
        if tab:
            flow.tab(tab, cell)
            flow.page.wait_for_timeout(100)
        found += [f"{tab}: {problem}" for problem in flow.problems(cell)]
        flow.theme("dark")
        found += [f"{tab}, dark: {problem}" for problem in flow.problems(cell, only="color-contrast")]
        flow.theme("light")
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_and_its_dialogs_have_no_serious_finding(full_server: Client, open_page: Opener, theme: str) -> None:
    flow = open_page(full_server, color_scheme=theme).open()
    assert flow.page.evaluate("document.documentElement.dataset.theme") == theme
    flow.button("prostate", show(flow, "frames")).wait_for()
    found = flow.problems()
    flow.page.keyboard.press("Escape")
    flow.button("Keyboard shortcuts").click()
    flow.role("dialog", "Keyboard shortcuts").wait_for()
    found += flow.problems()
    flow.button("Close", flow.role("dialog", "Keyboard shortcuts")).click()
    flow.page.keyboard.press("Control+k")
    flow.role("dialog", "Search or run a command").wait_for()
    found += flow.problems()
    flow.page.keyboard.press("Escape")
    flow.button("Cell", flow.role("navigation", "Menus")).click()
    flow.role("menu", "Cell").wait_for()
    found += flow.problems()
    assert found == []


def test_switch_of_the_theme_is_kept(flow_page: FlowPage) -> None:
    flow = flow_page
    flow.button("Switch to dark").click()
    flow.page.reload()
    flow.button("Switch to light").wait_for()
    assert flow.page.evaluate("document.documentElement.dataset.theme") == "dark"


# Elements of a cell that reach beyond the notebook's edge, and are not in a part that scrolls by itself.
_TOO_WIDE = """
cell => {
  const main = document.querySelector("main"), edge = main.getBoundingClientRect().right + 1;
  const scrolls = e => {
    for (let up = e.parentElement; up && up !== main; up = up.parentElement) if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  const found = [...cell.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > edge && !scrolls(e));
  return found.filter(e => !found.some(one => one !== e && e.contains(one))).map(e => e.outerHTML.slice(0, 150));
}
"""


@pytest.mark.parametrize("width", [900, 640, 420])
def test_screens_fit_a_narrow_window(full_server: Client, open_page: Opener, width: int) -> None:
    """640 pixels are what a window of 1280 leaves at 200 % zoom."""
    flow = open_page(full_server, viewport={"width": width, "height": 800}).open()
    names = ("home", "import", "frame", "build", "model", "automl", "leaderboard", "grid", "compare", "prediction")
    found = {name: show(flow, name).evaluate(_TOO_WIDE) for name in names}
    assert {name: what for name, what in found.items() if what} == {}
    assert flow.page.evaluate("document.documentElement.scrollWidth") <= width
    assert flow.page.evaluate("document.querySelector('main').clientWidth") >= min(width, 600) * 0.95
    flow.button("Show the side bar").or_(flow.button("Hide the side bar")).first.wait_for()


def test_reduced_motion(full_server: Client, open_page: Opener) -> None:
    flow = open_page(full_server, reduced_motion="reduce").open()
    show(flow, "build")
    flow.page.keyboard.press("Control+k")
    long = flow.page.evaluate(
        "document.getAnimations().map(a => Number(a.effect.getComputedTiming().duration)).filter(d => d > 1)"
    )
    assert long == []


@pytest.mark.parametrize(
    ("key", "cells"), [("b", 2), ("a", 2), ("c v", 2), ("x", 1), ("b d d", 1), ("b d d z", 2), ("b m Shift+m", 2)]
)
def test_keys_of_cells(flow_page: FlowPage, key: str, cells: int) -> None:
    flow = flow_page
    flow.heading("What would you like to do?").wait_for()
    flow.page.keyboard.press("Escape")
    for one in key.split():
        flow.page.keyboard.press(one)
    flow.page.wait_for_timeout(100)
    assert flow.cells().count() == cells


def test_keys_are_not_taken_from_fields(flow_page: FlowPage) -> None:
    flow = flow_page
    flow.button(re.compile("^Import data")).click()
    box = flow.role("combobox", re.compile("^Path"), flow.cell("importFiles"))
    box.focus()
    flow.page.keyboard.type("abxdd12hm")
    assert box.input_value() == "abxdd12hm"
    assert flow.cells().count() == 2


def test_escape_leaves_what_lies_over_the_page(flow_page: FlowPage) -> None:
    flow = flow_page
    for open_by, role, name in (
        ("Control+k", "dialog", "Search or run a command"),
        ("h", "dialog", "Keyboard shortcuts"),
    ):
        flow.page.keyboard.press("Escape")
        flow.page.keyboard.press(open_by)
        flow.role(role, name).wait_for()
        flow.page.keyboard.press("Escape")
        flow.role(role, name).wait_for(state="detached")
