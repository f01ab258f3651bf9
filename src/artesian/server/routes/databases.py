"""Tables and queries of databases as frames."""

from __future__ import annotations

import itertools
import re
from dataclasses import asdict
from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.core.ids import check_key
from artesian.frame.sql import SqlRequest, check_driver, parse_address
from artesian.server.parameters import IllegalRequest
from artesian.server.routing import Call, route
from artesian.server.wire.databases import FETCH_MODES, IMPORT_SQL_TABLE
from artesian.server.wire.jobs import JOB
from artesian.server.wire.jobs import job as shown_job
from artesian.store import Kind

_LONGEST_PREFIX = 100
_numbers = itertools.count(1)
_BOOLEANS = ("true", "false")


@route(
    "POST",
    "/99/ImportSQLTable",
    "importSqlTable",
    "Reads a table or query of PostgreSQL or SQLite into a frame.",
    takes=IMPORT_SQL_TABLE,
    gives=JOB,
)
def import_sql_table(call: Call) -> dict[str, Any]:
    """Starts the job that reads, once the request and where it leads are found to be allowed."""
    server = call.server
    _check_options(call)
    request = SqlRequest(
        call["connection_url"], call["table"], call["select_query"], call["columns"], call["username"], call["password"]
    )
    request.check()
    check_driver(parse_address(request.url), server.settings)
    dest = check_key(_destination(call["table"], server.store))
    job = server.jobs.submit(
        "artesian.server.tasks:import_sql",
        {"request": asdict(request)},
        description="Import SQL Table",
        dest=dest,
        dest_kind=Kind.FRAME,
        on_done=lambda result: server.store.put_manifest(dest, result["manifest"]),
    )
    return shown_job(job)


def _check_options(call: Call) -> None:
    """Raises for values that mean nothing; those that mean something change nothing on one machine."""
    mode, temporary, pieces = call["fetch_mode"], call["use_temp_table"], call["num_chunks_hint"]
    if mode and mode.upper() not in FETCH_MODES:
        raise IllegalRequest(
            f"The parameter 'fetch_mode' must be SINGLE or DISTRIBUTED. Got '{mode}'.", argument="fetch_mode"
        )
    if temporary and temporary.lower() not in _BOOLEANS:
        raise IllegalRequest(
            f"The parameter 'use_temp_table' must be true or false. Got '{temporary}'.", argument="use_temp_table"
        )
    if pieces and (not pieces.isascii() or not pieces.isdigit() or int(pieces) < 1):
        raise InvalidArgument(f"The parameter 'num_chunks_hint' must be a whole number above 0. Got '{pieces}'.")


def _destination(table: str, taken: Any) -> str:
    """A free key: the table's name, a number, and what H2O puts behind it."""
    prefix = re.sub(r"\W", "_", table, flags=re.ASCII)[:_LONGEST_PREFIX]
    return next(key for number in _numbers if (key := f"{prefix}_{number}_sql_to_hex") not in taken)
