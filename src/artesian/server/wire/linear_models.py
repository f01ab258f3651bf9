"""Requests about finished linear models."""

from __future__ import annotations

from artesian.server.wire.schema import declare, given, out

MAKE_MODEL = declare(
    "MakeGLMModelV3",
    "Iced",
    given("model", "Key<Model>", "The model to take everything else from."),
    given("dest", "Key<Model>", "Key of the new model."),
    given("names", "string[]", "Names of the coefficients."),
    given("beta", "double[]", "Their values by raw inputs."),
    given("threshold", "float", "Probability from which the second of two classes is predicted.", 0.5),
    request=True,
)
MAKE_UNRESTRICTED = declare(
    "MakeUnrestrictedGLMModelV3",
    "Iced",
    given("model", "Key<Model>", "A model that leaves control variables or the offset out of its predictions."),
    given("dest", "string", "Key of the new model."),
    request=True,
)
MAKE_DERIVED = declare(
    "MakeDerivedGLMModelV3",
    "Iced",
    given("model", "Key<Model>", "A model that leaves control variables or the offset out of its predictions."),
    given("dest", "string", "Key of the new model."),
    given("remove_offset_effects", "boolean", "Still leave the offset out.", False),
    given("remove_control_variables_effects", "boolean", "Still leave the control variables out.", False),
    request=True,
)
PATH = declare(
    "GLMRegularizationPathV3",
    "Iced",
    given("model", "Key<Model>", "The model."),
    out("lambdas", "double[]", "Strengths of the penalties."),
    out("alphas", "double[]", "Shares of the l1 part."),
    out("explained_deviance_train", "double[]", "Share of the training deviance that each model explains."),
    out("explained_deviance_valid", "double[]", "The same of the validation frame."),
    out("coefficients", "double[][]", "Coefficients by raw inputs."),
    out("coefficients_std", "double[][]", "Coefficients by standardised inputs."),
    out("coefficient_names", "string[]", "Their names."),
    out("z_values", "double[][]", "Coefficients over their standard errors."),
    out("p_values", "double[][]", "Their p values."),
    out("std_errs", "double[][]", "Their standard errors."),
    request=True,
)
