"""Principal components and singular vectors as steps of a scikit-learn pipeline: `fit` trains, `transform` projects."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Self

from artesian.client.exceptions import H2OValueError
from artesian.client.transforms import H2OTransformer

if TYPE_CHECKING:
    from artesian.client.estimators.base import H2OEstimator
    from artesian.client.frame.frame import H2OFrame

__all__ = ["H2OPCA", "H2OSVD"]


class _Step(H2OTransformer):
    """A transformer in front of an estimator of components; attributes that it lacks are those of the estimator."""

    def __init__(self, estimator: H2OEstimator, parameters: dict[str, Any]) -> None:
        super().__init__(**parameters)
        self._estimator = estimator

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("_estimator", "parms"):
            raise AttributeError(name)
        return getattr(self._estimator, name)

    @property
    def _parms(self) -> dict[str, Any]:
        """The parameters as they are given here, under the name that scripts reach for."""
        return {**self._estimator._parms, **self.parms}

    def set_params(self, **params: Any) -> Self:
        """Changes parameters, here and of the estimator."""
        super().set_params(**params)
        self._estimator.set_params(**params)
        return self

    def fit(self, X: H2OFrame, y: Any = None, **params: Any) -> Self:
        """Trains on all columns of a frame."""
        self._estimator.train(training_frame=X)
        return self

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The rows of a frame as components."""
        return self._estimator.predict(X)  # type: ignore[no-any-return]


class H2OPCA(_Step):
    """Principal components."""

    def __init__(
        self,
        model_id: str | None = None,
        k: int | None = None,
        max_iterations: int | None = None,
        seed: int | None = None,
        transform: str = "none",
        use_all_factor_levels: bool = False,
        pca_method: str = "gram_svd",
        pca_impl: str | None = "mtj_evd_symmmatrix",
        ignore_const_cols: bool = True,
        impute_missing: bool = False,
        compute_metrics: bool = True,
    ) -> None:
        from artesian.client.estimators.pca import H2OPrincipalComponentAnalysisEstimator

        given = {name: value for name, value in locals().items() if name in _arguments(H2OPCA)}
        super().__init__(H2OPrincipalComponentAnalysisEstimator(**_without_none(given)), given)


class H2OSVD(_Step):
    """Singular vectors."""

    def __init__(
        self,
        nv: int | None = None,
        max_iterations: int | None = None,
        transform: str = "none",
        seed: int | None = None,
        use_all_factor_levels: bool | None = None,
        svd_method: str = "gram_svd",
    ) -> None:
        from artesian.client.estimators.svd import H2OSingularValueDecompositionEstimator

        given = {name: value for name, value in locals().items() if name in _arguments(H2OSVD)}
        super().__init__(H2OSingularValueDecompositionEstimator(**_without_none(given)), given)


def _arguments(step: type[_Step]) -> list[str]:
    return list(inspect.signature(step).parameters)


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


class ComponentEstimator:
    """What the estimators of components have beyond all others."""

    algo = ""

    def init_for_pipeline(self) -> H2OTransformer:
        """The transformer of the same parameters, for a scikit-learn pipeline."""
        steps: dict[str, type[_Step]] = {"pca": H2OPCA, "svd": H2OSVD}
        step = steps.get(self.algo)
        if step is None:
            raise H2OValueError(f"There is no transformer of '{self.algo}'.")
        known = _arguments(step)
        parameters: dict[str, Any] = self._parms  # type: ignore[attr-defined]
        return step(**{name: value for name, value in parameters.items() if name in known})
