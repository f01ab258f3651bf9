"""The process that forks worker processes: single-threaded and small, so that forking is quick and safe.

Polars and OpenMP start threads that do not survive a fork; so nothing of theirs is imported here, but in the forked worker.
The launcher ends with the server (its socket closes), and the kernel ends the workers with the launcher. It speaks with
the server in packets of JSON: `fork` (with the worker's socket and flag as descriptors), `kill`; and answers `ended`.
"""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import resource
import selectors
import signal
import socket
import sys
from typing import Any

from artesian.jobs import worker

PACKET_BYTES = 4096
_PR_SET_PDEATHSIG = 1
_OOM_SCORE = 500  # when the machine runs out of memory the kernel should end a worker, not the server


class Launcher:
    """Forks and reaps workers as the server asks; `run` returns when the server is gone."""

    def __init__(self, control: socket.socket, configuration: dict[str, Any]) -> None:
        self._control = control
        self._configuration = configuration
        self._workers: dict[int, int] = {}

    def run(self) -> None:
        """Serves until the server's end of the socket closes, then ends every worker."""
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(wake_read, selectors.EVENT_READ)
            open_still = True
            while open_still:
                for key, _ in selector.select():
                    if key.fileobj == wake_read:
                        os.read(wake_read, PACKET_BYTES)
                        self._reap()
                    else:
                        open_still = self._serve()
        for pid in self._workers:
            _kill(pid)

    def _serve(self) -> bool:
        packet, descriptors, _, _ = socket.recv_fds(self._control, PACKET_BYTES, 2)
        if not packet:
            return False
        message = json.loads(packet)
        if message["do"] == "fork":
            self._fork(message["worker"], descriptors)
        elif message["do"] == "kill":
            for pid in [pid for pid, number in self._workers.items() if number == message["worker"]]:
                _kill(pid)
        return True

    def _fork(self, number: int, descriptors: list[int]) -> None:
        launcher = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                self._control.close()
                _bind_to(launcher)
                worker.main(descriptors[0], descriptors[1], self._configuration)
            finally:
                os._exit(1)
        for descriptor in descriptors:
            os.close(descriptor)
        self._workers[pid] = number
        self._tell(did="forked", worker=number, pid=pid)

    def _reap(self) -> None:
        while self._workers:
            # looked at before it is reaped: until then its process group cannot become another's
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            _kill(ended.si_pid)  # what the worker itself has started
            _, status = os.waitpid(ended.si_pid, 0)
            number = self._workers.pop(ended.si_pid, None)
            if number is not None:
                self._tell(did="ended", worker=number, status=status)

    def _tell(self, **message: Any) -> None:
        try:
            self._control.send(json.dumps(message).encode())
        except OSError:
            return  # the server is gone; the next read says so


def _bind_to(launcher: int) -> None:
    """Makes this new process end with the launcher, lead a group of its own, and go first when memory runs out."""
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != launcher:
        os._exit(1)
    try:
        with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - pathlib is not worth its import here
            file.write(str(_OOM_SCORE))
    except OSError:
        pass
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):
        try:
            end(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def main() -> None:
    """Runs the launcher on the socket and the configuration (a pipe) whose descriptors are the arguments."""
    control = socket.socket(fileno=int(sys.argv[1]))
    with os.fdopen(int(sys.argv[2]), "rb") as pipe:
        configuration = pickle.load(pipe)
    sys.path[:] = configuration["path"]
    Launcher(control, configuration).run()


if __name__ == "__main__":
    main()
