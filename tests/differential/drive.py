"""Talks to one server over a connection that stays open: uploads frames, runs expressions, reads their answers."""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.parse
from typing import Any

# what the names that an expression gives begin with, here; each server and each evaluation gets its own
NAME = "dft_"
_DEADLINE = 60.0
_ANSWER_SECONDS = 20.0
_MOST_ROWS = 10_000


class Server:
    """A server that speaks H2O-3's REST contract. `side` keeps its temporaries apart where both sides are one server."""

    def __init__(self, url: str, side: str) -> None:
        self._parts = urllib.parse.urlsplit(url)
        self._connection = self._connected(_DEADLINE)
        self.side = side
        self._count = 0
        self._session = self._open()

    def _connected(self, seconds: float) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._parts.hostname or "127.0.0.1", self._parts.port, timeout=seconds)

    def _ask(self, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        body = urllib.parse.urlencode(form) if form is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return max(answer.status, 500), {"msg": text[:300].decode(errors="replace")}

    def _open(self) -> str:
        return str(self._ask("POST", "/4/sessions", {})[1]["session_key"])

    def new_session(self) -> None:
        """Ends the session, and its temporaries with it, and begins another."""
        self._ask("DELETE", f"/4/sessions/{self._session}")
        self._session = self._open()

    def upload(self, name: str, text: str, names: list[str], types: list[str]) -> None:
        """Makes a frame of CSV text with a header, each column of the type told."""
        boundary = "a-line-between-parts"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\n{text}\r\n--{boundary}--\r\n"
        )
        self._connection.request(
            "POST",
            f"/3/PostFile?destination_frame={name}.csv",
            body.encode(),
            {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        self._connection.getresponse().read()
        listed = lambda items: "[" + ",".join(json.dumps(item, ensure_ascii=False) for item in items) + "]"  # noqa: E731
        form = {
            "source_frames": f'["{name}.csv"]',
            "destination_frame": name,
            "parse_type": "CSV",
            "separator": 44,
            "number_columns": len(names),
            "single_quotes": "false",
            "column_names": listed(names),
            "column_types": listed(types),
            "check_header": 1,
            "chunk_size": 4194304,
            "delete_on_done": "true",
            "blocking": "true",
        }
        status, answer = self._ask("POST", "/3/Parse", form)
        if status >= 400:
            raise SystemExit(f"{name} could not be parsed on the {self.side} side: {answer.get('msg')}")
        job = answer["job"]["key"]["name"]
        deadline = time.monotonic() + _DEADLINE
        while time.monotonic() < deadline:
            found = self._ask("GET", f"/3/Jobs/{urllib.parse.quote(job, safe='')}")[1]["jobs"][0]
            if found["status"] == "DONE":
                return
            if found["status"] not in ("CREATED", "RUNNING"):
                break
            time.sleep(0.02)
        raise SystemExit(f"{name} could not be parsed on the {self.side} side: {found['status']} {found['exception']}")

    def remove(self, name: str) -> None:
        """Removes a frame."""
        self._evaluate(f"(rm {name})")

    def answer(self, expression: str, kind: str) -> dict[str, Any]:
        """The answer to an expression in the shape that `compare` takes; `kind` says what it is: frame, value or either."""
        self._count += 1
        expression = expression.replace(NAME, f"{self.side}{os.getpid()}_{self._count}_")
        if kind != "frame":
            found = self._evaluate(expression)
            if found["kind"] != "frame":
                return found
        return self._evaluate(f"(tmp= {self.side}{os.getpid()}_{self._count} {expression})")

    def _evaluate(self, text: str) -> dict[str, Any]:
        if self._connection.sock is not None:
            self._connection.sock.settimeout(_ANSWER_SECONDS)
        try:
            status, found = self._ask("POST", "/99/Rapids", {"ast": text, "session_id": self._session})
        except TimeoutError:
            self._connection = self._connected(_DEADLINE)
            self._session = self._open()
            return {"kind": "hang", "message": "no answer in time"}
        self._connection.sock.settimeout(_DEADLINE)
        if status >= 400:
            return {"kind": "error", "message": str(found.get("msg") or found.get("exception_msg"))}
        if "frames" in found:
            return {"kind": "frames", "value": sorted(found["map_keys"]["string"])}
        if "num_rows" in found:
            key = (found.get("key") or {}).get("name")
            return {"kind": "frame", "columns": self.columns(key)} if key else {"kind": "frame"}
        if "funstr" in found:
            return {"kind": "function", "value": found["funstr"]}
        if "scalar" in found:
            value = found["scalar"]
            many = isinstance(value, list)
            return {"kind": "numbers" if many else "number", "value": _numbers(value) if many else _number(value)}
        return {"kind": "text", "value": found.get("string")}

    def columns(self, key: str) -> list[dict[str, Any]]:
        """Name, type, cells and levels of each column."""
        path = f"/3/Frames/{urllib.parse.quote(key, safe='')}?row_count={_MOST_ROWS}&column_count=-1"
        status, found = self._ask("GET", path)
        if status >= 400:
            return [{"name": "(unreadable)", "type": str(found.get("msg")), "cells": []}]
        return [_column(entry) for entry in found["frames"][0]["columns"]]


def _column(entry: dict[str, Any]) -> dict[str, Any]:
    kind = entry["type"]
    texts = kind in ("string", "uuid")
    cells = entry["string_data"] if texts and entry["string_data"] is not None else entry["data"] or []
    column = {"name": entry["label"], "type": kind, "cells": cells if texts else _numbers(cells)}
    if kind == "enum":
        levels = entry["domain"] or []
        column["levels"] = levels
        column["cells"] = [None if cell is None else levels[int(cell)] for cell in column["cells"]]
    return column


def _numbers(values: list[Any]) -> list[Any]:
    return [_number(value) for value in values]


def _number(value: Any) -> Any:
    if isinstance(value, str):
        return {"NaN": None, "Infinity": float("inf"), "-Infinity": float("-inf")}.get(value, value)
    return value
