"""Which version of the official client a process of this machine uses.

Official clients refuse a server of another version than their own, and do not tell theirs. For a client on this machine
the answer stands beside it: the process at the other end of the connection is looked up, and the client package installed
in its environment is asked for its version. Works on Linux for processes that the server may look at, else tells nothing.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_PROC = Path("/proc")
_PYTHON_CLIENT, _R_CLIENT = "H2O Python client/", "R version"
_SITE = re.compile(r"(/\S.*?/(?:site|dist)-packages)/")
_LIBRARY = re.compile(r"(/\S.*?/(?:site-)?library)/[^/]+/libs/")
_PYTHON_PACKAGE = re.compile(r"h2o(?:_client)?-(3\.46\.\d+\.\d+)\.(?:dist|egg)-info")
_R_VERSION = re.compile(r"^Version:\s*(3\.46\.\d+\.\d+)\s*$", re.MULTILINE)


def client_version(user_agent: str, peer: tuple[str, int] | None, own_port: int) -> str | None:
    """The version of the official client at the other end of a connection; None where it cannot be told."""
    python, r = user_agent.startswith(_PYTHON_CLIENT), user_agent.startswith(_R_CLIENT)
    if not (python or r) or peer is None or not _is_here(peer[0]):
        return None
    try:
        inode = _socket_of(peer, own_port)
        process = _process_of(inode) if inode else None
        if process is None:
            return None
        started = (process / "stat").stat().st_ctime_ns
        return _installed(str(process), started, python)
    except OSError:
        return None


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _hexadecimal(address: str, port: int) -> str:
    """Address and port as the kernel's table writes them."""
    if ":" in address:
        words = struct.unpack("=4I", socket.inet_pton(socket.AF_INET6, address))
        return "".join(f"{word:08X}" for word in words) + f":{port:04X}"
    return f"{struct.unpack('=I', socket.inet_aton(address))[0]:08X}:{port:04X}"


def _socket_of(peer: tuple[str, int], own_port: int) -> str | None:
    """The inode of the peer's end of the connection."""
    table = _PROC / "net" / ("tcp6" if ":" in peer[0] else "tcp")
    wanted, ours = _hexadecimal(*peer), f":{own_port:04X}"
    for line in table.read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1] == wanted and fields[2].endswith(ours):
            return fields[9]
    return None


def _process_of(inode: str) -> Path | None:
    """The process that holds the socket."""
    target = f"socket:[{inode}]"
    for process in _PROC.iterdir():
        if not process.name.isdigit():
            continue
        try:
            if any(str(entry.readlink()) == target for entry in (process / "fd").iterdir()):
                return process
        except OSError:  # another user's process, or one that just ended
            continue
    return None


@lru_cache(maxsize=256)
def _installed(process: str, started: int, python: bool) -> str | None:
    """The version of the client package in the process's environment."""
    del started  # tells a process from an earlier one of the same number
    folder = Path(process)
    loaded = (folder / "maps").read_text()
    if not python:
        found = (_in_library(library) for library in dict.fromkeys(_LIBRARY.findall(loaded)))
        return next(filter(None, found), None)
    sites = dict.fromkeys([*_SITE.findall(loaded), *_sites_of_command(folder)])
    return next(filter(None, map(_in_site, sites)), None)


def _sites_of_command(process: Path) -> Iterator[str]:
    """Package folders beside the Python that was started: of a virtual environment, where nothing is loaded from yet."""
    command = (process / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    if command.startswith("/"):
        for folder in Path(command).parent.parent.glob("lib/python3*/site-packages"):
            yield str(folder)


def _in_site(site: str) -> str | None:
    try:
        matches = (_PYTHON_PACKAGE.fullmatch(name) for name in os.listdir(site))  # noqa: PTH208 - names are all it takes
        return next((match.group(1) for match in matches if match), None)
    except OSError:
        return None


def _in_library(library: str) -> str | None:
    try:
        found = _R_VERSION.search((Path(library) / "h2o" / "DESCRIPTION").read_text(errors="replace"))
    except OSError:
        return None
    return found.group(1) if found else None
