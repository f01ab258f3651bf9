"""Generalised linear models."""

from __future__ import annotations

from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field, out


def _table(name: str, help_text: str) -> Field:
    return out(name, "TwoDimTable", help_text, of="TwoDimTableV3")


OWN: dict[str, tuple[Field, ...]] = {
    "glm": (
        _table("coefficients_table", "The coefficients, and what is inferred of them."),
        _table("coefficients_table_multinomials_with_class_names", "The same of several classes, by their names."),
        _table("standardized_coefficient_magnitudes", "Sizes of the coefficients by standardised inputs."),
        VARIMP,
        out("lambda_best", "double", "The lambda of the model.", -1.0),
        out("alpha_best", "double", "The alpha of the model.", -1.0),
        out("best_submodel_index", "int", "Its number on the path of penalties.", 0),
        out(
            "lambda_1se",
            "double",
            "The largest lambda within one standard error of the best of cross-validation.",
            -1.0,
        ),
        out("lambda_min", "double", "The weakest penalty of the search.", -1.0),
        out("lambda_max", "double", "The strongest penalty of the search.", -1.0),
        out("dispersion", "double", "The dispersion.", 0.0),
        out("vif_predictor_names", "string[]", "Columns that have variance inflation factors."),
        out("coefficient_names", "string[]", "Names of the coefficients, the intercept last."),
        out("variable_inflation_factors", "double[]", "Variance inflation factors of those columns."),
        out("linear_constraint_states", "string[]", "What each linear constraint comes to."),
        _table("linear_constraints_table", "The linear constraints, with what they come to."),
        out(
            "regression_influence_diagnostics",
            "Key<Frame>",
            "The training frame with how far each coefficient moves without each row.",
            of="FrameKeyV3",
        ),
        out("all_constraints_satisfied", "boolean", "Whether all linear constraints hold.", False),
        _table("scoring_history_unrestricted_model", "Scores of the model that leaves nothing out of its predictions."),
    ),
}
