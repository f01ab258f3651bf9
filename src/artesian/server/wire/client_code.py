"""Uploads of code."""

from __future__ import annotations

from artesian.server.wire.schema import declare, given, out

PUT_KEY = declare(
    "PutKeyV3",
    "Iced",
    given("destination_key", "string", "Key to keep it under."),
    given("overwrite", "boolean", "Replace an earlier upload of that key.", True),
    given("filename", "string", "Name of the file, for messages.", echoed=False),
    out("total_bytes", "long", "Size of the upload.", 0),
    request=True,
)
