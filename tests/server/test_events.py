"""The stream of events tells what happens in a server as it happens, within its limits, and ends with its client or server."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from server_client import Client, Starter

from artesian.server.watch import Listener, Memory, Scene, Wanted

Event = tuple[str, dict[str, Any], float]


class Stream:
    """One open stream; a thread reads its events."""

    def __init__(self, url: str, headers: dict[str, str] | None = None, **asked: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.connection.connect()
        self._socket = self.connection.sock
        self.connection.request("GET", "/3/Events?" + urlencode(asked), headers=headers or {})
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.comments = 0
        self.ended = threading.Event()
        self._events: queue.Queue[Event] = queue.Queue()
        if self.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        name = ""
        try:
            for raw in self.response:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    self._events.put((name, json.loads(line[6:]), time.monotonic()))
                elif line.startswith(":"):
                    self.comments += 1
        except (OSError, http.client.HTTPException, ValueError, AttributeError):  # closed here meanwhile
            pass
        self.ended.set()

    def next(self, name: str, fits: Callable[[dict[str, Any]], bool] = lambda data: True, secs: float = 20.0) -> Any:
        """The data of the next event of that name that fits."""
        return self.upto(name, fits, secs)[-1][1]

    def upto(self, name: str, fits: Callable[[dict[str, Any]], bool], secs: float = 20.0) -> list[Event]:
        """The events up to one of that name that fits."""
        seen: list[Event] = []
        deadline = time.monotonic() + secs
        while time.monotonic() < deadline:
            try:
                seen.append(self._events.get(timeout=max(0.01, deadline - time.monotonic())))
            except queue.Empty:
                break
            if seen[-1][0] == name and fits(seen[-1][1]):
                return seen
        raise AssertionError(f"no such {name} within {secs} s: {[(n, str(d)[:200]) for n, d, _ in seen]}")

    def close(self) -> None:
        if (
            self.response.fp is not None
        ):  # the answer holds the socket, where its headers said that it ends the connection
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., Stream]]:
    opened: list[Stream] = []

    def start(server: Client, headers: dict[str, str] | None = None, **asked: str) -> Stream:
        opened.append(Stream(server.url, headers, **asked))
        return opened[-1]

    yield start
    for stream in opened:
        stream.close()


def train(server: Client, key: str, **parameters: str) -> dict[str, Any]:
    common = {"training_frame": "cars", "response_column": "economy_20mpg", "model_id": key, "seed": "1"}
    started: dict[str, Any] = server.post("/3/ModelBuilders/deeplearning", **(common | parameters))["job"]
    return started


LONG = {"epochs": "1000000", "hidden": "[50,50]", "score_interval": "0.5", "stopping_rounds": "0"}
LONG |= {"classification_stop": "-1", "score_duty_cycle": "1"}


def test_objects_come_change_and_go(server: Client, cars: str, listen: Callable[..., Stream]) -> None:
    stream = listen(server, topics="[objects]")
    assert stream.response.headers["Content-Type"].startswith("text/event-stream")
    assert stream.next("open")["topics"] == ["objects"]
    listed = {item["key"]: item for item in stream.next("objects")["objects"]}
    assert listed[cars]["kind"] == "frame"
    server.rapids("(assign events_new (cols_py cars 0))")
    about = stream.next("object", lambda data: data["key"] == "events_new")
    assert (about["kind"], about["change"], about["temporary"]) == ("frame", "added", False)
    server.rapids("(assign events_new (cols_py cars 1))")
    assert stream.next("object", lambda data: data["key"] == "events_new")["change"] == "changed"
    server.rapids("(tmp= events_tmp (cols_py cars 1))")
    assert stream.next("object", lambda data: data["key"] == "events_tmp")["temporary"] is True
    server.delete("/3/Frames/events_new")
    assert stream.next("object", lambda data: data["key"] == "events_new")["change"] == "removed"


def test_objects_that_come_and_go_at_once_are_told(server: Client, cars: str, listen: Callable[..., Stream]) -> None:
    stream = listen(server, topics="[objects]")
    stream.next("objects")
    for number in range(5):
        server.rapids(f"(assign events_brief_{number} (cols_py cars 0))")
        server.delete(f"/3/Frames/events_brief_{number}")
        gone = stream.next("object", lambda data: data["change"] == "removed")
        assert (gone["key"], gone["kind"]) == (f"events_brief_{number}", "frame")


@pytest.mark.alone
def test_points_of_a_training_come_every_two_seconds(server: Client, cars: str, listen: Callable[..., Stream]) -> None:
    stream = listen(server)
    stream.next("objects")
    job = train(server, "events_long", **LONG)["key"]["name"]
    seen = stream.upto("points", lambda data: data["model"] == "events_long" and data["first"] >= 8, 40)
    running = [data for name, data, _ in seen if name == "job" and data["job"]["status"] == "RUNNING"]
    assert all(data["job"]["dest"]["name"] == "events_long" for data in running)
    assert any(data["eta_secs"] is not None and data["eta_secs"] > 0 for data in running)
    curve = [at for name, data, at in seen if name in ("points", "glimpses") and data["model"] == "events_long"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(curve)]
    assert max(gaps) < 2.0, gaps
    points = [(data, at) for name, data, at in seen if name == "points" and data["model"] == "events_long"]
    names = [column["name"] for column in points[-1][0]["columns"]]
    assert {"epochs", "training_logloss", "duration"} <= set(names)
    assert points[-1][0]["samples_per_second"] > 100
    numbers = [row for data, _ in points for row in range(data["first"], data["first"] + len(data["points"]))]
    assert numbers == list(range(len(numbers)))  # none is left out, none told twice
    asked = time.monotonic()
    server.post(f"/3/Jobs/{job}/cancel")
    ended = stream.next("job", lambda data: data["job"]["key"]["name"] == job and data["job"]["status"] == "CANCELLED")
    assert ended["eta_secs"] is None
    assert time.monotonic() - asked < 3.0


@pytest.mark.alone
def test_losses_are_told_between_scorings(server: Client, cars: str, listen: Callable[..., Stream]) -> None:
    """With H2O's default, a scoring every five seconds at most, those who look on still see the loss every second or two."""
    stream = listen(server)
    stream.next("objects")
    train(server, "events_slow", **(LONG | {"score_interval": "5"}))
    seen = stream.upto("glimpses", lambda data: data["model"] == "events_slow" and data["first"] >= 4, 20)
    told = [(data, at) for name, data, at in seen if name == "glimpses" and data["model"] == "events_slow"]
    gaps = [later - earlier for (_, earlier), (_, later) in itertools.pairwise(told)]
    assert max(gaps) < 2.0, gaps
    looks = [look for data, _ in told for look in data["glimpses"]]
    assert [data["first"] for data, _ in told] == [
        sum(len(before["glimpses"]) for before, _ in told[:i]) for i in range(len(told))
    ]
    assert {look["metric"] for look in looks} == {"logloss"}
    assert all(0 <= look["value"] < 2 and look["rows"] == 120 for look in looks)
    assert [look["epochs"] for look in looks] == sorted(look["epochs"] for look in looks)
    points = [
        point
        for name, data, _ in seen
        if name == "points" and data["model"] == "events_slow"
        for point in data["points"]
    ]
    assert len(points) < len(looks)
    facts = [data for name, data, _ in seen if name == "job_details"]
    assert facts[-1]["can_finish"] is True
    job = told[0][0]["job"]
    server.post(f"/3/Jobs/{job}/finish")
    ended = stream.next("job", lambda data: data["job"]["key"]["name"] == job and data["job"]["status"] == "DONE")
    assert "asked to end" in " ".join(ended["job"]["warnings"])


def test_a_short_training_is_told_whole(server: Client, cars: str, listen: Callable[..., Stream]) -> None:
    stream = listen(server, topics="[jobs,training]", keys="[events_short]")
    train(server, "events_other", epochs="1", hidden="[2]")
    job = train(server, "events_short", epochs="3", hidden="[4]", train_samples_per_iteration="60", score_interval="0")
    assert server.wait(job)["status"] == "DONE"
    seen = stream.upto("job", lambda data: data["job"]["status"] == "DONE")
    assert {data["job"]["dest"]["name"] for name, data, _ in seen if name == "job"} == {"events_short"}
    told = [data for name, data, _ in seen if name == "points"]
    rows: list[Any] = []
    for data in told:
        assert data["model"] == "events_short"
        rows = data["points"] if data["reset"] else rows + data["points"]
    history = server.get("/3/Models/events_short")["models"][0]["output"]["scoring_history"]
    assert rows == [list(row) for row in zip(*history["data"], strict=True)]


def test_automl_tells_its_leaderboard_and_log(server: Client, cars: str, listen: Callable[..., Stream]) -> None:
    stream = listen(server, topics="[automl]")
    body = {
        "build_control": {
            "project_name": "events_project",
            "nfolds": 2,
            "stopping_criteria": {"max_models": 1, "max_runtime_secs": 60, "seed": 1},
        },
        "input_spec": {"training_frame": cars, "response_column": "economy_20mpg"},
        "build_models": {"include_algos": ["GLM"]},
    }
    answer = server.call(
        "POST", "/99/AutoMLBuilder", body=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    job = answer.json["job"]
    board = stream.next("leaderboard", lambda data: bool(data["models"]), 60)
    assert board["models"][0]["name"].startswith("GLM")
    assert "auc" in [column["name"] for column in board["table"]["columns"]]
    server.wait(job)
    run = server.get(f"/99/AutoML/{job['dest']['name']}")
    other = listen(server, topics="[automl]", keys=f'["{job["dest"]["name"]}"]')
    expected = run["event_log"]["events"]
    told: list[Any] = []
    while len(told) < len(expected):
        log = other.next("log")
        assert log["first"] == len(told)
        told += log["events"]
    assert told == expected


def test_wrong_requests_are_refused(server: Client, listen: Callable[..., Stream]) -> None:
    answer = server.call("GET", "/3/Events", {"topics": "[job]"})
    assert (answer.status, "Did you mean 'jobs'" in answer.json["msg"]) == (400, True)
    assert server.call("GET", "/3/Events", {"nothing": "1"}).status == 412
    assert listen(server, {"Origin": "http://elsewhere.example"}).status == 403


def test_token_guards_the_stream(start_server: Starter, listen: Callable[..., Stream]) -> None:
    server = start_server("--token", "secret")
    assert listen(server).status == 401
    stream = listen(server, {"Authorization": "Bearer secret"})
    assert stream.next("objects")["objects"] == []


def test_streams_take_no_handler_threads_and_are_counted(start_server: Starter, listen: Callable[..., Stream]) -> None:
    server = start_server("--http-threads", "2", "--max-event-streams", "4", "--event-heartbeat-secs", "0.2")
    streams = [listen(server) for _ in range(4)]
    for stream in streams:
        stream.next("objects")
    began = time.monotonic()
    server.post("/3/GarbageCollect")
    assert time.monotonic() - began < 2
    full = listen(server)
    assert full.status == 503
    time.sleep(0.6)
    assert streams[0].comments >= 2
    streams[0].close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and (again := listen(server)).status != 200:
        time.sleep(0.05)
    assert again.status == 200


def test_stream_ends_with_the_server(start_server: Starter, listen: Callable[..., Stream]) -> None:
    server = start_server()
    stream = listen(server)
    stream.next("objects")
    began = time.monotonic()
    assert server.process is not None
    server.process.terminate()
    assert "stops" in stream.next("bye", secs=3)["reason"]
    assert stream.ended.wait(3)
    assert server.process.wait(5) == 0
    assert time.monotonic() - began < 4


def test_changed_points_are_told_anew() -> None:
    from artesian.jobs.job import Job, JobStatus

    job = Job("j", "DeepLearning", "m", "model", status=JobStatus.RUNNING)
    column = {"name": "epochs", "type": "double", "format": "%f", "description": "Epochs"}

    def told(memory: Memory, *epochs: float) -> list[dict[str, Any]]:
        details = {"algorithm": "deeplearning", "scoring_history": {"columns": [column], "data": [list(epochs)]}}
        found = memory.news(Scene([(job, job.status)], {}, {"m": details}, {}))
        return [json.loads(item.split(b"data: ", 1)[1]) for item in found if item.startswith(b"event: points")]

    memory = Memory(Wanted(frozenset(["training"])))
    assert [item["points"] for item in told(memory, 0.0, 1.0)] == [[[0.0], [1.0]]]
    (more,) = told(memory, 0.0, 1.0, 2.0)
    assert (more["first"], more["points"], more["reset"]) == (2, [[2.0]], False)
    assert told(memory, 0.0, 1.0, 2.0) == []
    (anew,) = told(memory, 0.0, 5.0)
    assert (anew["first"], anew["points"], anew["reset"]) == (0, [[0.0], [5.0]], True)


def test_a_slow_client_is_let_go() -> None:
    import asyncio

    async def slow() -> bytes:
        listener = Listener(Wanted(), 100)
        listener.put([b"x" * 60])
        listener.put([b"y" * 60])
        assert listener.ended
        listener.put([b"z"])
        return await listener.take(1)

    sent = asyncio.run(slow())
    assert sent.startswith(b"event: lost")
    assert b"z" not in sent
