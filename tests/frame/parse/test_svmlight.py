"""SVMLight files, written by scikit-learn; they stay sparse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import dump_svmlight_file

from artesian.core.errors import ParseError, TooLarge
from artesian.frame import ColumnType
from artesian.frame.parse import Format
from artesian.frame.segment import open_frame, persist
from artesian.frame.sparse import SparseColumn
from artesian.frame.summary import rollups

from .parsing import parse_files, parse_text


def dump(folder: Path, rows: int, columns: int, density: float, **options: Any) -> tuple[Path, np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    table = scipy.sparse.random(rows, columns, density, format="csr", random_state=3, data_rvs=random.standard_normal)
    labels = random.integers(-1, 2, rows).astype(np.float64)
    path = folder / "table.svm"
    dump_svmlight_file(table, labels, str(path), zero_based=False, **options)
    return path, table.toarray(), labels


def test_columns_are_those_that_scikit_learn_wrote(tmp_path: Path) -> None:
    path, table, labels = dump(tmp_path, 300, 40, 0.1)
    found = parse_files(tmp_path, path)
    assert found.setup.parse_type is Format.SVMLIGHT
    assert found.setup.column_types == ("Numeric",) * 41
    assert found.frame.names == tuple(f"C{i + 1}" for i in range(41))
    np.testing.assert_array_equal(found.frame["C1"].floats(), labels)
    for j in range(40):
        np.testing.assert_allclose(found.frame[f"C{j + 2}"].floats(), table[:, j], rtol=1e-15)
    assert found.setup.preview[0][0] == repr(float(labels[0]))


def test_mostly_zero_columns_are_kept_sparse_and_come_back(tmp_path: Path) -> None:
    path, table, _ = dump(tmp_path, 500, 60, 0.02)
    frame = parse_files(tmp_path, path).frame
    assert all(isinstance(column, SparseColumn) for column in frame.columns[1:])
    opened = open_frame(json.loads(json.dumps(persist(frame, tmp_path)[1])))
    for j in (0, 7, 59):
        column = opened[f"C{j + 2}"]
        np.testing.assert_allclose(column.floats(), table[:, j], rtol=1e-15)
        assert rollups(column).mean == pytest.approx(table[:, j].mean())
        assert rollups(column).sigma == pytest.approx(table[:, j].std(ddof=1))
        assert rollups(column).zero_count == (table[:, j] == 0).sum()


def test_columns_with_many_values_are_dense(tmp_path: Path) -> None:
    frame = parse_text(tmp_path, "1 1:1 2:2\n0 1:3\n1 1:4\n0 1:5\n" * 4, name="t.svm").frame
    assert not isinstance(frame["C2"], SparseColumn)
    assert frame["C2"].values.to_list() == [1, 3, 4, 5] * 4
    assert frame["C3"].values.to_list() == [2, 0, 0, 0] * 4


def test_comments_blank_lines_query_ids_and_signs(tmp_path: Path) -> None:
    text = "# a comment\n\n+1 qid:3 1:0.5  3:1e-3 # first\r\n-1\t2:+4 4:nan\n\n  0 \n.5 1:-.25\n"
    found = parse_text(tmp_path, text, name="t.svm")
    assert found.setup.parse_type is Format.SVMLIGHT
    assert found.values("C1") == [1, -1, 0, 0.5]
    assert found.values("C2") == [0.5, 0, 0, -0.25]
    assert found.values("C3") == [0, 4, 0, 0]
    assert found.values("C4") == pytest.approx([1e-3, 0, 0, 0])
    assert found.values("C5") == [0, None, 0, 0]


def test_one_row_and_rows_without_entries(tmp_path: Path) -> None:
    assert parse_text(tmp_path, "3 2:5", name="t.svm").values("C3") == [5]
    empty = parse_text(tmp_path, "1\n2\n", name="t.svm", parse_type="SVMLight")
    assert (empty.frame.names, empty.values("C1")) == (("C1",), [1, 2])


def test_types_are_as_narrow_as_the_values(tmp_path: Path) -> None:
    rows = ["1 1:200 2:-5 3:70000 4:0.5 5:0.1 6:5000000000", *["0"] * 20]
    frame = parse_text(tmp_path, "\n".join(rows), name="t.svm").frame
    assert [str(column.values.dtype) for column in frame.columns[1:]] == [
        "UInt8",
        "Int8",
        "Int32",
        "Float32",
        "Float64",
        "Int64",
    ]
    assert frame.types[1:] == (
        *[ColumnType.INT] * 3,
        *[ColumnType.REAL] * 2,
        ColumnType.INT,
    )


def test_options_apply(tmp_path: Path) -> None:
    text = "1 1:7 2:9 3:1\n-1 2:8\n" * 10
    found = parse_text(
        tmp_path,
        text,
        name="t.svm",
        column_types=("enum", None, None, "real"),
        column_names=("y", "a", "b", "c"),
        na_strings=((), ("7",), (), ()),
        skipped_columns=(2,),
        force_types=True,
    )
    assert found.frame.names == ("y", "a", "c")
    assert found.values("y") == ["1", "-1"] * 10
    assert found.frame["y"].levels == ["-1", "1"]
    assert found.values("a") == [None, 0] * 10
    assert found.frame["c"].type is ColumnType.REAL


def test_several_files_are_one_table(tmp_path: Path) -> None:
    (tmp_path / "a.svm").write_text("1 1:1\n0 1:2\n")
    (tmp_path / "b.svm").write_text("1 3:7\n")
    found = parse_files(tmp_path, tmp_path / "a.svm", tmp_path / "b.svm")
    assert [found.values(name) for name in found.frame.names] == [[1, 0, 1], [1, 2, 0], [0, 0, 0], [0, 0, 7]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 1:2\n1 3:4\n1 x:3\n", "Line 3 of t.svm is no row of SVMLight"),
        ("1 1:2\n1 3:4\nword 1:3\n", "Line 3"),
        ("1 1:2\n1 3:4\n\n1 2\n", "Line 4"),
        ("1 1:2\n1 3:4\n1 2:\n", "Line 3"),
        ("1 1:2\n1 3:4\n1 :2\n", "Line 3"),
        ("1 1:2\n1 3:4\n2:2\n", "Line 3"),
        ("1 1:2\n1 3:4\n1 -2:2\n", "Line 3"),
        ("1 1:2\n1 3:4\n1 0:2\n", "Line 3 of t.svm has the index 0; indices of SVMLight start at 1"),
        ("1 1:2\n1 3:4\n1 3:2 3:5\n", "Line 3 of t.svm has the index 3 after 3"),
        ("1 1:2\n1 3:4\n1 3:2 2:5\n", "Line 3 of t.svm has the index 2 after 3"),
        ("# nothing\n", "holds no data"),
    ],
)
def test_damaged_files_are_an_error_that_says_where(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        parse_text(tmp_path, text, name="t.svm", parse_type="" if "1 1:2" in text else "SVMLight")


def test_an_index_beyond_the_limit_of_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="max_columns"):
        parse_text(tmp_path, "1 1:2\n1 4000000000:4\n", name="t.svm")


def test_what_only_looks_like_svmlight_is_a_table(tmp_path: Path) -> None:
    assert parse_text(tmp_path, "1 2\n3 4\n", name="t.csv").setup.parse_type is Format.CSV
    assert parse_text(tmp_path, "1 1:2\n3 4:5\n", name="t.csv", parse_type="CSV").setup.parse_type is Format.CSV


WIDE = """
import pathlib, resource, sys
import numpy as np
from artesian.core.settings import load
from artesian.frame.parse import Source, guess_setup, parse
from artesian.frame.summary import rollups_of
folder = pathlib.Path(sys.argv[1])
settings = load({"import_roots": [str(folder)]}, environment={})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = [Source(str(folder / "wide.svm"))]
frame = parse(source, guess_setup(source, None, settings), folder=folder, settings=settings).frame
found = rollups_of(frame.columns)
total = sum(one.mean * one.rows for one in found[1:])
print(frame.n_rows, frame.n_columns, total, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_hundred_thousand_columns_are_never_dense(tmp_path: Path) -> None:
    """1,000 rows × 100,000 columns with 1 % of values: 100 million cells, of which one million are kept."""
    random = np.random.default_rng(1)
    total = 0
    with (tmp_path / "wide.svm").open("w") as file:
        for row in range(1_000):
            columns = np.unique(random.integers(1, 100_001, 1_000))
            columns[-1] = 100_000
            values = random.integers(1, 100, len(columns))
            total += int(values.sum())
            file.write(f"{row % 2} " + " ".join(f"{c}:{v}" for c, v in zip(columns, values, strict=True)) + "\n")
    answer = subprocess.run([sys.executable, "-c", WIDE, str(tmp_path)], capture_output=True, text=True, check=True)
    rows, columns, found, megabytes = answer.stdout.split()
    assert (int(rows), int(columns), float(found)) == (1_000, 100_001, pytest.approx(total))
    assert int(megabytes) < 400  # as doubles the cells would take 800 MB
