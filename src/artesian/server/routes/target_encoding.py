"""Frames encoded by a target encoder."""

from __future__ import annotations

from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.core.ids import new_key
from artesian.server.routing import Call, route
from artesian.server.wire.keys import FRAME_KEY, frame_key
from artesian.server.wire.target_encoding import TRANSFORM
from artesian.store import Kind


@route(
    "GET",
    "/3/TargetEncoderTransform",
    "target_encoder_transform",
    "Encodes a frame by a target encoder.",
    takes=TRANSFORM,
    gives=FRAME_KEY,
)
def transform(call: Call) -> dict[str, Any]:
    """Encodes, and answers with the key of the new frame when it is done."""
    server, model, frame = call.server, call["model"], call["frame"]
    details = server.store.model_details(model)
    if details["algorithm"] != "targetencoder":
        raise InvalidArgument(f"The model '{model}' is of {details['title']}, not a target encoder.")
    dest = new_key("encoded")
    options = {
        "as_training": call["as_training"],
        "blending": call["blending"],
        "inflection_point": call["inflection_point"] if call["inflection_point"] >= 0 else None,
        "smoothing": call["smoothing"] if call["smoothing"] >= 0 else None,
        "noise": call["noise"] if call["noise"] >= -1 else None,
    }
    arguments = {
        "model_folder": str(server.store.model_folder(model)),
        "model_key": model,
        "frame": {"key": frame, "manifest": server.store.manifest(frame)},
        "options": {"target_encoding": options},
        "dest": dest,
        "want_metrics": False,
    }

    def finish(result: dict[str, Any]) -> None:
        server.store.put_manifest(dest, result["frame"])

    job = server.jobs.submit(
        "artesian.learn.tasks:predict",
        arguments,
        description="target encoding",
        dest=dest,
        dest_kind=Kind.FRAME,
        on_done=finish,
    )
    server.settle(job)
    return frame_key(dest)
