"""Over REST: trainings and searches are ended early and keep what they have; what is told of a job beside its state."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from server_client import Client

LONG = {"epochs": "1000000", "hidden": "[20]", "stopping_rounds": "0", "classification_stop": "-1", "seed": "1"}


def train(server: Client, algorithm: str, key: str, **parameters: str) -> str:
    common = {"training_frame": "cars", "response_column": "economy_20mpg", "model_id": key}
    return str(server.post(f"/3/ModelBuilders/{algorithm}", **(common | parameters))["job"]["key"]["name"])


def until(true: Callable[[], Any], secs: float = 20.0) -> Any:
    end = time.monotonic() + secs
    while not (value := true()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return value


def details(server: Client, job: str, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"/3/Jobs/{job}/details", **asked)
    return found


def test_training_ends_at_once_with_its_best_network(server: Client, cars: str) -> None:
    job = train(server, "deeplearning", "finished", overwrite_with_best_model="true", score_interval="0.2", **LONG)
    until(lambda: details(server, job)["can_finish"])
    until(lambda: len(scored(server, "finished")) > 3)
    began = time.monotonic()
    assert server.post(f"/3/Jobs/{job}/finish")["jobs"][0]["key"]["name"] == job
    ended = server.wait({"key": {"name": job}})
    assert time.monotonic() - began < 3.0
    assert ended["status"] == "DONE"
    assert "asked to end" in " ".join(ended["warnings"])
    output = server.get("/3/Models/finished")["models"][0]["output"]
    losses = [loss for loss in scored(server, "finished") if isinstance(loss, float)]
    assert abs(output["training_metrics"]["logloss"] - min(losses)) < 1e-6  # the best of all that were scored
    server.post(f"/3/Predictions/models/finished/frames/{cars}", predictions_frame="finished_predictions")
    again = server.call("POST", f"/3/Jobs/{job}/finish")
    assert (again.status, "has ended already" in again.json["msg"]) == (409, True)


def scored(server: Client, key: str) -> list[Any]:
    answer = server.call("GET", f"/3/Models/{key}")
    table = answer.json["models"][0]["output"]["scoring_history"] if answer.status == 200 else None
    if not table:
        return []
    names = [column["name"] for column in table["columns"]]
    return list(table["data"][names.index("training_logloss")])


def test_folds_are_waited_for(server: Client, cars: str) -> None:
    job = train(server, "deeplearning", "folded", nfolds="3", **LONG)
    until(lambda: "folds" in details(server, job)["finish_refusal"])
    answer = server.call("POST", f"/3/Jobs/{job}/finish")
    assert answer.status == 409
    assert "'folded' cannot finish early. The models of its folds are trained first" in answer.json["msg"]
    server.post(f"/3/Jobs/{job}/cancel")
    assert server.wait({"key": {"name": job}})["status"] == "CANCELLED"


def test_details_tell_memory_log_and_glimpses(server: Client, cars: str) -> None:
    job = train(server, "deeplearning", "told", score_interval="0.2", **LONG)
    told = until(lambda: next((d for d in [details(server, job)] if len(d["log"]) > 2 and d["memory_bytes"]), None))
    assert told["memory_bytes"] > 1e6
    assert {"timestamp", "level", "message"} <= set(told["log"][0])
    assert any("told: epoch" in line["message"] and line["level"] == "INFO" for line in told["log"])
    looks = until(lambda: details(server, job)["glimpses"][2:])
    assert [look["epochs"] for look in looks] == sorted(look["epochs"] for look in looks)
    assert details(server, job, first_glimpse=2)["glimpses"][0] == looks[0]
    rest = details(server, job, first_line=told["first"] + len(told["log"]) - 1)
    assert rest["log"][0] == told["log"][-1]
    server.post(f"/3/Jobs/{job}/cancel")
    ended = server.wait({"key": {"name": job}})
    assert ended["status"] == "CANCELLED"
    after = details(server, job)
    assert (after["can_finish"], after["memory_bytes"]) == (False, 0)


def test_automl_asked_to_end_makes_its_ensembles_and_is_done(server: Client, cars: str) -> None:
    body = {
        "build_control": {"project_name": "ended", "nfolds": 2, "stopping_criteria": {"max_models": 40, "seed": 1}},
        "input_spec": {"training_frame": cars, "response_column": "economy_20mpg"},
        "build_models": {"include_algos": ["GLM", "GBM", "StackedEnsemble"]},
    }
    headers = {"Content-Type": "application/json"}
    answer = server.call("POST", "/99/AutoMLBuilder", body=json.dumps(body), headers=headers)
    job = answer.json["job"]
    until(lambda: details(server, job["key"]["name"])["can_finish"], 60)
    server.post(f"/3/Jobs/{job['key']['name']}/finish")
    assert server.wait(job)["status"] == "DONE"
    run = server.get(f"/99/AutoML/{job['dest']['name']}")
    models = [item["name"] for item in run["leaderboard"]["models"]]
    assert 0 < len(models) < 20
    assert any("asked to end" in event["message"] for event in run["event_log"]["events"])


def test_grid_asked_to_end_keeps_its_models(server: Client, cars: str) -> None:
    given = {"training_frame": cars, "response_column": "economy_20mpg", "grid_id": "ended_grid", "seed": "1"}
    space = json.dumps({"hidden": [[2], [3], [4], [5], [6], [7], [8], [9]]})
    long = {"epochs": "1000000", "stopping_rounds": "0", "classification_stop": "-1"}
    job = server.post("/99/Grid/deeplearning", hyper_parameters=space, **given, **long)["job"]
    until(lambda: details(server, job["key"]["name"])["can_finish"])
    server.post(f"/3/Jobs/{job['key']['name']}/finish")
    assert server.wait(job)["status"] == "DONE"
    grid = server.get("/99/Grids/ended_grid")
    assert 0 < len(grid["model_ids"]) < 8
