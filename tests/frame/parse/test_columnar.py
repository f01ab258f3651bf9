"""Parquet and Arrow files, compared with what pyarrow and pandas wrote."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

from artesian.core.errors import ParseError
from artesian.frame import ColumnType
from artesian.frame.parse import Format

from .parsing import damaged, parse_files

ROWS = 60


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """One column of each kind; nulls in most of them."""
    levels = pa.DictionaryArray.from_arrays(pa.array([0, 1, None] * 20, pa.int8()), ["v", "u", "unused", "w"])
    start = dt.datetime(2020, 1, 1)
    return pa.table(
        {
            "flag": pa.array([True, False, None] * 20),
            "small": pa.array(range(ROWS), pa.int8()),
            "big": pa.array([2**40, None, -5] * 20, pa.int64()),
            "unsigned": pa.array([2**63 + 2**11, 1, None] * 20, pa.uint64()),
            "single": pa.array([0.5, None, 1.25] * 20, pa.float32()),
            "double": pa.array(np.linspace(0, 1, ROWS)),
            "nan": pa.array([1.5, float("nan"), float("inf")] * 20),
            "decimal": pa.array([None, 12, 7] * 20, pa.decimal128(10, 2)),
            "unique": pa.array([f"x{i}" for i in range(ROWS)]),
            "words": pa.array(["a", "b", None] * 20),
            "digits": pa.array(["1", "2", "3"] * 20),
            "levels": levels,
            "stamp": pa.array([start + dt.timedelta(hours=i) for i in range(ROWS)], pa.timestamp("us")),
            "zoned": pa.array([start] * ROWS, pa.timestamp("ms", tz="Europe/Berlin")),
            "day": pa.array([dt.date(2020, 1, 1), None, dt.date(1969, 12, 31)] * 20),
            "none": pa.nulls(ROWS),
        }
    )


def write(folder: Path, table: pa.Table, form: str) -> Path:
    path = folder / f"table.{form}"
    if form == "parquet":
        parquet.write_table(table, path, row_group_size=17)
    elif form == "feather":
        feather.write_feather(table, path, compression="lz4")
    elif form == "zstd":
        feather.write_feather(table, path, compression="zstd")
    else:
        with pa.OSFile(str(path), "wb") as file, ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=17)
    return path


FORMS = ["parquet", "feather", "zstd", "arrows"]


@pytest.mark.parametrize("form", FORMS)
def test_values_and_types_are_those_of_the_file(tmp_path: Path, table: pa.Table, form: str) -> None:
    found = parse_files(tmp_path, write(tmp_path, table, form))
    assert found.setup.parse_type is (Format.PARQUET if form == "parquet" else Format.ARROW)
    assert found.frame.names == tuple(table.column_names)
    types = dict(zip(found.frame.names, found.frame.types, strict=True))
    assert types["flag"] is ColumnType.ENUM
    assert types["small"] is types["big"] is types["decimal"] is ColumnType.INT
    assert types["unsigned"] is types["single"] is types["double"] is types["nan"] is ColumnType.REAL
    assert types["unique"] is ColumnType.STRING
    assert types["stamp"] is types["zoned"] is types["day"] is ColumnType.TIME
    assert types["levels"] is ColumnType.ENUM
    assert types["none"] is ColumnType.BAD
    plain = table.to_pydict()
    assert found.values("flag") == [{True: "True", False: "False", None: None}[v] for v in plain["flag"]]
    for name in ("small", "big", "single", "double"):
        assert found.values(name) == plain[name]
    assert found.values("unsigned") == [None if v is None else float(v) for v in plain["unsigned"]]
    assert found.values("nan") == [1.5, None, None] * 20
    assert found.values("decimal") == [None, 12, 7] * 20
    for name in ("unique", "words", "levels"):
        assert found.values(name) == plain[name]
    epoch = pd.Timestamp("1970-01-01")
    assert found.values("stamp") == [(pd.Timestamp(v) - epoch) // pd.Timedelta("1ms") for v in plain["stamp"]]
    assert found.values("zoned") == [1577836800000] * ROWS
    assert found.values("day") == [1577836800000, None, -86400000] * 20


@pytest.mark.parametrize("form", FORMS[1:])
def test_arrow_dictionaries_keep_their_order_and_unused_levels(tmp_path: Path, table: pa.Table, form: str) -> None:
    found = parse_files(tmp_path, write(tmp_path, table, form))
    assert found.frame["levels"].levels == ["v", "u", "unused", "w"]


@pytest.mark.parametrize("form", FORMS[1:])
def test_texts_of_an_arrow_file_stay_texts(tmp_path: Path, table: pa.Table, form: str) -> None:
    found = parse_files(tmp_path, write(tmp_path, table, form))
    assert found.frame["words"].type is found.frame["digits"].type is ColumnType.STRING


def test_texts_of_a_parquet_file_are_guessed_as_in_h2o(tmp_path: Path, table: pa.Table) -> None:
    """H2O-3 3.46.0.12 reads the same file so: words and digits are enum, unique texts string, levels sorted."""
    found = parse_files(tmp_path, write(tmp_path, table, "parquet"))
    assert found.frame["words"].type is found.frame["digits"].type is ColumnType.ENUM
    assert found.frame["digits"].levels == ["1", "2", "3"]
    assert found.frame["levels"].levels == ["u", "v"]


def test_dates_in_texts_of_a_parquet_file_are_times_as_in_h2o(tmp_path: Path) -> None:
    path = write(tmp_path, pa.table({"d": ["2020-01-01", "2020-01-02", None]}), "parquet")
    assert parse_files(tmp_path, path).values("d") == [1577836800000, 1577923200000, None]


@pytest.mark.parametrize("values", [["b", "a", "a"], ["b", None, "a"], [None, None, "c"], [None, None, None]])
@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_pandas_categories_keep_their_order(tmp_path: Path, values: list[Any], compression: str) -> None:
    """pandas writes the index -1 where a value is missing."""
    path = tmp_path / "table.feather"
    categories = ["c", "b", "a"]
    frame = pd.DataFrame({"x": [1, 2, 3], "e": pd.Categorical(values, categories=categories), "s": ["u", "v", "w"]})
    frame["f"] = frame["e"].cat.as_ordered()
    frame.to_feather(path, compression=compression)
    found = parse_files(tmp_path, path)
    assert found.frame["e"].levels == found.frame["f"].levels == categories
    assert found.values("e") == found.values("f") == values
    assert found.values("x") == [1, 2, 3]
    assert found.values("s") == ["u", "v", "w"]


@pytest.mark.parametrize("compression", ["uncompressed", "zstd"])
@pytest.mark.parametrize("level", [pl.CompatLevel.oldest(), pl.CompatLevel.newest()])
def test_polars_enums_keep_their_order(tmp_path: Path, compression: Any, level: Any) -> None:
    path = tmp_path / "table.arrows"
    levels = ["z", "a level longer than twelve bytes", "m"]
    values = pl.Series("e", ["m", "z", None], dtype=pl.Enum(levels))
    pl.DataFrame([values]).write_ipc_stream(path, compression=compression, compat_level=level)
    found = parse_files(tmp_path, path)
    assert found.frame["e"].levels == levels
    assert found.values("e") == ["m", "z", None]


def test_types_asked_for_are_made(tmp_path: Path, table: pa.Table) -> None:
    some = table.select(["small", "digits", "words", "stamp", "flag"])
    found = parse_files(
        tmp_path, write(tmp_path, some, "arrows"), column_types=("enum", "int", "enum", "string", "string")
    )
    assert found.frame.types == (
        ColumnType.ENUM,
        ColumnType.INT,
        ColumnType.ENUM,
        ColumnType.STRING,
        ColumnType.STRING,
    )
    assert found.values("digits") == [1, 2, 3] * 20
    assert found.values("stamp")[0].startswith("2020-01-01 00:00:00")
    assert found.values("small")[:2] == ["0", "1"]


def test_columns_are_skipped_and_named(tmp_path: Path, table: pa.Table) -> None:
    some = table.select(["small", "digits", "words"])
    found = parse_files(tmp_path, write(tmp_path, some, "parquet"), skipped_columns=(1,), column_names=("x", "y", "z"))
    assert found.frame.names == ("x", "z")
    assert found.values("x") == list(range(ROWS))


def test_nested_columns_are_refused_by_name_unless_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, pa.table({"x": [1, 2], "nest": [[1], [2, 3]]}), "parquet")
    with pytest.raises(ParseError, match=r"Column 'nest' of table\.parquet"):
        parse_files(tmp_path, path)
    assert parse_files(tmp_path, path, skipped_columns=(1,)).values("x") == [1, 2]


def test_several_files_of_one_table(tmp_path: Path) -> None:
    first = tmp_path / "a.parquet"
    second = tmp_path / "b.parquet"
    parquet.write_table(pa.table({"x": [1, 2], "y": ["u", "u"]}), first)
    parquet.write_table(pa.table({"x": [300, None], "y": ["a", "u"]}), second)
    found = parse_files(tmp_path, first, second)
    assert found.values("x") == [1, 2, 300, None]
    assert found.frame["y"].levels == ["a", "u"]
    parquet.write_table(pa.table({"x": [1]}), second)
    with pytest.raises(ParseError, match="column names differ"):
        parse_files(tmp_path, first, second)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_table_keeps_its_columns(tmp_path: Path, table: pa.Table, form: str) -> None:
    found = parse_files(tmp_path, write(tmp_path, table.slice(0, 0), form))
    assert found.frame.n_rows == 0
    assert found.frame.names == tuple(table.column_names)


@pytest.mark.parametrize("form", FORMS)
def test_damaged_files_are_an_error_that_names_them(tmp_path: Path, table: pa.Table, form: str) -> None:
    """Bytes in the middle are replaced at random: a table or a sentence, never a crash."""
    path = write(tmp_path, table.select(["small", "digits", "levels"]), form)
    whole = path.read_bytes()
    refused = 0
    for broken in damaged(whole, copies=40, first=8, changes=4):
        path.write_bytes(broken)
        try:
            parse_files(tmp_path, path)
        except ParseError as error:
            refused += 1
            assert path.name in str(error) or "damaged" in str(error)
    assert refused > 0


@pytest.mark.parametrize("form", FORMS)
def test_half_a_file_is_an_error(tmp_path: Path, table: pa.Table, form: str) -> None:
    path = write(tmp_path, table, form)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ParseError, match=path.name.replace(".", r"\.")):
        parse_files(tmp_path, path)


def test_wildcards_in_a_file_name_are_characters(tmp_path: Path) -> None:
    for name in ("a[b].parquet", "a*.parquet", "a?.feather"):
        path = tmp_path / name
        data = pa.table({"x": [1, 2]})
        parquet.write_table(data, path) if name.endswith("parquet") else feather.write_feather(data, path)
        assert parse_files(tmp_path, path).values("x") == [1, 2]


def test_feather_1_is_refused_with_what_to_do(tmp_path: Path) -> None:
    from artesian.core.errors import NotAvailable

    path = tmp_path / "old.feather"
    with pytest.warns(DeprecationWarning):
        feather.write_feather(pd.DataFrame({"x": [1, 2]}), str(path), version=1)
    with pytest.raises(NotAvailable, match="Feather 2"):
        parse_files(tmp_path, path)


def test_a_packed_parquet_file_is_unpacked_first(tmp_path: Path, table: pa.Table) -> None:
    import gzip

    path = write(tmp_path, table.select(["small"]), "parquet")
    packed = tmp_path / "table.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert parse_files(tmp_path, packed).values("small") == list(range(ROWS))


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_numbers_keep_the_type_of_the_file_when_types_are_forced(tmp_path: Path, form: str) -> None:
    data = pa.table({"whole": [0.0, 1.0, 2.0], "real": [0.5, 1.0, 2.0], "int": [1, 2, 3]})
    path = write(tmp_path, data, form)
    free, forced = parse_files(tmp_path, path).frame, parse_files(tmp_path, path, force_types=True).frame
    assert [column.type for column in free.columns] == [ColumnType.INT, ColumnType.REAL, ColumnType.INT]
    assert [column.type for column in forced.columns] == [ColumnType.REAL, ColumnType.REAL, ColumnType.INT]
    assert forced["whole"].floats().tolist() == [0.0, 1.0, 2.0]
    skipped = parse_files(tmp_path, path, force_types=True, skipped_columns=(1,)).frame
    assert [column.type for column in skipped.columns] == [ColumnType.REAL, ColumnType.INT]
    given = parse_files(tmp_path, path, force_types=True, column_types=("int", None, "real")).frame
    assert [column.type for column in given.columns] == [ColumnType.INT, ColumnType.REAL, ColumnType.REAL]


def test_half_precision_keeps_its_fractions(tmp_path: Path) -> None:
    path = tmp_path / "half.parquet"
    parquet.write_table(
        pa.table({"h": pa.array(np.array([1.5, 2.0], np.float16)), "w": np.array([1, 2], np.float16)}), path
    )
    frame = parse_files(tmp_path, path).frame
    assert tuple(frame.types) == (ColumnType.REAL, ColumnType.INT)
    assert [column.values.to_list() for column in frame.columns] == [[1.5, 2.0], [1, 2]]
