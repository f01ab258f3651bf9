"""What a server survives: killed workers, a full memory budget, cancels, its own sudden death, and nonsense."""

from __future__ import annotations

import random
import signal
import string
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from server_client import Client, Starter, car_rows

pytestmark = pytest.mark.alone

CANCEL_SECS = 2.0
PREDICTORS = '["name","economy","cylinders"]'


def upload_cars(server: Client) -> None:
    server.upload(car_rows(), "cars")
    server.rapids("(assign cars (:= cars (as.factor (cols_py cars 'economy_20mpg')) 8 []))")


def train(server: Client, model: str, **more: str) -> dict[str, Any]:
    parameters = {
        "training_frame": "cars",
        "response_column": "economy_20mpg",
        "ignored_columns": PREDICTORS,
        "seed": "1",
    }
    return server.post("/3/ModelBuilders/deeplearning", model_id=model, **(parameters | more))["job"]


def job(server: Client, key: str) -> dict[str, Any]:
    return server.get(f"/3/Jobs/{key}")["jobs"][0]


def until(check: Any, seconds: float = 20.0) -> Any:
    """The first true value of `check()` within that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def busiest_worker(server: Client) -> psutil.Process:
    """The worker process that trains: the one that used most CPU time of late."""
    assert server.process is not None
    children = psutil.Process(server.process.pid).children(recursive=True)
    before = {child.pid: sum(child.cpu_times()[:2]) for child in children}
    time.sleep(0.4)
    return max(children, key=lambda child: sum(child.cpu_times()[:2]) - before[child.pid])


def test_a_killed_worker_fails_its_own_job_only(start_server: Starter):
    server = start_server()
    upload_cars(server)
    running = train(server, "doomed", epochs="1000000", stopping_rounds="0", classification_stop="-1")
    until(
        lambda: (
            job(server, running["key"]["name"])["progress"] > 0
            or job(server, running["key"]["name"])["status"] == "RUNNING"
        )
    )
    time.sleep(0.5)
    busiest_worker(server).send_signal(signal.SIGKILL)
    failed = until(lambda: (found := job(server, running["key"]["name"]))["status"] == "FAILED" and found)
    assert "SIGKILL" in failed["exception"], failed["exception"]
    ended = server.wait(train(server, "second", epochs="1"))
    assert ended["status"] == "DONE"
    assert server.get("/3/Frames/cars")["frames"][0]["rows"] == 120


def test_a_cancel_takes_effect_within_two_seconds_and_keeps_the_server_free(start_server: Starter):
    server = start_server()
    upload_cars(server)
    running = train(server, "cancelled", epochs="1000000", stopping_rounds="0", classification_stop="-1")
    until(lambda: job(server, running["key"]["name"])["status"] == "RUNNING")
    time.sleep(0.5)
    started = time.monotonic()
    server.post(f"/3/Jobs/{running['key']['name']}/cancel")
    until(lambda: job(server, running["key"]["name"])["status"] == "CANCELLED", 10)
    assert time.monotonic() - started < CANCEL_SECS
    assert server.wait(train(server, "after", epochs="1"))["status"] == "DONE"


def test_a_full_memory_budget_is_refused_with_a_sentence(start_server: Starter):
    server = start_server("--memory-budget-mb", "150", "--paging-factor", "2")
    upload_cars(server)
    server.rapids("(assign long (rep_len (cols_py cars 'weight') 2000000))")
    answers = []
    for number in range(60):  # 60 columns of 2,000,000 doubles are 960 MB
        text = f"(assign big{number} (h2o.runif long {number}))"
        answers.append(server.call("POST", "/99/Rapids", {"ast": text, "session_id": "tests"}))
        if answers[-1].status >= 400:
            break
    refused = answers[-1]
    assert refused.status == 507, refused.content[:500]
    assert "memory" in refused.json["msg"].lower(), refused.json["msg"]
    assert server.get("/3/Cloud")["cloud_healthy"]
    server.delete("/3/DKV")
    upload_cars(server)
    assert server.wait(train(server, "small", epochs="1"))["status"] == "DONE"


def test_frames_and_models_are_whole_after_a_sudden_death(start_server: Starter, tmp_path: Path):
    folder = str(tmp_path / "kept")
    first = start_server("--data-dir", folder)
    upload_cars(first)
    assert first.wait(train(first, "kept_model", epochs="3"))["status"] == "DONE"
    train(first, "unfinished", epochs="1000000", stopping_rounds="0", classification_stop="-1")
    first.post("/3/Predictions/models/kept_model/frames/cars", predictions_frame="before")
    before = first.call("GET", "/3/DownloadDataset", {"frame_id": "before"}).content
    table = first.call("GET", "/3/DownloadDataset", {"frame_id": "cars"}).content
    time.sleep(1.0)
    assert first.process is not None
    first.process.kill()
    first.process.wait()

    second = start_server("--data-dir", folder)
    assert second.call("GET", "/3/DownloadDataset", {"frame_id": "cars"}).content == table
    assert [model["model_id"]["name"] for model in second.get("/3/Models")["models"]] == ["kept_model"]
    second.post("/3/Predictions/models/kept_model/frames/cars", predictions_frame="after")
    assert second.call("GET", "/3/DownloadDataset", {"frame_id": "after"}).content == before
    more = train(second, "continued", epochs="6", checkpoint="kept_model")
    assert second.wait(more)["status"] == "DONE"


def test_nothing_is_left_behind_without_a_data_folder(start_server: Starter, tmp_path: Path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    server = start_server(TMPDIR=str(temporary))
    upload_cars(server)
    assert server.wait(train(server, "gone", epochs="1"))["status"] == "DONE"
    assert any(temporary.iterdir())
    assert server.process is not None
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(10)
    assert not list(temporary.iterdir())


def nonsense(generator: random.Random) -> tuple[str, str, dict[str, str] | None, bytes | None]:
    """One malformed request: a known path with wrong parameters, a broken body, or a path that is nowhere."""
    word = "".join(generator.choices(string.printable, k=generator.randint(0, 40)))
    paths = [
        ("POST", "/99/Rapids", {"ast": word, "session_id": word}),
        ("POST", "/99/Rapids", {"ast": "(" * generator.randint(1, 3000)}),
        ("POST", "/3/Parse", {"source_frames": word, "destination_frame": word}),
        ("POST", "/3/ParseSetup", {"source_frames": f'["{word}"]'}),
        ("GET", "/3/ImportFiles", {"path": word}),
        ("GET", "/3/Frames/" + str(generator.random()), None),
        ("GET", "/3/Models/" + str(generator.random()), None),
        ("POST", "/3/ModelBuilders/deeplearning", {"epochs": word, "hidden": word}),
        (
            "POST",
            "/3/ModelBuilders/deeplearning",
            {generator.choice(["rate", "rho", "seed", "l1", "nfolds", word or "x"]): word},
        ),
        ("POST", f"/3/ModelBuilders/{generator.randint(0, 9)}", {}),
        ("POST", "/3/Predictions/models/no/frames/no", {}),
        ("POST", "/3/Jobs/no/cancel", {}),
        ("DELETE", "/3/Frames/no", None),
        ("PUT", "/3/Cloud", {}),
        ("GET", "/" + "".join(generator.choices(string.ascii_letters + "/%.", k=12)), None),
        ("POST", "/3/SplitFrame", {"dataset": word, "ratios": word}),
        ("GET", "/3/DownloadDataset", {"frame_id": word}),
    ]
    if generator.random() < 0.2:
        return (
            "POST",
            generator.choice(["/99/Rapids", "/3/Parse", "/3/PostFile", "/3/ModelBuilders/deeplearning"]),
            None,
            word.encode() * 50,
        )
    method, path, data = generator.choice(paths)
    return method, path, data, None


@pytest.mark.parametrize("seed", range(4))
def test_nonsense_gets_one_shape_of_error_and_the_server_lives(server: Client, seed: int):
    generator = random.Random(seed)
    for _ in range(60):
        method, path, data, body = nonsense(generator)
        headers = (
            {}
            if body is None
            else {"Content-Type": generator.choice(["application/json", "text/x", "multipart/form-data; boundary=x"])}
        )
        answer = server.call(method, path, data, body=body, headers=headers)
        if answer.status < 400:  # a random word can be a valid expression, and an upload takes any bytes
            assert path in ("/99/Rapids", "/3/PostFile"), (method, path, data, answer.content[:300])
            continue
        assert answer.status in (400, 401, 403, 404, 405, 409, 412, 413, 415, 501), (
            answer.status,
            method,
            path,
            data,
            answer.content[:300],
        )
        problem = answer.json
        assert problem["__meta"]["schema_type"] in ("H2OError", "H2OModelBuilderError"), problem
        assert problem["http_status"] == answer.status
        assert len(problem["msg"]) > 10, problem
        assert "Traceback" not in answer.content.decode()
    assert server.get("/3/Ping") is not None
    assert server.get("/3/Cloud")["cloud_healthy"]
