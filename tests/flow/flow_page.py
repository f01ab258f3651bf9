"""Flow in a real browser: opens the page, runs commands as a user would, and notes whatever goes wrong.

What is on the page is found by role and label alone, so that each test also shows that the page can be used without seeing it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = "/flow/index.html"
WAIT_MS = 15_000
SELECTED_MS = 2_000
HOSTILE = "<img src=x onerror=window.stolen=1>"
_AXE = REPOSITORY / "ui/node_modules/axe-core/axe.min.js"
# Told by the page itself: what its Content-Security-Policy forbade, and promises that failed unheard.
_WATCH = """
window.flowFaults = [];
addEventListener("securitypolicyviolation", e => flowFaults.push(`policy: ${e.violatedDirective} ${e.blockedURI}`));
addEventListener("unhandledrejection", e => flowFaults.push(`rejection: ${e.reason}`));
"""


def browser_path() -> str | None:
    """Chromium, by ARTESIAN_CHROMIUM or from the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("ARTESIAN_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def missing() -> str:
    """Why the page cannot be driven here; empty when it can."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    if browser_path() is None:
        return "there is no Chromium: install it (apt-get install chromium) or name it in ARTESIAN_CHROMIUM"
    if not (REPOSITORY / "src/artesian/server/flow/index.html").is_file():
        return "the page is not built: make ui"
    return ""


def data_file(name: str) -> Path | None:
    """A file of the data that tests may use where it is: ARTESIAN_TEST_DATA names the folder."""
    places = [os.environ.get("ARTESIAN_TEST_DATA", ""), str(REPOSITORY.parent / "shared/data")]
    return next((Path(place) / name for place in places if place and (Path(place) / name).is_file()), None)


def on_screen(value: float | str | None) -> str:
    """A number as the page's rules write it: four significant digits, thin gaps between thousands."""
    if value is None or value == "NaN":
        return "–"
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return _grouped(str(int(number)))
    if number != 0 and abs(number) < 1e-4:
        digits, exponent = f"{number:.3e}".split("e")
        return f"{digits}e{int(exponent)}"
    if abs(number) >= 1000:
        return _grouped(str(round(number)))
    return f"{float(f'{number:.4g}'):.10f}".rstrip("0").rstrip(".")


def _grouped(digits: str) -> str:
    return re.sub(r"\B(?=(\d{3})+(?!\d))", "\u202f", digits)


@dataclass
class FlowPage:
    """One page of the notebook. `faults` collects what must not happen; `expected` are patterns of those that a test causes."""

    page: Any
    url: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def timeout(self) -> type[Exception]:
        """What is raised when something does not come in time."""
        from playwright.sync_api import TimeoutError as TookTooLong

        return TookTooLong

    def __post_init__(self) -> None:
        page = self.page
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(_WATCH)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"page: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(
            "Failed to load resource"
        ):  # told with its address below
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and not request.url.startswith(self.url + "/"):
            self.faults.append(f"external request: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.request.method} {urlsplit(response.url).path}")

    def settle(self) -> list[str]:
        """What went wrong, without what was expected."""
        if not self.page.is_closed():
            self.faults += self.page.evaluate("window.flowFaults ?? []")
        return [fault for fault in self.faults if not any(re.search(pattern, fault) for pattern in self.expected)]

    # ---- the page ----

    def open(self, path: str = PAGE) -> FlowPage:
        """Loads the page until its first cell is there."""
        self.page.goto(self.url + path)
        self.cells().first.wait_for()
        return self

    def role(self, role: str, name: str | re.Pattern[str], within: Any = None, *, exact: bool = True) -> Any:
        """What has the role and the name, on the page or within a part of it."""
        return (within or self.page).get_by_role(role, name=name, exact=exact)

    def until(self, expression: str, arg: object = None, secs: float = 15.0) -> None:
        """Waits until the expression, or function of `arg`, is true. Playwright's own wait is an eval, which the page forbids."""
        end = time.monotonic() + secs
        while not self.page.evaluate(expression, arg):
            assert time.monotonic() < end, f"not so within {secs:g} s: {expression}"
            time.sleep(0.05)

    def theme(self, name: str) -> None:
        """Makes the system's theme "light" or "dark", which the page follows."""
        self.page.emulate_media(color_scheme=name)
        self.until(f"document.documentElement.dataset.theme === '{name}'")

    def button(self, name: str | re.Pattern[str], within: Any = None) -> Any:
        """A button by its name."""
        return self.role("button", name, within)

    def heading(self, name: str | re.Pattern[str], within: Any = None) -> Any:
        """A heading by its text, or a part of it."""
        return self.role("heading", name, within, exact=False)

    # ---- cells ----

    def cells(self) -> Any:
        """All cells in their order."""
        return self.page.get_by_role("region", name=re.compile("^Cell: "))

    def cell(self, command: str) -> Any:
        """The cell whose text begins so: the selected one, as a cell is that was just opened, else the last."""
        found = self.page.get_by_role("region", name=re.compile(rf"^Cell: {re.escape(command)}"))
        found.last.wait_for()
        selected = found.and_(self.page.locator("[aria-current=true]"))
        try:
            selected.wait_for(timeout=SELECTED_MS)
            chosen = selected
        except self.timeout:
            chosen = found.last
        # from now on this very cell, whichever is selected later
        return self.page.locator(f"[data-cell={chosen.get_attribute('data-cell')}]")

    def run(self, command: str) -> Any:
        """Adds a cell at the end, types the command and runs it by its key."""
        self.button("+ Add a cell").click()
        self.until("document.activeElement?.tagName === 'TEXTAREA'")
        self.page.keyboard.insert_text(command)
        self.page.keyboard.press("Control+Enter")
        return self.cell(command.split("\n")[0][:60])

    def tab(self, name: str, within: Any) -> None:
        """Chooses a tab of a result."""
        self.role("tab", name, within).click()

    def done(self, cell: Any, timeout_s: float = 60) -> Any:
        """A cell of a job, once the job is done."""
        cell.get_by_text("done", exact=True).first.wait_for(timeout=timeout_s * 1000)
        return cell

    def menu(self, menu: str, item: str) -> None:
        """Chooses an item of the menus at the top."""
        self.button(menu, self.role("navigation", "Menus")).click()
        self.role("menuitem", re.compile(rf"^{re.escape(item)}"), exact=False).first.click()

    # ---- the story's steps ----

    def import_file(self, path: Path, types: dict[str, str], key: str = "") -> Any:
        """Imports a file by its path, checks and sets types of columns, parses it, and gives the cell of the frame."""
        form = self.cell("importFiles")
        box = self.role("combobox", re.compile("^Path"), form)
        box.fill(str(path))
        box.press("Enter")
        self.button("Import", form).click()
        self.button(re.compile("^Parse this file"), self.cell("importFiles [")).click()
        setup = self.cell("setupParse")
        for column, kind in types.items():
            self.role("searchbox", "Search columns by name or number", setup).fill(column)
            choice = setup.get_by_role("combobox", name=re.compile(rf"^Type of C?{re.escape(column)}$"))
            choice.select_option(kind)
        if key:
            setup.get_by_label("Key of the frame").fill(key)
        self.button(re.compile(r"^Parse [\d\s]+ columns$"), setup).click()
        job = self.done(self.cell("parseFiles"))
        self.button("View the frame", job).click()
        return self.cell("getFrameSummary")

    def set_parameters(self, form: Any, values: dict[str, str]) -> None:
        """Fills parameters of a form, each found by the search as a user would; lists are chosen from, texts typed."""
        search = self.role("searchbox", "Search parameters", form)
        for name, value in values.items():
            search.fill(name)
            control = form.get_by_label(re.compile(rf"^{re.escape(name)}( \*)?$")).first
            control.wait_for()
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            elif control.get_attribute("type") == "checkbox":
                control.set_checked(value == "true")
            else:
                control.fill(value)
        search.fill("")

    def build(self, form: Any, algorithm: str, values: dict[str, str]) -> Any:
        """Chooses the algorithm, fills the form, builds, and gives the cell of the job."""
        form.get_by_label("Algorithm").select_option(label=algorithm)
        self.set_parameters(form, values)
        self.button("Build model", form).click()
        return self.cell("buildModel")

    # ---- measuring ----

    def seconds(self, act: Callable[[], Any], ready: Any) -> float:
        """Time from an act of the user until something is on the page."""
        began = time.perf_counter()
        act()
        ready.wait_for()
        return time.perf_counter() - began

    def nodes(self, cell: Any) -> int:
        """Elements within a cell."""
        return int(cell.evaluate("cell => cell.querySelectorAll('*').length"))

    def problems(self, cell: Any = None, only: str = "") -> list[str]:
        """What axe-core finds serious or critical on the page, or within a cell; by all its rules or only one."""
        if not _AXE.is_file():
            pytest.skip("axe-core is not installed: make ui-test brings it")
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(_AXE.read_text() + "; undefined")
        options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
        run = f"async where => (await axe.run(where ?? document, {json.dumps(options)})).violations"
        found = cell.evaluate(run) if cell is not None else self.page.evaluate(run)
        return [
            f"{one['impact']} {one['id']}: {node['target']} {node['html'][:200]} {node['failureSummary'][:300]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]


def table_text(grid: Any) -> list[list[str]]:
    """The texts of a table's rows that are drawn, without its head."""
    rows = grid.get_by_role("row").all()[1:]
    return [[cell.strip() for cell in row.get_by_role("gridcell").all_inner_texts()] for row in rows]


def notebook(*commands: str) -> str:
    """A notebook file of these commands."""
    return json.dumps({"version": "1.0.0", "cells": [{"type": "cs", "input": command} for command in commands]})
