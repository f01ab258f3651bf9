"""Looking after a server: log, notes, stored objects, memory, threads, shutdown."""

from __future__ import annotations

from artesian.server.wire.schema import both, declare, given, out

REMOVE = declare(
    "RemoveV3",
    "Iced",
    given("key", "Key<Keyed>", "Object to remove.", required=True),
    given("cascade", "boolean", "Remove what belongs to it as well.", False),
    request=True,
)
REMOVE_ALL = declare(
    "RemoveAllV3",
    "Iced",
    given("retained_keys", "Key<Keyed>[]", "Objects to keep, with what belongs to them."),
    request=True,
)
LOG_AND_ECHO = declare(
    "LogAndEchoV3", "Iced", both("message", "string", "Line for the log.", required=True), request=True
)
LOGS = declare(
    "LogsV3",
    "Iced",
    given("nodeidx", "string", "Number or address of the node; self, 0 or -1 for this one.", required=True),
    given("name", "string", "trace, debug, info, warn, error, fatal or httpd."),
    out("log", "string", "Lines of at least that severity."),
    request=True,
)
LOGS_DOWNLOAD = declare(
    "LogsDownloadV3", "Iced", given("container", "enum", "Zip archive or plain text.", "ZIP", values=("ZIP", "LOG"))
)
GARBAGE = declare("GarbageCollectV3", "Iced")
UNLOCK = declare("UnlockKeysV3", "Iced", request=True)
SHUTDOWN = declare("ShutdownV3", "Shutdown", request=True)
NOTE = declare(
    "NodePersistentStorageEntryV3",
    "Iced",
    out("category", "string", "Group of the note."),
    out("name", "string", "Name of the note."),
    out("size", "long", "Its bytes.", 0),
    out("timestamp_millis", "long", "When it was changed, in milliseconds since 1970 UTC.", 0),
)
NOTES = declare(
    "NodePersistentStorageV3",
    "Iced",
    both("category", "string", "Group of notes."),
    both("name", "string", "Name of the note."),
    both("value", "string", "Text of the note."),
    out("configured", "boolean", "Whether notes can be kept.", False),
    out("exists", "boolean", "Whether there is such a note or group.", False),
    out("entries", "Iced[]", "Notes of the group.", of="NodePersistentStorageEntryV3"),
    request=True,
)
NOTE_TO_KEEP = declare(
    "NodePersistentStoragePutV3",
    "Iced",
    *(field for field in NOTES.fields if field.name != "_exclude_fields"),
    given(
        "keep_earlier",
        "boolean",
        "Whether the text that is replaced stays as a version; false for texts that are saved by themselves.",
        True,
        echoed=False,
    ),
    request=True,
)
NOTE_TO_RENAME = declare(
    "NodePersistentStorageRenameV3",
    "Iced",
    *(field for field in NOTES.fields if field.name != "_exclude_fields"),
    given("new_name", "string", "The name that the note gets.", required=True, echoed=False),
    request=True,
)
NOTE_VERSION = declare(
    "NodePersistentStorageVersionV3",
    "Iced",
    out("version", "int", "Number of the version; later ones have greater numbers.", 0),
    out("size", "long", "Its bytes.", 0),
    out("timestamp_millis", "long", "When it was saved, in milliseconds since 1970 UTC.", 0),
)
NOTE_VERSIONS = declare(
    "NodePersistentStorageVersionsV3",
    "Iced",
    both("category", "string", "Group of the note."),
    both("name", "string", "Name of the note."),
    both("version", "int", "Number of one version."),
    out(
        "versions", "Iced[]", "The earlier texts that are kept, the latest first.", of="NodePersistentStorageVersionV3"
    ),
    out("value", "string", "Text of the one version."),
    request=True,
)
TRACE = declare(
    "DStackTraceV3",
    "DStackTrace",
    out("node", "string", "The node."),
    out("time", "long", "When, in milliseconds since 1970 UTC.", 0),
    out("thread_traces", "string[]", "What each thread is at."),
)
STACKS = declare(
    "JStackV3", "JStack", out("traces", "DStackTrace[]", "Stacks by node.", of="DStackTraceV3"), request=True
)
TICKS = declare(
    "WaterMeterCpuTicksV3",
    "WaterMeterCpuTicks",
    given("nodeidx", "int", "Number of the node.", 0, required=True),
    out("cpu_ticks", "long[][]", "User, system, other and idle ticks of each core."),
    request=True,
)
