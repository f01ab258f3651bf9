"""The request for a table of a database."""

from __future__ import annotations

from artesian.server.wire.schema import declare, given

FETCH_MODES = ("SINGLE", "DISTRIBUTED")
IMPORT_SQL_TABLE = declare(
    "ImportSQLTableV99",
    "Iced",
    given(
        "connection_url",
        "string",
        "jdbc:postgresql://host:port/database or jdbc:sqlite:path, without options.",
        required=True,
        echoed=False,
    ),
    given("table", "string", "Table to read: name or schema.name.", ""),
    given("select_query", "string", "One SELECT to read, instead of a table.", ""),
    given("use_temp_table", "string", "Needed by none: a query is read in one snapshot, and nothing is written."),
    given("temp_table_name", "string", "Name of a temporary table, of which none is made."),
    given("username", "string", "User of the database.", required=True, echoed=False),
    given("password", "string", "The user's password.", required=True, echoed=False),
    given("columns", "string", "Columns of the table, separated by commas; * for all.", "*"),
    given("fetch_mode", "string", "SINGLE or DISTRIBUTED; one machine reads either way."),
    given("num_chunks_hint", "string", "Wanted number of pieces of the frame; the server chooses."),
    version=99,
    request=True,
)
