"""The parameters of k-means."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import ENCODINGS, CrossValidationParameters, ModelParameters
from artesian.learn.base.parameters import Interval, Kind, parameter

MAX_ITERATIONS = 1_000_000
MAX_CLUSTERS = 10_000_000


@dataclass(frozen=True)
class _Own:
    k: int = parameter(
        1,
        "Number of clusters; with estimate_k the most that there may be.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1, MAX_CLUSTERS),
    )
    estimate_k: bool = parameter(
        False,
        "Find the number of clusters, up to k: clusters are split one by one, until the sum of squares within clusters no "
        "longer falls enough. Start and seed play no part in it.",
        kind=Kind.BOOLEAN,
        level="critical",
    )
    user_points: str | None = parameter(
        None,
        "Key of a frame with the k centres to start from, one a row: columns of the predictors' names, or as many columns as "
        "there are predictors, in their order.",
        kind=Kind.FRAME,
        level="expert",
        gridable=False,
    )
    max_iterations: int = parameter(
        10,
        "Most passes of Lloyd's algorithm over the rows (with estimate_k for each number of clusters).",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1, MAX_ITERATIONS),
    )
    standardize: bool = parameter(
        True,
        "Scale numeric columns to mean 0 and deviation 1 before distances are measured.",
        kind=Kind.BOOLEAN,
        level="critical",
    )
    seed: int = parameter(
        -1,
        "Seed of the choice of the first centres and of the folds; -1 draws one and reports it.",
        kind=Kind.LONG,
    )
    init: str = parameter(
        "Furthest",
        "First centres: random rows, rows drawn by squared distance from the centres so far (PlusPlus), the row furthest from "
        "the centres so far (Furthest), or those of user_points (User).",
        kind=Kind.CHOICE,
        level="critical",
        choices=("Random", "PlusPlus", "Furthest", "User"),
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns enter: AUTO, Enum and OneHotInternal keep them (the centre is the most frequent level, and "
        "another level is at distance 1), the others make numbers of them.",
        kind=Kind.CHOICE,
        choices=ENCODINGS,
        refused_choices={"SortByResponse": "it needs a response, which clusters do not have."},
    )
    cluster_size_constraints: tuple[int, ...] | None = parameter(
        None,
        "Least number of rows of each cluster, one number a cluster.",
        kind=Kind.INTS,
        level="expert",
        gridable=False,
        interval=Interval(1),
    )


@dataclass(frozen=True)
class KMeansParameters(_Own, CrossValidationParameters, ModelParameters):
    """All parameters of k-means."""
