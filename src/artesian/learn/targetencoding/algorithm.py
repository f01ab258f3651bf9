"""Target encoding as an algorithm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from artesian.core.errors import Problem, did_you_mean
from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.building import new_details
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.details import Category
from artesian.learn.base.finishing import begin, finish
from artesian.learn.base.model import Model
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.targetencoding.encodings import Encoding
from artesian.learn.targetencoding.model import (
    TargetEncoderModel,
    fold_numbers,
    fold_values,
    output_names,
    targets_of,
)
from artesian.learn.targetencoding.parameters import TargetEncoderParameters

MOST_COMBINATIONS = 2**62


class TargetEncoder(Algorithm):
    """Categorical columns as means of the response."""

    name: ClassVar[str] = "targetencoder"
    title: ClassVar[str] = "TargetEncoder"
    called: ClassVar[str] = "TargetEncoder"
    parameters = TargetEncoderParameters
    model: ClassVar[type[Model]] = TargetEncoderModel
    categories: ClassVar[tuple[Category, ...]] = (Category.TARGET_ENCODER,)

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Findings that need no frame."""
        if values["data_leakage_handling"] == "KFold" and not values["fold_column"]:
            sentence = "With the 'data_leakage_handling' KFold the 'fold_column' parameter must name a column."
            yield Problem("error", "fold_column", sentence)
        for group in values["columns_to_encode"] or ():
            if not group or len(set(group)) < len(group):
                sentence = f"Each group of 'columns_to_encode' must name columns, each once. Got {list(group)}."
                yield Problem("error", "columns_to_encode", sentence)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """The columns to encode must be there and categorical."""
        frame, values, roles = situation.training, situation.values, situation.roles
        groups = values["columns_to_encode"]
        taken = {*roles.special, *(values["ignored_columns"] or ())}
        for name in dict.fromkeys(name for group in groups or () for name in group):
            if name not in frame:
                near = did_you_mean(name, frame.names)
                yield Problem(
                    "error", "columns_to_encode", f"The training frame has no column '{name}' to encode.{near}"
                )
            elif name in taken:
                sentence = f"The column '{name}' cannot be encoded: it is ignored or has another role."
                yield Problem("error", "columns_to_encode", sentence)
            elif frame[name].domain is None:
                sentence = f"The column '{name}' must be categorical to be encoded. Make it so with asfactor()."
                yield Problem("error", "columns_to_encode", sentence)
        if groups is None and roles.predictors:
            other = [name for name in roles.predictors if frame[name].domain is None]
            if len(other) == len(roles.predictors):
                yield Problem("error", "training_frame", "There is no categorical column to encode.")
            elif other:
                sentence = f"Columns that are not categorical are not encoded: {', '.join(other[:10])}."
                yield Problem("warning", "training_frame", sentence)
        yield from _check_combinations(frame, groups)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Learns the encodings."""
        p, training, roles = fit.parameters, fit.training, fit.roles
        coded = [(name,) for name in roles.predictors if training[name].domain is not None]
        groups = list(p.columns_to_encode or coded)
        used = [name for group in groups for name in group] if p.columns_to_encode else roles.predictors
        columns = Columns.fit(training, [name for name in training.names if name in set(used)])
        details = new_details(fit, cls, Category.TARGET_ENCODER, {}, columns.inputs())
        begin(fit, details)
        fit.context.check()
        fit.context.progress(0.1, "Counting")
        response = training[str(roles.response)]
        classes = details.response_domain
        targets = targets_of(response, classes, str(roles.response))
        folds, values = np.full(training.n_rows, -1, dtype=np.int64), None
        if p.data_leakage_handling == "KFold":
            values = fold_values(training[p.fold_column])
            folds = fold_numbers(training[p.fold_column], values, p.fold_column)
        encodings = []
        for group in groups:
            fit.context.check()
            found = Columns(tuple(group), {name: columns.levels[name] for name in group})
            encodings.append(Encoding.fit(training, found, targets, folds, output_names(group, classes)))
        details.extra["input_to_output_columns"] = [
            {"from": list(e.columns.names), "to": list(e.outputs)} for e in encodings
        ]
        details.model_summary = Table.build(
            "Target Encoder model summary",
            "Summary for target encoder model",
            [
                (
                    TableColumn("original_names", "string", "%s", "Original name(s)"),
                    [", ".join(e.columns.names) for e in encodings],
                ),
                (
                    TableColumn("encoded_column_names", "string", "%s", "Encoded column name(s)"),
                    [", ".join(e.outputs) for e in encodings],
                ),
            ],
        )
        return finish(fit, TargetEncoderModel(details, encodings, values), training_metrics=False)


def _check_combinations(frame: Frame, groups: tuple[tuple[str, ...], ...] | None) -> Iterator[Problem]:
    for group in groups or ():
        total = 1
        for name in group:
            total *= frame[name].cardinality + 1 if name in frame and frame[name].domain is not None else 1
        if total > MOST_COMBINATIONS:
            sentence = f"The columns {', '.join(group)} have too many combinations of levels. Encode fewer together."
            yield Problem("error", "columns_to_encode", sentence)
