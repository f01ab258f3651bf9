"""A table of twice the memory budget goes through parse, filter, group-by, join and export, and memory stays bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pytest
from server_client import Client, Starter

pytestmark = pytest.mark.alone

BUDGET_MB = 256
COLUMNS = 8
ROWS = 2 * (BUDGET_MB << 20) // (8 * COLUMNS)
KEYS = 1000


def held(process: psutil.Process) -> int:
    """Bytes of a process that no file backs, which the kernel cannot drop."""
    with suppress(OSError):
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(("RssAnon", "RssShmem")))
    return 0


@contextmanager
def watched(server: Client) -> Iterator[dict[int, int]]:
    """The most bytes that each process of the server holds while the block runs."""
    assert server.process is not None
    process, peaks, done = psutil.Process(server.process.pid), {}, threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            for each in (process, *process.children(recursive=True)):
                peaks[each.pid] = max(peaks.get(each.pid, 0), held(each))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()


def test_a_table_of_twice_the_budget(start_server: Starter, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    table = pl.DataFrame(
        {"key": random.integers(0, KEYS, ROWS)} | {f"x{i}": random.random(ROWS) for i in range(COLUMNS - 1)}
    )
    worth = random.random(KEYS)
    server = start_server(
        "--memory-budget-mb", str(BUDGET_MB), "--import-roots", str(tmp_path), "--export-roots", str(tmp_path)
    )
    table.write_ipc(tmp_path / "big.arrow", compression="uncompressed", record_batch_size=200_000)
    pl.DataFrame({"key": np.arange(KEYS), "worth": worth}).write_csv(tmp_path / "worth.csv")
    with watched(server) as peaks:
        for name in ("big.arrow", "worth.csv"):
            [raw] = server.get("/3/ImportFiles", path=str(tmp_path / name))["destination_frames"]
            server.parse(raw, name.partition(".")[0])
        assert server.number("(sum (cols_py big 'x0') True False)") == np.float64(table["x0"].sum())
        server.rapids("(assign kept (rows big (> (cols_py big 'x0') 0.25)))")
        assert server.number("(nrow kept)") == (table["x0"] > 0.25).sum()
        server.rapids("(assign groups (GB big [0] 'max' 2 'all' 'nrow' 0 'all'))")
        largest = table.group_by("key").agg(pl.col("x1").max()).sort("key")["x1"]
        assert server.number("(sum (cols_py groups 1) True False)") == np.float64(largest.sum())
        server.rapids("(assign joined (merge big worth False False [0] [0] 'auto'))")
        expected = worth[table["key"].to_numpy()].sum()
        np.testing.assert_allclose(server.number("(sum (cols_py joined 'worth') True False)"), expected, rtol=1e-12)
        export = server.post("/3/Frames/joined/export", path=str(tmp_path / "joined.parquet"), format="parquet")
        assert server.wait(export["job"])["status"] == "DONE"
    assert pl.scan_parquet(tmp_path / "joined.parquet").select(pl.len()).collect().item() == ROWS
    # libraries take about 100 MB of each process; the rest is work
    assert max(peaks.values()) < (BUDGET_MB + 100) << 20
