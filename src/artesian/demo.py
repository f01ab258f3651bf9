"""The demonstration: a server that stays up, Deep Learning on cars and on handwritten digits, figures and pictures.

`artesian demo` runs it. It uses the Python API alone, as a script would; longer stories are in the folder `examples`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artesian.client.local_server import default_roots, free_port
from artesian.core.errors import ArtesianError, NotFound

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_CARS = Path(__file__).resolve().parent / "datasets" / "cars_20mpg.csv"
_PREDICTORS = ["displacement", "power", "weight", "acceleration", "year"]
_SEED = 1234
_DIGIT = "8"


def run(data: str | None = None, out: str = "artesian-demo", port: int | str | None = None, epochs: float = 2) -> None:
    """Starts a server, trains on cars and digits, prints the metrics, writes the pictures, and says where the server is.

    `data` is a folder with MNIST (`train.csv.gz` and `test.csv.gz`, there or below `mnist`), `out` one for the pictures,
    `epochs` the passes over the digits. Raises ArtesianError when the server does not start or data is not found.
    """
    from artesian.client import session

    files = find_mnist(data)
    url = start_server(free_port(port), [data] if data else [])
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    session.connect(url=url, verbose=False)
    print(f"\n=== Cars: how many cylinders? ===\n{_CARS.name}")
    cars(folder)
    print("\n=== Handwritten digits ===")
    digits(files, folder, epochs)
    number = url.rpartition(":")[2]
    print(f"\nPictures are in {folder.resolve()}")
    print(f"The server is still up at {url}; stop it with: artesian stop --port {number}")


def start_server(port: int, roots: list[str]) -> str:
    """Starts a server in the background and gives its address."""
    command = [sys.executable, "-m", "artesian.cli", "start", "--detach", "--port", str(port)]
    for root in [*default_roots(), *roots]:
        command += ["--import-root", root]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"https?://\S+:\d+", result.stdout)
    if result.returncode or found is None:
        raise ArtesianError(f"The server did not start: {(result.stderr or result.stdout).strip()}")
    print(result.stdout.strip())
    return found[0]


def find_mnist(data: str | None) -> tuple[Path, Path] | None:
    """The files of MNIST in a folder or its subfolder `mnist`; None without a folder, NotFound when they are not there."""
    if data is None:
        return None
    for folder in (Path(data), Path(data) / "mnist"):
        train, test = folder / "train.csv.gz", folder / "test.csv.gz"
        if train.is_file() and test.is_file():
            return train, test
    raise NotFound(f"The folder {data} holds no train.csv.gz and test.csv.gz, nor does its subfolder mnist.")


def cars(folder: Path) -> None:
    """Networks that tell the number of cylinders, without and with dropout and cross-validation."""
    from artesian.client.estimators import H2ODeepLearningEstimator
    from artesian.client.importing import upload_file

    table = upload_file(_CARS)
    table["economy_20mpg"] = table["economy_20mpg"].asfactor()
    train, valid = table.split_frame(ratios=[0.8], seed=_SEED)
    watched: dict[str, Any] = {"train_samples_per_iteration": 0, "score_each_iteration": True}  # a point for each epoch
    dropout = {"activation": "tanhwithdropout", "hidden": [200, 200], "hidden_dropout_ratios": [0.5, 0.5], "epochs": 20}
    steps: dict[str, dict[str, Any]] = {
        "defaults": {},
        "tanh, 15 epochs": {"activation": "tanh", "epochs": 15},
        "tanh with dropout, 20 epochs": dropout,
        "the same, 5 folds": dropout | {"nfolds": 5},
    }
    for number, (name, settings) in enumerate(steps.items(), start=1):
        model = H2ODeepLearningEstimator(**settings, **watched, seed=_SEED)
        model.train(x=_PREDICTORS, y="cylinders", training_frame=train, validation_frame=valid)
        errors = model.rmse(train=True, valid=True, xval=True)
        told = ", ".join(f"{part} {value:.3f}" for part, value in errors.items() if value is not None)
        print(f"{name}: root mean squared error {told}")
        model.plot(server=True, save_plot_path=str(folder / f"cars-{number}-history.png"))
    model.varimp_plot(server=True, save_plot_path=str(folder / "cars-importances.png"))


def digits(files: tuple[Path, Path] | None, folder: Path, epochs: float) -> None:
    """A network that reads digits, and one that looks for a single digit."""
    from artesian.client.estimators import H2ODeepLearningEstimator

    train, test, passes = _digit_frames(files, epochs)
    response = train.ncol - 1
    predictors = list(range(response))
    train[response] = train[response].asfactor()
    test[response] = test[response].asfactor()
    model = H2ODeepLearningEstimator(
        activation="RectifierWithDropout",
        hidden=[128, 64],
        input_dropout_ratio=0.2,
        hidden_dropout_ratios=[0.3, 0.2],
        epochs=passes,
        train_samples_per_iteration=max(1, train.nrow // 10),
        score_each_iteration=True,
        seed=_SEED,
    )
    model.train(x=predictors, y=response, training_frame=train, validation_frame=test)
    performance = model.model_performance(test)
    wrong = float(performance.confusion_matrix()["Error"][-1])
    print(f"{passes:g} passes: {wrong:.2%} of the test digits are wrong, logloss {performance.logloss():.3f}")
    print(performance.confusion_matrix())
    model.plot(metric="classification_error", server=True, save_plot_path=str(folder / "digits-history.png"))
    _single_digit(train, test, predictors, folder, passes)


def _single_digit(train: H2OFrame, test: H2OFrame, predictors: list[int], folder: Path, passes: float) -> None:
    from artesian.client.estimators import H2ODeepLearningEstimator

    response = len(predictors)
    for frame in (train, test):
        frame["target"] = (frame[response] == _DIGIT).ifelse("yes", "no").asfactor()
    model = H2ODeepLearningEstimator(hidden=[64, 32], epochs=passes, seed=_SEED)
    model.train(x=predictors, y="target", training_frame=train, validation_frame=test)
    performance = model.model_performance(test)
    print(f"Is it an {_DIGIT}? AUC {performance.auc():.4f}, area under precision and recall {performance.aucpr():.4f}")
    performance.plot(type="roc", server=True, save_plot_path=str(folder / "digits-roc.png"))
    performance.plot(type="pr", server=True, save_plot_path=str(folder / "digits-precision-recall.png"))


def _digit_frames(files: tuple[Path, Path] | None, epochs: float) -> tuple[H2OFrame, H2OFrame, float]:
    """Frames to train on and to test with, and how many passes: the small digits need more."""
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.importing import upload_file

    if files is not None:
        return upload_file(files[0]), upload_file(files[1]), epochs
    try:
        import numpy as np
        from sklearn.datasets import load_digits
    except ImportError:
        raise NotFound(
            "Neither MNIST nor scikit-learn's digits are at hand: give --data FOLDER, or pip install scikit-learn."
        ) from None
    print("No folder with MNIST was given (--data FOLDER): the small digits of scikit-learn, 8 x 8 pixels, stand in.")
    found = load_digits()
    rows = np.column_stack([found.data, found.target]).astype(int)
    tested = np.arange(len(rows)) % 5 == 0
    return H2OFrame(rows[~tested]), H2OFrame(rows[tested]), 20 * epochs
