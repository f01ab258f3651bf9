"""Principal component analysis and singular value decomposition as algorithms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from artesian.core.errors import ArtesianError, Problem
from artesian.core.ids import check_key
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model
from artesian.learn.decomposition.model import PrincipalComponentModel, SingularValueModel
from artesian.learn.decomposition.parameters import PrincipalComponentParameters, SingularValueParameters
from artesian.learn.decomposition.training import check_size, train_components, train_singular_values


def _check_method(values: Mapping[str, Any], method: str) -> Iterator[Problem]:
    if values[method] == "GramSVD":
        if values["max_iterations"] != 1000:
            sentence = f"The 'max_iterations' parameter has no effect with {method} GramSVD, which does not iterate."
            yield Problem("warning", "max_iterations", sentence)
        if values["score_each_iteration"]:
            sentence = (
                f"The 'score_each_iteration' parameter has no effect with {method} GramSVD, which does not iterate."
            )
            yield Problem("warning", "score_each_iteration", sentence)
    elif values["score_each_iteration"]:
        sentence = "The 'score_each_iteration' parameter has no effect: the history has every iteration."
        yield Problem("warning", "score_each_iteration", sentence)


class PrincipalComponentAnalysis(Algorithm):
    """Principal components of columns: orthogonal directions of the largest variance."""

    name: ClassVar[str] = "pca"
    title: ClassVar[str] = "Principal Components Analysis"
    called: ClassVar[str] = "PCA"
    parameters = PrincipalComponentParameters
    model: ClassVar[type[Model]] = PrincipalComponentModel
    categories: ClassVar[tuple[Category, ...]] = (Category.DIM_REDUCTION,)

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any iteration, where the method has some."""
        return parameters.pca_method in ("Power", "Randomized")

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Findings that need no frame."""
        yield from _check_method(values, "pca_method")
        if values["pca_impl"] and values["pca_method"] != "GramSVD":
            yield Problem("warning", "pca_impl", "The 'pca_impl' parameter has no effect unless pca_method is GramSVD.")

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """Findings about parameters together with the frame."""
        yield from check_size(situation, "k")

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Trains one model."""
        return train_components(cls, fit)


class SingularValueDecomposition(Algorithm):
    """Singular values of columns, with left and right singular vectors."""

    name: ClassVar[str] = "svd"
    title: ClassVar[str] = "Singular Value Decomposition"
    called: ClassVar[str] = "SVD"
    parameters = SingularValueParameters
    model: ClassVar[type[Model]] = SingularValueModel
    categories: ClassVar[tuple[Category, ...]] = (Category.DIM_REDUCTION,)

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any iteration, where the method has some."""
        return parameters.svd_method in ("Power", "Randomized")

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Findings that need no frame."""
        yield from _check_method(values, "svd_method")
        if not values["u_name"]:
            return
        if not values["keep_u"]:
            yield Problem("warning", "u_name", "The 'u_name' parameter has no effect unless keep_u is True.")
        try:
            check_key(values["u_name"])
        except ArtesianError as error:
            yield Problem("error", "u_name", error.message)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """Findings about parameters together with the frame."""
        yield from check_size(situation, "nv")

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Trains one model."""
        return train_singular_values(cls, fit)
