"""Frames to files and back: download, export, save and load; and splitting a frame."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import quote

import polars as pl
from starlette.responses import Response, StreamingResponse

from artesian.core.errors import Conflict, InvalidArgument, NotAvailable
from artesian.core.ids import check_key
from artesian.frame import Frame
from artesian.frame.io import check_export, check_import, check_target, csv_pieces
from artesian.server.auth import is_loopback
from artesian.server.download import arrow_pieces, coded_pieces
from artesian.server.parameters import IllegalRequest
from artesian.server.routing import Call, route
from artesian.server.wire.frames import DOWNLOAD, FRAMES, LOAD, SAVE, SPLIT
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.keys import frame_key, job_key
from artesian.store import Kind

_STREAMS = {
    "arrow": (arrow_pieces, "application/vnd.apache.arrow.stream"),
    "coded_arrow": (coded_pieces, "application/vnd.artesian.coded-arrow-stream"),
}
_WHOLE = 1 - 1e-9


@route(
    "GET",
    "/3/DownloadDataset",
    "_downloadDataset_fetch",
    "Downloads a frame.",
    takes=DOWNLOAD,
    gives=None,
    free=True,
)
@route(
    "GET",
    "/3/DownloadDataset.bin",
    "_downloadDataset_fetchStreaming",
    "Downloads a frame.",
    takes=DOWNLOAD,
    gives=None,
    free=True,
)
def download(call: Call) -> Response:
    """The frame as CSV, or as an Arrow stream; as this is a link that people hand on, parameters it does not know do no harm."""
    frame = call.server.store.frame(call["frame_id"])
    arrow = call["format"] in _STREAMS
    name = call["filename"] or f"{call['frame_id']}.{'arrows' if arrow else 'csv'}"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\;' else "_" for c in name)
    headers = {"Content-Disposition": f"attachment; filename={plain}"}
    if arrow:
        peer = call.request.client
        local = peer is not None and is_loopback(peer.host)  # where compressing takes longer than it saves
        made, kind = _STREAMS[call["format"]]
        return StreamingResponse(made(frame, compressed=not local), headers=headers, media_type=kind)
    pieces = csv_pieces(frame, hex_doubles=call["hex_string"], escape_quotes=call["escape_quotes"])
    return StreamingResponse(pieces, headers=headers, media_type="application/octet-stream;charset=utf-8")


def _path(call: Call, name: str) -> str:
    if not call[name]:
        raise IllegalRequest(f"The parameter '{name}' is required: give a path.", argument=name)
    return str(call[name])


@route("POST", "/3/Frames/{frame_id}/export", "exportFrame", "Writes a frame to a file.", takes=FRAMES, gives=FRAMES)
def export(call: Call) -> dict[str, Any]:
    """Starts the job that writes, inside the export roots only."""
    server, key = call.server, call["frame_id"]
    manifest = server.store.manifest(key)
    path = _path(call, "path")
    if call["tz_adjust_from_local"] and server.time_zone != "UTC":
        raise NotAvailable("The parameter 'tz_adjust_from_local' is not available; times are written as UTC.")
    try:
        check_target(path, server.settings, format=call["format"], num_parts=call["num_parts"], force=call["force"])
    except Conflict as problem:
        raise IllegalRequest(problem.message, argument="path", function=call.route.name) from None
    options = {
        name: call[name]
        for name in (
            "force",
            "num_parts",
            "parallel",
            "format",
            "compression",
            "write_checksum",
            "header",
            "quote_header",
        )
    }
    job = server.jobs.submit(
        "artesian.server.tasks:export",
        {"manifest": manifest, "path": path, "options": options | {"separator": chr(call["separator"] % 128)}},
        description="Export dataset",
        dest=key,
        dest_kind=Kind.FRAME,
    )
    return FRAMES.new(**call.echo(), job=shown_job(job))


def _saved(folder: str, key: str) -> str:
    """The folder of one saved frame."""
    return f"{folder.rstrip('/')}/{quote(key, safe='')}"


@route(
    "POST",
    "/3/Frames/{frame_id}/save",
    "saveFrame",
    "Saves a frame in the server's own format.",
    takes=SAVE,
    gives=SAVE,
)
def save(call: Call) -> dict[str, Any]:
    """Starts the job that saves, inside the export roots only."""
    server, key = call.server, call["frame_id"]
    manifest = server.store.manifest(key)
    target = check_export(_saved(_path(call, "dir"), key), server.settings)
    if target.exists() and not call["force"]:
        raise InvalidArgument(f"There is a saved frame at {target} already; give force=true to write over it.")
    job = server.jobs.submit(
        "artesian.server.tasks:save_frame",
        {"manifest": manifest, "folder": str(target)},
        description="Save frame",
        dest=key,
        dest_kind=Kind.FRAME,
    )
    return SAVE.new(**call.echo(), job=shown_job(job))


@route("POST", "/3/Frames/load", "loadFrame", "Loads a saved frame.", takes=LOAD, gives=LOAD)
def load(call: Call) -> dict[str, Any]:
    """Starts the job that loads, inside the import roots only."""
    server, key = call.server, check_key(_path(call, "frame_id"))
    source = check_import(_saved(_path(call, "dir"), key), server.settings)
    if key in server.store and not call["force"]:
        raise InvalidArgument(f"There is a frame '{key}' already; give force=true to replace it.")
    if not source.is_dir():
        raise InvalidArgument(f"There is no saved frame '{key}' in {call['dir']}.")
    job = server.jobs.submit(
        "artesian.server.tasks:load_frame",
        {"folder": str(source)},
        description="Load frame",
        dest=key,
        dest_kind=Kind.FRAME,
        on_done=lambda result: server.store.put_manifest(key, result["manifest"]),
    )
    return LOAD.new(**call.echo(), job=shown_job(job))


# ---- splitting ----


def shares(ratios: list[float]) -> list[float]:
    """The shares of all parts: what the ratios leave goes to one more part; ratios above 1 together are scaled down.

    Raises InvalidArgument when there is none, or one is not positive.
    """
    if not ratios or any(not ratio > 0 for ratio in ratios):
        raise InvalidArgument(f"Ratios must be above 0, such as [0.75]. Got {ratios}.")
    total = sum(ratios)
    if len(ratios) == 1 and total > 1:
        raise InvalidArgument(f"A single ratio must be at most 1. Got {ratios[0]}.")
    if len(ratios) == 1 or total < _WHOLE:
        return [*ratios, 1 - total]
    return [ratio / total for ratio in ratios]


@route("POST", "/3/SplitFrame", "splitFrame", "Splits a frame into runs of rows.", takes=SPLIT, gives=SPLIT)
def split(call: Call) -> dict[str, Any]:
    """Parts in the order of rows; the last takes what rounding leaves."""
    server, key = call.server, call["dataset"]
    frame = server.store.frame(key)
    parts = shares(call["ratios"])
    keys = [name for name in call["destination_frames"] or () if name]
    keys = keys or [f"{key}_part{i}" for i in range(len(parts))]
    if len(keys) != len(parts):
        raise InvalidArgument(f"The ratios make {len(parts)} parts; give as many destination_frames. Got {len(keys)}.")
    if len(set(keys)) != len(keys) or key in keys:
        raise Conflict("The destination_frames must differ from each other and from the dataset.")
    for name in keys:
        check_key(name, "destination frame")

    def work(context: Any) -> None:
        for name, piece in zip(keys, _pieces(frame, parts), strict=True):
            server.store.put_frame(name, piece)

    job = server.jobs.run(work, description="Split frame", dest=keys[0], dest_kind=Kind.FRAME)
    return SPLIT.new(
        key=job_key(job.key),
        dataset=frame_key(key),
        ratios=call["ratios"],
        destination_frames=[frame_key(name) for name in keys],
    )


def _pieces(frame: Frame, parts: list[float]) -> list[Frame]:
    cuts = [0, *(pl.Series(parts).cum_sum() * frame.n_rows).round().cast(pl.Int64).to_list()]
    cuts[-1] = frame.n_rows
    return [frame.slice(start, end - start) for start, end in itertools.pairwise(cuts)]
