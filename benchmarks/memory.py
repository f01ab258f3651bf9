"""A table of twice the memory budget: parse, filter, group-by, join, sort and export, each with its peak of memory.

    python -m benchmarks.memory [--budget-mb 512] [--times 2]

The table has a key of 100 levels, one of 100,000 whole numbers and eight doubles, from a fixed seed. Memory is that of the
server and all its workers together, looked at twenty times a second: the resident set, and the part of it that no file
backs, which the kernel cannot drop. Every result is checked against what NumPy makes of the same numbers.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import psutil

import artesian as h2o
from benchmarks import servers
from benchmarks.deeplearning import connected

SEED = 7
LEVELS, KEYS = 100, 100_000
DOUBLES = 8
ROW_BYTES = 1 + 4 + 8 * DOUBLES
BLOCK_ROWS = 500_000
KEY = "bench_memory"


@dataclass
class Peak:
    """Most megabytes seen: all resident, and those that no file backs."""

    resident: float = 0.0
    anonymous: float = 0.0


def memory_of(process: psutil.Process) -> tuple[float, float]:
    """Resident and anonymous megabytes of a process; 0 when it is gone."""
    found = {"VmRSS": 0, "RssAnon": 0, "RssShmem": 0}
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) * 1024
    return found["VmRSS"] / 1e6, (found["RssAnon"] + found["RssShmem"]) / 1e6


@contextlib.contextmanager
def watched(server: servers.Server) -> Iterator[Peak]:
    """The peak of memory while the block runs."""
    peak, done = Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            sizes = [memory_of(process) for process in (server.process, *server.process.children(recursive=True))]
            peak.resident = max(peak.resident, sum(size[0] for size in sizes))
            peak.anonymous = max(peak.anonymous, sum(size[1] for size in sizes))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def blocks(rows: int) -> Iterator[dict[str, np.ndarray]]:
    """The table, some rows at a time."""
    for start in range(0, rows, BLOCK_ROWS):
        random = np.random.default_rng([SEED, start])
        count = min(BLOCK_ROWS, rows - start)
        table = {"level": random.integers(0, LEVELS, count), "key": random.integers(0, KEYS, count)}
        yield table | {f"x{i}": np.round(random.random(count), 6) for i in range(DOUBLES)}


def write_tables(folder: Path, rows: int) -> dict[str, float]:
    """The table and one to join with as CSV; gives what is expected of it."""
    expected = {"kept": 0.0, "sum of x0": 0.0, "sum of joined": 0.0}
    sums, counts = np.zeros(LEVELS), np.zeros(LEVELS)
    worth = np.round(np.random.default_rng(SEED).random(KEYS), 6)
    with (folder / "big.csv").open("wb") as file:
        for number, table in enumerate(blocks(rows)):
            expected["kept"] += int((table["x0"] > 0.25).sum())
            expected["sum of x0"] += table["x0"].sum()
            expected["sum of joined"] += worth[table["key"]].sum()
            sums += np.bincount(table["level"], table["x1"], LEVELS)
            counts += np.bincount(table["level"], minlength=LEVELS)
            names = pl.Series([f"level {i:02}" for i in range(LEVELS)])
            pl.DataFrame(table | {"level": names.gather(table["level"])}).write_csv(file, include_header=number == 0)
    pl.DataFrame({"key": np.arange(KEYS), "worth": worth}).write_csv(folder / "worth.csv")
    return expected | {"mean of group means": float((sums / counts).mean())}


def measure(budget_mb: int, times: float, folder: Path) -> None:
    """Prints seconds and peaks of each step; ends with an AssertionError where a result is wrong."""
    rows = math.ceil(times * budget_mb * 2**20 / ROW_BYTES)
    expected = write_tables(folder, rows)
    print(f"{rows} rows, {rows * ROW_BYTES / 1e6:.0f} MB of values, a budget of {budget_mb * 2**20 / 1e6:.0f} MB")
    flags = ["--memory-budget-mb", str(budget_mb), "--export-roots", str(folder), "--data-dir", str(folder / "data")]
    with servers.artesian(*flags) as server, connected(server):
        print(f"{'idle':24} {'':8}   {memory_line(server)}")

        def step(name: str, action: Callable[[], object]) -> None:
            began = time.perf_counter()
            with watched(server) as peak:
                action()
            taken = time.perf_counter() - began
            print(
                f"{name:24} {taken:6.1f} s   resident {peak.resident:6.0f} MB, of it anonymous {peak.anonymous:6.0f} MB",
                flush=True,
            )

        def evaluate(key: str, expression: str) -> Callable[[], object]:
            return lambda: h2o.rapids(f"(assign {KEY}_{key} {expression})")

        def number(expression: str) -> float:
            return float(h2o.rapids(expression)["scalar"])

        def same(what: str, found: float) -> None:
            assert math.isclose(found, expected[what], rel_tol=1e-9), f"{what}: {found}, not {expected[what]}"

        step("parse", lambda: h2o.import_file(str(folder / "big.csv"), f"{KEY}_big", col_types={"level": "enum"}))
        h2o.import_file(str(folder / "worth.csv"), f"{KEY}_worth")
        same("sum of x0", number(f"(sum (cols_py {KEY}_big 'x0') True False)"))
        step("filter, three quarters", evaluate("kept", f"(rows {KEY}_big (> (cols_py {KEY}_big 'x0') 0.25))"))
        same("kept", number(f"(nrow {KEY}_kept)"))
        h2o.remove(f"{KEY}_kept")
        step("group-by, 100 groups", evaluate("few", f"(GB {KEY}_big [0] 'mean' 3 'all' 'sdev' 4 'all')"))
        same("mean of group means", number(f"(flatten (mean (cols_py {KEY}_few 1) True False))"))
        step("group-by, 100,000 groups", evaluate("many", f"(GB {KEY}_big [1] 'sum' 3 'all' 'max' 4 'all')"))
        step("join by 100,000 keys", evaluate("joined", f"(merge {KEY}_big {KEY}_worth False False [1] [0] 'auto')"))
        same("sum of joined", number(f"(sum (cols_py {KEY}_joined 'worth') True False)"))
        h2o.remove(f"{KEY}_joined")
        step("sort by a double", evaluate("sorted", f"(sort {KEY}_big [2] [1])"))
        h2o.remove(f"{KEY}_sorted")
        step("export to CSV", lambda: h2o.export_file(h2o.get_frame(f"{KEY}_big"), str(folder / "out.csv")))
        whole, parts = str(folder / "out.parquet"), str(folder / "parts")
        step("export to Parquet", lambda: h2o.export_file(h2o.get_frame(f"{KEY}_big"), whole, format="parquet"))
        step("export to Parquet parts", lambda: h2o.export_file(h2o.get_frame(f"{KEY}_big"), parts, format="parquet"))
        found = pl.scan_parquet(whole).select(pl.col("x0").sum()).collect().item()
        same("sum of x0", found)
        print("every result is right")


def memory_line(server: servers.Server) -> str:
    """What the server and its workers hold now."""
    sizes = [memory_of(process) for process in (server.process, *server.process.children(recursive=True))]
    return f"resident {sum(s[0] for s in sizes):6.0f} MB, of it anonymous {sum(s[1] for s in sizes):6.0f} MB"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget-mb", type=int, default=512)
    parser.add_argument("--times", type=float, default=2.0, help="size of the table as a multiple of the budget")
    parser.add_argument("--folder", type=Path, help="where the tables are written (they stay there)")
    options = parser.parse_args()
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        measure(options.budget_mb, options.times, options.folder)
        return
    with tempfile.TemporaryDirectory(prefix="artesian-bench-") as folder:
        measure(options.budget_mb, options.times, Path(folder))


if __name__ == "__main__":
    main()
