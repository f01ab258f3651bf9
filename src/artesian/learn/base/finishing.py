"""The beginning and the end that the training of most models shares: shown as running, then measured and done."""

from __future__ import annotations

from artesian.core.clock import now_ms
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.context import Context
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model

OUT_OF_TIME = "Training stopped before its end: max_runtime_secs ({seconds:g} s) was over."


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
    late = fit.budget.is_over and not even_late
    if late:
        _warn(fit, details)
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


def _warn(fit: Fit, details: ModelDetails) -> None:
    sentence = OUT_OF_TIME.format(seconds=fit.budget.seconds)
    if sentence not in details.warnings:
        details.warnings.append(sentence)
        fit.context.warn(sentence)


def _close(details: ModelDetails, context: Context) -> None:
    details.end_ms = now_ms()
    details.status = "DONE"
    context.progress(1.0, "Done")
