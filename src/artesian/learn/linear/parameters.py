"""The parameters of generalised linear models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from artesian.learn.base.model_parameters import (
    CrossValidationParameters,
    MetricParameters,
    ModelParameters,
    StoppingParameters,
    SupervisedParameters,
    TargetEncodingParameters,
)
from artesian.learn.base.parameters import Interval, Kind, parameter
from artesian.learn.base.target_encoding import NAME

FAMILIES: Final = (
    "AUTO", "gaussian", "binomial", "fractionalbinomial", "quasibinomial", "ordinal", "multinomial", "poisson", "gamma",
    "tweedie", "negativebinomial",
)  # fmt: skip
LINKS: Final = ("family_default", "identity", "logit", "log", "inverse", "tweedie", "ologit")
SOLVERS: Final = (
    "AUTO", "IRLSM", "L_BFGS", "COORDINATE_DESCENT_NAIVE", "COORDINATE_DESCENT", "GRADIENT_DESCENT_LH",
    "GRADIENT_DESCENT_SQERR",
)  # fmt: skip
_NO_BALANCING: Final = (
    "a linear model needs no balancing of classes: weigh the rows by weights_column, or give the share of the second class "
    "in the population as prior."
)
_AUTO: Final = (-1.0,)


@dataclass(frozen=True)
class ModelForm:
    """What kind of model."""

    family: str = parameter(
        "AUTO",
        "Distribution of the response. AUTO: gaussian for a numeric response, binomial for one of two classes, multinomial for more.",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=FAMILIES,
    )
    link: str = parameter(
        "family_default",
        "Function of the mean that is linear in the inputs.",
        kind=Kind.CHOICE,
        gridable=False,
        choices=LINKS,
    )
    tweedie_variance_power: float = parameter(
        0.0,
        "Family tweedie: the variance is proportional to this power of the mean.",
        kind=Kind.DOUBLE,
        level="critical",
    )
    tweedie_link_power: float = parameter(
        1.0,
        "Family tweedie: this power of the mean is linear in the inputs; 0 for its logarithm.",
        kind=Kind.DOUBLE,
        level="critical",
    )
    theta: float = parameter(
        1e-10,
        "Family negativebinomial: the variance is mean + theta · mean².",
        kind=Kind.DOUBLE,
        level="critical",
    )
    intercept: bool = parameter(
        True, "Whether there is a constant term.", kind=Kind.BOOLEAN, level="expert", gridable=False
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns become numbers; AUTO is OneHotInternal, a coefficient for each level. TargetEncoding makes "
        "columns of many levels means of the response, others are OneHotInternal.",
        kind=Kind.CHOICE,
        level="expert",
        choices=("AUTO", "OneHotInternal", NAME),
    )
    interactions: tuple[str, ...] | None = parameter(
        None,
        "Columns of which every pair is multiplied and added as a further term.",
        kind=Kind.STRINGS,
        level="expert",
        gridable=False,
    )
    interaction_pairs: tuple[tuple[str, ...], ...] | None = parameter(
        None,
        "Pairs of columns that are multiplied and added as further terms.",
        kind=Kind.GROUPS,
        level="expert",
        gridable=False,
    )
    build_null_model: bool = parameter(
        False,
        "Leave all inputs out, so that only the constant term is fitted (families tweedie, gamma and negativebinomial).",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    control_variables: tuple[str, ...] | None = parameter(
        None,
        "Columns that are learnt from but left out of predictions and metrics.",
        kind=Kind.STRINGS,
        level="expert",
        gridable=False,
    )
    remove_offset_effects: bool = parameter(
        False,
        "Learn with the offset, but leave it out of predictions and metrics.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class Regularization:
    """Penalties and bounds of coefficients."""

    alpha: tuple[float, ...] | None = parameter(
        None,
        "Share of the l1 part in the penalty: 1 is the lasso, 0 ridge. Of several the best is taken. Without one 0.5, with the "
        "solver L_BFGS 0.",
        kind=Kind.DOUBLES,
        level="critical",
        interval=Interval(0, 1),
    )
    lambda_: tuple[float, ...] | None = parameter(
        None,
        "Strength of the penalty on the mean half deviance: lambda · (alpha · Σ|b| + (1 - alpha)/2 · Σb²). Of several the best "
        "is taken. Without one a small share of the least strength that leaves no input (see the documentation).",
        kind=Kind.DOUBLES,
        level="critical",
        interval=Interval(0),
    )
    lambda_search: bool = parameter(
        False,
        "Fit a path of models from the strongest penalty down and take the best.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    early_stopping: bool = parameter(
        True,
        "End the path of lambda_search when neither training nor validation gains any more.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    nlambdas: int = parameter(
        -1,
        "Number of penalties on the path of lambda_search; -1: 100, or 30 with alpha 0.",
        kind=Kind.INT,
        level="critical",
        gridable=False,
        interval=Interval(1, also=_AUTO),
    )
    lambda_min_ratio: float = parameter(
        -1.0,
        "Weakest penalty of the path as a share of the strongest; -1: 0.0001 with many rows (more than 16 times the inputs), "
        "else 0.01; a hundredth of that with alpha 0.",
        kind=Kind.DOUBLE,
        level="expert",
        gridable=False,
        interval=Interval(0, 1, low_open=True, high_open=True, also=_AUTO),
    )
    max_active_predictors: int = parameter(
        -1,
        "The path of lambda_search ends before a model of more coefficients than this; -1: 5000.",
        kind=Kind.INT,
        level="expert",
        gridable=False,
        interval=Interval(1, also=_AUTO),
    )
    cold_start: bool = parameter(
        False,
        "Start each model of several penalties from nothing instead of from the one before.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    standardize: bool = parameter(
        True,
        "Penalise the coefficients of numeric columns as if these had mean 0 and standard deviation 1.",
        kind=Kind.BOOLEAN,
        level="critical",
    )
    non_negative: bool = parameter(
        False,
        "Allow no negative coefficient (but for the constant term).",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    beta_constraints: str | None = parameter(
        None,
        "Key of a frame that bounds coefficients: a column `names`, and any of `lower_bounds`, `upper_bounds`, and `beta_given` "
        "with `rho` (strength of the pull towards it).",
        kind=Kind.FRAME,
        level="critical",
        gridable=False,
    )
    linear_constraints: str | None = parameter(
        None,
        "Key of a frame of constraints on sums of coefficients (solver IRLSM, without a penalty): a row a summand, with its "
        "coefficient in `names` (or `constant`), its factor in `values`, Equal or LessThanEqual in `types` (the sum is 0, or at "
        "most 0), and in `constraint_numbers` the constraint that it belongs to.",
        kind=Kind.FRAME,
        level="critical",
        gridable=False,
    )
    init_optimal_glm: bool = parameter(
        False, "Starts with linear_constraints from the best coefficients without constraints.", kind=Kind.BOOLEAN
    )
    separate_linear_beta: bool = parameter(
        False,
        "Keeps beta_constraints in every step; otherwise they are enforced together with linear_constraints.",
        kind=Kind.BOOLEAN,
    )
    constraint_eta0: float = parameter(
        0.1258925,
        "By how much constraints may be missed at first while their multipliers are updated; above 0.",
        kind=Kind.DOUBLE,
        level="expert",
    )
    constraint_tau: float = parameter(
        10.0,
        "Factor by which the weight of constraints grows that are missed by more; above 0.",
        kind=Kind.DOUBLE,
        level="expert",
    )
    constraint_alpha: float = parameter(
        0.1, "Power of the weight by which constraint_eta0 is divided.", kind=Kind.DOUBLE, level="expert"
    )
    constraint_beta: float = parameter(
        0.9,
        "Power of the weight by which the miss that is allowed shrinks with each update.",
        kind=Kind.DOUBLE,
        level="expert",
    )
    constraint_c0: float = parameter(10.0, "First weight of constraints; above 0.", kind=Kind.DOUBLE, level="expert")


@dataclass(frozen=True)
class Optimization:
    """How the coefficients are found."""

    solver: str = parameter(
        "AUTO",
        "How the coefficients are found. L_BFGS works without second derivatives; AUTO, IRLSM, COORDINATE_DESCENT and "
        "COORDINATE_DESCENT_NAIVE (and for the family ordinal the GRADIENT_DESCENT ones) name one method here: reweighted least "
        "squares with an exact solution of each penalised step. AUTO changes to L_BFGS above 5000 coefficients.",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=SOLVERS,
    )
    max_iterations: int = parameter(
        -1,
        "Most iterations, all penalties together; -1: 50, with lambda_search 10 for each of nlambdas.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(0, also=_AUTO),
    )
    objective_epsilon: float = parameter(
        -1.0,
        "It has converged when the objective falls by less than this share of itself; -1: 0.000001, without a penalty 0.000000001.",
        kind=Kind.DOUBLE,
        level="expert",
        gridable=False,
        interval=Interval(0, also=_AUTO),
    )
    beta_epsilon: float = parameter(
        0.0001,
        "It has converged when no standardised coefficient changes by more than this.",
        kind=Kind.DOUBLE,
        level="expert",
        gridable=False,
        interval=Interval(0),
    )
    gradient_epsilon: float = parameter(
        -1.0,
        "It has converged when no component of the gradient is larger than this; -1: not asked for, but by L_BFGS: 0.000001.",
        kind=Kind.DOUBLE,
        level="expert",
        gridable=False,
        interval=Interval(0, also=_AUTO),
    )
    obj_reg: float = parameter(
        -1.0,
        "What the half deviance of a row counts in the objective; -1: one over the sum of the weights.",
        kind=Kind.DOUBLE,
        level="critical",
        gridable=False,
        interval=Interval(0, low_open=True, also=_AUTO),
    )
    startval: tuple[float, ...] | None = parameter(
        None,
        "Coefficients to start from, as standardised, in the order of the model's coefficient_names.",
        kind=Kind.DOUBLES,
        level="critical",
        gridable=False,
    )
    missing_values_handling: str = parameter(
        "MeanImputation",
        "What stands in for missing values: the mean or the most frequent level, values of the frame plug_values, or nothing: "
        "Skip leaves such rows out.",
        kind=Kind.CHOICE,
        level="expert",
        choices=("MeanImputation", "Skip", "PlugValues"),
    )
    plug_values: str | None = parameter(
        None,
        "Key of a frame of one row with the values that stand in for missing ones; needs missing_values_handling PlugValues.",
        kind=Kind.FRAME,
        level="critical",
        gridable=False,
    )
    remove_collinear_columns: bool = parameter(
        False,
        "Leave out inputs that are a linear combination of those before them.",
        kind=Kind.BOOLEAN,
        gridable=False,
    )
    prior: float = parameter(
        -1.0,
        "Family binomial: share of the second class in the population where it differs from that in the training rows; -1: it does not.",
        kind=Kind.DOUBLE,
        level="expert",
        gridable=False,
        interval=Interval(0, 1, low_open=True, high_open=True, also=_AUTO),
    )


@dataclass(frozen=True)
class Inference:
    """What is told of the coefficients beyond their values."""

    compute_p_values: bool = parameter(
        False,
        "Also give standard errors, z values and p values of the coefficients.",
        kind=Kind.BOOLEAN,
        gridable=False,
    )
    dispersion_parameter_method: str = parameter(
        "pearson",
        "How the dispersion is estimated: from Pearson's residuals, from the deviance, or by maximum likelihood (families "
        "gamma, tweedie and negativebinomial).",
        kind=Kind.CHOICE,
        gridable=False,
        choices=("deviance", "pearson", "ml"),
    )
    init_dispersion_parameter: float = parameter(
        1.0,
        "The dispersion to start from, or with fix_dispersion_parameter the dispersion itself.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, low_open=True),
    )
    fix_dispersion_parameter: bool = parameter(
        False,
        "Take init_dispersion_parameter as the dispersion (theta for the family negativebinomial) instead of estimating it.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    fix_tweedie_variance_power: bool = parameter(
        True,
        "Family tweedie with maximum likelihood: keep tweedie_variance_power as given instead of estimating it too.",
        kind=Kind.BOOLEAN,
        gridable=False,
    )
    dispersion_epsilon: float = parameter(
        0.0001,
        "The search for the dispersion ends at changes below this share.",
        kind=Kind.DOUBLE,
        gridable=False,
        interval=Interval(0),
    )
    max_iterations_dispersion: int = parameter(
        3000, "Most iterations of the search for the dispersion.", kind=Kind.INT, gridable=False, interval=Interval(1)
    )
    dispersion_learning_rate: float = parameter(
        0.5,
        "Step size of H2O's search for the dispersion of the family tweedie.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, low_open=True),
        refused="the likelihood is searched by Brent's method here, which has no step size.",
    )
    tweedie_epsilon: float = parameter(
        8e-17,
        "Terms of the series of Tweedie's density below this share of the largest are left out.",
        kind=Kind.DOUBLE,
        gridable=False,
        interval=Interval(0, low_open=True),
    )
    calc_like: bool = parameter(
        False,
        "Also give the full log-likelihood, and Akaike's criterion by it.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    generate_variable_inflation_factors: bool = parameter(
        False,
        "Also give variance inflation factors of the numeric columns.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    influence: str | None = parameter(
        None,
        "dfbetas: also make a frame that tells for each row how far each coefficient moves when it is left out.",
        kind=Kind.CHOICE,
        level="expert",
        gridable=False,
        choices=("dfbetas",),
    )
    generate_scoring_history: bool = parameter(
        False,
        "Tell alpha, lambda and deviances in the scoring history as well.",
        kind=Kind.BOOLEAN,
        gridable=False,
    )
    score_iteration_interval: int = parameter(
        -1,
        "Score after every so many iterations; -1: at the end, and with early stopping after each.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(1, also=_AUTO),
    )
    balance_classes: bool = parameter(False, "Balance the classes.", kind=Kind.BOOLEAN, refused=_NO_BALANCING)
    class_sampling_factors: tuple[float, ...] | None = parameter(
        None, "How often rows of each class are drawn.", kind=Kind.FLOATS, level="expert", refused=_NO_BALANCING
    )
    max_after_balance_size: float = parameter(
        5.0, "Largest size of balanced rows.", kind=Kind.FLOAT, level="expert", gridable=False, refused=_NO_BALANCING
    )


@dataclass(frozen=True)
class ByFolds:
    """What all rows, and later the folds, settle beyond what is declared.

    `strengths` are the lambdas that all folds and the main model go through, `all_levels` says whether the first level of
    categorical columns has a coefficient. After the folds: number of the best model on the path, the lambda within one
    standard error, mean deviances of held-out rows along the path and their standard errors.
    """

    strengths: tuple[float, ...]
    all_levels: bool | None = None
    chosen: int | None = None
    one_error: float = -1.0
    deviances: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()


@dataclass(frozen=True)
class GLMParameters(
    MetricParameters,
    StoppingParameters,
    Inference,
    Optimization,
    Regularization,
    ModelForm,
    TargetEncodingParameters,
    CrossValidationParameters,
    SupervisedParameters,
    ModelParameters,
):
    """All parameters of a generalised linear model."""

    seed: int = parameter(-1, "Seed of all random choices (the folds); -1 draws one.", kind=Kind.LONG, level="critical")
    checkpoint: str | None = parameter(
        None,
        "Key of a model whose coefficients are started from.",
        kind=Kind.MODEL,
        gridable=False,
    )
    by_folds: ByFolds | None = None
