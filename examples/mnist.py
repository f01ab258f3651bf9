"""Deep Learning on handwritten digits: momentum, dropout, early stopping, and a look at one digit against all others.

Runs with H2O's own client too: change the two import lines to `import h2o` and
`from h2o.estimators import H2ODeepLearningEstimator`.

    python examples/mnist.py [--train train.csv.gz --test test.csv.gz] [--epochs 500] [--quick] [--out FOLDER] [--url URL]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # pictures go to files

import artesian as h2o
import data
from artesian.estimators import H2ODeepLearningEstimator

QUICK_EPOCHS = 1
DIGIT = "8"


def load(train_path, test_path):
    """Frames to train on and to test with; the last column is the digit, as a factor."""
    if train_path and test_path:
        train, test = h2o.upload_file(str(train_path)), h2o.upload_file(str(test_path))
    else:
        train, test = small_digits()
    resp = train.ncol - 1
    train[resp] = train[resp].asfactor()
    test[resp] = test[resp].asfactor()
    return train, test


def small_digits():
    """The digits that scikit-learn ships, 8 x 8 pixels each: every fifth to test with."""
    import numpy as np
    from sklearn.datasets import load_digits

    print("MNIST was not found, so the small digits of scikit-learn stand in (1797 of 8 x 8 pixels).")
    print("Give --train and --test, or a folder with mnist/train.csv.gz in ARTESIAN_DATA, for the real ones.")
    digits = load_digits()
    rows = np.column_stack([digits.data, digits.target]).astype(int)
    tested = np.arange(len(rows)) % 5 == 0
    return h2o.H2OFrame(rows[~tested]), h2o.H2OFrame(rows[tested])


def with_momentum(train, test, predictors, resp, epochs):
    """A network of two layers of 200, trained with a falling rate and a rising momentum."""
    model = H2ODeepLearningEstimator(
        activation="RectifierWithDropout",
        adaptive_rate=False,
        rate=0.01,
        rate_decay=0.9,
        rate_annealing=1e-6,
        momentum_start=0.95,
        momentum_ramp=1e5,
        momentum_stable=0.99,
        nesterov_accelerated_gradient=False,
        input_dropout_ratio=0.2,
        train_samples_per_iteration=20000,
        classification_stop=-1,  # do not stop for a perfect fit
        l1=1e-5,
        epochs=epochs,
        seed=1234,
    )
    model.train(x=predictors, y=resp, training_frame=train, validation_frame=test)
    return model


def with_early_stopping(train, test, predictors, resp, epochs):
    """A smaller network with dropout, trained until the share of wrong digits no longer falls."""
    model = H2ODeepLearningEstimator(
        activation="RectifierWithDropout",
        hidden=[128, 64],
        input_dropout_ratio=0.2,
        hidden_dropout_ratios=[0.3, 0.2],
        stopping_metric="misclassification",
        stopping_rounds=3,
        stopping_tolerance=1e-2,
        epochs=epochs,
        seed=1234,
    )
    model.train(x=predictors, y=resp, training_frame=train, validation_frame=test)
    return model


def one_digit(train, test, predictors, resp, epochs):
    """A model of two classes: is it that digit?"""
    for frame in (train, test):
        frame["target"] = (frame[resp] == DIGIT).ifelse("yes", "no").asfactor()
    model = H2ODeepLearningEstimator(hidden=[64, 32], epochs=epochs, seed=1234)
    model.train(x=predictors, y="target", training_frame=train, validation_frame=test)
    return model


def report(name, model, test, out):
    """Prints the error on the test digits and draws the course of training."""
    performance = model.model_performance(test)
    matrix = performance.confusion_matrix()
    print(
        f"\n{name}: {float(matrix['Error'][-1]):.2%} of the test digits are wrong, logloss {performance.logloss():.4f}"
    )
    print(matrix)
    model.plot(metric="classification_error", server=True, save_plot_path=str(out / f"{name}-history.png"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Deep Learning on handwritten digits.")
    parser.add_argument("--train", default=data.find("mnist/train.csv.gz"), help="digits to train on, the digit last")
    parser.add_argument("--test", default=data.find("mnist/test.csv.gz"), help="digits to test with")
    parser.add_argument("--epochs", type=float, default=500, help="most passes over the digits with early stopping")
    parser.add_argument("--quick", action="store_true", help=f"train for {QUICK_EPOCHS} pass(es) only")
    parser.add_argument("--out", default="mnist-plots", help="folder for the pictures")
    parser.add_argument("--url", help="address of a running server (default: that of this machine, started if need be)")
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)

    h2o.init(url=options.url)
    train, test = load(options.train, options.test)
    predictors = list(range(train.ncol - 1))
    resp = train.ncol - 1
    print(f"\n{train.nrow} digits of {len(predictors)} pixels to train on, {test.nrow} to test with")

    long, short = (QUICK_EPOCHS, QUICK_EPOCHS) if options.quick else (options.epochs, 10)
    report("momentum", with_momentum(train, test, predictors, resp, short), test, out)
    report("early-stopping", with_early_stopping(train, test, predictors, resp, long), test, out)

    model = one_digit(train, test, predictors, resp, short)
    performance = model.model_performance(test)
    performance.plot(type="roc", server=True, save_plot_path=str(out / "roc.png"))
    performance.plot(type="pr", server=True, save_plot_path=str(out / "precision-recall.png"))
    print(f"\nIs it an {DIGIT}? AUC {performance.auc():.5f}, area under precision and recall {performance.aucpr():.5f}")
    print(performance.confusion_matrix())
    print(f"Pictures are in {out.resolve()}")


if __name__ == "__main__":
    main()
