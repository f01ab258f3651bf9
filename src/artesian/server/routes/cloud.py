"""What the server is and how it is doing: cloud, ping, about, capabilities."""

from __future__ import annotations

import importlib.util
import os
from html import escape
from typing import Any

from starlette.responses import Response

from artesian.core.clock import now_ms
from artesian.server import machine
from artesian.server.build import build
from artesian.server.routes import flow
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.version import version_for
from artesian.server.wire.cloud import ABOUT as ABOUT_SCHEMA
from artesian.server.wire.cloud import CAPABILITIES as CAPABILITIES_SCHEMA
from artesian.server.wire.cloud import CLOUD, MEMORY, NODE, PING, ROOT, about, capabilities
from artesian.store import budget_bytes

_share = machine.CpuShare()
_CORE = ("Algos", "Amazon S3")
_API = ("Core V3", "Core V4", "Algos")


def free_memory(server: Server) -> int:
    """Bytes that new objects can use: within the budget, and really there."""
    return max(0, min(budget_bytes(server.settings) - server.store.nbytes(), machine.memory_free()))


def _node(server: Server, skip_ticks: bool) -> dict[str, Any]:
    settings = server.settings
    own, everything = (0, 0) if skip_ticks else _share.percent()
    free_disk, max_disk = machine.disk(server.store.folder)
    running = sum(job.status.value == "RUNNING" for job in server.jobs.list())
    waiting = sum(job.status.value == "CREATED" for job in server.jobs.list())
    return NODE.new(
        h2o=f"/{server.address}",
        ip_port=server.address,
        healthy=True,
        last_ping=now_ms(),
        pid=os.getpid(),
        num_cpus=os.cpu_count() or 1,
        cpus_allowed=settings.cores(),
        nthreads=settings.thread_total(),
        sys_load=machine.load_average(),
        my_cpu_pct=own,
        sys_cpu_pct=everything,
        mem_value_size=server.store.nbytes(),
        pojo_mem=machine.memory_used(),
        free_mem=free_memory(server),
        max_mem=budget_bytes(server.settings),
        num_keys=len(server.store.keys()),
        free_disk=free_disk,
        max_disk=max_disk,
        rpcs_active=running,
        fjthrds=[settings.worker_total()],
        fjqueue=[waiting],
        open_fds=machine.open_files(),
    )


@route("GET", "/3/Cloud", "cloudStatus", "Tells the state of the server.", takes=CLOUD, gives=CLOUD)
def cloud(call: Call) -> dict[str, Any]:
    """State, version and node."""
    server = call.server
    version = version_for(call)
    return CLOUD.new(
        skip_ticks=call["skip_ticks"],
        version=version,
        branch_name=f"rel-{version.rpartition('.')[0]}",
        last_commit_hash=build().commit,
        describe=f"Artesian {build().version}",
        compiled_by=build().made_by,
        compiled_on=build().made_on,
        build_number=version.rpartition(".")[2],
        build_age="current",
        cloud_name=server.settings.name,
        cloud_size=1,
        cloud_uptime_millis=server.uptime_ms,
        cloud_internal_timezone="UTC",
        datafile_parser_timezone=server.time_zone,
        cloud_healthy=not server.closing,
        consensus=True,
        locked=True,
        nodes=[_node(server, call["skip_ticks"])],
    )


@route(
    "HEAD", "/3/Cloud", "cloudStatusMinimal", "Tells whether the server answers.", takes=CLOUD, gives=CLOUD, quick=True
)
def cloud_head(call: Call) -> Response:
    """An answer without a body."""
    return Response(media_type="application/json")


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Artesian</title>
<body><h1>Artesian {version}</h1>
<p>The server '{name}' is up. Python talks to it with <code>artesian.connect(url="{url}")</code>.</p>
<ul><li><a href="/3/Metadata/endpoints">routes</a></li><li><a href="/99/Rapids/help">operators on frames</a></li>
<li><a href="/3/Cloud">state</a></li><li><a href="/3/About">about</a></li></ul></body></html>
"""


def _core() -> list[str]:
    """The extensions of the core; clients ask here whether there is XGBoost, which stands on a library."""
    return [*_CORE, *(("XGBoost",) if importlib.util.find_spec("xgboost") else ())]


@route("GET", "/", "home", "A page that says that the server is up.", takes=ROOT, gives=None, quick=True)
def home(call: Call) -> Response:
    """For people who open the address, and for clients that ask whether anyone is there; browsers get the notebook."""
    if flow.wants_page(call):
        page: Response = flow.flow(call)
        return page
    url = f"{call.request.url.scheme}://{call.request.url.netloc}"
    facts = {"version": build().version, "name": call.server.settings.name, "url": url}
    return Response(_PAGE.format_map({k: escape(v) for k, v in facts.items()}), media_type="text/html")


@route("GET", "/3/Ping", "ping", "Tells that the server is alive and how much memory is free.", takes=PING, gives=PING)
def ping(call: Call) -> dict[str, Any]:
    """Uptime and free memory."""
    server = call.server
    return PING.new(
        cloud_uptime_millis=server.uptime_ms,
        cloud_healthy=not server.closing,
        nodes=[MEMORY.new(ip_port=server.address, free_mem=free_memory(server))],
    )


@route("GET", "/3/About", "about", "Tells name and version.", takes=ABOUT_SCHEMA, gives=ABOUT_SCHEMA)
def about_server(call: Call) -> dict[str, Any]:
    """Facts about the program."""
    version = version_for(call)
    return about(
        {
            "Name": "Artesian",
            "Version": build().version,
            "Build project version": version,
            "Contract": f"REST API of H2O-3 {version}",
        }
    )


@route(
    "GET",
    "/3/Capabilities",
    "list_all_capabilities",
    "Lists what the server can do.",
    takes=CAPABILITIES_SCHEMA,
    gives=CAPABILITIES_SCHEMA,
    quick=True,
)
def all_capabilities(call: Call) -> dict[str, Any]:
    """Extensions of core and of the API."""
    return capabilities([*_core(), *_API])


@route(
    "GET",
    "/3/Capabilities/Core",
    "list_core_capabilities",
    "Lists what the core can do.",
    takes=CAPABILITIES_SCHEMA,
    gives=CAPABILITIES_SCHEMA,
    quick=True,
)
def core_capabilities(call: Call) -> dict[str, Any]:
    """Extensions of the core."""
    return capabilities(_core())


@route(
    "GET",
    "/3/Capabilities/API",
    "list_rest_capabilities",
    "Lists the groups of routes.",
    takes=CAPABILITIES_SCHEMA,
    gives=CAPABILITIES_SCHEMA,
    quick=True,
)
def api_capabilities(call: Call) -> dict[str, Any]:
    """Extensions of the API."""
    return capabilities(list(_API))
