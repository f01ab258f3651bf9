"""A server in a process of its own, a small client for it, and a small table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

START_SECS = 30.0


@dataclass
class Answer:
    """Status, headers and body of one answer."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """Talks to one server as the official clients do: queries, and url-encoded forms."""

    def __init__(self, url: str, process: subprocess.Popen[bytes] | None = None) -> None:
        self.url = url
        self.process = process
        self.pool = urllib3.PoolManager(retries=False)

    def call(self, method: str, path: str, data: dict[str, Any] | None = None, **options: Any) -> Answer:
        """One request; `data` goes where the method wants it."""
        headers = dict(options.pop("headers", {}))
        body = options.pop("body", None)
        if data is not None and method in ("GET", "DELETE", "HEAD"):
            path += "?" + urlencode(data)
        elif data is not None:
            body = urlencode(data).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        response = self.pool.request(method, self.url + path, body=body, headers=headers, **options)
        return Answer(response.status, response.headers, response.data)

    def get(self, path: str, /, **data: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return self._good("GET", path, data)

    def post(self, path: str, /, **data: Any) -> Any:
        """The JSON of a POST that must succeed."""
        return self._good("POST", path, data)

    def delete(self, path: str, /, **data: Any) -> Any:
        """The JSON of a DELETE that must succeed."""
        return self._good("DELETE", path, data)

    def _good(self, method: str, path: str, data: dict[str, Any]) -> Any:
        answer = self.call(method, path, data)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.content[:2000]!r}"
        return answer.json

    def wait(self, job: dict[str, Any], timeout: float = 60.0) -> dict[str, Any]:
        """The job once it has ended."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            state: dict[str, Any] = self.get(f"/3/Jobs/{job['key']['name']}")["jobs"][0]
            if state["status"] in ("DONE", "FAILED", "CANCELLED"):
                return state
            time.sleep(0.02)
        raise AssertionError(f"the job did not end within {timeout} s: {state}")

    def upload(self, content: bytes | str, key: str, **options: Any) -> str:
        """Parses a text into a frame of that key."""
        raw = f"{key}.raw"
        body = content.encode() if isinstance(content, str) else content
        self.call("POST", f"/3/PostFile?destination_frame={quote(raw)}", body=body)
        return self.parse(raw, key, **options)

    def parse(self, raw: str, key: str, **options: Any) -> str:
        """Parses what was uploaded or imported as `raw` into a frame of that key."""
        setup = self.post("/3/ParseSetup", source_frames=json.dumps([raw]), **options)
        parameters = {
            "destination_frame": key,
            "source_frames": json.dumps([raw]),
            "parse_type": setup["parse_type"],
            "separator": setup["separator"],
            "check_header": setup["check_header"],
            "number_columns": setup["number_columns"],
            "column_types": json.dumps(setup["column_types"]),
            "delete_on_done": "true",
            "blocking": "true",
        }
        if setup["column_names"]:
            parameters["column_names"] = json.dumps(setup["column_names"])
        self.post("/3/Parse", **parameters)
        return key

    def number(self, text: str) -> float:
        """The number that an expression gives."""
        return float(self.rapids(text)["scalar"])

    def rapids(self, text: str, session: str = "tests") -> Any:
        """The outcome of an expression."""
        return self.post("/99/Rapids", ast=text, session_id=session)


Starter = Callable[..., Client]


def start(folder: Path, *flags: str, **environment: str) -> Client:
    """Starts a server on a free port and waits until it answers."""
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "artesian.cli", "start", "--port", "0", *flags],
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, "ARTESIAN_RUNTIME_DIR": str(folder), **environment},
        )
    deadline = time.monotonic() + START_SECS
    while time.monotonic() < deadline:
        text = output.read_text(errors="replace")
        if "answers at " in text:
            return Client(text.split("answers at ", 1)[1].split()[0], process)
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}: {text}")
        time.sleep(0.02)
    process.kill()
    raise AssertionError(f"the server did not answer: {output.read_text(errors='replace')}")


def stop(client: Client) -> None:
    """Ends the server's process."""
    assert client.process is not None
    client.process.terminate()
    client.process.wait(10)


CARS = "displacement,power,weight,acceleration,year,name,cylinders,economy,economy_20mpg"


def car_rows(rows: int = 120) -> str:
    """A small table in the shape of the cars data: the economy falls with the weight."""
    lines = [CARS]
    for i in range(rows):
        weight = 1600 + (i * 37) % 3000
        economy = round(46 - weight / 130 + (i * 7 % 5) * 0.3, 1)
        power = "" if i % 29 == 5 else 50 + (i * 13) % 150
        cylinders = (4, 6, 8)[(i * 5) % 3]
        fields = (90 + i % 200, power, weight, 8.5 + i % 15, 70 + i % 13, f"car {i % 40}", cylinders, economy)
        lines.append(",".join(str(field) for field in (*fields, int(economy > 20))))
    return "\n".join(lines) + "\n"
