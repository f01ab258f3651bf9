"""What estimators and models of generalised linear models have beyond all others: coefficients, paths, models made of others."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from artesian.client import session
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.model.base import ModelBase
from artesian.client.older_names import older_names

if TYPE_CHECKING:
    from artesian.client.estimators.base import H2OEstimator
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.job import H2OJob
    from artesian.client.two_dim_table import H2OTwoDimTable

_NO_BOUND = 1.7976931348623157e308
_SEVERAL = ("Multinomial", "Ordinal")


class LinearMembers(ModelBase):
    """Members of linear models; the static ones take the model as their argument, as in the official client.

    `Lambda` is an older name of the parameter `lambda_`, and still taken.
    """

    _also_taken: ClassVar[Mapping[str, tuple[type, ...]]] = {"beta_constraints": (Mapping,)}

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in cls.__dict__:
            cls.__init__ = older_names(Lambda="lambda_")(cls.__init__)  # type: ignore[method-assign]

    @property
    def Lambda(self) -> Any:  # noqa: N802
        """The parameter `lambda_`."""
        return self._parms.get("lambda_")

    @Lambda.setter
    def Lambda(self, value: Any) -> None:  # noqa: N802
        self._parms["lambda_"] = value

    def _post(self, parameters: dict[str, Any]) -> H2OJob:
        """Bounds of coefficients given as a dict by name become the frame that the server reads."""
        bounds = parameters.get("beta_constraints")
        if isinstance(bounds, Mapping):
            self._bounds = bounds_frame(bounds)  # held, so that the server keeps it until the training has read it
            parameters = {**parameters, "beta_constraints": self._bounds}
        return super()._post(parameters)  # type: ignore[misc, no-any-return]

    # --- coefficients -----------------------------------------------------------------------------------------------

    def coef(self) -> dict[str, Any] | None:
        """Coefficients by raw inputs, by name; of several classes a dict of such by class."""
        return self._by_class(False) if self._is_several else self._column("coefficients")

    def coef_norm(self) -> dict[str, Any] | None:
        """Coefficients by standardised inputs, by name; of several classes a dict of such by class."""
        return self._by_class(True) if self._is_several else self._column("standardized_coefficients")

    def coef_names(self) -> list[str]:
        """Names of the coefficients, without the intercept."""
        return [name for name in self._output["coefficient_names"] if name != "Intercept"]

    def coef_with_p_values(self) -> H2OTwoDimTable:
        """The table of coefficients with standard errors, z and p values; needs `compute_p_values`."""
        if not self.full_parameters["compute_p_values"]["actual_value"]:
            raise ValueError("This model has no p values: train it with compute_p_values=True.")
        return self._output["coefficients_table"]  # type: ignore[no-any-return]

    def pprint_coef(self) -> None:
        """Prints the table of coefficients."""
        print(self._output["coefficients_table"])

    def get_variable_inflation_factors(self) -> dict[str, float] | None:
        """Variance inflation factors by column; needs `generate_variable_inflation_factors`."""
        if not self.full_parameters["generate_variable_inflation_factors"]["actual_value"]:
            raise ValueError("This model has none: train it with generate_variable_inflation_factors=True.")
        return self._column("variable_inflation_factor")

    def get_regression_influence_diagnostics(self) -> H2OFrame:
        """The training frame with how far each coefficient moves without each row; needs `influence='dfbetas'`."""
        from artesian.client.model.base import _frame

        if self.actual_params.get("influence") != "dfbetas":
            raise H2OValueError("This model has none: train it with influence='dfbetas'.")
        return _frame(self._output["regression_influence_diagnostics"]["name"])

    @property
    def _is_several(self) -> bool:
        return self._output["model_category"] in _SEVERAL

    def _column(self, name: str) -> dict[str, Any] | None:
        table = self._output.get("coefficients_table")
        return None if table is None else dict(zip(table["names"], table[name], strict=True))

    def _by_class(self, standardized: bool) -> dict[str, Any] | None:
        table = self._output.get("coefficients_table_multinomials_with_class_names")
        if table is None:
            return None
        prefix = "std_coefs_class_" if standardized else "coefs_class_"
        chosen = [name for name in table.col_header if name.startswith(prefix)]
        return {name: dict(zip(table["names"], table[name], strict=True)) for name in chosen}

    def std_coef_plot(
        self, num_of_features: int | None = None, server: bool = False, save_plot_path: str | None = None
    ) -> Any:
        """Draws the sizes of the standardised coefficients, largest on top, in one colour for each sign."""
        from artesian.client import plots

        check_type("num_of_features", num_of_features, None, int)
        found = self.coef_norm()
        if not found:
            raise H2OValueError("This model has no coefficients to draw.")
        if self._is_several:
            names = list(next(iter(found.values())))
            found = {name: sum(abs(values[name]) for values in found.values()) for name in names}
        rows = sorted(((n, float(v)) for n, v in found.items() if n != "Intercept"), key=lambda row: -abs(row[1]))
        return plots.signed_bars(rows, num_of_features, server, save_plot_path)

    # --- training ---------------------------------------------------------------------------------------------------

    def negative_log_likelihood(self) -> float | None:
        """The negative log-likelihood up to a constant, at the end of training; needs `generate_scoring_history`."""
        warnings.warn(
            "This is the half deviance that training minimises; for the full likelihood set calc_like=True and ask "
            "model_performance().loglikelihood().",
            UserWarning,
            stacklevel=2,
        )
        return self._last("negative_log_likelihood")

    def average_objective(self) -> float | None:
        """The penalised mean of that at the end of training; needs `generate_scoring_history`."""
        warnings.warn("This objective is of the half deviance that training minimises.", UserWarning, stacklevel=2)
        return self._last("objective")

    def _last(self, name: str) -> float | None:
        if not self.actual_params["generate_scoring_history"]:
            raise H2OValueError(f"To have {name}, train with generate_scoring_history=True.")
        table = self._output.get("scoring_history")
        if table is None or name not in table.col_header:
            print(f"{name} is not available.")
            return None
        return table[name][-1]  # type: ignore[no-any-return]

    def _history_to_draw(self) -> H2OTwoDimTable | None:
        """Of a search over several alphas the course of the one that was chosen."""
        table = super()._history_to_draw()
        if table is None or "alpha" not in table.col_header or len(set(table["alpha"])) < 2:
            return table
        best = self._output["alpha_best"]
        return table.rows_where("alpha", lambda alpha: alpha == best)

    def _history_metrics(self) -> tuple[str, ...]:
        """What training minimises, or the deviances of a path, then metrics that `generate_scoring_history` adds."""
        several = self._output["model_category"] in ("Binomial", *_SEVERAL)
        course = ("objective", "negative_log_likelihood", "deviance_train", "deviance_test", "deviance_xval")
        return (*course, *(("logloss", "auc", "rmse", "pr_auc") if several else ("rmse", "deviance", "mae", "r2")))

    # --- penalties --------------------------------------------------------------------------------------------------

    @staticmethod
    def getAlphaBest(model: ModelBase) -> float:  # noqa: N802
        """The alpha of a model that was chosen."""
        return model._output["alpha_best"]  # type: ignore[no-any-return]

    @staticmethod
    def getLambdaBest(model: ModelBase) -> float:  # noqa: N802
        """The lambda of a model that was chosen."""
        return model._output["lambda_best"]  # type: ignore[no-any-return]

    @staticmethod
    def getLambdaMax(model: ModelBase) -> float:  # noqa: N802
        """The strongest penalty of a search."""
        return _of_search(model, "lambda_max")

    @staticmethod
    def getLambdaMin(model: ModelBase) -> float:  # noqa: N802
        """The weakest penalty of a search."""
        return _of_search(model, "lambda_min")

    @staticmethod
    def getGLMRegularizationPath(model: ModelBase) -> dict[str, Any]:  # noqa: N802
        """All models of a path: penalties, explained deviances, and coefficients by name."""
        reply = session.api("GET /3/GetGLMRegPath", data={"model": model.model_id})
        names = reply["coefficient_names"]
        found = {
            name: reply[name] for name in ("lambdas", "alphas", "explained_deviance_train", "explained_deviance_valid")
        }
        for name in ("coefficients", "z_values", "p_values", "std_errs"):
            rows = reply[name]
            found[name] = None if rows is None else [dict(zip(names, row, strict=True)) for row in rows]
        found["names"] = names
        if reply.get("coefficients_std") is not None:
            found["coefficients_std"] = [dict(zip(names, row, strict=True)) for row in reply["coefficients_std"]]
        return found

    # --- constraints ------------------------------------------------------------------------------------------------

    @staticmethod
    def getConstraintsInfo(model: ModelBase) -> H2OTwoDimTable:  # noqa: N802
        """The table of linear constraints of a model that has some."""
        _check_constraints(model)
        return model._output["linear_constraints_table"]  # type: ignore[no-any-return]

    @staticmethod
    def allConstraintsPassed(model: ModelBase) -> bool:  # noqa: N802
        """Whether all linear constraints of a model that has some hold."""
        _check_constraints(model)
        return model._output["all_constraints_satisfied"]  # type: ignore[no-any-return]

    # --- models made of others --------------------------------------------------------------------------------------

    @staticmethod
    def makeGLMModel(model: ModelBase, coefs: Mapping[str, float], threshold: float = 0.5) -> H2OEstimator:  # noqa: N802
        """A model of given coefficients (by raw inputs, by name), otherwise as another one."""
        data = {"model": model.model_id, "names": list(coefs), "beta": list(coefs.values()), "threshold": threshold}
        return _resolved(session.api("POST /3/MakeGLMModel", data=data))

    def make_unrestricted_glm_model(self, dest: str | None = None) -> H2OEstimator:
        """A copy whose predictions leave neither control variables nor the offset out."""
        self._check_leaves_out()
        return _resolved(session.api("POST /3/MakeUnrestrictedGLMModel", data={"model": self.model_id, "dest": dest}))

    def make_derived_glm_model(
        self,
        dest: str | None = None,
        remove_control_variables_effects: bool = False,
        remove_offset_effects: bool = False,
    ) -> H2OEstimator:
        """A copy whose predictions leave out only what is asked for: the control variables, or the offset."""
        controls, offset = self._check_leaves_out()
        if (remove_control_variables_effects or remove_offset_effects) and not (controls and offset):
            raise H2OValueError("The model was not trained with control_variables and remove_offset_effects both.")
        if remove_control_variables_effects and remove_offset_effects:
            raise H2OValueError("A copy that leaves both effects out would be the model itself.")
        data = {
            "model": self.model_id,
            "dest": dest,
            "remove_control_variables_effects": remove_control_variables_effects,
            "remove_offset_effects": remove_offset_effects,
        }
        return _resolved(session.api("POST /3/MakeDerivedGLMModel", data=data))

    def _check_leaves_out(self) -> tuple[bool, bool]:
        actual = self.actual_params
        controls, offset = actual["control_variables"] is not None, bool(actual["remove_offset_effects"])
        if not controls and not offset:
            raise H2OValueError("The model was trained without control_variables and remove_offset_effects.")
        return controls, offset


def _of_search(model: ModelBase, name: str) -> float:
    value = model._output[name]
    if value < 0:
        raise H2OValueError("Only models of a lambda_search have it.")
    return float(value)


def _check_constraints(model: ModelBase) -> None:
    if model.actual_params["linear_constraints"] is None:
        raise H2OValueError("The model has no linear constraints.")


def _resolved(reply: dict[str, Any]) -> H2OEstimator:
    from artesian.client.estimators.glm import H2OGeneralizedLinearEstimator

    model = H2OGeneralizedLinearEstimator()
    model._resolve_model(reply["model_id"]["name"], reply)
    return model


def bounds_frame(bounds: Mapping[str, Mapping[str, float]]) -> H2OFrame:
    """Names and bounds as a frame: `{"AGE": {"lower_bound": 0, "upper_bound": 1}}`; a bound that is not given is infinite."""
    from artesian.client.frame.frame import H2OFrame

    for name, given in bounds.items():
        unknown = sorted(set(given) - {"lower_bound", "upper_bound"})
        if unknown:
            raise H2OValueError(f"The bounds of '{name}' are lower_bound and upper_bound. Got '{unknown[0]}'.")
    lower = [float(given.get("lower_bound", -_NO_BOUND)) for given in bounds.values()]
    upper = [float(given.get("upper_bound", _NO_BOUND)) for given in bounds.values()]
    columns = {"names": list(bounds), "lower_bounds": lower, "upper_bounds": upper}
    return H2OFrame(columns, column_types={"names": "string"})
