"""Takes the pictures of docs/flow.md: Flow's main screens in both themes, 1280 × 800, from a server of its own.

`make flow-pictures`, or `python tools/flow_pictures.py [--out FOLDER] [--only NAME …]`. It needs Chromium and the test extra.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/server"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/flow"))

from flow_page import FlowPage, browser_path, missing
from server_client import Client, start, stop

ROOT = Path(__file__).resolve().parent.parent
COLOURS = 256
SETTLED_MS = 400
TRAINING_SECS = 40
THEMES = ("light", "dark")

# name: what the cell runs, the tab to choose, role and name of what must be there, and a filter for long forms
Screen = tuple[str, str, str, str]
SCREENS: dict[str, Screen] = {
    "home": ("", "", "heading", "What would you like to do?"),
    "parse": ('setupParse source_frames: ["prostate.csv"]', "Columns", "grid", "Columns to parse"),
    "job": ("", "", "figure", "Curve of"),
    "frame": ('getFrameSummary "prostate"', "Columns", "grid", "Columns"),
    "column": ('getColumnSummary "prostate", "PSA"', "", "heading", "PSA"),
    "build": (
        'assist buildModel, "deeplearning", {"training_frame": "prostate", "response_column": "CAPSULE", "hidden": [32, 32], "epochs": 50}',
        "",
        "combobox",
        "training_frame",
    ),
    "model": ('getModel "iris-net"', "Overview", "figure", "Curve of"),
    "confusion": ('getModel "prostate-trees"', "Confusion", "figure", "ROC"),
    "automl": ('getLeaderboard "prostate@@CAPSULE"', "Leaderboard", "grid", "Leaderboard"),
    "grid": ('getGrid "prostate-grid"', "Parallel coordinates", "tab", "Parallel coordinates"),
    "compare": ('compareModels ["prostate-trees", "prostate-net", "prostate-forest"]', "Curves", "figure", "Curves of"),
    "predictions": (
        'predict model: "iris-net", frame: "iris", predictions_frame: "iris-predictions"',
        "Metrics",
        "heading",
        "Prediction",
    ),
    "partial": ('getPartialDependence "psa-dependence"', "", "figure", ""),
    "server": ("getCloud", "", "list", "Processors"),
    "routes": ("getEndpoints", "", "list", "Routes"),
}


def _train(client: Client, algorithm: str, **parameters: str) -> None:
    job = client.post(f"/3/ModelBuilders/{algorithm}", seed="7", **parameters)["job"]
    state = client.wait(job, 120)
    assert state["status"] == "DONE", state


def prepare(client: Client) -> None:
    """Frames, models, a grid search and an AutoML run to show."""
    data = ROOT / "tests/data"
    client.call("POST", "/3/PostFile?destination_frame=prostate.csv", body=(data / "prostate.csv").read_bytes())
    client.upload((data / "prostate.csv").read_bytes(), "prostate")
    client.rapids("(assign prostate (:= prostate (as.factor (cols_py prostate 'CAPSULE')) 1 []))")
    client.upload((data / "iris.csv").read_bytes(), "iris")
    iris = client.get("/3/Frames/iris/summary")["frames"][0]["columns"][-1]["label"]
    two = {"training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": '["ID"]', "nfolds": "3"}
    scored = {"score_interval": "0", "score_duty_cycle": "1", "train_samples_per_iteration": "1500"}
    _train(client, "gbm", model_id="prostate-trees", ntrees="40", score_tree_interval="1", **two)
    _train(client, "drf", model_id="prostate-forest", ntrees="40", score_tree_interval="1", **two)
    _train(client, "deeplearning", model_id="prostate-net", hidden="[32,32]", epochs="60", **scored, **two)
    three = {"training_frame": "iris", "response_column": iris, "nfolds": "3"}
    _train(client, "deeplearning", model_id="iris-net", hidden="[16,16]", epochs="120", **scored, **three)
    hyper = {"ntrees": [5, 20, 60], "max_depth": [2, 4, 6], "learn_rate": [0.05, 0.2]}
    search = client.post(
        "/99/Grid/gbm",
        grid_id="prostate-grid",
        seed="7",
        hyper_parameters=json.dumps(hyper),
        search_criteria='{"strategy": "Cartesian"}',
        **two,
    )
    client.wait(search["job"], 180)
    dependence = {
        "model_id": "prostate-trees",
        "frame_id": "prostate",
        "cols": '["PSA"]',
        "destination_key": "psa-dependence",
    }
    client.wait(client.post("/3/PartialDependence/", **dependence))
    run = {
        "input_spec": {"training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"]},
        "build_control": {"project_name": "prostate", "nfolds": 3, "stopping_criteria": {"max_models": 10, "seed": 7}},
    }
    answer = client.call(
        "POST", "/99/AutoMLBuilder", body=json.dumps(run).encode(), headers={"Content-Type": "application/json"}
    )
    client.wait(answer.json["job"], 240)


def live_training(flow: FlowPage) -> Any:
    """A training that goes on while its pictures are taken."""
    given = {
        "model_id": "live", "training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"], "hidden": [64, 64],
        "epochs": 20_000, "stopping_rounds": 0, "classification_stop": -1, "score_interval": 0.2, "max_runtime_secs": TRAINING_SECS,
    }  # fmt: skip
    cell = flow.run(f'buildModel "deeplearning", {json.dumps(given)}')
    cell.get_by_role("figure").first.wait_for()
    flow.page.wait_for_timeout(6_000)
    return cell


def take(flow: FlowPage, name: str) -> dict[str, bytes]:
    """The pictures of one screen, in a notebook of its own, by theme; the page is left in the first one."""
    command, tab, role, title = SCREENS[name]
    flow.menu("Notebook", "New notebook")
    flow.heading("What would you like to do?").wait_for()
    if name == "job":
        cell = live_training(flow)
    elif name == "home":
        cell = flow.cell("assist")
    else:
        cell = flow.run(command)
    if tab:
        flow.tab(tab, cell)
    cell.get_by_role(role, **({"name": title} if title else {})).first.wait_for()
    taken = {theme: _picture(flow, cell, theme) for theme in THEMES}
    if name == "job":
        flow.button("Cancel", cell).click()
        flow.button("Cancel the job").click()
        cell.get_by_text("cancelled", exact=True).first.wait_for()
    flow.theme(THEMES[0])
    return taken


def _picture(flow: FlowPage, cell: Any, theme: str) -> bytes:
    flow.theme(theme)
    flow.page.wait_for_timeout(SETTLED_MS)
    cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    flow.page.mouse.move(2, 400)
    flow.page.wait_for_timeout(200)
    return bytes(flow.page.screenshot(animations="disabled"))


def smaller(picture: bytes) -> bytes:
    """The picture in its most frequent colours, which stay as they are; the rest, edges of letters, take the nearest of them."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    counted = sorted(image.getcolors(image.width * image.height), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for _, colour in counted for channel in colour])
    packed = io.BytesIO()
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def pictures(out: Path, only: list[str]) -> None:
    """Writes NAME-THEME.png for each screen and theme."""
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tools:
        client = start(Path(folder), "--workers", "2", "--import-roots", str(ROOT / "tests/data"))
        try:
            prepare(client)
            browser = tools.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=THEMES[0])
            flow = FlowPage(context.new_page(), client.url).open()
            for name in only or SCREENS:
                for theme, picture in take(flow, name).items():
                    written = smaller(picture)
                    (out / f"{name}-{theme}.png").write_bytes(written)
                    print(f"{name}-{theme}.png {len(written) / 1000:.0f} KB", flush=True)
            for fault in flow.settle():
                print(f"a fault of the page: {fault}", file=sys.stderr)
            browser.close()
        finally:
            stop(client)


def main() -> None:
    """Reads the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=ROOT / "docs/flow")
    options.add_argument("--only", nargs="*", default=[], choices=list(SCREENS))
    given = options.parse_args()
    if reason := missing():
        raise SystemExit(reason)
    pictures(given.out, given.only)


if __name__ == "__main__":
    main()
