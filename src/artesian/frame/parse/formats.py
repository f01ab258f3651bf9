"""Tells the format of a file by its first bytes."""

from __future__ import annotations

import re

from artesian.core.errors import NotAvailable, ParseError
from artesian.frame.parse.setup import Format

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
_NUMBER = rb"[+-]?(?:[\d.]+(?:[eE][+-]?\d+)?|[nN][aA][nN]|[iI][nN][fF])"
_SVMLIGHT = re.compile(_NUMBER + rb"(?:[ \t]+qid:\S*)?(?P<pairs>(?:[ \t]+\d+:" + _NUMBER + rb")*)[ \t]*(?:#.*)?\Z")
_SVMLIGHT_LINES = 2


def detect(head: bytes, title: str) -> Format:
    """The format of a file that starts with these bytes; CSV for any text.

    Raises NotAvailable for version 1 of Feather, ParseError for an empty file.
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
    if kind is Format.CSV and _is_svmlight(head):
        kind = Format.SVMLIGHT
    return kind


def _is_svmlight(head: bytes) -> bool:
    """Whether the first lines that are neither blank nor comments are a label and pairs `index:value`, with pairs in one."""
    lines = head.splitlines()
    if len(head) >= HEAD_BYTES:  # cut off somewhere; in a long first line after whole pairs
        lines = lines[:-1] or [head[: max(0, head.rfind(b" "))]]
    rows = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith(b"#")][:_SVMLIGHT_LINES]
    matches = [_SVMLIGHT.match(row) for row in rows]
    return all(matches) and any(match["pairs"] for match in matches if match)


def is_workbook(names: list[str]) -> bool:
    """Whether an archive of files of these names is a spreadsheet."""
    return "xl/workbook.xml" in names or "xl/workbook.bin" in names
