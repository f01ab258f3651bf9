"""Writes reference.json: what the real H2O-3 makes of the fixed table. Needs its Python client and a running server.

python record_reference.py http://127.0.0.1:54321
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import h2o
from h2o.estimators import (
    H2OIsotonicRegressionEstimator,
    H2OKMeansEstimator,
    H2ONaiveBayesEstimator,
    H2OPrincipalComponentAnalysisEstimator,
    H2OSingularValueDecompositionEstimator,
    H2OTargetEncoderEstimator,
)

from data import BAYES, CENTRES, ENCODED, ENUMS, LEAKAGES, NAMES, RECORDED, TRANSFORMS, as_csv


def rows(frame: Any) -> list[list[Any]]:
    """The cells of a frame's first rows as texts."""
    return frame.as_data_frame(use_pandas=False)[1 : RECORDED + 1]


def clusters(frame: Any, predictors: list[str], **options: Any) -> dict[str, Any]:
    model = H2OKMeansEstimator(max_iterations=50, seed=1, **options)
    model.train(predictors, training_frame=frame)
    return {
        "centers": [list(row[1:]) for row in model._model_json["output"]["centers"].cell_values],
        "size": model.size(),
        "withinss": model.withinss(),
        "totss": model.totss(),
        "labels": [int(row[0]) for row in rows(model.predict(frame))],
    }


def k_means(frame: Any) -> dict[str, Any]:
    numbers = h2o.H2OFrame({name: CENTRES[name] for name in "abe"}, column_types=["real"] * 3)
    mixed = h2o.H2OFrame({name: CENTRES[name] for name in "abc"}, column_types=["real", "real", "enum"])
    return {
        "standardized": clusters(frame, ["a", "b", "e"], k=3, user_points=numbers),
        "raw": clusters(frame, ["a", "b", "e"], k=3, user_points=numbers, standardize=False),
        "mixed": clusters(frame, ["a", "b", "c"], k=3, user_points=mixed),
        "constrained": clusters(
            frame, ["a", "b"], k=3, user_points=numbers[["a", "b"]], cluster_size_constraints=[70, 20, 40]
        ),
        "estimated": clusters(frame, ["a", "b"], k=8, estimate_k=True),
    }


def components(frame: Any) -> dict[str, Any]:
    found = {}
    cases = [(t, False, False) for t in TRANSFORMS] + [("STANDARDIZE", True, True)]
    for transform, impute, every in cases:
        model = H2OPrincipalComponentAnalysisEstimator(
            k=3, transform=transform, impute_missing=impute, use_all_factor_levels=every, seed=1
        )
        model.train(["a", "b", "e", "c"], training_frame=frame)
        output = model._model_json["output"]
        found[f"{transform} {impute} {every}"] = {
            "importance": [list(row[1:]) for row in output["importance"].cell_values],
            "names": [row[0] for row in output["eigenvectors"].cell_values],
            "eigenvectors": [list(row[1:]) for row in output["eigenvectors"].cell_values],
            "scores": [[float(v or "nan") for v in row] for row in rows(model.predict(frame))],
        }
    return found


def singular_values(frame: Any) -> dict[str, Any]:
    model = H2OSingularValueDecompositionEstimator(nv=3, transform="DEMEAN", seed=1)
    model.train(["a", "b", "e", "c"], training_frame=frame)
    output = h2o.api(f"GET /3/Models/{model.model_id}")["models"][0]["output"]
    frames = {name: rows(h2o.get_frame(output[f"{name}_key"]["name"])) for name in "uv"}
    return {"d": output["d"], **{name: [[float(v) for v in row] for row in cells] for name, cells in frames.items()}}


def bayes(frame: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for response in ("y", "z"):
        for name, options in BAYES.items():
            model = H2ONaiveBayesEstimator(**options)
            model.train(["a", "b", "c", "d"], response, training_frame=frame)
            output = h2o.api(f"GET /3/Models/{model.model_id}")["models"][0]["output"]
            found[f"{response} {name}"] = {
                "apriori": list(output["apriori"].cell_values[0][1:]),
                "pcond": {t._table_header: [list(row[1:]) for row in t.cell_values] for t in output["pcond"]},
                "predictions": [[float(v) for v in row[1:]] for row in rows(model.predict(frame))],
            }
    return found


def isotonic(frame: Any) -> dict[str, Any]:
    found = {}
    for name, options in (("plain", {}), ("weighted", {"weights_column": "weight"})):
        model = H2OIsotonicRegressionEstimator(out_of_bounds="clip", **options)
        model.train("x", "amount", training_frame=frame)
        output = model._model_json["output"]
        found[name] = {key: output[key] for key in ("thresholds_x", "thresholds_y", "min_x", "max_x")}
        found[name]["predictions"] = [float(row[0]) for row in rows(model.predict(frame))]
    return found


def encodings(frame: Any) -> dict[str, Any]:
    found = {}
    for response in ("y", "z", "amount"):
        for leakage in LEAKAGES:
            for blending in (False, True):
                model = H2OTargetEncoderEstimator(
                    columns_to_encode=ENCODED, data_leakage_handling=leakage, blending=blending, noise=0.0, fold_column="fold",
                    inflection_point=20, smoothing=7, seed=1,
                )  # fmt: skip
                model.train(y=response, training_frame=frame)
                for training in (False, True):
                    made = model.transform(frame, as_training=training)
                    encoded = [name for name in made.names if name.endswith("_te")]
                    found[f"{response} {leakage} {blending} {training}"] = {
                        "names": made.names,
                        "values": {n: [float(row[0]) for row in rows(made[n])] for n in encoded},
                    }
    return found


def _rounded(value: Any) -> Any:
    """Numbers to 12 digits."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def main() -> None:
    h2o.connect(url=sys.argv[1], verbose=False)
    h2o.no_progress()
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(as_csv())
        file.flush()
        types = {name: "enum" if name in ENUMS else "numeric" for name in NAMES}
        frame = h2o.upload_file(file.name, col_types=types, destination_frame="closed_form")
    found = {
        "k_means": k_means(frame), "components": components(frame), "singular_values": singular_values(frame),
        "bayes": bayes(frame), "isotonic": isotonic(frame), "encodings": encodings(frame),
    }  # fmt: skip
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(_rounded(found), separators=(",", ":")) + "\n", encoding="utf-8")
    h2o.remove(frame.frame_id)


if __name__ == "__main__":
    main()
