"""Every limit and choice of a running server is a named setting: one declaration, a default, a help line.

A value comes, in rising order of precedence, from the default, a TOML file (`--config FILE` or `ARTESIAN_CONFIG`), the
environment (`ARTESIAN_<NAME>`) and the command line (`--<name-with-dashes>`).
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from artesian.core.errors import InvalidArgument, did_you_mean


def _setting(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    unit: str = "",
    secret: bool = False,
    separator: str = os.pathsep,
) -> Any:
    metadata = {"help": help, "minimum": minimum, "unit": unit, "secret": secret, "separator": separator}
    if isinstance(default, (list, tuple)):
        return field(default_factory=lambda: tuple(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """The settings of one server; immutable once it runs."""

    host: str = _setting("127.0.0.1", "Address to listen on; any but a loopback address needs a token.")
    port: int = _setting(54321, "Port to listen on; 0 takes a free one.", minimum=0)
    name: str = _setting("artesian", "Name that the cluster shows to its clients.")
    token: str = _setting("", "Secret that each request must carry as a bearer token or basic password.", secret=True)
    allowed_hosts: tuple[str, ...] = _setting(
        (), "Further Host header names to answer to, besides loopback and `host`."
    )
    allowed_origins: tuple[str, ...] = _setting(
        (), "Web origins, besides the server's own, whose pages may call it.", separator=","
    )
    data_dir: str = _setting(
        "", "Folder that keeps frames, models and notebooks across restarts; empty: a temporary one."
    )
    import_roots: tuple[str, ...] = _setting(
        (), "Folders that files may be imported from; none given: the start folder."
    )
    export_roots: tuple[str, ...] = _setting((), "Folders that files may be written to; none given: the start folder.")
    workers: int = _setting(0, "Worker processes for jobs; 0: one a core, at most 8.", minimum=0)
    threads: int = _setting(0, "Threads that all jobs share; 0: one a core.", minimum=0)
    memory_budget_mb: int = _setting(
        0, "Memory for frames, models and jobs; 0: three quarters of the machine's.", minimum=0, unit="MB"
    )
    paging_factor: float = _setting(
        16.0,
        "How many times the memory budget all frames may take together, those that lie on disk included.",
        minimum=1,
    )
    worker_memory_mb: int = _setting(
        0, "Memory that one worker process may hold; 0: the whole budget.", minimum=0, unit="MB"
    )
    max_upload_mb: int = _setting(65_536, "Largest body of one upload.", minimum=1, unit="MB")
    max_form_mb: int = _setting(64, "Largest body of any request that is not an upload.", minimum=1, unit="MB")
    max_decompressed_mb: int = _setting(
        262_144, "Largest size that one compressed file may unpack to.", minimum=1, unit="MB"
    )
    max_decompression_ratio: int = _setting(
        1_000, "Largest ratio of unpacked to packed size once 64 MB are unpacked.", minimum=2
    )
    max_archive_members: int = _setting(10_000, "Most files in one zip archive.", minimum=1)
    max_line_mb: int = _setting(64, "Longest line of a text file.", minimum=1, unit="MB")
    max_columns: int = _setting(250_000, "Most columns of one frame.", minimum=1)
    max_levels: int = _setting(10_000_000, "Most levels of one categorical column.", minimum=1)
    max_rapids_depth: int = _setting(4_096, "Deepest nesting of one Rapids expression.", minimum=8)
    max_rapids_list: int = _setting(
        10_000_000, "Most numbers that the lists and ranges of one Rapids argument stand for.", minimum=1
    )
    max_compared_characters: int = _setting(10_000, "Longest string whose distance to another is measured.", minimum=1)
    max_rapids_applications: int = _setting(
        100_000, "How often one Rapids expression may apply functions that it defines.", minimum=100
    )
    max_rapids_length_mb: int = _setting(16, "Longest Rapids expression.", minimum=1, unit="MB")
    http_timeout_secs: float = _setting(
        30.0, "Deadline to connect to and between bytes from a remote source.", minimum=0.1, unit="s"
    )
    allow_private_urls: bool = _setting(
        False, "Whether http imports may reach loopback, private and link-local addresses."
    )
    sql_drivers: tuple[str, ...] = _setting(
        ("postgresql", "sqlite"), "Databases that may be read from: postgresql, sqlite; an empty list closes that door."
    )
    sql_hosts: tuple[str, ...] = _setting(
        (), "Names of hosts whose databases may be read though their address is private or this machine's."
    )
    sql_batch_cells: int = _setting(1_000_000, "Cells that are fetched from a database at once.", minimum=1)
    s3_endpoint: str = _setting("", "Address of an S3-compatible store for s3:// imports; empty: the public service.")
    http_threads: int = _setting(64, "Requests that are worked on at once; further ones wait their turn.", minimum=2)
    keep_alive_secs: int = _setting(75, "Time that an idle connection is kept open.", minimum=1, unit="s")
    max_form_fields: int = _setting(10_000, "Most parameters of one request.", minimum=16)
    max_page_cells: int = _setting(10_000_000, "Most cells of a frame in one answer of JSON.", minimum=1)
    cancel_grace_secs: float = _setting(
        1.5, "Time a cancelled job has to stop by itself before its worker is ended.", minimum=0, unit="s"
    )
    worker_idle_secs: float = _setting(
        60.0, "A worker process unused for so long is ended; one unused worker always stays ready.", minimum=0, unit="s"
    )
    job_history: int = _setting(1_000, "Finished jobs that are remembered.", minimum=1)
    job_log_lines: int = _setting(100, "Last lines of its log that are kept with each job.", minimum=1)
    job_glimpses: int = _setting(
        3_600, "Looks at a training as it goes on that are kept for those who come later to watch it.", minimum=1
    )
    session_idle_secs: float = _setting(
        86_400.0, "A session unused for so long is closed and its temporaries freed.", minimum=1, unit="s"
    )
    gzip_minimum_bytes: int = _setting(
        1_024, "Answers from this size on are compressed for clients that accept it.", minimum=0, unit="B"
    )
    log_level: str = _setting("INFO", "Least severe level that is logged: DEBUG, INFO, WARNING or ERROR.")
    log_lines: int = _setting(20_000, "Lines of the log that are kept in memory for clients to read.", minimum=100)
    note_versions: int = _setting(
        20, "Earlier texts that are kept of each notebook and other note; 0 keeps none.", minimum=0
    )
    max_event_streams: int = _setting(64, "Streams of events that may be open at once.", minimum=1)
    event_interval_secs: float = _setting(
        0.5, "How often it is looked for what is new to the streams of events.", minimum=0.05, unit="s"
    )
    event_heartbeat_secs: float = _setting(
        15.0, "After so long without an event a stream sends an empty comment.", minimum=0.1, unit="s"
    )
    event_buffer_kb: int = _setting(
        4_096,
        "What may wait for a client of a stream of events; one that reads slower is let go.",
        minimum=64,
        unit="KB",
    )
    timeline_requests: int = _setting(1_000, "Requests that are remembered for the timeline.", minimum=1)
    show_tracebacks: bool = _setting(False, "Whether error answers carry the Python traceback.")
    match_local_clients: bool = _setting(
        True,
        "Whether official clients on this machine are told the version of their own package, which they insist on.",
    )
    allow_client_code: bool = _setting(
        False,
        "Whether metrics and distributions that clients send as Python source may be run, in worker processes and with the "
        "server's rights.",
    )
    strict_version: str = _setting("3.46.0.12", "Version reported to clients which do not tell theirs.")

    def cores(self) -> int:
        """Processors that this process may use."""
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def thread_total(self) -> int:
        """Threads that all jobs share."""
        return self.threads or self.cores()

    def worker_total(self) -> int:
        """Worker processes that run jobs."""
        return self.workers or min(8, max(2, self.cores()))


def describe() -> list[dict[str, Any]]:
    """Name, type, default, unit and help of each setting, in the order of declaration."""
    return [
        {
            "name": item.name,
            "type": _type_name(item),
            "default": _default(item),
            "unit": item.metadata["unit"],
            "help": item.metadata["help"],
        }
        for item in fields(Settings)
    ]


def load(
    overrides: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    config: str | Path | None = None,
) -> Settings:
    """Settings from a file, the environment and `overrides` (a command line's), the last one winning.

    Raises InvalidArgument for an unknown name or a value of the wrong kind, naming where it came from.
    """
    environment = os.environ if environment is None else environment
    config = config or environment.get("ARTESIAN_CONFIG")
    values: dict[str, Any] = {}
    if config:
        values.update(_from_file(Path(config)))
    known = {item.name: item for item in fields(Settings)}
    for name, item in known.items():
        variable = f"ARTESIAN_{name.upper()}"
        if variable in environment:
            values[name] = _convert(item, environment[variable], f"the variable {variable}")
    for name, value in (overrides or {}).items():
        if name not in known:
            raise InvalidArgument(f"There is no setting '{name}'.{did_you_mean(name, known)}")
        if value is not None:
            values[name] = _convert(known[name], value, f"--{name.replace('_', '-')}")
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    known = {item.name: item for item in fields(Settings)}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidArgument(f"The settings file {path} cannot be read: {error}.") from error
    for name in content:
        if name not in known:
            raise InvalidArgument(f"There is no setting '{name}' (in {path}).{did_you_mean(name, known)}")
    return {name: _convert(known[name], value, f"'{name}' in {path}") for name, value in content.items()}


def _default(item: dataclasses.Field[Any]) -> Any:
    return item.default if item.default_factory is dataclasses.MISSING else item.default_factory()


def _type_name(item: dataclasses.Field[Any]) -> str:
    return str(item.type).replace("tuple[str, ...]", "list")


def _convert(item: dataclasses.Field[Any], value: Any, source: str) -> Any:
    kind = _type_name(item)
    if kind == "list" and isinstance(value, str):
        value = [part.strip() for part in value.split(item.metadata["separator"])]
    try:
        converted = _CONVERTERS[kind](value)
    except (ValueError, TypeError, KeyError):
        raise InvalidArgument(f"The setting from {source} must be a {kind}. Got {value!r}.") from None
    minimum = item.metadata["minimum"]
    if minimum is not None and converted < minimum:
        raise InvalidArgument(f"The setting from {source} must be at least {minimum}. Got {value!r}.")
    return converted


def _to_bool(value: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return value if isinstance(value, bool) else words[str(value).lower()]


def _to_list(value: Any) -> tuple[str, ...]:
    return tuple(str(part) for part in value if str(part))


_CONVERTERS: dict[str, Any] = {"str": str, "int": int, "float": float, "bool": _to_bool, "list": _to_list}
