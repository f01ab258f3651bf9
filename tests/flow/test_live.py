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

WATCHED_SECS = 6
MOST_GAP_SECS = 2.0
MOST_END_SECS = 3.0


def _start(flow: FlowPage, key: str) -> Any:
    """A training without an end, scored as seldom as the form's defaults have it."""
    return flow.run(
        f'buildModel "deeplearning", {{"model_id": "{key}", "training_frame": "prostate", "response_column": "CAPSULE", '
        f'"ignored_columns": ["ID"], "hidden": [32, 32], "epochs": 100000000, "stopping_rounds": 0, "classification_stop": -1, '
        f'"max_runtime_secs": 120}}'
    )


def test_curve_gains_points_while_what_is_open_stays(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    job = _start(flow, "live")
    points = job.get_by_text(re.compile(r"^\d+ points?$"))
    points.wait_for(state="attached", timeout=15_000)
    for name in ("epoch", "speed", "memory"):
        job.get_by_text(name, exact=True).wait_for()
    job.get_by_text(re.compile(r"^\d+ lines?$")).click()
    log = flow.role("list", "Log of the job", job)
    log.get_by_text("live: epoch").first.wait_for()
    flow.button("View the model", job).click()
    model = flow.cell("getModel")
    flow.tab("Curves", model)
    flow.page.wait_for_timeout(2_000)  # the cell is brought to the top meanwhile
    opened_at = model.bounding_box()["y"]
    seen: list[tuple[float, int]] = []
    end = time.monotonic() + WATCHED_SECS
    while time.monotonic() < end:
        count = int(points.inner_text().split()[0])
        if not seen or count != seen[-1][1]:
            seen.append((time.monotonic(), count))
        flow.page.wait_for_timeout(100)
    counts = [count for _, count in seen]
    assert counts == sorted(counts)
    assert counts[-1] >= counts[0] + WATCHED_SECS / 2
    gaps = [later[0] - earlier[0] for earlier, later in itertools.pairwise(seen)]
    assert max(gaps) <= MOST_GAP_SECS + 0.25, gaps  # as the reader samples
    assert flow.role("tab", "Curves", model).get_attribute("aria-selected") == "true"
    assert abs(model.bounding_box()["y"] - opened_at) <= 1
    rows = flow_server.get("/3/Models/live")["models"][0]["output"]["scoring_history"]["rowcount"]
    assert rows < counts[-1]  # the others are glimpses, told beside the history
    assert log.is_visible()
    # ended now, it is a model like any other
    took = flow.seconds(flow.button("Stop and keep best", job).click, job.get_by_text("done", exact=True).first)
    assert took <= MOST_END_SECS
    assert flow.role("tab", "Curves", model).get_attribute("aria-selected") == "true"
    assert log.is_visible()
    kept = flow_server.get("/3/Models/live")["models"][0]["output"]
    assert kept["training_metrics"]["AUC"] > 0.7
    assert "asked to end" in " ".join(job.get_by_role("listitem").all_inner_texts())


def test_cancel_ends_a_training(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    flow.expected = ["^404: GET /3/Models/given-up"]  # it may be asked for while it goes
    job = _start(flow, "given-up")
    job.get_by_text(re.compile(r"^\d+ points?$")).wait_for(state="attached", timeout=15_000)
    flow.button("Cancel", job).click()
    ask = flow.role("dialog", "Cancel given-up?")
    took = flow.seconds(flow.button("Cancel the job", ask).click, job.get_by_text("cancelled", exact=True).first)
    assert took <= MOST_END_SECS
    jobs = flow_server.get("/3/Jobs")["jobs"]
    assert next(one["status"] for one in jobs if one["dest"]["name"] == "given-up") == "CANCELLED"


def test_leaderboard_grows_and_cancelling_keeps_it(flow_page: FlowPage, flow_server: Client, prostate: str) -> None:
    flow = flow_page
    asked: list[str] = []
    run = flow.run(
        'runAutoML {"input_spec": {"training_frame": "prostate", "response_column": "CAPSULE", "ignored_columns": ["ID"]}, '
        '"build_control": {"project_name": "growing", "nfolds": 3, "stopping_criteria": {"max_models": 50, "seed": 1}}, '
        '"build_models": {"include_algos": ["GBM", "GLM"]}}'
    )
    board = flow.role("grid", "Leaderboard", run)
    board.wait_for(timeout=30_000)
    flow.page.on("request", lambda request: asked.append(request.url))
    sizes = [int(board.get_attribute("aria-rowcount"))]
    flow.until("document.querySelector('[role=grid][aria-label=Leaderboard]').ariaRowCount >= 4", secs=30)
    sizes.append(int(board.get_attribute("aria-rowcount")))
    flow.tab("Events", run)
    lines = flow.role("list", "Events", run).get_by_role("listitem")
    before = lines.count()
    flow.until("n => document.querySelectorAll('ol[aria-label=Events] > li').length > n", arg=before, secs=30)
    assert flow.role("tab", "Events", run).get_attribute("aria-selected") == "true"
    assert [url for url in asked if "/99/AutoML" in url] == []  # the stream tells it
    flow.tab("Leaderboard", run)
    flow.button("Cancel", run).click()
    ask = flow.role("dialog", re.compile("^Cancel growing"), exact=False)
    ask.get_by_text("stay on the leaderboard", exact=False).wait_for()
    took = flow.seconds(flow.button("Cancel the job", ask).click, run.get_by_text("cancelled", exact=True).first)
    assert took <= MOST_END_SECS
    final = flow_server.get("/99/AutoML/growing@@CAPSULE")["leaderboard"]["models"]
    sizes.append(len(final) + 1)
    assert sizes == sorted(sizes)
    flow.until(
        "n => document.querySelector('[role=grid][aria-label=Leaderboard]').ariaRowCount == n", arg=str(len(final) + 1)
    )
    rows = flow.role("row", re.compile("AutoML"), board, exact=False)
    shown = [button.inner_text() for button in rows.get_by_role("button").all()]
    assert shown == [one["name"] for one in final][: len(shown)]
    assert len(shown) == min(len(final), rows.count())
