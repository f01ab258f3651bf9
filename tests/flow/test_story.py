"""The story of a newcomer: from an empty server to a downloaded model, by what the page shows and calls things."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flow_page import PAGE, FlowPage, data_file
from server_client import Client, start, stop

pytestmark = pytest.mark.browser

STORY_ROWS = 3_000


def _read_the_model(flow: FlowPage, model: object, *, hits: bool) -> None:
    """Looks at matrix, importances and layers of a net, and at its hit ratios where there are several classes."""
    flow.tab("Confusion", model)
    flow.page.get_by_role("table").first.wait_for()
    if hits:
        flow.heading("Hit ratios", model).wait_for()
        flow.role("figure", "Hit ratio", model).wait_for()
    flow.tab("Importance", model)
    flow.role("list", "Variable importances", model).wait_for()
    flow.tab("Layers", model)
    flow.role("grid", "Status of Neuron Layers", model, exact=False).wait_for()
    flow.tab("Curves", model)
    flow.role("figure", re.compile("^Curve of"), model).wait_for()


def _go_on_from(flow: FlowPage, cell: Any, button: str) -> None:
    """Clicks in an earlier cell, which comes back onto the page as it comes into sight; the cells around it may still move."""
    for _ in range(5):
        cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
        try:
            flow.button(button, cell).click(timeout=3_000)
            return
        except flow.timeout:
            continue
    flow.button(button, cell).click()


def _run_automl(flow: FlowPage, frame: Any, response: str, models: int, algorithms: tuple[str, ...]) -> object:
    _go_on_from(flow, frame, "AutoML")
    form = flow.cell("assist runAutoML")
    flow.set_parameters(form, {"response_column": response})
    for name in algorithms:
        form.get_by_label(name, exact=True).check()
    flow.set_parameters(form, {"max_models": str(models), "nfolds": "2"})
    flow.button("Run AutoML", form).click()
    run = flow.cell("runAutoML")
    flow.done(run, 120)
    return run


def _compare_and_download(flow: FlowPage, run: object) -> None:
    pins = flow.role("checkbox", re.compile("^Pin "), run)
    pins.nth(1).wait_for()  # the leaderboard may be read once more after the end
    pins.nth(0).check()
    pins.nth(1).check()
    flow.button("Compare 2 models", run).click()
    comparison = flow.cell("compareModels")
    flow.role("region", "Metrics", comparison).wait_for()
    assert flow.role("region", "Metrics", comparison).get_by_role("columnheader").count() == 3
    flow.tab("Parameters", comparison)
    flow.role("region", "Parameters that differ", comparison).wait_for()
    flow.button("View the leader", run).click()
    leader = flow.cell("getModel")
    flow.tab("Export", leader)
    with flow.page.expect_download() as download:
        flow.button("Download model", leader).click()
    assert Path(download.value.path()).stat().st_size > 1000


def test_story_of_a_small_table(files: Path, tmp_path: Path, open_page: Callable[..., FlowPage]) -> None:
    server = start(tmp_path / "server", "--workers", "2", "--import-roots", str(files))
    try:
        flow = open_page(server).open("/")
        assert flow.page.url.split("#")[0] == server.url + PAGE
        flow.heading("What would you like to do?").wait_for()
        flow.page.get_by_text("The server holds no data yet.").wait_for()
        flow.button(re.compile("^Import data")).click()
        frame = flow.import_file(files / "prostate.csv", {"CAPSULE": "Enum", "RACE": "Enum"}, "prostate")
        flow.page.get_by_text(re.compile(r"380 rows × 9 columns")).wait_for()
        types = {
            column["label"]: column["type"]
            for column in server.get("/3/Frames/prostate/summary")["frames"][0]["columns"]
        }
        assert (types["CAPSULE"], types["RACE"], types["AGE"]) == ("enum", "enum", "int")

        flow.button("Build model", frame).click()
        net = {"response_column": "CAPSULE", "hidden": "20, 20", "epochs": "20", "model_id": "net", "seed": "1"}
        job = flow.build(flow.cell("assist buildModel"), "Deep Learning", net)
        flow.role("figure", re.compile("^Curve of"), flow.done(job)).wait_for()
        flow.button("View the model", job).click()
        _read_the_model(flow, flow.cell("getModel"), hits=False)
        run = _run_automl(flow, frame, "CAPSULE", 2, ("GLM", "GBM"))
        _compare_and_download(flow, run)
        commands = [text.split()[0] for text in flow.cells().evaluate_all("all => all.map(e => e.ariaLabel.slice(6))")]
        story = [
            "importFiles",
            "setupParse",
            "parseFiles",
            "getFrameSummary",
            "buildModel",
            "getModel",
            "runAutoML",
            "compareModels",
        ]
        assert [name for name in story if name not in commands] == []
    finally:
        stop(server)


def test_story_of_mnist(tmp_path: Path, open_page: Callable[..., FlowPage]) -> None:
    digits = data_file("mnist/test.csv.gz")
    if digits is None:
        pytest.skip("there is no mnist/test.csv.gz: set ARTESIAN_TEST_DATA to the folder that holds it")
    with gzip.open(digits, "rt") as lines:
        (tmp_path / "digits.csv").write_text("".join(line for line, _ in zip(lines, range(STORY_ROWS), strict=False)))
    server = start(tmp_path / "server", "--workers", "2", "--import-roots", str(tmp_path))
    try:
        flow = open_page(server).open("/")
        flow.button(re.compile("^Import data")).click()
        frame = flow.import_file(tmp_path / "digits.csv", {"785": "Enum"}, "digits")
        flow.button("Split", frame).click()
        split = flow.cell("assist splitFrame")
        split.get_by_label("Ratio of part 1").fill("0.85")
        split.get_by_label("Key of part 1").fill("train")
        split.get_by_label("Key of part 2").fill("rest")
        flow.button("Split", split).click()
        parts = flow.cell("splitFrame")
        flow.button("train", parts).click()
        flow.button("Build model", flow.cell('getFrameSummary "train"')).click()
        net = {
            "response_column": "C785",
            "validation_frame": "rest",
            "hidden": "128, 64",
            "epochs": "6",
            "model_id": "net",
            "seed": "1",
        }
        job = flow.build(flow.cell("assist buildModel"), "Deep Learning", net)
        flow.button("View the model", flow.done(job)).click()
        model = flow.cell("getModel")
        _read_the_model(flow, model, hits=True)
        flow.tab("Confusion", model)
        matrix = flow.role("table", re.compile("^Confusion matrix, validation"), model)
        matrix.wait_for()
        assert matrix.get_by_role("row").count() == 12  # ten digits, a head and the sums
        assert (
            server.get("/3/Models/net")["models"][0]["output"]["validation_metrics"]["cm"]["table"]["data"][10][10]
            < 0.2
        )
        wrong = flow.button(re.compile(r"^[1-9]\d* of (\d) as (?!\1)\d: show the rows"), matrix).first
        found = wrong.inner_text()
        wrong.click()
        pictures = flow.role("list", re.compile("as pictures$"), flow.cell("getPredictedRows"))
        pictures.wait_for()
        assert pictures.get_by_role("listitem").count() == int(found)
        _go_on_from(flow, parts, "rest")
        run = _run_automl(flow, flow.cell('getFrameSummary "rest"'), "C785", 2, ("DRF", "GBM"))
        _compare_and_download(flow, run)
    finally:
        stop(server)


def _tab_to(flow: FlowPage, target: object, most: int = 80) -> None:
    """Presses Tab until the target has the focus, which must be seen at each step."""
    target.wait_for()
    for _ in range(most):
        if target.evaluate("e => e === document.activeElement"):
            return
        flow.page.keyboard.press("Tab")
        assert flow.page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e || e === document.body || e.matches("main, section")) return true;
              const seen = one => { const s = getComputedStyle(one); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"; };
              return seen(e) || [...document.querySelectorAll(":focus-within")].slice(-3).some(seen);
            }"""
        ), f"the focus is not seen on {flow.page.evaluate('document.activeElement.outerHTML.slice(0, 300)')}"
    raise AssertionError(f"Tab does not lead to {target}")


def test_story_by_keyboard_alone(flow_page: FlowPage, files: Path, flow_server: Client) -> None:
    flow, keys = flow_page, flow_page.page.keyboard
    _tab_to(flow, flow.button(re.compile("^Import data")))
    keys.press("Enter")
    form = flow.cell("importFiles")
    _tab_to(flow, flow.role("combobox", re.compile("^Path"), form))
    keys.insert_text(str(files / "prostate.csv"))
    keys.press("Enter")
    _tab_to(flow, flow.button("Import", form))
    keys.press("Enter")
    _tab_to(flow, flow.button(re.compile("^Parse this file"), flow.cell("importFiles [")))
    keys.press("Enter")
    setup = flow.cell("setupParse")
    _tab_to(flow, setup.get_by_label("Key of the frame"))
    keys.press("Control+a")
    keys.insert_text("typed")
    _tab_to(flow, flow.button(re.compile("^Parse 9 columns"), setup))
    keys.press("Enter")
    job = flow.done(flow.cell("parseFiles"))
    _tab_to(flow, flow.button("View the frame", job))
    keys.press("Enter")
    frame = flow.cell("getFrameSummary")
    _tab_to(flow, flow.role("tab", "Columns", frame))
    keys.press("ArrowRight")
    flow.role("grid", "Rows of typed", frame).wait_for()
    keys.press("Control+k")
    flow.role("combobox", "Search commands, objects and cells").wait_for()
    keys.insert_text("build a model")
    keys.press("Enter")
    form = flow.cell("buildModel")
    algorithm = form.get_by_label("Algorithm")
    algorithm.locator("option", has_text="Gradient").first.wait_for(state="attached")
    _tab_to(flow, algorithm)
    keys.type("Gradient")
    flow.until("document.activeElement.selectedOptions?.[0]?.text.startsWith('Gradient')")
    chosen = {"training_frame": "typed", "response_column": "CAPSULE"}
    for name, value in {**chosen, "ntrees": "3", "model_id": "typed-trees"}.items():
        search = flow.role("searchbox", "Search parameters", form)
        if not search.evaluate("e => e === document.activeElement"):
            for _ in range(12):
                keys.press("Shift+Tab")
                if search.evaluate("e => e === document.activeElement"):
                    break
        keys.press("Control+a")
        keys.insert_text(name)
        control = form.get_by_label(re.compile(rf"^{name}( \*)?$")).first
        if name in chosen:
            control.locator("option", has_text=value).first.wait_for(state="attached")
        _tab_to(flow, control)
        if name in chosen:
            keys.type(value[:3])
        else:
            keys.press("Control+a")
            keys.insert_text(value)
    _tab_to(flow, flow.button("Build model", form))
    keys.press("Enter")
    flow.done(flow.cell('buildModel "gbm"'))
    assert flow_server.get("/3/Models/typed-trees")["models"][0]["algo"] == "gbm"
