"""What a hand does beyond clicking commands: files dropped on the page, routes tried, cells copied as code."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from flow_page import FlowPage
from server_client import Client

pytestmark = pytest.mark.browser

_DROP = """
(zone, [name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, {type: "text/csv"}));
  for (const type of ["dragenter", "dragover", "drop"]) zone.dispatchEvent(new DragEvent(type, {dataTransfer: carried, bubbles: true, cancelable: true}));
}
"""


def test_a_file_dropped_on_the_page_is_uploaded_and_looked_at(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    cell = flow.run("importFiles")
    zone = cell.get_by_text("Drop files here, or").locator("..")
    zone.evaluate(_DROP, ["dropped.csv", "height,colour\n1.5,red\n2.5,blue\n"])
    setup = flow.cell("setupParse")
    flow.role("combobox", "Type of height", setup).wait_for()
    flow.button(re.compile("^Parse 2 columns"), setup).click()
    flow.button("View the frame").click()
    flow.role("grid", "Columns", flow.cell("getFrameSummary")).wait_for()
    (key,) = [one["frame_id"]["name"] for one in flow_server.get("/3/Frames")["frames"] if "dropped" in str(one)]
    columns = flow_server.get(f"/3/Frames/{key}")["frames"][0]["columns"]
    assert [column["label"] for column in columns] == ["height", "colour"]


def _chosen(flow: FlowPage, cell: Any, path: str, verb: str) -> Any:
    flow.role("searchbox", "Search routes", cell).fill(path)
    routes = flow.role("list", "Routes", cell).get_by_role("button")
    routes.filter(has_text=verb).filter(has=flow.page.get_by_text(path, exact=True)).first.click()
    return cell


def test_a_route_is_tried(flow_page: FlowPage, prostate: str) -> None:
    flow = flow_page
    flow.expected = ["^404: GET /3/Frames/nowhere"]
    cell = _chosen(flow, flow.run("getEndpoints"), "/3/Frames/{frame_id}", "GET")
    cell.get_by_text("Give frame_id.").wait_for()
    flow.role("textbox", "frame_id *", cell).fill("prostate")
    flow.button("Send", cell).click()
    answer = flow.role("region", "Answer", cell)
    answer.wait_for()
    assert '"CAPSULE"' in answer.inner_text()
    flow.role("textbox", "frame_id *", cell).fill("nowhere")
    flow.button("Send", cell).click()
    cell.get_by_text(re.compile("There is no frame 'nowhere'")).first.wait_for()


def test_a_route_that_changes_something_asks_first(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    flow_server.upload("a\n1\n", "tried")
    cell = _chosen(flow, flow.run("getEndpoints"), "/3/Frames/{frame_id}", "DELETE")
    flow.role("textbox", "frame_id *", cell).fill("tried")
    flow.button("Send", cell).click()
    ask = flow.role("dialog", "Send DELETE /3/Frames/tried?")
    assert flow_server.call("GET", "/3/Frames/tried").status == 200
    flow.button("Send it", ask).click()
    flow.role("region", "Answer", cell).wait_for()
    assert flow_server.call("GET", "/3/Frames/tried").status == 404


@pytest.mark.parametrize("language", ["curl", "Python"])
def test_a_cell_copied_as_code_does_what_the_cell_does(flow_page: FlowPage, prostate: str, language: str) -> None:
    flow = flow_page
    flow.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell = flow.run('getFrameSummary "prostate"')
    flow.role("grid", "Columns", cell).wait_for()
    flow.button("Actions on this cell", cell).click()
    flow.role("menuitem", f"Copy as {language}").click()
    flow.page.get_by_text(f"Copied as {language}.").wait_for()
    copied = flow.page.evaluate("navigator.clipboard.readText()")
    command = ["sh", "-c", copied] if language == "curl" else [sys.executable, "-c", copied]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert "CAPSULE" in done.stdout
