"""Records what H2O-3 3.46.0.12 reaches on scikit-learn's small data sets, for `test_quality.py`.

Run with a Python that has the official client and scikit-learn, against a running server:
`python record_reference.py http://127.0.0.1:54321` writes `reference_quality.json`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SEEDS = (1, 2, 3, 4, 5)
COMMON = {
    "nfolds": 5,
    "fold_assignment": "Modulo",
    "reproducible": True,
    "overwrite_with_best_model": False,
    "stopping_rounds": 0,
}
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "tanh": {"activation": "Tanh", "hidden": [30, 30], "epochs": 20},
    "dropout": {"activation": "RectifierWithDropout", "hidden": [50, 50], "epochs": 30, "input_dropout_ratio": 0.1},
    "manual": {"adaptive_rate": False, "rate": 0.01, "momentum_start": 0.5, "momentum_stable": 0.5, "hidden": [30, 30]},
}


def data_sets() -> dict[str, Any]:
    """Name → (inputs, response, whether classes) of the sets."""
    from sklearn import datasets

    loaders = {"iris": datasets.load_iris, "wine": datasets.load_wine, "cancer": datasets.load_breast_cancer}
    sets = {name: (*load(return_X_y=True), True) for name, load in loaders.items()}
    return {**sets, "diabetes": (*datasets.load_diabetes(return_X_y=True), False)}


def record(address: str) -> dict[str, Any]:
    """Set → setting → cross-validated log loss (classes) or mean squared error, one a seed."""
    import h2o
    import pandas as pd
    from h2o.estimators import H2ODeepLearningEstimator

    h2o.connect(url=address, verbose=False)
    h2o.no_progress()
    found: dict[str, Any] = {}
    for name, (inputs, response, classes) in data_sets().items():
        table = pd.DataFrame(inputs, columns=[f"x{i}" for i in range(inputs.shape[1])])
        table["y"] = response
        frame = h2o.H2OFrame(table, destination_frame=f"recorded_{name}")
        if classes:
            frame["y"] = frame["y"].asfactor()
        found[name] = {}
        for setting, parameters in SETTINGS.items():
            losses = []
            for seed in SEEDS:
                model = H2ODeepLearningEstimator(**COMMON, **parameters, seed=seed)
                model.train(y="y", training_frame=frame)
                losses.append(round(model.logloss(xval=True) if classes else model.mse(xval=True), 4))
                h2o.remove(model.model_id)
            found[name][setting] = losses
        h2o.remove(frame.frame_id)
    return found


if __name__ == "__main__":
    found = json.dumps(record(sys.argv[1]), indent=1)
    Path(__file__).with_name("reference_quality.json").write_text(found + "\n", encoding="utf-8")
