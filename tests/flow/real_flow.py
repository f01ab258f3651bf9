"""The official Flow page in a browser: its commands run as cells, its widgets are clicked, whatever goes wrong is noted.

The page comes from a harness that puts it before any server; neither is part of this repository, so both are looked for.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[2]
_HARNESS = os.environ.get("ARTESIAN_REAL_FLOW") or str(REPOSITORY.parent / "shared/tools/serve-real-flow")
_START_SECS = 30.0
_OWN_FAULTS = re.compile(
    r"charCodeAt is not a function"  # thrown by the page itself when the type of a column is changed before the parse
    r"|Invalid field.*\"string\[\]\[\]\""  # it has no control for lists of lists, so it leaves them out of its forms
    r"|Failed to load resource",  # told once more, with its address, as an answer
    re.DOTALL,
)


def browser_path() -> str | None:
    """Chromium, by ARTESIAN_CHROMIUM or from the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("ARTESIAN_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def missing() -> str:
    """Why the page cannot be driven here; empty when it can."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    if browser_path() is None:
        return "there is no Chromium"
    if not Path(_HARNESS).is_file():
        return f"there is no harness of the official page at {_HARNESS}"
    if subprocess.run([sys.executable, _HARNESS, "--help"], capture_output=True, check=False).returncode:
        return "the harness of the official page does not start"
    return "" if _has_page() else "the official package, which holds the page, is not installed"


def _has_page() -> bool:
    home = Path(os.environ.get("ARTESIAN_REFERENCE", "~/.cache/artesian-reference")).expanduser()
    return any(home.rglob("h2o.jar"))


def free_port() -> int:
    """A port that nothing uses just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Harness:
    """The process that serves the page before a server."""

    backend: str
    folder: Path
    port: int
    _process: Any = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Harness:
        """Starts it and waits until it says that it answers."""
        output = self.folder / "harness.txt"
        with output.open("wb") as file:
            command = [sys.executable, _HARNESS, "--backend", self.backend, "--port", str(self.port), "--quiet"]
            command += ["--www", str(self.folder / "www")]
            self._process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + _START_SECS
        while time.monotonic() < deadline:
            if f"{self.url}/flow" in output.read_text():
                return self
            time.sleep(0.05)
        raise AssertionError(f"the harness did not start: {output.read_text()}")

    def stop(self) -> None:
        """Ends it."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)


@dataclass
class RealFlow:
    """One page. `faults` collects errors of the page, of the console and answers that are none, until `settle` takes them."""

    page: Any
    url: str
    record: Path | None = None
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.set_default_timeout(8_000)
        page.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda r: r.fulfill(status=200, body=""))
        page.on("console", lambda message: message.type == "error" and self._fault(f"console: {message.text}"))
        page.on("pageerror", lambda error: self._fault(f"page: {error}"))
        page.on("response", self._answered)
        page.on("requestfailed", lambda request: self._fault(f"{request.method} {request.url}: {request.failure}"))
        page.on("dialog", lambda dialog: dialog.accept())

    def _fault(self, text: str) -> None:
        if not _OWN_FAULTS.search(text):
            self.faults.append(text[:1000])

    def _answered(self, response: Any) -> None:
        parts = urlsplit(response.url)
        if parts.path.startswith("/flow/"):
            return
        self.calls.append((response.request.method, parts.path, response.status))
        if response.status >= 400:
            self._fault(f"{response.status} {response.request.method} {parts.path}?{parts.query}")
        if self.record is not None:
            self._keep(response, parts.path)

    def _keep(self, response: Any, path: str) -> None:
        name = f"{len(self.calls):04d}_{response.request.method}_{re.sub(r'[^A-Za-z0-9.]+', '_', path)[:120]}.json"
        told = {"method": response.request.method, "url": response.url, "status": response.status}
        told["sent"] = response.request.post_data
        self._unread = [*getattr(self, "_unread", []), (name, told, response)]

    def write_record(self) -> None:
        """Writes the answers so far into the folder `record`."""
        for name, told, response in getattr(self, "_unread", []):
            try:
                told["answer"] = response.json()
            except Exception:  # a download, or a page
                told["answer"] = None
            assert self.record is not None
            (self.record / name).write_text(json.dumps(told))
        self._unread = []

    # ---- cells ----

    def open(self) -> None:
        """Loads the page until its first cell has run."""
        self.page.goto(f"{self.url}/flow/index.html")
        self.page.get_by_text("Assistance", exact=True).wait_for(timeout=30_000)

    def cells(self) -> Any:
        """All cells, in order."""
        return self.page.locator(".flow-cell")

    def run(self, command: str, *, fails: bool = False, timeout: float = 30.0) -> Any:
        """Appends a cell with the command, runs it, and gives the cell once its output is there."""
        before = self.cells().count()
        self.page.evaluate("command => flow.context.insertAndExecuteCell('cs', command)", command)
        return self.next_cell(before, fails=fails, timeout=timeout)

    def click(self, cell: Any, button: str, *, timeout: float = 30.0) -> Any:
        """Clicks a button or link of a cell that makes a new cell, and gives that one."""
        before = self.cells().count()
        self.press(cell, button)
        return self.next_cell(before, timeout=timeout)

    def press(self, cell: Any, button: str) -> None:
        """Clicks a button or link of a cell."""
        role = "button" if cell.get_by_role("button", name=button, exact=False).count() else "link"
        cell.get_by_role(role, name=button, exact=False).first.click()

    def menu(self, name: str, item: str) -> Any:
        """Chooses an item of the menu bar that makes a new cell."""
        before = self.cells().count()
        bar = self.page.locator(".navbar")
        bar.get_by_role("link", name=name, exact=True).first.click()
        bar.locator(".dropdown-menu a:visible", has_text=re.compile(rf"^\s*{re.escape(item)}")).first.click()
        return self.next_cell(before)

    def next_cell(self, before: int, *, fails: bool = False, timeout: float = 30.0) -> Any:
        """The cell that comes after so many, once it has run."""
        cell = self.cells().nth(before)
        cell.wait_for(state="attached", timeout=timeout * 1000)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if cell.locator(".flow-cell-outputs > *").count():  # a cell of a job is busy until the job is done
                break
            self.page.wait_for_timeout(30)
        else:
            raise AssertionError(f"the cell has no output after {timeout} s: {self.command(cell)}")
        if not fails and cell.locator(".flow-failure").count():
            raise AssertionError(f"{self.command(cell)}: {cell.locator('.flow-failure').first.text_content()}"[:3000])
        return cell

    def command(self, cell: Any) -> str:
        """The command of a cell."""
        return str(cell.locator("textarea").first.input_value())

    def text(self, cell: Any) -> str:
        """What a cell shows."""
        return str(cell.locator(".flow-cell-output").inner_text())

    def until(self, cell: Any, pattern: str, timeout: float = 60.0) -> str:
        """What a cell shows, once it matches the pattern."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            text = self.text(cell)
            if re.search(pattern, text):
                return text
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not {pattern!r} within {timeout} s: {text[:2000]}")

    def finished(self, cell: Any, timeout: float = 90.0) -> Any:
        """A cell of a job, once the job is done."""
        text = self.until(cell, r"\b(DONE|FAILED|CANCELLED)\b", timeout)
        assert "DONE" in text, text
        return cell

    # ---- forms ----

    def row(self, cell: Any, label: str) -> Any:
        """The row of a form that has the label."""
        exact = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        return cell.locator("tr").filter(has=self.page.locator("th, td", has_text=exact)).last

    def choose(self, cell: Any, label: str, value: str) -> None:
        """Chooses a value in the list of a row."""
        box = self.row(cell, label).locator("select").first
        box.locator("option", has_text=re.compile(rf"^\s*{re.escape(value)}\s*$")).first.wait_for(
            state="attached", timeout=15_000
        )
        box.select_option(label=value)

    def fill(self, cell: Any, label: str, value: str) -> None:
        """Writes into the field of a row, as a person would: the field is left at the end."""
        box = self.row(cell, label).locator("input[type=text], textarea").first
        box.fill(value)
        box.press("Tab")

    # ---- judging ----

    def settle(self) -> list[str]:
        """What went wrong since the last call, without what was expected."""
        self.page.wait_for_timeout(100)
        found, self.faults = self.faults, []
        for pattern in self.expected:
            match = next((fault for fault in found if re.search(pattern, fault)), None)
            if match is None:
                found.append(f"expected and not seen: {pattern}")
            else:
                found = [fault for fault in found if not re.search(pattern, fault)]
        self.expected = []
        return found
