"""How good the algorithms' defaults are beside the real H2O-3's: test losses on open data sets, written into a page.

    python -m benchmarks.quality --reference-server SCRIPT [--data FOLDER] [--algorithms gbm,glm] [--seeds 5] [--out docs/quality.md]

Each set is a table to train on and one to test on, with a file that tells its columns. Both servers are driven by one
client with the same calls; nothing but the seed is set. A row's loss is its squared error, or its logarithmic loss, averaged over
the seeds. What counts as worse or better is the mean of the differences of the rows' losses, in units of its standard
error (a paired t statistic): beyond 2 the difference is more than noise.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import artesian as h2o
from artesian.client import estimators
from artesian.client.estimators import H2OEstimator, create_estimator
from artesian.client.exceptions import H2OJobFailed
from benchmarks import servers
from benchmarks.deeplearning import connected

SAME = 1e-3
"""Relative difference of mean losses below which they are the same, however sure it is."""
NOISE = 2.0
"""Standard errors within which two mean losses count as equal."""
LEAST = 1e-6
"""Probability from which on a class that was thought impossible costs no more."""
VARIANTS: dict[str, Callable[[int], H2OEstimator]] = {
    "deeplearning": lambda seed: create_estimator("deeplearning", seed=seed),
    "gbm": lambda seed: create_estimator("gbm", seed=seed),
    "drf": lambda seed: create_estimator("drf", seed=seed),
    "xrt": lambda seed: create_estimator("drf", seed=seed, histogram_type="Random"),
    "xgboost": lambda seed: create_estimator("xgboost", seed=seed),
    "glm": lambda seed: create_estimator("glm", seed=seed),
    "naivebayes": lambda seed: create_estimator("naivebayes", seed=seed),
    "dt": lambda seed: create_estimator("dt", seed=seed),
}
_ALGORITHM = {"xrt": "drf"}
_CLASSES_ONLY = ("naivebayes",)
_TWO_CLASSES_ONLY = ("dt",)


@dataclass(frozen=True)
class Set:
    """A data set: its files and what its columns are."""

    name: str
    folder: Path
    target: str
    task: str
    types: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Set:
        told = json.loads(path.read_text())
        return cls(told["name"], path.parent, told["target"], told["task"], told["types"])

    def frame(self, part: str) -> Any:
        """The table `train` or `test` on the server that is connected."""
        return h2o.import_file(str(self.folder / f"{self.name}.{part}.csv.gz"), col_types=self.types)


@dataclass(frozen=True)
class Losses:
    """The loss of each row of the test table, the mean over the seeds; `by_seed` are the mean losses of the seeds."""

    rows: np.ndarray[Any, Any]
    by_seed: tuple[float, ...]

    def shown(self, task: str) -> str:
        """The mean loss as people know it, with the deviation between seeds."""
        values = np.sqrt(self.by_seed) if task == "regression" else np.array(self.by_seed)
        return f"{values.mean():.4g} ± {values.std():.2g}"


def sets(folder: Path) -> list[Set]:
    """All sets of a folder, by name."""
    return [Set.read(path) for path in sorted(folder.glob("*.json"))]


def fits(variant: str, task: str) -> bool:
    """Whether the algorithm can learn the task."""
    if variant in _TWO_CLASSES_ONLY:
        return task == "binary"
    return not (variant in _CLASSES_ONLY and task == "regression")


def row_losses(predictions: Any, actual: np.ndarray[Any, Any], task: str) -> np.ndarray[Any, Any]:
    """Squared errors or logarithmic losses of the rows."""
    table = predictions.to_polars()
    if task == "regression":
        return (table["predict"].to_numpy() - actual.astype(float)) ** 2
    columns = {name: table[name].to_numpy() for name in table.columns[1:]}
    right = np.array([columns[_probability(label, columns)][row] for row, label in enumerate(actual)])
    return -np.log(np.clip(right, LEAST, 1.0))


def _probability(label: str, columns: dict[str, Any]) -> str:
    return label if label in columns else f"p{label}"


def losses_of(variants: list[str], found: list[Set], seeds: int) -> dict[tuple[str, str], Losses]:
    """The losses of each algorithm on each set, on the server that is connected."""
    measured = {}
    for one in found:
        train, test = one.frame("train"), one.frame("test")
        actual = test[one.target].to_polars()[one.target].cast(str if one.task != "regression" else float).to_numpy()
        for variant in variants:
            if not fits(variant, one.task):
                continue
            try:
                rows = [_losses_of_seed(variant, seed, one, train, test, actual) for seed in range(1, seeds + 1)]
            except H2OJobFailed as refusal:  # H2O-3's decision tree takes no missing values
                print(f"{variant:14}{one.name:12}{str(refusal).splitlines()[0]}", flush=True)
                continue
            measured[variant, one.name] = Losses(np.mean(rows, axis=0), tuple(float(r.mean()) for r in rows))
            print(f"{variant:14}{one.name:12}{measured[variant, one.name].shown(one.task)}", flush=True)
    return measured


def _losses_of_seed(
    variant: str, seed: int, one: Set, train: Any, test: Any, actual: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    model = VARIANTS[variant](seed)
    model.train(y=one.target, training_frame=train)
    losses = row_losses(model.predict(test), actual, one.task)
    h2o.remove(model.model_id)
    return losses


def t_statistic(ours: Losses, theirs: Losses) -> float:
    """Mean difference of the rows' losses over its standard error; negative where ours are smaller."""
    difference = ours.rows - theirs.rows
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() / error) if error > 0 else 0.0


def verdict(t: float) -> str:
    """What a t statistic says."""
    return "better" if t < -NOISE else "worse" if t > NOISE else "equal"


def page(
    variants: list[str], found: list[Set], ours: dict[tuple[str, str], Losses], theirs: dict[tuple[str, str], Losses]
) -> str:
    """The page of the results."""
    lines = [
        "# Quality of the defaults",
        "",
        "Written by `make bench-quality`. Test losses (root mean squared error for numbers, logarithmic loss for classes: less",
        "is better) of models with default parameters, mean ± deviation over seeds. t: mean difference of the test rows' losses over its",
        f"standard error, negative where Artesian's are smaller; within ±{NOISE:g} the difference is noise.",
        "",
        "| algorithm | set | task | Artesian | H2O-3 | t | |",
        "|---|---|---|---|---|---|---|",
    ]
    counts = {"better": 0, "equal": 0, "worse": 0}
    for variant in variants:
        for one in found:
            key = (variant, one.name)
            if key not in ours or key not in theirs:
                continue
            if not (np.isfinite(ours[key].rows).all() and np.isfinite(theirs[key].rows).all()):
                continue  # H2O-3's decision tree predicts no probability of some rows
            same = abs(ours[key].rows.mean() / theirs[key].rows.mean() - 1) < SAME
            t = 0.0 if same else t_statistic(ours[key], theirs[key])
            counts[verdict(t)] += 1
            lines.append(
                f"| {variant} | {one.name} | {one.task} | {ours[key].shown(one.task)} | {theirs[key].shown(one.task)} "
                f"| {t:+.1f} | {verdict(t)} |"
            )
    lines += ["", ", ".join(f"{count} {name}" for name, count in counts.items()) + "."]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def _on(server: servers.Server | None) -> Iterator[bool]:
    if server is None:
        yield False
        return
    with connected(server):
        yield True


def main() -> None:
    """Measures both servers, one after the other, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference-server", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--algorithms", help="a list with commas; all that this client knows without it")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    here = Path(__file__).resolve().parent.parent
    data = options.data or Path(os.environ.get("ARTESIAN_TEST_DATA", here.parent / "shared" / "data"))
    found = sets(data / "quality" if (data / "quality").exists() else data)
    if not found:
        raise SystemExit(f"There is no data set in {data}: give its folder with --data.")
    known = estimators._BY_ALGORITHM
    variants = options.algorithms.split(",") if options.algorithms else list(VARIANTS)
    variants = [variant for variant in variants if _ALGORITHM.get(variant, variant) in known]
    with servers.artesian() as server, _on(server):
        ours = losses_of(variants, found, options.seeds)
    with servers.h2o3(options.reference_server) as server, _on(server) as there:
        theirs = losses_of(variants, found, options.seeds) if there else {}
    text = page(variants, found, ours, theirs)
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
