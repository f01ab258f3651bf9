"""Frames: list, look at page by page, statistics of columns, remove."""

from __future__ import annotations

from typing import Any

from artesian.core.errors import NotFound
from artesian.frame import Frame
from artesian.server.pages import Page, find_rows, shown_frame, synopsis
from artesian.server.routes.admin import remove_object
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire.frames import CHUNK, CHUNKS, FIND, FRAMES, FRAMES_LIST
from artesian.server.wire.keys import frame_key
from artesian.store import Kind


def _page(call: Call, frame: Frame, rows: int | None = None) -> Page:
    return Page.of(
        frame,
        call.server.settings,
        call["row_offset"],
        call["row_count"] if rows is None else rows,
        call["column_offset"],
        call["column_count"],
        call["full_column_count"],
    )


def _answer(call: Call, shown: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return FRAMES.new(**call.echo(), frames=None if shown is None else [shown], **more)


def compatible_models(server: Server, frame: Frame) -> list[dict[str, Any]]:
    """The finished models whose predictors the frame has, in their short form."""
    from artesian.learn import algorithms
    from artesian.server.wire.model import short_model

    found = []
    for key in server.store.keys(Kind.MODEL):
        details = server.store.model_details(key)
        wanted = set(details["original_names"] or details["names"]) - {details["response"]}
        if wanted <= set(frame.names) and details["algorithm"] in algorithms():
            found.append(short_model(details, algorithms()[details["algorithm"]]))
    return found


def _show(call: Call, *, light: bool = False, summary: bool = False) -> dict[str, Any]:
    server, key = call.server, call["frame_id"]
    frame = server.store.frame(key)
    without = {path.strip().removeprefix("frames/") for path in (call["_exclude_fields"] or "").split(",")}
    page, place = _page(call, frame), server.address
    shown = shown_frame(key, frame, page, light=light, summary=summary, address=place, without=without)
    models = compatible_models(server, frame) if call["find_compatible_models"] else None
    if models is not None:
        shown["compatible_models"] = [model["model_id"]["name"] for model in models]
    return _answer(call, shown, compatible_models=models)


@route("GET", "/3/Frames", "frames", "Lists the frames.", takes=FRAMES_LIST, gives=FRAMES_LIST)
def frames(call: Call) -> dict[str, Any]:
    """Key, size and shape of every frame."""
    store = call.server.store
    found = []
    for key in store.keys(Kind.FRAME):
        try:
            found.append(synopsis(key, store.frame(key)))
        except NotFound:  # removed meanwhile
            continue
    return FRAMES_LIST.new(frames=found)


@route("GET", "/3/Frames/{frame_id}", "frame", "Shows a frame page by page.", takes=FRAMES, gives=FRAMES)
@route(
    "GET",
    "/3/Frames/{frame_id}/columns",
    "frameColumns",
    "Shows the columns of a frame.",
    takes=FRAMES,
    gives=FRAMES,
)
def frame(call: Call) -> dict[str, Any]:
    """A page of rows, and the statistics of its columns."""
    return _show(call)


@route(
    "GET",
    "/3/Frames/{frame_id}/light",
    "lightFrame",
    "Shows a frame without what is told of the whole.",
    takes=FRAMES,
    gives=FRAMES,
)
def light_frame(call: Call) -> dict[str, Any]:
    """A page of rows, cheaply."""
    return _show(call, light=True)


@route(
    "GET",
    "/3/Frames/{frame_id}/summary",
    "frameSummary",
    "Shows a frame with histograms and percentiles.",
    takes=FRAMES,
    gives=FRAMES,
)
def frame_summary(call: Call) -> dict[str, Any]:
    """A page of rows, its columns with histograms and percentiles."""
    return _show(call, summary=True)


def _one_column(call: Call) -> Frame:
    return call.server.store.frame(call["frame_id"]).select([call["column"]])


@route(
    "GET",
    "/3/Frames/{frame_id}/columns/{column}",
    "frameColumn",
    "Shows a column.",
    takes=FRAMES,
    gives=FRAMES,
)
def column(call: Call) -> dict[str, Any]:
    """Rows and statistics of one column; all rows unless fewer are asked for."""
    found = _one_column(call)
    rows = call["row_count"] if call["row_count"] >= 0 else min(found.n_rows, call.server.settings.max_page_cells)
    return _answer(call, shown_frame(None, found, _column_page(call, found, rows), address=call.server.address))


def _column_page(call: Call, found: Frame, rows: int) -> Page:
    return Page.of(found, call.server.settings, call["row_offset"], rows, 0, -1, -1)


@route(
    "GET",
    "/3/Frames/{frame_id}/columns/{column}/summary",
    "frameColumnSummary",
    "Shows a column with histogram and percentiles.",
    takes=FRAMES,
    gives=FRAMES,
)
def column_summary(call: Call) -> dict[str, Any]:
    """Statistics, histogram and percentiles of one column."""
    found = _one_column(call)
    page = _column_page(call, found, call["row_count"])
    return _answer(call, shown_frame(None, found, page, summary=True, address=call.server.address))


@route(
    "GET",
    "/3/Frames/{frame_id}/columns/{column}/domain",
    "frameColumnDomain",
    "Lists the levels of a categorical column.",
    takes=FRAMES,
    gives=FRAMES,
)
def domain(call: Call) -> dict[str, Any]:
    """The levels; nothing for a column that is not categorical."""
    levels = _one_column(call).columns[0]
    return _answer(call, None, domain=[levels.levels if levels.domain is not None else None])


@route("GET", "/3/FrameChunks/{frame_id}", "frameChunks", "Tells the pieces of a frame.", takes=CHUNKS, gives=CHUNKS)
def chunks(call: Call) -> dict[str, Any]:
    """A frame is one piece."""
    found = call.server.store.frame(call["frame_id"])
    piece = CHUNK.new(chunk_id=0, row_count=found.n_rows, node_idx=0)
    return CHUNKS.new(frame_id=frame_key(call["frame_id"]), chunks=[piece])


@route("GET", "/3/Find", "findInFrame", "Finds a value in a frame.", takes=FIND, gives=FIND)
def find(call: Call) -> dict[str, Any]:
    """The nearest matches before and after a row."""
    found = call.server.store.frame(call["key"])
    columns = found.select([call["column"]]).columns if call["column"] else found.columns
    before, after = find_rows(columns, call["match"], call["row"])
    return FIND.new(**call.echo(), prev=before, next=after)


@route("DELETE", "/3/Frames/{frame_id}", "deleteFrame", "Removes a frame.", takes=FRAMES, gives=FRAMES)
def remove(call: Call) -> dict[str, Any]:
    """Removes one frame; NotFound when there is none."""
    call.server.store.frame(call["frame_id"])
    remove_object(call.server, call["frame_id"])
    return _answer(call, None)


@route("DELETE", "/3/Frames", "deleteAllFrames", "Removes all frames.", takes=FRAMES, gives=FRAMES)
def remove_all(call: Call) -> dict[str, Any]:
    """Removes every frame; models stay."""
    for key in call.server.store.keys(Kind.FRAME):
        call.server.store.remove(key, missing_ok=True)
    return _answer(call, None)
