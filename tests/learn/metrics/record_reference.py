"""Records what H2O-3 answers for the fixed data of these tests, into `reference_metrics.json` beside this file.

Run by hand, in an environment with the official client: `python record_reference.py http://127.0.0.1:54321`. Recorded
with H2O 3.46.0.12. The data come from `fixed_data.py`, so that both sides see the same numbers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import fixed_data as data
import h2o
from h2o.estimators import H2OGradientBoostingEstimator

TABLES = (
    "thresholds_and_metric_scores", "max_criteria_and_metric_scores", "gains_lift_table", "multinomial_auc_table",
    "multinomial_aucpr_table", "hit_ratio_table",
)  # fmt: skip
NUMBERS = (
    "nobs", "MSE", "RMSE", "r2", "logloss", "AUC", "pr_auc", "Gini", "mean_per_class_error", "mae", "rmsle",
    "mean_residual_deviance",
)  # fmt: skip


def record(metrics: Any) -> dict[str, Any]:
    answer = metrics._metric_json
    kept: dict[str, Any] = {name: answer[name] for name in NUMBERS if name in answer}
    for name in TABLES:
        table = answer.get(name)
        if table is not None:
            cells = [[None if cell != cell else cell for cell in row] for row in table.cell_values]
            kept[name] = {"names": table.col_header, "types": table.col_types, "cells": cells}
    if answer.get("cm"):
        kept["cm"] = answer["cm"]["table"].cell_values
    return kept


def frame(**columns: Any) -> Any:
    return h2o.H2OFrame({name: [float(value) for value in values] for name, values in columns.items()})


def binomial() -> dict[str, Any]:
    rows = frame(p=data.P1, y=data.BINARY, w=data.WEIGHTS)
    rows["y"] = rows["y"].asfactor()
    many = frame(p=data.MANY_P1, y=data.MANY_BINARY)
    many["y"] = many["y"].asfactor()
    domain = ["0", "1"]
    fine = record(h2o.make_metrics(many["p"], many["y"], domain=domain))
    return {
        "binomial": record(h2o.make_metrics(rows["p"], rows["y"], domain=domain)),
        "binomial_weighted": record(h2o.make_metrics(rows["p"], rows["y"], domain=domain, weights=rows["w"])),
        "binomial_many_scores": {name: fine[name] for name in fine if name in NUMBERS or name == "gains_lift_table"},
    }


def multinomial() -> dict[str, Any]:
    columns = {name: data.PROBABILITIES[:, index].tolist() for index, name in enumerate("abc")}
    labels = {"y": ["abc"[code] for code in data.CLASSES], "w": data.WEIGHTS.tolist()}
    rows = h2o.H2OFrame({**columns, **labels}, column_types=["numeric"] * 3 + ["enum", "numeric"])
    scores, domain = rows[["a", "b", "c"]], ["a", "b", "c"]
    weighted = h2o.make_metrics(scores, rows["y"], domain=domain, weights=rows["w"], auc_type="WEIGHTED_OVO")
    return {
        "multinomial": record(h2o.make_metrics(scores, rows["y"], domain=domain, auc_type="MACRO_OVR")),
        "multinomial_weighted": record(weighted),
    }


def regression() -> dict[str, Any]:
    rows = frame(actual=data.ACTUAL, predicted=data.PREDICTED, w=data.WEIGHTS, x=data.FEATURE)
    recorded = {}
    for family in ("gaussian", "poisson", "gamma", "laplace"):
        plain = h2o.make_metrics(rows["predicted"], rows["actual"], distribution=family)
        weighted = h2o.make_metrics(rows["predicted"], rows["actual"], distribution=family, weights=rows["w"])
        recorded |= {f"regression_{family}": record(plain), f"regression_{family}_weighted": record(weighted)}
    # Families with a parameter need a model: one stump, whose predictions are recorded too.
    for family, parameter in (
        ("tweedie", {"tweedie_power": 1.3}),
        ("quantile", {"quantile_alpha": 0.7}),
        ("huber", {"huber_alpha": 0.8}),
    ):
        for weights in (None, "w"):
            model = H2OGradientBoostingEstimator(
                ntrees=1, max_depth=1, learn_rate=1, seed=1, distribution=family, weights_column=weights, **parameter
            )
            model.train(["x"], "actual", rows)
            name = f"regression_{family}" + ("_weighted" if weights else "")
            predicted = model.predict(rows).as_data_frame(use_pandas=False, header=False)
            recorded[name] = record(model.model_performance(rows)) | {"predicted": [float(row[0]) for row in predicted]}
    return recorded


if __name__ == "__main__":
    h2o.connect(url=sys.argv[1], verbose=False)
    h2o.no_progress()
    answers = {**binomial(), **multinomial(), **regression()}
    Path(__file__).with_name("reference_metrics.json").write_text(json.dumps(answers, indent=None) + "\n")
