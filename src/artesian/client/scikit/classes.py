"""The wrappers by name: made from the estimators that there are, each when it is first asked for."""

from __future__ import annotations

import importlib
import inspect
from functools import cache
from types import ModuleType
from typing import Any

from artesian.client.exceptions import NotAvailable
from artesian.core.errors import did_you_mean

EXCLUDED = (
    "H2OEstimator",
    "H2OTransformer",
    "H2OInfogram",
    "H2OANOVAGLMEstimator",
    "H2OModelSelectionEstimator",
    "H2OIsotonicRegressionEstimator",
    "H2OHGLMEstimator",
)
"""What is no estimator, or cannot predict as scikit-learn means it."""
GENERIC_ONLY = (
    "H2OAggregatorEstimator",
    "H2OAutoEncoderEstimator",
    "H2OExtendedIsolationForestEstimator",
    "H2OGeneralizedLowRankEstimator",
    "H2OGenericEstimator",
    "H2OIsolationForestEstimator",
    "H2OKMeansEstimator",
    "H2OPrincipalComponentAnalysisEstimator",
    "H2OSingularValueDecompositionEstimator",
    "H2OTargetEncoderEstimator",
    "H2OWord2vecEstimator",
)
CLASSIFIER_ONLY = ("H2ONaiveBayesEstimator", "H2OSupportVectorMachineEstimator")
REGRESSOR_ONLY = ("H2OCoxProportionalHazardsEstimator",)
_ALL_COLUMNS = (
    "H2OAutoEncoderEstimator",
    "H2OGeneralizedLowRankEstimator",
    "H2OPrincipalComponentAnalysisEstimator",
    "H2OSingularValueDecompositionEstimator",
    "H2OTargetEncoderEstimator",
)
"""Models that predict several columns, none of them the prediction."""
_TRANSFORMING = tuple(name for name in _ALL_COLUMNS if name != "H2OAutoEncoderEstimator")
_UNSCORED = (*_ALL_COLUMNS, "H2OExtendedIsolationForestEstimator", "H2OIsolationForestEstimator", "H2OKMeansEstimator")
"""Models whose predictions are compared with nothing."""
_BY_FAMILY = ("H2OGeneralizedLinearEstimator", "H2OGeneralizedAdditiveEstimator")
SUFFIXES = {"Estimator": None, "Classifier": "classifier", "Regressor": "regressor"}
PARTS = ("automl", "estimators", "transforms")
"""Modules whose classes are wrapped; wrappers are found under `artesian.sklearn.<part>` too."""


@cache
def sources() -> dict[str, tuple[str, type]]:
    """For each class that is wrapped its part and itself."""
    found: dict[str, tuple[str, type]] = {}
    for part in PARTS:
        module = importlib.import_module(f"artesian.{part}")
        for name, value in inspect.getmembers(module, inspect.isclass):
            if name.startswith("H2O") and name not in EXCLUDED:
                found.setdefault(name, (part, value))
    return found


@cache
def names() -> dict[str, tuple[str, str | None]]:
    """For each wrapper the class behind it, and whether it is a classifier or a regressor by its name."""
    found: dict[str, tuple[str, str | None]] = {}
    for name, (part, _) in sources().items():
        if part == "transforms":
            found[name] = (name, None)
            continue
        stem = name.removesuffix("Estimator")
        for suffix, kind in SUFFIXES.items():
            if kind is None or _may_be(name, kind):
                found[stem + suffix] = (name, kind)
    return found


def names_of(part: str) -> list[str]:
    """The names of the wrappers of a part, sorted."""
    return sorted(name for name, (inner, _) in names().items() if sources()[inner][0] == part)


def _may_be(name: str, kind: str) -> bool:
    one_sided = REGRESSOR_ONLY if kind == "classifier" else CLASSIFIER_ONLY
    return name not in GENERIC_ONLY and name not in one_sided


@cache
def wrapper(name: str) -> type:
    """The wrapper of a name. AttributeError names a near one; NotAvailable when scikit-learn is not installed."""
    if name not in names():
        raise AttributeError(f"artesian.sklearn has nothing called '{name}'.{did_you_mean(name, names())}")
    try:
        wrapping = importlib.import_module("artesian.client.scikit.wrapping")
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] != "sklearn":
            raise
        raise NotAvailable("The wrappers for scikit-learn need it: pip install scikit-learn.") from problem
    inner_name, kind = names()[name]
    part, inner = sources()[inner_name]
    module = f"artesian.sklearn.{part}"
    if part == "transforms":
        return _made(wrapping, inner, name, (wrapping.H2OtoSklearnTransformer,), module)
    bases = (wrapping.H2OtoSklearnEstimator, *_verbs(wrapping, inner_name, kind))
    more: dict[str, Any] = {
        "_fixed_type": kind,
        "_predicts_all": inner_name in _ALL_COLUMNS,
        "_distribution": "family" if inner_name in _BY_FAMILY else "distribution",
    }
    if kind is None and inner_name in CLASSIFIER_ONLY:
        more["_fixed_type"] = "classifier"
    return _made(wrapping, inner, name, bases, module, more, generic=kind is None)


def _made(wrapping: ModuleType, *arguments: Any, **options: Any) -> type:
    made: type = wrapping.wrapped(*arguments, **options)
    return made


def _verbs(wrapping: ModuleType, inner: str, kind: str | None) -> list[type]:
    """The further verbs of a wrapper."""
    found: list[type] = []
    if kind != "regressor" and inner not in _UNSCORED:
        found.append(wrapping.H2OEstimatorPredictProbabilitiesSupport)
    if inner not in _UNSCORED:
        found.append(wrapping.H2OEstimatorScoreSupport)
    if kind is None and inner in _TRANSFORMING:
        found.append(wrapping.H2OEstimatorTransformSupport)
    return found
