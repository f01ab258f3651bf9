"""Frames of random values, missing values put into frames, interactions of categorical columns."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from artesian.core.errors import OutOfMemory
from artesian.core.ids import check_key, new_key
from artesian.server.parameters import IllegalRequest
from artesian.server.routes.cloud import free_memory
from artesian.server.routing import Call, route
from artesian.server.wire.jobs import JOB
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.synthetic import CREATE_FRAME, INTERACTION, MISSING_INSERTER, recipe
from artesian.store import Kind


@route(
    "POST",
    "/3/CreateFrame",
    "createFrame",
    "Makes a frame of random values.",
    takes=CREATE_FRAME,
    gives=JOB,
)
def create_frame(call: Call) -> dict[str, Any]:
    """Starts the job that makes it, unless it would not fit."""
    server = call.server
    wanted = recipe(call.values)
    wanted.check(server.settings)
    free = free_memory(server)
    if wanted.nbytes > free:
        raise OutOfMemory(
            f"The frame would take about {wanted.nbytes >> 20} MB, and {free >> 20} MB are free; ask for fewer rows or columns."
        )
    dest = check_key(call["dest"] or new_key("synthetic"))
    job = server.jobs.submit(
        "artesian.server.tasks:create_frame",
        {"recipe": asdict(wanted)},
        description="Create frame",
        dest=dest,
        dest_kind=Kind.FRAME,
        on_done=lambda result: server.store.put_manifest(dest, result["manifest"]),
    )
    return shown_job(job)


@route(
    "POST",
    "/3/MissingInserter",
    "_missingInserter_run",
    "Makes a share of a frame's values missing, in the frame itself.",
    takes=MISSING_INSERTER,
    gives=JOB,
)
def insert_missing(call: Call) -> dict[str, Any]:
    """Starts the job that changes the frame; frames that share its columns keep theirs."""
    server, key, fraction = call.server, call["dataset"], call["fraction"]
    manifest = server.store.manifest(key)
    if not 0 <= fraction <= 1:
        raise IllegalRequest(f"The parameter 'fraction' must be from 0 to 1. Got {fraction:g}.", argument="fraction")
    seed = secrets.randbits(63) if call["seed"] is None else call["seed"]
    session = server.store.entry(key).session
    job = server.jobs.submit(
        "artesian.server.tasks:insert_missing",
        {"manifest": manifest, "fraction": fraction, "seed": seed},
        description="Insert missing values",
        dest=key,
        dest_kind=Kind.FRAME,
        on_done=lambda result: server.store.put_manifest(key, result["manifest"], session=session),
    )
    return shown_job(job)


@route(
    "POST",
    "/3/Interaction",
    "generateInteractions",
    "Makes categorical columns of the combinations of others.",
    takes=INTERACTION,
    gives=JOB,
)
def interactions(call: Call) -> dict[str, Any]:
    """Starts the job that makes them."""
    server = call.server
    for name in ("source_frame", "factor_columns"):
        if not call[name]:
            raise IllegalRequest(f"The parameter '{name}' is required.", argument=name)
    dest = check_key(call["dest"] or new_key("interactions"))
    job = server.jobs.submit(
        "artesian.server.tasks:interact",
        {
            "manifest": server.store.manifest(call["source_frame"]),
            "names": call["factor_columns"],
            "options": {
                "pairwise": call["pairwise"],
                "max_levels": call["max_factors"],
                "min_occurrence": call["min_occurrence"],
            },
        },
        description="Interactions",
        dest=dest,
        dest_kind=Kind.FRAME,
        on_done=lambda result: server.store.put_manifest(dest, result["manifest"]),
    )
    return shown_job(job)
