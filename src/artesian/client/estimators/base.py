"""H2OEstimator: a model to be trained: parameters, `train`, and the verbs of scikit-learn.

An estimator becomes, by training, also a model of the kind that it turned out to be (of two classes, of a number, …):
its class is then one that has both as bases.
"""

from __future__ import annotations

import inspect
import keyword
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from artesian.client import session
from artesian.client.checks import Number, check_type
from artesian.client.connection import path_part
from artesian.client.estimators.parameter_checks import check_parameter
from artesian.client.exceptions import H2OResponseError, H2OTypeError, H2OValueError
from artesian.client.frame.frame import H2OFrame, validated_frame
from artesian.client.job import H2OJob
from artesian.client.model.base import ModelBase
from artesian.client.model.categories import CATEGORIES
from artesian.client.wire import quoted
from artesian.core.errors import did_you_mean

if TYPE_CHECKING:
    import numpy as np

    from artesian.client.model.segment_models import H2OSegmentModels

Choices = Mapping[str, tuple[str, ...]]
"""The values of parameters that have a list of them, by parameter."""
_ROLES = ("offset_column", "weights_column", "fold_column")
_CLASSIFYING = ("bernoulli", "binomial", "multinomial", "quasibinomial", "ordinal")


class _ParameterAttribute:
    """A parameter as an attribute: read from and written into the estimator's parameters."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, estimator: H2OEstimator | None, owner: type) -> Any:
        return self if estimator is None else estimator._parms.get(self.name)

    def __set__(self, estimator: H2OEstimator, value: Any) -> None:
        estimator._check_parameter(self.name, value)
        estimator._parms[self.name] = value


class H2OEstimator(ModelBase):
    """Base of the estimators; their parameters are the arguments of `__init__`, and attributes."""

    supervised_learning = True
    _estimator_class: type[H2OEstimator]
    _defaults: dict[str, Any]
    _annotations: dict[str, str]
    _choices: ClassVar[Choices] = {}
    """The values that a parameter can have, of those that have a list of them."""
    _also_taken: ClassVar[Mapping[str, tuple[type, ...]]] = {}
    """Types that a parameter takes beyond those of its annotation."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" not in cls.__dict__:  # a class made by training
            return
        signature = inspect.signature(cls.__init__)
        cls._estimator_class = cls
        parameters = list(signature.parameters.items())[1:]
        cls._defaults = {name: p.default for name, p in parameters}
        cls._annotations = {name: str(p.annotation) for name, p in parameters}
        for name in cls._defaults:
            if name != "model_id":
                setattr(cls, name, _ParameterAttribute(name))

    def __init__(self, **parameters: Any) -> None:
        super().__init__()
        for name, value in parameters.items():
            self._check_parameter(name, value)
        self._parms = parameters
        self._id = parameters.get("model_id")
        self._job: H2OJob | None = None

    @classmethod
    def _check_parameter(cls, name: str, value: Any) -> None:
        """Raises H2OTypeError for a value of the wrong type, or a choice that does not exist."""
        also = cls._also_taken.get(name, ())
        check_parameter(name, value, cls._annotations[name], cls._choices.get(name), also)

    # --- training ---------------------------------------------------------------------------------------------------

    def train(
        self,
        x: Any = None,
        y: int | str | None = None,
        training_frame: H2OFrame | str | None = None,
        offset_column: int | str | None = None,
        fold_column: int | str | None = None,
        weights_column: int | str | None = None,
        validation_frame: H2OFrame | str | None = None,
        max_runtime_secs: float | None = None,
        ignored_columns: Iterable[int | str] | None = None,
        model_id: str | None = None,
        verbose: bool = False,
    ) -> H2OEstimator:
        """Trains on a frame: predictors `x` (names or numbers; default: all but the special columns), response `y`.

        Columns of offsets, folds and observation weights, a frame to validate on, and a limit of seconds may be given
        here or as parameters. `verbose` prints the scoring history as it grows. Ctrl-C cancels. Raises H2OResponseError
        with every problem when parameters are wrong, H2OJobFailed when training fails.
        """
        roles = {"offset_column": offset_column, "fold_column": fold_column, "weights_column": weights_column}
        job = self._submit(x, y, training_frame, roles, validation_frame, max_runtime_secs, ignored_columns, model_id)
        job.poll(_HistoryPrinter() if verbose else None)
        self._load(job.dest_key)
        return self

    def train_segments(
        self,
        x: Any = None,
        y: int | str | None = None,
        training_frame: H2OFrame | str | None = None,
        offset_column: int | str | None = None,
        fold_column: int | str | None = None,
        weights_column: int | str | None = None,
        validation_frame: H2OFrame | str | None = None,
        max_runtime_secs: float | None = None,
        ignored_columns: Iterable[int | str] | None = None,
        segments: Any = None,
        segment_models_id: str | None = None,
        parallelism: int = 1,
        verbose: bool = False,
    ) -> H2OSegmentModels:
        """Trains one model for each segment of the rows, `parallelism` at a time.

        `segments` are names of columns, whose combinations of values are the segments, or a frame with a row for each
        segment that is wanted. The other arguments are those of `train`; `max_runtime_secs` is the time of each model.
        """
        from artesian.client.model.segment_models import H2OSegmentModels

        if segments is None:
            raise H2OValueError("Give segments: names of columns, or a frame with a row for each segment.", "segments")
        check_type("parallelism", parallelism, int)
        roles = {"offset_column": offset_column, "fold_column": fold_column, "weights_column": weights_column}
        parameters = self._gathered(
            x, y, training_frame, roles, validation_frame, max_runtime_secs, ignored_columns, None
        )
        parameters.pop("model_id", None)
        data = {_wire_name(name): _as_key(value) for name, value in parameters.items()}
        chosen = (
            {"segments": segments.frame_id} if isinstance(segments, H2OFrame) else {"segment_columns": list(segments)}
        )
        data |= {**chosen, "parallelism": parallelism, "segment_models_id": segment_models_id}
        reply = session.api(f"POST /3/SegmentModelsBuilders/{self.algo}", data=data)
        return H2OSegmentModels(H2OJob(reply, f"{self.algo} Segment Models Build").poll().dest_key)

    def start(self, x: Any = None, y: int | str | None = None, training_frame: Any = None, **options: Any) -> None:
        """Begins to train, with the arguments of `train`, without waiting; `join` waits, `finish` ends it early."""
        roles = {role: options.pop(role, None) for role in _ROLES}
        names = ("validation_frame", "max_runtime_secs", "ignored_columns", "model_id")
        rest = [options.pop(name, None) for name in names]
        options.pop("verbose", None)
        if options:
            raise H2OTypeError(f"start() has no argument '{next(iter(options))}'.")
        self._job = self._submit(x, y, training_frame, roles, *rest)

    def join(self) -> None:
        """Waits for what `start` began."""
        if self._job is None:
            raise H2OValueError("There is nothing to wait for: call start() first.")
        job, self._job = self._job.poll(), None
        self._load(job.dest_key)

    def finish(self) -> None:
        """Ends what `start` began now, as its time limit would, and takes the model: what it has learnt until then.

        Raises H2OResponseError, with the reason, where there is nothing to keep yet; the training then goes on.
        """
        if self._job is None:
            raise H2OValueError("There is nothing to end: call start() first.")
        self._job.finish()
        self.join()

    def _submit(
        self,
        x: Any,
        y: int | str | None,
        training_frame: Any,
        roles: dict[str, Any],
        validation_frame: Any,
        max_runtime_secs: float | None,
        ignored_columns: Iterable[int | str] | None,
        model_id: str | None,
    ) -> H2OJob:
        return self._post(
            self._gathered(x, y, training_frame, roles, validation_frame, max_runtime_secs, ignored_columns, model_id)
        )

    def _gathered(
        self,
        x: Any,
        y: int | str | None,
        training_frame: Any,
        roles: dict[str, Any],
        validation_frame: Any,
        max_runtime_secs: float | None,
        ignored_columns: Iterable[int | str] | None,
        model_id: str | None,
    ) -> dict[str, Any]:
        """The parameters of a training, those that were given when the estimator was made among them."""
        check_type("max_runtime_secs", max_runtime_secs, None, Number)
        check_type("model_id", model_id, None, str)
        given = training_frame if training_frame is not None else self._parms.get("training_frame")
        frame = validated_frame(given, "training_frame", required=True)
        assert frame is not None
        parameters = dict(self._parms)
        for role, value in roles.items():
            if value is not None:
                _warn_of_other(role, self._parms.get(role), value)
                parameters[role] = value
        for role in _ROLES:
            if parameters.get(role) is not None:
                parameters[role] = frame.names[frame._position(parameters[role])]
        if ignored_columns is None:
            ignored_columns = parameters.get("ignored_columns")
        response = self._response(frame, y if y is not None else parameters.get("response_column"))
        special = {response, *(parameters.get(role) for role in _ROLES)}
        parameters["ignored_columns"] = _ignored(frame, x, ignored_columns, special)
        parameters["training_frame"] = frame
        valid = validation_frame if validation_frame is not None else parameters.get("validation_frame")
        parameters["validation_frame"] = validated_frame(valid, "validation_frame")
        parameters["response_column"] = response
        if max_runtime_secs is not None:
            parameters["max_runtime_secs"] = max_runtime_secs
        if model_id is not None:
            parameters["model_id"] = model_id
        return parameters

    def _post(self, parameters: dict[str, Any]) -> H2OJob:
        values = {name: _as_key(value) for name, value in parameters.items()}
        if not session.current().is_artesian:  # H2O-3 does not know the parameters that are Artesian's own
            values = {name: v for name, v in values.items() if name not in self._defaults or v != self._defaults[name]}
        data = {_wire_name(name): value for name, value in values.items()}
        reply = session.api(f"POST /3/ModelBuilders/{self.algo}", data=data)
        job = H2OJob(reply, f"{self.algo} Model Build")
        for message in reply.get("messages") or []:
            if message["message_type"] in ("WARN", "WARNING"):
                warnings.warn(message["message"], RuntimeWarning, stacklevel=4)
                job.told.add(message["message"])
        return job

    def _response(self, frame: H2OFrame, y: int | str | None) -> str | None:
        if not self.supervised_learning or self._parms.get("autoencoder"):
            self._estimator_type = "unsupervised"
            return None
        if y is None:
            if "response" not in frame.names:
                raise H2OValueError("The argument 'y' is required: name the column to predict.", "y")
            y = "response"
        name = frame.names[frame._position(y)]
        self._estimator_type = "classifier" if frame.types[name] == "enum" else "regressor"
        return name

    def _load(self, model_id: str) -> None:
        reply = session.api(f"GET /3/Models/{path_part(model_id)}")["models"][0]
        self._resolve_model(model_id, reply)

    def _resolve_model(self, model_id: str, reply: dict[str, Any]) -> None:
        """Becomes the model that the server describes, of its category."""
        category = CATEGORIES.get(reply["output"]["model_category"], ModelBase)
        self.__class__ = _trained_class(self._estimator_class, category)
        self._take_reply(model_id, reply)
        if self._estimator_type is None:
            types = {"Regression": "regressor", "Binomial": "classifier", "Multinomial": "classifier"}
            self._estimator_type = types.get(reply["output"]["model_category"], "unsupervised")

    # --- scikit-learn -----------------------------------------------------------------------------------------------

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """All parameters by name."""
        return {name: self._parms.get(name, default) for name, default in self._defaults.items()}

    def set_params(self, **parameters: Any) -> H2OEstimator:
        """Sets parameters by name; H2OValueError for one that the algorithm does not have."""
        for name, value in parameters.items():
            if name not in self._defaults:
                near = did_you_mean(name, self._defaults)
                raise H2OValueError(f"{self._estimator_class.__name__} has no parameter '{name}'.{near}", name)
            self._check_parameter(name, value)
            self._parms[name] = value
        if "model_id" in parameters:
            self._id = parameters["model_id"]
        return self

    def __sklearn_clone__(self) -> H2OEstimator:
        return self._estimator_class(**self.get_params())

    def fit(self, X: Any, y: Any = None, **options: Any) -> H2OEstimator:
        """Trains on predictors `X` and response `y`, each a frame or anything that a frame can be made of.

        A response of strings, booleans or categories is classified; numbers are predicted as such, unless `distribution`
        is 'bernoulli' or 'multinomial'.
        """
        from artesian.client.estimators import tables

        frame, names, response, self.classes_ = tables.training_frame(
            X, y, self._parms.get("distribution") in _CLASSIFYING
        )
        self.n_features_in_ = len(names)
        return self.train(names, response, frame, **options)

    def predict(self, test_data: Any, custom_metric: Any = None, custom_metric_func: str | None = None) -> Any:
        """A frame of predictions for a frame; an array of them for anything that a frame can be made of."""
        if isinstance(test_data, H2OFrame):
            return super().predict(test_data, custom_metric, custom_metric_func)
        from artesian.client.estimators import tables

        predictions = super().predict(tables.feature_frame(test_data))
        return tables.labels(predictions, getattr(self, "classes_", None))

    def predict_proba(self, X: Any) -> np.ndarray[Any, Any]:
        """The probabilities of the classes, one a column, in the order of `classes_`."""
        from artesian.client.estimators import tables

        frame = X if isinstance(X, H2OFrame) else tables.feature_frame(X)
        return tables.probabilities(super().predict(frame), getattr(self, "classes_", None))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of right classes, or the R2 of predicted numbers."""
        from artesian.client.estimators import tables

        predicted = tables.labels(self.predict(X), None) if isinstance(X, H2OFrame) else self.predict(X)
        return tables.score(y, predicted, sample_weight, self._estimator_type == "classifier")

    def __sklearn_is_fitted__(self) -> bool:
        return self._model_json is not None

    def __sklearn_tags__(self) -> Any:
        from artesian.client.estimators import tables

        classifies = self._estimator_type == "classifier" or self._parms.get("distribution") in _CLASSIFYING
        return tables.tags(classifies, self.supervised_learning)


def _warn_of_other(role: str, before: Any, now: Any) -> None:
    """A column named twice, and not the same: that of train() counts."""
    if before is not None and before != now:
        warnings.warn(
            f"`{role}` parameter has been already set and had a different value in `train` method. "
            f"{now!r} is used, not {before!r}.",
            UserWarning,
            stacklevel=5,
        )


class _HistoryPrinter:
    """Prints the rows of the scoring history of a model in training, each once."""

    def __init__(self) -> None:
        self._printed = 0

    def __call__(self, job: H2OJob, progress: float) -> None:
        try:
            reply = session.api(f"GET /3/Models/{path_part(job.dest_key)}")["models"][0]
        except H2OResponseError:  # not there yet
            return
        table = reply["output"].get("scoring_history")
        if table is not None and len(table) > self._printed:
            print(f"\nScoring history of {job.dest_key} ({progress:.0%} done):")
            table[self._printed :].show(header=False, rows=-1)
            self._printed = len(table)


_trained_classes: dict[tuple[type[H2OEstimator], type[ModelBase]], type[H2OEstimator]] = {}


def _trained_class(estimator: type[H2OEstimator], category: type[ModelBase]) -> type[H2OEstimator]:
    """The estimator's class with the verbs of a category, under the estimator's name."""
    members = {"__doc__": estimator.__doc__, "__module__": estimator.__module__, "__qualname__": estimator.__qualname__}
    if (estimator, category) not in _trained_classes:
        _trained_classes[estimator, category] = type(estimator.__name__, (estimator, category), members)
    return _trained_classes[estimator, category]


def _ignored(frame: H2OFrame, x: Any, ignored: Iterable[int | str] | None, special: set[Any]) -> list[str] | None:
    """The columns left out: those named, or all that are neither predictors nor special; None for none."""
    names = frame.names
    if x is not None and ignored is not None:
        raise H2OValueError("The arguments 'x' and 'ignored_columns' say the same: give one of them.", "x")
    if x is None:
        left_out = set() if ignored is None else {names[position] for position in frame._positions(list(ignored))}
    else:
        check_type("x", x, str, int, [str, int], set, range)
        several = isinstance(x, (list, tuple, set, range))
        chosen = {names[position] for position in frame._positions(list(x) if several else x)}
        left_out = set(names) - chosen
    left_out -= special
    return [name for name in names if name in left_out] or None


def _wire_name(name: str) -> str:
    """The server's name of a parameter: `lambda` of `lambda_`, which Python cannot call so."""
    plain = name.removesuffix("_")
    return plain if keyword.iskeyword(plain) else name


def _as_key(value: Any) -> Any:
    """Frames and models as their names, lists of them and of strings as lists of quoted names."""
    if isinstance(value, H2OFrame):
        return value.frame_id
    if isinstance(value, ModelBase):
        return value.model_id
    if isinstance(value, (list, tuple, set)):
        return [quoted(item) if isinstance(item := _as_key(one), str) else item for one in value]
    return value
