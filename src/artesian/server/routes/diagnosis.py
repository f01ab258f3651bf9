"""Looking into a running server: its last requests, where its threads are, how fast messages go."""

from __future__ import annotations

import collections
import socket
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidArgument
from artesian.server.routing import Call, route
from artesian.server.wire.diagnosis import (
    NETWORK_EVENT,
    NETWORK_TEST,
    PROFILE,
    PROFILE_ENTRY,
    PROFILE_NODE,
    TIMELINE,
)
from artesian.server.wire.table import simple_table

_SAMPLES = 100
_SAMPLE_SECS = 0.005  # half a second in all: long enough to tell a busy function from a passing one
_SIZES = (1, 1 << 10, 1 << 20)
_REPEATS = 10
_PATIENCE_SECS = 5.0


@route("GET", "/3/Timeline", "timeline", "Tells the last requests.", takes=TIMELINE, gives=TIMELINE, quick=True)
def timeline(call: Call) -> dict[str, Any]:
    """The requests that were answered last, oldest first."""
    server = call.server
    events = [
        NETWORK_EVENT.new(
            **{"from": item.client},
            to=server.address,
            date=datetime.fromtimestamp(item.time_ns / 1e9, UTC).strftime("%H:%M:%S:%f")[:-3],
            nanos=max(0, item.time_ns - server.started_ms * 1_000_000),
            type="network_msg",
            is_send=False,
            protocol="TCP",
            msg_type=item.method,
            data=f"{item.path} {item.status} {item.took_ns / 1e6:.1f} ms",
        )
        for item in server.traffic.last()
    ]
    return TIMELINE.new(now=now_ms(), events=events) | {"self": f"/{server.address}"}


@route("GET", "/3/Profiler", "profiler", "Samples what the threads are at.", takes=PROFILE, gives=PROFILE)
def profile(call: Call) -> dict[str, Any]:
    """Stacks of the threads of the server process, counted over half a second; workers are not looked into."""
    depth = call["depth"]
    if depth < 1:
        raise InvalidArgument(f"The parameter 'depth' must be at least 1. Got {depth}.")
    counts: collections.Counter[str] = collections.Counter()
    own = threading.get_ident()
    for _ in range(_SAMPLES):
        for ident, frame in sys._current_frames().items():
            if ident != own:
                counts[_stack(frame, depth)] += 1
        time.sleep(_SAMPLE_SECS)
    entries = [PROFILE_ENTRY.new(stacktrace=stack, count=count) for stack, count in counts.most_common()]
    node = PROFILE_NODE.new(node_name=call.server.address, timestamp=now_ms(), entries=entries)
    return PROFILE.new(depth=depth, nodes=[node])


def _stack(frame: FrameType | None, depth: int) -> str:
    lines: list[str] = []
    while frame is not None and len(lines) < depth:
        module = frame.f_globals.get("__name__", "?")
        lines.append(f"{module}.{frame.f_code.co_qualname}({frame.f_lineno})\n")
        frame = frame.f_back
    return "".join(lines)


@route("GET", "/3/NetworkTest", "networkTest", "Measures how fast messages go.", takes=NETWORK_TEST, gives=NETWORK_TEST)
def network_test(call: Call) -> dict[str, Any]:
    """Messages of three sizes through this machine's network to the only node, which is this one, and back."""
    times = [1e6 * seconds for seconds in _round_trips()]
    rates = [2 * size / (microseconds / 1e6) for size, microseconds in zip(_SIZES, times, strict=True)]
    cells = [f"{micros:.0f} us, {rate / 2**20:.1f} MB/s" for micros, rate in zip(times, rates, strict=True)]
    place = f"/{call.server.address}"
    shown = simple_table(
        "Network Test",
        "Launched from " + place,
        [("", "string", "%s", "Destination"), *((f"{size}_bytes", "string", "%s", f"{size} bytes") for size in _SIZES)],
        [["all - collective bcast/reduce", f"remote {place}"], *([cell, cell] for cell in cells)],
    )
    return NETWORK_TEST.new(
        microseconds_collective=times,
        bandwidths_collective=rates,
        microseconds=[[item] for item in times],
        bandwidths=[[item] for item in rates],
        nodes=[place],
        table=shown,
    )


def _round_trips() -> list[float]:
    """Median seconds of a message there and back, for each size."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(_PATIENCE_SECS)
        echo = threading.Thread(target=_echo, args=(listener,), name="network-test", daemon=True)
        echo.start()
        with socket.create_connection(listener.getsockname(), timeout=_PATIENCE_SECS) as there:
            there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found = [sorted(_round_trip(there, size) for _ in range(_REPEATS))[_REPEATS // 2] for size in _SIZES]
        echo.join(_PATIENCE_SECS)
    return found


def _round_trip(there: socket.socket, size: int) -> float:
    began = time.perf_counter()
    sender = threading.Thread(target=there.sendall, args=(bytes(size),), daemon=True)
    if size > _SIZES[1]:  # more than the buffers hold: somebody must read meanwhile
        sender.start()
    else:
        there.sendall(bytes(size))
    left = size
    while left > 0:
        left -= len(there.recv(min(left, 1 << 16))) or left
    return time.perf_counter() - began


def _echo(listener: socket.socket) -> None:
    with suppress(OSError):
        here, _ = listener.accept()
        here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with here:
            while piece := here.recv(1 << 16):
                here.sendall(piece)
