"""Notebooks: saved and opened on the server and as files, restored after a reload, replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flow_page import FlowPage, notebook
from server_client import Client

pytestmark = pytest.mark.browser

STORE = "/3/NodePersistentStorage"


def _rename(flow: FlowPage, name: str) -> None:
    field = flow.role("textbox", "Name of the notebook")
    field.fill(name)
    field.press("Enter")
    flow.until("name => document.title.startsWith(name)", arg=name)


def _stored(server: Client, name: str) -> list[dict[str, str]]:
    return json.loads(server.get(f"{STORE}/notebook/{quote(name)}")["value"])["cells"]


def _restore_and_undo(flow: FlowPage, server: Client) -> None:
    """Brings the text before the last one back, by the dialog of versions, and then the last one again."""
    flow.menu("Notebook", "Versions")
    dialog = flow.role("dialog", "Versions of kept notebook")
    dialog.get_by_text("2 cells, without 1 cell of the notebook now").wait_for()
    assert dialog.get_by_role("list", name="Versions").get_by_role("button").count() == 1
    flow.button("Restore this version", dialog).click()
    flow.button("Undo").wait_for()
    assert [cell["input"] for cell in _stored(server, "kept notebook")] == ["assist", "getFrames"]
    assert len(server.get(f"{STORE}/notebook/kept%20notebook/versions")["versions"]) == 2, (
        "what it replaced is one, too"
    )
    flow.button("Undo").click()
    flow.cell("getJobs")
    for _ in range(50):
        if len(_stored(server, "kept notebook")) == 3:
            return
        flow.page.wait_for_timeout(100)
    raise AssertionError("the undone text is not saved")


def test_saved_on_the_server_and_opened_again(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    flow.run("getFrames")
    _rename(flow, "kept notebook")
    flow.page.get_by_text("Saved", exact=True).wait_for()
    assert [cell["input"] for cell in _stored(flow_server, "kept notebook")] == ["assist", "getFrames"]
    flow.run("getJobs")
    flow.page.wait_for_timeout(2_500)  # it saves itself
    assert [cell["input"] for cell in _stored(flow_server, "kept notebook")] == ["assist", "getFrames", "getJobs"]
    _restore_and_undo(flow, flow_server)
    flow.menu("Notebook", "New notebook")
    flow.heading("What would you like to do?").wait_for()
    flow.menu("Notebook", "Open notebook")
    flow.button("kept notebook", flow.role("dialog", "Open a notebook")).click()
    flow.cell("getJobs")
    assert "flow=kept+notebook" in flow.page.url
    _rename(flow, "another name")
    for _ in range(50):  # the old one goes once the new one is there
        names = {entry["name"] for entry in flow_server.get(f"{STORE}/notebook")["entries"]}
        if "kept notebook" not in names:
            break
        flow.page.wait_for_timeout(100)
    assert "another name" in names and "kept notebook" not in names
    assert len(flow_server.get(f"{STORE}/notebook/another%20name/versions")["versions"]) >= 2, "its versions go along"
    flow.menu("Notebook", "Open notebook")
    dialog = flow.role("dialog", "Open a notebook")
    flow.button("Delete another name", dialog).click()
    flow.button("Delete", flow.role("dialog", "Delete the notebook another name?")).click()
    dialog.get_by_text("another name").wait_for(state="detached")
    assert "another name" not in {entry["name"] for entry in flow_server.get(f"{STORE}/notebook")["entries"]}


def test_file_goes_out_and_comes_in_unchanged(flow_page: FlowPage) -> None:
    flow = flow_page
    cells = [
        {"type": "md", "input": "Some *words*"},
        {"type": "h2", "input": "A heading"},
        {"type": "cs", "input": "getFrames"},
        {"type": "cs", "input": "buildModel 'gbm', {\"ntrees\":3}"},
        {"type": "raw", "input": "plain"},
    ]
    with flow.page.expect_file_chooser() as chooser:
        flow.menu("Notebook", "Open file")
    text = json.dumps({"version": "1.0.0", "cells": cells})
    chooser.value.set_files([{"name": "story.flow", "mimeType": "application/json", "buffer": text.encode()}])
    flow.heading("A heading").wait_for()
    assert flow.cells().count() == 5
    with flow.page.expect_download() as download:
        flow.menu("Notebook", "Download this notebook")
    assert download.value.suggested_filename == "story.flow"
    assert json.loads(Path(download.value.path()).read_text()) == json.loads(text)


def test_reload_restores_results_without_running_again(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    job = flow.run(
        'buildModel "gbm", {"model_id": "reloaded", "training_frame": "prostate", "response_column": "CAPSULE", "ntrees": 3}'
    )
    flow.button("View the model", flow.done(job)).click()
    flow.role("tab", "Overview", flow.cell("getModel")).wait_for()
    flow.page.wait_for_timeout(2_000)  # results are kept a moment later
    before = len(flow_server.get("/3/Jobs")["jobs"])
    flow.page.reload()
    flow.role("tab", "Overview", flow.cell("getModel")).wait_for()
    flow.cell("buildModel").get_by_text("done", exact=True).wait_for()
    assert len(flow_server.get("/3/Jobs")["jobs"]) == before
    assert flow.page.get_by_text("stale", exact=True).count() == 0


def test_run_all_replays_the_story(flow_page: FlowPage, flow_server: Client, files: Path) -> None:
    flow = flow_page
    path = json.dumps(str(files / "prostate.csv"))
    story = notebook(
        f"importFiles [ {path} ]",
        f'parseFiles\n  paths: [{path}]\n  destination_frame: "replayed"\n  parse_type: "CSV"\n  separator: 44\n  number_columns: 9\n'
        '  single_quotes: false\n  column_types: ["Numeric","Enum","Numeric","Numeric","Numeric","Numeric","Numeric","Numeric","Numeric"]\n'
        '  column_names: ["ID","CAPSULE","AGE","RACE","DPROS","DCAPS","PSA","VOL","GLEASON"]\n  delete_on_done: true\n  check_header: 1\n  chunk_size: 4194304',
        'buildModel "gbm", {"model_id": "replayed-trees", "training_frame": "replayed", "response_column": "CAPSULE", "ntrees": 3}',
        'predict model: "replayed-trees", frame: "replayed"',
    )
    flow_server.post(f"{STORE}/notebook/replay", value=story)
    flow.menu("Notebook", "Open notebook")
    flow.button("replay", flow.role("dialog", "Open a notebook")).click()
    flow.cell("predict")
    flow.menu("Notebook", "Run all")
    flow.heading("Prediction", flow.cell("predict")).wait_for(timeout=30_000)
    flow_server.delete(f"{STORE}/notebook/replay")


def test_changed_text_makes_a_result_stale_until_it_runs_again(flow_page: FlowPage, prostate: str) -> None:
    flow = flow_page
    cell = flow.run("getFrames")
    flow.role("grid", "Frames", cell).wait_for()
    cell.get_by_role("textbox").first.click()
    flow.page.keyboard.press("Control+a")
    flow.page.keyboard.insert_text("getJobs")
    cell = flow.cell("getJobs")
    cell.get_by_text("stale", exact=True).wait_for()
    flow.page.keyboard.press("Control+Enter")
    flow.role("grid", "Jobs", cell).wait_for()
    assert cell.get_by_text("stale", exact=True).count() == 0


def test_click_inserts_its_command_below_the_cell_it_came_from(flow_page: FlowPage, prostate: str) -> None:
    flow = flow_page
    frames = flow.run("getFrames")
    flow.run("getJobs")
    flow.button("prostate", frames).click()
    opened = flow.cell("getFrameSummary")
    flow.role("grid", "Columns", opened).wait_for()
    commands = flow.cells().evaluate_all("all => all.map(e => e.ariaLabel.slice(6).split(' ')[0])")
    assert commands == ["assist", "getFrames", "getFrameSummary", "getJobs"]
    flow.page.wait_for_timeout(1_500)
    box = opened.bounding_box()
    assert 0 <= box["y"] <= 400, "the top of the new cell is in the upper half"
    assert opened.get_attribute("aria-current") == "true"


def test_keys_that_come_before_the_page_is_drawn_are_taken(flow_page: FlowPage) -> None:
    flow = flow_page
    flow.heading("What would you like to do?").wait_for()
    # All within one frame: a reader on a busy machine is that quick.
    focused = flow.page.evaluate(
        """async () => {
          [...document.querySelectorAll("button")].find(one => one.textContent.trim() === "+ Add a cell").click();
          for (let i = 0; i < 20; i += 1) await null;
          const field = document.activeElement;
          const key = {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
          for (let i = 0; i < 20; i += 1) await null;
          return [field.tagName, document.activeElement.tagName];
        }"""
    )
    assert focused[0] == "TEXTAREA"
    assert focused[1] != "TEXTAREA"
    flow.run("getFrames")


# Those that need no files of the reader's own.
@pytest.mark.parametrize(
    ("example", "last"), [("A first model", "predict model"), ("Cars with Deep Learning", "buildPartialDependence")]
)
def test_an_example_runs_from_its_first_cell_to_its_last(
    flow_page: FlowPage, flow_server: Client, example: str, last: str
) -> None:
    flow = flow_page
    shown = flow.run("getHelp")
    flow.tab("Examples", shown)
    item = shown.get_by_role("listitem").filter(has=flow.page.get_by_text(example, exact=True))
    flow.button("Open", item).click()
    flow.until("name => document.title.startsWith(name)", arg=example)
    flow.menu("Notebook", "Run all")
    finished = flow.page.get_by_role("region", name=re.compile(f"^Cell: {last}"))
    flow.until("cell => cell.dataset.state === 'done'", arg=finished.element_handle(), secs=90)
    assert flow.page.locator("[data-cell][data-state=failed]").count() == 0
    made = {frame["frame_id"]["name"] for frame in flow_server.get("/3/Frames")["frames"]}
    assert {"cars", "cars-train", "cars-test"} <= made
    flow.page.goto("about:blank")  # else it asks for what goes now
    for name in ("cars", "cars-train", "cars-test"):
        flow_server.call("DELETE", f"/3/Frames/{name}")


def test_palette_finds_commands_and_objects(flow_page: FlowPage, prostate: str) -> None:
    flow = flow_page
    flow.role("button", "prostate", flow.role("complementary", "Side bar"), exact=False).first.wait_for()
    flow.page.keyboard.press("Control+k")
    flow.page.keyboard.type("prost")  # at once: no key goes astray while the palette is drawn
    assert flow.role("combobox", "Search commands, objects and cells").input_value() == "prost"
    flow.role("option", re.compile("^prostate"), exact=False).first.wait_for()
    flow.page.keyboard.press("Enter")
    flow.role("grid", "Columns", flow.cell('getFrameSummary "prostate"')).wait_for()


Opener = Callable[..., FlowPage]


def test_two_pages_of_one_server_see_each_others_objects(flow_server: Client, open_page: Opener) -> None:
    first, second = open_page(flow_server).open(), open_page(flow_server).open()
    flow_server.upload("a,b\n1,2\n", "seen-by-both")
    for flow in (first, second):
        flow.role("button", "seen-by-both", flow.role("complementary", "Side bar"), exact=False).first.wait_for()
