"""Reads fields of flatbuffer tables in place: as much as the messages of Arrow IPC need, and nothing is written."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from artesian.core.errors import ParseError


@dataclass(frozen=True)
class FlatTable:
    """A flatbuffer table at an absolute position in some bytes; fields are named by their numbers in the schema."""

    data: memoryview
    position: int

    def slot(self, number: int) -> int | None:
        """Absolute position of a field's value, or None where the field is absent."""
        vtable = self.position - read_at("<i", self.data, self.position)
        where = 4 + 2 * number
        if where >= read_at("<H", self.data, vtable):
            return None
        offset = read_at("<H", self.data, vtable + where)
        return self.position + offset if offset else None

    def table(self, number: int) -> FlatTable:
        """The table that a field points to; ParseError where it is absent."""
        slot = self.slot(number)
        if slot is None:
            raise ParseError("The Arrow file is damaged: a message lacks a part.")
        return FlatTable(self.data, slot + read_at("<I", self.data, slot))

    def byte(self, number: int) -> int:
        """A field of one byte, 0 where absent."""
        slot = self.slot(number)
        return 0 if slot is None else self.data[slot]

    def long(self, number: int) -> int:
        """A field of eight bytes, 0 where absent."""
        slot = self.slot(number)
        return 0 if slot is None else read_at("<q", self.data, slot)

    def text(self, number: int) -> str:
        """A text, empty where absent."""
        start, length = self.vector(number)
        return bytes(self.data[start : start + length]).decode("utf-8", errors="replace")

    def vector(self, number: int) -> tuple[int, int]:
        """Absolute position of the first element and the number of elements."""
        slot = self.slot(number)
        if slot is None:
            return 0, 0
        start = slot + read_at("<I", self.data, slot)
        return start + 4, read_at("<I", self.data, start)


def read_at(form: str, data: memoryview, position: int) -> int:
    """The number of that `struct` form at that position; IndexError before the start, struct.error beyond the end."""
    if position < 0:
        raise IndexError("a position before the start of the data")
    return int(struct.unpack_from(form, data, position)[0])
