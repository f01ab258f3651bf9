"""A server and a browser for the tests of Flow; each test has a page of its own, which must end without a fault."""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))
sys.path.insert(0, str(Path(__file__).parent))

from flow_page import HOSTILE, REPOSITORY, FlowPage, browser_path, missing
from server_client import Client, start, stop


def _skip_without_browser() -> None:
    reason = missing()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server may import from: small tables, a wide one and a long one."""
    folder = tmp_path_factory.mktemp("flow-files")
    drawn = random.Random(11)
    (folder / "prostate.csv").write_text((REPOSITORY / "tests/data/prostate.csv").read_text())
    names = ["id", HOSTILE, "colour", "target"]
    levels = ["red", HOSTILE, "</script><script>window.stolen=1</script>"]
    rows = [f'{i},{drawn.random():.4f},"{levels[i % 3]}",{"yes" if i % 2 else "no"}' for i in range(240)]
    (folder / "hostile.csv").write_text("\n".join([",".join(f'"{name}"' for name in names), *rows]) + "\n")
    pixels = [[str(drawn.randrange(256)) if drawn.random() < 0.2 else "0" for _ in range(784)] for _ in range(120)]
    (folder / "wide.csv").write_text("\n".join(",".join([*row, str(i % 10)]) for i, row in enumerate(pixels)) + "\n")
    lines = (f"{i},{drawn.gauss(0, 1):.5f},{'abc'[i % 3]},row {i}" for i in range(60_000))
    (folder / "long.csv").write_text("number,value,level,text\n" + "\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def flow_server(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for the tests that leave the objects of others alone."""
    _skip_without_browser()
    roots = (str(files), "--export-roots", str(files))
    client = start(tmp_path_factory.mktemp("flow-server"), "--workers", "2", "--import-roots", *roots)
    yield client
    stop(client)


@pytest.fixture(scope="session")
def prostate(flow_server: Client, files: Path) -> str:
    """A small frame with a factor of two levels."""
    (raw,) = flow_server.get("/3/ImportFiles", path=str(files / "prostate.csv"))["destination_frames"]
    flow_server.parse(raw, "prostate")
    flow_server.rapids("(assign prostate (:= prostate (as.factor (cols_py prostate 'CAPSULE')) 1 []))")
    return "prostate"


def _train(client: Client, algorithm: str, **parameters: str) -> str:
    job = client.post(f"/3/ModelBuilders/{algorithm}", **parameters)["job"]
    assert client.wait(job)["status"] == "DONE"
    return parameters["model_id"]


@pytest.fixture(scope="session")
def models(flow_server: Client, prostate: str) -> list[str]:
    """Three small models of two classes, of several and of a number."""
    shared = {"training_frame": prostate, "ignored_columns": '["ID"]', "seed": "1"}
    net = {"hidden": "[8,8]", "epochs": "3"}
    return [
        _train(flow_server, "gbm", model_id="trees", response_column="CAPSULE", ntrees="10", **shared),
        _train(flow_server, "deeplearning", model_id="net", response_column="CAPSULE", **net, **shared),
        _train(flow_server, "deeplearning", model_id="number", response_column="AGE", **net, **shared),
    ]


# A module's own: two of Playwright's drivers cannot be alive at once, and another module here brings its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    _skip_without_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield opened
        opened.close()


Opener = Callable[..., FlowPage]


@pytest.fixture
def open_page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens pages of a server; options are those of the browser's context. After the test none may have seen a fault.

    With ARTESIAN_FLOW_SEEN=FOLDER a picture of each page as it was at the end is left there, to see why a test failed.
    """
    opened: list[FlowPage] = []

    def opener(server: Client, **options: Any) -> FlowPage:
        given = {"viewport": {"width": 1280, "height": 800}, "accept_downloads": True, **options}
        opened.append(FlowPage(browser.new_context(**given).new_page(), server.url))
        return opened[-1]

    yield opener
    if seen := os.environ.get("ARTESIAN_FLOW_SEEN"):
        for i, page in enumerate(opened):
            page.page.screenshot(path=Path(seen) / f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name)}-{i}.png")
    faults = [fault for page in opened for fault in page.settle()]
    stolen = [page.page.evaluate("window.stolen") for page in opened]
    for page in opened:
        page.page.context.close()
    assert faults == []
    assert stolen == [None] * len(opened), "a name ran as code"


@pytest.fixture
def flow_page(flow_server: Client, open_page: Opener) -> FlowPage:
    """The open page of the shared server."""
    return open_page(flow_server).open()
