"""The parameters of each step's models, and the spaces that its grids search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

Parameters = dict[str, Any]
MANY_TREES: Final = 10_000
"""More than early stopping leaves."""
ALGORITHM_OF: Final = {
    "XGBoost": "xgboost",
    "GLM": "glm",
    "DRF": "drf",
    "GBM": "gbm",
    "DeepLearning": "deeplearning",
    "StackedEnsemble": "stackedensemble",
}

_XGBOOST: Final[Parameters] = {"ntrees": MANY_TREES, "score_tree_interval": 5}
_XGBOOST_COLUMNS: Final[Parameters] = {"col_sample_rate": 0.8, "col_sample_rate_per_tree": 0.8}
_GBM: Final[Parameters] = {"ntrees": MANY_TREES, "score_tree_interval": 5}
_GBM_SAMPLES: Final[Parameters] = {"sample_rate": 0.8, "col_sample_rate": 0.8, "col_sample_rate_per_tree": 0.8}
_DEEP: Final[Parameters] = {"epochs": 10_000, "adaptive_rate": True, "activation": "RectifierWithDropout"}

MODELS: Final[Mapping[tuple[str, str], Parameters]] = {
    ("XGBoost", "def_1"): {**_XGBOOST, **_XGBOOST_COLUMNS, "max_depth": 10, "min_rows": 5, "sample_rate": 0.6},
    ("XGBoost", "def_2"): {**_XGBOOST, **_XGBOOST_COLUMNS, "max_depth": 15, "min_rows": 10, "sample_rate": 0.6},
    ("XGBoost", "def_3"): {**_XGBOOST, **_XGBOOST_COLUMNS, "max_depth": 5, "min_rows": 3, "sample_rate": 0.8},
    ("GLM", "def_1"): {
        "lambda_search": True,
        "alpha": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        "missing_values_handling": "MeanImputation",
    },
    ("DRF", "def_1"): {"score_tree_interval": 5},
    ("DRF", "XRT"): {"score_tree_interval": 5, "histogram_type": "Random"},
    ("GBM", "def_1"): {**_GBM, **_GBM_SAMPLES, "max_depth": 6, "min_rows": 1},
    ("GBM", "def_2"): {**_GBM, **_GBM_SAMPLES, "max_depth": 7, "min_rows": 10},
    ("GBM", "def_3"): {**_GBM, **_GBM_SAMPLES, "max_depth": 8, "min_rows": 10},
    ("GBM", "def_4"): {**_GBM, **_GBM_SAMPLES, "max_depth": 10, "min_rows": 10},
    ("GBM", "def_5"): {**_GBM, **_GBM_SAMPLES, "max_depth": 15, "min_rows": 100},
    ("GBM", "quick"): {
        "ntrees": 40,
        "max_depth": 5,
        "min_rows": 20,
        "learn_rate": 0.2,
        "sample_rate": 0.5,
        "score_tree_interval": 20,
    },
    ("DeepLearning", "def_1"): {"recipe": "tabular"},
}

_DEEP_SPACE: Final[Mapping[str, Sequence[Any]]] = {
    "rho": [0.9, 0.95, 0.99],
    "epsilon": [1e-6, 1e-7, 1e-8, 1e-9],
    "input_dropout_ratio": [0.0, 0.05, 0.1, 0.15, 0.2],
}
_DROPOUTS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


_TABULAR: Final[Parameters] = {"recipe": "tabular"}
_TABULAR_SPACE: Final[Mapping[str, Sequence[Any]]] = {
    "hidden": [[128, 128], [256, 256], [256, 256, 256], [512, 256]],
    "dropout": [0.0, 0.1, 0.15, 0.3],
    "weight_decay": [0.0, 0.01, 0.02, 0.05],
    "numeric_embeddings": [True, True, False],
}


def _layers(count: int) -> Mapping[str, Sequence[Any]]:
    return {
        **_DEEP_SPACE,
        "hidden": [[width] * count for width in (20, 50, 100)],
        "hidden_dropout_ratios": [[share] * count for share in _DROPOUTS],
    }


GRIDS: Final[Mapping[tuple[str, str], tuple[Parameters, Mapping[str, Sequence[Any]]]]] = {
    ("XGBoost", "grid_1"): (
        _XGBOOST,
        {
            "max_depth": [3, 6, 9, 12, 15],
            "min_rows": [1.0, 3.0, 5.0, 10.0, 15.0, 20.0],
            "sample_rate": [0.6, 0.8, 1.0],
            "col_sample_rate": [0.6, 0.8, 1.0],
            "col_sample_rate_per_tree": [0.7, 0.8, 0.9, 1.0],
            "booster": ["gbtree", "gbtree", "dart"],
            "reg_lambda": [0.001, 0.01, 0.1, 1.0, 10.0, 100.0],
            "reg_alpha": [0.001, 0.01, 0.1, 0.5, 1.0],
        },
    ),
    ("XGBoost", "grid_gblinear"): (
        _XGBOOST,
        {
            "booster": ["gblinear"],
            "reg_lambda": [0.001, 0.01, 0.1, 1.0, 10.0, 100.0],
            "reg_alpha": [0.001, 0.01, 0.1, 0.5, 1.0],
        },
    ),
    ("GBM", "grid_1"): (
        _GBM,
        {
            "max_depth": list(range(3, 18)),
            "min_rows": [1, 5, 10, 15, 30, 100],
            "sample_rate": [0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
            "col_sample_rate": [0.4, 0.7, 1.0],
            "col_sample_rate_per_tree": [0.4, 0.7, 1.0],
            "min_split_improvement": [1e-4, 1e-5],
        },
    ),
    ("DeepLearning", "grid_1"): (_TABULAR, _TABULAR_SPACE),
    ("DeepLearning", "grid_2"): (_DEEP, _layers(2)),
    ("DeepLearning", "grid_3"): (_DEEP, _layers(3)),
}

LEARN_RATES: Final = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0005)
"""What the search for a learn rate tries on the best model."""
LEARN_RATE_ANNEALING: Final = 0.99
