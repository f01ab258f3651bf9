"""AutoML beside the real H2O-3's and FLAML, each with the same seconds: losses of the best model on test tables, into a page.

    python -m benchmarks.automl [--reference-server SCRIPT] [--flaml PYTHON] [--data FOLDER] [--seconds 60] [--kept FILE] [--out docs/automl_quality.md]

Sets are as in `benchmarks.quality`. The two servers are driven by one client with the same calls; FLAML runs in the
interpreter that is named, on the same tables. Set are the time, the seed and the metric that the models are ranked by, which
is the one that is measured: the AutoML benchmark's (AMLB), 1 - AUC for two classes, logarithmic loss for more, root mean
squared error for amounts.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import artesian as h2o
from artesian.client.automl import H2OAutoML
from benchmarks import servers
from benchmarks.deeplearning import connected
from benchmarks.quality import Set

LEAST = 1e-15
METRICS = {"binary": ("AUC", "roc_auc"), "multiclass": ("logloss", "log_loss"), "regression": ("RMSE", "rmse")}
_FLAML = """
import json, sys, numpy as np, pandas as pd
from flaml import AutoML
told = json.load(open(sys.argv[1]))
tables = [pd.read_csv(told[part], dtype={n: ("object" if t == "enum" else "float64") for n, t in told["types"].items()}) for part in ("train", "test")]
for name, kind in told["types"].items():
    if kind == "enum" and name != told["target"]:
        levels = pd.CategoricalDtype(sorted(tables[0][name].dropna().unique()))
        for table in tables:
            table[name] = table[name].astype(levels)
train, test = tables
model = AutoML()
model.fit(train.drop(columns=told["target"]), train[told["target"]], task="regression" if told["task"] == "regression" else "classification",
          metric=told["metric"], time_budget=told["seconds"], seed=told["seed"], verbose=0, n_jobs=-1)
x = test.drop(columns=told["target"])
found = model.predict(x) if told["task"] == "regression" else model.predict_proba(x)
np.savez(sys.argv[2], found=np.asarray(found, dtype=float), classes=np.asarray(getattr(model, "classes_", []), dtype=str), best=str(model.best_estimator))
"""


@dataclass
class Result:
    """What a system reached on one set."""

    loss: float
    log_loss: float
    seconds: float
    best: str


@dataclass
class Board:
    """Results by set and system."""

    results: dict[str, dict[str, Result]] = field(default_factory=dict)
    kept: Path | None = None
    """A file of the results so far: a run that was interrupted goes on from there."""

    @classmethod
    def open(cls, kept: Path | None) -> Board:
        """With what an earlier run has left in the file."""
        found = json.loads(kept.read_text()) if kept and kept.exists() else {}
        return cls({name: {s: Result(**one) for s, one in results.items()} for name, results in found.items()}, kept)

    def lacks(self, name: str, system: str) -> bool:
        """Whether that is still to be measured."""
        return system not in self.results.get(name, {})

    def note(self, name: str, system: str, result: Result) -> None:
        """Keeps and prints a result."""
        self.results.setdefault(name, {})[system] = result
        if self.kept:
            told = {n: {s: vars(one) for s, one in found.items()} for n, found in self.results.items()}
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            self.kept.write_text(json.dumps(told, indent=1))
        print(
            f"{name:12} {system:10} loss {result.loss:.4f}  log loss {result.log_loss:.4f}  {result.seconds:6.1f} s  {result.best}",
            flush=True,
        )


def losses(
    task: str, actual: Sequence[Any], found: np.ndarray[Any, Any], classes: Sequence[str]
) -> tuple[float, float]:
    """AMLB's loss and the logarithmic one (NaN for amounts) of predictions [rows] or probabilities [rows, classes]."""
    if task == "regression":
        wanted = np.asarray(actual, dtype=float)
        return math.sqrt(float(np.mean((found - wanted) ** 2))), math.nan
    codes = np.array([list(classes).index(str(value)) for value in actual])
    own = np.clip(found[np.arange(len(codes)), codes], LEAST, 1)
    log_loss = float(-np.log(own).mean())
    if len(classes) > 2:
        return log_loss, log_loss
    return 1 - _auc(codes == 1, found[:, 1]), log_loss


def _auc(positive: np.ndarray[Any, Any], score: np.ndarray[Any, Any]) -> float:
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    _, first, count = np.unique(score[order], return_index=True, return_counts=True)
    ranks[order] = np.repeat(first + (count + 1) / 2, count)
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def on_server(system: str, item: Set, seconds: float, seed: int) -> Result:
    """A run on the server that is connected."""
    h2o.remove_all()
    train, test = item.frame("train"), item.frame("test")
    run = H2OAutoML(max_runtime_secs=seconds, seed=seed, sort_metric=METRICS[item.task][0])
    began = time.perf_counter()
    run.train(y=item.target, training_frame=train)
    taken = time.perf_counter() - began
    leader = run.leader
    table = leader.predict(test).as_data_frame()
    classes = [] if item.task == "regression" else list(train[item.target].levels()[0])
    found = table["predict"].to_numpy(float) if item.task == "regression" else table[table.columns[1:]].to_numpy(float)
    actual = test[item.target].as_data_frame()[item.target].tolist()
    return Result(*losses(item.task, actual, found, classes), taken, leader.model_id)


def by_flaml(python: str, item: Set, seconds: float, seed: int) -> Result:
    """A run of FLAML in its own interpreter."""
    import pandas as pd

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = {
            "train": str((item.folder / f"{item.name}.train.csv.gz").absolute()),
            "test": str((item.folder / f"{item.name}.test.csv.gz").absolute()),
            "target": item.target,
            "task": item.task,
            "metric": METRICS[item.task][1],
            "types": item.types,
            "seconds": seconds,
            "seed": seed,
        }
        (folder / "told.json").write_text(json.dumps(told))
        (folder / "run.py").write_text(_FLAML)
        began = time.perf_counter()
        interpreter = str(Path(python).absolute())  # a link to it names its environment
        done = subprocess.run(
            [interpreter, "run.py", "told.json", "found.npz"], cwd=folder, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"FLAML failed on {item.name}:\n{done.stderr[-2000:]}")
        taken = time.perf_counter() - began
        with np.load(folder / "found.npz") as kept:
            found, classes, best = kept["found"], [str(c) for c in kept["classes"]], str(kept["best"])
    actual = pd.read_csv(told["test"], dtype={item.target: None if item.task == "regression" else str})[
        item.target
    ].tolist()
    return Result(*losses(item.task, actual, found, classes), taken, best)


def table(board: Board, systems: Sequence[str]) -> str:
    """The page's table, with ranks and how often ours beats each other system."""
    lines = [
        "| set | " + " | ".join(systems) + " | best single or stacked model of ours |",
        "|---|" + "---|" * (len(systems) + 1),
    ]
    ranks: dict[str, list[float]] = {system: [] for system in systems}
    for name, found in board.results.items():
        values = [found[system].loss if system in found else math.nan for system in systems]
        order = sorted(v for v in values if not math.isnan(v))
        cells = []
        for system, value in zip(systems, values, strict=True):
            if math.isnan(value):
                cells.append("")
                continue
            ties = [i + 1 for i, v in enumerate(order) if v == value]
            ranks[system].append(sum(ties) / len(ties))
            extra = found[system].log_loss
            shown = f"{value:.4f}" if math.isnan(extra) or extra == value else f"{value:.4f} ({extra:.4f})"
            cells.append(f"**{shown}**" if value == order[0] else shown)
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {found[systems[0]].best.partition('_AutoML')[0]} |")
    lines.append(
        "| mean rank | " + " | ".join(f"{np.mean(ranks[s]):.2f}" if ranks[s] else "" for s in systems) + " | |"
    )
    for system in systems[1:]:
        pairs = [(f[systems[0]].loss, f[system].loss) for f in board.results.values() if system in f]
        if pairs:
            better = sum(ours < theirs for ours, theirs in pairs)
            worst = max(ours / theirs - 1 for ours, theirs in pairs)
            lines.append(f"\nLower than {system} on {better} of {len(pairs)}; at worst {100 * worst:+.1f} %.")
    return "\n".join(lines)


@contextlib.contextmanager
def system(name: str, script: Path | None) -> Iterator[servers.Server | None]:
    """A running server of that name, connected; None where there is no script for it."""
    if name == "Artesian":
        with servers.artesian() as server, connected(server):
            yield server
    elif script is None:
        yield None
    else:
        with servers.h2o3(script) as found:
            if found is None:
                yield None
                return
            with connected(found):
                yield found


def measured(options: Any) -> Board:
    """All systems on all sets, one after another."""
    folder = Path(options.data) / "quality"
    wanted = options.sets.split(",") if options.sets else None
    items = [Set.read(path) for path in sorted(folder.glob("*.json"))]
    items = [item for item in items if wanted is None or item.name in wanted]
    board = Board.open(options.kept)
    for name in ("Artesian", "H2O-3"):
        if (name == "H2O-3" and not options.reference_server) or not any(
            board.lacks(item.name, name) for item in items
        ):
            continue
        with system(name, options.reference_server) as server:
            if server is None:
                continue
            h2o.no_progress()
            for item in filter(lambda item: board.lacks(item.name, name), items):
                board.note(item.name, name, on_server(name, item, options.seconds, options.seed))
    if options.flaml:
        for item in filter(lambda item: board.lacks(item.name, "FLAML"), items):
            board.note(item.name, "FLAML", by_flaml(options.flaml, item, options.seconds, options.seed))
    return board


def page(board: Board, options: Any) -> str:
    """The page's text."""
    systems = [s for s in ("Artesian", "H2O-3", "FLAML") if any(s in found for found in board.results.values())]
    return (
        "# AutoML beside others\n\n"
        f"Losses on test tables of the best model after {options.seconds:g} seconds on {os.cpu_count()} cores, seed {options.seed}: "
        "1 - AUC for two classes (logarithmic loss in brackets), logarithmic loss for more, root mean squared error for amounts. "
        "Smaller is better.\n\n" + table(board, systems) + "\n\nMade by `make bench-automl`.\n"
    )


def main() -> None:
    """Reads the command line, measures, prints the page and writes it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", default=os.environ.get("ARTESIAN_TEST_DATA", "../shared/data"))
    parser.add_argument("--reference-server", type=Path)
    parser.add_argument("--flaml", help="an interpreter that has FLAML installed")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", default="")
    parser.add_argument("--kept", type=Path, help="a file of results that a run interrupted goes on from")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text = page(measured(options), options)
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
