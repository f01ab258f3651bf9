"""Parameters of algorithms: each declaration as H2O's metadata, each value as H2O writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.learn.base.parameters import Declaration, Kind
from artesian.server.wire.keys import any_key, frame_key, model_key
from artesian.server.wire.numbers import number
from artesian.server.wire.schema import both, declare, given, out

COLUMN_SPECIFIER = declare(
    "ColSpecifierV3",
    "VecSpecifier",
    both("column_name", "string", "Name of the column."),
    both("is_member_of_frames", "string[]", "Frame parameters whose columns are meant."),
)
KEY_VALUE = declare(
    "KeyValueV3",
    "KeyValue",
    given("key", "string", "A name."),
    given("value", "double", "Its number.", 0.0),
)
PARAMETER = declare(
    "ModelParameterSchemaV3",
    "Iced",
    out("name", "string", "Name of the parameter."),
    out("label", "string", "The same name."),
    out("help", "string", "What it does."),
    out("required", "boolean", "Whether it must be given.", False),
    out("type", "string", "Type of its value."),
    out("default_value", "Polymorphic", "Value when none is given."),
    out("actual_value", "Polymorphic", "Value that is used."),
    out("input_value", "Polymorphic", "Value that was given."),
    out("level", "string", "critical, secondary or expert."),
    out("values", "string[]", "Allowed values of an enum.", []),
    out("is_member_of_frames", "string[]", "Frame parameters whose columns are meant.", []),
    out("is_mutually_exclusive_with", "string[]", "Parameters that cannot be given the same column.", []),
    out("gridable", "boolean", "Whether grid search can vary it.", False),
)
TYPES: dict[Kind, str] = {
    Kind.INT: "int",
    Kind.LONG: "long",
    Kind.FLOAT: "float",
    Kind.DOUBLE: "double",
    Kind.BOOLEAN: "boolean",
    Kind.CHOICE: "enum",
    Kind.STRING: "string",
    Kind.FRAME: "Key<Frame>",
    Kind.MODEL: "Key<Model>",
    Kind.COLUMN: "VecSpecifier",
    Kind.INTS: "int[]",
    Kind.FLOATS: "float[]",
    Kind.DOUBLES: "double[]",
    Kind.STRINGS: "string[]",
    Kind.COLUMNS: "string[]",
    Kind.FRAMES: "Key<Frame>[]",
    Kind.MODELS: "Key<Keyed>[]",
    Kind.PAIRS: "KeyValue[]",
    Kind.GROUPS: "string[][]",
}


def type_of(declaration: Declaration) -> str:
    """The type that clients know; the key of the model to be is a string to us and a key to them."""
    return "Key<Model>" if declaration.name == "model_id" else TYPES[declaration.kind]


def value(declaration: Declaration, plain: Any) -> Any:
    """A value as H2O writes one of that parameter."""
    if plain is None:
        return None
    kind = declaration.kind
    if declaration.name == "model_id" or kind is Kind.MODEL:
        return model_key(plain)
    if kind is Kind.FRAME:
        return frame_key(plain)
    if kind is Kind.COLUMN:
        return COLUMN_SPECIFIER.new(column_name=plain)
    if kind is Kind.FRAMES:
        return [frame_key(item) if item is not None else None for item in plain] or None
    if kind is Kind.MODELS:
        return [any_key(item) if item is not None else None for item in plain]
    if kind is Kind.PAIRS:
        return [KEY_VALUE.new(key=name, value=number(amount)) for name, amount in plain.items()]
    if kind is Kind.GROUPS:
        return [list(group) for group in plain]
    if isinstance(plain, (list, tuple)):
        return [number(item) if isinstance(item, float) else item for item in plain] or None
    return number(plain) if isinstance(plain, float) else plain


def parameter(declaration: Declaration, actual: Any, given: Any) -> dict[str, Any]:
    """A parameter with its metadata and values."""
    return PARAMETER.new(
        name=declaration.name,
        label=declaration.name,
        help=_help(declaration),
        required=declaration.required,
        type=type_of(declaration),
        default_value=value(declaration, declaration.default),
        actual_value=value(declaration, actual),
        input_value=value(declaration, given),
        level=declaration.level,
        values=list(declaration.offered_choices),
        is_member_of_frames=list(declaration.member_of),
        is_mutually_exclusive_with=list(declaration.excludes),
        gridable=declaration.gridable,
    )


def _help(declaration: Declaration) -> str:
    refused = f" Not available: {declaration.refused}" if declaration.refused else ""
    return declaration.help + refused


def parameters(
    declared: Mapping[str, Declaration], actual: Mapping[str, Any], given: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """All parameters; those without a value show their default."""
    return [
        parameter(item, actual.get(name, item.default), given.get(name, item.default))
        for name, item in declared.items()
    ]
