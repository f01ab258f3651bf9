"""Deep Learning on a table of cars: how many cylinders has a car of that displacement, power, weight, acceleration, year?

One setting after the other is tried, each on top of the last. Runs with H2O's own client too: change the two import lines
to `import h2o` and `from h2o.estimators import H2ODeepLearningEstimator`.

    python examples/cars.py [--data cars_20mpg.csv] [--out FOLDER] [--url http://127.0.0.1:54321]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # pictures go to files

import artesian as h2o
import data
from artesian.estimators import H2ODeepLearningEstimator

PREDICTORS = ["displacement", "power", "weight", "acceleration", "year"]
RESPONSE = "cylinders"
SEED = 1234


def load(path: str):
    """The table with economy_20mpg as a factor, split 80/20."""
    cars = h2o.upload_file(path)
    cars["economy_20mpg"] = cars["economy_20mpg"].asfactor()
    return cars.split_frame(ratios=[0.8], seed=SEED)


def variants(train, valid):
    """Name and model of each step, trained as it is asked for."""

    def trained(**settings):
        model = H2ODeepLearningEstimator(**settings)
        model.train(x=PREDICTORS, y=RESPONSE, training_frame=train, validation_frame=valid)
        return model

    yield "defaults", trained(seed=SEED)
    yield "tanh, 15 epochs", trained(activation="tanh", epochs=15, seed=SEED)

    settings = {
        "activation": "tanhwithdropout",
        "epochs": 20,
        "hidden": [200, 200],
        "hidden_dropout_ratios": [0.5, 0.5],
        "seed": SEED,
    }
    yield "tanh with dropout, 20 epochs, 200-200", trained(**settings)
    settings["mini_batch_size"] = 32
    yield "+ batches of 32", trained(**settings)
    settings |= {"adaptive_rate": False, "rate": 0.01}
    yield "+ rate 0.01", trained(**settings)
    settings["l1"] = 1e-5
    regularized = trained(**settings)
    yield "+ l1 1e-5", regularized
    yield "+ 5-fold cross-validation", trained(**settings, nfolds=5)
    yield (
        "+ 20 epochs more from the checkpoint",
        trained(**(settings | {"epochs": 40}), checkpoint=regularized.model_id),
    )
    yield (
        "+ normal initial weights",
        trained(**settings, initial_weight_distribution="normal", initial_weight_scale=0.1),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Deep Learning on a table of cars.")
    parser.add_argument("--data", default=data.find("cars_20mpg.csv"), help="the table, as CSV")
    parser.add_argument("--out", default="cars-plots", help="folder for the pictures")
    parser.add_argument("--url", help="address of a running server (default: that of this machine, started if need be)")
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    h2o.init(url=options.url)
    train, valid = load(str(options.data))
    print(f"\n{train.nrow} cars to train on, {valid.nrow} to validate with")
    results = []
    for number, (name, model) in enumerate(variants(train, valid), start=1):
        errors = model.rmse(train=True, valid=True, xval=True)
        results.append((name, errors))
        model.plot(server=True, save_plot_path=str(out / f"{number}-history.png"))
        model.varimp_plot(server=True, save_plot_path=str(out / f"{number}-importances.png"))
    print(f"\n{'root mean squared error of cylinders':45} {'train':>8} {'valid':>8} {'folds':>8}")
    for name, errors in results:
        print(
            f"{name:45} "
            + " ".join(f"{'' if value is None else format(value, '8.4f'):>8}" for value in errors.values())
        )
    print(f"\nThe importances of the last model:\n{model.varimp(use_pandas=True)}")
    print(f"\nPredictions for the first cars to validate with:\n{model.predict(valid).head(5)}")
    print(f"Pictures are in {out.resolve()}")


if __name__ == "__main__":
    main()
