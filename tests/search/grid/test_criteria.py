"""Search criteria: what each strategy can be told, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from artesian.search.grid import Criteria, IllegalSearch


def test_defaults_and_what_a_strategy_tells() -> None:
    assert Criteria.of(None) == Criteria.of({"strategy": "Cartesian"})
    assert Criteria.of({"strategy": "Cartesian"}).to_dict() == {"strategy": "Cartesian"}
    random = Criteria.of({"strategy": "random_discrete", "max_models": "5", "seed": -7.0, "stopping_tolerance": "1e-2"})
    assert random.to_dict() == {
        "strategy": "RandomDiscrete",
        "seed": -7,
        "max_models": 5,
        "max_runtime_secs": 0.0,
        "stopping_rounds": 0,
        "stopping_metric": "AUTO",
        "stopping_tolerance": 0.01,
    }
    assert Criteria.of(random.to_dict()) == random
    assert Criteria.of({"strategy": "Sequential", "early_stopping": "false"}).early_stopping is False
    assert Criteria.of({"strategy": "RandomDiscrete", "seed": 2**53 + 1}).seed == 2**53 + 1  # no float in between


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"max_models": 2}, "names no 'strategy'"),
        ({"strategy": "Cartesian", "max_models": 2}, "Cartesian has no 'max_models'"),
        ({"strategy": "Sequential", "seed": 2}, "Sequential has no 'seed'"),
        ({"strategy": "Cartesien"}, "no strategy 'Cartesien'. Did you mean 'Cartesian'"),
        ({"strategy": "RandomDiscrete", "max_model": 2}, "has no 'max_model'. Did you mean 'max_models'"),
        ({"strategy": "RandomDiscrete", "max_models": [1, 3]}, r"'max_models' must be a whole number. Got \[1, 3\]"),
        ({"strategy": "RandomDiscrete", "max_models": 2.5}, "'max_models' must be a whole number"),
        ({"strategy": "RandomDiscrete", "max_models": -2}, "'max_models' must be 0"),
        ({"strategy": "RandomDiscrete", "max_runtime_secs": -2}, "'max_runtime_secs' must be 0"),
        ({"strategy": "RandomDiscrete", "stopping_tolerance": "no"}, "'stopping_tolerance' must be a number"),
        ({"strategy": "RandomDiscrete", "stopping_metric": "aic"}, "'stopping_metric' must be one of AUTO"),
        ({"strategy": "Sequential", "early_stopping": "perhaps"}, "'early_stopping' must be true or false"),
    ],
)
def test_wrong_criteria_are_refused_in_the_words_that_clients_look_for(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(IllegalSearch, match=sentence) as caught:
        Criteria.of(given)
    assert caught.value.message.startswith("Can't parse the search_criteria dictionary")
    assert caught.value.status == 412


def test_a_rule_comes_of_rounds_alone() -> None:
    assert Criteria.of({"strategy": "RandomDiscrete"}).rule("regression") is None
    assert (
        Criteria.of({"strategy": "Sequential", "stopping_rounds": 2, "early_stopping": False}).rule("binomial") is None
    )
    rule = Criteria.of({"strategy": "RandomDiscrete", "stopping_rounds": 3, "stopping_tolerance": 0.05}).rule(
        "binomial"
    )
    assert rule is not None
    assert (rule.metric, rule.rounds, rule.tolerance) == ("logloss", 3, 0.05)
    greedy = Criteria.of({"strategy": "Sequential", "stopping_rounds": 2, "stopping_tolerance": 1e5}).rule("regression")
    assert greedy is not None
    assert greedy.tolerance < 1
