"""The pictures of docs/flow.md are what the page shows: each screen is drawn again in both themes and compared with its picture.

Compared are the mean shades of tiles, so that other fonts, times and ports make no difference, but a part that is
missing, has moved or has another colour does. `make flow-pictures` takes the pictures again.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flow_page import REPOSITORY, FlowPage, missing
from numpy.typing import NDArray
from server_client import Client, start, stop

sys.path.insert(0, str(REPOSITORY / "tools"))

import flow_pictures

pytestmark = pytest.mark.browser

TILE = 16
SHADES = 20.0
MOST_TILES = 0.03
"""The part of the tiles whose shade may differ by more than SHADES of 255."""
NOT_FIXED = {"job"}
"""Screens that show something that goes on."""
FIXED = [name for name in flow_pictures.SCREENS if name not in NOT_FIXED]


def _shades(picture: bytes | Path) -> NDArray[np.float64]:
    from PIL import Image

    with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=float)
    height, width = (size // TILE for size in pixels.shape[:2])
    tiles = pixels[: height * TILE, : width * TILE].reshape(height, TILE, width, TILE, 3)
    return tiles.mean(axis=(1, 3))


def _difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The part of the tiles that are not alike; 1 where the pictures differ in size."""
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(one - other).max(axis=2) > SHADES).mean())


def _kept(name: str, theme: str) -> NDArray[np.float64]:
    return _shades(REPOSITORY / f"docs/flow/{name}-{theme}.png")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server with the objects that the pictures show."""
    if reason := missing():
        pytest.skip(reason)
    roots = str(REPOSITORY / "tests/data")
    client = start(tmp_path_factory.mktemp("pictures"), "--workers", "2", "--import-roots", roots)
    flow_pictures.prepare(client)
    yield client
    stop(client)


def test_screens_look_as_in_the_docs(furnished: Client, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    flow = FlowPage(context.new_page(), furnished.url).open()
    found = {
        f"{name}-{theme}": _difference(_shades(picture), _kept(name, theme))
        for name in FIXED
        for theme, picture in flow_pictures.take(flow, name).items()
    }
    faults = flow.settle()
    context.close()
    assert {name: part for name, part in found.items() if part > MOST_TILES} == {}
    assert faults == []


def test_pictures_of_different_screens_are_told_apart() -> None:
    pictures = {name: _kept(name, "light") for name in FIXED}
    alike = [
        (one, other)
        for one in FIXED
        for other in FIXED
        if one < other and _difference(pictures[one], pictures[other]) <= MOST_TILES
    ]
    assert alike == []
    assert min(_difference(pictures[name], _kept(name, "dark")) for name in FIXED) > 0.9
