"""Routes: one declaration each (method, pattern, API name, summary, schemas, handler), and the table that finds them.

The version in front of a path falls back to lower ones, as clients expect: `/99/Models` is answered by `/3/Models`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from artesian.core.errors import NotFound, did_you_mean
from artesian.server.wire.schema import Schema

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from artesian.server.state import Server

_VERSION = re.compile(r"\d{1,3}")


@dataclass
class Call:
    """One request on its way to a handler: the server, the values of path, query and form, and the raw request.

    `values` are converted by the route's schema; a route with free parameters has them as they came in `raw`.
    """

    server: Server
    request: Request
    route: Route
    values: dict[str, Any]
    raw: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def was_given(self, name: str) -> bool:
        """Whether the request carried the parameter."""
        return name in self.raw

    def echo(self) -> dict[str, Any]:
        """The values of echoed inputs, to go back in the answer."""
        shown = {f.name for f in self.route.takes.fields if f.is_input and f.echoed}
        return {name: value for name, value in self.values.items() if name in shown and name != "_exclude_fields"}


Handler = Callable[[Call], "dict[str, Any] | Response"]
AsyncHandler = Callable[[Call], "Awaitable[dict[str, Any] | Response]"]


@dataclass(frozen=True)
class Route:
    """One route. `quick` handlers run on the event loop (they must never wait), `streaming` ones read the body themselves.

    Where only some requests are quick, `quick` tells by their raw parameters.
    """

    method: str
    pattern: str
    name: str
    summary: str
    takes: Schema
    gives: Schema | None
    handler: Handler | AsyncHandler
    quick: bool | Callable[[Mapping[str, Any]], bool] = False
    streaming: bool = False
    free: bool = False

    def is_quick(self, raw: Mapping[str, Any]) -> bool:
        """Whether the request with those parameters may be answered on the event loop."""
        return self.quick(raw) if callable(self.quick) else self.quick

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the pattern between slashes."""
        return tuple(self.pattern[1:].split("/"))

    @property
    def path_parameters(self) -> list[str]:
        """Names of the parameters that the path holds."""
        return [segment[1:-1] for segment in self.segments if segment.startswith("{")]


_declared: list[Route] = []


def route(
    method: str,
    pattern: str,
    name: str,
    summary: str,
    *,
    takes: Schema,
    gives: Schema | None,
    quick: bool | Callable[[Mapping[str, Any]], bool] = False,
    streaming: bool = False,
    free: bool = False,
) -> Callable[[Any], Any]:
    """Declares the decorated function as the handler of a route; several may stand above one function.

    `gives` None: the answer is a file, not JSON. `free`: parameters beyond the schema are let through to the handler.
    """

    def add(handler: Any) -> Any:
        _declared.append(Route(method, pattern, name, summary, takes, gives, handler, quick, streaming, free))
        return handler

    return add


def declared_routes() -> list[Route]:
    """Every declared route, in order of declaration."""
    return list(_declared)


class Table:
    """Finds the route of a method and a raw path."""

    def __init__(self, routes: list[Route]) -> None:
        self._static: dict[tuple[str, str], Route] = {}
        self._patterns: dict[tuple[str, int], list[Route]] = {}
        for item in routes:
            if item.path_parameters:
                self._patterns.setdefault((item.method, len(item.segments)), []).append(item)
            else:
                self._static[item.method, item.pattern] = item
        self._methods = sorted({item.method for item in routes})
        self._known = sorted({item.pattern for item in routes})

    def find(self, method: str, raw_path: str) -> tuple[Route, dict[str, str]]:
        """The route and the values in its path; NotFound says when only the method is wrong."""
        for path in _fallbacks(raw_path):
            found = self._match(method, path)
            if found:
                return found
        others = [m for m in self._methods if any(self._match(m, path) for path in _fallbacks(raw_path))]
        if others:
            raise NotFound(f"{raw_path} does not answer to {method}; use {' or '.join(others)}.", route=raw_path)
        near = did_you_mean(raw_path, self._known)
        raise NotFound(f"There is no route {method} {raw_path}.{near}", route=raw_path)

    def _match(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        fixed = self._static.get((method, path)) or self._static.get((method, path.rstrip("/")))
        if fixed:
            return fixed, {}
        parts = path[1:].split("/")
        best: tuple[int, Route, dict[str, str]] | None = None
        for candidate in self._patterns.get((method, len(parts)), ()):
            values = _values(candidate.segments, parts)
            if values is not None and (best is None or len(values) < best[0]):
                best = (len(values), candidate, values)
        return (best[1], best[2]) if best else None


def _values(segments: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    values = {}
    for segment, part in zip(segments, parts, strict=True):
        if segment.startswith("{"):
            values[segment[1:-1]] = unquote(part)
        elif segment != part:
            return None
    return values


def _fallbacks(raw_path: str) -> Iterator[str]:
    """The path itself, then with each lower version that routes exist in."""
    yield raw_path
    head, _, tail = raw_path[1:].partition("/")
    if _VERSION.fullmatch(head):
        for version in ("99", "4", "3"):
            if int(version) < int(head):
                yield f"/{version}/{tail}"


def excluded(answer: Any, paths: str) -> Any:
    """The answer without the fields of those comma-separated paths; what is kept is shared, not copied."""
    tree: dict[str, Any] = {}
    for path in filter(None, (part.strip() for part in paths.split(","))):
        node = tree
        *parents, last = path.split("/")
        for parent in parents:
            node = node.setdefault(parent, {})
            if node is None:
                break
        if node is not None:
            node[last] = None
    return _prune(answer, tree)


def _prune(answer: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(answer, list):
        return [_prune(item, tree) for item in answer]
    if not isinstance(answer, dict):
        return answer
    kept = {}
    for name, value in answer.items():
        if name not in tree:
            kept[name] = value
        elif tree[name] is not None:
            kept[name] = _prune(value, tree[name])
    return kept
