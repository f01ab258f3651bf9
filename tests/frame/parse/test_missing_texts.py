"""Which texts count as missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from .parsing import parse_text

# an empty field, a quoted empty one and a blank one
TABLE = 'n,c\n1,one\n2,""\n3,\n4," "\n'


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        # as H2O-3 answers: the quoted empty text is a value unless it is listed, a blank is never taken for it
        ((), "enum", ["one", "", None, " "]),
        ((), "string", ["one", "", None, " "]),
        (("",), "enum", ["one", None, None, " "]),
        (("",), "string", ["one", None, None, " "]),
        (("one", ""), "enum", [None, None, None, " "]),
    ],
)
def test_empty_text(tmp_path: Path, given: tuple[str, ...], kind: str, expected: list[str | None]) -> None:
    missing = ((), given) if given else None
    found = parse_text(tmp_path, TABLE, column_types=(None, kind), na_strings=missing)
    assert found.values("c") == expected
