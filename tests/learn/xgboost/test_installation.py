"""The algorithm is listed where the xgboost library is, its parameters are complete, and nothing imports the library early."""

from __future__ import annotations

import subprocess
import sys

import pytest

from artesian.core.errors import NotAvailable
from artesian.learn import algorithms
from artesian.learn.base import registry
from artesian.learn.base.parameters import fields_of
from artesian.server.routes.builders import find_algorithm


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_without_the_library_it_is_not_listed():
    code = (
        "import importlib.util as u; there = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'xgboost' else there(name, *rest)\n"
        "from artesian.learn import algorithms; print('xgboost' in algorithms(), 'gbm' in algorithms())"
    )
    assert run(code) == "False True"


def test_listing_the_algorithms_does_not_import_the_libraries():
    code = "import sys; from artesian.learn import algorithms; algorithms(); print('xgboost' in sys.modules, 'scipy' in sys.modules)"
    assert run(code) == "False False"


def test_asking_for_it_without_the_library_says_what_to_do(monkeypatch):
    monkeypatch.setattr(registry, "_ALGORITHMS", {n: a for n, a in algorithms().items() if n != "xgboost"})
    with pytest.raises(NotAvailable, match="pip install xgboost-cpu"):
        find_algorithm("xgboost")


def test_it_has_every_parameter_of_the_reference():
    names = [
        "model_id",
        "training_frame",
        "validation_frame",
        "nfolds",
        "keep_cross_validation_models",
        "keep_cross_validation_predictions",
        "keep_cross_validation_fold_assignment",
        "score_each_iteration",
        "fold_assignment",
        "fold_column",
        "response_column",
        "ignored_columns",
        "ignore_const_cols",
        "offset_column",
        "weights_column",
        "stopping_rounds",
        "stopping_metric",
        "stopping_tolerance",
        "max_runtime_secs",
        "seed",
        "distribution",
        "tweedie_power",
        "categorical_encoding",
        "quiet_mode",
        "checkpoint",
        "export_checkpoints_dir",
        "custom_metric_func",
        "ntrees",
        "max_depth",
        "min_rows",
        "min_child_weight",
        "learn_rate",
        "eta",
        "sample_rate",
        "subsample",
        "col_sample_rate",
        "colsample_bylevel",
        "col_sample_rate_per_tree",
        "colsample_bytree",
        "colsample_bynode",
        "max_abs_leafnode_pred",
        "max_delta_step",
        "monotone_constraints",
        "interaction_constraints",
        "score_tree_interval",
        "min_split_improvement",
        "gamma",
        "nthread",
        "save_matrix_directory",
        "build_tree_one_node",
        "parallelize_cross_validation",
        "calibrate_model",
        "calibration_frame",
        "calibration_method",
        "max_bins",
        "max_leaves",
        "sample_type",
        "normalize_type",
        "rate_drop",
        "one_drop",
        "skip_drop",
        "tree_method",
        "grow_policy",
        "booster",
        "reg_lambda",
        "reg_alpha",
        "dmatrix_type",
        "backend",
        "gpu_id",
        "gainslift_bins",
        "auc_type",
        "scale_pos_weight",
        "eval_metric",
        "score_eval_metric_only",
    ]
    assert len(names) == 74
    assert set(names) <= set(fields_of(algorithms()["xgboost"].parameters))
