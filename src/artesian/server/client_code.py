"""Code that clients upload, such as custom metrics and distributions: whether it may be run, and where workers find it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.core.errors import ArtesianError, NotAvailable
from artesian.server.state import Server

_OFF = "This server runs no code of its clients, so none can be uploaded; whoever runs it may start it with --allow-client-code."


def require_allowed(server: Server) -> None:
    """Raises NotAvailable unless the setting allows code of clients."""
    if not server.settings.allow_client_code:
        raise NotAvailable(f"Not available yet: code from clients. {_OFF}")


def measured_by_code(server: Server, details: Mapping[str, Any], asked: str | None) -> dict[str, Any]:
    """Arguments of a prediction: the code of the custom metric asked for, or of the model's own if that is still there."""
    if asked:
        require_allowed(server)
        return {"code": server.trainer.code(asked), "custom_metric_func": asked}
    own = (details["parameters"].get("custom_metric_func") or {}).get("actual")
    try:
        return {"code": server.trainer.code(own)}
    except ArtesianError:
        return {}
