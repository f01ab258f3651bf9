"""Trains a k-means model: first centres, passes until few rows change, and with estimate_k one cluster more at a time."""

from __future__ import annotations

import numpy as np

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.building import new_details
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.details import Category
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.finishing import begin, ended_early, finish, warn
from artesian.learn.base.table import Table
from artesian.learn.cluster import starts
from artesian.learn.cluster.lloyd import Lloyd, Pass
from artesian.learn.cluster.model import KMeansModel
from artesian.learn.cluster.parameters import KMeansParameters
from artesian.learn.cluster.rows import Points, Rows, Space
from artesian.learn.cluster.tables import History, centre_table, summary_table
from artesian.learn.metrics.clustering import ClusteringMetrics

_MASK = 2**64 - 1
_STREAM = 0x4B4D


class Training:
    """One fit."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit) -> None:
        self.fit = fit
        self.parameters: KMeansParameters = fit.parameters
        encoding = "Enum" if self.parameters.categorical_encoding == "AUTO" else self.parameters.categorical_encoding
        given = Columns.fit(fit.training, fit.roles.predictors)
        step = EncodingStep.fit(fit.training, fit.roles.predictors, encoding)
        encoded = step.apply(fit.training)
        space = Space.fit(encoded, Columns.fit(encoded, step.predictors), standardize=self.parameters.standardize)
        actual = {"categorical_encoding": encoding}
        details = new_details(fit, algorithm, Category.CLUSTERING, actual, step.inputs)
        nothing = Points(np.zeros((0, len(space.means))), np.zeros((0, len(space.modes)), dtype=np.int64))
        self.model = KMeansModel(details, given, step, space, nothing)
        self.rows = Rows(encoded, space, self.parameters.k)
        least = self.parameters.cluster_size_constraints
        self.lloyd = Lloyd(self.rows, least, bounds=self.parameters.estimate_k)
        self.history = History(self.parameters.estimate_k)

    def run(self) -> KMeansModel:
        """Trains, measures and describes."""
        begin(self.fit, self.model.details)
        self.fit.context.progress(0.02, "Choosing the first centres")
        self.fit.context.check()
        if self.parameters.estimate_k:
            self._estimate()
        else:
            centres, _ = self._converge(self._first_centres(), 0.05, 0.9)
            self.model.centres = centres
        return self._finished()

    # ---- first centres ----

    def _first_centres(self) -> Points:
        p = self.parameters
        user = self.fit.frames.get("user_points")
        if user is not None:
            return self._user_points(user)
        random = np.random.default_rng([self.fit.seed & _MASK, _STREAM])
        if p.init == "Random":
            return starts.random_rows(self.rows, p.k, random)
        found = starts.candidates(self.rows, p.k, random)
        if p.init == "PlusPlus":
            return starts.plus_plus(self.rows.space, found, p.k, random)
        return starts.furthest(self.rows.space, found, p.k)

    def _user_points(self, user: Frame) -> Points:
        """The rows of the user's frame; by the names of its columns where it has those of all predictors, else by place."""
        names = self.model.given.names
        if not all(name in user for name in names):
            user = user.renamed(names)
        return self.model.space.points(self.model.encoding.apply(user))

    # ---- passes ----

    def _converge(self, centres: Points, start: float, end: float) -> tuple[Points, Pass]:
        """Passes from these centres until few rows change; progress from `start` to `end`."""
        most, tries = self.parameters.max_iterations, centres.count
        for number in range(most):
            done = self._pass(centres)
            if not self.parameters.estimate_k:
                rescued, again = self.lloyd.rescued(centres, done)
                while again and tries > 0:
                    tries -= 1
                    done = self._pass(rescued)
                    rescued, again = self.lloyd.rescued(rescued, done)
                done.centres = done.centres if again else rescued
            self.history.add(centres.count, done.reassigned, done.total)
            centres = done.centres
            self.fit.context.progress(start + (end - start) * (number + 1) / most, f"Pass {self.history.passes}")
            if done.reassigned < self.lloyd.few or self._is_out_of_time():
                break
        return centres, done

    def _pass(self, centres: Points) -> Pass:
        self.fit.context.check()
        return self.lloyd.step(centres)

    def _is_out_of_time(self) -> bool:
        if not self.fit.budget.is_over:
            return False
        warn(self.fit, self.model.details, ended_early(self.fit))
        return True

    def _estimate(self) -> None:
        """Clusters are added until the sum of squares within them falls by less than a share of itself."""
        space, rows, p = self.rows.space, self.rows.count, self.parameters
        enough = min(0.02 + 10.0 / rows + 2.5 / space.width**2, 0.8)
        start = Points(np.zeros((1, len(space.means))), space.modes[None, :].copy())
        before = 0.0
        for k in range(1, p.k + 1):
            length = len(self.history)
            centres, done = self._converge(start, 0.9 * (k - 1) / p.k, 0.9 * k / p.k)
            gain = (before - done.total) / before if before > 0 else (1.0 if k == 1 else 0.0)
            if k > 1 and gain < enough:
                self.history.cut(length)
                return
            self.model.centres, before = centres, done.total
            if self._is_out_of_time() or k == p.k:
                return
            start = self.lloyd.split(centres, done)

    # ---- the end ----

    def _finished(self) -> KMeansModel:
        model, context = self.model, self.fit.context
        details, space = model.details, model.space
        dealt = self.parameters.cluster_size_constraints is not None
        if dealt:  # scoring by the nearest centre would break the least sizes
            details.training_metrics = self._dealt_metrics().about(frame_id=self.fit.training_key).to_dict()
        details.extra["centers"] = centre_table("Cluster Means", space, model.centres, raw=True).to_dict()
        if self.parameters.standardize:
            table: Table = centre_table("Standardized Cluster Means", space, model.centres, raw=False)
            details.extra["centers_std"] = table.to_dict()
        details.scoring_history = self.history.table()
        finish(self.fit, model, training_metrics=not dealt, even_late=True)
        measured = ClusteringMetrics.from_dict(details.training_metrics or {})
        details.model_summary = summary_table(
            self.rows.count,
            model.centres.count,
            len(space.columns.categorical),
            self.history.passes,
            (measured.tot_withinss, measured.totss, measured.betweenss),
        )
        context.check()
        return model

    def _dealt_metrics(self) -> ClusteringMetrics:
        parts = []
        for start, points in self.rows:
            own = self.lloyd.clusters[start : start + points.count]
            parts.append(np.column_stack([own, self.rows.space.exact(points, self.model.centres, own)]))
        measured = self.model.measure(self.fit.training, np.concatenate(parts))
        assert isinstance(measured, ClusteringMetrics)
        return measured


def check_user_points(frame: Frame, predictors: tuple[str, ...], k: int) -> str | None:
    """What is wrong with a frame of first centres, as a sentence; None where nothing is."""
    if frame.n_rows != k:
        return f"The 'user_points' must have one row for each of the k = {k} clusters. They have {frame.n_rows}."
    if not all(name in frame for name in predictors) and frame.n_columns != len(predictors):
        return (
            f"The 'user_points' must have the {len(predictors)} columns that are clustered, by name or in their order. "
            f"They have {frame.n_columns} columns."
        )
    return None


def constrained_rows(least: tuple[int, ...], k: int, rows: int) -> str | None:
    """What is wrong with least sizes of clusters, as a sentence; None where nothing is."""
    if len(least) != k:
        return f"The 'cluster_size_constraints' must be one number for each of the k = {k} clusters. Got {len(least)}."
    if sum(least) > rows:
        return f"The 'cluster_size_constraints' ask for {sum(least)} rows in sum. There are {rows}."
    return None


def refuse_few_rows(least: tuple[int, ...] | None, k: int, rows: int) -> None:
    """InvalidArgument where a fold leaves too few rows."""
    if k > rows:
        raise InvalidArgument(f"{rows} rows cannot make {k} clusters; lower k or nfolds.")
    if least is not None and (sentence := constrained_rows(least, k, rows)):
        raise InvalidArgument(f"{sentence} Lower them, or nfolds.")
