"""Trees on few distinct values are those of H2O-3 3.46.0.12: start, predictions, importances, leaves.

`h2o_prostate.json` holds what the real server told of `tests/data/prostate.csv` with the parameters below. Its residuals and
leaves are single-precision numbers, as are ours while splits are sought: hence the tolerance of 1e-5.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

EXPECTED = json.loads((Path(__file__).parent / "h2o_prostate.json").read_text())
COLUMNS = ("RACE", "DPROS", "DCAPS", "GLEASON")
BOOSTING = {"ntrees": 3, "max_depth": 3, "min_rows": 10, "learn_rate": 0.5}
FOREST = {"ntrees": 1, "sample_rate": 1.0, "mtries": 4, "max_depth": 4, "min_rows": 5}
CASES = {
    "gaussian": ("AGE", {}),
    "bernoulli": ("CAPSULE", {}),
    "multinomial": ("DPROS", {}),
    **{name: ("AGE", {"distribution": name}) for name in ("poisson", "gamma", "tweedie", "laplace", "huber")},
    "quantile": ("AGE", {"distribution": "quantile", "quantile_alpha": 0.3}),
    "weighted": ("CAPSULE", {"weights_column": "w"}),
    "offset": ("CAPSULE", {"offset_column": "off"}),
    "offset_poisson": ("AGE", {"offset_column": "off", "distribution": "poisson"}),
    "annealed": ("AGE", {"learn_rate_annealing": 0.5}),
    "bounded": ("AGE", {"max_abs_leafnode_pred": 0.7}),
    "monotone_gaussian": ("AGE", {"monotone_constraints": {"GLEASON": -1}}),
    "interactions": ("CAPSULE", {"interaction_constraints": [["GLEASON", "DPROS"], ["DCAPS"]]}),
    "balanced": ("CAPSULE", {"balance_classes": True, "class_sampling_factors": [1.0, 2.0]}),
    "one_hot": ("CAPSULE", {"categorical_encoding": "OneHotExplicit"}),
    "drf_all": ("AGE", FOREST),
    "drf_binomial": ("CAPSULE", FOREST),
}
WITHOUT = {"multinomial": {"DPROS"}, "weighted": {"DCAPS"}, "offset": {"GLEASON"}, "offset_poisson": {"GLEASON"}}


@pytest.mark.parametrize("name", CASES)
def test_model_is_h2o_s(request, prostate, name):
    response, parameters = CASES[name]
    bench = request.getfixturevalue("drf" if name.startswith("drf") else "gbm")
    given = {**(BOOSTING if bench.algorithm == "gbm" else {}), **parameters}
    wanted = [column for column in COLUMNS if column not in WITHOUT.get(name, set())]
    special = {response, given.get("weights_column"), given.get("offset_column")}
    given["ignored_columns"] = [n for n in prostate.names if n not in wanted and n not in special]
    trained = bench.train(prostate, response_column=response, **given)
    expected, details = EXPECTED[name], trained.details
    assert details.extra["init_f"] == pytest.approx(expected["init_f"], rel=1e-8)
    predictions = trained.predict(prostate).head(6)
    numbers = predictions.select(pl.selectors.numeric())
    for column, values in expected["predictions"].items():
        assert numbers[column].to_numpy() == pytest.approx(np.array(values), rel=1e-6, abs=1e-5)
    table = details.variable_importances
    found = dict(zip(table.column("variable"), table.column("relative_importance"), strict=True))
    assert found == pytest.approx(expected["importances"], rel=1e-5, abs=1e-5)
    assert details.model_summary.array("mean_leaves")[0] == pytest.approx(expected["leaves"], rel=1e-6)
    if expected["mse"] is not None:
        assert details.training_metrics["mse"] == pytest.approx(expected["mse"], rel=1e-5)
