"""What the parameters of XGBoost must fulfil together; each finding names the parameter and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from artesian.core.errors import Problem, did_you_mean
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.calibration import check_calibration
from artesian.learn.base.checks import check_continuing, check_distribution, error, warning, without_effect
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.early_stopping import check_metric
from artesian.learn.base.parameters import fields_of
from artesian.learn.xgboost.parameters import XGBoostParameters
from artesian.learn.xgboost.plan import ALIASES

FIXED_BY_CHECKPOINT = (
    "booster", "tree_method", "grow_policy", "sample_rate", "subsample", "max_depth", "min_rows", "min_child_weight",
    "distribution", "tweedie_power", "categorical_encoding", "dmatrix_type", "response_column", "weights_column",
    "offset_column", "ignore_const_cols",
)  # fmt: skip
"""Parameters that a continuation cannot change."""
_REFUSED_TOGETHER = (
    "col_sample_rate",
    "col_sample_rate_per_tree",
    "sample_rate",
    "learn_rate",
    "max_abs_leafnode_pred",
)
"""Names with an alias of which H2O refuses two differing values; of the others the alias counts."""
_DART = ("sample_type", "normalize_type", "rate_drop", "one_drop", "skip_drop")
_TREES = (
    "max_depth", "min_rows", "min_child_weight", "sample_rate", "subsample", "col_sample_rate", "colsample_bylevel",
    "col_sample_rate_per_tree", "colsample_bytree", "colsample_bynode", "max_abs_leafnode_pred", "max_delta_step",
    "min_split_improvement", "gamma", "tree_method", "grow_policy", "max_bins", "max_leaves",
)  # fmt: skip
_EVAL = ("custom", "custom_increasing")
_ROLES = ("response_column", "weights_column", "offset_column", "fold_column")


def check_declared(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings that need no frame."""
    yield from _check_aliases(values)
    yield from _check_growth(values)
    if values["booster"] == "gblinear":
        yield from _check_linear(values)
    elif values["booster"] != "dart":
        yield from without_effect(values, XGBoostParameters, _DART, "booster is dart")
    if values["eval_metric"] and values["custom_metric_func"]:
        yield error(
            "custom_metric_func",
            "Custom metric is not supported together with eval_metric parameter: give one of the two.",
        )
    if values["score_eval_metric_only"] and not values["eval_metric"]:
        yield warning(
            "score_eval_metric_only",
            "The 'score_eval_metric_only' parameter has no effect unless eval_metric is given.",
        )
    yield from check_continuing(values)


def _check_aliases(values: Mapping[str, Any]) -> Iterator[Problem]:
    declared = fields_of(XGBoostParameters)
    for name, alias in ALIASES.items():
        default = declared[name].default
        if values[alias] == default:
            continue
        if name in _REFUSED_TOGETHER and values[name] not in (default, values[alias]):
            yield error(
                name,
                f"The parameters '{name}' and '{alias}' are the same and were given different values, {values[name]:g} and "
                f"{values[alias]:g}. Give one of them.",
            )
        elif values[name] != values[alias]:
            yield warning(name, f"The value of '{alias}' ({values[alias]:g}) is used for '{name}', which is the same.")


def _check_growth(values: Mapping[str, Any]) -> Iterator[Problem]:
    method = values["tree_method"]
    if values["grow_policy"] == "lossguide" and method not in ("hist", "auto"):
        yield error(
            "grow_policy",
            f"The 'grow_policy' lossguide needs tree_method hist. Got '{method}'; set it to hist or auto.",
        )
    if method == "approx" and (values["col_sample_rate"] < 1 or values["colsample_bylevel"] < 1):
        yield error(
            "tree_method",
            "The 'tree_method' approx cannot be combined with col_sample_rate. Use hist or exact, or colsample_bynode.",
        )
    if method == "approx" and any((values["monotone_constraints"] or {}).values()):
        yield error(
            "tree_method", "The 'tree_method' approx cannot be combined with monotone_constraints. Use hist or exact."
        )
    if method == "exact":
        yield from without_effect(
            values, XGBoostParameters, ("max_bins", "max_leaves"), "tree_method is hist, approx or auto"
        )


def _check_linear(values: Mapping[str, Any]) -> Iterator[Problem]:
    yield from without_effect(values, XGBoostParameters, (*_TREES, *_DART), "booster is gbtree or dart")
    for name in ("monotone_constraints", "interaction_constraints"):
        if values[name]:
            yield error(name, f"The '{name}' parameter constrains trees; the booster gblinear has none.")


def check_situation(situation: Situation) -> Iterator[Problem]:
    """Findings about parameters together with the frames and models they name."""
    values, category = situation.values, situation.roles.category
    if category is None:
        return
    yield from _check_distribution(situation, category)
    yield from check_calibration(situation)
    yield from _check_monotone(situation)
    yield from _check_interactions(situation)
    if values["scale_pos_weight"] != 1 and category is not Category.BINOMIAL:
        yield error("scale_pos_weight", "The 'scale_pos_weight' parameter is for two classes only. Set it to 1.")
    if values["stopping_metric"] not in _EVAL:
        yield from check_metric(values["stopping_metric"], category)
    if "checkpoint" in situation.models:
        yield from _check_checkpoint(situation, situation.models["checkpoint"])


def _check_distribution(situation: Situation, category: Category) -> Iterator[Problem]:
    yield from check_distribution(situation, category, non_negative=("poisson", "tweedie"), positive=("gamma",))
    if situation.roles.offset and category is Category.MULTINOMIAL:
        yield error(
            "offset_column",
            "An offset is a single amount and cannot be added to several classes. Leave offset_column out.",
        )


def _check_monotone(situation: Situation) -> Iterator[Problem]:
    for name in situation.values["monotone_constraints"] or {}:
        if name not in situation.roles.predictors:
            yield error("monotone_constraints", _no_predictor(situation, name))
        elif situation.training[name].domain is not None:
            yield error("monotone_constraints", f"The column '{name}' is categorical; only numbers can be constrained.")


def _check_interactions(situation: Situation) -> Iterator[Problem]:
    constraints = situation.values["interaction_constraints"]
    if not constraints:
        return
    if situation.values["categorical_encoding"] not in ("AUTO", "OneHotInternal"):
        yield error(
            "interaction_constraints",
            "The 'interaction_constraints' parameter needs categorical_encoding AUTO or OneHotInternal.",
        )
    for name in dict.fromkeys(name for group in constraints for name in group):
        if name not in situation.roles.predictors:
            yield error("interaction_constraints", _no_predictor(situation, name))


def _no_predictor(situation: Situation, name: str) -> str:
    roles = [role for role in _ROLES if situation.values.get(role) == name]
    if roles:
        return f"The column '{name}' cannot be constrained: it is the {roles[0].replace('_', ' ')}."
    if name in situation.training:
        return (
            f"The column '{name}' cannot be constrained: the model does not learn from it (ignored, constant or text)."
        )
    return f"The training frame has no column '{name}'.{did_you_mean(name, situation.roles.predictors)}"


def _check_checkpoint(situation: Situation, previous: ModelDetails) -> Iterator[Problem]:
    values = situation.values
    if previous.algorithm != "xgboost":
        yield error("checkpoint", f"The model '{previous.key}' is no XGBoost model.")
        return
    for name in FIXED_BY_CHECKPOINT:
        before = previous.parameters[name]
        # an unchanged AUTO is settled as it was before
        if values[name] not in (before["given"], before["actual"]):
            yield error(
                name,
                f"The '{name}' parameter cannot change when the checkpoint '{previous.key}' is continued. It was "
                f"{before['given']!r}. Got {values[name]!r}.",
            )
    trees = previous.extra["ntrees"]
    if values["ntrees"] <= trees:
        yield error(
            "ntrees",
            f"The 'ntrees' parameter is the total of both trainings and must be above {trees}, what the checkpoint "
            f"'{previous.key}' has. Got {values['ntrees']}.",
        )
    if previous.category is not situation.roles.category:
        yield error("checkpoint", f"The checkpoint '{previous.key}' predicts another kind of response.")
    elif situation.roles.is_classification:
        levels = situation.training[str(situation.roles.response)].levels
        if list(levels) != list(previous.response_domain):
            yield error(
                "checkpoint", f"The classes of the response differ from those of the checkpoint '{previous.key}'."
            )
    missing = [name for name in previous.predictors if name not in situation.training]
    if missing:
        yield error("checkpoint", f"The training frame lacks columns of the checkpoint: {', '.join(missing[:10])}.")
