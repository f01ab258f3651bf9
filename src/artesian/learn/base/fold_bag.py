"""The models of the folds of cross-validation as one predictor, which spares training a further model on all rows.

Each model of a fold has learnt from most of the rows; the mean of their predictions is that of bagged models (Breiman 1996),
and what cross-validation measured is of the very models that predict.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.contributions import BIAS, Contributions, contribution_frame
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.folds import actual_assignment
from artesian.learn.base.importances import importance_table
from artesian.learn.base.model import Model
from artesian.learn.base.model_parameters import CrossValidationParameters
from artesian.learn.base.parameters import fields_of
from artesian.learn.base.scoring import Scorer
from artesian.learn.base.table import Table

Floats = NDArray[np.float64]
_CONTRIBUTIONS = "predict_contributions"
_SORTING = ("top_n", "bottom_n", "compare_abs")


class FoldBag(Model):
    """Predicts the mean of what the models of the folds predict; it shows itself as a model of their algorithm."""

    form: ClassVar[str | None] = "fold_bag"

    def __init__(self, details: ModelDetails, folds: Sequence[Model]) -> None:
        super().__init__(details)
        self.folds = list(folds)

    # ---- predicting ----

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`; NaN where one of the models has no prediction."""
        total = self.folds[0].raw(frame, threads=threads).copy()
        for fold in self.folds[1:]:
            total += fold.raw(frame, threads=threads)
        return np.asarray(total / len(self.folds))

    @property
    def _speaker(self) -> Model:
        """The first model with the details of the bag: it knows how its kind is measured and shown."""
        speaker = copy.copy(self.folds[0])
        speaker.details = self.details
        return speaker

    @property
    def scorer(self) -> Scorer:
        """See `Model`; as models of the algorithm are measured."""
        return self._speaker.scorer

    def prediction_frame(self, raw: Floats) -> Frame:
        """See `Model`."""
        return self._speaker.prediction_frame(raw)

    def notes(self, frame: Frame) -> list[str]:
        """What the models note, once each."""
        return list(dict.fromkeys(note for fold in self.folds for note in fold.notes(frame)))

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """Contributions are the mean of those of the models; nothing else can be said of all of them at once.

        They add up to the mean of the models' outputs on the scale on which contributions of their algorithm add up. Where
        that is not the scale of the prediction (log odds, logarithms), that is near its output but not the same.
        """
        if option != _CONTRIBUTIONS:
            raise InvalidArgument(refusal(self.details, f"no predictions of the kind '{option}'"))
        options = Contributions.of(value)
        if options.per_reference:
            raise InvalidArgument(refusal(self.details, "no contributions by single rows of the background_frame"))
        unsorted = {k: v for k, v in value.items() if k not in _SORTING} if isinstance(value, Mapping) else value
        names, means = self._contributions(frame, unsorted or True, threads)
        return contribution_frame(names, means, options)

    def _contributions(self, frame: Frame, value: Any, threads: int) -> tuple[list[str], Floats]:
        """Columns, and means [rows, columns + 1], the bias last; what a model does not tell of adds nothing there."""
        sums: dict[str, Floats] = {}
        for fold in self.folds:
            found = fold.predict_option(frame, _CONTRIBUTIONS, value, threads=threads)
            for name, column in zip(found.names, found.columns, strict=True):
                amounts = np.asarray(column.floats())
                sums[name] = sums[name] + amounts if name in sums else amounts
        names = [name for name in sums if name != BIAS]
        return names, np.column_stack([sums[name] for name in (*names, BIAS)]) / len(self.folds)

    # ---- keeping ----

    def parts(self) -> dict[str, Model]:
        """The models of the folds."""
        return {f"fold_{number + 1}": fold for number, fold in enumerate(self.folds)}

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        return {"folds": len(self.folds)}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """None of its own."""
        return {}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Cannot be: it is nothing without its parts."""
        raise KeyError("parts")

    @classmethod
    def assemble(
        cls,
        details: ModelDetails,
        state: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        parts: Mapping[str, Model],
    ) -> FoldBag:
        """See `Model`."""
        return cls(details, [parts[f"fold_{number + 1}"] for number in range(int(state["folds"]))])


def refusal(details: ModelDetails, what: str) -> str:
    """The sentence for what a bag does not have."""
    return (
        f"The model '{details.key}' is the models of its folds together (fold_models_predict) and has {what}; "
        "ask one of them, or train without fold_models_predict."
    )


def refuse_bag(model: Model, what: str) -> None:
    """Raises InvalidArgument where a single model is needed, saying what a bag lacks."""
    if isinstance(model, FoldBag):
        raise InvalidArgument(refusal(model.details, what))


# ---- making ----


def bag(fit: Fit, folds: Sequence[Model]) -> FoldBag:
    """The models of the folds of a fit as one model; what is measured is not there yet, see `measure`."""
    first = folds[0].details
    details = dataclasses.replace(
        first,
        key=fit.key,
        parameters=_parameters(fit, first),
        training_frame=fit.training_key,
        validation_frame=fit.validation_key,
        start_ms=min(fold.details.start_ms for fold in folds),
        end_ms=0,
        status="RUNNING",
        model_summary=_summary([fold.details.model_summary for fold in folds]),
        variable_importances=_importances([fold.details.variable_importances for fold in folds]),
        training_metrics=None,
        validation_metrics=None,
        warnings=list(dict.fromkeys(text for fold in folds for text in fold.details.warnings)),
        extra={},
    )
    return FoldBag(details, folds)


def _parameters(fit: Fit, first: ModelDetails) -> dict[str, dict[str, Any]]:
    """Those of the first fold, with the key and the cross-validation that were asked for."""
    own: dict[str, Any] = {name: getattr(fit.parameters, name) for name in fields_of(CrossValidationParameters)}
    own |= {"model_id": fit.key, **actual_assignment(fit.parameters), "seed": fit.seed}
    return {name: {**entry, "actual": own[name]} if name in own else entry for name, entry in first.parameters.items()}


def _summary(tables: Sequence[Table | None]) -> Table | None:
    """The rows of all folds below each other where each has one; else that of the first."""
    first = tables[0]
    found = [table for table in tables if table is not None and len(table) == 1]
    if first is None or len(found) < len(tables) or any(table.columns != first.columns for table in found):
        return first
    cells = [[table.column(column.name)[0] for table in found] for column in first.columns]
    return Table.build(first.name, first.description, list(zip(first.columns, cells, strict=True)))


def _importances(tables: Sequence[Table | None]) -> Table | None:
    """The mean of the relative importances by variable; a fold without one counts as 0."""
    found = [table for table in tables if table is not None]
    if not found:
        return None
    means: dict[str, float] = {}
    for table in found:
        for name, amount in zip(table.column("variable"), table.array("relative_importance"), strict=True):
            means[str(name)] = means.get(str(name), 0.0) + float(amount) / len(tables)
    return importance_table(list(means), np.array(list(means.values())))


def measure(model: FoldBag, fit: Fit) -> None:
    """Measures the bag on training and validation frame, unless the time is over, and says that it is done."""
    details, context = model.details, fit.context
    for frame, key, name in (
        (fit.training, fit.training_key, "training_metrics"),
        (fit.validation, fit.validation_key, "validation_metrics"),
    ):
        context.check()
        if frame is None or fit.budget.is_spent:
            continue
        found = model.score(frame, threads=context.threads)
        if found is not None:
            setattr(details, name, found.about(frame_id=key).to_dict())
    details.end_ms = now_ms()
    details.status = "DONE"
    context.progress(1.0, "Done")
