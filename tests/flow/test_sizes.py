"""Wide and long tables, many cells, the start: all within their time and number of elements. The best of a few tries counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flow_page import PAGE, FlowPage, notebook
from server_client import Client

pytestmark = [pytest.mark.alone, pytest.mark.browser]

USABLE_SECS = 0.5
MOST_NODES = 3_000
READY_SECS = 1.0
KEY_MS = 50.0
TRIES = 3


@pytest.fixture(scope="module")
def wide(flow_server: Client, files: Path) -> str:
    """Key of a frame of 785 columns; its file stays imported under `wide.csv`."""
    flow_server.call("POST", "/3/PostFile?destination_frame=wide.csv", body=(files / "wide.csv").read_bytes())
    flow_server.upload((files / "wide.csv").read_bytes(), "wide")
    return "wide"


def _timed(flow: FlowPage, command: str, ready: Callable[[Any], Any]) -> tuple[float, Any]:
    """Seconds from the key that runs the command until its result can be used, and the cell."""
    best = 1e9
    for _ in range(TRIES):
        flow.menu("Notebook", "New notebook")
        flow.heading("What would you like to do?").wait_for()
        flow.button("+ Add a cell").click()
        flow.page.keyboard.insert_text(command)
        cell = flow.cell(command[:60])
        best = min(best, flow.seconds(lambda: flow.page.keyboard.press("Control+Enter"), ready(cell)))
        if best <= USABLE_SECS:
            break
    return best, cell


def test_parse_setup_of_785_columns(flow_page: FlowPage, wide: str) -> None:
    flow = flow_page
    took, cell = _timed(
        flow, 'setupParse source_frames: ["wide.csv"]', lambda one: flow.role("combobox", "Type of C1", one)
    )
    assert took <= USABLE_SECS
    assert flow.nodes(cell) <= MOST_NODES
    search = flow.role("searchbox", "Search columns by name or number", cell)
    found = flow.role("combobox", "Type of C785", cell)
    assert flow.seconds(lambda: search.fill("785"), found) <= USABLE_SECS
    flow.tab("Preview", cell)
    flow.role("grid", "Preview", cell).wait_for()
    assert flow.nodes(cell) <= MOST_NODES


def test_frame_of_785_columns(flow_page: FlowPage, wide: str) -> None:
    flow = flow_page
    took, cell = _timed(flow, 'getFrameSummary "wide"', lambda one: flow.role("button", "C1", one))
    assert took <= USABLE_SECS
    assert flow.nodes(cell) <= MOST_NODES
    search = flow.role("searchbox", "Search columns by name or number", cell)
    assert flow.seconds(lambda: search.fill("C785"), flow.button("C785", cell)) <= USABLE_SECS
    flow.tab("Rows", cell)
    grid = flow.role("grid", "Rows of wide", cell)
    grid.wait_for()
    assert grid.get_attribute("aria-colcount") == "786"
    assert flow.nodes(cell) <= MOST_NODES


def test_build_form_of_785_columns(flow_page: FlowPage, wide: str) -> None:
    flow = flow_page
    command = 'assist buildModel, "deeplearning", {"training_frame": "wide", "response_column": "C785"}'
    took, cell = _timed(flow, command, lambda one: one.get_by_label(re.compile("^hidden")))
    assert took <= USABLE_SECS
    search = flow.role("searchbox", "Search parameters", cell)
    assert flow.seconds(lambda: search.fill("max_w2"), cell.get_by_label("max_w2", exact=True)) <= USABLE_SECS
    search.fill("rate_decay")  # which has no effect with an adaptive rate
    cell.get_by_text("Without effect as the others are set: rate_decay.").wait_for()
    search.fill("")
    assert flow.nodes(cell) <= MOST_NODES
    flow.button("ignored_columns: Choose columns…", cell).click()
    sheet = flow.role("complementary", re.compile("gnore"))
    flow.role("grid", "Columns to choose", sheet).wait_for()
    assert flow.nodes(sheet) <= MOST_NODES


def test_paging_through_60000_rows(flow_page: FlowPage, flow_server: Client, files: Path) -> None:
    flow = flow_page
    flow_server.upload((files / "long.csv").read_bytes(), "long")
    took, cell = _timed(flow, 'getFrameData "long"', lambda one: one.get_by_role("gridcell", name="row 0", exact=True))
    assert took <= USABLE_SECS
    grid = flow.role("grid", "Rows of long", cell)
    assert grid.get_attribute("aria-rowcount") == "60001"
    grid.focus()
    last = flow.role("gridcell", "row 59999", grid)
    assert flow.seconds(lambda: flow.page.keyboard.press("Control+End"), last) <= 1.0
    flow.page.keyboard.press("Control+Home")
    flow.role("gridcell", "row 0", grid).wait_for()
    for _ in range(5):
        flow.page.keyboard.press("PageDown")
    flow.role("gridcell", re.compile(r"^row \d\d$"), grid).first.wait_for()
    assert flow.nodes(cell) <= MOST_NODES


_KEY_TIMES = """
window.keyTimes = [];
addEventListener("keydown", () => {
  const began = performance.now();
  requestAnimationFrame(() => { const port = new MessageChannel(); port.port1.onmessage = () => keyTimes.push(performance.now() - began); port.port2.postMessage(0); });
}, true);
"""


def test_keys_in_a_notebook_of_200_cells(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    commands = ['getFrameSummary "prostate"', "getFrames", "getJobs", "# words", 'getColumnSummary "prostate", "AGE"']
    flow_server.post("/3/NodePersistentStorage/notebook/many", value=notebook(*(commands * 40)))
    flow.menu("Notebook", "Open notebook")
    flow.button("many", flow.role("dialog", "Open a notebook")).click()
    flow.until("document.title.startsWith('many')")
    assert flow.cells().count() == 200
    flow.page.evaluate(_KEY_TIMES)
    keys = flow.page.keyboard
    slow = []
    for _ in range(TRIES):  # whatever else the machine does only ever adds to the times
        for key in ["j"] * 15 + ["k"] * 5 + ["Enter"]:
            keys.press(key)
            flow.page.wait_for_timeout(30)
        keys.type("getFrames")
        flow.page.wait_for_timeout(100)
        times = sorted(flow.page.evaluate("keyTimes.splice(0)"))
        assert len(times) >= 29
        slow.append(times[int(len(times) * 0.9)])
        if slow[-1] < KEY_MS:
            break
        keys.press("Escape")
    assert min(slow) < KEY_MS, slow
    flow_server.delete("/3/NodePersistentStorage/notebook/many")


def test_page_is_ready_within_a_second(flow_server: Client, open_page: Callable[..., FlowPage]) -> None:
    best = 1e9
    for _ in range(TRIES):
        flow = open_page(flow_server)
        sizes: list[tuple[int, str]] = []
        flow.page.on(
            "response",
            lambda answer, sizes=sizes: sizes.append((int(answer.headers.get("content-length", 0)), answer.url)),
        )
        ready = flow.button(re.compile("^Import data"))
        best = min(best, flow.seconds(lambda flow=flow: flow.page.goto(flow.url + PAGE, wait_until="commit"), ready))
        flow.page.wait_for_timeout(1_000)  # what comes later counts too; the stream of events never ends
        assert [url for size, url in sizes if size > 100_000] == []
    assert best <= READY_SECS


def test_memory_after_many_jobs(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    for _ in range(50):
        flow_server.upload("a,b\n1,2\n", "again")
    jobs = flow.run("getJobs")
    flow.role("grid", "Jobs", jobs).wait_for()
    flow.page.wait_for_timeout(1_500)
    assert flow.page.evaluate("performance.memory.usedJSHeapSize") < 150e6
