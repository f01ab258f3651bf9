"""Servers to measure: Artesian, and the real H2O-3 where it can be started; their CPU time and clean end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

START_SECONDS = 180.0


@dataclass(frozen=True)
class Server:
    """A running server, its process and what to call it."""

    name: str
    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system seconds of the server and all its worker processes so far."""
        total = 0.0
        for process in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def resident_mb(self) -> float:
        """Megabytes of memory that the server and its workers hold; pages that several of them map count once."""
        total = 0
        for process in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_full_info().pss
        return total / 1e6


def free_port() -> int:
    """A port that nobody listens on, with its neighbour free too (H2O-3 takes two)."""
    while True:
        with socket.socket() as probe, socket.socket() as neighbour:
            probe.bind(("", 0))
            port = int(probe.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):  # taken, or beyond the last port
                neighbour.bind(("", port + 1))
                return port


@contextlib.contextmanager
def artesian(*flags: str) -> Iterator[Server]:
    """An Artesian server of this environment."""
    port = free_port()
    command = [sys.executable, "-m", "artesian.cli", "start", "--port", str(port), "--import-roots", "/", *flags]
    with _running("Artesian", command, port) as server:
        yield server


@contextlib.contextmanager
def h2o3(script: Path, heap: str = "3g") -> Iterator[Server | None]:
    """The real H2O-3, started by `script PORT HEAP`, or None where there is no script or no java."""
    if not script.exists() or shutil.which("java") is None:
        yield None
        return
    port = free_port()
    with _running("H2O-3", [str(script), str(port), heap], port) as server:
        yield server


@contextlib.contextmanager
def _running(name: str, command: list[str], port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process, name)
        yield Server(name, url, psutil.Process(process.pid))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{name} ended while it was started.")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url + "/3/Cloud", timeout=2):
            return
        time.sleep(0.1)
    raise SystemExit(f"{name} did not answer within {START_SECONDS:.0f} s.")
