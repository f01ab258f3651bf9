"""Metrics of predictions that somebody hands over as frames, without a model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from artesian.core.errors import InvalidArgument
from artesian.frame import ColumnType, Frame
from artesian.learn.base.scoring import codes_in
from artesian.learn.metrics import Metrics, binomial_metrics, multinomial_metrics, regression_metrics


def metrics_of_frames(
    predictions: Frame,
    actuals: Frame,
    *,
    weights: Frame | None = None,
    domain: Sequence[str] | None = None,
    distribution: str | None = None,
    auc_type: str | None = None,
) -> Metrics:
    """By what is given: without a domain (and a numeric actual column) regression; else a column of probabilities of the
    second class, or one column for each class of the domain.

    Raises InvalidArgument where shapes or types do not fit.
    """
    if actuals.n_columns != 1:
        raise InvalidArgument(f"The actual values must be a frame of one column. Got {actuals.n_columns}.")
    if predictions.n_rows != actuals.n_rows:
        raise InvalidArgument(
            f"Predictions and actual values must have equally many rows. Got {predictions.n_rows} and {actuals.n_rows}."
        )
    mass = None if weights is None else np.asarray(weights.columns[0].floats())
    column = actuals.columns[0]
    if domain is None and column.type is ColumnType.ENUM:
        domain = column.levels
    # a whole prediction frame has the label in front of the probabilities
    table = predictions.without([0]) if predictions.columns[0].type is ColumnType.ENUM else predictions
    bad = [n for n, c in zip(table.names, table.columns, strict=True) if not c.type.is_numeric]
    if bad or not table.n_columns:
        raise InvalidArgument(f"Predictions must be numbers. Got {', '.join(bad) or 'no numeric column'}.")
    raw = np.column_stack([np.asarray(c.floats()) for c in table.columns])
    if domain is None:
        if raw.shape[1] != 1:
            raise InvalidArgument(
                f"Regression needs one column of predictions. Got {raw.shape[1]}; for classes give the domain."
            )
        if not column.type.is_numeric:
            raise InvalidArgument(f"The actual values must be numbers or categorical. They are of type {column.type}.")
        return regression_metrics(column.floats(), raw[:, 0], mass, distribution or "gaussian")
    levels = [str(level) for level in domain]
    if column.type is ColumnType.ENUM or column.type is ColumnType.STRING:
        codes = codes_in(column, levels, actuals.names[0])
    else:
        codes = np.asarray(column.floats())
    if len(levels) == 2 and raw.shape[1] in (1, 2):
        return binomial_metrics(codes, raw[:, -1], mass, levels)
    if raw.shape[1] != len(levels):
        raise InvalidArgument(
            f"A domain of {len(levels)} classes needs as many columns of probabilities. Got {raw.shape[1]}."
        )
    return multinomial_metrics(codes, raw, mass, levels, (auc_type or "auto").lower())
