"""Deep Learning's recipe for tables beside its classic one and gradient boosting: test losses and processor seconds a fit.

    python -m benchmarks.tabular [--data FOLDER] [--seeds 1] [--sets car,mpg]

Each set is a table to train on and one to test on, with a file that tells its columns (as for `benchmarks.quality`).
Trainings run in this process, on one thread, with nothing set but the seed and what the table's head says. Losses are the root of
the mean squared error, or the logarithmic loss, averaged over the seeds.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from artesian.core import blas
from artesian.frame import Column, Frame
from artesian.learn import validate
from artesian.learn.base.building import Order, build
from artesian.learn.base.context import PlainContext
from benchmarks.quality import Set, sets

VARIANTS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "classic": ("deeplearning", {}),
    "gbm": ("gbm", {}),
    "tabular": ("deeplearning", {"recipe": "tabular"}),
    "tabular, bag of 5 folds": ("deeplearning", {"recipe": "tabular", "nfolds": 5, "fold_models_predict": True}),
}


@dataclasses.dataclass(frozen=True)
class Frames:
    """The training frame by its key; there are no models to look up."""

    training: Frame

    def frame(self, key: str) -> Frame:
        """The only frame that there is."""
        return self.training

    def model_details(self, key: str) -> Any:
        """None is ever asked for."""
        raise KeyError(key)


def read(data: Set, part: str) -> Frame:
    """A part of a set, its columns of the types that its file tells."""
    types = {name: pl.String if kind == "enum" else pl.Float64 for name, kind in data.types.items()}
    table = pl.read_csv(data.folder / f"{data.name}.{part}.csv.gz", null_values=["", "NA"], schema_overrides=types)
    columns = [
        Column.enum_from_strings(table[name]) if kind == "enum" else Column.from_series(table[name])
        for name, kind in data.types.items()
    ]
    return Frame(list(data.types), columns)


def fitted(data: Set, variant: str, seed: int, scratch: Path) -> tuple[float, float]:
    """The test loss (a mean square is not yet rooted) and the processor seconds of one training."""
    name, own = VARIANTS[variant]
    training, test = read(data, "train"), read(data, "test")
    given = {"training_frame": "training", "response_column": data.target, "seed": seed, **own}
    checked = validate(name, given, Frames(training))
    checked.raise_for_errors()
    order = Order(checked.algorithm, "model", checked.values, checked.given, {"training_frame": training})
    begun = time.process_time()
    model = build(order, PlainContext(scratch, threads=1)).model
    seconds = time.process_time() - begun
    metrics: Any = model.score(test)
    return float(metrics.mse if data.task == "regression" else metrics.log_loss), seconds


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ARTESIAN_TEST_DATA", "../shared/data")))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--sets", default="")
    options = parser.parse_args()
    blas.set_threads(1)
    wanted = set(filter(None, options.sets.split(",")))
    print("| set | rows | " + " | ".join(VARIANTS) + " |")
    print("|---|---|" + "---|" * len(VARIANTS))
    with tempfile.TemporaryDirectory() as folder:
        for data in sets(options.data / "quality"):
            if wanted and data.name not in wanted:
                continue
            cells = []
            for variant in VARIANTS:
                runs = [fitted(data, variant, seed, Path(folder)) for seed in range(1, options.seeds + 1)]
                losses = np.array([loss for loss, _ in runs])
                shown = (np.sqrt(losses) if data.task == "regression" else losses).mean()
                cells.append(f"{shown:.4g} ({np.mean([seconds for _, seconds in runs]):.1f} s)")
            rows = read(data, "train").n_rows
            print(f"| {data.name} | {rows:,} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
