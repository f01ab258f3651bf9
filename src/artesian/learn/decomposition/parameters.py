"""The parameters of principal component analysis and of singular value decomposition."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import ModelParameters
from artesian.learn.base.parameters import Interval, Kind, parameter

TRANSFORMS = ("NONE", "STANDARDIZE", "NORMALIZE", "DEMEAN", "DESCALE")
_TRANSFORM = (
    "What is done to numeric columns first: nothing, taking the mean away (DEMEAN), dividing by the deviation (DESCALE), both "
    "(STANDARDIZE), or taking the mean away and dividing by the range (NORMALIZE)."
)
_ITERATIONS = "Most iterations of the methods Power (for each component) and Randomized."
_SEED = "Seed of the random vectors that the methods Power and Randomized begin with; -1 draws one and reports it."


@dataclass(frozen=True)
class _PrincipalComponents:
    transform: str = parameter("NONE", _TRANSFORM, kind=Kind.CHOICE, level="critical", choices=TRANSFORMS)
    pca_method: str = parameter(
        "GramSVD",
        "GramSVD decomposes the matrix of inner products of the inputs; Power finds one component after the other by power "
        "iteration, Randomized all of them by iteration of a random subspace.",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=("GramSVD", "Power", "Randomized", "GLRM"),
        refused_choices={"GLRM": "generalised low-rank models are not there yet. Use GramSVD."},
    )
    pca_impl: str | None = parameter(
        None,
        "How GramSVD decomposes the matrix of inner products: by its eigenvalues (the two names with EVD, and by default) or "
        "by its singular values (the others).",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=("MTJ_EVD_DENSEMATRIX", "MTJ_EVD_SYMMMATRIX", "MTJ_SVD_DENSEMATRIX", "JAMA"),
    )
    k: int = parameter(
        1,
        "Number of components, at most the number of inputs and of rows; below 1 for as many as there can be.",
        kind=Kind.INT,
        level="critical",
        required=True,
    )
    max_iterations: int = parameter(1000, _ITERATIONS, kind=Kind.INT, level="critical", interval=Interval(1, 1_000_000))
    use_all_factor_levels: bool = parameter(
        False,
        "Make an input of every level of a categorical column; off, the first level of each has none.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    compute_metrics: bool = parameter(
        True, "Measure the model on the training frame.", kind=Kind.BOOLEAN, level="critical", gridable=False
    )
    impute_missing: bool = parameter(
        False,
        "Learn from rows with missing values too, as if they had the mean (the most frequent level); off, such rows are left "
        "out.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    seed: int = parameter(-1, _SEED, kind=Kind.LONG, level="critical", gridable=False)


@dataclass(frozen=True)
class PrincipalComponentParameters(_PrincipalComponents, ModelParameters):
    """All parameters of principal component analysis."""


@dataclass(frozen=True)
class _SingularValues:
    transform: str = parameter(
        "NONE", _TRANSFORM, kind=Kind.CHOICE, level="critical", gridable=False, choices=TRANSFORMS
    )
    svd_method: str = parameter(
        "GramSVD",
        "GramSVD decomposes the matrix of inner products of the inputs; Power finds one vector after the other by power "
        "iteration, Randomized all of them by iteration of a random subspace.",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=("GramSVD", "Power", "Randomized"),
    )
    nv: int = parameter(
        1,
        "Number of singular vectors, at most the number of inputs.",
        kind=Kind.INT,
        level="critical",
        gridable=False,
        interval=Interval(1),
    )
    max_iterations: int = parameter(
        1000, _ITERATIONS, kind=Kind.INT, level="critical", gridable=False, interval=Interval(1, 1_000_000)
    )
    seed: int = parameter(-1, _SEED, kind=Kind.LONG, level="critical", gridable=False)
    keep_u: bool = parameter(
        True, "Keep the left singular vectors as a frame.", kind=Kind.BOOLEAN, level="critical", gridable=False
    )
    u_name: str | None = parameter(
        None,
        "Key of the frame of left singular vectors; a new one is made when none is given.",
        kind=Kind.STRING,
        level="critical",
        gridable=False,
    )
    use_all_factor_levels: bool = parameter(
        True,
        "Make an input of every level of a categorical column; off, the first level of each has none.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )


@dataclass(frozen=True)
class SingularValueParameters(_SingularValues, ModelParameters):
    """All parameters of singular value decomposition."""
