"""Code of clients: refused by default; where it is allowed, a custom metric is measured in training and on other frames."""

from __future__ import annotations

import io
import zipfile

import pytest
from server_client import Client, Starter, car_rows

SOURCE = """
class Mae:
    def map(self, pred, act, w, o, model):
        return [abs(act[0] - pred[0]), 1]
    def reduce(self, l, r):
        return [l[0] + r[0], l[1] + r[1]]
    def metric(self, l):
        return l[0] / l[1]
"""
TASK = {"response_column": "economy", "ignored_columns": '["name"]', "epochs": "2", "hidden": "[4]", "seed": "1"}


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("metrics.py", SOURCE)
    return content.getvalue()


def test_code_is_refused_by_default(server: Client, cars: str) -> None:
    answer = server.call("POST", "/3/PutKey?destination_key=mae", body=archive())
    assert answer.status == 501
    assert "--allow-client-code" in answer.json["msg"]
    given = {"training_frame": cars, **TASK, "custom_metric_func": "python:mae=metrics.Mae"}
    refused = server.call("POST", "/3/ModelBuilders/deeplearning", given)
    assert refused.status == 412
    assert "runs no code of its clients" in refused.json["msg"]
    assert server.call("GET", "/3/Frames/mae").status == 404


def test_an_allowed_metric_is_measured(start_server: Starter) -> None:
    server = start_server("--allow-client-code")
    server.upload(car_rows(), "cars")
    assert (
        server.call("POST", "/3/PutKey?destination_key=mae&overwrite=True", body=archive()).json["destination_key"]
        == "mae"
    )
    given = {"training_frame": "cars", **TASK, "custom_metric_func": "python:mae=metrics.Mae", "model_id": "measured"}
    state = server.wait(server.post("/3/ModelBuilders/deeplearning", **given)["job"])
    assert state["status"] == "DONE", state
    output = server.get("/3/Models/measured")["models"][0]["output"]
    training = output["training_metrics"]
    assert training["custom_metric_name"] == "mae"
    assert training["custom_metric_value"] == pytest.approx(training["mae"])
    assert "training_custom" in [column["name"] for column in output["scoring_history"]["columns"]]
    measured = server.post("/3/ModelMetrics/models/measured/frames/cars")["model_metrics"][0]
    assert measured["custom_metric_value"] == pytest.approx(measured["mae"])
    server.delete("/3/DKV/mae")
    gone = server.post("/3/ModelMetrics/models/measured/frames/cars")["model_metrics"][0]
    assert gone["custom_metric_name"] is None, "the model holds no code"
    missing = server.call("POST", "/3/ModelBuilders/deeplearning", given)
    assert "No code was uploaded as 'mae'" in missing.json["msg"]
