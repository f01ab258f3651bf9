"""The official Flow page works before this server: the story of a user, through its forms and buttons, without a fault.

The tests run in order, on one page and one server, as a session of a user would. ARTESIAN_REAL_FLOW_BACKEND names another
server to judge, such as the original; ARTESIAN_REAL_FLOW_RECORD a folder for its answers, to compare.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))
sys.path.insert(0, str(Path(__file__).parent))

from real_flow import REPOSITORY, Harness, RealFlow, browser_path, free_port, missing
from server_client import start, stop

REASON = missing()
pytestmark = [pytest.mark.skipif(bool(REASON), reason=REASON), pytest.mark.alone]
PROSTATE = REPOSITORY / "tests/data/prostate.csv"
HOSTILE = "<img src=x onerror=window.stolen=1>"
BACKEND = os.environ.get("ARTESIAN_REAL_FLOW_BACKEND", "")
ORIGINAL = os.environ.get("ARTESIAN_REAL_FLOW_ORIGINAL", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server finds its files."""
    place = Path(os.environ.get("ARTESIAN_REAL_FLOW_FILES") or tmp_path_factory.mktemp("real-flow"))
    place.mkdir(parents=True, exist_ok=True)
    drawn = random.Random(7)
    levels = ["red", "green", HOSTILE]
    lines = [
        "x1,x2,colour,y",
        *(f"{drawn.random():.4f},{drawn.gauss(0, 1):.4f},{levels[i % 3]},{i % 3}" for i in range(300)),
    ]
    (place / "colours.csv").write_text("\n".join(lines) + "\n")
    wide = [",".join(str(drawn.randrange(256)) for _ in range(785)) for _ in range(40)]
    (place / "wide.csv").write_text("\n".join(wide) + "\n")
    (place / "prostate.csv").write_text(PROSTATE.read_text())
    return place


@pytest.fixture(scope="module")
def flow(folder: Path) -> Iterator[RealFlow]:
    """The page, before a server whose imports and exports are jailed to the folder."""
    from playwright.sync_api import sync_playwright

    port = int(os.environ.get("ARTESIAN_REAL_FLOW_PORT") or free_port())
    # the page is of another origin than the server, as each page that a proxy serves
    server = (
        None
        if BACKEND
        else start(
            folder / "server",
            "--allowed-origins",
            f"http://127.0.0.1:{port}",
            "--import-roots",
            str(folder),
            "--export-roots",
            str(folder),
        )
    )
    harness = Harness(BACKEND or server.url, folder, port).start()
    record = os.environ.get("ARTESIAN_REAL_FLOW_RECORD")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True).new_page()
        driver = RealFlow(page, harness.url, Path(record) if record else None)
        driver.open()
        yield driver
        browser.close()
    harness.stop()
    if server is not None:
        stop(server)


@pytest.fixture(autouse=True)
def whole(flow: RealFlow) -> Iterator[None]:
    """After each test: nothing failed, neither in the page nor among its requests."""
    yield
    faults = flow.settle()
    flow.write_record()
    assert faults == []
    assert flow.page.evaluate("window.stolen === undefined"), "a name ran as code"


# ---- files and frames ----


def test_start(flow: RealFlow) -> None:
    wanted = {"/3/Metadata/endpoints", "/3/ModelBuilders", "/3/About", "/3/NodePersistentStorage/notebook"}
    for _ in range(100):
        if wanted <= {path for _, path, _ in flow.calls}:
            break
        flow.page.wait_for_timeout(50)
    assert wanted <= {path for _, path, _ in flow.calls}
    builders = flow.page.evaluate("new Promise(r => flow.context.requestModelBuilders((e, found) => r(found)))")
    assert {b["algo"] for b in builders} >= {"gbm", "deeplearning", "drf", "glm", "kmeans"}
    assert {b["visibility"] for b in builders} == {"Stable"} or ORIGINAL


def test_typeahead_and_import(flow: RealFlow, folder: Path) -> None:
    cell = flow.run("importFiles")
    box = cell.locator("input.flow-textbox:not(.tt-hint)").first
    box.click()
    box.press_sequentially(f"{folder}/pro", delay=20)
    with flow.page.expect_response(lambda r: "/3/Typeahead/files" in r.url and "pro" in r.url) as answer:
        box.press_sequentially("state", delay=30)
    assert answer.value.json()["matches"] == [str(folder / "prostate.csv")]
    box.fill(str(folder / "prostate.csv"))
    box.press("Enter")
    flow.until(cell, "Found 1 file")
    box.press("Escape")
    cell.get_by_text("Add all").click()
    imported = flow.click(cell, "Import")
    assert flow.text(imported).count("prostate.csv") >= 1
    setup = flow.click(imported, "Parse these files")
    assert "Setup Parse" in flow.text(setup)


def test_parse(flow: RealFlow) -> None:
    setup = flow.cells().last
    types = setup.locator("table.flow-monospace select")
    assert types.count() == 9
    flow.fill(setup, "ID", "prostate")
    types.nth(1).select_option("Enum")  # the page's own fault keeps its preview from following, the choice counts
    flow.page.wait_for_timeout(500)
    job = flow.click(setup, "Parse")
    assert "escapechar: undefined" in flow.command(
        job
    )  # so the page writes the number 0; of a text it makes a syntax error
    flow.finished(job)
    frame = flow.click(job, "View")
    text = flow.text(frame)
    assert "CAPSULE" in text
    assert re.search(r"\b380\s+9\b", text)
    assert "enum" in text
    tables = frame.locator(".flow-cell-output").text_content()
    assert "1-Byte Integers" in tables  # the chunk summary
    assert "number_of_rows" in tables  # the distribution summary


def test_types_change_both_ways(flow: RealFlow) -> None:
    frame = flow.run('getFrameSummary "prostate"')
    age = frame.locator("tr", has_text=re.compile(r"^\s*AGE"))
    age.get_by_text("Convert to enum").click()
    flow.page.wait_for_timeout(1500)
    after = flow.run('getFrameSummary "prostate"')
    assert "enum" in after.locator("tr", has_text=re.compile(r"^\s*AGE")).inner_text()
    flow.run('changeColumnType frame: "prostate", column: "AGE", type: "int"')
    back = flow.run('getFrameSummary "prostate"')
    assert "int" in back.locator("tr", has_text=re.compile(r"^\s*AGE")).inner_text()


def test_columns_and_rows(flow: RealFlow) -> None:
    frame = flow.run('getFrameSummary "prostate"')
    data = flow.click(frame, "View Data")
    assert "CAPSULE" in flow.text(data)
    for name in ("PSA", "CAPSULE", "AGE"):
        column = flow.run(f'getColumnSummary "prostate", "{name}"')
        assert f"Summary: {name}" in flow.text(column)
        assert column.locator("canvas, svg").count() >= 1
    flow.click(column, "Inspect")


def test_names_that_are_markup_stay_text(flow: RealFlow, folder: Path) -> None:
    source = f"{folder}/colours.csv"
    flow.run(f'importFiles ["{source}"]')
    setup = flow.run(f'setupParse source_frames: ["nfs:/{source}"]')
    flow.fill(setup, "ID", "colours")
    flow.finished(flow.click(setup, "Parse"))
    column = flow.run('getColumnSummary "colours", "colour"')
    assert "Summary: colour" in flow.text(column)
    data = flow.run('getFrameData "colours"')
    assert HOSTILE in flow.text(data)


def test_upload_by_the_dialog(flow: RealFlow, folder: Path) -> None:
    before = flow.cells().count()
    bar = flow.page.locator(".navbar")
    bar.get_by_role("link", name="Data", exact=True).first.click()
    bar.locator(".dropdown-menu a:visible", has_text="Upload File").first.click()
    dialog = flow.page.locator("#file-upload-dialog")
    dialog.locator("input[type=file]").set_input_files(folder / "colours.csv")
    dialog.get_by_role("button", name="Upload").click()
    setup = flow.next_cell(before)
    assert "colours.csv" in flow.command(setup)
    flow.finished(flow.click(setup, "Parse"))


def test_split_by_the_form(flow: RealFlow) -> None:
    form = flow.run("splitFrame")
    form.locator("select").first.locator("option", has_text="prostate").first.wait_for(state="attached")
    form.locator("select").first.select_option(label="prostate")
    keys = form.locator("input.flow-textbox")
    assert keys.count() >= 3
    keys.nth(1).fill("train")
    keys.nth(1).press("Tab")
    keys.nth(2).fill("test")
    keys.nth(2).press("Tab")
    done = flow.click(form, "Create")
    assert "train" in flow.text(done)
    listed = flow.run("getFrames")
    text = flow.text(listed)
    assert "train" in text
    assert "test" in text


def test_impute_merge_bind_and_make(flow: RealFlow) -> None:
    form = flow.run('imputeColumn frame: "prostate"')
    flow.choose(form, "Frame", "prostate")
    flow.choose(form, "Column", "PSA")
    flow.choose(form, "Method", "Mean")
    flow.click(form, "Impute")
    flow.run('mergeFrames "merged", "train", 0, false, "test", 0, false')
    flow.run('bindFrames "bound", ["train", "train"]')
    form = flow.run("createFrame")
    flow.fill(form, "Rows", "200")
    flow.fill(form, "Columns", "12")
    done = flow.click(form, "Create")
    flow.finished(done)


# ---- models ----


def test_gbm_by_the_form(flow: RealFlow) -> None:
    form = flow.run("buildModel")
    form.locator("select").first.select_option(label="Gradient Boosting Machine")
    flow.row(form, "training_frame").wait_for()
    flow.fill(form, "model_id", "gbm_one")
    flow.choose(form, "training_frame", "prostate")
    flow.choose(form, "response_column", "CAPSULE")
    flow.choose(form, "validation_frame", "test")
    flow.fill(form, "ntrees", "-1")
    flow.until(form, "ntrees", 10)
    with flow.page.expect_response(re.compile("/3/ModelBuilders/gbm/parameters")) as answer:
        flow.fill(form, "ntrees", "20")
    checked = answer.value.json()
    assert {m["message_type"] for m in checked["messages"]} <= {"ERRR", "WARN", "INFO", "TRACE"}
    hidden = next(m["field_name"] for m in checked["messages"] if m["message_type"] == "TRACE")
    assert not flow.row(form, hidden).is_visible()
    job = flow.click(form, "Build Model")
    flow.finished(job)
    model = flow.click(job, "View")
    text = model.locator(".flow-cell-output").text_content()
    for title in (
        "Model Parameters",
        "Scoring History - logloss",
        "ROC Curve - Training Metrics",
        "ROC Curve - Validation Metrics",
        "Variable Importances",
        "Training Metrics - Confusion Matrix",
        "Training Metrics - Gains/Lift Table",
        "output - Model Summary",
        "output - training_metrics - Maximum Metrics",
    ):
        assert title.lower() in text.lower(), title
    kept = re.search(
        r'"name":"seed".*?"actual_value":(-?\d+)', flow.page.evaluate("fetch('/3/Models/gbm_one').then(r => r.text())")
    )
    assert kept is not None
    assert kept[1] in text  # all digits of a number of 64 bits


def test_thresholds_and_tables_of_a_model(flow: RealFlow) -> None:
    model = flow.run('getModel "gbm_one"')
    flow.page.wait_for_timeout(300)
    criteria = model.locator("select:visible").nth(1)
    if not criteria.count():
        model.get_by_text(re.compile("ROC Curve")).first.click()
    criteria = model.locator("select:visible").nth(1)
    criteria.select_option(label="max f1")
    flow.page.wait_for_timeout(300)
    inspected = flow.click(model, "Inspect")
    text = flow.text(inspected)
    for table in ("output - Scoring History", "Metrics for Thresholds", "Maximum Metrics", "Gains/Lift Table"):
        assert table in text, table
    table = flow.run('inspect "output - training_metrics - Gains/Lift Table", getModel "gbm_one"')
    assert "cumulative_capture_rate" in flow.text(table)
    flow.press(model, "Refresh")
    flow.page.wait_for_timeout(2500)
    flow.press(model, "Stop")


def test_deep_learning_and_its_tables(flow: RealFlow) -> None:
    flow.run('changeColumnType frame: "colours", column: "y", type: "enum"')
    job = flow.run(
        'buildModel "deeplearning", {"model_id":"dl_one","training_frame":"colours","response_column":"y",'
        '"hidden":[5],"epochs":5,"seed":1,"variable_importances":true}'
    )
    flow.finished(job)
    model = flow.click(job, "View")
    text = model.locator(".flow-cell-output").text_content()
    for title in (
        "Scoring History",
        "Status of Neuron Layers",
        "Variable Importances",
        "Top-3 Hit Ratios",
        "Confusion Matrix",
    ):
        assert title.lower() in text.lower(), title


def test_a_training_is_watched_and_cancelled(flow: RealFlow) -> None:
    job = flow.run(
        'buildModel "deeplearning", {"model_id":"dl_long","training_frame":"prostate","response_column":"CAPSULE",'
        '"hidden":[50,50],"epochs":1000000,"score_interval":1,"stopping_rounds":0,"classification_stop":-1}'
    )
    flow.until(job, "RUNNING")
    job.get_by_role("button", name="View").wait_for(timeout=20_000)
    model = flow.click(job, "View")
    assert "Scoring History" in model.locator(".flow-cell-output").text_content()
    flow.press(model, "Refresh")
    flow.page.wait_for_timeout(2500)
    flow.press(model, "Stop")
    flow.page.wait_for_timeout(2500)  # the page asks once more
    flow.press(job, "Cancel Job")
    name = job.locator("tr", has_text="Key").last.inner_text().split()[-1]
    jobs = flow.run("getJobs")
    for _ in range(20):
        jobs = flow.run("getJobs")
        row = jobs.locator("tr", has_text=name).last.inner_text()
        if "CANCELLED" in row:
            break
        flow.page.wait_for_timeout(250)
    assert "CANCELLED" in row


def test_predict_and_combine(flow: RealFlow) -> None:
    form = flow.run('predict model: "gbm_one"')
    flow.choose(form, "Frame:", "test")
    name = form.locator("input").first
    name.fill("predicted")
    name.press("Tab")
    made = flow.click(form, "Predict")
    text = flow.text(made)
    assert "predicted" in text
    assert "AUC" in text
    flow.click(made, "Combine predictions with frame")
    listed = flow.run("getPredictions")
    assert "gbm_one" in flow.text(listed)
    flow.run('getPrediction model: "gbm_one", frame: "test"')
    deep = flow.run(
        'predict model: "dl_one", frame: "colours", predictions_frame: "deep", deep_features_hidden_layer: 0'
    )
    assert "deep" in flow.text(deep)


def test_partial_dependence(flow: RealFlow) -> None:
    form = flow.run("buildPartialDependence")
    flow.choose(form, "Model:", "gbm_one")
    flow.choose(form, "Frame:", "prostate")
    flow.page.wait_for_timeout(500)
    made = flow.click(form, "Compute")
    flow.finished(made)
    shown = flow.click(made, "View")
    assert "Partial Dependence" in flow.text(shown)
    assert shown.locator("canvas, svg, table").count() >= 1


def test_automl(flow: RealFlow) -> None:
    form = flow.run("runAutoML")
    flow.row(form, "training_frame").wait_for()
    flow.choose(form, "training_frame", "prostate")
    flow.choose(form, "response_column", "CAPSULE")
    flow.fill(form, "max_models", "2")
    flow.fill(form, "nfolds", "2")
    flow.fill(form, "seed", "1")
    flow.fill(form, "project_name", "story")
    flow.fill(form, "max_runtime_secs", "60")
    job = flow.click(form, "Build Models")
    flow.until(job, "RUNNING|DONE")
    flow.finished(job, 150)
    board = flow.click(job, "View")
    text = flow.until(board, "auc", 20)
    assert "event log" in text.lower()
    assert re.search(r"(GBM|XGBoost|GLM|DRF|DeepLearning)_", text)
    flow.press(board, "Monitor Live")
    flow.page.wait_for_timeout(2500)
    flow.press(board, "Stop Monitoring")


def test_grid(flow: RealFlow) -> None:
    form = flow.run("buildModel 'gbm'")
    flow.row(form, "training_frame").wait_for()
    flow.choose(form, "training_frame", "prostate")
    flow.choose(form, "response_column", "CAPSULE")
    flow.row(form, "max_depth").locator("input[type=checkbox]").first.check()
    flow.row(form, "max_depth").locator("input[type=text]:visible").fill("2;3")
    form.get_by_text("Grid Settings").click()
    flow.fill(form, "ntrees", "5")
    flow.fill(form, "Grid ID", "grid_one")
    job = flow.click(form, "Build Model")
    flow.finished(job)
    grid = flow.click(job, "View")
    assert "grid_one_model_1" in flow.text(grid)
    for button in ("Inspect Grid Summary", "Inspect Scoring History", "Inspect Models"):
        flow.click(grid, button)
    assert "grid_one" in flow.text(flow.run("getGrids"))


# ---- files out and in ----


def test_exports_and_imports(flow: RealFlow, folder: Path) -> None:
    flow.run(f'exportFrame "predicted", "{folder}/out.csv", overwrite: true')
    flow.page.wait_for_timeout(500)
    with flow.page.expect_download() as got:
        frame = flow.run('getFrameSummary "predicted"')
        flow.press(frame, "Download")
    assert got.value.path().stat().st_size > 100
    flow.run(f'exportModel "gbm_one", "{folder}/gbm_one", format: "bin", overwrite: true')
    assert (folder / "gbm_one").exists() or ORIGINAL
    flow.run('deleteModel "gbm_one"')
    loaded = flow.run(f'importModel "{folder}/gbm_one", true')
    assert "imported successfully" in flow.text(loaded)
    assert "gbm_one" in flow.text(flow.run("getModels"))


def test_notebooks(flow: RealFlow) -> None:
    page = flow.page
    page.locator(".flow-tab", has_text="Flows").click()
    bar = page.locator(".navbar")
    bar.get_by_role("link", name="Flow", exact=True).first.click()
    bar.locator(".dropdown-menu a:visible", has_text="Save Flow").first.click()
    page.wait_for_timeout(1500)
    saved = [call for call in flow.calls if call[0] == "POST" and "/NodePersistentStorage/notebook/" in call[1]]
    assert saved, flow.calls[-5:]
    assert any(call[0] == "DELETE" and call[1].endswith("notebook/null") and call[2] == 200 for call in flow.calls)
    listed = page.evaluate("new Promise(r => flow.context.requestObjects('notebook', (e, found) => r(found)))")
    assert "Untitled Flow" in [note["name"] for note in listed]
    kept = page.evaluate("new Promise(r => flow.context.requestObject('notebook', 'Untitled Flow', (e, v) => r(v)))")
    assert kept["version"] == "1.0.0"
    assert len(kept["cells"]) > 20
    page.evaluate(
        "new Promise(r => flow.context.requestPutObject('environment', 'clips', {clips: []}, (e, v) => r(v)))"
    )


# ---- looking after the server ----


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ("Jobs", "gbm|Parse|GBM"),
        ("Cluster Status", r"Healthy|Cloud|Nodes|uptime"),
        ("View Log", r"Log"),
        ("Network Test", r"Network"),
        ("Timeline", "Timeline"),
        ("Profiler", "Profiler"),
        ("Stack Trace", "Stack Trace"),
    ],
)
def test_administration(flow: RealFlow, item: str, shown: str) -> None:
    cell = flow.menu("Admin", item)
    assert re.search(shown, flow.text(cell)), flow.text(cell)[:1000]
    for box in cell.locator("select").all():
        for option in box.locator("option").all()[1:4]:
            box.select_option(
                value=option.get_attribute("value") or None,
                label=None if option.get_attribute("value") else option.inner_text(),
            )
            flow.page.wait_for_timeout(200)
    if item == "Timeline":
        flow.press(cell, "Refresh")
        flow.page.wait_for_timeout(2500)
        flow.press(cell, "Stop")


def test_ticks_and_logs(flow: RealFlow) -> None:
    answers = flow.page.evaluate(
        """async () => {
            const found = {};
            for (const path of ['WaterMeterCpuTicks/0', 'Logs/download', 'Logs/nodes/self/files/default'])
                found[path] = (await fetch('/3/' + path)).status;
            return found;
        }"""
    )
    assert set(answers.values()) == {200}, answers


def test_water_meter(flow: RealFlow) -> None:
    meter = flow.page.context.new_page()
    problems: list[str] = []
    meter.on("pageerror", lambda error: problems.append(str(error)))
    meter.goto(f"{flow.url}/perfbar.html")
    meter.wait_for_timeout(1500)
    assert meter.locator("canvas").count() > 0
    assert problems == []
    meter.close()


def test_help_lists_routes_and_schemas(flow: RealFlow) -> None:
    page = flow.page
    page.evaluate("flow.context.showHelp()")
    page.get_by_text("Routes", exact=True).first.click()
    page.get_by_text("/3/Frames").first.wait_for(timeout=10_000)
    page.get_by_text("/3/Frames").first.click()
    page.wait_for_timeout(500)
    page.evaluate("new Promise(r => flow.context.requestSchemas((e, v) => r(v ? v.length : e)))")
    shown = page.evaluate("new Promise(r => flow.context.requestSchema('FrameV3', (e, v) => r(v)))")
    (schema,) = shown["schemas"]
    assert schema["name"] == "FrameV3"
    assert {"name", "type", "help"} <= set(schema["fields"][0])


# ---- wide data, errors, the end ----


def test_wide_frames_page_by_twenty(flow: RealFlow, folder: Path) -> None:
    source = f"{folder}/wide.csv"
    setup = flow.run(f'setupParse paths: ["{source}"]')
    flow.fill(setup, "ID", "wide")
    flow.press(setup, "Next page")
    flow.finished(flow.click(setup, "Parse"))
    frame = flow.run('getFrameSummary "wide"')
    assert "C20" in flow.text(frame)
    flow.press(frame, "Next 20 Columns")
    flow.until(frame, r"\bC40\b")
    data = flow.run('getFrameData "wide"')
    flow.press(data, "Next 20 Columns")
    flow.until(data, r"\bC21\b")


def test_errors_are_told(flow: RealFlow) -> None:
    flow.expected = [r"404 GET /3/Frames/nothing"]
    cell = flow.run('getFrameSummary "nothing"', fails=True)
    assert "nothing" in flow.text(cell)
    assert cell.locator(".flow-failure pre").count() == 1
    flow.expected += [r"(400|404|412) POST /99/Rapids"]
    cell = flow.run('bindFrames "bound", ["nothing", "nothing"]', fails=True)
    assert "nothing" in flow.text(cell)
    flow.expected += [r"(400|412) POST /3/ModelBuilders/gbm"]
    cell = flow.run(
        'buildModel "gbm", {"training_frame":"prostate","response_column":"CAPSULE","ntrees":-4}', fails=True
    )
    assert "ntrees" in flow.text(cell)
    flow.faults = [fault for fault in flow.faults if "parameters" not in fault]


def test_removal(flow: RealFlow) -> None:
    flow.run('deleteFrame "wide"')
    flow.run('deleteModels ["dl_one"]')
    assert "dl_one" not in flow.text(flow.run("getModels"))
    flow.run("deleteAll")
    assert json.loads(flow.page.evaluate("fetch('/3/Frames').then(r => r.text())"))["frames"] == []


def test_notebooks_open_by_their_names(flow: RealFlow) -> None:
    page = flow.page
    page.evaluate(
        "name => new Promise(r => flow.context.requestPutObject('notebook', name,"
        " {version: '1.0.0', cells: [{type: 'md', input: name}, {type: 'cs', input: 'getFrames'}]}, (e, v) => r(v)))",
        HOSTILE,
    )
    page.locator(".flow-tab", has_text="Flows").click()
    browser = page.locator(".flow-browser")
    browser.get_by_role("button", name="Refresh").click()
    link = browser.get_by_role("link", name=HOSTILE)
    link.wait_for()
    link.click()
    page.locator(".modal.in, .modal.show").get_by_role("button", name="Load").click()
    page.wait_for_function("document.querySelectorAll('.flow-cell').length === 2")
    assert [flow.command(cell) for cell in flow.cells().all()] == [HOSTILE, "getFrames"]
    page.evaluate(
        "name => new Promise(r => flow.context.requestDeleteObject('notebook', name, (e, v) => r(v)))", HOSTILE
    )
