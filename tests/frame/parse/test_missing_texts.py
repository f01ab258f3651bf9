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


@pytest.mark.parametrize("cell", ["", "NA"])
def test_a_column_of_nothing_keeps_the_type_that_it_was_told(tmp_path: Path, cell: str) -> None:
    """As the reference answers; a category without levels is bad there, and so is a number here."""
    told = ("string", "time", "uuid", "enum", "numeric")
    text = "i,s,t,u,e,n\n" + "".join(f"{i}{f',{cell}' * 5}\n" for i in range(3))
    found = parse_text(tmp_path, text, column_types=("numeric", *told), na_strings=(("", "NA"),) * 6)
    assert [kind.value for kind in found.frame.types] == ["int", "string", "time", "uuid", "bad", "bad"]
    assert all(found.frame[name].missing_count == 3 for name in "stuen")
