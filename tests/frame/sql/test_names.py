"""Names of tables and columns in requests, and what counts as a SELECT."""

from __future__ import annotations

import pytest

from artesian.core.errors import InvalidArgument, NotFound
from artesian.frame.sql.names import column_names, find, quoted, select_of, table_name


def test_lists_of_columns() -> None:
    assert column_names("a, b ,c d") == ["a", "b", "c d"]
    assert column_names('"a,b", "say ""x""",c') == ["a,b", 'say "x"', "c"]
    assert column_names("*") == column_names("") == column_names(None) == []
    for wrong in ("a,,b", ",a", "a,", '"a" "b"', '"a'):
        with pytest.raises(InvalidArgument, match="names separated by commas"):
            column_names(wrong)


def test_tables_with_and_without_schema() -> None:
    assert table_name("cars") == ["cars"]
    assert table_name('sales."My.Cars"') == ["sales", "My.Cars"]
    for wrong in ("", "a.b.c", "a.", '"a'):
        with pytest.raises(InvalidArgument, match=r"schema\.table"):
            table_name(wrong)


def test_names_are_found_whatever_their_capitals_unless_that_is_unclear() -> None:
    assert find("CARS", ["cars", "vans"], "table") == "cars"
    assert find("Cars", ["cars", "Cars"], "table") == "Cars"
    with pytest.raises(NotFound, match=r"no table 'CARS'\. It has 'cars', 'Cars'\."):
        find("CARS", ["cars", "Cars"], "table")
    with pytest.raises(NotFound, match=r"no table 'crs'\. Did you mean 'cars'"):
        find("crs", ["cars"], "table")
    with pytest.raises(NotFound, match="has no table at all"):
        find("cars", [], "table")


def test_identifiers_cannot_end_early() -> None:
    assert quoted('a" FROM x; DROP TABLE y --') == '"a"" FROM x; DROP TABLE y --"'


def test_a_query_starts_with_select() -> None:
    assert select_of("  select 1 ;; ") == "select 1"
    for wrong in (
        "",
        "DELETE FROM cars",
        "WITH x AS (DELETE FROM y) SELECT 1",
        "selection",
        "-- x\nSELECT 1",
        "SELECT\0",
    ):
        with pytest.raises(InvalidArgument, match="must be one SELECT"):
            select_of(wrong)
