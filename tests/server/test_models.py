"""Training through the server: validation answers everything at once, models can be seen while they train, and what is
left when they are removed or cancelled."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from server_client import Client, Starter, car_rows

BUILD = "/3/ModelBuilders/deeplearning"
LONG = {"epochs": "1000000", "hidden": "[64,64]", "stopping_rounds": "0", "classification_stop": "-1"}
TASK = {"response_column": "economy_20mpg", "ignored_columns": '["name","economy","cylinders"]', "seed": "1"}


def messages(answer: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in answer["messages"]:
        found.setdefault(item["field_name"], []).append(item["message_type"])
    return found


def test_every_wrong_parameter_is_answered_at_once(server: Client, cars: str) -> None:
    wrong = {"epochs": "-1", "l1": "abc", "activation": "tanhh", "nosuch": "1", "hidden": "[0]"}
    answer = server.call("POST", BUILD, {"training_frame": cars, **TASK, **wrong})
    body = answer.json
    assert answer.status == body["http_status"] == 412
    assert body["__meta"]["schema_name"] == "H2OModelBuilderErrorV3"
    assert body["exception_type"] == "water.exceptions.H2OModelBuilderIllegalArgumentException"
    found = messages(body)
    assert all("ERRR" in found[name] for name in wrong), found
    assert body["error_count"] == sum(kinds.count("ERRR") for kinds in found.values())
    assert "(field: epochs)" in body["msg"]
    assert body["parameters"]["training_frame"]["name"] == cars


def test_parameters_are_checked_without_training(server: Client, cars: str) -> None:
    checked = server.post(f"{BUILD}/parameters", training_frame=cars, **TASK, epochs="-1")
    assert checked["error_count"] == 1
    assert messages(checked)["epochs"] == ["ERRR"]
    assert checked["job"] is None
    fine = server.post(f"{BUILD}/parameters", training_frame=cars, **TASK, epochs="3")
    assert fine["error_count"] == 0
    assert {p["name"]: p["actual_value"] for p in fine["parameters"]}["epochs"] == 3.0
    nothing = server.post(f"{BUILD}/parameters")
    assert messages(nothing)["training_frame"] == ["ERRR"]


def test_missing_frame_is_one_of_the_problems(server: Client) -> None:
    answer = server.call("POST", BUILD, {"training_frame": "nosuch", "response_column": "y"})
    assert answer.status == 412
    assert messages(answer.json)["training_frame"] == ["ERRR"]


def test_key_of_a_model_cannot_be_that_of_a_frame(server: Client, cars: str) -> None:
    answer = server.call("POST", BUILD, {"training_frame": cars, **TASK, "model_id": cars})
    assert answer.status == 412
    assert "taken by a frame" in answer.json["msg"]


def test_builders_tell_parameters_as_clients_need_them(server: Client) -> None:
    listed = server.get("/3/ModelBuilders")["model_builders"]
    builder = listed["deeplearning"]
    assert builder["visibility"] == "Stable"
    assert set(builder["can_build"]) == {"Regression", "Binomial", "Multinomial", "AutoEncoder"}
    parameters = {item["name"]: item for item in builder["parameters"]}
    kinds = {
        name: parameters[name]["type"] for name in ("model_id", "training_frame", "response_column", "hidden", "seed")
    }
    assert kinds == {
        "model_id": "Key<Model>",
        "training_frame": "Key<Frame>",
        "response_column": "VecSpecifier",
        "hidden": "int[]",
        "seed": "long",
    }
    assert parameters["activation"]["default_value"] == "Rectifier"
    assert parameters["activation"]["values"][0] == "Tanh"
    assert parameters["hidden"]["default_value"] == [200, 200]
    assert "training_frame" in parameters["response_column"]["is_member_of_frames"]
    assert "weights_column" in parameters["response_column"]["is_mutually_exclusive_with"]
    fresh = [server.post(f"{BUILD}/model_id")["model_id"] for _ in range(2)]
    assert fresh[0] != fresh[1]


def test_model_tells_given_and_used_values(server: Client, models: dict[str, str]) -> None:
    model = server.get("/3/Models/cars_bin")["models"][0]
    values = {p["name"]: (p["input_value"], p["actual_value"]) for p in model["parameters"]}
    assert values["epochs"] == (2.0, 2.0)
    assert values["distribution"] == ("AUTO", "bernoulli")
    assert values["response_column"][1]["column_name"] == "economy_20mpg"
    assert values["training_frame"][1]["name"] == "cars"
    output = model["output"]
    assert output["model_category"] == "Binomial"
    assert output["names"][-1] == "economy_20mpg"
    assert output["domains"][-1] == ["0", "1"]
    assert [key["name"] for key in output["cross_validation_models"]] == ["cars_bin_cv_1", "cars_bin_cv_2"]
    for key in (*output["weights"], *output["biases"], output["cross_validation_holdout_predictions_frame_id"]):
        assert server.get(key["URL"])["frames"][0]["rows"] > 0
    assert output["run_time"] == output["end_time"] - output["start_time"]


def test_preview_leaves_the_long_tables_out(server: Client, models: dict[str, str]) -> None:
    whole = server.get("/3/Models/cars_bin")["models"][0]["output"]["training_metrics"]
    preview = server.get("/3/Models/cars_bin", preview="true")["models"][0]["output"]["training_metrics"]
    assert whole["thresholds_and_metric_scores"]["rowcount"] > 10
    assert preview["thresholds_and_metric_scores"] is None
    assert preview["AUC"] == whole["AUC"]


def test_compatible_models_and_frames_find_each_other(server: Client, models: dict[str, str]) -> None:
    frame = server.get("/3/Frames/cars", find_compatible_models="true")
    assert set(models.values()) <= set(frame["frames"][0]["compatible_models"])
    model = server.get("/3/Models/cars_bin", find_compatible_frames="true")
    assert "cars" in model["models"][0]["compatible_frames"]
    server.upload("unrelated\n1\n", "unrelated")
    assert server.get("/3/Frames/unrelated", find_compatible_models="true")["frames"][0]["compatible_models"] == []


def test_prediction_agrees_with_its_metrics(server: Client, models: dict[str, str]) -> None:
    answer = server.post("/3/Predictions/models/cars_bin/frames/cars", predictions_frame="predicted")
    metrics = answer["model_metrics"][0]
    rows = server.call("GET", "/3/DownloadDataset", {"frame_id": "predicted"}).content.decode().splitlines()
    assert rows[0] == '"predict","p0","p1"'
    actual = server.call("GET", "/3/DownloadDataset", {"frame_id": "cars"}).content.decode().splitlines()[1:]
    truth = [float(line.rpartition(",")[2].strip('"')) for line in actual]
    errors = [(float(row.rpartition(",")[2]) - y) ** 2 for row, y in zip(rows[1:], truth, strict=True)]
    assert metrics["MSE"] == pytest.approx(sum(errors) / len(errors))
    assert metrics["predictions"]["frame_id"]["name"] == "predicted"
    job = server.post("/4/Predictions/models/cars_bin/frames/cars")
    assert server.wait(job)["status"] == "DONE"
    later = server.call("GET", "/3/DownloadDataset", {"frame_id": job["dest"]["name"]}).content
    assert later.decode().splitlines() == rows


def test_other_kinds_of_predictions(server: Client, models: dict[str, str]) -> None:
    def names(model: str, **options: str) -> list[str]:
        made = server.post(f"/3/Predictions/models/{model}/frames/cars", **options)["predictions_frame"]["name"]
        return [column["label"] for column in server.get(f"/3/Frames/{made}/light")["frames"][0]["columns"]]

    assert names("cars_bin", deep_features_hidden_layer="1") == [f"DF.L2.C{i}" for i in range(1, 5)]
    assert names("cars_ae", reconstruction_error="true") == ["Reconstruction.MSE"]
    by_input = names("cars_ae", reconstruction_error="true", reconstruction_error_per_feature="true")
    assert by_input == [f"reconstr_{name}.SE" for name in ("displacement", "power", "weight", "acceleration", "year")]
    for refused in ({"leaf_node_assignment": "true"}, {"top_n": "3"}, {"reconstruction_error": "true"}):
        answer = server.call("POST", "/3/Predictions/models/cars_bin/frames/cars", refused)
        assert answer.status == 400, refused
    unknown = {"custom_metric_func": "python:f=x"}
    assert server.call("POST", "/3/Predictions/models/cars_bin/frames/cars", unknown).status == 501


def test_prediction_without_a_response_still_answers_the_frame(server: Client, models: dict[str, str]) -> None:
    server.rapids("(assign unlabelled (cols_py cars [0 1 2 3 4]))")
    answer = server.post("/3/Predictions/models/cars_bin/frames/unlabelled")
    assert answer["model_metrics"][0]["predictions"]["rows"] == 120
    assert server.post("/3/ModelMetrics/models/cars_bin/frames/unlabelled")["model_metrics"] == []


def test_stored_metrics_are_found_by_model_and_frame_and_removed(start_server: Starter) -> None:
    server = start_server()
    server.upload(car_rows(), "cars")
    server.rapids("(assign cars (:= cars (as.factor (cols_py cars 'economy_20mpg')) 8 []))")
    for key in ("m1", "m2"):
        job = server.post(BUILD, training_frame="cars", model_id=key, **TASK, epochs="1", hidden="[3]")["job"]
        assert server.wait(job)["status"] == "DONE"

    def count(path: str) -> int:
        return len(server.get(f"/3/ModelMetrics{path}")["model_metrics"])

    assert count("") == 2
    assert count("/models/m1") == count("/models/m1/frames/cars") == count("/frames/cars/models/m1") == 1
    assert count("/frames/cars") == 2
    assert server.call("GET", "/3/ModelMetrics/models/nosuch").status == 404
    assert len(server.delete("/3/ModelMetrics/models/m1/frames/cars")["model_metrics"]) == 1
    assert count("/models/m1") == 0
    server.delete("/3/Models/m2")
    assert count("") == 0
    assert server.call("DELETE", "/3/Models/m2").status == 404


def test_averaged_areas_on_request(server: Client, models: dict[str, str]) -> None:
    path = "/3/ModelMetrics/models/cars_mul/frames/cars_many"
    plain = server.post(path)["model_metrics"][0]
    averaged = server.post(path, auc_type="WEIGHTED_OVR")["model_metrics"][0]
    assert plain["AUC"] == "NaN"
    assert 0 <= averaged["AUC"] <= 1
    assert averaged["MSE"] == pytest.approx(plain["MSE"])
    assert averaged["multinomial_auc_table"]["rowcount"] > 0


def test_model_can_be_seen_while_it_trains_and_is_gone_when_cancelled(start_server: Starter) -> None:
    server = start_server()
    server.upload(car_rows(), "cars")
    server.rapids("(assign cars (:= cars (as.factor (cols_py cars 'economy_20mpg')) 8 []))")
    parameters = {"training_frame": "cars", **TASK, **LONG, "model_id": "live", "score_interval": "0.1"}
    job = server.post(BUILD, **parameters)["job"]
    state: dict[str, Any] = {}
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not state.get("ready_for_view"):
        state = server.get(f"/3/Jobs/{job['key']['name']}")["jobs"][0]
        assert state["status"] in ("CREATED", "RUNNING"), state
        time.sleep(0.05)
    model = server.get("/3/Models/live")["models"][0]
    assert model["output"]["status"] == "RUNNING"
    assert model["output"]["scoring_history"]["rowcount"] >= 1
    again = server.call("POST", BUILD, parameters)
    assert again.status == 412
    assert "being trained" in again.json["msg"]
    assert server.call("POST", "/3/Predictions/models/live/frames/cars", {}).status == 409
    server.post(f"/3/Jobs/{job['key']['name']}/cancel")
    assert server.wait(job)["status"] == "CANCELLED"
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and server.call("GET", "/3/Models/live").status == 200:
        time.sleep(0.02)
    assert server.call("GET", "/3/Models/live").status == 404


def test_removed_model_takes_its_belongings_along(start_server: Starter) -> None:
    server = start_server()
    server.upload(car_rows(), "cars")
    server.rapids("(assign cars (:= cars (as.factor (cols_py cars 'economy_20mpg')) 8 []))")
    extra = {"nfolds": "2", "keep_cross_validation_predictions": "true", "export_weights_and_biases": "true"}
    for key in ("first", "second"):
        job = server.post(BUILD, training_frame="cars", model_id=key, **TASK, **extra, epochs="1", hidden="[3]")["job"]
        assert server.wait(job)["status"] == "DONE"
    server.delete("/3/DKV/first")
    frames = [frame["frame_id"]["name"] for frame in server.get("/3/Frames")["frames"]]
    kept = [model["model_id"]["name"] for model in server.get("/3/Models")["models"]]
    assert not [name for name in (*frames, *kept) if "first" in name]
    assert [name for name in frames if "second" in name]
    server.upload("a\n1\n", "other")
    server.delete("/3/DKV", retained_keys=json.dumps(["second"]))
    left = [frame["frame_id"]["name"] for frame in server.get("/3/Frames")["frames"]]
    assert "cars" in left
    assert "other" not in left
    assert sorted(model["model_id"]["name"] for model in server.get("/3/Models")["models"]) == [
        "second",
        "second_cv_1",
        "second_cv_2",
    ]
    server.delete("/3/Models")
    assert server.get("/3/Models")["models"] == []


def test_warning_is_told_once(server: Client) -> None:
    server.upload("x,c,y\n" + "\n".join(f"{i},1,{i % 3}" for i in range(60)) + "\n", "with_constant")
    given = {"training_frame": "with_constant", "response_column": "y", "epochs": "1", "hidden": "[2]"}
    checked = server.post(f"{BUILD}/parameters", **given)
    assert [m["message_type"] for m in checked["messages"] if "Constant columns" in m["message"]] == ["WARN"]
    started = server.post(BUILD, **given)
    assert not [m for m in started["messages"] if m["message_type"] == "WARN"]
    warnings = server.wait(started["job"])["warnings"]
    assert len([text for text in warnings if "Constant columns" in text]) == 1
