"""Frames beside the real H2O-3 and bare Polars in one run: parse, group-bys, joins, sorts, filter, quantiles, to pandas.

    python -m benchmarks.frames [--rows 10000000] [--reference-server SCRIPT | --reference URL] [--without polars]

The table is that of the H2O.ai db-benchmark (G1): three string keys of 100, 100 and 100,000 levels, three integer keys alike,
three values, from a fixed seed. Both servers take the same Rapids expressions through the same client; a server's CPU time
is that of all its processes. Where neither a script nor an address is given, H2O-3 is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import statistics
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil

import artesian as h2o
from benchmarks import servers
from benchmarks.deeplearning import connected

SEED = 108
FEW, MANY = 100, 100_000
PANDAS_ROWS = 1_000_000
CALLS = 2_000
CLIENTS = 20
ROUNDS = 5  # of calls; other tenants of a machine disturb some of them
PAUSE = 0.1  # seconds between the calls of one of several clients, as of people's scripts
HEAP = "10g"
KEYS = ("id1", "id2", "id3", "id4", "id5", "id6")
TYPES = dict.fromkeys(KEYS[:3], "enum")
SKIPPED = float("nan")

GROUP_BYS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "sum v1 by id1": (["id1"], [("sum", "v1")]),
    "sum v1 by id1, id2": (["id1", "id2"], [("sum", "v1")]),
    "sum v1, mean v3 by id3": (["id3"], [("sum", "v1"), ("mean", "v3")]),
    "mean v1, v2, v3 by id4": (["id4"], [("mean", "v1"), ("mean", "v2"), ("mean", "v3")]),
    "sum v1, v2, v3 by id6": (["id6"], [("sum", "v1"), ("sum", "v2"), ("sum", "v3")]),
    "median, sd v3 by id4, id5": (["id4", "id5"], [("median", "v3"), ("sdev", "v3")]),
}
SORTS = {"sort by id6": ["id6"], "sort by id4, v3": ["id4", "v3"]}
JOINS = {"join, 100 rows, id1": ("few", "id1"), "join, 100,000 rows, id3": ("many", "id3")}
COLUMNS = [*KEYS, "v1", "v2", "v3"]


@dataclass
class Figures:
    """CPU and wall seconds by step, and what else was measured."""

    name: str
    steps: dict[str, tuple[float, float]] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)

    def note(self, step: str, cpu: float, wall: float) -> None:
        """Keeps and prints one step."""
        self.steps[step] = cpu, wall
        print(f"{self.name:10} {step:28} {cpu:8.2f} CPU s {wall:8.2f} s", flush=True)

    def note_other(self, what: str, value: float) -> None:
        """Keeps and prints one other figure."""
        self.others[what] = value
        print(f"{self.name:10} {what:28} {value:8.2f}", flush=True)


def write_tables(folder: Path, rows: int) -> None:
    """The big table and the two to join it with, as CSV."""
    random = np.random.default_rng(SEED)

    def key(levels: int, width: int) -> pl.Series:
        names = pl.Series([f"id{number:0{width}}" for number in range(1, levels + 1)])
        return names.gather(random.integers(0, levels, rows))

    columns = {
        "id1": key(FEW, 3),
        "id2": key(FEW, 3),
        "id3": key(MANY, 10),
        "id4": random.integers(1, FEW + 1, rows),
        "id5": random.integers(1, FEW + 1, rows),
        "id6": random.integers(1, MANY + 1, rows),
        "v1": random.integers(1, 6, rows),
        "v2": random.integers(1, 16, rows),
        "v3": np.round(random.uniform(0, 100, rows), 6),
    }
    pl.DataFrame(columns).write_csv(folder / "big.csv")
    for name, column, levels, width in (("few", "id1", FEW, 3), ("many", "id3", MANY, 10)):
        keys = [f"id{number:0{width}}" for number in range(1, levels + 1)]
        pl.DataFrame({column: keys, "x": random.uniform(0, 1, levels).round(6)}).write_csv(folder / f"{name}.csv")


def measure_server(server: servers.Server, folder: Path, rows: int) -> Figures:
    """All figures of one server; what it is left with at the end is removed."""
    figures = Figures(server.name)
    made: list[str] = []

    def step(name: str, action: Callable[[], object], *, with_client: bool = False) -> None:
        own = time.process_time()
        cpu, wall = server.cpu_seconds(), time.perf_counter()
        action()
        wall = time.perf_counter() - wall
        cpu = server.cpu_seconds() - cpu + (time.process_time() - own if with_client else 0.0)
        figures.note(name, cpu, wall)

    def evaluate(expression: str) -> Callable[[], object]:
        made.append(f"bench_frames_{len(made)}")
        return lambda name=made[-1]: h2o.rapids(f"(assign {name} {expression})")  # type: ignore[misc]

    with connected(server):
        tables: dict[str, Any] = {}

        def load(name: str) -> None:
            types = TYPES if name == "big" else {("id1" if name == "few" else "id3"): "enum"}
            tables[name] = h2o.import_file(str(folder / f"{name}.csv"), f"bench_frames_{name}", col_types=types)

        load("few")
        load("many")
        tables["few"].as_data_frame()  # imports what it needs
        step("parse", lambda: load("big"))
        made += [f"bench_frames_{name}" for name in tables]
        key = "bench_frames_big"
        listed = h2o.api("GET /3/Frames")["frames"]
        figures.note_other(
            "MB of the frame", next(f["byte_size"] for f in listed if f["frame_id"]["name"] == key) / 1e6
        )
        for name, (by, aggregates) in GROUP_BYS.items():
            wanted = " ".join(f"'{function}' {COLUMNS.index(column)} 'rm'" for function, column in aggregates)
            step(name, evaluate(f"(GB {key} [{_numbers(by)}] {wanted})"))
        for name, (other, column) in JOINS.items():
            number = COLUMNS.index(column)
            step(name, evaluate(f"(merge {key} bench_frames_{other} False False [{number}] [0] 'auto')"))
        for name, by in SORTS.items():
            step(name, evaluate(f"(sort {key} [{_numbers(by)}] [{' '.join('1' for _ in by)}])"))
        step("filter v1 > 3", evaluate(f"(rows {key} (> (cols_py {key} 'v1') 3))"))
        step("9 quantiles of v3", evaluate(f"(quantile (cols_py {key} 'v3') {_probabilities()} 'interpolate' _)"))
        part = evaluate(f"(rows {key} [0:{min(rows, PANDAS_ROWS)}])")
        part()
        frame = h2o.get_frame(made[-1])
        step("1M rows to pandas", lambda: frame.as_data_frame(), with_client=True)
        for clients in (1, CLIENTS):
            for share, value in trivial_calls(server.url, key, clients).items():
                figures.note_other(f"trivial call, {clients} clients, {share} ms", value)
        figures.note_other("MB resident at the end", server.resident_mb())
        for name in made:
            h2o.remove(name)
    return figures


def _numbers(columns: list[str]) -> str:
    return " ".join(str(COLUMNS.index(column)) for column in columns)


def _probabilities() -> str:
    return "[0.01 0.1 0.25 0.333 0.5 0.667 0.75 0.9 0.99]"


def trivial_calls(url: str, key: str, clients: int) -> dict[str, float]:
    """Milliseconds of `(nrow …)`: the middle of the rounds' medians and 95th percentiles, and the quietest round's."""
    rounds = [_round_of_calls(url, key, clients) for _ in range(ROUNDS)]
    medians, high = ([cuts[at] for cuts in rounds] for at in (9, 18))
    return {
        "median": statistics.median(medians),
        "95th percentile": statistics.median(high),
        "95th percentile of the quietest round": min(high),
    }


def _round_of_calls(url: str, key: str, clients: int) -> list[float]:
    """The 5, 10, … 95 % points of the milliseconds of one round; each client keeps its connection."""
    parts = urllib.parse.urlsplit(url)
    body = urllib.parse.urlencode({"ast": f"(nrow {key})", "session_id": "bench_frames"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    def client(number: int) -> list[float]:
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=60)
        time.sleep(PAUSE * number / clients)
        seconds = []
        for _ in range(CALLS // clients):
            began = time.perf_counter()
            connection.request("POST", "/99/Rapids", body, headers)
            json.loads(connection.getresponse().read())
            seconds.append(time.perf_counter() - began)
            if clients > 1:
                time.sleep(PAUSE)
        connection.close()
        return seconds[1:]

    with ThreadPoolExecutor(clients) as pool:
        taken = [1000 * second for seconds in pool.map(client, range(clients)) for second in seconds]
    return statistics.quantiles(taken, n=20)


def measure_polars(folder: Path, rows: int) -> Figures:
    """The same by Polars alone, in this process, keys as its categories."""
    figures = Figures("Polars")

    def step(name: str, action: Callable[[], Any]) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        result = action()
        figures.note(name, time.process_time() - cpu, time.perf_counter() - wall)
        return result

    def read(name: str) -> pl.DataFrame:
        table = pl.read_csv(folder / f"{name}.csv")
        return table.with_columns(pl.col([c for c in KEYS[:3] if c in table.columns]).cast(pl.Categorical))

    others = {name: read(name) for name in ("few", "many")}
    others["few"].to_pandas()  # imports what it needs
    table = step("parse", lambda: read("big"))
    figures.note_other("MB of the frame", table.estimated_size() / 1e6)
    functions = {"sdev": pl.Expr.std, "sum": pl.Expr.sum, "mean": pl.Expr.mean, "median": pl.Expr.median}
    for name, (by, aggregates) in GROUP_BYS.items():
        wanted = [functions[f](pl.col(c)).alias(f"{f}_{c}") for f, c in aggregates]
        step(name, lambda by=by, wanted=wanted: table.group_by(by).agg(wanted).sort(by))
    for name, (other, column) in JOINS.items():
        # in the order of the key, as the servers answer
        step(
            name,
            lambda other=other, column=column: table.sort(column, maintain_order=True).join(
                others[other], on=column, maintain_order="left"
            ),
        )
    for name, by in SORTS.items():
        step(name, lambda by=by: table.sort(by, maintain_order=True))
    step("filter v1 > 3", lambda: table.filter(pl.col("v1") > 3))
    probabilities = [float(text) for text in _probabilities()[1:-1].split()]
    step("9 quantiles of v3", lambda: table.select(pl.col("v3").quantile(p).alias(str(p)) for p in probabilities))
    step("1M rows to pandas", lambda: table.head(min(rows, PANDAS_ROWS)).to_pandas())
    return figures


def compare(figures: list[Figures]) -> None:
    """Prints CPU seconds (and wall seconds) side by side, with the ratios to the first, which is ours."""
    ours, *others = figures
    print("\n" + f"{'CPU seconds (wall)':30}" + "".join(f"{f.name:>24}" for f in figures))
    for step, (cpu, wall) in ours.steps.items():
        line = f"{step:30}{f'{cpu:.2f} ({wall:.2f})':>24}"
        for other in others:
            their_cpu, their_wall = other.steps.get(step, (SKIPPED, SKIPPED))
            line += f"{f'{their_cpu:.2f} ({their_wall:.2f})  × {their_cpu / max(cpu, 0.01):.1f}':>24}"
        print(line)
    for what, value in ours.others.items():
        print(f"{what:44}{value:10.2f}" + "".join(f"{other.others.get(what, SKIPPED):24.2f}" for other in others))


@contextlib.contextmanager
def reference(script: Path, url: str | None) -> Iterator[servers.Server | None]:
    """The real H2O-3: one that runs at `url`, or one that `script` starts, or None."""
    if url is None:
        with servers.h2o3(script, HEAP) as server:
            yield server
        return
    port = urllib.parse.urlsplit(url).port
    listening = (c for c in psutil.net_connections("tcp") if c.laddr.port == port and c.status == psutil.CONN_LISTEN)  # type: ignore[union-attr]
    yield servers.Server("H2O-3", url, psutil.Process(next(listening).pid))


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--reference-server", type=Path, default=Path("none"))
    parser.add_argument("--reference", help="address of an H2O-3 that runs already on this machine")
    parser.add_argument("--without", action="append", default=[], choices=("polars", "reference"))
    parser.add_argument("--folder", type=Path, help="where the tables are written (and found again)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="artesian-bench-") as scratch:
        folder = (options.folder or Path(scratch)) / str(options.rows)
        if not (folder / "many.csv").exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_tables(folder, options.rows)
        print(
            f"{options.rows} rows, {(folder / 'big.csv').stat().st_size / 1e6:.0f} MB of CSV, {os.cpu_count()} cores\n"
        )
        with servers.artesian() as server:
            figures = [measure_server(server, folder, options.rows)]
        if "reference" not in options.without:
            with reference(options.reference_server, options.reference) as other:
                if other is not None:
                    figures.append(measure_server(other, folder, options.rows))
        if "polars" not in options.without:
            figures.append(measure_polars(folder, options.rows))
    compare(figures)


if __name__ == "__main__":
    main()
