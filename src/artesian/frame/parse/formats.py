"""Tells the format of a file by its first bytes."""

from __future__ import annotations

import re

from artesian.core.errors import NotAvailable, ParseError
from artesian.frame.parse.setup import Format, check_readable

HEAD_BYTES = 1 << 16

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"PAR1", Format.PARQUET),
    (b"ARROW1", Format.ARROW),
    (b"\xff\xff\xff\xff", Format.ARROW),  # the continuation marker that starts each message of a stream
    (b"ORC", Format.ORC),
    (b"Obj\x01", Format.AVRO),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.XLS),
    (b"PK\x03\x04", Format.XLSX),  # other archives were replaced by the files in them
)
_BINARY = re.compile(rb"[\x00-\x08]")
_FEATHER_1 = b"FEA1"
_ARFF = re.compile(rb"\A(?:[ \t]*(?:%[^\n]*)?\r?\n)*[ \t]*@relation\b", re.IGNORECASE)
_SVMLIGHT = re.compile(rb"\A(?:[+-]?\d+(?:\.\d*)?(?:[ \t]+\d+:[+-]?[\d.eE+-]+)+[ \t]*(?:#[^\n]*)?\r?\n){2}")
_SVMLIGHT_BYTES = 1 << 12


def detect(head: bytes, title: str) -> Format:
    """The format of a file that starts with these bytes; CSV for any text.

    Raises NotAvailable for a format that cannot be read, ParseError for an empty file.
    """
    if not head:
        raise ParseError(f"The file {title} is empty.")
    if head.startswith(_FEATHER_1):
        raise NotAvailable(
            f"The file {title} is of version 1 of Feather, which is not read; write it again as Feather 2 or Parquet."
        )
    kind = next((found for magic, found in _MAGIC if head.startswith(magic)), Format.CSV)
    if kind is Format.ORC and not _BINARY.search(head):  # a text may start with these letters
        kind = Format.CSV
    if kind is Format.CSV and _ARFF.match(head):
        kind = Format.ARFF
    if kind is Format.CSV and _SVMLIGHT.match(head[:_SVMLIGHT_BYTES]):
        kind = Format.SVMLIGHT
    check_readable(kind, title)
    return kind


def is_workbook(names: list[str]) -> bool:
    """Whether an archive of files of these names is a spreadsheet."""
    return "xl/workbook.xml" in names or "xl/workbook.bin" in names
