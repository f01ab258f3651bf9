"""Looking into a running server: its last requests, where its threads are, how fast the network answers."""

from __future__ import annotations

from artesian.server.wire.schema import both, declare, out

_EVENT = (
    out("date", "string", "Time of the day, UTC."),
    out("nanos", "long", "Nanoseconds since the server started.", 0),
    out("type", "enum", "network_msg: a request."),
)
EVENT = declare("EventV3", "TimelineEvent", *_EVENT)
NETWORK_EVENT = declare(
    "NetworkEvent",
    "NetworkEvent",
    *_EVENT,
    out("is_send", "boolean", "Whether the server sent it.", False),
    out("protocol", "string", "TCP."),
    out("msg_type", "string", "Method of the request."),
    out("from", "string", "Who sent it."),
    out("to", "string", "Who got it."),
    out("data", "string", "Path, status and duration."),
    parent="EventV3",
)
TIMELINE = declare(
    "TimelineV3",
    "Timeline",
    out("now", "long", "Milliseconds since 1970 UTC.", 0),
    out("self", "string", "Address of this node."),
    out("events", "Iced[]", "The last requests, oldest first.", of="EventV3"),
    request=True,
)
PROFILE_ENTRY = declare(
    "ProfilerNodeEntryV3",
    "Iced",
    out("stacktrace", "string", "Functions, the innermost first."),
    out("count", "int", "How many samples found a thread there.", 0),
)
PROFILE_NODE = declare(
    "ProfilerNodeV3",
    "Iced",
    out("node_name", "string", "The node."),
    out("timestamp", "long", "When, in milliseconds since 1970 UTC.", 0),
    out("entries", "Iced[]", "Where its threads were, the most frequent first.", of="ProfilerNodeEntryV3"),
)
PROFILE = declare(
    "ProfilerV3",
    "JProfile",
    both("depth", "int", "How many functions of a stack are told.", 10),
    out("nodes", "Iced[]", "Profiles by node.", of="ProfilerNodeV3"),
    request=True,
)
NETWORK_TEST = declare(
    "NetworkTestV3",
    "NetworkTest",
    out("microseconds_collective", "double[]", "Time of a message to all nodes and back, by size."),
    out("bandwidths_collective", "double[]", "Bytes a second of the same."),
    out("microseconds", "double[][]", "Time of a message to each node and back, by size."),
    out("bandwidths", "double[][]", "Bytes a second of the same."),
    out("nodes", "string[]", "The nodes."),
    out("table", "TwoDimTable", "The same as a table.", of="TwoDimTableV3"),
    request=True,
)
