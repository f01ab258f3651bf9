"""Tables of scikit-learn's kind (arrays, data frames, lists) for training and predicting, and results as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame

_RESPONSE = "response"

Array = np.ndarray[Any, Any]


def training_frame(X: Any, y: Any, classify: bool) -> tuple[H2OFrame, list[str], str | None, Array | None]:
    """A frame of predictors and response, the predictors' names, the response's name, and the classes, sorted."""
    features = X if isinstance(X, H2OFrame) else feature_frame(X)
    names = features.names
    if y is None:
        return features, names, None, None
    if isinstance(y, H2OFrame):
        column = y.names[0]
        return features.cbind(y), names, column, None
    values = np.asarray(y).reshape(-1)
    if len(values) != features.nrows:
        raise H2OValueError(f"There are {features.nrows} rows of predictors and {len(values)} responses.", "y")
    classes = None
    if classify or values.dtype.kind in "OUSb":
        missing = np.array([value is None or value != value for value in values], dtype=bool)
        classes = np.unique(values[~missing])
        texts = values.astype(str).astype(object)
        texts[missing] = None
        values = texts
    column = _RESPONSE
    while column in names:
        column += "_"
    kinds = ["enum"] if classes is not None else None
    response = H2OFrame({column: values.tolist()}, column_types=kinds)
    return features.cbind(response), names, column, classes


def feature_frame(X: Any) -> H2OFrame:
    """A frame of predictors."""
    return H2OFrame(X)


def labels(predictions: H2OFrame, classes: Array | None) -> Array:
    """The predicted values, or classes as they were given."""
    column = predictions[0].to_polars().to_series()
    values: Array = (
        column.cast(str).to_numpy() if predictions.types[predictions.names[0]] == "enum" else column.to_numpy()
    )
    if classes is None:
        return values
    by_name = {str(label): position for position, label in enumerate(classes)}
    return classes[[by_name[value] for value in values]]


def probabilities(predictions: H2OFrame, classes: Array | None) -> Array:
    """The probabilities, one class a column, in the order of the classes (or of the server's levels)."""
    if predictions.ncols < 3:
        raise H2OValueError("Only models of classes give probabilities.")
    levels = (predictions[0].levels() or [[]])[0]
    order = range(len(levels)) if classes is None else [levels.index(str(label)) for label in classes]
    table: Array = predictions[list(range(1, predictions.ncols))].to_polars().to_numpy()
    return table[:, list(order)]


def score(actual: Any, predicted: Array, weights: Any, classifies: bool) -> float:
    """The share of equal values, or 1 less the share of the variance that is left."""
    truth = labels(actual, None) if isinstance(actual, H2OFrame) else np.asarray(actual).reshape(-1)
    weighting = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=float)
    if classifies:
        return float(np.average(truth.astype(str) == predicted.astype(str), weights=weighting))
    left = np.sum(weighting * (truth - predicted) ** 2)
    total = np.sum(weighting * (truth - np.average(truth, weights=weighting)) ** 2)
    return float(1 - left / total) if total > 0 else float(left == 0)


def tags(classifies: bool, supervised: bool) -> Any:
    """What scikit-learn wants to know of an estimator."""
    from sklearn.utils import ClassifierTags, InputTags, RegressorTags, Tags, TargetTags

    kind = ("classifier" if classifies else "regressor") if supervised else None
    return Tags(
        estimator_type=kind,
        target_tags=TargetTags(required=supervised),
        classifier_tags=ClassifierTags() if kind == "classifier" else None,
        regressor_tags=RegressorTags() if kind == "regressor" else None,
        input_tags=InputTags(allow_nan=True, categorical=True, string=True),
        non_deterministic=True,
    )
