"""H2OLocalServer: a server that this Python process starts for itself, and stops when it ends."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from artesian.client.connection import default_port
from artesian.client.exceptions import H2OStartupError, H2OValueError
from artesian.datasets import FOLDER

_START_SECS = 60.0
_STOP_SECS = 5.0
_LOG_TAIL_LINES = 5
_ATTEMPTS = 3
_LOG_PREFIX = "artesian-log-"


class H2OLocalServer:
    """A running `artesian start` in a process of its own; its log goes to `log_file`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, name: str, log_file: Path, verbose: bool) -> None:
        self._process = process
        self.scheme = "http"
        self.ip = "127.0.0.1"
        self.port = port
        self.name = name
        self.log_file = log_file
        self._verbose = verbose

    @classmethod
    def start(
        cls,
        port: int | str | None = None,
        name: str | None = None,
        nthreads: int = -1,
        max_mem_size: int | None = None,
        ice_root: str | None = None,
        log_dir: str | None = None,
        log_level: str | None = None,
        bind_to_localhost: bool = True,
        settings: dict[str, str] | None = None,
        verbose: bool = True,
    ) -> H2OLocalServer:
        """Starts a server and waits until its port is open.

        `port` is a number, or `"54321+"` for the first free one from there on. `nthreads` -1 uses all cores; `max_mem_size`
        is in bytes; `ice_root` is the folder for temporary files. `settings` are further settings of the server by name.
        Raises H2OStartupError, with the last lines of the log, when the server does not come up.
        """
        environment = os.environ | {
            "ARTESIAN_IMPORT_ROOTS": os.environ.get("ARTESIAN_IMPORT_ROOTS") or os.pathsep.join(default_roots()),
            "ARTESIAN_EXPORT_ROOTS": os.environ.get("ARTESIAN_EXPORT_ROOTS") or os.pathsep.join(default_roots()),
        }
        given = _settings(nthreads, max_mem_size, log_level) | (settings or {})
        given |= ({} if bind_to_localhost else {"host": "0.0.0.0"}) | ({"name": name} if name else {})
        environment |= {f"ARTESIAN_{key.upper()}": value for key, value in given.items()}
        if ice_root:
            environment["TMPDIR"] = ice_root
        folder = Path(log_dir) if log_dir else Path(tempfile.mkdtemp(prefix=_LOG_PREFIX))
        folder.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, _ATTEMPTS + 1):
            number = free_port(port)
            server = cls._launch(number, environment, folder / f"artesian-{number}.log", name or "artesian", verbose)
            try:
                server._wait_until_open()
                return server
            except H2OStartupError:
                # a port that was free a moment ago may be somebody else's by now
                if isinstance(port, int) or attempt == _ATTEMPTS or free_port(f"{number}+") == number:
                    raise
        raise AssertionError("the loop above returns or raises")

    @classmethod
    def _launch(
        cls, port: int, environment: dict[str, str], log_file: Path, name: str, verbose: bool
    ) -> H2OLocalServer:
        command = [sys.executable, "-m", "artesian.cli", "start", "--port", str(port)]
        with log_file.open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        server = cls(process, port, name, log_file, verbose)
        atexit.register(server.shutdown)
        return server

    @property
    def url(self) -> str:
        """The address."""
        return f"{self.scheme}://{self.ip}:{self.port}"

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def shutdown(self) -> None:
        """Ends the process, gently first."""
        if not self.is_running():
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_SECS)
        if self.log_file.parent.name.startswith(_LOG_PREFIX):  # nobody asked to keep it
            shutil.rmtree(self.log_file.parent, ignore_errors=True)
        if self._verbose:
            with contextlib.suppress(ValueError):  # standard output may be closed by now
                print(f"The local server at {self.url} was stopped.")

    def last_words(self) -> str:
        """How the process ended and the end of its log, as a sentence."""
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_TAIL_LINES:]
        ended = f"It ended with code {self._process.poll()}" if not self.is_running() else "It is still running"
        return f"{ended}; its log {self.log_file} ends with:\n" + "\n".join(lines)

    def _wait_until_open(self) -> None:
        deadline = time.monotonic() + _START_SECS
        while time.monotonic() < deadline:
            if not self.is_running():
                raise H2OStartupError(f"The local server did not start. {self.last_words()}")
            with contextlib.suppress(OSError), socket.create_connection((self.ip, self.port), timeout=0.5):
                return
            time.sleep(0.05)
        self.shutdown()
        raise H2OStartupError(f"The local server did not answer within {_START_SECS:.0f} seconds. {self.last_words()}")


def default_roots() -> list[str]:
    """Folders that a server started by its user may read and write: where it is started, the home and the temporary one.

    Also the data that this package brings. Give `init(import_roots=[…])` or set ARTESIAN_IMPORT_ROOTS for others.
    """
    folders = [Path.cwd(), Path.home(), Path(tempfile.gettempdir()), FOLDER]
    return list(dict.fromkeys(str(folder.resolve()) for folder in folders))


def _settings(nthreads: int, max_mem_size: int | None, log_level: str | None) -> dict[str, str]:
    settings: dict[str, str] = {}
    if nthreads > 0:
        settings["threads"] = str(nthreads)
    if max_mem_size is not None:
        settings["memory_budget_mb"] = str(max(1, max_mem_size >> 20))
    if log_level is not None:
        levels = {"TRACE": "DEBUG", "WARN": "WARNING", "ERRR": "ERROR", "FATA": "ERROR"}
        settings["log_level"] = levels.get(log_level, log_level)
    return settings


def free_port(port: int | str | None) -> int:
    """The number itself, or for `"54321+"` and None the first free one from there on."""
    if isinstance(port, int):
        return port
    text = f"{default_port()}+" if port is None else port
    if text.isdigit():
        return int(text)
    if not text.endswith("+") or not text[:-1].isdigit():
        raise H2OValueError(f"A port is a number, or a number with a plus: '54321+'. Got {port!r}.", "port")
    for number in range(int(text[:-1]), 65536):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            return number
    raise H2OStartupError(f"No port from {text[:-1]} on is free.")
