"""The Deep Learning kernels alone, without server, frames or scoring: speed, CPU time and test error on MNIST.

    python -m benchmarks.deeplearning_kernels [FOLDER] [--epochs 1,2,5,10] [--threads 1,2] [--batches 1] [--paths avx2]

FOLDER holds train.csv.gz and test.csv.gz, label last. Without it the 8 × 8 digits of scikit-learn stand in, enlarged to 28 × 28 and
repeated to 60,000 rows: good for speed, while the errors say nothing about MNIST. Online training (a batch of 1) with
ADADELTA, rho 0.99 and epsilon 1e-8, rows in a new random order each epoch. Inputs are sparse: divided by their deviation, or by
half of their largest value where that is more, and not centred.

A machine that does other work meanwhile lowers the samples per second; those per CPU second it lowers less. The kernels choose
by themselves to use fewer threads while that is faster: `used` says what they did.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian import _native
from artesian._native import InputRows, NeuralNetwork

NETS: dict[str, dict[str, Any]] = {
    "[128,64] dropout": {"units": [128, 64], "input_dropout": 0.2, "hidden_dropout": [0.3, 0.2]},
    "[200,200]": {"units": [200, 200]},
}
LARGEST = 2.0  # of a scaled input: rare pixels have tiny deviations, and dividing by those alone makes them huge

Images = NDArray[np.uint8]
Labels = NDArray[np.int32]


def read_images(path: Path) -> tuple[Images, Labels]:
    """Pixels [rows, 784] and labels of a CSV file without header."""
    import polars as pl

    table = pl.read_csv(path, has_header=False).to_numpy()
    return table[:, :-1].astype(np.uint8), table[:, -1].astype(np.int32)


def enlarged_digits(rows: int = 60_000) -> tuple[tuple[Images, Labels], tuple[Images, Labels]]:
    """scikit-learn's digits as 28 × 28 images: three by three pixels for one, two more on each side; a quarter for testing."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.pad(np.kron(digits.images, np.ones((3, 3))) * 15.9375, ((0, 0), (2, 2), (2, 2)))
    pixels = images.reshape(len(images), -1).astype(np.uint8)
    labels = digits.target.astype(np.int32)
    order = np.random.default_rng(1).permutation(len(pixels))
    test, train = order[:450], order[450:]
    repeated = np.resize(train, rows)
    return (pixels[repeated], labels[repeated]), (pixels[test], labels[test])


def scales_of(pixels: Images) -> NDArray[np.float32]:
    """What each input is multiplied by."""
    divisors = np.maximum(pixels.std(axis=0, dtype=np.float64), pixels.max(axis=0) / LARGEST)
    return np.where(divisors > 0, 1 / np.maximum(divisors, 1e-300), 0).astype(np.float32)


def sparse_rows(pixels: Images, scales: NDArray[np.float32]) -> InputRows:
    """The scaled pixels that are not 0, in rows."""
    rows, columns = np.nonzero(pixels)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(pixels)))]).astype(np.int64)
    values = pixels[rows, columns].astype(np.float32) * scales[columns]
    return InputRows(*pixels.shape, indptr=starts, indices=columns.astype(np.int32), values=values)


def measure(
    options: dict[str, Any],
    train: tuple[InputRows, Labels],
    test: tuple[InputRows, Labels],
    epochs: list[int],
    threads: int,
    batch: int,
) -> str:
    """Trains to the last of the epochs; one line of figures."""
    rows, labels = train
    hidden = options["units"]
    more = {key: value for key, value in options.items() if key != "units"}
    network = NeuralNetwork([rows.n_inputs, *hidden, 10], seed=1, **more)
    generator = np.random.default_rng(1)
    wall = cpu = 0.0
    errors, used = [], []
    for epoch in range(1, max(epochs) + 1):
        order = generator.permutation(rows.n_rows).astype(np.int64)
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        result = network.train(rows, labels, order, threads=threads, batch_size=batch)
        wall += time.perf_counter() - wall_start
        cpu += time.process_time() - cpu_start
        used.append(result.threads)
        if epoch in epochs:
            predicted = network.forward(test[0], threads=threads).argmax(axis=1)
            errors.append(f"{100 * (predicted != test[1]).mean():.2f}")
    samples = network.samples
    return (
        f"threads {threads} (used {np.mean(used):.1f})  batch {batch:<4} {samples / wall:9,.0f} samples/s "
        f"{samples / cpu:9,.0f} per CPU s   test error % {' / '.join(errors)}"
    )


def numbers(text: str) -> list[int]:
    """Whole numbers separated by commas."""
    return [int(part) for part in text.split(",")]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--epochs", type=numbers, default=[1, 2, 5, 10])
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--batches", type=numbers, default=[1])
    parser.add_argument(
        "--paths", default=_native.simd_path(), help="instruction sets: " + ", ".join(_native.simd_paths())
    )
    options = parser.parse_args()
    if options.folder:
        train, test = (read_images(options.folder / f"{part}.csv.gz") for part in ("train", "test"))
    else:
        print("No folder given: scikit-learn's digits, enlarged; the errors are not MNIST's.")
        train, test = enlarged_digits()
    scales = scales_of(train[0])
    train_rows, test_rows = ((sparse_rows(pixels, scales), labels) for pixels, labels in (train, test))
    print(f"Test errors after {' / '.join(map(str, options.epochs))} epochs")
    for path in options.paths.split(","):
        _native.set_simd_path(path)
        for name, net in NETS.items():
            for batch in options.batches:
                for threads in options.threads:
                    line = measure(net, train_rows, test_rows, options.epochs, threads, batch)
                    print(f"{path:8} {name:17} {line}", flush=True)


if __name__ == "__main__":
    main()
