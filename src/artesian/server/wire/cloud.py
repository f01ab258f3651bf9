"""The cluster as clients see it: one node, this server."""

from __future__ import annotations

from typing import Any

from artesian.server.wire.schema import declare, given, out

NODE = declare(
    "NodeV3",
    "Iced",
    out("h2o", "string", "Name of the node."),
    out("ip_port", "string", "Address and port of the node."),
    out("healthy", "boolean", "Whether the node answers.", False),
    out("last_ping", "long", "When the node last answered, in milliseconds since 1970 UTC.", 0),
    out("pid", "int", "Process number of the server.", 0),
    out("num_cpus", "int", "Processors of the machine.", 0),
    out("cpus_allowed", "int", "Processors that the server may use.", 0),
    out("nthreads", "int", "Threads that jobs share.", 0),
    out("sys_load", "float", "Runnable processes of the machine, mean of a minute.", 0.0),
    out("my_cpu_pct", "int", "Percent of the processors that the server used lately.", 0),
    out("sys_cpu_pct", "int", "Percent of the processors in use lately.", 0),
    out("mem_value_size", "long", "Bytes of frames and models.", 0),
    out("pojo_mem", "long", "Resident bytes of the server process.", 0),
    out("free_mem", "long", "Bytes of memory that new objects can use.", 0),
    out("max_mem", "long", "Memory budget of the server in bytes.", 0),
    out("swap_mem", "long", "Bytes of objects that lie on disk alone.", 0),
    out("num_keys", "int", "Number of stored objects.", 0),
    out("free_disk", "long", "Free bytes of the data folder's disk.", 0),
    out("max_disk", "long", "Size in bytes of the data folder's disk.", 0),
    out("rpcs_active", "int", "Jobs that are running.", 0),
    out("fjthrds", "short[]", "Worker processes: all of them.", []),
    out("fjqueue", "short[]", "Jobs that wait for a worker.", []),
    out("tcps_active", "int", "Connections to other nodes: none.", 0),
    out("open_fds", "int", "Open files of the server process.", 0),
    out("gflops", "double", "Measured arithmetic speed; not measured.", 0.0),
    out("mem_bw", "double", "Measured memory bandwidth; not measured.", 0.0),
)
CLOUD = declare(
    "CloudV3",
    "Iced",
    given("skip_ticks", "boolean", "Leave the load of the processors out.", False),
    out("version", "string", "Version of the contract that the server speaks."),
    out("branch_name", "string", "Branch of that version."),
    out("last_commit_hash", "string", "Commit that the server was built from."),
    out("describe", "string", "Name and version of the server itself."),
    out("compiled_by", "string", "Who built the server."),
    out("compiled_on", "string", "When the server was built."),
    out("build_number", "string", "Last part of the version."),
    out("build_age", "string", "Age of the build, for people."),
    out("build_too_old", "boolean", "Whether clients should warn of the build's age.", False),
    out("node_idx", "int", "Number of the node that answers.", 0),
    out("cloud_name", "string", "Name of the cluster."),
    out("cloud_size", "int", "Number of nodes.", 0),
    out("cloud_uptime_millis", "long", "Milliseconds since the start.", 0),
    out("cloud_internal_timezone", "string", "Time zone of the server's own times."),
    out("datafile_parser_timezone", "string", "Time zone that times in files are read in."),
    out("cloud_healthy", "boolean", "Whether all nodes answer.", False),
    out("bad_nodes", "int", "Nodes that do not answer.", 0),
    out("consensus", "boolean", "Whether the nodes agree on who is a member.", False),
    out("locked", "boolean", "Whether the set of nodes is final.", False),
    out("is_client", "boolean", "Whether the answering node holds no data.", False),
    out("hadoop_version", "string", "Always empty: there is no Hadoop."),
    out("telemetry_enabled", "boolean", "Always false: nothing is sent anywhere.", False),
    out("nodes", "Iced[]", "The nodes.", of="NodeV3"),
    out("internal_security_enabled", "boolean", "Whether nodes talk to each other encrypted.", False),
    out("leader_idx", "int", "Number of the leading node.", 0),
    out("web_ip", "string", "Address that web pages should use, if another."),
    request=True,
)
ROOT = declare("RootV3", "Iced")
MEMORY = declare(
    "NodeMemoryInfoV3",
    "Iced",
    out("ip_port", "string", "Address and port of the node."),
    out("free_mem", "long", "Bytes of memory that new objects can use.", 0),
)
PING = declare(
    "PingV3",
    "Iced",
    out("cloud_uptime_millis", "long", "Milliseconds since the start.", 0),
    out("cloud_healthy", "boolean", "Whether all nodes answer.", False),
    out("nodes", "Iced[]", "Free memory by node.", of="NodeMemoryInfoV3"),
    request=True,
)
ABOUT_ENTRY = declare(
    "AboutEntryV3", "Iced", out("name", "string", "What the entry tells."), out("value", "string", "Its value.")
)
ABOUT = declare(
    "AboutV3", "Iced", out("entries", "Iced[]", "Facts about this server.", of="AboutEntryV3"), request=True
)
CAPABILITY = declare("CapabilityEntryV3", "Iced", out("name", "string", "Name of an extension."))
CAPABILITIES = declare(
    "CapabilitiesV3",
    "Iced",
    out("capabilities", "Iced[]", "What the server can do.", of="CapabilityEntryV3"),
    request=True,
)


def about(entries: dict[str, str]) -> dict[str, Any]:
    """Facts about the server."""
    return ABOUT.new(entries=[ABOUT_ENTRY.new(name=name, value=value) for name, value in entries.items()])


def capabilities(names: list[str]) -> dict[str, Any]:
    """What the server can do."""
    return CAPABILITIES.new(capabilities=[CAPABILITY.new(name=name) for name in names])
