"""What wrappers do: parameters as scikit-learn wants them, tables turned into frames, and results turned back.

The estimator behind a wrapper is made anew by each `fit`; until then it is None.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator

from artesian.client.estimators import tables
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame
from artesian.client.scikit.connecting import H2OConnectionMonitorMixin
from artesian.core.errors import did_you_mean

CLASSIFYING = ("bernoulli", "binomial", "quasibinomial", "multinomial", "ordinal")
_CONVERSIONS = ("auto", True, False, None, "array", "numpy")
_TYPES = (None, "classifier", "regressor")
_NUMERIC = ("int", "real", "bad")

Array = np.ndarray[Any, Any]


class BaseSklearnEstimator(H2OConnectionMonitorMixin, BaseEstimator):  # type: ignore[misc]
    """Parameters of the estimator behind it as arguments, attributes, and by `get_params` and `set_params`.

    A parameter called like a verb has an attribute that ends in `_`: `transform_`. Three are the wrapper's own:
    `data_conversion` ('auto' gives arrays for arrays and frames for frames, True always arrays, False always frames),
    `init_connection_args` (arguments of `init`, where there is no connection yet) and, for those that are no classifier or
    regressor by name, `estimator_type`.
    """

    _inner: ClassVar[type]
    _defaults: ClassVar[dict[str, Any]]
    _own: ClassVar[tuple[str, ...]] = ("init_connection_args", "data_conversion", "estimator_type")

    data_conversion: Any
    estimator_type: str | None

    def __init__(self, **parameters: Any) -> None:
        self._estimator: Any = None
        self._columns: tuple[list[str], dict[str, str]] | None = None
        self.classes_: Array | None
        for name, default in self._defaults.items():
            setattr(self, self._attribute(name), parameters.pop(name, default))
        if parameters:
            name = next(iter(parameters))
            raise TypeError(f"{type(self).__name__} has no parameter '{name}'.{did_you_mean(name, self._defaults)}")

    @classmethod
    def _attribute(cls, name: str) -> str:
        """The attribute of a parameter; its name, or with a `_` where the class has something else of that name."""
        taken = name not in cls._own and getattr(cls, name, None) is not None
        return f"{name}_" if taken else name

    @property
    def estimator(self) -> Any:
        """The estimator behind it, None before `fit`."""
        return self._estimator

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """All parameters by name; with `deep` also those of estimators among them, as `name__inner`."""
        found = {name: getattr(self, self._attribute(name), None) for name in self._defaults}
        if deep:
            values: list[tuple[str, Any]] = list(found.items())
            for name, value in values:
                if hasattr(value, "get_params") and not isinstance(value, type):
                    found |= {f"{name}__{inner}": one for inner, one in value.get_params().items()}
        return found

    def set_params(self, **parameters: Any) -> Self:
        """Changes parameters by name; ValueError for one that there is not."""
        for key, value in parameters.items():
            name, _, inner = key.partition("__")
            if name not in self._defaults:
                raise H2OValueError(
                    f"Invalid parameter {name!r} for estimator {type(self).__name__}.{did_you_mean(name, self._defaults)}",
                    name,
                )
            if inner:
                getattr(self, self._attribute(name)).set_params(**{inner: value})
            else:
                setattr(self, self._attribute(name), value)
        return self

    def _make_estimator(self) -> Any:
        """The estimator behind it, new, with the parameters as they are."""
        given = {name: value for name, value in self.get_params(deep=False).items() if name not in self._own}
        self._estimator = self._inner(**given)
        return self._estimator

    def _fitted(self) -> Any:
        if self._estimator is None:
            raise H2OValueError(f"This {type(self).__name__} was not fitted: call fit() first.")
        return self._estimator

    def __sklearn_is_fitted__(self) -> bool:
        return self._estimator is not None

    # --- classifier or regressor ------------------------------------------------------------------------------------

    _fixed_type: ClassVar[str | None] = None
    _distribution: ClassVar[str] = "distribution"

    @property
    def _estimator_type(self) -> str | None:
        return self._fixed_type or getattr(self, "estimator_type", None)

    def is_classifier(self) -> bool:
        """Whether it predicts classes: by its name, its `estimator_type` or its distribution."""
        if self._estimator_type is not None:
            return self._estimator_type == "classifier"
        return self._family() in CLASSIFYING

    def is_regressor(self) -> bool:
        """Whether it predicts numbers: by its name, its `estimator_type` or its distribution."""
        if self._estimator_type is not None:
            return self._estimator_type == "regressor"
        return self._family() not in ("none", "auto", *CLASSIFYING)

    def _family(self) -> str:
        given = getattr(self, self._distribution, None)
        return str(given.get("type") if isinstance(given, dict) else given).lower()

    def __sklearn_tags__(self) -> Any:
        kind = self.is_classifier() or self.is_regressor()
        return tables.tags(self.is_classifier(), kind)

    # --- frames and tables ------------------------------------------------------------------------------------------

    def _to_frame(self, X: Any) -> tuple[H2OFrame, bool]:
        """A frame of a table, with names and types of the columns that it was fitted on; whether one was made."""
        self._connect()
        if isinstance(X, H2OFrame):
            return X, False
        if self._columns is not None:
            names, types = self._columns
            width = getattr(X, "shape", (0, 0))[-1] if hasattr(X, "shape") else len(X[0]) if len(X) else 0
            if width == len(names):
                return H2OFrame(X, column_names=None if hasattr(X, "columns") else names, column_types=types), True
        return H2OFrame(X), True

    def _remember(self, frame: H2OFrame) -> None:
        types = {name: "numeric" if kind in _NUMERIC else kind for name, kind in frame.types.items()}
        self._columns = (frame.names, types)

    def _given_back(self, result: H2OFrame, array: Array | None, converted: bool) -> Any:
        """The result as the input was, or as `data_conversion` says; `array` is its array, if not the plain one."""
        conversion = getattr(self, "data_conversion", "auto")
        if conversion not in _CONVERSIONS:
            raise H2OValueError(f"The data_conversion is 'auto', True or False. Got {conversion!r}.", "data_conversion")
        wanted = converted if conversion in ("auto", None) else conversion is not False
        if not wanted:
            return result
        return result.to_polars().to_numpy() if array is None else array


class H2OtoSklearnEstimator(BaseSklearnEstimator):
    """An estimator: `fit`, `predict`, `fit_predict`."""

    _predicts_all: ClassVar[bool] = False

    def fit(self, X: Any, y: Any = None, **options: Any) -> Self:
        """Trains on predictors and, where it is supervised, a response; options are those of `train`."""
        if getattr(self, "estimator_type", None) not in _TYPES:
            raise H2OValueError(f"The estimator_type is 'classifier' or 'regressor'. Got {self.estimator_type!r}.")
        self._columns = None
        frame, _ = self._to_frame(X)
        self._remember(frame)
        self._make_estimator()
        self.classes_ = None
        if y is None:
            self._estimator.train(training_frame=frame, **options)
            return self
        joined = frame.cbind(self._response(y, frame))
        self._estimator.train(y=joined.names[-1], training_frame=joined, **options)
        return self

    def _response(self, y: Any, frame: H2OFrame) -> H2OFrame:
        """The response as a frame of one column, of levels for a classifier."""
        if isinstance(y, H2OFrame):
            return y.asfactor() if self.is_classifier() else y
        made = tables.training_frame(frame, y, self.is_classifier())
        whole, _, name, self.classes_ = made
        response: H2OFrame = whole[name]
        return response

    def _predicted(self, X: Any) -> tuple[H2OFrame, bool]:
        estimator = self._fitted()
        frame, converted = self._to_frame(X)
        return estimator.predict(frame), converted

    def predict(self, X: Any) -> Any:
        """The predictions: one column; all that there are for models that make several."""
        predictions, converted = self._predicted(X)
        if self._predicts_all:
            return self._given_back(predictions, None, converted)
        return self._given_back(predictions[:, 0], tables.labels(predictions, self._classes(predictions)), converted)

    def _classes(self, predictions: H2OFrame) -> Array | None:
        """The classes as they were given; whole numbers where a frame was fitted whose levels are such."""
        known = getattr(self, "classes_", None)
        if known is not None or predictions.types[predictions.names[0]] != "enum":
            return known
        levels = (predictions[0].levels() or [[]])[0]
        whole = all(level.lstrip("-").isdigit() for level in levels)
        return np.array([int(level) for level in levels]) if whole and levels else np.array(levels)

    def fit_predict(self, X: Any, y: Any = None, **options: Any) -> Any:
        """`fit`, then `predict`, of the same table."""
        return self.fit(X, y, **options).predict(X)


class H2OEstimatorPredictProbabilitiesSupport:
    """Probabilities of classes."""

    def predict_proba(self: Any, X: Any) -> Any:
        """The probabilities of the classes, one a column, in the order of `classes_`."""
        if not self.is_classifier():
            raise AttributeError(f"{type(self).__name__} gives probabilities when it is a classifier only.")
        predictions, converted = self._predicted(X)
        chosen = predictions[:, list(range(1, predictions.ncols))]
        return self._given_back(chosen, tables.probabilities(predictions, self._classes(predictions)), converted)

    def predict_log_proba(self, X: Any) -> Any:
        """The logarithms of the probabilities."""
        found = self.predict_proba(X)
        return found.log() if isinstance(found, H2OFrame) else np.log(found)


class H2OEstimatorScoreSupport:
    """How good predictions are."""

    def score(self: Any, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """The share of right classes, or the R2 of predicted numbers."""
        predictions, _ = self._predicted(X)
        classifies = self.is_classifier()
        predicted = tables.labels(predictions, self._classes(predictions))
        actual = y.asfactor() if isinstance(y, H2OFrame) and classifies else y
        return tables.score(actual, predicted, sample_weight, classifies)


class H2OEstimatorTransformSupport:
    """Models whose predictions are features."""

    def transform(self: Any, X: Any, **options: Any) -> Any:
        """The features: a frame, unless `data_conversion` is True."""
        estimator = self._fitted()
        frame, _ = self._to_frame(X)
        own = getattr(estimator, "transform", None)
        result = own(frame, **options) if callable(own) else estimator.predict(frame)
        return self._given_back(result, None, False)

    def fit_transform(self: Any, X: Any, y: Any = None, **options: Any) -> Any:
        """`fit`, then `transform`, of the same table."""
        return self.fit(X, y, **options).transform(X)

    def inverse_transform(self: Any, X: Any) -> Any:
        """The frame that `transform` gave this one for, where the model can tell."""
        own = getattr(self._fitted(), "inverse_transform", None)
        if not callable(own):
            raise AttributeError(f"{type(self).__name__} has no 'inverse_transform'.")
        return self._given_back(own(self._to_frame(X)[0]), None, False)


class H2OtoSklearnTransformer(BaseSklearnEstimator):
    """A transformation of frames: `fit`, `transform`, `inverse_transform`."""

    def fit(self, X: Any, y: Any = None, **options: Any) -> Self:
        """Learns from a table what `transform` needs."""
        self._columns = None
        frame, _ = self._to_frame(X)
        self._remember(frame)
        self._make_estimator().fit(frame, y=self._target(y), **options)
        return self

    def _target(self, y: Any) -> H2OFrame | None:
        return y if y is None or isinstance(y, H2OFrame) else H2OFrame(np.asarray(y).reshape(-1, 1))

    def transform(self, X: Any) -> Any:
        """The table transformed: a frame, unless `data_conversion` is True."""
        return self._given_back(self._fitted().transform(self._to_frame(X)[0]), None, False)

    def fit_transform(self, X: Any, y: Any = None, **options: Any) -> Any:
        """`fit`, then `transform`, of the same table."""
        return self.fit(X, y, **options).transform(X)

    def inverse_transform(self, X: Any) -> Any:
        """The frame that `transform` gave this one for."""
        return self._given_back(self._fitted().inverse_transform(self._to_frame(X)[0]), None, False)


def wrapped(
    inner: type,
    name: str,
    bases: tuple[type, ...],
    module: str,
    more: dict[str, Any] | None = None,
    generic: bool = False,
) -> type:
    """A wrapper of the class `inner`, its parameters those of `inner` and the wrapper's own."""
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    found = [p for p in list(inspect.signature(inner).parameters.values()) if p.kind not in kinds]
    defaults = {p.name: None if p.default is p.empty else p.default for p in found}
    defaults |= {"init_connection_args": None, "data_conversion": "auto"} | (
        {"estimator_type": None} if generic else {}
    )

    def __init__(self: Any, *arguments: Any, **parameters: Any) -> None:  # noqa: N807 - becomes the class's own
        by_position = dict(zip(defaults, arguments, strict=False))
        BaseSklearnEstimator.__init__(self, **by_position, **parameters)

    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    shown = [inspect.Parameter(n, keyword, default=value) for n, value in defaults.items()]
    __init__.__signature__ = inspect.Signature([inspect.Parameter("self", keyword), *shown])  # type: ignore[attr-defined]
    members = {
        "_inner": inner,
        "_defaults": defaults,
        "__init__": __init__,
        "__doc__": inner.__doc__,
        "__module__": module,
        **(more or {}),
    }
    return type(name, bases, members)
