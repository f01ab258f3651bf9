"""A single tree of two classes that stops where one class has hardly any rows left, as H2O's does.

Splits lessen the Gini impurity (H2O takes entropy, and ten bins with thresholds rounded to two decimals, which loses columns
of small numbers); missing values, which H2O refuses, go to the better side; leaves of one class are not told as certain, which
a single tree never is. What is H2O's is when a node is a leaf: at
max_depth, where a part of a split would have fewer than min_rows rows, and where either class has at most min_rows rows.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.clock import monotonic, now_ms
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.building import new_details
from artesian.learn.base.details import Category
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.finishing import begin
from artesian.learn.base.scoring import codes_in
from artesian.learn.trees.grid import Grid
from artesian.learn.trees.grower import Grower, GrowOptions, Tree
from artesian.learn.trees.model import DecisionTreeModel
from artesian.learn.trees.parameters import DecisionTreeParameters

Floats = NDArray[np.float64]
_BINS = 1024
_LEAST_IMPROVEMENT = 1e-6


def grow(algorithm: type[Algorithm], fit: Fit) -> DecisionTreeModel:
    """The tree of a frame, measured. InvalidArgument where no row has a response."""
    started = monotonic()
    parameters: DecisionTreeParameters = fit.parameters
    name = str(fit.roles.response)
    domain = fit.training[name].levels
    codes = codes_in(fit.training[name], domain, name)
    frame = _with_response(fit.training, codes)
    classes = codes[~np.isnan(codes)].astype(np.int64)
    encoding = "Enum" if parameters.categorical_encoding == "AUTO" else parameters.categorical_encoding
    step = EncodingStep.fit(frame, fit.roles.predictors, encoding, response=classes.astype(np.float64))
    encoded = step.apply(frame)
    grid = Grid.fit(encoded, step.predictors, bins_top=_BINS, bins_cats=_BINS, quantiles=False)
    details = new_details(fit, algorithm, Category.BINOMIAL, {"categorical_encoding": encoding}, step.inputs)
    model = DecisionTreeModel(details, step, [grid], 1)
    begin(fit, details)
    fit.context.check()
    options = GrowOptions(
        max_depth=parameters.max_depth,
        min_rows=parameters.min_rows,
        bins=_BINS,
        bins_top_level=_BINS,
        min_split_improvement=_LEAST_IMPROVEMENT,
    )
    grower = Grower(grid.codes(encoded), options, fit.context.threads)
    tree, leaf = grower.grow((classes == 0).astype(np.float64), seed=fit.seed)
    model.add_round(fit.seed, {0: tree.with_leaf_values(stopped_values(tree, leaf, classes, parameters.min_rows))})
    _finish(fit, model, started)
    return model


def stopped_values(tree: Tree, leaf: NDArray[np.int32], classes: NDArray[np.int64], min_rows: int) -> Floats:
    """The share of the first class at each node [nodes], or at the first node above it that should have been a leaf.

    The rows below a node whose rarer class has at most `min_rows` rows are told that node's share, as if it were not split.
    Two rows of the whole frame's shares are added to each node's: no leaf is certain (Laplace's rule of succession).
    """
    counts = np.zeros((tree.n_nodes, 2))
    np.add.at(counts, (leaf, classes), 1.0)
    left, right = tree.left, tree.right
    for node in range(tree.n_nodes - 1, -1, -1):
        if left[node] >= 0:
            counts[node] += counts[left[node]] + counts[right[node]]
    prior = counts[0] / counts[0].sum()
    shares = (counts[:, 0] + 2 * prior[0]) / (counts.sum(axis=1) + 2)
    stopped = np.zeros(tree.n_nodes, dtype=bool)
    for node in range(tree.n_nodes):
        if left[node] < 0:
            continue
        stops = stopped[node] or counts[node].min() <= min_rows
        for child in (left[node], right[node]):
            if stops:
                stopped[child], shares[child] = True, shares[node]
    return np.asarray(shares)


def _with_response(frame: Frame, codes: Floats) -> Frame:
    there = ~np.isnan(codes)
    if there.all():
        return frame
    if not there.any():
        raise InvalidArgument("No row is left to learn from: all lack the response.")
    return frame.gather(pl.Series(np.flatnonzero(there)))


def _finish(fit: Fit, model: DecisionTreeModel, started: float) -> None:
    details, threads = model.details, fit.context.threads
    training = model.score(fit.training, threads=threads, description="Metrics on the training rows")
    details.default_threshold = float(getattr(training, "default_threshold", details.default_threshold))
    if training is not None:
        details.training_metrics = training.about(frame_id=fit.training_key).to_dict()
    if fit.validation is not None:
        validated = model.score(fit.validation, threads=threads, description="Metrics on the validation frame")
        if validated is not None:
            details.validation_metrics = validated.about(frame_id=fit.validation_key).to_dict()
            details.default_threshold = float(getattr(validated, "default_threshold", details.default_threshold))
    details.model_summary = model.summary()
    details.variable_importances = model.importances()
    details.end_ms = max(now_ms(), details.start_ms + int(1000 * (monotonic() - started)))
    details.status = "DONE"
    fit.context.progress(1.0, "1 tree")
