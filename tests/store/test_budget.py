"""The memory budget: what is in memory goes to disk first, and what then does not fit is refused with a sentence."""

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from artesian.core.errors import OutOfMemory
from artesian.core.settings import Settings
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.column_file import write_column
from artesian.frame.segment import persist
from artesian.store import Store, budget_bytes, machine_memory
from artesian.store.budget import show_bytes

MB = 1 << 20


@pytest.fixture
def small():
    """A store with a budget of 1 MB, half of that for values in memory, and of 4 MB with what lies on disk."""
    with Store(Settings(memory_budget_mb=1, paging_factor=4.0)) as opened:
        yield opened


def eighth(numbers, seed=0):
    return numbers(rows=MB // 8 // 8, seed=seed)


def test_frames_in_memory_go_to_disk_to_make_room(small, numbers):
    for number in range(16):
        small.put_frame(f"f{number}", eighth(numbers, seed=number))
    usage = small.usage()
    assert usage["in_memory"] + usage["on_disk"] / 4 <= MB
    assert usage["in_memory"] <= MB / 2
    assert usage["on_disk"] > MB
    for number in range(16):
        assert small.frame(f"f{number}").to_polars().equals(eighth(numbers, seed=number).to_polars())


def test_least_recently_used_frame_goes_first(small, numbers):
    for number in range(3):
        small.put_frame(f"f{number}", eighth(numbers, seed=number))
    small.frame("f0")
    small.put_frame("f3", eighth(numbers, seed=3))
    small.put_frame("f4", eighth(numbers, seed=4))
    assert small.frame("f0")["c0"].stored is None
    assert small.frame("f1")["c0"].stored is not None


def test_frame_larger_than_the_budget_in_memory_goes_to_disk_itself(small, numbers):
    small.put_frame("large", numbers(rows=2 * MB // 8))
    assert small.usage()["in_memory"] == 0
    assert small.frame("large").n_rows == 2 * MB // 8


def test_frame_over_the_whole_budget_is_refused_and_says_by_what_it_is_used(small, numbers):
    for number in range(3):
        small.put_frame(f"part{number}", numbers(rows=MB // 8, seed=number))
    with pytest.raises(OutOfMemory) as raised:
        small.put_frame("last", numbers(rows=MB // 8 + 1))
    sentence = str(raised.value)
    assert "The frame 'last' (1.0 MB) does not fit: 3.0 MB of the 4.0 MB" in sentence
    assert "memory budget of 1.0 MB" in sentence
    assert "'part0' 1.0 MB" in sentence
    assert "--memory-budget-mb" in sentence
    assert raised.value.status == 507
    assert "last" not in small
    small.remove("part0")
    small.put_frame("last", numbers(rows=MB // 8 + 1))


def test_frame_that_shares_all_its_columns_always_fits(small, numbers):
    frame = numbers(rows=3 * MB // 8 // 4, columns=4)
    small.put_frame("a", frame)
    for number in range(20):
        small.put_frame(f"copy{number}", small.frame("a").select([number % 4]))
    assert small.nbytes() < 4 * MB


def test_refused_frame_of_a_worker_leaves_no_file(small, numbers):
    scratch = small.scratch_folder / "job"
    scratch.mkdir()
    _, manifest = persist(numbers(rows=5 * MB // 8), scratch)
    with pytest.raises(OutOfMemory, match="does not fit"):
        small.put_manifest("f", manifest)
    assert list(small.segment_folder.iterdir()) == []
    assert small.nbytes() == 0


def test_full_disk_is_said_and_the_frame_not_kept(small, numbers, monkeypatch):
    monkeypatch.setattr("artesian.store.folder.StoreFolder.free_bytes", lambda self: 1000)
    with pytest.raises(OutOfMemory, match=r"cannot be written: the disk of .* has 1000 B free"):
        small.put_frame("large", numbers(rows=2 * MB // 8))
    assert small.keys() == []
    assert small.nbytes() == 0


def test_disk_that_fills_up_while_writing_is_said(store, numbers, monkeypatch):
    store.put_frame("f", numbers())

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_ipc", fail)
    with pytest.raises(OutOfMemory, match="cannot be written: the disk"):
        store.manifest("f")
    monkeypatch.undo()
    assert store.manifest("f")["rows"] == 1000


def test_files_of_a_folder_in_memory_count_in_full(numbers, monkeypatch):
    monkeypatch.setattr("artesian.store.folder.StoreFolder.is_memory", lambda self: True)
    with Store(Settings(memory_budget_mb=1, paging_factor=4.0)) as small:
        assert small.usage()["allowed"] == MB
        with pytest.raises(OutOfMemory, match=r"0 B of the 1\.0 MB"):
            small.put_frame("f", numbers(rows=MB // 8 + 1))


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this machine has no file system in memory")
def test_file_system_in_memory_is_recognised(tmp_path):
    folder = Path("/dev/shm") / f"artesian-test-{os.getpid()}"
    with Store(Settings(data_dir=str(folder))) as store:
        usage = store.usage()
    shutil.rmtree(folder)
    assert usage["allowed"] == usage["budget"]


def test_nbytes_counts_shared_columns_once(store, numbers):
    frame = numbers(rows=1000, columns=3)
    store.put_frame("a", frame)
    store.put_frame("b", frame.select([0, 1]))
    assert store.nbytes() == 3 * 8000


def test_default_budget_is_three_quarters_of_the_machine():
    assert budget_bytes(Settings()) == int(machine_memory() * 0.75)
    assert budget_bytes(Settings(memory_budget_mb=5)) == 5 * MB


@pytest.mark.parametrize(("size", "shown"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (5 << 40, "5.0 TB")])
def test_sizes_read_well(size, shown):
    assert show_bytes(size) == shown


def test_columns_in_scratch_files_that_exceed_the_budget_leave_nothing(small, numbers):
    scratch = small.scratch_folder / "work"
    scratch.mkdir()
    piece = numbers(rows=MB // 8)["c0"].values
    values, stored = write_column(scratch, pl.Float64, 5 * len(piece), [piece] * 5)
    with pytest.raises(OutOfMemory):
        small.put_frame("a", Frame(["x"], [Column(ColumnType.REAL, values, stored=stored)]))
    assert list(small.segment_folder.iterdir()) == []
    assert "a" not in small
