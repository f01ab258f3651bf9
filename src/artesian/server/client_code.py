"""Code that clients upload, such as custom metrics: whether it may be run, and where workers find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from artesian.core.errors import ArtesianError, InvalidArgument, NotAvailable, Problem
from artesian.server.state import Server
from artesian.store import Kind

_OFF = "This server runs no code of its clients, so none can be uploaded; whoever runs it may start it with --allow-client-code."


def require_allowed(server: Server) -> None:
    """Raises NotAvailable unless the setting allows code of clients."""
    if not server.settings.allow_client_code:
        raise NotAvailable(f"Not available yet: code from clients. {_OFF}")


def archives(server: Server, reference: str | None) -> dict[str, str]:
    """Where the code of the reference lies; nothing where there is none or it is not allowed."""
    if not reference or not server.settings.allow_client_code:
        return {}
    return {reference: str(_archive(server, reference))}


def _archive(server: Server, reference: str) -> Path:
    from artesian.learn.base.custom_code import key_of

    key = key_of(reference)
    if key not in server.store or server.store.kind_of(key) is not Kind.FILE:
        raise InvalidArgument(f"No code was uploaded as '{key}'; upload it with upload_custom_metric first.")
    place = server.store.file(key)
    if not isinstance(place, Path) or place.parent != server.store.upload_folder:
        raise InvalidArgument(f"'{key}' is no code that was uploaded.")
    return place


def code_problems(server: Server, field: str, reference: str | None) -> Iterator[Problem]:
    """Why the code of a parameter cannot be found, if it cannot."""
    try:
        archives(server, reference)
    except ArtesianError as problem:
        yield Problem("error", field, problem.message)


def measured_by_code(server: Server, details: Mapping[str, Any], asked: str | None) -> dict[str, Any]:
    """Arguments of a prediction: the code of the custom metric asked for, or of the model's own if that is still there."""
    if asked:
        require_allowed(server)
        return {"code": archives(server, asked), "custom_metric_func": asked}
    own = (details["parameters"].get("custom_metric_func") or {}).get("actual")
    try:
        return {"code": archives(server, own)}
    except ArtesianError:
        return {}
