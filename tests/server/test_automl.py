"""AutoML over REST: what is asked for is checked by name, runs answer in H2O's shapes, leaderboards rank their models."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from answer_shapes import differences, shape_of
from server_client import Answer, Client

RECORDED = json.loads((Path(__file__).parent / "recorded_shapes.json").read_text())
RUN = "shared@@economy_20mpg"
SPEC: dict[str, Any] = {
    "build_control": {"project_name": "shared", "nfolds": 2, "stopping_criteria": {"max_models": 2, "seed": 1}},
    "input_spec": {
        "training_frame": {"name": "cars"},
        "response_column": {"column_name": "economy_20mpg"},
        "ignored_columns": ["name", "economy"],
    },
    "build_models": {"include_algos": ["glm", "GBM"]},
}


def build(server: Client, spec: dict[str, Any]) -> Answer:
    headers = {"Content-Type": "application/json"}
    return server.call("POST", "/99/AutoMLBuilder", body=json.dumps(spec).encode(), headers=headers)


def checked(server: Client, spec: dict[str, Any]) -> dict[tuple[str, str], str]:
    """What the server says of a request without starting it: sentences by kind and field."""
    headers = {"Content-Type": "application/json"}
    answer = server.call("POST", "/99/AutoMLBuilder/parameters", body=json.dumps(spec).encode(), headers=headers)
    assert answer.status == 200, answer.content
    found = answer.json["messages"]
    assert answer.json["error_count"] == sum(item["message_type"] == "ERRR" for item in found)
    return {(item["message_type"], item["field_name"]): item["message"] for item in found}


def changed(group: str, **values: Any) -> dict[str, Any]:
    """The usual request with other values in a group; None leaves a value out."""
    spec: dict[str, Any] = json.loads(json.dumps(SPEC))
    place = spec
    for part in group.split("."):
        place = place[part]
    place |= values
    return spec


@pytest.fixture(scope="module")
def run(server: Client, cars: str) -> Any:
    """A run of two models, done."""
    answer = build(server, SPEC)
    assert answer.status == 200, answer.content
    server.wait(answer.json["job"])
    return answer.json


def test_answers_have_the_recorded_shapes(server: Client, run: dict[str, Any]) -> None:
    found = {
        "automl_build": run,
        "automl": server.get("/99/AutoML/shared"),
        "automl_missing": server.get("/99/AutoML/nothing_of_that_name"),
        "leaderboards": server.get("/99/Leaderboards"),
        "leaderboard": server.get(f"/99/Leaderboards/{RUN}", extensions="ALL"),
        "automl_job": server.get(f"/3/Jobs/{run['job']['key']['name']}"),
    }
    for name, body in found.items():
        assert body["__meta"]["schema_name"] == RECORDED[name]["schema"]
        assert differences(RECORDED[name]["shape"], shape_of(body)) == [], name


def test_a_request_is_checked_without_a_run(server: Client, cars: str) -> None:
    before = len(server.get("/3/Jobs")["jobs"])
    assert {("ERRR", "training_frame"), ("ERRR", "response_column"), ("WARN", "max_runtime_secs")} <= checked(
        server, {}
    ).keys()
    said = checked(server, SPEC)
    assert not [kind for kind, _ in said if kind in ("ERRR", "WARN")]
    assert ("TRACE", "tweedie_power") in said  # the distribution is another one
    assert ("TRACE", "keep_cross_validation_models") not in said  # there are folds
    wrong = changed("input_spec", response_column="economy_20mpgs")
    assert "economy_20mpg" in checked(server, wrong)["ERRR", "training_frame"]
    assert ("ERRR", "nfolds") in checked(server, changed("build_control", nfolds=1))
    assert ("ERRR", "max_models") in checked(server, changed("build_control.stopping_criteria", max_models="many"))
    assert ("ERRR", "include_algos") in checked(server, changed("build_models", exclude_algos=["GLM"]))
    assert len(server.get("/3/Jobs")["jobs"]) == before


def test_the_answer_to_a_request_says_what_was_settled(run: dict[str, Any]) -> None:
    control, data, models = run["build_control"], run["input_spec"], run["build_models"]
    assert (control["project_name"], control["nfolds"], control["max_after_balance_size"]) == ("shared", 2, 5.0)
    assert control["stopping_criteria"]["stopping_tolerance"] == 0.001  # not the -1 that stands for it
    assert (control["stopping_criteria"]["max_models"], control["stopping_criteria"]["stopping_rounds"]) == (2, 3)
    assert data["training_frame"]["name"] == "cars"
    assert data["response_column"]["column_name"] == "economy_20mpg"
    assert data["ignored_columns"] == ["name", "economy"]
    assert models["include_algos"] == ["GLM", "GBM"]
    assert run["job"]["dest"] == {
        "__meta": {"schema_version": 3, "schema_name": "AutoMLKeyV3", "schema_type": "Key<AutoML>"},
        "name": RUN,
        "type": "Key<AutoML>",
        "URL": None,
    }


def test_a_run_is_found_by_its_key_and_by_its_project(server: Client, run: dict[str, Any]) -> None:
    by_project, by_key = server.get("/99/AutoML/shared"), server.get(f"/99/AutoML/{RUN}")
    assert by_project == by_key
    assert by_project["automl_id"]["name"] == RUN
    board = by_project["leaderboard"]
    assert [board["project_name"], board["sort_metric"], board["sort_decreasing"]] == [RUN, "auc", True]
    assert board["table"] == by_project["leaderboard_table"]
    aucs = board["sort_metrics"]
    assert len(aucs) == 2 and aucs == sorted(aucs, reverse=True)
    for key, auc in zip(board["models"], aucs, strict=True):
        output = server.get(f"/3/Models/{key['name']}")["models"][0]["output"]
        assert output["cross_validation_metrics"]["AUC"] == auc
    assert {step["name"] for step in by_project["modeling_steps"]} >= {"GLM", "GBM"}


def test_events_are_told_from_a_level_on(server: Client, run: dict[str, Any]) -> None:
    def told(verbosity: str) -> list[dict[str, Any]]:
        reply = server.get("/99/AutoML/shared", verbosity=verbosity)
        assert reply["event_log_table"]["rowcount"] == len(reply["event_log"]["events"])
        events: list[dict[str, Any]] = reply["event_log"]["events"]
        return events

    every, informed = told("debug"), told("INFO")
    assert {event["level"] for event in informed} <= {"INFO", "WARN", "ERROR"}
    assert len(informed) == sum(event["level"] not in ("DEBUG", "TRACE") for event in every)
    named = {event["name"]: event["value"] for event in informed if event["name"]}
    assert int(named["stop_epoch"]) >= int(named["start_epoch"])
    answer = server.call("GET", "/99/AutoML/shared", {"verbosity": "loud"})
    assert answer.status == 412
    assert "'verbosity' must be one of TRACE, DEBUG, INFO, WARN, ERROR" in answer.json["msg"]


def test_a_leaderboard_has_the_columns_asked_for(server: Client, run: dict[str, Any]) -> None:
    table = server.get(f"/99/Leaderboards/{RUN}", extensions="[algo,step,nonsense]")["table"]
    assert [column["name"] for column in table["columns"]][-2:] == ["algo", "step"]
    assert set(table["data"][-2]) == {"GLM", "GBM"}
    table = server.get("/99/Leaderboards/shared", extensions="ALL")["table"]
    names = [column["name"] for column in table["columns"]]
    assert names[-3:] == ["training_time_ms", "predict_time_per_row_ms", "algo"]
    assert all(ms > 0 for ms in table["data"][names.index("predict_time_per_row_ms")])
    missing = server.call("GET", "/99/Leaderboards/sharde")
    assert missing.status == 404
    assert "no AutoML project 'sharde'. Did you mean 'shared'" in missing.json["msg"]


@pytest.mark.parametrize(
    ("spec", "status", "sentence"),
    [
        ({}, 412, "'training_frame' is required"),
        ({"input_spec": {"training_frame": "cars"}}, 412, "'response_column' is required"),
        (SPEC | {"bulid_models": {}}, 412, "no parameter 'bulid_models' here. Did you mean 'build_models'"),
        (SPEC | {"build_control": 3}, 412, "'build_control' must be"),
        (
            changed("build_control", nfold=3),
            412,
            "In build_control: There is no parameter 'nfold' here. Did you mean 'nfolds'",
        ),
        (
            changed("build_control", nfolds="many"),
            412,
            "In build_control: The parameter 'nfolds' must be a whole number",
        ),
        (changed("build_control", nfolds=1), 400, "'nfolds' must be 0, -1 (automatic) or at least 2. Got 1"),
        (changed("build_control", distribution="custom"), 400, "needs custom_distribution_func"),
        (
            changed("build_control", distribution="custom", custom_distribution_func="python:a=b.C"),
            400,
            "--allow-client-code",
        ),
        (
            changed("build_control", custom_distribution_func="python:a=b.C"),
            400,
            "is for the distribution 'custom' alone",
        ),
        (changed("build_control", distribution="gamma"), 400, "The distribution 'gamma' does not suit this response"),
        (changed("build_control.stopping_criteria", max_models=-2), 400, "'max_models' must be at least 0"),
        (changed("build_control.stopping_criteria", stopping_metric="AUK"), 412, "Did you mean 'AUC'"),
        (changed("input_spec", training_frame="crs"), 404, "crs"),
        (changed("input_spec", response_column="ecnomy"), 400, "no response column 'ecnomy'"),
        (changed("input_spec", sort_metric="MAE"), 400, "'MAE'"),
        (changed("input_spec", fold_column="folds"), 400, "'folds'"),
        (changed("build_models", include_algos=["GBN"]), 412, "Did you mean 'GBM'"),
        (changed("build_models", exclude_algos=["GBM"]), 400, "include_algos or exclude_algos"),
        (changed("build_models", exploitation_ratio=3), 400, "'exploitation_ratio' must be between 0 and 1"),
        (changed("build_models", modeling_plan="GBM"), 412, "'modeling_plan' must be a list"),
        (changed("build_models", modeling_plan=[{"alias": "all"}]), 412, "needs a 'name'"),
        (changed("build_models", modeling_plan=[{"name": "GBM", "alias": "some"}]), 412, "'alias' must be one of all"),
        (changed("build_models", modeling_plan=[{"name": "GBM", "steps": [{"group": 1}]}]), 412, "needs an 'id'"),
        (changed("build_models", modeling_plan=[{"name": "GBM", "steps": [{"id": "def_9"}]}]), 400, "no step 'def_9'"),
        (changed("build_models", modeling_plan=[{"name": "GBN"}]), 400, "Did you mean 'GBM'"),
        (changed("build_models", preprocessing=[{"type": "scaling"}]), 412, "'type' must be one of TargetEncoding"),
        (
            changed("build_models", algo_parameters=[{"scope": "GBM", "name": "ntrees", "value": 5}]),
            412,
            "Not allowed in algo_parameters: ntrees",
        ),
        (
            changed("build_models", monotone_constraints=[{"key": "power", "value": 2}]),
            412,
            "must be 1, -1 or 0. Got 2",
        ),
        (changed("build_models", monotone_constraints=[{"key": "power"}]), 412, "objects with 'key' and 'value'"),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    server: Client, cars: str, spec: dict[str, Any], status: int, sentence: str
) -> None:
    answer = build(server, spec)
    assert (answer.status, sentence in answer.json["msg"]) == (status, True), answer.content
    assert answer.json["__meta"]["schema_name"] == "H2OErrorV3"


def test_models_of_any_origin_are_ranked_by_an_expression(server: Client, run: dict[str, Any], models: Any) -> None:
    first = server.get("/99/AutoML/shared")["leaderboard"]["models"][0]["name"]
    made = server.rapids(f"(tmp= ranked (makeLeaderboard ['{RUN}' '{models['bin']}'] 'cars' 'logloss' 'ALL' 'AUTO'))")
    assert (made["num_rows"], made["num_cols"]) == (3, 10)
    frame = server.get("/3/Frames/ranked", column_count=-1)["frames"][0]
    columns = {column["label"]: column for column in frame["columns"]}
    assert list(columns)[:3] == ["model_id", "logloss", "auc"]
    losses = columns["logloss"]["data"]
    assert losses == sorted(losses)
    measured = server.post(f"/3/Predictions/models/{first}/frames/cars")["model_metrics"][0]
    row = columns["model_id"]["string_data"].index(first)
    assert losses[row] == pytest.approx(measured["logloss"])
    refused = server.call("POST", "/99/Rapids", {"ast": "(makeLeaderboard ['cars'] '' 'AUTO' [] 'AUTO')"})
    assert "Leaderboards rank models, grids and AutoML runs; 'cars' is a frame" in refused.json["msg"]
    refused = server.call("POST", "/99/Rapids", {"ast": f"(makeLeaderboard ['{first}'] '' 'AUTO' 'ALL' 'AUTO')"})
    assert "predict_time_per_row_ms needs a leaderboard_frame" in refused.json["msg"]


def test_rows_set_aside_are_measured_by_trainings_alone(server: Client, cars: str) -> None:
    spec = changed("build_control", project_name="aside", nfolds=0)
    spec["build_control"]["stopping_criteria"]["max_models"] = 1
    answer = build(server, spec)
    server.wait(answer.json["job"])
    before = len(server.get("/3/Jobs")["jobs"])
    board = server.get("/99/Leaderboards/aside")
    (model,) = [entry["name"] for entry in board["models"]]
    found = server.get(f"/3/Models/{model}")["models"][0]["output"]["validation_metrics"]
    assert board["sort_metrics"] == [found["AUC"]]
    assert found["frame"]["name"] == board["leaderboard_frame"]["name"]
    assert len(server.get("/3/Jobs")["jobs"]) == before  # no job predicts those rows once more


def test_a_leaderboard_frame_ranks_by_its_own_metrics(server: Client, cars: str) -> None:
    spec = changed("input_spec", leaderboard_frame="cars")
    spec["build_control"]["project_name"] = "by_frame"
    spec["build_models"]["include_algos"] = ["GLM"]
    spec["build_control"]["stopping_criteria"]["max_models"] = 1
    server.wait(build(server, spec).json["job"])
    board = server.get("/99/AutoML/by_frame")["leaderboard"]
    assert board["leaderboard_frame"]["name"] == "cars"
    assert board["leaderboard_frame_checksum"] == server.get("/3/Frames/cars")["frames"][0]["checksum"]
    (model,) = [key["name"] for key in board["models"]]
    measured = server.post(f"/3/Predictions/models/{model}/frames/cars")["model_metrics"][0]
    assert board["sort_metrics"] == [pytest.approx(measured["AUC"])]
    held_out = server.get(f"/3/Models/{model}")["models"][0]["output"]["cross_validation_metrics"]["AUC"]
    assert board["sort_metrics"] != [held_out]


def test_a_removed_run_ends_and_takes_its_models_along(server: Client, cars: str) -> None:
    spec = changed("build_control", project_name="short", nfolds=0)
    spec["build_models"] = {"include_algos": ["GBM"]}
    spec["build_control"]["stopping_criteria"] = {"max_runtime_secs": 100}
    job = build(server, spec).json["job"]
    deadline = time.monotonic() + 60
    while not (models := server.get("/99/AutoML/short")["leaderboard"]["models"]):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert server.call("DELETE", "/3/DKV/short@@economy_20mpg?cascade=true").status == 200
    assert server.get(f"/3/Jobs/{job['key']['name']}")["jobs"][0]["status"] == "CANCELLED"
    assert server.get("/99/AutoML/short")["project_name"] is None
    assert server.call("GET", f"/3/Models/{models[0]['name']}").status == 404
