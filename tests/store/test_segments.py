"""Frames written to segment files come back as they were, mapped, and share what they share."""

import datetime
from pathlib import Path

import polars as pl
import pytest

from artesian.core.errors import NotFound
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.segment import files_of, forget, open_frame, persist

EVERY_TYPE = pl.DataFrame(
    {
        "u8": [1, 2, 250],
        "i8": [-1, 2, 3],
        "u16": [1, 2, 60_000],
        "i16": [-1, 2, 30_000],
        "i32": [-1, 2, 2_000_000],
        "i64": [-1, 2, 2**40],
        "f32": [0.5, 1.5, 2.25],
        "f64": [0.1, 0.2, 0.3],
        "time": [datetime.datetime(2024, 1, 2), datetime.datetime(1960, 5, 6), datetime.datetime(2030, 1, 1)],
        "string": ["ä", "", "long " * 100],
        "enum": pl.Series(["b", "a", "b"], dtype=pl.Categorical),
    }
)
WITH_MISSING = EVERY_TYPE.with_columns(pl.all().gather([0, None, 2]))


@pytest.mark.parametrize("table", [EVERY_TYPE, WITH_MISSING, EVERY_TYPE.head(0)], ids=["whole", "missing", "empty"])
def test_every_column_type_comes_back_with_its_storage(table, tmp_path):
    frame = Frame.from_polars(table)
    persisted, manifest = persist(frame, tmp_path)
    forget()
    again = open_frame(manifest)
    for name in frame.names:
        assert again[name].type is frame[name].type
        assert again[name].values.dtype == frame[name].values.dtype
        assert again[name].values.to_list() == frame[name].values.to_list() == persisted[name].values.to_list()
        assert again[name].levels == frame[name].levels
    assert again.n_rows == table.height


def test_mapped_values_are_as_large_as_the_values_alone(tmp_path):
    frame, _ = persist(Frame.from_polars(pl.DataFrame({"a": range(1000), "b": range(1000, 2000)})), tmp_path)
    assert frame["a"].values.dtype == pl.UInt16
    assert frame.nbytes == 2 * 2 * 1000


def test_bad_column_of_missing_values_only_comes_back(tmp_path):
    frame = Frame.from_polars(pl.DataFrame({"x": pl.Series([None, None], dtype=pl.Float64)}))
    _, manifest = persist(frame, tmp_path)
    assert open_frame(manifest)["x"].type is ColumnType.BAD
    assert open_frame(manifest)["x"].missing_count == 2


def test_many_levels_go_to_a_file_of_their_own(tmp_path):
    levels = [f"level {i:05d}" for i in range(5000)]
    frame = Frame(["e"], [Column.enums(pl.Series(range(5000)), levels)])
    _, manifest = persist(frame, tmp_path)
    assert len(files_of(manifest)) == 2
    forget()
    assert open_frame(manifest)["e"].levels == levels


def test_column_in_several_chunks_is_written_whole(tmp_path):
    series = pl.concat([pl.Series("a", [1, 2]), pl.Series("a", [3, None])], rechunk=False)
    _, manifest = persist(Frame(["a"], [Column.integers(series)]), tmp_path)
    assert open_frame(manifest)["a"].values.to_list() == [1, 2, 3, None]


def test_derived_frame_shares_the_file_of_its_source(tmp_path):
    first, manifest = persist(Frame.from_polars(EVERY_TYPE), tmp_path)
    _, derived = persist(first.select(["u8", "string"]), tmp_path)
    assert files_of(derived) == files_of(manifest)
    assert len(list(tmp_path.iterdir())) == 1


def test_frame_without_columns_keeps_its_rows(tmp_path):
    _, manifest = persist(Frame([], [], 7), tmp_path)
    assert open_frame(manifest).n_rows == 7
    assert files_of(manifest) == set()


def test_statistics_move_along_with_a_written_column(tmp_path):
    frame = Frame.from_polars(pl.DataFrame({"a": [1.5, 2.5]}))
    vars(frame["a"])["rollups"] = "worked out"
    written, _ = persist(frame, tmp_path)
    assert vars(written["a"])["rollups"] == "worked out"
    assert written["a"].stored is not None


def test_frame_whose_file_is_gone_says_so(tmp_path):
    _, manifest = persist(Frame.from_polars(EVERY_TYPE), tmp_path)
    forget()
    for path in files_of(manifest):
        (tmp_path / path).unlink()
    with pytest.raises(NotFound, match="is gone"):
        open_frame(manifest)


def test_failed_write_leaves_no_file(tmp_path, monkeypatch):
    def fail(*_, **__):
        (next(tmp_path.glob("*.part"), tmp_path / "x.part")).touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_ipc", fail)
    with pytest.raises(OSError, match="No space"):
        persist(Frame.from_polars(EVERY_TYPE), tmp_path)
    assert [path for path in tmp_path.iterdir() if path.name.startswith("segment")] == []


def test_file_that_loses_its_other_frame_while_a_frame_is_written_on_it_stays(store, numbers, monkeypatch):
    store.put_frame("first", numbers(columns=1))
    store.put_frame("second", store.frame("first"))
    [path] = {entry["file"] for entry in store.manifest("first")["columns"]}

    def persist_late(frame, folder):
        store.remove("first")
        return persist(frame, folder)

    monkeypatch.setattr("artesian.store.frames.persist", persist_late)
    assert {entry["file"] for entry in store.manifest("second")["columns"]} == {path}
    assert Path(path).exists()
    store.remove("second")
    assert not Path(path).exists()
