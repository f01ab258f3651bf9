"""What the parameters of a linear model must fulfil together; each finding names the parameter and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from artesian.core.errors import Problem, did_you_mean
from artesian.frame import Column, ColumnType
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.checks import error, warning
from artesian.learn.base.details import Category
from artesian.learn.linear.families import DISPERSED, LINKS, SEVERAL_CLASSES
from artesian.learn.linear.setting_up import family_name

SOLVERS_OF_REMOVAL: Final = ("AUTO", "IRLSM")
FIXED_BY_CHECKPOINT: Final = ("response_column", "family")


def check_declared(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings that need no frame."""
    yield from _check_search(values)
    yield from _check_inference(values)
    yield from _check_solver(values)
    yield from _check_constraints(values)
    if values["build_null_model"] and values["family"] not in DISPERSED:
        yield error(
            "build_null_model",
            f"The 'build_null_model' parameter is for the families {', '.join(DISPERSED)}. Got '{values['family']}'.",
        )
    if values["prior"] != -1 and values["family"] != "binomial":
        yield error("prior", "The 'prior' parameter is for family='binomial' only. Leave it at -1.")
    if values["missing_values_handling"] == "PlugValues" and not values["plug_values"]:
        yield error("missing_values_handling", "PlugValues needs a frame of one row: give plug_values.")
    if values["plug_values"] and values["missing_values_handling"] != "PlugValues":
        yield error(
            "missing_values_handling", "plug_values are used only with missing_values_handling='PlugValues'. Set it."
        )
    if values["remove_collinear_columns"] and not values["intercept"]:
        yield error("intercept", "remove_collinear_columns needs a model with an intercept.")
    if values["family"] == "negativebinomial" and values["theta"] <= 0:
        yield error("theta", f"The 'theta' of the negative binomial family must be above 0. Got {values['theta']:g}.")
    for name in ("interaction_pairs",):
        for pair in values[name] or ():
            if len(pair) != 2:
                yield error(name, f"Each of the interaction_pairs must name two columns. Got {list(pair)}.")


def _check_search(values: Mapping[str, Any]) -> Iterator[Problem]:
    if values["lambda_search"] and values["lambda"]:
        yield warning("lambda_search", "The given lambda values are the path that lambda_search goes through.")
    if values["lambda_search"] and values["stopping_rounds"]:
        yield error(
            "stopping_rounds",
            "lambda_search has an early stopping of its own (early_stopping). Set stopping_rounds to 0.",
        )
    if not values["lambda_search"]:
        for name in ("nlambdas", "lambda_min_ratio"):
            if values[name] != -1 and name == "nlambdas":
                yield warning(name, f"The '{name}' parameter has no effect without lambda_search.")
    if values["remove_collinear_columns"] and values["solver"] not in SOLVERS_OF_REMOVAL:
        yield warning(
            "remove_collinear_columns",
            "remove_collinear_columns only works when IRLSM or AUTO is the solver; it has no effect with "
            f"{values['solver']}.",
        )
    if values["remove_collinear_columns"] and (values["lambda_search"] or any(values["lambda"] or ())):
        yield warning(
            "remove_collinear_columns",
            "Columns are removed for models without a penalty. It is used improperly here"
            + (
                " with lambda_search; set that to False, and lambda to 0."
                if values["lambda_search"]
                else ".  Please set lambda=0."
            ),
        )


def _check_inference(values: Mapping[str, Any]) -> Iterator[Problem]:
    family = values["family"]
    if values["compute_p_values"]:
        if values["solver"] not in ("AUTO", "IRLSM"):
            yield error("compute_p_values", f"P values need the solver IRLSM (or AUTO). Got '{values['solver']}'.")
        if family in SEVERAL_CLASSES:
            yield error("compute_p_values", f"There are no p values for the family {family}.")
        if values["non_negative"]:
            yield error("compute_p_values", "There are no p values for coefficients that may not be negative.")
    if values["dispersion_parameter_method"] == "ml":
        if family not in DISPERSED:
            yield error(
                "dispersion_parameter_method",
                f"'ml' is for the families {', '.join(DISPERSED)}. Use pearson or deviance.",
            )
        if values["lambda_search"] or any(values["lambda"] or ()):
            yield error("dispersion_parameter_method", "'ml' needs a model without a penalty: set lambda to 0.")
        if family == "tweedie" and values["fix_tweedie_variance_power"] and not values["tweedie_variance_power"] > 1:
            yield error(
                "tweedie_variance_power",
                f"With the dispersion method 'ml' it must be above 1. Got {values['tweedie_variance_power']:g}.",
            )
    elif not values["fix_tweedie_variance_power"]:
        yield error(
            "fix_tweedie_variance_power", "The variance power is estimated with dispersion_parameter_method='ml' only."
        )
    if not values["fix_tweedie_variance_power"] and family != "tweedie":
        yield error("fix_tweedie_variance_power", "Only the family tweedie has a variance power to estimate.")
    if values["fix_dispersion_parameter"] and family not in DISPERSED:
        yield error(
            "fix_dispersion_parameter",
            "fix_dispersion_parameter is only allowed for tweedie, gamma and negativebinomial families.",
        )
    if values["fix_dispersion_parameter"] and family == "negativebinomial" and values["init_dispersion_parameter"] != 1:
        yield error(
            "init_dispersion_parameter", "The dispersion of the negative binomial family is its theta: set that."
        )
    if values["influence"] is not None:
        yield from _check_influence(values)


def _check_influence(values: Mapping[str, Any]) -> Iterator[Problem]:
    if values["nfolds"] or values["fold_column"]:
        yield error(
            "influence",
            "Influences of rows cannot be told with cross-validation. Set nfolds to 0, without fold_column.",
        )
    if values["family"] not in ("AUTO", "gaussian", "binomial"):
        yield error("influence", f"Influences of rows exist for gaussian and binomial. Got '{values['family']}'.")
    if values["lambda_search"] or any(values["lambda"] or ()):
        yield error(
            "influence", "Influences of rows need a model without a penalty. Set lambda to 0, lambda_search to False."
        )
    if values["solver"] not in ("AUTO", "IRLSM"):
        yield error("influence", f"Influences of rows need the solver IRLSM (or AUTO). Got '{values['solver']}'.")


def _check_solver(values: Mapping[str, Any]) -> Iterator[Problem]:
    solver, family = values["solver"], values["family"]
    if solver.startswith("GRADIENT_DESCENT") and family != "ordinal":
        yield error("solver", f"The solver {solver} is for family='ordinal' only. Use IRLSM or L_BFGS.")
    elif solver.startswith("GRADIENT_DESCENT") or solver == "COORDINATE_DESCENT_NAIVE":
        yield warning(
            "solver", f"{solver} names the same method as IRLSM here, Newton steps, which find the same optimum."
        )
    if family == "ordinal":
        if not (solver in ("AUTO",) or solver.startswith("GRADIENT_DESCENT")):
            yield error(
                "solver", f"The family ordinal is fitted with AUTO or a GRADIENT_DESCENT solver. Got '{solver}'."
            )
        if not values["intercept"]:
            yield error("intercept", "The family ordinal needs its thresholds. Set intercept to True.")
        if values["lambda_search"]:
            yield error("lambda_search", "The family ordinal has no lambda_search. Give lambda instead.")
    if solver == "COORDINATE_DESCENT_NAIVE" and family == "multinomial":
        yield error("solver", "COORDINATE_DESCENT_NAIVE does not do family='multinomial'. Use AUTO.")
    if values["checkpoint"]:
        if solver != "IRLSM":
            yield error("solver", "A checkpoint is continued with solver='IRLSM' only. Set it.")
        if values["nfolds"] or values["fold_column"]:
            yield error("nfolds", "A checkpoint cannot be continued with cross-validation. Set nfolds to 0.")


def _check_constraints(values: Mapping[str, Any]) -> Iterator[Problem]:
    if not values["linear_constraints"]:
        for name in ("init_optimal_glm", "separate_linear_beta"):
            if values[name]:
                yield error(name, f"The '{name}' parameter is for models with linear_constraints.")
        return
    if values["solver"] != "IRLSM":
        yield error("solver", f"linear_constraints need the solver IRLSM. Got '{values['solver']}'. Set it.")
    for name in ("constraint_eta0", "constraint_tau", "constraint_c0"):
        if not values[name] > 0:
            yield error(name, f"The '{name}' must be above 0. Got {values[name]:g}.")
    if not values["intercept"]:
        yield error("intercept", "linear_constraints need a model with an intercept.")
    if values["lambda_search"] or any(values["lambda"] or ()):
        yield error("lambda", "linear_constraints need a model without a penalty: set lambda to 0, no lambda_search.")
    if values["dispersion_parameter_method"] == "ml":
        yield error("dispersion_parameter_method", "'ml' does not work with linear_constraints.")


def check_situation(situation: Situation) -> Iterator[Problem]:
    """Findings about parameters and the frame together."""
    values = situation.values
    if situation.roles.response is None:
        return
    family = family_name(values["family"], situation.roles.category)
    yield from _check_response(situation.training[situation.roles.response], situation.roles.category, family, values)
    link = values["link"]
    if link != "family_default" and link not in LINKS[family]:
        field = "link" if values["family"] != "AUTO" else "family"
        yield error(
            field,
            f"The link '{link}' is incompatible with the family {family}; it can have {', '.join(LINKS[family])}.",
        )
    if family in SEVERAL_CLASSES:
        for name in ("beta_constraints", "linear_constraints", "non_negative"):
            if values[name]:
                yield error(name, f"The '{name}' parameter does not work with the family {family}.")
        if values["compute_p_values"] and values["family"] == "AUTO":
            yield error("compute_p_values", f"There are no p values for the family {family}.")
    if values["offset_column"] and family == "multinomial":
        yield warning("offset_column", "An offset has no effect on the family multinomial; it is ignored.")
    if values["offset_column"] and family == "ordinal":
        yield error("offset_column", "The family ordinal takes no offset.")
    yield from _check_columns(situation, family)
    yield from _check_frames(situation)
    yield from _check_checkpoint(situation)


def _check_response(
    column: Column, category: Category | None, family: str, values: Mapping[str, Any]
) -> Iterator[Problem]:
    is_coded = column.type is ColumnType.ENUM
    if family in SEVERAL_CLASSES:
        if not is_coded or column.cardinality < 3:
            yield error(
                "family", f"The family {family} needs a categorical response of at least 3 levels; for 2 take binomial."
            )
        return
    if family == "binomial":
        if is_coded and column.cardinality != 2:
            yield error("family", f"The family binomial needs a response of 2 levels. It has {column.cardinality}.")
        if not is_coded and not set(column.values.drop_nulls().unique().to_list()) <= {0, 1}:
            yield error("family", "The family binomial needs a response of 2 levels, or of the numbers 0 and 1.")
        return
    if is_coded:
        yield error("response_column", f"The family {family} needs a numeric response; it is categorical.")
        return
    least, most = column.values.min(), column.values.max()
    if least is None or most is None:
        return
    low, high = float(least), float(most)  # type: ignore[arg-type]
    if family == "quasibinomial" and column.values.drop_nulls().n_unique() != 2:
        yield error("family", "The family quasibinomial needs a numeric response of two distinct values.")
    if family == "fractionalbinomial" and (low < 0 or high > 1):
        yield error(
            "response_column", f"The response of fractionalbinomial must be in [0, 1]. It is in [{low:g}, {high:g}]."
        )
    if family in ("poisson", "negativebinomial"):
        if low < 0:
            yield error("family", f"The family {family} needs a response of at least 0. The least is {low:g}.")
        if column.type is ColumnType.REAL:
            yield warning("family", f"The family {family} expects whole numbers as response; it has fractions.")
    if family == "gamma" and low <= 0:
        yield error("family", f"The family gamma needs a response above 0. The least is {low:g}.")
    if family == "tweedie" and low < 0:
        yield error("family", f"The family tweedie needs a response of at least 0. The least is {low:g}.")


def _check_columns(situation: Situation, family: str) -> Iterator[Problem]:
    values, training = situation.values, situation.training
    pairs = [name for pair in values["interaction_pairs"] or () for name in pair]
    for field, names in (
        ("interactions", values["interactions"] or ()),
        ("interaction_pairs", pairs),
        ("control_variables", values["control_variables"] or ()),
    ):
        for name in names:
            if name not in training:
                yield error(field, f"The training frame has no column '{name}'.{did_you_mean(name, training.names)}")
            elif name in situation.roles.special:
                yield error(field, f"The column '{name}' has another role; it cannot be among the {field}.")
    for field in ("control_variables", "remove_offset_effects"):
        if not values[field]:
            continue
        if pairs or values["interactions"]:
            yield error(field, f"The '{field}' parameter does not work with interactions.")
        if values["lambda_search"]:
            yield error(field, f"The '{field}' parameter does not work with lambda_search.")
        if values["nfolds"] or values["fold_column"]:
            yield error(field, f"The '{field}' parameter does not work with cross-validation.")
        if family in SEVERAL_CLASSES:
            yield error(field, f"The '{field}' parameter does not work with the family {family}.")
    for name in values["control_variables"] or ():
        if name in training and name not in situation.roles.predictors and name not in situation.roles.special:
            yield error(
                "control_variables", f"The column '{name}' is not learnt from; it is ignored, constant or of strings."
            )
    if values["remove_offset_effects"] and not values["offset_column"]:
        yield error("remove_offset_effects", "There is no offset to leave out: give offset_column.")


def _check_frames(situation: Situation) -> Iterator[Problem]:
    plugs = situation.frames.get("plug_values")
    if plugs is not None and plugs.n_rows != 1:
        yield error("plug_values", f"The frame of plug_values must have one row. It has {plugs.n_rows}.")
    bounds = situation.frames.get("beta_constraints")
    if bounds is None:
        return
    if "names" not in bounds:
        yield error(
            "beta_constraints", "The frame of beta_constraints needs a column 'names' with names of coefficients."
        )
    for name in ("lower_bounds", "upper_bounds", "beta_given", "beta_start", "rho"):
        if name in bounds and not bounds[name].type.is_numeric:
            yield error("beta_constraints", f"The column '{name}' of beta_constraints must hold numbers.")
    if "rho" in bounds and situation.values["compute_p_values"]:
        yield error(
            "compute_p_values", "There are no p values for coefficients that are pulled towards given ones (rho)."
        )


def _check_checkpoint(situation: Situation) -> Iterator[Problem]:
    previous = situation.models.get("checkpoint")
    if previous is None:
        return
    if previous.algorithm != "glm":
        yield error(
            "checkpoint", f"The model '{previous.key}' is of {previous.title}; only a linear model can be continued."
        )
        return
    for name in FIXED_BY_CHECKPOINT:
        given = situation.values[name]
        before = previous.actual(name)
        if name == "family":
            given = family_name(given, situation.roles.category)
        if given != before:
            yield error(name, f"The '{name}' of a checkpoint cannot be changed. It is {before!r}. Got {given!r}.")
