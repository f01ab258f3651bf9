"""What the server offers: its routes and schemas."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

from artesian.core.errors import NotFound, did_you_mean
from artesian.server.routing import Call, Route, declared_routes, route
from artesian.server.wire import metadata
from artesian.server.wire.metadata import ENDPOINTS_LIST, LIST_REQUEST, METADATA
from artesian.server.wire.schema import schemas


@lru_cache(maxsize=1)
def _routes() -> tuple[Route, ...]:
    """Every route; those of algorithms once for each algorithm, with its schemas."""
    from artesian.learn import algorithms
    from artesian.server.wire.builders import schemas_of
    from artesian.server.wire.model import schemas_of_model

    listed: list[Route] = []
    for item in declared_routes():
        if not (item.free and "{algo}" in item.pattern):
            listed.append(item)
            continue
        for name, algorithm in algorithms().items():
            shape, _ = schemas_of(algorithm)
            schemas_of_model(algorithm)
            pattern = item.pattern.replace("{algo}", name)
            listed.append(
                dataclasses.replace(item, pattern=pattern, name=f"{item.name}_{name}", takes=shape, gives=shape)
            )
    return tuple(listed)


@route("GET", "/3/Metadata/endpoints", "endpoints", "Lists all routes.", takes=METADATA, gives=METADATA)
def endpoints(call: Call) -> dict[str, Any]:
    """All routes, without their Markdown."""
    return METADATA.new(routes=[metadata.route(item) for item in _routes()])


@route(
    "GET",
    "/3/Metadata/endpoints/{path}",
    "endpoint",
    "Tells one route, by its number in the list or by its name.",
    takes=METADATA,
    gives=METADATA,
)
def endpoint(call: Call) -> dict[str, Any]:
    """One route with its Markdown."""
    wanted = call["path"]
    routes = _routes()
    if wanted.isdigit() and int(wanted) < len(routes):
        found = [routes[int(wanted)]]
    else:
        found = [item for item in routes if wanted in (item.name, item.pattern)]
    if not found:
        raise NotFound(
            f"There is no route {wanted!r}; give a number below {len(routes)} or a name of the list at "
            "/3/Metadata/endpoints."
        )
    return METADATA.new(routes=[metadata.route(item, full=True) for item in found])


@route("GET", "/3/Metadata/schemas", "schemas", "Lists all schemas.", takes=METADATA, gives=METADATA)
def all_schemas(call: Call) -> dict[str, Any]:
    """All schemas with their fields."""
    _routes()
    return METADATA.new(schemas=[metadata.schema(item) for item in schemas().values()])


@route("GET", "/3/Metadata/schemas/{schemaname}", "schema", "Tells one schema.", takes=METADATA, gives=METADATA)
def one_schema(call: Call) -> dict[str, Any]:
    """A schema by its name."""
    return METADATA.new(schemas=[metadata.schema(_find(call["schemaname"]))])


@route(
    "GET",
    "/3/Metadata/schemaclasses/{classname}",
    "schemaForClass",
    "Tells one schema by the kind of object that it shows.",
    takes=METADATA,
    gives=METADATA,
)
def schema_of_type(call: Call) -> dict[str, Any]:
    """A schema by its name or its type."""
    wanted = call["classname"].rpartition(".")[2]
    of_type = next((item.name for item in schemas().values() if item.type == wanted), wanted)
    return METADATA.new(schemas=[metadata.schema(_find(of_type))])


@route("GET", "/4/endpoints", "endpoints4", "Lists all routes.", takes=LIST_REQUEST, gives=ENDPOINTS_LIST)
def endpoints_4(call: Call) -> dict[str, Any]:
    """All routes in the fourth version's shape."""
    return ENDPOINTS_LIST.new(endpoints=[metadata.endpoint(item) for item in _routes()])


def _find(name: str) -> Any:
    known = schemas()
    if name not in known:
        _routes()  # declares the schemas of the algorithms
    if name not in known:
        raise NotFound(f"There is no schema '{name}'.{did_you_mean(name, known)}", schema=name)
    return known[name]
