"""Where a model was trained and on what: the tables that tell someone else how to get the same one."""

from __future__ import annotations

import locale
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version as package_version
from typing import Any

from artesian.core.clock import now_ms
from artesian.server import machine
from artesian.server.state import Server
from artesian.server.wire.table import simple_table
from artesian.store import Kind, budget_bytes

_FORMATS = {"string": "%s", "int": "%d", "long": "%d", "double": "%.5f"}


def _one_row(name: str, cells: list[tuple[str, str, Any]]) -> dict[str, Any]:
    columns = [("", "string", "%s", "")]
    columns += [(cell.lower().replace(" ", "_"), kind, _FORMATS[kind], cell) for cell, kind, _ in cells]
    return simple_table(name, "", columns, [[""], *[[value] for _, _, value in cells]])


def reproducibility(server: Server, details: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Three tables: the node, the cluster, the frames that went in."""
    settings = server.settings
    free_disk, max_disk = machine.disk(server.store.folder)
    node = [
        ("node", "int", 0),
        ("h2o", "string", server.address),
        ("healthy", "string", "true"),
        ("last_ping", "string", str(now_ms())),
        ("num_cpus", "int", settings.cores()),
        ("sys_load", "double", machine.load_average()),
        ("mem_value_size", "long", server.store.nbytes()),
        ("free_mem", "long", machine.memory_free()),
        ("pojo_mem", "long", machine.memory_used()),
        ("swap_mem", "long", 0),
        ("free_disc", "long", free_disk),
        ("max_disc", "long", max_disk),
        ("pid", "int", os.getpid()),
        ("num_keys", "int", len(server.store.keys())),
        ("tcps_active", "string", "0"),
        ("open_fds", "int", machine.open_files()),
        ("rpcs_active", "string", "0"),
        ("nthreads", "int", settings.thread_total()),
        ("is_leader", "string", "true"),
        ("total_mem", "long", machine.memory_used()),
        ("max_mem", "long", budget_bytes(settings)),
        ("java_version", "string", ""),
        ("jvm_launch_parameters", "string", ""),
        ("os_version", "string", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("machine_physical_mem", "long", machine.memory_total()),
        ("machine_locale", "string", locale.getlocale()[0] or "C"),
    ]
    cluster = [
        ("H2O cluster uptime", "long", server.uptime_ms),
        ("H2O cluster timezone", "string", "UTC"),
        ("H2O data parsing timezone", "string", server.time_zone),
        ("H2O cluster version", "string", settings.strict_version),
        ("H2O cluster version age", "string", f"Artesian {package_version('artesian')}"),
        ("H2O cluster name", "string", settings.name),
        ("H2O cluster total nodes", "int", 1),
        ("H2O cluster free memory", "long", machine.memory_free()),
        ("H2O cluster total cores", "int", os.cpu_count() or 1),
        ("H2O cluster allowed cores", "int", settings.cores()),
        ("H2O cluster status", "string", "locked, healthy"),
        ("H2O internal security", "string", "false"),
        ("H2O API Extensions", "string", "Algos, Core V3, Core V4"),
    ]
    return [_one_row("Node Information", node), _one_row("Cluster Configuration", cluster), _frames(server, details)]


def _frames(server: Server, details: Mapping[str, Any]) -> dict[str, Any]:
    from artesian.server.pages import checksum

    roles = [("training_frame", details["training_frame"]), ("validation_frame", details["validation_frame"])]
    there = [(role, key) for role, key in roles if key in server.store and server.store.kind_of(key) is Kind.FRAME]
    frames = [(role, server.store.frame(key)) for role, key in there]
    columns = [
        ("", "string", "%s", ""),
        ("input_frame", "string", "%s", "Input Frame"),
        ("checksum", "long", "%d", "Checksum"),
        ("espc", "string", "%d", "ESPC"),
    ]
    data: list[list[Any]] = [
        [""] * len(frames),
        [role for role, _ in frames],
        [checksum(frame) for _, frame in frames],
        [f"[0, {frame.n_rows}]" for _, frame in frames],
    ]
    return simple_table("Input Frames Information", "", columns, data)
