"""Trainings as they go on: curves that grow, what the reader opened stays as it is, cancelling."""

from __future__ import annotations

import itertools
import re
import time
from typing import Any

import pytest
from flow_page import FlowPage
from server_client import Client

pytestmark = [pytest.mark.alone, pytest.mark.browser]

TRAINING_SECS = 12
MOST_GAP_SECS = 2.0
MOST_CANCEL_SECS = 3.0


def _start(flow: FlowPage, key: str, seconds: float) -> Any:
    """A training that lasts so long, scored each second."""
    return flow.run(
        f'buildModel "deeplearning", {{"model_id": "{key}", "training_frame": "prostate", "response_column": "CAPSULE", '
        f'"ignored_columns": ["ID"], "hidden": [32, 32], "epochs": 100000000, "stopping_rounds": 0, "classification_stop": -1, '
        f'"score_interval": 1, "max_runtime_secs": {seconds}}}'
    )


def test_curve_gains_points_while_what_is_open_stays(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    job = _start(flow, "live", TRAINING_SECS)
    points = job.get_by_text(re.compile(r"^\d+ points?$"))
    points.wait_for(state="attached", timeout=6_000)
    seen: list[tuple[float, int]] = []
    opened_at = None
    while not job.get_by_text("done", exact=True).count():
        count = int(points.inner_text().split()[0]) if points.count() else 0
        if not seen or count != seen[-1][1]:
            seen.append((time.monotonic(), count))
        if opened_at is None and count >= 3:
            flow.button("View the model", job).click()
            model = flow.cell("getModel")
            flow.tab("Curves", model)
            flow.page.wait_for_timeout(2_000)  # the cell is brought to the top meanwhile
            opened_at = flow.page.evaluate("document.querySelector('main').scrollTop")
        flow.page.wait_for_timeout(100)
    counts = [count for _, count in seen]
    assert counts == sorted(counts)
    assert counts[-1] >= TRAINING_SECS / 2
    gaps = [later[0] - earlier[0] for earlier, later in itertools.pairwise(seen)]
    assert max(gaps) <= MOST_GAP_SECS + 0.25, gaps  # as the reader samples
    assert flow.role("tab", "Curves", model).get_attribute("aria-selected") == "true"
    assert abs(flow.page.evaluate("document.querySelector('main').scrollTop") - opened_at) <= 1
    rows = flow_server.get("/3/Models/live")["models"][0]["output"]["scoring_history"]["rowcount"]
    assert counts[-1] <= rows


def test_cancel_ends_a_training(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    job = _start(flow, "cancelled", 60)
    job.get_by_text(re.compile(r"^\d+ points?$")).wait_for(state="attached", timeout=10_000)
    flow.button("Cancel", job).click()
    ask = flow.role("dialog", "Cancel cancelled?")
    took = flow.seconds(flow.button("Cancel the job", ask).click, job.get_by_text("cancelled", exact=True).first)
    assert took <= MOST_CANCEL_SECS
    jobs = flow_server.get("/3/Jobs")["jobs"]
    assert next(one["status"] for one in jobs if one["dest"]["name"] == "cancelled") == "CANCELLED"


def test_leaderboard_grows_while_automl_runs(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    run = flow.run(
        'runAutoML {"input_spec": {"training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"]}, '
        '"build_control": {"project_name": "growing", "nfolds": 3, "stopping_criteria": {"max_models": 6, "seed": 1}}, '
        '"build_models": {"include_algos": ["GBM", "GLM"]}}'
    )
    board = flow.role("grid", "Leaderboard", run)
    board.wait_for(timeout=30_000)
    sizes = [int(board.get_attribute("aria-rowcount"))]
    while not run.get_by_text("done", exact=True).count():
        sizes.append(int(board.get_attribute("aria-rowcount")))
        flow.page.wait_for_timeout(200)
    assert sizes == sorted(sizes)
    final = flow_server.get("/99/AutoML/growing@@CAPSULE")["leaderboard"]["models"]
    flow.role("button", final[0]["name"], run).wait_for()
    flow.until(
        "n => document.querySelector('[role=grid][aria-label=Leaderboard]').ariaRowCount == n", arg=str(len(final) + 1)
    )
    shown = [
        button.inner_text()
        for button in flow.role("row", re.compile("AutoML"), board, exact=False).get_by_role("button").all()
    ]
    assert shown == [one["name"] for one in final][: len(shown)]
    assert len(shown) == len(final)
