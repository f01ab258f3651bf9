"""The command line: `artesian start | stop | status | demo`. Every setting is a flag of `start`.

Nothing heavy is imported before it is known what to do, so that a wrong flag is answered at once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.core.allocator import give_memory_back
from artesian.core.errors import ArtesianError
from artesian.core.settings import describe, load

if TYPE_CHECKING:
    from artesian.server.running import Note

_STOP_SECS = 10.0
_START_SECS = 30.0
_ANSWER_SECS = 2.0
_SINGULAR = {"import_roots": "--import-root", "export_roots": "--export-root", "allowed_hosts": "--allowed-host"}
_SINGULAR |= {"allowed_origins": "--allowed-origin", "sql_drivers": "--sql-driver", "sql_hosts": "--sql-host"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; the result is the exit status."""
    parser = _parser()
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    options = parser.parse_args(arguments)
    options.arguments = arguments
    try:
        return int(options.run(options))
    except ArtesianError as problem:
        print(f"artesian: {problem.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="artesian", description="An open machine-learning server.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser("start", help="start a server and keep it in the foreground")
    start.set_defaults(run=_start)
    start.add_argument("--config", metavar="FILE", help="TOML file of settings")
    start.add_argument("--detach", action="store_true", help="start it in the background and return once it answers")
    start.add_argument("--quiet", action="store_true", help="keep the log off standard error")
    for setting in describe():
        _add_flag(start, setting)
    stop = commands.add_parser("stop", help="stop a running server")
    stop.set_defaults(run=_stop)
    stop.add_argument("--port", type=int, help="which one, when several run")
    stop.add_argument("--all", action="store_true", help="stop every server of this user")
    status = commands.add_parser("status", help="list the running servers and how they are doing")
    status.set_defaults(run=_status)
    status.add_argument("--json", action="store_true", help="as JSON")
    demo = commands.add_parser(
        "demo", help="start a server, train Deep Learning on cars and digits, leave the server up"
    )
    demo.set_defaults(run=_demo)
    demo.add_argument("--data", metavar="FOLDER", default=os.environ.get("ARTESIAN_DATA"), help="folder with MNIST")
    demo.add_argument("--out", metavar="FOLDER", default="artesian-demo", help="folder for the pictures")
    demo.add_argument("--port", help="port of the server (default: the first free one from 54321 on)")
    demo.add_argument("--epochs", type=float, default=2, help="passes over the digits (default 2)")
    return parser


def _add_flag(parser: argparse.ArgumentParser, setting: dict[str, Any]) -> None:
    name = setting["name"]
    flags = [f"--{name.replace('_', '-')}"]
    help_text = setting["help"].replace("%", "%%")
    default = setting["default"]
    if setting["type"] == "list":
        flags.append(_SINGULAR[name])
        shown = f" (default {' '.join(default)})" if default else ""
        parser.add_argument(
            *flags, dest=name, action="append", metavar="VALUE", help=f"{help_text} May be repeated.{shown}"
        )
    elif setting["type"] == "bool":
        parser.add_argument(*flags, dest=name, nargs="?", const="true", metavar="BOOL", help=help_text)
    else:
        shown = f" (default {default})" if default != "" else ""
        parser.add_argument(*flags, dest=name, metavar=setting["unit"] or "VALUE", help=help_text + shown)


def _settings_of(options: argparse.Namespace) -> dict[str, Any]:
    """The flags that were given; a list flag takes several values, each of which may be a path list."""
    given: dict[str, Any] = {}
    for setting in describe():
        value = getattr(options, setting["name"])
        if value is None:
            continue
        if isinstance(value, list):
            value = [part for item in value for part in item.split(os.pathsep)] if "roots" in setting["name"] else value
        given[setting["name"]] = value
    return given


def _start(options: argparse.Namespace) -> int:
    settings = load(_settings_of(options), config=options.config)
    if options.detach:
        return _start_detached(options)
    give_memory_back(os.environ)
    from artesian.server.run import serve

    def ready(note: Note) -> None:
        print(f"Artesian answers at {note.url}", flush=True)
        if note.token and not settings.token:
            print(f"Every request needs the token {note.token} (as a bearer token or as the password)", flush=True)

    serve(settings, ready=ready, quiet=options.quiet)
    return 0


def _start_detached(options: argparse.Namespace) -> int:
    """Starts the same command in a session of its own and waits until it answers or ends."""
    from artesian.server.running import notes_folder, running

    arguments = [argument for argument in options.arguments if argument != "--detach"]
    log = notes_folder() / f"server-{os.getpid()}.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "artesian.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECS
    while time.monotonic() < deadline:
        for note in running():
            if note.process == child.pid:
                print(f"Artesian answers at {note.url} (process {child.pid}, log {log})")
                return 0
        if child.poll() is not None:
            print(log.read_text(errors="replace").strip() or "artesian: the server ended at once", file=sys.stderr)
            return 1
        time.sleep(0.02)
    child.terminate()
    print(f"artesian: the server did not answer within {_START_SECS:.0f} s; see {log}", file=sys.stderr)
    return 1


def _demo(options: argparse.Namespace) -> int:
    from artesian.demo import run

    run(options.data, options.out, options.port, options.epochs)
    return 0


def _stop(options: argparse.Namespace) -> int:
    from artesian.server.run import end_process
    from artesian.server.running import running

    notes = [note for note in running() if options.port in (None, note.port)]
    if not notes:
        where = f" on port {options.port}" if options.port else ""
        print(f"artesian: no server of this user runs{where}", file=sys.stderr)
        return 1
    if len(notes) > 1 and not options.all:
        ports = ", ".join(str(note.port) for note in notes)
        print(f"artesian: several servers run (ports {ports}); give --port or --all", file=sys.stderr)
        return 1
    for note in notes:
        end_process(note.process)
    deadline = time.monotonic() + _STOP_SECS
    while any(note in running() for note in notes) and time.monotonic() < deadline:
        time.sleep(0.02)
    left = [note for note in notes if note in running()]
    for note in notes:
        print(f"{note.url} {'did not stop' if note in left else 'stopped'}")
    return 1 if left else 0


def _status(options: argparse.Namespace) -> int:
    from artesian.server.running import running

    states = [_state(note) for note in running()]
    if options.json:
        print(json.dumps(states))
    else:
        for state in states:
            health = f"up {state['uptime_secs']} s" if state["healthy"] else "does not answer"
            print(f"{state['url']}  process {state['process']}  {health}  {state['data_dir'] or '(temporary data)'}")
        if not states:
            print("No server of this user runs.")
    return 0 if states and all(state["healthy"] for state in states) else 1


def _state(note: Note) -> dict[str, Any]:
    import urllib.request  # not needed to start

    state: dict[str, Any] = {
        "url": note.url,
        "process": note.process,
        "name": note.name,
        "data_dir": note.data_dir,
        "healthy": False,
        "uptime_secs": 0,
    }
    request = urllib.request.Request(f"{note.url}/3/Ping")
    if note.token:
        request.add_header("Authorization", f"Bearer {note.token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_ANSWER_SECS) as response:
            answer = json.load(response)
    except (OSError, ValueError):
        return state
    return state | {"healthy": answer["cloud_healthy"], "uptime_secs": answer["cloud_uptime_millis"] // 1000}


if __name__ == "__main__":
    sys.exit(main())
