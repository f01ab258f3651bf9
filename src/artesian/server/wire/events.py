"""What a stream of events tells; each event's data is one of these objects."""

from __future__ import annotations

import re
from typing import Any

from artesian.server.wire.schema import declare, given, out

SPEED_COLUMN = "training_speed"
EVENTS = declare(
    "EventsRequestV3",
    "Iced",
    given("topics", "string[]", "Which events: jobs, training, automl, objects; all of them when none is given."),
    given("keys", "string[]", "Only events of these jobs, of what they make, or of these objects."),
    request=True,
)
OPENED = declare(
    "EventsOpenedV3",
    "Iced",
    out("topics", "string[]", "Topics of this stream."),
    out("timestamp", "long", "Milliseconds since 1970 UTC.", 0),
    out("heartbeat_secs", "double", "After so many seconds without an event an empty comment comes.", 0.0),
)
PROGRESS = declare(
    "JobProgressV3",
    "Iced",
    out("job", "Job", "The job as it stands.", of="JobV3"),
    out("eta_secs", "double", "Seconds that it will still take, going by its progress so far; null where unknown."),
)
POINTS = declare(
    "ScoringPointsV3",
    "Iced",
    out("model", "string", "Key of the model in training."),
    out("job", "string", "Key of the job that trains it."),
    out("algo", "string", "Its algorithm."),
    out("columns", "Iced[]", "Columns of its scoring history.", of="ColumnSpecsBase"),
    out("first", "int", "Number of the first of these points in the history.", 0),
    out("points", "Polymorphic[][]", "New points, each with its value of every column."),
    out("reset", "boolean", "Whether points that were told before changed: then these are all of them.", False),
    out("samples_per_second", "double", "Speed of the training; null where the algorithm does not tell it."),
)
GLIMPSES = declare(
    "GlimpsesV3",
    "Iced",
    out("model", "string", "Key of the model in training."),
    out("job", "string", "Key of the job that trains it."),
    out("first", "int", "Number of the first of these looks.", 0),
    out("glimpses", "Iced[]", "How the training goes between its scorings.", of="GlimpseV3"),
)
LOG_GROWN = declare(
    "EventLogGrownV99",
    "Iced",
    out("automl_id", "string", "Key of the AutoML run."),
    out("first", "int", "Number of the first of these entries in the log.", 0),
    out("events", "EventLogEntry[]", "New entries.", of="EventLogEntryV99"),
    version=99,
)
_OBJECT_FIELDS = (
    out("key", "string", "Key of the object."),
    out("kind", "string", "frame, model, metrics, file, document, grid or automl."),
    out("timestamp", "long", "When it came or changed, in milliseconds since 1970 UTC.", 0),
    out("temporary", "boolean", "Whether it goes with its session.", False),
    out("change", "string", "added, changed or removed; null in the list of what there is."),
)
OBJECT = declare("ObjectChangeV3", "Iced", *_OBJECT_FIELDS)
OBJECTS = declare(
    "ObjectsV3", "Iced", out("objects", "Iced[]", "The objects that there are, oldest first.", of="ObjectChangeV3")
)


def number_of(text: Any) -> float | None:
    """The number that a cell such as `179,073 obs/sec` begins with."""
    found = re.match(r"[\d,]+(\.\d+)?", str(text))
    return float(found[0].replace(",", "")) if found and any(c.isdigit() for c in found[0]) else None
