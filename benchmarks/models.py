"""Training beside the real H2O-3 in one run: CPU seconds, quality, peak memory and prediction, one million rows of eight columns.

    python -m benchmarks.models [--rows 1000000] [--reference-server SCRIPT | --reference URL] [--only glm,lambda_search] [--out docs/models_speed.md]

The table is drawn from a fixed seed: four numbers and four categorical columns of 300, 100, 20 and 5 levels; the classes
depend on all of them, on one number's square and on a product, so that trees and linear models both find something. A fifth as
many rows again are for testing. Both kinds of server are driven by one client with the same calls, and each algorithm has servers of
its own, so that none finds memory taken or code compiled by another. CPU seconds are those of all of a
server's processes, from the call to the finished model; before, a small model of the same kind is trained, so that neither
pays for starting up. Predictions are told twice: the first one after the training, which is the one that people wait for, and the
cheapest of some, for which a JVM has compiled what it runs. The heap of H2O-3 limits its memory from above; ours has no such limit.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import artesian as h2o
from artesian.client.estimators import create_estimator
from benchmarks import servers
from benchmarks.deeplearning import connected
from benchmarks.frames import reference

SEED = 108
LEVELS = {"c1": 300, "c2": 100, "c3": 20, "c4": 5}
NUMBERS = ("x1", "x2", "x3", "x4")
PREDICTORS = [*NUMBERS, *LEVELS]
RESPONSE = "y"
HEAP = "6g"
SMALL_ROWS = 20_000
SAMPLE_SECONDS = 0.1
PREDICTIONS = 4
SAME_AUC = 1e-4


@dataclass(frozen=True)
class Part:
    """One algorithm with its parameters; not `supervised` for one that predicts no classes.

    `target` is the ratio of CPU seconds that is wanted of the training, `predicting` that of the first prediction.
    """

    algorithm: str
    parameters: dict[str, Any] = field(default_factory=dict)
    target: float = 1.0
    predicting: float = 1.0
    supervised: bool = True


PARTS: dict[str, Part] = {
    "glm": Part("glm", {"family": "binomial"}, 3.0, 3.0),
    "lambda_search": Part("glm", {"family": "binomial", "lambda_search": True}, 2.0, 3.0),
    "gbm": Part("gbm", {"seed": SEED}, 3.0, 3.0),
    "drf": Part("drf", {"seed": SEED}, 2.0, 3.0),
    "xrt": Part("drf", {"seed": SEED, "histogram_type": "Random"}, 3.0, 3.0),
    "xgboost": Part("xgboost", {"seed": SEED}),
    "isolationforest": Part("isolationforest", {"seed": SEED}, 10.0, 3.0, supervised=False),
    "naivebayes": Part("naivebayes"),
    "kmeans": Part("kmeans", {"k": 5, "seed": SEED}, supervised=False),
    "pca": Part("pca", {"k": 4, "transform": "STANDARDIZE"}, supervised=False),
}
"""What is measured; one line adds another."""


@dataclass
class Figure:
    """What one training took and gave; `predict_cpu` is that of the first prediction, `least_cpu` of the cheapest."""

    cpu: float
    wall: float
    auc: float
    peak_mb: float
    predict_cpu: float
    least_cpu: float
    note: str = ""

    def shown(self) -> str:
        """In one line."""
        return (
            f"{self.cpu:8.2f} CPU s {self.wall:8.2f} s  AUC {self.auc:.5f}  peak {self.peak_mb:7.0f} MB  "
            f"predict {self.predict_cpu:6.2f}, {self.least_cpu:.2f} CPU s  {self.note}"
        )


def write_tables(folder: Path, rows: int) -> None:
    """Training and test table as CSV."""
    random = np.random.default_rng(SEED)
    n = rows + rows // 5
    numbers = {name: np.round(random.normal(size=n), 4) for name in NUMBERS}
    numbers["x4"] = np.round(np.exp(numbers["x4"]), 4)
    codes = {name: random.integers(0, levels, n) for name, levels in LEVELS.items()}
    effects = {
        name: random.normal(0, scale, LEVELS[name]) for name, scale in zip(LEVELS, (1.0, 0.6, 0.4, 0.3), strict=True)
    }
    signal = numbers["x1"] - 0.5 * numbers["x2"] + 0.4 * numbers["x3"] ** 2 + 0.1 * numbers["x4"]
    signal = signal + 0.5 * numbers["x1"] * (codes["c4"] == 2) - 0.5
    for name, values in effects.items():
        signal = signal + values[codes[name]]
    y = random.random(n) < 1 / (1 + np.exp(-signal))
    labels = {name: pl.Series([f"{name}_{i:03}" for i in range(LEVELS[name])]).gather(codes[name]) for name in LEVELS}
    table = pl.DataFrame({**numbers, **labels, RESPONSE: pl.Series(["no", "yes"]).gather(y.astype(np.uint8))})
    table.head(rows).write_csv(folder / "train.csv")
    table.tail(rows // 5).write_csv(folder / "test.csv")
    table.head(min(rows, SMALL_ROWS)).write_csv(folder / "small.csv")


@contextmanager
def watched(server: servers.Server) -> Iterator[list[float]]:
    """Samples the memory that the server holds meanwhile; the list holds the peak."""
    peak, done = [server.resident_mb()], threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], server.resident_mb())

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def train(server: servers.Server, part: Part, frames: dict[str, Any]) -> Figure:
    """Trains one model on the big table, tests it, and predicts the big table."""
    response = RESPONSE if part.supervised else None
    create_estimator(part.algorithm, **part.parameters).train(PREDICTORS, response, frames["small"])
    model = create_estimator(part.algorithm, **part.parameters)
    with watched(server) as peak:
        cpu, wall = server.cpu_seconds(), time.perf_counter()
        model.train(PREDICTORS, response, frames["train"])
        cpu, wall = server.cpu_seconds() - cpu, time.perf_counter() - wall
    auc = float(model.model_performance(frames["test"]).auc()) if part.supervised else float("nan")
    predictions = _predictions(server, model, frames["train"])
    return Figure(cpu, wall, auc, peak[0], predictions[0], min(predictions), _chosen(model))


def _predictions(server: servers.Server, model: Any, frame: Any) -> list[float]:
    """CPU seconds of each of some predictions."""
    costs = []
    for _ in range(PREDICTIONS):
        before = server.cpu_seconds()
        h2o.remove(model.predict(frame))
        costs.append(server.cpu_seconds() - before)
    return costs


def _chosen(model: Any) -> str:
    """Which model a search has selected."""
    output = model._model_json["output"]
    if not model.actual_params.get("lambda_search"):
        return ""
    return f"lambda {output['lambda_best']:.6g}, number {output['best_submodel_index']}"


def measure(server: servers.Server, folder: Path, name: str) -> Figure:
    """The figures of one part; the tables are removed in the end."""
    with connected(server):
        types = dict.fromkeys((*LEVELS, RESPONSE), "enum")
        frames = {
            table: h2o.import_file(str(folder / f"{table}.csv"), f"bench_models_{table}", col_types=types)
            for table in ("small", "train", "test")
        }
        figure = train(server, PARTS[name], frames)
        print(f"{server.name:10} {name:16} {figure.shown()}", flush=True)
        for frame in frames.values():
            h2o.remove(frame)
    return figure


def measure_all(
    start: Callable[[], AbstractContextManager[servers.Server | None]], folder: Path, parts: list[str]
) -> dict[str, Figure]:
    """All figures, each of a server of its own; none where no server comes."""
    figures: dict[str, Figure] = {}
    for name in parts:
        with start() as server:
            if server is not None:
                figures[name] = measure(server, folder, name)
    return figures


def is_met(name: str, mine: Figure, other: Figure) -> bool:
    """Whether a part is as much cheaper as is wanted, in training and prediction, in less memory, at an AUC that is no worse."""
    return (
        other.cpu >= PARTS[name].target * mine.cpu
        and other.predict_cpu >= PARTS[name].predicting * mine.predict_cpu
        and not mine.auc < other.auc - SAME_AUC
        and mine.peak_mb < other.peak_mb
    )


def compare(ours: dict[str, Figure], theirs: dict[str, Figure]) -> bool:
    """Prints both beside each other; whether every target is met at an AUC no worse."""
    print(
        f"\n{'':16}{'ours CPU s':>12}{'H2O-3':>10}{'ratio':>8}{'target':>8}{'AUC':>10}{'H2O-3':>10}{'predict':>9}{'again':>9}{'memory':>9}"
    )
    for name, mine in ours.items():
        other = theirs[name]
        print(
            f"{name:16}{mine.cpu:12.2f}{other.cpu:10.2f}{other.cpu / max(mine.cpu, 1e-3):7.1f}×{PARTS[name].target:7.1f}×"
            f"{mine.auc:10.5f}{other.auc:10.5f}{other.predict_cpu / max(mine.predict_cpu, 1e-3):8.1f}×"
            f"{other.least_cpu / max(mine.least_cpu, 1e-3):8.1f}×"
            f"{other.peak_mb / mine.peak_mb:8.1f}×" + ("" if is_met(name, mine, other) else "  MISSED")
        )
    return all(is_met(name, mine, theirs[name]) for name, mine in ours.items())


def page(rows: int, ours: dict[str, Figure], theirs: dict[str, Figure]) -> str:
    """The page's text."""
    lines = []
    for name, mine in ours.items():
        other = theirs[name]
        aucs = "" if math.isnan(mine.auc) else f"{mine.auc:.4f} / {other.auc:.4f}"
        lines.append(
            f"| {name} | {mine.cpu:.1f} / {other.cpu:.1f} | {other.cpu / max(mine.cpu, 1e-3):.1f} × | {aucs} "
            f"| {mine.predict_cpu:.2f} / {other.predict_cpu:.2f} | {other.predict_cpu / max(mine.predict_cpu, 1e-3):.1f} × "
            f"| {mine.least_cpu:.2f} / {other.least_cpu:.2f} | {other.least_cpu / max(mine.least_cpu, 1e-3):.1f} × "
            f"| {mine.peak_mb:.0f} / {other.peak_mb:.0f} |"
        )
    return (
        "# What training and prediction cost\n\n"
        f"Default models of {rows:,} rows, four numbers and four categorical columns of 300, 100, 20 and 5 levels, here and on H2O-3 "
        f"in one run on {os.cpu_count()} cores: CPU seconds of the training, AUC on test rows, CPU seconds of predicting all rows, the "
        f"first time and the cheapest of {PREDICTIONS} times (a JVM compiles what it runs often), and the peak of memory in MB "
        "during the training, each algorithm on servers of its own. Each pair is Artesian / H2O-3. Made by "
        "`make bench-models`.\n\n"
        "| | training | cheaper | AUC | first prediction | cheaper | later ones | cheaper | memory |\n|---|---|---|---|---|---|---|---|---|\n"
        + "\n".join(lines)
        + "\n"
    )


def main() -> int:
    """Measures and prints; the exit status tells whether all targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--reference-server", type=Path, default=Path("none"))
    parser.add_argument("--reference", help="address of an H2O-3 that runs already on this machine")
    parser.add_argument("--only", help="parts to measure, separated by commas")
    parser.add_argument("--folder", type=Path, help="where the tables are written (and found again)")
    parser.add_argument("--out", type=Path, help="the page to write")
    options = parser.parse_args()
    parts = options.only.split(",") if options.only else list(PARTS)
    with tempfile.TemporaryDirectory(prefix="artesian-bench-") as scratch:
        folder = (options.folder or Path(scratch)) / f"models-{options.rows}"
        if not (folder / "small.csv").exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_tables(folder, options.rows)
        print(f"{options.rows} rows, {os.cpu_count()} cores\n")
        ours = measure_all(servers.artesian, folder, parts)
        theirs = measure_all(lambda: reference(options.reference_server, options.reference), folder, parts)
    if not theirs:
        print("H2O-3 was not measured: give --reference-server or --reference.")
        return 0
    if options.out:
        options.out.write_text(page(options.rows, ours, theirs))
    return 0 if compare(ours, theirs) else 1


if __name__ == "__main__":
    raise SystemExit(main())
