"""The reference pages of settings and routes, written from the declarations that the server runs on."""

from __future__ import annotations

from artesian.core.settings import describe
from artesian.server.routes import load_all
from artesian.server.routing import Route, declared_routes


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def settings_page() -> str:
    """Every setting: its flag, variable, type, default and meaning."""
    lines = [
        "# Settings",
        "",
        "Every limit and choice of a server is a setting. Its value comes, in rising order of precedence, from its default, a",
        "TOML file (`--config FILE` or `ARTESIAN_CONFIG`), the environment (`ARTESIAN_<NAME>`) and the command line. Flags of",
        "lists may be repeated. Generated from the declarations.",
        "",
        "| setting | flag | type | default | meaning |",
        "|---|---|---|---|---|",
    ]
    for item in describe():
        name = item["name"]
        unit = f" ({item['unit']})" if item["unit"] else ""
        default = item["default"] if item["default"] not in ("", ()) else ""
        shown = f"`{default}`" if default != "" else ""
        lines.append(
            f"| `{name}` | `--{name.replace('_', '-')}` | {item['type']}{unit} | {shown} | {_cell(item['help'])} |"
        )
    return "\n".join(lines) + "\n"


def _parameters(item: Route) -> str:
    names = [
        f"`{f.name}`{'*' if f.required else ''}" for f in item.takes.inputs.values() if f.name != "_exclude_fields"
    ]
    return ", ".join(names)


def _family(item: Route) -> str:
    text = item.handler.__module__.rpartition(".")[2]
    return text.replace("_", " ")


def rest_page() -> str:
    """Every route with its parameters, by family."""
    load_all()
    lines = [
        "# REST routes",
        "",
        "Parameters go in the query of GET and DELETE and in the url-encoded (or JSON) body of POST; a star marks required ones.",
        "Lists are written `[a,b]`. `_exclude_fields` leaves fields out of any JSON answer. A route of an unknown version is",
        "answered by the next lower one. Field by field: `GET /3/Metadata/schemas/NAME`. Generated from the declarations.",
    ]
    family = ""
    for item in sorted(declared_routes(), key=lambda route: (_family(route), route.pattern, route.method)):
        if _family(item) != family:
            family = _family(item)
            lines += ["", f"## {family}", "", "| route | what it does | parameters | answer |", "|---|---|---|---|"]
        gives = f"`{item.gives.name}`" if item.gives else "a file"
        more = " and those of the algorithm" if "{algo}" in item.pattern and item.free else ""
        lines.append(
            f"| `{item.method} {item.pattern}` | {_cell(item.summary)} | {_parameters(item)}{more} | {gives} |"
        )
    return "\n".join(lines) + "\n"
