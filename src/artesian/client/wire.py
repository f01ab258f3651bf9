"""How values travel: parameters as H2O's clients write them, replies as objects picked by the schema that they name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from artesian.client.two_dim_table import H2OTwoDimTable

_OPAQUE = {"FramesV3", "FrameV3", "FramesListV3"}
"""Replies that hold much data and no table or metrics: left as they are."""


def encode(parameters: Mapping[str, Any] | None) -> dict[str, str]:
    """Parameters as text: None left out, lists as `[a,b]`, keys as their names."""
    return {name: encode_value(value) for name, value in (parameters or {}).items() if value is not None}


def encode_value(value: Any) -> str:
    """One value as text."""
    if isinstance(value, list):
        return f"[{','.join(encode_value(item) for item in value)}]"
    if isinstance(value, tuple):  # a pair, e.g. of interacting columns
        return (
            "{"
            + ",".join(f"{letter}: {encode_value(item)}" for letter, item in zip("abcdefgh", value, strict=False))
            + "}"
        )
    if isinstance(value, Mapping):
        if str((value.get("__meta") or {}).get("schema_name", "")).endswith("KeyV3"):
            return str(value["name"])
        pairs = [f"{{'key': {quoted(str(name))}, 'value': {encode_value(item)}}}" for name, item in value.items()]
        return f"[{','.join(pairs)}]"
    return str(value)


def quoted(text: str | None) -> str:
    """The text in double quotes, for lists of strings; one that is quoted already stays as it is."""
    if text is None:
        return '""'
    return text if len(text) > 1 and text.startswith('"') and text.endswith('"') else f'"{text}"'


def loads(content: bytes) -> Any:
    """Parsed JSON; also of servers that write bare NaN and Infinity."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return json.loads(content)


_makers: dict[str, Callable[[dict[str, Any]], Any]] = {"TwoDimTableV3": H2OTwoDimTable.from_reply}
_families: list[tuple[str, Callable[[dict[str, Any]], Any]]] = []


def register_schema(name: str, make: Callable[[dict[str, Any]], Any]) -> None:
    """Makes objects of a schema out of its replies; a name that ends in `*` stands for all that begin so."""
    if name.endswith("*"):
        _families.append((name[:-1], make))
    else:
        _makers[name] = make


def decode(reply: Any) -> Any:
    """The reply with tables, metrics and other registered schemas turned into objects, innermost first."""
    if isinstance(reply, list):
        return [decode(item) for item in reply] if reply and isinstance(reply[0], (dict, list)) else reply
    if not isinstance(reply, dict):
        return reply
    schema = schema_of(reply)
    if schema in _OPAQUE:
        return reply
    decoded = {name: decode(value) if isinstance(value, (dict, list)) else value for name, value in reply.items()}
    make = _makers.get(schema)
    if make is None:
        make = next((maker for prefix, maker in _families if schema.startswith(prefix)), None)
    return decoded if make is None else make(decoded)


def schema_of(reply: Mapping[str, Any]) -> str:
    """The name of a reply's schema, or an empty string."""
    meta = reply.get("__meta")
    return str(meta.get("schema_name") or "") if isinstance(meta, Mapping) else ""
