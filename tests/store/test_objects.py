"""Objects by key: putting, finding, replacing, removing, and the files behind them."""

import shutil
import threading
from pathlib import Path

import polars as pl
import pytest

from artesian.core.errors import Conflict, InvalidArgument, NotFound
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.column_file import write_column
from artesian.frame.segment import open_frame, persist
from artesian.store import Kind


def segments(store):
    return sorted(path.name for path in store.segment_folder.iterdir())


def test_frame_is_found_by_its_key(store, numbers):
    frame = numbers()
    store.put_frame("f", frame)
    assert "f" in store
    assert store.keys() == store.keys(Kind.FRAME) == ["f"]
    assert store.kind_of("f") is Kind.FRAME
    assert store.entry("f").nbytes == 8000
    assert store.frame("f").to_polars().equals(frame.to_polars())
    assert store.frame("f") is store.frame("f")


def test_unknown_key_names_a_near_one(store, numbers):
    store.put_frame("training", numbers())
    with pytest.raises(NotFound, match=r"no frame 'trainin'\. Did you mean 'training'"):
        store.frame("trainin")
    with pytest.raises(NotFound, match="no object 'trainin'"):
        store.remove("trainin")
    store.remove("trainin", missing_ok=True)


def test_object_of_another_kind_is_said_to_be_one(store):
    store.put_document(Kind.METRICS, "x", {})
    with pytest.raises(NotFound, match="There is no frame 'x': the object of that key is of kind metrics"):
        store.frame("x")


@pytest.mark.parametrize("key", ["", "a\nb", "x" * 600])
def test_impossible_key_is_refused(store, numbers, key):
    with pytest.raises(InvalidArgument, match="cannot name an object"):
        store.put_frame(key, numbers())


def test_later_object_replaces_the_earlier_of_its_key(store, numbers):
    store.put_frame("x", numbers(10))
    store.manifest("x")
    store.put_frame("x", numbers(20))
    assert store.frame("x").n_rows == 20
    assert segments(store) == []
    store.put_document(Kind.METRICS, "x", {"a": 1})
    assert store.keys() == ["x"]
    assert store.document(Kind.METRICS, "x") == {"a": 1}
    assert store.usage()["in_memory"] == 0


def test_manifest_writes_the_columns_once_and_opens_elsewhere(store, numbers):
    store.put_frame("f", numbers(100, 2))
    manifest = store.manifest("f")
    assert store.manifest("f") == manifest
    assert len(segments(store)) == 1
    assert open_frame(manifest).to_polars().equals(store.frame("f").to_polars())
    assert store.frame("f")["c0"].stored is not None


def test_shared_file_goes_with_the_last_frame_that_uses_it(store, numbers):
    store.put_frame("all", numbers(100, 2))
    store.manifest("all")
    store.put_frame("part", store.frame("all").select(["c1"]))
    store.remove("all")
    assert len(segments(store)) == 1
    assert store.frame("part").to_polars().equals(numbers(100, 2).select(["c1"]).to_polars())
    store.remove("part")
    assert segments(store) == []
    assert store.nbytes() == 0


def test_frames_that_share_columns_in_memory_write_them_once(store, numbers):
    frame = numbers(100, 2)
    store.put_frame("a", frame)
    store.put_frame("b", frame.select(["c1"]))
    assert store.usage()["in_memory"] == 1600
    store.manifest("a")
    store.manifest("b")
    assert len(segments(store)) == 1
    assert store.usage()["in_memory"] == 0


def test_frame_derived_from_a_removed_one_stays_whole(store, numbers):
    store.put_frame("source", numbers(100, 2))
    store.manifest("source")
    derived = store.frame("source").select(["c0"])  # as an expression holds it while its source is dropped
    store.remove("source")
    assert segments(store) == []
    store.put_frame("derived", derived)
    manifest = store.manifest("derived")
    assert open_frame(manifest).to_polars().equals(numbers(100, 2).select(["c0"]).to_polars())


def test_levels_in_a_file_of_a_removed_frame_stay_whole(store):
    levels = [f"level {i:05d}" for i in range(3000)]
    store.put_frame("source", Frame(["e"], [Column.enums(pl.Series(range(3000)), levels)]))
    store.manifest("source")
    derived = Frame(["e"], [store.frame("source")["e"].slice(5, 2)])
    store.remove("source")
    store.put_frame("derived", derived)
    assert open_frame(store.manifest("derived")).to_polars()["e"].to_list() == levels[5:7]


def test_worker_files_are_moved_into_the_store(store, numbers):
    scratch = store.scratch_folder / "job"
    scratch.mkdir()
    written, manifest = persist(numbers(50, 2), scratch)
    _, shared = persist(written.select(["c1"]), scratch)
    store.put_manifest("both", manifest)
    store.put_manifest("one", shared)
    assert list(scratch.iterdir()) == []
    assert len(segments(store)) == 1
    assert store.frame("one").to_polars().equals(numbers(50, 2).select(["c1"]).to_polars())
    assert store.entry("both").nbytes == 800


def test_manifest_of_a_file_that_is_gone_is_refused(store, numbers):
    scratch = store.scratch_folder / "job"
    scratch.mkdir()
    _, manifest = persist(numbers(), scratch)
    next(scratch.iterdir()).unlink()
    with pytest.raises(NotFound, match="is gone"):
        store.put_manifest("f", manifest)
    assert "f" not in store


def test_lease_keeps_files_until_it_is_released(store, numbers):
    store.put_frame("f", numbers(10))
    manifest = store.manifest("f")
    with store.lease(store.paths_in({"frames": [{"manifest": manifest}]})):
        store.remove("f")
        assert len(segments(store)) == 1
        assert open_frame(manifest).n_rows == 10
    assert segments(store) == []
    with pytest.raises(NotFound, match="removed meanwhile"):
        store.lease(store.paths_in(manifest))


def test_paths_are_found_in_nested_arguments_and_nothing_else(store, make_model, numbers):
    store.put_frame("f", numbers(10))
    store.put_model("m", make_model())
    manifest = store.manifest("f")
    arguments = {"a": [{"manifest": manifest}], "b": (store.model_folder("m"),), "c": str(store.scratch_folder / "x")}
    assert store.paths_in(arguments) == {manifest["columns"][0]["file"], str(store.model_folder("m"))}


def test_model_folder_is_adopted_and_removed_with_its_key(store, make_model):
    source = make_model(details={"rmse": 1.5})
    store.put_model("m", source)
    assert not source.exists()
    assert store.model_details("m") == {"rmse": 1.5}
    assert (store.model_folder("m") / "arrays.safetensors").stat().st_size == 1000
    folder = store.model_folder("m")
    store.put_model("m", make_model())
    assert not folder.exists()
    store.remove("m")
    assert list(folder.parent.iterdir()) == []


def test_model_in_training_has_details_but_no_folder(store, make_model):
    store.put_partial_model("m", {"epochs": 1})
    store.put_partial_model("m", {"epochs": 2})
    assert store.model_details("m") == {"epochs": 2}
    with pytest.raises(Conflict, match="still being trained"):
        store.model_folder("m")
    store.put_model("m", make_model(details={"epochs": 3}))
    assert store.model_details("m") == {"epochs": 3}


def test_folder_without_details_is_no_model(store):
    folder = store.scratch_folder / "half"
    folder.mkdir()
    with pytest.raises(InvalidArgument, match=r"no finished model: it holds no details\.json"):
        store.put_model("m", folder)


def test_document_is_a_copy(store):
    store.put_document(Kind.METRICS, "m", {"auc": 0.5})
    store.document(Kind.METRICS, "m")["auc"] = 1
    assert store.document(Kind.METRICS, "m") == {"auc": 0.5}
    with pytest.raises(InvalidArgument, match="no document"):
        store.put_document(Kind.FRAME, "m", {})


def test_upload_goes_with_its_key_but_an_imported_file_stays(store, tmp_path):
    upload, imported = store.new_upload_path(), tmp_path / "cars.csv"
    upload.write_text("a,b")
    imported.write_text("a,b,c")
    store.put_file("upload", upload)
    store.put_file("imported", imported)
    store.put_file("remote", "https://example.org/cars.csv")
    assert store.file("upload") == upload
    assert store.file("imported") == imported
    assert store.file("remote") == "https://example.org/cars.csv"
    assert store.entry("imported").nbytes == 5
    store.remove_all()
    assert not upload.exists()
    assert imported.exists()


def test_remove_all_keeps_what_it_is_told_to(store, numbers):
    for key in "abc":
        store.put_frame(key, numbers(10))
    assert store.remove_all(keep=["b"]) == ["a", "c"]
    assert store.keys() == ["b"]


def test_session_takes_its_temporaries_along(store, numbers):
    session = store.open_session()
    store.put_frame("named", numbers(10))
    store.put_frame("t1", numbers(10), session=session)
    store.put_frame("t2", store.frame("named").slice(0, 5), session=session)
    store.put_frame("other", numbers(10), session="another")
    assert store.session_keys(session) == ["t1", "t2"]
    assert store.entry("t1").session == session
    assert store.close_session(session) == ["t1", "t2"]
    assert store.keys() == ["named", "other"]
    assert store.sessions() == ["another"]
    assert store.close_session("never opened") == []


def test_temporary_that_is_named_anew_outlives_the_session(store, numbers):
    store.put_frame("x", numbers(10), session="s")
    store.put_frame("x", store.frame("x"))
    store.close_session("s")
    assert "x" in store


def test_idle_session_is_closed(open_store, numbers, monkeypatch):
    monkeypatch.setattr("artesian.store.flusher._TICK_SECS", 0.05)
    store = open_store(session_idle_secs=1)
    store.put_frame("t", numbers(10), session="s")
    store.put_frame("kept", numbers(10), session="busy")
    deadline = threading.Event()
    for _ in range(60):
        store.touch("busy")
        deadline.wait(0.05)
        if "t" not in store:
            break
    assert store.sessions() == ["busy"]
    assert store.keys() == ["kept"]


def test_notes_live_apart_from_objects(store):
    store.blobs.put("notebook", "first flow", b"\x00one")
    store.blobs.put("notebook", "second", b"two")
    store.blobs.put("clips", "c", b"")
    store.remove_all()
    assert store.blobs.categories() == ["clips", "notebook"]
    assert [(e.name, e.nbytes) for e in store.blobs.entries("notebook")] == [("first flow", 4), ("second", 3)]
    assert store.blobs.get("notebook", "first flow") == b"\x00one"
    assert store.blobs.exists("notebook", "second")
    assert not store.blobs.exists("nothing")
    with pytest.raises(NotFound, match="Did you mean 'second'"):
        store.blobs.get("notebook", "secand")
    store.blobs.remove("notebook", "second")
    assert not store.blobs.exists("notebook", "second")


def test_closed_store_says_so(store, numbers):
    store.close()
    with pytest.raises(Conflict, match="store is closed"):
        store.put_frame("f", numbers())
    with pytest.raises(Conflict, match="store is closed"):
        store.frame("f")
    store.close()


def test_many_threads_put_share_write_and_remove(store, numbers):
    """Whatever interleaving: no error, no wrong value, and nothing is left over at the end."""
    base = numbers(200, 4)
    store.put_frame("base", base)
    errors = []

    def work(number):
        try:
            for step in range(25):
                key = f"f{number}_{step % 3}"
                store.put_frame(key, store.frame("base").select([step % 4, (step + 1) % 4]))
                if step % 2:
                    assert open_frame(store.manifest(key)).n_rows == 200
                assert store.frame(key).columns[0].values.equals(base.columns[step % 4].values)
                if step % 5 == 4:
                    store.remove(key)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    store.remove_all()
    assert segments(store) == []
    assert store.usage()["in_memory"] == store.usage()["on_disk"] == 0


def test_columns_in_scratch_files_are_taken_over_without_being_written_again(store):
    scratch = store.scratch_folder / "work"
    scratch.mkdir()
    values, stored = write_column(scratch, pl.Float64, 3, [pl.Series([0.5, None, 2.5])])
    frame = Frame(["x"], [Column(ColumnType.REAL, values, stored=stored)])
    file_number = Path(stored.path).stat().st_ino
    store.put_frame("a", frame)
    store.put_frame("b", frame)
    shutil.rmtree(scratch)
    [path] = store.segment_folder.iterdir()
    assert path.stat().st_ino == file_number
    assert store.usage()["in_memory"] == 0
    assert {entry["file"] for key in "ab" for entry in store.manifest(key)["columns"]} == {str(path)}
    assert store.frame("b")["x"].values.to_list() == [0.5, None, 2.5]
    store.put_frame("late", frame)  # the scratch file is gone by now, its values are not
    store.remove("a")
    store.remove("b")
    assert not path.exists()
    assert store.frame("late")["x"].values.to_list() == [0.5, None, 2.5]


def test_removals_are_told_from_where_they_were_read(store):
    for key in "abc":
        store.put_frame(key, Frame.from_polars(pl.DataFrame({"x": [1.0]})))
    store.remove("a")
    count, removed = store.removals(0)
    assert (count, list(removed)) == (1, ["a"])
    store.put_frame("b", Frame.from_polars(pl.DataFrame({"x": [2.0]})))  # put in place of the earlier one: not removed
    assert store.removals(count) == (1, {})
    store.remove_all()
    count, removed = store.removals(count)
    assert (count, sorted(removed)) == (3, ["b", "c"])
    assert removed["b"][0] == "frame"
