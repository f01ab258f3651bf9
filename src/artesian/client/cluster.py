"""H2OCluster: what a server tells of itself, and the verbs that concern all of it."""

from __future__ import annotations

import math
import platform
import time
from typing import TYPE_CHECKING, Any

from artesian.client import wire
from artesian.client.display import Rendered, display
from artesian.client.exceptions import H2OConnectionError, H2OResponseError, H2OServerError, H2OValueError
from artesian.client.two_dim_table import H2OTwoDimTable
from artesian.core.errors import did_you_mean

if TYPE_CHECKING:
    from artesian.client.connection import H2OConnection

_REFRESH_SECS = 1.0
_NODE_FIELDS = (
    "h2o", "healthy", "last_ping", "num_cpus", "sys_load", "mem_value_size", "free_mem", "pojo_mem", "swap_mem",
    "free_disk", "max_disk", "pid", "num_keys", "tcps_active", "open_fds", "rpcs_active",
)  # fmt: skip
_VALUE_BYTES = {"num": 8, "string": 128, "cat": 2, "time": 8, "uuid": 16}
_UNKNOWN_BYTES = 8
_BASE_BYTES = 32 << 20
_WORKING_COPIES = 4


class H2OCluster:
    """The fields of the server's reply are attributes: version, cloud_name, cloud_size, nodes, cloud_healthy, …"""

    def __init__(self, reply: dict[str, Any]) -> None:
        self._reply = reply
        self._connection: H2OConnection | None = None
        self._retrieved_at = time.monotonic()

    def attach(self, connection: H2OConnection) -> None:
        """Says which connection to ask again."""
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._reply[name]
        except KeyError:
            raise AttributeError(
                f"Unknown attribute `{name}` on object of type `H2OCluster`, this property is not available for this "
                f"H2O backend.{did_you_mean(name, self._reply)}"
            ) from None

    @property
    def _schema_attrs_(self) -> dict[str, str]:
        """What the server tells of itself: name and type of each field, under the name that scripts reach for."""
        left_out = ("__meta", "_exclude_fields")
        return {name: type(value).__name__ for name, value in self._reply.items() if name not in left_out}

    @property
    def connection(self) -> H2OConnection:
        """The connection that this state came over."""
        if self._connection is None:
            raise H2OConnectionError("This state of a server came without a connection.")
        return self._connection

    def refresh(self) -> None:
        """Asks the server again, unless it answered within the last second."""
        if time.monotonic() - self._retrieved_at > _REFRESH_SECS:
            fresh = self.connection.request("GET /3/Cloud")
            self._reply, self._retrieved_at = fresh._reply, time.monotonic()

    def node(self, node_idx: int) -> dict[str, Any]:
        """The state of one machine."""
        return dict(self.nodes[node_idx])

    def is_running(self) -> bool:
        """Whether the server answers."""
        try:
            self.connection.request("GET /3/Cloud")
        except (H2OConnectionError, H2OServerError, H2OResponseError):
            return False
        return True

    def shutdown(self, prompt: bool = False) -> None:
        """Stops the server, after a question at the terminal if `prompt`."""
        if not self.is_running():
            return
        question = f"Really stop the server at {self.connection.base_url} (y/n)? "
        if prompt and input(question).strip().lower() not in ("y", "yes"):
            return
        self.connection.request("POST /3/Shutdown")
        self.connection.close()

    def show_status(self, detailed: bool = False) -> None:
        """Prints the state, and with `detailed` a table of the machines."""
        table = self.get_status()
        parts: list[Any] = [
            Rendered.table(
                [(n, v) for n, v in zip(table.col_header, table.cell_values[0], strict=True)], ["Server", ""]
            )
        ]
        if detailed:
            parts.append(self.get_status_details())
        display(Rendered.joined(parts))

    def get_status(self) -> H2OTwoDimTable:
        """The state as a table of one row."""
        self.refresh()
        nodes = self.nodes
        sick = sum(not node["healthy"] for node in nodes)
        status = "locked" if self.locked else "accepting new members"
        values = {
            "H2O_cluster_uptime": human_time(self.cloud_uptime_millis),
            "H2O_cluster_timezone": self.cloud_internal_timezone,
            "H2O_data_parsing_timezone": self.datafile_parser_timezone,
            "H2O_cluster_version": self.version,
            "H2O_cluster_version_age": self.build_age,
            "H2O_cluster_name": self.cloud_name,
            "H2O_cluster_total_nodes": self.cloud_size,
            "H2O_cluster_free_memory": human_bytes(sum(node["free_mem"] for node in nodes)),
            "H2O_cluster_total_cores": sum(node["num_cpus"] for node in nodes),
            "H2O_cluster_allowed_cores": sum(node["cpus_allowed"] for node in nodes),
            "H2O_cluster_status": f"{status}, {f'{sick} nodes are not healthy' if sick else 'healthy'}",
            "H2O_connection_url": self.connection.base_url,
            "Python_version": platform.python_version(),
        }
        return H2OTwoDimTable(cell_values=[list(values.values())], col_header=list(values))

    def get_status_details(self) -> H2OTwoDimTable:
        """The state of each machine, one a row."""
        self.refresh()
        rows = [[f"Node {i + 1}", *(node.get(name) for name in _NODE_FIELDS)] for i, node in enumerate(self.nodes)]
        return H2OTwoDimTable(cell_values=rows, col_header=["node", *_NODE_FIELDS])

    def network_test(self) -> None:
        """Prints how fast the machines reach each other."""
        self.connection.request("GET /3/NetworkTest")["table"].show()

    def list_jobs(self) -> list[list[str]]:
        """Type, destination, description and status of the jobs, each a list that begins with its title."""
        table = [["type"], ["dest"], ["description"], ["status"]]
        for job in self.connection.request("GET /3/Jobs")["jobs"]:
            kind = str((job.get("dest") or {}).get("type") or "Removed").removeprefix("Key<").removesuffix(">")
            for column, value in zip(
                table, (kind, job["dest"]["name"], job["description"], job["status"]), strict=True
            ):
                column.append(value)
        return table

    def list_all_extensions(self) -> list[str]:
        """Names of what the server can do."""
        return self._capabilities("Capabilities")

    def list_core_extensions(self) -> list[str]:
        """Names of what its core can do."""
        return self._capabilities("Capabilities/Core")

    def list_api_extensions(self) -> list[str]:
        """Names of what its REST API can do."""
        return self._capabilities("Capabilities/API")

    def _capabilities(self, path: str) -> list[str]:
        return [entry["name"] for entry in self.connection.request(f"GET /3/{path}")["capabilities"]]

    @property
    def timezone(self) -> str:
        """The time zone in which the server reads and writes times."""
        return str(self._rapids("(getTimeZone)")["string"])

    @timezone.setter
    def timezone(self, name: str) -> None:
        self._rapids(f'(setTimeZone "{name}")')

    def list_timezones(self) -> Any:
        """A frame of the names of all time zones."""
        from artesian.client.expr import ExprNode
        from artesian.client.frame.frame import H2OFrame

        return H2OFrame._wrap(ExprNode("listTimeZones"))._evaluated()

    def _rapids(self, expression: str) -> Any:
        data = {"ast": expression, "session_id": self.connection.session_id}
        return self.connection.request("POST /99/Rapids", data)

    def __repr__(self) -> str:
        return f"<H2OCluster '{self.cloud_name}', {self.cloud_size} node(s), version {self.version}>"


def estimate_cluster_mem(
    ncols: int,
    nrows: int,
    num_cols: int = 0,
    string_cols: int = 0,
    cat_cols: int = 0,
    time_cols: int = 0,
    uuid_cols: int = 0,
) -> int:
    """The memory, in whole GB, to plan for a table of that size; columns of no given kind count as numbers.

    It is H2O's rule of thumb: wide values, and four times the data for work on them. Artesian stores columns more narrowly
    and maps them from disk, so it comes by with less.
    """
    kinds = {"num": num_cols, "string": string_cols, "cat": cat_cols, "time": time_cols, "uuid": uuid_cols}
    counts = {"ncols": ncols, "nrows": nrows} | {f"{kind}_cols": count for kind, count in kinds.items()}
    for name, count in counts.items():
        if count < 0:
            raise H2OValueError(f"{name} can't be a negative number", name)  # scripts compare the words
    unknown = ncols - sum(kinds.values())
    if unknown < 0:
        raise H2OValueError("There can not be more specific columns then columns in total", "ncols")
    row_bytes = unknown * _UNKNOWN_BYTES + sum(_VALUE_BYTES[kind] * count for kind, count in kinds.items())
    return math.ceil((_BASE_BYTES + row_bytes * nrows) * _WORKING_COPIES / (1 << 30))


def human_bytes(size: int) -> str:
    """`3.42 GB` and the like."""
    value, units = float(size), ["bytes", "KB", "MB", "GB", "TB", "PB"]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        units.pop(0)
    return f"{value:.0f} bytes" if units[0] == "bytes" else f"{value:.4g} {units[0]}"


def human_time(milliseconds: int) -> str:
    """`2 days 3 hours`, `14 mins 05 secs` and the like: the two largest units."""
    seconds = milliseconds // 1000
    parts = [
        (seconds // 86400, "day"),
        (seconds // 3600 % 24, "hour"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "sec"),
    ]
    first = next((i for i, (count, _) in enumerate(parts) if count), None)
    if first is None:
        return f"{milliseconds} ms"
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts[first : first + 2] if count)


wire.register_schema("CloudV3", H2OCluster)
