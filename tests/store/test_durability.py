"""What a data folder keeps: across a restart, across kill -9 at any moment, and away from a second server."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from artesian.core.errors import Conflict, InvalidArgument
from artesian.core.settings import Settings
from artesian.store import Kind, Store
from artesian.store.catalogue import Catalogue


def start_python(source, *arguments):
    """A child Python process that runs the source and whose output lines can be read."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(source), *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_restart_finds_everything(open_store, numbers, make_model):
    store = open_store()
    store.put_frame("f", numbers(100, 2))
    store.put_frame("temporary", store.frame("f").select(["c1"]), session="s")
    store.put_model("m", make_model(into=store, details={"rmse": 2.5}))
    store.put_document(Kind.METRICS, "metrics", {"auc": 0.75})
    upload = store.new_upload_path()
    upload.write_text("a,b")
    store.put_file("upload", upload)
    store.put_file("remote", "s3://bucket/cars.csv")
    store.blobs.put("notebook", "n", b"{}")
    entries = [store.entry(key) for key in store]
    store.close()

    store = open_store()
    assert sorted([store.entry(key) for key in store], key=str) == sorted(entries, key=str)
    assert store.frame("f").to_polars().equals(numbers(100, 2).to_polars())
    assert store.frame("temporary").names == ("c1",)
    assert store.session_keys("s") == ["temporary"]
    assert store.model_details("m") == {"rmse": 2.5}
    assert store.document(Kind.METRICS, "metrics") == {"auc": 0.75}
    assert store.file("upload").read_text() == "a,b"
    assert store.file("remote") == "s3://bucket/cars.csv"
    assert store.blobs.get("notebook", "n") == b"{}"
    store.remove_all()
    assert [path for part in ("segments", "models", "uploads") for path in (store.folder / part).iterdir()] == []


def test_data_folder_may_be_moved(open_store, numbers, tmp_path):
    store = open_store()
    store.put_frame("f", numbers())
    store.close()
    (tmp_path / "data").rename(tmp_path / "moved")
    with Store(Settings(data_dir=str(tmp_path / "moved"))) as moved:
        assert moved.frame("f").to_polars().equals(numbers().to_polars())


def test_frames_are_written_in_the_background(open_store, numbers):
    store = open_store()
    store.put_frame("f", numbers())
    deadline = time.monotonic() + 5
    while store.usage()["in_memory"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert store.usage()["in_memory"] == 0
    assert store.frame("f")["c0"].stored is not None


def test_short_lived_temporaries_never_reach_the_disk(open_store, numbers):
    store = open_store()
    for number in range(20):
        store.put_frame(f"t{number}", numbers(), session="s")
        store.remove(f"t{number}")
    store.flush()
    assert list(store.segment_folder.iterdir()) == []


PUTTER = """
    import sys
    import numpy as np, polars as pl
    from artesian.core.settings import Settings
    from artesian.frame import Frame
    from artesian.store import Kind, Store

    store = Store(Settings(data_dir=sys.argv[1]))
    base = int(sys.argv[2])
    print("open", flush=True)
    number = base
    while True:
        # every value tells its key, so that a mixed-up or torn file shows
        values = np.full(20_000, float(number)) + np.arange(20_000) / 1e6
        frame = Frame.from_polars(pl.DataFrame({"a": values, "b": values * 2}))
        store.put_frame(f"f{number}", frame)
        store.put_frame("same key", frame)
        store.put_frame(f"part{number}", store.frame(f"f{number}").select(["b"]), session="s")
        folder = store.scratch_folder / f"m{number}"
        folder.mkdir()
        (folder / "weights").write_bytes(bytes(100_000))
        (folder / "details.json").write_text('{"number": %d}' % number)
        store.put_model(f"m{number}", folder)
        store.put_document(Kind.METRICS, f"d{number}", {"number": number})
        if number % 3 == 0:
            store.remove(f"f{number}")
        if number % 5 == 0:
            store.flush()
            print(number, flush=True)
        number += 1
"""


def check_everything_named_is_whole(store):
    for key in store:
        match store.kind_of(key):
            case Kind.FRAME:
                frame = store.frame(key)
                name = frame.names[-1]
                number = round(frame[name].values[0] / 2)
                assert frame.n_rows == 20_000
                assert frame[name].values[19_999] == pytest.approx(2 * (number + 0.019999), abs=1e-9)
                assert key == "same key" or key.lstrip("fpart") == str(number)
            case Kind.MODEL:
                assert store.model_details(key) == {"number": int(key[1:])}
                assert (store.model_folder(key) / "weights").stat().st_size == 100_000
            case Kind.METRICS:
                assert store.document(Kind.METRICS, key) == {"number": int(key[1:])}


def test_kill_at_any_moment_leaves_everything_named_whole(tmp_path):
    """Nine servers in turn on one folder, each killed at a random moment; after each kill all that is named is readable,
    what was flushed is there, and no unnamed file remains."""
    chance = random.Random(20240501)
    folder = tmp_path / "data"
    for life in range(9):
        process = start_python(PUTTER, folder, life * 1000)
        assert process.stdout.readline() == "open\n"
        if life == 8:
            flushed = int(process.stdout.readline())
        time.sleep(chance.uniform(0, 0.25))
        kill(process)
        with Store(Settings(data_dir=str(folder))) as store:
            check_everything_named_is_whole(store)
            named = {e["file"] for key in store.keys(Kind.FRAME) for e in store.manifest(key)["columns"]}
            assert {str(path) for path in store.segment_folder.iterdir()} == named
            assert list(store.scratch_folder.iterdir()) == []
            if life == 8:
                assert f"part{flushed}" in store
                assert f"m{flushed}" in store
                assert "same key" in store


def test_files_reach_the_disk_before_the_catalogue_names_them(open_store, numbers, make_model, monkeypatch):
    store = open_store()
    events = []
    fsync, put = os.fsync, Catalogue.put
    monkeypatch.setattr(os, "fsync", lambda fd: (events.append(str(Path(f"/proc/self/fd/{fd}").readlink())), fsync(fd)))
    monkeypatch.setattr(Catalogue, "put", lambda self, row, files: (events.append(row["key"]), put(self, row, files)))
    store.put_model("m", make_model(into=store))
    store.put_frame("f", numbers())
    path = store.manifest("f")["columns"][0]["file"]
    assert events.index(path) < events.index(str(store.segment_folder)) < events.index("f")
    assert events.index(str(store.model_folder("m") / "arrays.safetensors")) < events.index("m")


def test_leavings_are_swept_at_the_start(open_store, numbers):
    store = open_store()
    store.put_frame("f", numbers())
    store.close()
    for name in ("segments/segment_lost.arrow", "segments/half.part", "uploads/upload_x", "scratch/x"):
        (store.folder / name).touch()
    (store.folder / "models" / "model_lost").mkdir()
    store = open_store()
    assert len(list(store.segment_folder.iterdir())) == 1
    assert [p for part in ("models", "uploads", "scratch") for p in (store.folder / part).iterdir()] == []
    assert store.frame("f").n_rows == 1000


def test_object_whose_file_was_taken_away_is_left_out(open_store, numbers, caplog):
    store = open_store()
    store.put_frame("lost", numbers())
    store.put_frame("kept", numbers(seed=1))
    store.close()
    store = open_store()
    path = Path(store.manifest("lost")["columns"][0]["file"])
    store.close()
    aside = path.with_suffix(".aside")
    path.rename(store.folder / aside.name)
    with caplog.at_level("ERROR", "artesian.store"):
        store = open_store()
    assert store.keys() == ["kept"]
    assert "'lost' is left out" in caplog.text
    store.close()
    (store.folder / aside.name).rename(path)
    assert sorted(open_store().keys()) == ["kept", "lost"]


def test_second_server_on_a_folder_is_refused(open_store, monkeypatch):
    monkeypatch.setattr("artesian.store.folder._LOCK_WAIT_SECS", 0.1)
    store = open_store()
    with pytest.raises(Conflict, match=rf"in use by another Artesian server \(process {os.getpid()}\).*--data-dir"):
        open_store()
    store.close()
    open_store()


def test_folder_is_free_again_after_a_kill(tmp_path):
    process = start_python(PUTTER, tmp_path, 0)
    process.stdout.readline()
    with pytest.raises(Conflict, match=f"process {process.pid}"):
        Store(Settings(data_dir=str(tmp_path)))
    kill(process)
    Store(Settings(data_dir=str(tmp_path))).close()


def test_folder_that_cannot_be_used_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InvalidArgument, match=r"cannot be used: .*--data-dir"):
        Store(Settings(data_dir=str(tmp_path / "file")))


def test_damaged_catalogue_is_said_and_the_lock_given_back(open_store, tmp_path):
    open_store().close()
    catalogue = tmp_path / "data" / "catalogue.sqlite"
    whole = catalogue.read_bytes()
    catalogue.write_bytes(b"not a database" * 100)
    with pytest.raises(InvalidArgument, match="damaged or is no catalogue"):
        open_store()
    catalogue.write_bytes(whole)
    open_store()


def test_catalogue_of_another_format_is_refused(open_store, tmp_path):
    open_store().close()
    connection = sqlite3.connect(tmp_path / "data" / "catalogue.sqlite")
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(InvalidArgument, match="has format 99; this version of Artesian reads format 1"):
        open_store()


TEMPORARY = """
    import time
    from artesian.core.settings import Settings
    from artesian.store import Store
    print(Store(Settings()).folder, flush=True)
    time.sleep(100)
"""


def test_temporary_folder_goes_with_its_server_even_a_killed_one(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    killed, living = start_python(TEMPORARY), start_python(TEMPORARY)
    dead_folder, living_folder = Path(killed.stdout.readline().strip()), Path(living.stdout.readline().strip())
    assert dead_folder.parent == tmp_path
    kill(killed)
    assert dead_folder.exists()
    store = Store(Settings())
    assert not dead_folder.exists()
    assert living_folder.exists()
    store.close()
    assert not store.folder.exists()
    kill(living)


def test_sweep_leaves_alone_what_is_not_a_dead_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "artesian-store-starting").mkdir()  # young and without a lock: its server may be about to take it
    (tmp_path / "artesian-store-file").touch()
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "lock").touch()
    (tmp_path / "artesian-store-link").symlink_to(target)
    Store(Settings()).close()
    assert (tmp_path / "artesian-store-starting").exists()
    assert (tmp_path / "artesian-store-file").exists()
    assert (target / "lock").exists()
    os.utime(tmp_path / "artesian-store-starting", (0, 0))
    Store(Settings()).close()
    assert not (tmp_path / "artesian-store-starting").exists()
