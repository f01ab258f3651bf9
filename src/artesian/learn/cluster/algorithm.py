"""K-means as an algorithm: what its parameters must fulfil together, and how one model is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.details import Category
from artesian.learn.base.encoding_step import is_numeric
from artesian.learn.base.model import Model
from artesian.learn.cluster.model import KMeansModel
from artesian.learn.cluster.parameters import KMeansParameters
from artesian.learn.cluster.training import Training, check_user_points, constrained_rows, refuse_few_rows


class KMeans(Algorithm):
    """Clusters of rows around k centres."""

    name: ClassVar[str] = "kmeans"
    title: ClassVar[str] = "K-means"
    called: ClassVar[str] = "KMeans"
    parameters = KMeansParameters
    model: ClassVar[type[Model]] = KMeansModel
    categories: ClassVar[tuple[Category, ...]] = (Category.CLUSTERING,)

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any pass."""
        return True

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Findings that need no frame."""
        if values["init"] == "User" and not values["user_points"]:
            yield Problem("error", "user_points", "With init 'User' the 'user_points' parameter must name a frame.")
        if values["estimate_k"]:
            for name in ("user_points", "cluster_size_constraints"):
                if values[name]:
                    sentence = f"The 'estimate_k' parameter cannot be on when '{name}' is given."
                    yield Problem("error", "estimate_k", sentence)
        if values["fold_assignment"] == "Stratified":
            sentence = (
                "The 'fold_assignment' of k-means cannot be Stratified: there is no response. Use Random or Modulo."
            )
            yield Problem("error", "fold_assignment", sentence)
        if values["score_each_iteration"]:
            sentence = "The 'score_each_iteration' parameter has no effect: every pass of k-means is scored."
            yield Problem("warning", "score_each_iteration", sentence)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """Findings about parameters together with the frames."""
        values, frame = situation.values, situation.training
        k, rows = values["k"], frame.n_rows
        if k > rows and not values["estimate_k"]:
            yield Problem("error", "k", f"The 'k' parameter must be at most the number of rows, {rows}. Got {k}.")
        least = values["cluster_size_constraints"]
        if least and (sentence := constrained_rows(least, k, rows)):
            yield Problem("error", "cluster_size_constraints", sentence)
        user = situation.frames.get("user_points")
        if user is not None and (sentence := check_user_points(user, situation.roles.predictors, k)):
            yield Problem("error", "user_points", sentence)
        numeric = [name for name in situation.roles.predictors if frame[name].domain is None]
        if values["estimate_k"] and not numeric and not is_numeric(values["categorical_encoding"]):
            sentence = "The 'estimate_k' parameter needs a numeric column, along which clusters can be split."
            yield Problem("error", "estimate_k", sentence)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Trains one model."""
        p: KMeansParameters = fit.parameters
        if not p.estimate_k:
            refuse_few_rows(p.cluster_size_constraints, p.k, fit.training.n_rows)
        return Training(cls, fit).run()
