"""The beginning and the end that the training of most models shares: shown as running, then measured and done."""

from __future__ import annotations

import math
from dataclasses import dataclass

from artesian.core.clock import monotonic, now_ms
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.context import Context
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model

_SHOWN_SECS = 0.5


@dataclass
class Snapshots:
    """Pictures of a model for whoever watches its training, not too many; models of folds are seen when they are done."""

    fit: Fit
    _shown: float = -math.inf

    @property
    def are_due(self) -> bool:
        """Whether the last one is some time ago."""
        return self.fit.fold is None and monotonic() - self._shown >= _SHOWN_SECS

    def show(self, details: ModelDetails) -> None:
        """Shows the model as its details tell it."""
        self.fit.context.publish({"details": details.to_dict()})
        self._shown = monotonic()


def warn(fit: Fit, details: ModelDetails, sentence: str) -> None:
    """Notes a warning with the model, once, and tells it to whoever watches."""
    if sentence not in details.warnings:
        details.warnings.append(sentence)
        fit.context.warn(sentence)


def ended_early(fit: Fit, reached: str = "") -> str:
    """The warning of a training that ended before its end; `reached` says how far it came, such as `3 of 50 trees`."""
    if fit.budget.was_asked_to_end:
        after = f"after {reached}" if reached else "before its end"
        return f"The training was asked to end and did {after}: the model is what was learnt until then."
    seconds = f"max_runtime_secs ({fit.parameters.max_runtime_secs:g} s)"
    if not reached:
        return f"Training stopped before its end: {seconds} was over."
    return f"{seconds} ended the training after {reached}. Raise it, or set it to 0 for no limit."


def begin(fit: Fit, details: ModelDetails) -> None:
    """Shows the model as running; models of folds are seen when they are done."""
    if fit.fold is None:
        fit.context.publish({"details": details.to_dict()})


def finish(fit: Fit, model: Model, *, training_metrics: bool = True, even_late: bool = False) -> Model:
    """Measures the model on training and validation frame and says that it is done.

    Once max_runtime_secs is over nothing is measured any more, unless `even_late`, and a warning says so.

    The threshold of two classes is the one of the largest F1 on the training frame.
    """
    details, context = model.details, fit.context
    context.check()
    late = fit.budget.is_spent and not even_late
    if late:
        warn(fit, details, ended_early(fit))
    if training_metrics and not late:
        context.progress(0.9, "Measuring")
        measured = model.score(fit.training, threads=context.threads)
        if measured is not None:
            details.training_metrics = measured.about(frame_id=fit.training_key).to_dict()
            details.default_threshold = float(getattr(measured, "default_threshold", 0.5))
    context.check()
    if fit.validation is not None and not late:
        validated = model.score(fit.validation, threads=context.threads)
        if validated is not None:
            details.validation_metrics = validated.about(frame_id=fit.validation_key).to_dict()
    _close(details, context)
    return model


def _close(details: ModelDetails, context: Context) -> None:
    details.end_ms = now_ms()
    details.status = "DONE"
    context.progress(1.0, "Done")
