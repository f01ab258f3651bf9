"""Outcomes of Rapids expressions, one schema a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.server.wire.keys import frame_key
from artesian.server.wire.numbers import number, numbers
from artesian.server.wire.schema import Field, Schema, declare, given, out

if TYPE_CHECKING:
    from artesian.rapids import Result

_INPUTS = (
    given("ast", "string", "The expression.", required=True),
    given("session_id", "string", "Session whose temporaries it may use."),
    given("id", "string", "Name for a frame that the expression leaves nameless."),
)
RAPIDS = declare("RapidsSchemaV3", "Iced", *_INPUTS, request=True)


def _outcome(name: str, *fields: Field) -> Schema:
    return declare(name, "Iced", *_INPUTS, *fields, request=True, parent="RapidsSchemaV3")


FRAME = _outcome(
    "RapidsFrameV3",
    out("key", "Key<Frame>", "The frame.", of="FrameKeyV3"),
    out("num_rows", "long", "Its rows.", 0),
    out("num_cols", "int", "Its columns.", 0),
)
NUMBER = _outcome("RapidsNumberV3", out("scalar", "double", "The number.", 0.0))
NUMBERS = _outcome("RapidsNumbersV3", out("scalar", "double[]", "The numbers."))
STRING = _outcome("RapidsStringV3", out("string", "string", "The string."))
STRINGS = _outcome("RapidsStringsV3", out("string", "string[]", "The strings."))
FUNCTION = _outcome("RapidsFunctionV3", out("funstr", "string", "The function as text."))
MAP = _outcome(
    "RapidsMapFrameV3",
    out("frames", "Iced[]", "The frames.", of="RapidsFrameV3"),
    out("map_keys", "Iced", "Their names.", of="RapidsStringsV3"),
)
EXPRESSION = declare(
    "RapidsExpressionV3",
    "Iced",
    out("name", "string", "Name of the operator."),
    out("pattern", "string", "How it is written."),
    out("description", "string", "What it does."),
)
HELP = declare("RapidsHelpV3", "Iced", out("expressions", "Iced[]", "The operators.", of="RapidsExpressionV3"))
HELP_REQUEST = declare("SchemaV3", "Iced", parent="Schema")


def result(outcome: Result) -> dict[str, Any]:
    """The outcome in the shape of its kind; nothing at all is the empty list."""
    value = outcome.value
    match outcome.kind:
        case "frame":
            return FRAME.new(key=frame_key(outcome.key), num_rows=outcome.rows, num_cols=outcome.columns)
        case "number":
            return NUMBER.new(scalar=number(value))
        case "string":
            return STRING.new(string=value)
        case "numbers":
            return NUMBERS.new(scalar=numbers(value))
        case "strings":
            return STRINGS.new(string=list(value))
        case "function":
            return FUNCTION.new(funstr=value)
        case "frames":
            return MAP.new(
                frames=[
                    FRAME.new(key=frame_key((outcome.keys or {}).get(k) or k), num_rows=f.n_rows, num_cols=f.n_columns)
                    for k, f in value.items()
                ],
                map_keys=STRINGS.new(string=list(value)),
            )
        case _:
            return NUMBERS.new(scalar=[])


def help_of(operators: list[tuple[str, str, str]]) -> dict[str, Any]:
    """The list of operators, given as (name, family, doc line)."""
    entries = [
        EXPRESSION.new(name=n, pattern=f"({n} …)", description=f"{doc} [{family}]") for n, family, doc in operators
    ]
    return HELP.new(expressions=entries)
