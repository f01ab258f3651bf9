"""AutoML on cars and on handwritten digits: five networks and five boosted forests are trained and ranked.

What happened during each run, its leaderboard and the course of its best forest are shown. Runs with H2O's own client too:
change the two import lines to `import h2o` and `from h2o.automl import H2OAutoML`.

    python examples/automl.py [--each 5] [--rows 5000] [--secs 60] [--data cars_20mpg.csv]
                              [--train train.csv.gz --test test.csv.gz] [--out FOLDER] [--url URL]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # pictures go to files

from mnist import load as load_digits

import artesian as h2o
import data
from artesian.automl import H2OAutoML

SEED = 1234
CARS = ["displacement", "power", "weight", "acceleration", "year"]
FORESTS = ["def_1", "def_2", "def_3", "def_4", "def_5"]


def plan(each):
    """Steps that make so many models of each kind: networks beyond the first come from a grid."""
    networks = ["def_1"] if each == 1 else ["def_1", "grid_1"]
    return [("GBM", FORESTS[:each]), ("DeepLearning", networks)]


def run(each, **options):
    """An AutoML run, not started, that ends with so many models of each kind."""
    return H2OAutoML(
        max_models=2 * each,
        modeling_plan=plan(each),
        include_algos=["DeepLearning", "GBM"],
        seed=SEED,
        verbosity="warn",
        **options,
    )


def report(name, automl, frame, out):
    """Prints what a run did and draws the course of its best forest, and how its models compare."""
    print(f"\n=== {name}: what happened ===")
    for when, what in automl.event_log[["timestamp", "message"]].as_data_frame(use_pandas=False, header=False):
        print(when, what)
    print(f"\n=== {name}: leaderboard, {automl.training_info['duration_secs']} seconds ===")
    board = automl.get_leaderboard("ALL")
    print(board.head(board.nrows))
    best = automl.get_best_model("gbm")
    metric = "logloss"
    measured = best.model_performance(frame).logloss()
    print(
        f"\nBest of all: {automl.leader.model_id}; best forest: {best.model_id}, {metric} {measured:.4f} on held-out rows"
    )
    best.learning_curve_plot(metric=metric, save_plot_path=str(out / f"{name}-gbm-{metric}.png"))
    automl.varimp_heatmap(save_plot_path=str(out / f"{name}-importances.png"))
    automl.model_correlation_heatmap(frame, save_plot_path=str(out / f"{name}-models.png"))


def cars(path, each, out):
    """Does a car need less than 20 miles per gallon? Ranked by cross-validation."""
    table = h2o.upload_file(str(path))
    table["economy_20mpg"] = table["economy_20mpg"].asfactor()
    train, test = table.split_frame(ratios=[0.8], seed=SEED)
    automl = run(each, nfolds=5)
    automl.train(x=CARS, y="economy_20mpg", training_frame=train)
    report("cars", automl, test, out)


def digits(train_path, test_path, each, rows, secs, out):
    """Which digit is it? Ranked by the test digits, without cross-validation."""
    train, test = load_digits(train_path, test_path)
    if 0 < rows < train.nrow:
        train = train.split_frame(ratios=[rows / train.nrow], seed=SEED)[0]
        print(f"{train.nrow} of the digits are learnt from; --rows 0 takes all.")
    automl = run(each, nfolds=0, max_runtime_secs_per_model=secs)
    automl.train(y=train.ncol - 1, training_frame=train, leaderboard_frame=test)
    report("digits", automl, test, out)


def main() -> None:
    parser = argparse.ArgumentParser(description="AutoML with networks and boosted forests.")
    parser.add_argument("--each", type=int, default=5, choices=range(1, 6), help="models of each kind")
    parser.add_argument("--rows", type=int, default=5000, help="digits to learn from (0: all)")
    parser.add_argument("--secs", type=int, default=60, help="most seconds for a model of digits (0: no limit)")
    parser.add_argument("--data", default=data.find("cars_20mpg.csv"), help="the table of cars")
    parser.add_argument("--train", default=data.find("mnist/train.csv.gz"), help="digits to train on, the digit last")
    parser.add_argument("--test", default=data.find("mnist/test.csv.gz"), help="digits to test with")
    parser.add_argument("--out", default="automl-plots", help="folder for the pictures")
    parser.add_argument("--url", help="address of a running server (default: that of this machine, started if need be)")
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    h2o.init(url=options.url)
    cars(options.data, options.each, out)
    digits(options.train, options.test, options.each, options.rows, options.secs, out)
    print(f"\nPictures are in {out.resolve()}")


if __name__ == "__main__":
    main()
