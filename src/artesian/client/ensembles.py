"""What the estimator of stacked ensembles has beyond all others: base models of several kinds, a blending frame, the metalearner."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from artesian.client.exceptions import H2ODeprecationWarning, H2OTypeError
from artesian.client.frame.frame import validated_frame
from artesian.client.model.base import ModelBase

if TYPE_CHECKING:
    from artesian.client.estimators.base import H2OEstimator
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.job import H2OJob


class EnsembleMembers(ModelBase):
    """Members of stacked ensembles.

    `base_models` takes models, grids and keys of either, one or a list; it holds keys, and once trained those of all models.
    `metalearner_params` are a dict by name.
    """

    _also_taken: Mapping[str, tuple[type, ...]] = {"metalearner_params": (Mapping,)}

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in cls.__dict__:
            cls.base_models = _BaseModels()  # type: ignore[attr-defined]

    def __init__(self, **parameters: Any) -> None:
        parameters["base_models"] = keys_of(parameters.get("base_models"))
        if parameters.get("metalearner_params") is None:
            parameters["metalearner_params"] = ""
        super().__init__(**parameters)

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
        blending_frame: H2OFrame | str | None = None,
    ) -> H2OEstimator:
        """Trains the metalearner on what the base models predict; see `H2OEstimator.train`.

        `blending_frame` holds rows that no base model has learnt from; it may stand alone. Without it the held-out predictions
        of the base models' cross-validation are learnt from.
        """
        own: dict[str, Any] = self._parms
        given = blending_frame if blending_frame is not None else own.get("blending_frame")
        blending = validated_frame(given, "blending_frame")
        if training_frame is None and own.get("training_frame") is None:
            training_frame = blending
        before = own.get("blending_frame")
        own["blending_frame"] = blending
        try:
            return super().train(  # type: ignore[misc, no-any-return]
                x,
                y,
                training_frame,
                offset_column,
                fold_column,
                weights_column,
                validation_frame,
                max_runtime_secs,
                ignored_columns,
                model_id,
                verbose,
            )
        finally:
            own["blending_frame"] = before

    def _post(self, parameters: dict[str, Any]) -> H2OJob:
        """Parameters of the metalearner travel as JSON, each value in a list, as the official client writes them."""
        given = parameters.get("metalearner_params")
        if isinstance(given, Mapping):
            lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
            parameters = {**parameters, "metalearner_params": json.dumps(lists) if lists else ""}
        return super()._post(parameters)  # type: ignore[misc, no-any-return]

    # --- what was made ----------------------------------------------------------------------------------------------

    def metalearner(self) -> Any:
        """The model that combines the base models."""
        from artesian.client.objects import get_model

        key = self._said("metalearner", "metalearner")
        if key is None:
            return None
        found = get_model(key["name"])
        kind = type(found)
        found.__class__ = type(kind.__name__, (_NameByItem, kind), {"__doc__": kind.__doc__})
        return found

    def levelone_frame_id(self) -> Any:
        """The key of the frame that the metalearner learnt from; None unless keep_levelone_frame."""
        return self._said("levelone_frame_id", "level-one frame")

    def stacking_strategy(self) -> Any:
        """`cross_validation`, or `blending` where a blending frame was learnt from."""
        return self._said("stacking_strategy", "stacking strategy")

    def _said(self, name: str, what: str) -> Any:
        value = self._output.get(name)
        if value is None:
            print(f"This model has no {what}.")
        return value


class _NameByItem:
    """What `metalearner()["name"]` of older scripts needs."""

    def __getitem__(self, name: str) -> Any:
        warnings.warn(
            "Instead of metalearner()['name'] use metalearner().model_id: metalearner() is the model itself.",
            H2ODeprecationWarning,
            stacklevel=2,
        )
        if name != "name":
            raise KeyError(name)
        return self.model_id  # type: ignore[attr-defined]


class _BaseModels:
    """The parameter `base_models`: keys, and once the ensemble is trained those that the server tells."""

    def __get__(self, estimator: Any, owner: type) -> Any:
        if estimator is None:
            return self
        if estimator._model_json is not None:
            told = estimator.actual_params.get("base_models") or []
            if told:
                return [item["name"] for item in told]
        return estimator._parms.get("base_models")

    def __set__(self, estimator: Any, value: Any) -> None:
        estimator._parms["base_models"] = keys_of(value)


def keys_of(base_models: Any) -> list[str]:
    """The keys of models and grids, of one or of several. H2OTypeError for anything else."""
    if base_models is None:
        return []
    several = isinstance(base_models, Iterable) and not isinstance(base_models, str) and not _key(base_models)
    return [_required_key(item) for item in (base_models if several else [base_models])]


def _key(item: Any) -> str | None:
    if isinstance(item, str):
        return item
    if isinstance(item, ModelBase):
        return item.model_id
    grid = getattr(item, "grid_id", None)
    return grid if isinstance(grid, str) else None


def _required_key(item: Any) -> str:
    key = _key(item)
    if key is None:
        raise H2OTypeError(f"Argument 'base_models' must be models, grids or keys of those. Got {item!r}.")
    return key
