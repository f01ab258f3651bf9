"""Deep Learning beside the real H2O-3 in one run: speed, CPU and test error on MNIST, small tables, parse time.

    python -m benchmarks.deeplearning [--reference-server SCRIPT] [--data FOLDER] [--epochs 1,2,5,10]

Where java or the script is missing, scikit-learn's MLPClassifier stands beside Artesian instead. Both servers are driven
through the same client and the same REST calls; a server's CPU time is that of all its processes. "Samples per second"
counts the training rows by the model's own run time, scoring included.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import artesian as h2o
from artesian.client.estimators import H2ODeepLearningEstimator
from benchmarks import servers

ROWS = 60_000
NETS: dict[str, dict[str, Any]] = {
    "[128,64] RectifierWithDropout": {
        "hidden": [128, 64],
        "activation": "RectifierWithDropout",
        "input_dropout_ratio": 0.2,
        "hidden_dropout_ratios": [0.3, 0.2],
    },
    "[200,200] Rectifier": {"hidden": [200, 200], "activation": "Rectifier"},
}
PLAIN: dict[str, Any] = {
    "seed": 1,
    "stopping_rounds": 0,
    "classification_stop": -1,
    "overwrite_with_best_model": False,
    "variable_importances": False,
    "score_interval": 3600,
    "score_training_samples": 1000,
}


@dataclass(frozen=True)
class Figure:
    """One training run."""

    samples_per_second: float
    samples_per_cpu_second: float
    test_error: float


def data_folder(given: str | None) -> Path | None:
    """The folder that holds `mnist/train.csv.gz`, or None."""
    here = Path(__file__).resolve().parent.parent
    for candidate in (given, os.environ.get("ARTESIAN_TEST_DATA"), str(here.parent / "shared" / "data")):
        if candidate and (Path(candidate) / "mnist" / "train.csv.gz").exists():
            return Path(candidate)
    return None


@contextlib.contextmanager
def connected(server: servers.Server) -> Iterator[None]:
    """The client talks to that server meanwhile."""
    h2o.connect(url=server.url, verbose=False)
    h2o.no_progress()
    try:
        yield
    finally:
        h2o.connection().close()


def import_mnist(folder: Path) -> tuple[Any, Any, float]:
    """Training and test frames with a categorical label, and the seconds that the training file took to import."""
    started = time.perf_counter()
    train = h2o.import_file(str(folder / "mnist" / "train.csv.gz"))
    seconds = time.perf_counter() - started
    test = h2o.import_file(str(folder / "mnist" / "test.csv.gz"))
    for frame in (train, test):
        frame[784] = frame[784].asfactor()
    return train, test, seconds


def train_once(
    server: servers.Server, train: Any, test: Any, net: dict[str, Any], epochs: float, **more: Any
) -> Figure:
    """Trains one model and takes its figures."""
    model = H2ODeepLearningEstimator(epochs=epochs, **{**PLAIN, **net, **more})
    before = server.cpu_seconds()
    model.train(list(range(784)), 784, train)
    cpu = server.cpu_seconds() - before
    seconds = model.end_time / 1000 - model.start_time / 1000
    error = model.model_performance(test).confusion_matrix().as_data_frame()["Error"].iloc[-1]
    samples = epochs * ROWS
    return Figure(samples / seconds, samples / cpu, 100 * float(error))


def small_table_seconds(path: str, repeats: int = 5) -> float:
    """Median wall seconds of `train()` on the cars table: 5 predictors, 20 epochs, [200,200]."""
    cars = h2o.import_file(path)
    cars["economy_20mpg"] = cars["economy_20mpg"].asfactor()
    predictors = ["displacement", "power", "weight", "acceleration", "year"]
    seconds = []
    for _ in range(repeats):
        model = H2ODeepLearningEstimator(hidden=[200, 200], epochs=20, seed=1)
        started = time.perf_counter()
        model.train(predictors, "economy_20mpg", cars)
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[repeats // 2]


def measure(server: servers.Server, folder: Path, epochs: list[float], batches: list[int]) -> dict[str, Any]:
    """All figures of one server."""
    figures: dict[str, Any] = {}
    with connected(server):
        train, test, figures["import seconds"] = import_mnist(folder)
        for name, net in NETS.items():
            for count in epochs:
                figures[name, count] = figure = train_once(server, train, test, net, count)
                show(server.name, f"{name}, {count:g} epochs", figure)
            for batch in batches:
                figures[name, f"batch {batch}"] = figure = train_once(
                    server, train, test, net, 2, mini_batch_size=batch
                )
                show(server.name, f"{name}, 2 epochs, mini_batch_size {batch}", figure)
        figures["small table seconds"] = small_table_seconds(
            str(Path(__file__).parent.parent / "tests/data/cars_20mpg.csv")
        )
    return figures


def show(who: str, what: str, figure: Figure) -> None:
    """Prints one line of figures."""
    print(
        f"{who:10} {what:52} {figure.samples_per_second:10,.0f} samples/s {figure.samples_per_cpu_second:10,.0f} per CPU s"
        f"   test error {figure.test_error:5.2f} %",
        flush=True,
    )


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Prints the ratios of two servers' figures."""
    print("\nArtesian against H2O-3")
    for key, mine in ours.items():
        other = theirs.get(key)
        if isinstance(mine, Figure) and isinstance(other, Figure):
            print(
                f"  {key[0]:32} {key[1]!s:>9} epochs: {mine.samples_per_cpu_second / other.samples_per_cpu_second:6.1f} × per CPU second,"
                f" {mine.samples_per_second / other.samples_per_second:6.1f} × on the clock,"
                f" test error {mine.test_error - other.test_error:+.2f} points"
            )
        elif other and not isinstance(mine, Figure):
            print(f"  {key}: {mine:.3f} s against {other:.3f} s, {other / mine:.1f} × as fast")


def measure_scikit_learn(folder: Path) -> None:
    """scikit-learn's MLPClassifier on the same data, one epoch online (a tenth of the rows) and two in batches of 200."""
    import numpy as np
    import polars as pl
    from sklearn.neural_network import MLPClassifier

    table = pl.read_csv(folder / "mnist" / "train.csv.gz", has_header=False).to_numpy()
    test = pl.read_csv(folder / "mnist" / "test.csv.gz", has_header=False).to_numpy()
    for batch, rows, epochs in ((1, ROWS // 10, 1), (200, ROWS, 2)):
        net = MLPClassifier((200, 200), batch_size=batch, max_iter=epochs, random_state=1)
        wall, cpu = time.perf_counter(), time.process_time()
        net.fit(table[:rows, :784] / 255.0, table[:rows, 784])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        error = 100 * float(np.mean(net.predict(test[:, :784] / 255.0) != test[:, 784]))
        show(
            "sklearn",
            f"[200,200] relu, batch {batch}, {rows} rows × {epochs}",
            Figure(rows * epochs / wall, rows * epochs / cpu, error),
        )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference-server", type=Path, default=Path("none"))
    parser.add_argument("--data")
    parser.add_argument("--epochs", default="1,2,5,10")
    parser.add_argument("--batches", default="32")
    options = parser.parse_args()
    folder = data_folder(options.data)
    if folder is None:
        raise SystemExit("MNIST was not found: give --data FOLDER with mnist/train.csv.gz, or set ARTESIAN_TEST_DATA.")
    epochs = [float(count) for count in options.epochs.split(",")]
    with servers.artesian() as server:
        ours = measure(server, folder, epochs, [int(batch) for batch in options.batches.split(",")])
    with servers.h2o3(options.reference_server) as reference:
        if reference is None:
            print("\nNo java or no reference server: scikit-learn's MLPClassifier instead.")
            measure_scikit_learn(folder)
        else:
            compare(ours, measure(reference, folder, epochs, []))


if __name__ == "__main__":
    main()
