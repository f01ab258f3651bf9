"""What goes wrong: hostile names, a server that stops and comes back, objects that went, commands that fail."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flow_page import HOSTILE, FlowPage, notebook
from server_client import Client, start, stop

pytestmark = pytest.mark.browser


def _images(flow: FlowPage) -> int:
    return int(flow.page.evaluate("document.querySelectorAll('#page img[src=x], #page script').length"))


# ---- names that would be code ----


def test_hostile_columns_and_levels_are_text(flow_page: FlowPage, flow_server: Client, files: Path) -> None:
    flow = flow_page
    flow.button(re.compile("^Import data")).click()
    frame = flow.import_file(files / "hostile.csv", {"colour": "Enum", "target": "Enum"}, "hostile")
    flow.button(HOSTILE, frame).click()
    column = flow.cell("getColumnSummary")
    flow.heading(HOSTILE, column).wait_for()
    flow.button("colour", frame).click()
    levels = flow.cell('getColumnSummary "hostile", "colour"')
    flow.role("list", "Rows of each level", levels).get_by_text(HOSTILE, exact=True).wait_for()
    rows = flow.run('getFrameData "hostile"')
    flow.role("grid", "Rows of hostile", rows).get_by_text(HOSTILE).first.wait_for()
    job = flow.run(
        'buildModel "gbm", {"model_id": "hostile-trees", "training_frame": "hostile", "response_column": "colour", "ntrees": 3}'
    )
    flow.button("View the model", flow.done(job)).click()
    model = flow.cell("getModel")
    flow.tab("Confusion", model)
    flow.role("columnheader", HOSTILE, model).wait_for()
    flow.tab("Importance", model)
    flow.role("list", "Variable importances", model).get_by_text(HOSTILE, exact=True).wait_for()
    assert _images(flow) == 0


def test_hostile_keys_are_text(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    flow.expected = ["^404: GET /3/Frames/"]  # it is deleted at the end, under the eyes of the page
    flow_server.upload("a,b\n1,2\n3,4\n", HOSTILE)
    try:
        frames = flow.run("getFrames")
        flow.button(HOSTILE, frames).click()
        shown = flow.cell("getFrameSummary")
        flow.heading(HOSTILE, shown).wait_for()
        flow.role("button", HOSTILE, flow.role("complementary", "Side bar"), exact=False).first.wait_for()
        assert _images(flow) == 0
    finally:
        flow_server.delete(f"/3/Frames/{quote(HOSTILE, safe='')}")


def test_hostile_notebook_is_text(flow_page: FlowPage, flow_server: Client) -> None:
    flow, name = flow_page, f"N {HOSTILE}".replace("=", " is ")
    cells = [
        {
            "type": "md",
            "input": f"# {HOSTILE}\n\n{HOSTILE}\n\n[link](javascript:window.stolen=1) ![p](javascript:window.stolen=1)",
        },
        {"type": "h1", "input": HOSTILE},
        {"type": "raw", "input": HOSTILE},
        {"type": "cs", "input": f'getFrame "{HOSTILE}"'},
    ]
    flow_server.post(
        f"/3/NodePersistentStorage/notebook/{quote(name)}", value=json.dumps({"version": "1.0.0", "cells": cells})
    )
    flow.menu("Notebook", "Open notebook")
    dialog = flow.role("dialog", "Open a notebook")
    flow.button(name, dialog).click()
    flow.heading(HOSTILE).first.wait_for()
    assert flow.role("textbox", "Name of the notebook").input_value() == name
    assert flow.page.title().startswith(name)
    for link in flow.role("link", "link").all():
        assert not (link.get_attribute("href") or "").startswith("javascript:")
    assert _images(flow) == 0
    flow_server.delete(f"/3/NodePersistentStorage/notebook/{quote(name)}")


# ---- a server that is not there ----


def test_server_stops_and_comes_back(files: Path, tmp_path: Path, open_page: Callable[..., FlowPage]) -> None:
    kept = ("--data-dir", str(tmp_path / "data"), "--import-roots", str(files))
    server = start(tmp_path / "server", *kept)
    port = server.url.rsplit(":", 1)[1]
    flow = open_page(server)
    flow.expected = [
        "ERR_CONNECTION_REFUSED",
        "ERR_EMPTY_RESPONSE",
        "ERR_CONNECTION_RESET",
        "ERR_INCOMPLETE_CHUNKED",
        "Failed to fetch",
    ]
    flow.open()
    server.upload("a,b\n1,2\n3,4\n", "kept")
    stop(server)
    try:
        alert = flow.page.get_by_role("alert").filter(has_text="The server does not answer")
        alert.first.wait_for()
        failed = flow.run('getFrameSummary "kept"')
        failed.get_by_role("alert").wait_for()
        assert "does not answer" in failed.get_by_role("alert").inner_text()
        server = start(tmp_path / "again", "--port", port, *kept)
        alert.first.wait_for(state="detached", timeout=20_000)
        retry = flow.button("Try again", failed)
        if retry.count():
            retry.click()
        flow.role("grid", "Columns", failed).wait_for()
        # then it is started anew without its data, in the middle of a training
        job = flow.run(
            'buildModel "deeplearning", {"model_id": "lost", "training_frame": "kept", "response_column": "b", "epochs": 1e9, '
            '"stopping_rounds": 0, "regression_stop": -1}'
        )
        job.get_by_text("running", exact=True).first.wait_for()
        stop(server)
        flow.expected += [r"^404: GET /3/(Jobs|Models|Frames)/"]
        server = start(tmp_path / "empty", "--port", port, "--import-roots", str(files))
        gone = failed.get_by_text("No longer on the server: frame kept", exact=False)
        gone.wait_for(timeout=20_000)
        failed.get_by_text("stale", exact=True).wait_for()
        job.get_by_text("The server does not know the job that made lost any more", exact=False).wait_for()
        server.upload("a,b\n1,2\n3,4\n", "kept")
        flow.button(re.compile("^Run again"), failed).click()
        flow.role("grid", "Columns", failed).wait_for()
        gone.wait_for(state="detached")
    finally:
        stop(server)


def test_page_asks_for_the_token(tmp_path: Path, open_page: Callable[..., FlowPage]) -> None:
    server = start(tmp_path / "server", "--token", "a-token-of-forty-signs-is-long-enough-123")
    try:
        flow = open_page(server)
        flow.expected = ["^401:", "^500:"]  # what is on its way when the server stops at the end
        flow.open()
        dialog = flow.role("dialog", "This server asks for its token")
        flow.role("textbox", "Token", dialog, exact=False).or_(dialog.get_by_label("Token")).first.fill(
            "a-token-of-forty-signs-is-long-enough-123"
        )
        flow.button("Go on", dialog).click()
        dialog.wait_for(state="detached")
        flow.role("grid", "Frames", flow.run("getFrames")).wait_for()
    finally:
        stop(server)


def test_slow_answer_shows_that_it_is_on_its_way(flow_page: FlowPage, prostate: str) -> None:
    flow = flow_page
    held: list[Any] = []
    flow.page.route("**/3/Frames/prostate/summary*", lambda route: held.append(route))
    cell = flow.run('getFrameSummary "prostate"')
    flow.role("status", "Loading", cell).first.wait_for()
    end = time.monotonic() + 10
    while not held:  # the screen itself may be on its way as well
        assert time.monotonic() < end
        flow.page.wait_for_timeout(50)
    held[0].continue_()
    flow.page.unroute("**/3/Frames/prostate/summary*")
    flow.role("grid", "Columns", cell).wait_for()


# ---- commands that fail ----


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("getFrame", None),  # asks which one, by its form
        ('getModel "nothing-is-called-so"', "nothing-is-called-so"),
        ("getFrames(", ""),
        ("noSuchCommand 1", "noSuchCommand"),
        ('buildModel "gbm", {"training_frame": "prostate"}', "response_column"),
        ('splitFrame "prostate", [2], ["a", "b"]', "ratios"),
    ],
)
def test_failing_command_says_why_and_can_be_run_again(
    flow_page: FlowPage, prostate: str, command: str, told: str | None
) -> None:
    flow = flow_page
    flow.expected = ["^4(00|04|12):"]
    cell = flow.run(command)
    if told is None:
        flow.role("grid", "Frames", cell).wait_for()
        return
    alert = cell.get_by_role("alert").first
    alert.wait_for()
    assert told in alert.inner_text()
    assert len(alert.inner_text()) < 1000
    flow.button("Run the cell", cell).or_(flow.button(re.compile("^Run again"), cell)).first.wait_for()


def test_result_of_a_deleted_object_is_stale(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    flow.expected = ["^404: GET /3/Frames/leaves"]
    flow_server.upload("a,b\n1,2\n3,4\n", "leaves")
    cell = flow.run('getFrameSummary "leaves"')
    flow.role("grid", "Columns", cell).wait_for()
    flow.role("button", "leaves", flow.role("complementary", "Side bar"), exact=False).first.wait_for()
    flow_server.delete("/3/Frames/leaves")
    cell.get_by_text("stale", exact=True).wait_for()
    flow.button(re.compile("^Run again"), cell).wait_for()


def test_deleting_asks_and_names_the_object(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    flow.expected = ["^404: GET /3/Frames/asked-for"]
    flow_server.upload("a,b\n1,2\n3,4\n", "asked-for")
    cell = flow.run('getFrameSummary "asked-for"')
    for answer in ("Keep it", "Delete the frame"):
        flow.button("More actions on the frame", cell).click()
        flow.role("menuitem", "Delete the frame").click()
        flow.button(answer, flow.role("dialog", "Delete the frame asked-for?")).click()
        keys = [frame["frame_id"]["name"] for frame in flow_server.get("/3/Frames")["frames"]]
        assert answer != "Keep it" or "asked-for" in keys
    flow.cell("deleteFrame").get_by_text(re.compile("[Dd]eleted")).wait_for()
    assert "asked-for" not in [frame["frame_id"]["name"] for frame in flow_server.get("/3/Frames")["frames"]]


def test_notebook_with_an_unknown_cell_type_is_refused_or_kept(flow_page: FlowPage, flow_server: Client) -> None:
    flow = flow_page
    text = notebook("assist").replace('"cs"', '"what"')
    with flow.page.expect_file_chooser() as chooser:
        flow.menu("Notebook", "Open file")
    chooser.value.set_files([{"name": "odd.flow", "mimeType": "application/json", "buffer": text.encode()}])
    told = flow.page.get_by_role("status").filter(has_text=re.compile("what|type", re.IGNORECASE))
    told.or_(flow.role("textbox", "Name of the notebook")).first.wait_for()
    assert flow.cells().count() >= 1
