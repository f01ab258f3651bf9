"""Metadata: the routes and schemas of the server told in its own shapes, from the declarations that it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.server.wire.schema import Field, Schema, declare, given, out, schemas

if TYPE_CHECKING:
    from artesian.server.routing import Route

METADATA = declare(
    "MetadataV3",
    "Iced",
    given("num", "int", "Number of a route.", 0, echoed=False),
    given("http_method", "string", "Method of the route of `path`.", echoed=False),
    given("path", "string", "Number or pattern of a route.", echoed=False),
    given("classname", "string", "Name of a schema or of its type.", echoed=False),
    given("schemaname", "string", "Name of a schema.", echoed=False),
    out("routes", "Route[]", "Routes.", of="RouteV3"),
    out("schemas", "SchemaMetadata[]", "Schemas.", of="SchemaMetadataV3"),
    out("markdown", "string", "Description in Markdown, when asked for one."),
    request=True,
)
ROUTE = declare(
    "RouteV3",
    "Route",
    out("http_method", "string", "GET, POST, DELETE or HEAD."),
    out("url_pattern", "string", "Path, parameters in braces."),
    out("summary", "string", "What the route does."),
    out("api_name", "string", "Name of the route."),
    out("handler_class", "string", "Module that handles it."),
    out("handler_method", "string", "Function that handles it."),
    out("input_schema", "string", "Schema of its parameters."),
    out("output_schema", "string", "Schema of its answer."),
    out("path_params", "string[]", "Parameters in the path."),
    out("markdown", "string", "Description in Markdown."),
)
SCHEMA_METADATA = declare(
    "SchemaMetadataV3",
    "SchemaMetadata",
    out("version", "int", "Version of the schema.", 0),
    out("name", "string", "Name of the schema."),
    out("label", "string", "The same name."),
    out("superclass", "string", "Schema that it extends."),
    out("type", "string", "Kind of object that it shows."),
    out("fields", "FieldMetadata[]", "Its fields.", of="FieldMetadataV3"),
    out("markdown", "string", "Description in Markdown."),
)
FIELD_METADATA = declare(
    "FieldMetadataV3",
    "FieldMetadata",
    out("name", "string", "Name of the field."),
    out("type", "string", "Type of its value."),
    out("is_schema", "boolean", "Whether the value is an object of a schema.", False),
    out("schema_name", "string", "Which schema."),
    out("value", "Polymorphic", "Default."),
    out("help", "string", "What it means."),
    out("label", "string", "Name to show."),
    out("required", "boolean", "Whether a request must carry it.", False),
    out("level", "enum", "critical, secondary or expert."),
    out("direction", "enum", "INPUT, OUTPUT or INOUT."),
    out("is_inherited", "boolean", "Whether an extended schema declares it.", False),
    out("inherited_from", "string", "Which one."),
    out("is_gridable", "boolean", "Whether grid search can vary it.", False),
    out("values", "string[]", "Allowed values of an enum."),
    out("json", "boolean", "Whether answers carry it.", True),
    out("is_member_of_frames", "string[]", "Frame parameters whose columns are meant."),
    out("is_mutually_exclusive_with", "string[]", "Parameters that cannot be given the same column."),
)
_ENDPOINT = declare(
    "EndpointV4",
    "Route",
    out("url", "string", "Method and path."),
    out("description", "string", "What the route does."),
    out("name", "string", "Name of the route."),
    out("input_schema", "string", "Schema of its parameters."),
    out("output_schema", "string", "Schema of its answer."),
    version=4,
)
ENDPOINTS_LIST = declare("EndpointsListV4", "Iced", out("endpoints", "Route[]", "Routes.", of="EndpointV4"), version=4)
LIST_REQUEST = declare("ListRequestV4", "Iced", version=4)
STREAM = declare("StreamingSchema", "Iced", out("filename", "string", "Suggested name of the file."))


def route(item: Route, *, full: bool = False) -> dict[str, Any]:
    """A route; `full` with its Markdown."""
    return ROUTE.new(
        http_method=item.method,
        url_pattern=item.pattern,
        summary=item.summary,
        api_name=item.name,
        handler_class=item.handler.__module__,
        handler_method=item.handler.__name__,
        input_schema=item.takes.name,
        output_schema=(item.gives or STREAM).name,
        path_params=item.path_parameters,
        markdown=route_markdown(item) if full else None,
    )


def endpoint(item: Route) -> dict[str, Any]:
    """A route in the fourth version's shape."""
    return _ENDPOINT.new(
        url=f"{item.method} {item.pattern}",
        description=item.summary,
        name=item.name,
        input_schema=f"/4/schemas/{item.takes.name}",
        output_schema=f"/4/schemas/{(item.gives or STREAM).name}",
    )


def schema(item: Schema) -> dict[str, Any]:
    """A schema and its fields."""
    return SCHEMA_METADATA.new(
        version=item.version,
        name=item.name,
        label=item.name,
        superclass=item.parent,
        type=item.type,
        fields=[*map(_field, item.fields), _meta_field(item)],
        markdown=schema_markdown(item),
    )


def _field(item: Field) -> dict[str, Any]:
    return FIELD_METADATA.new(
        name=item.name,
        type=item.type,
        is_schema=item.schema is not None,
        schema_name=item.schema,
        value=_default(item),
        help=item.help,
        label=item.name,
        required=item.required,
        level=item.level,
        direction=item.direction,
        is_inherited=item.inherited_from is not None,
        inherited_from=item.inherited_from,
        is_gridable=item.gridable,
        values=list(item.values),
        json=item.echoed,
        is_member_of_frames=list(item.member_of),
        is_mutually_exclusive_with=[],
    )


def _default(item: Field) -> Any:
    """The default; of an object within a request an object of defaults, from which clients make their forms."""
    inner = schemas().get(item.schema or "")
    if item.default is not None or not item.is_input or inner is None or inner.type != item.type:
        return item.default
    if item.type == "VecSpecifier" or item.type.startswith("Key<"):  # names, not objects of fields
        return None
    return inner.new(**{f.name: _default(f) for f in inner.inputs.values() if f.echoed})


def _meta_field(item: Schema) -> dict[str, Any]:
    if item.version == 4:
        text = "Address of the schema of this object."
        return _field(Field("__schema", "string", text, default=f"/4/schemas/{item.name}"))
    text = "Schema of this object: name, version and kind."
    return _field(Field("__meta", "Schema.Meta", text, default=item.meta, inherited_from="SchemaV3"))


def schema_markdown(item: Schema) -> str:
    """A table of the fields."""
    rows = [f"| {f.name} | {f.type} | {f.direction.lower()} | {f.help} |" for f in item.fields]
    return "\n".join([f"# {item.name}", "", "| field | type | direction | meaning |", "|---|---|---|---|", *rows, ""])


def route_markdown(item: Route) -> str:
    """Title, summary and parameters."""
    known = schemas()
    rows = [
        f"| {f.name} | {f.type} | {'yes' if f.required else 'no'} | {f.help} |"
        for f in known[item.takes.name].inputs.values()
    ]
    head = ["| parameter | type | required | meaning |", "|---|---|---|---|"] if rows else []
    return "\n".join([f"# {item.method} {item.pattern}", "", item.summary, "", *head, *rows, ""])
