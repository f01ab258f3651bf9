"""Sessions and their properties."""

from __future__ import annotations

from artesian.server.wire.schema import both, declare, given, out

INIT_ID = declare(
    "InitIDV3",
    "Iced",
    both("session_key", "string", "Name of the session."),
    out("session_properties_allowed", "boolean", "Whether a session may carry properties.", True),
    request=True,
)
SESSION_ID = declare("SessionIdV4", "Iced", out("session_key", "string", "Name of the session."), version=4)
SESSION_REQUEST = declare(
    "InputSchemaV4", "Iced", given("_fields", "string", "Fields to answer.", echoed=False), version=4
)
PROPERTY = declare(
    "SessionPropertyV3",
    "Iced",
    both("session_key", "string", "Name of the session."),
    both("key", "string", "Name of the property."),
    both("value", "string", "Value of the property."),
    request=True,
)
