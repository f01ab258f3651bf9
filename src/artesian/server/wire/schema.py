"""Declaration of a wire schema: name, version and fields; requests are read, answers shaped and metadata told from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

Direction = Literal["INPUT", "OUTPUT", "INOUT"]


@dataclass(frozen=True)
class Field:
    """One field of a schema; `echoed` says whether an answer carries it, `member_of` frames whose columns are meant."""

    name: str
    type: str
    help: str
    direction: Direction = "OUTPUT"
    default: Any = None
    required: bool = False
    echoed: bool = True
    schema: str | None = None
    values: tuple[str, ...] = ()
    level: str = "critical"
    gridable: bool = False
    inherited_from: str | None = None
    member_of: tuple[str, ...] = ()

    @property
    def is_input(self) -> bool:
        """Whether a request may carry the field."""
        return self.direction != "OUTPUT"


def out(name: str, type: str, help: str, default: Any = None, *, of: str | None = None) -> Field:
    """A field that only answers carry; `of` names the schema of its value or elements."""
    return Field(name, type, help, "OUTPUT", default, schema=of)


def given(
    name: str,
    type: str,
    help: str,
    default: Any = None,
    *,
    required: bool = False,
    echoed: bool = True,
    of: str | None = None,
    values: Iterable[str] = (),
    level: str = "critical",
    direction: Direction = "INPUT",
    member_of: Iterable[str] = (),
) -> Field:
    """A field that requests carry, and answers too unless not `echoed`."""
    return Field(
        name,
        type,
        help,
        direction,
        default,
        required,
        echoed,
        of or _key_schema(type),
        tuple(values),
        level,
        member_of=tuple(member_of),
    )


def both(name: str, type: str, help: str, default: Any = None, **more: Any) -> Field:
    """A field of requests and answers alike."""
    return given(name, type, help, default, direction="INOUT", **more)


def _key_schema(type_name: str) -> str | None:
    kind = type_name.removesuffix("[]")
    return {"Key<Frame>": "FrameKeyV3", "Key<Model>": "ModelKeyV3", "Key<Job>": "JobKeyV3", "Key<Keyed>": "KeyV3"}.get(
        kind
    )


@dataclass(frozen=True)
class Schema:
    """A named shape of JSON objects."""

    name: str
    type: str
    fields: tuple[Field, ...]
    version: int = 3
    parent: str = "SchemaV3"
    meta: dict[str, Any] = dataclasses.field(default_factory=dict, compare=False)

    def new(self, **values: Any) -> dict[str, Any]:
        """An answer: `__meta`, then every echoed field in order, its default where no value is given."""
        shaped = self._blank | values
        if len(shaped) > len(self._blank):
            raise TypeError(f"{self.name} has no fields {sorted(values.keys() - self._blank.keys())}")
        return shaped

    @cached_property
    def _blank(self) -> dict[str, Any]:
        head = {"__meta": self.meta} if self.version != 4 else {"__schema": f"/4/schemas/{self.name}"}
        return head | {field.name: field.default for field in self.fields if field.echoed}

    @property
    def inputs(self) -> dict[str, Field]:
        """The fields that a request may carry, by name."""
        return {field.name: field for field in self.fields if field.is_input}


EXCLUDE = Field(
    "_exclude_fields",
    "string",
    "Paths of fields to leave out of the answer, separated by commas, such as frames/columns/data.",
    "INPUT",
    "",
    inherited_from="RequestSchemaV3",
)
_schemas: dict[str, Schema] = {}


def declare(
    name: str, type: str, *fields: Field, version: int = 3, request: bool = False, parent: str | None = None
) -> Schema:
    """Declares a schema; `request` ones also take `_exclude_fields`. A name can be declared once."""
    if name in _schemas:
        raise ValueError(f"schema {name} is declared twice")
    head = (EXCLUDE,) if request else ()
    base = parent or ("RequestSchemaV3" if request else "OutputSchemaV4" if version == 4 else "SchemaV3")
    meta = {"schema_version": version, "schema_name": name, "schema_type": type}
    _schemas[name] = schema = Schema(name, type, (*head, *fields), version, base, meta)
    return schema


def schemas() -> dict[str, Schema]:
    """All declared schemas by name."""
    return _schemas
