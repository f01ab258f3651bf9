"""Parameters that have no say are told, by the values of those that decide."""

from __future__ import annotations

from artesian.learn import algorithms
from artesian.learn.base.parameters import fields_of
from artesian.learn.base.relevance import _RULES, irrelevant
from artesian.learn.base.validation import validate


def hidden(algorithm: str, **given: object) -> set[str]:
    values = validate(algorithm, given).values
    return {problem.field for problem in irrelevant(values, values)}


def test_cross_validation_and_balancing_hide_what_belongs_to_them():
    folds = {"fold_assignment", "keep_cross_validation_models", "keep_cross_validation_predictions"}
    assert folds | {"class_sampling_factors", "max_after_balance_size"} <= hidden("gbm")
    assert not folds & hidden("gbm", nfolds=3)
    assert not folds & hidden("gbm", fold_column="f")
    assert not {"class_sampling_factors", "max_after_balance_size"} & hidden("gbm", balance_classes=True)


def test_distributions_show_their_own_parameter_alone():
    powers = {"tweedie_power", "quantile_alpha", "huber_alpha"}
    for name, shown in (("tweedie", "tweedie_power"), ("quantile", "quantile_alpha"), ("huber", "huber_alpha")):
        assert powers & hidden("gbm", distribution=name) == powers - {shown}


def test_deep_learning_shows_one_kind_of_rate():
    assert {"rate", "momentum_start", "hidden_dropout_ratios", "sparsity_beta"} <= hidden("deeplearning")
    manual = hidden("deeplearning", adaptive_rate=False, activation="TanhWithDropout")
    assert {"rho", "epsilon"} <= manual
    assert not {"rate", "momentum_start", "hidden_dropout_ratios"} & manual


def test_every_rule_is_about_parameters_that_there_are():
    known = {name for algorithm in algorithms().values() for name in fields_of(algorithm.parameters)}
    assert {name for rule in _RULES for name in (*rule.fields, *rule.on)} <= known
