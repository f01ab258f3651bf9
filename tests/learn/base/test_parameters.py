"""Declarations turn what comes over the wire into values, and every problem into its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from artesian.learn.base.parameters import Interval, Kind, Parameters, convert, fields_of, parameter


@dataclass(frozen=True)
class Sample(Parameters):
    rate: float = parameter(0.5, "Step.", kind=Kind.DOUBLE, interval=Interval(0, 1, low_open=True))
    hidden: tuple[int, ...] = parameter((200, 200), "Units.", kind=Kind.INTS, interval=Interval(1))
    activation: str = parameter(
        "Rectifier", "Which.", kind=Kind.CHOICE, choices=("Tanh", "Rectifier", "TanhWithDropout")
    )
    seed: int = parameter(-1, "Seed.", kind=Kind.LONG)
    best: bool = parameter(True, "Best.", kind=Kind.BOOLEAN)
    ignored: tuple[str, ...] | None = parameter(None, "Columns.", kind=Kind.COLUMNS)
    response: str | None = parameter(None, "Response.", kind=Kind.COLUMN, required=True)
    directions: Mapping[str, float] | None = parameter(None, "Signs.", kind=Kind.PAIRS, interval=Interval(-1, 1))
    together: tuple[tuple[str, ...], ...] | None = parameter(None, "Groups.", kind=Kind.GROUPS)
    nodes: bool = parameter(False, "Nodes.", kind=Kind.BOOLEAN, refused="there is one machine.")


def converted(**given):
    values, problems = convert("Sample", Sample, {"response": "y", **given})
    return values, [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("rate", "0.25", 0.25),
        ("rate", 1, 1.0),
        ("hidden", "[10,20]", (10, 20)),
        ("hidden", [5.0], (5,)),
        ("hidden", "7", (7,)),
        ("activation", "tanh_with_dropout", "TanhWithDropout"),
        ("activation", '"tanh"', "Tanh"),
        ("seed", "9223372036854775807", 2**63 - 1),
        ("best", "False", False),
        ("ignored", '["a,b","c"]', ("a,b", "c")),
        ("ignored", "[]", ()),
        ("ignored", None, None),
        ("response", {"column_name": "z"}, "z"),
        ("nodes", "false", False),
        ("directions", {"a": 1, "b": -1}, {"a": 1.0, "b": -1.0}),
        ("directions", "[{'key': \"a, b\", 'value': 1},{'key': 'it', 'value': -1.0}]", {"a, b": 1.0, "it": -1.0}),
        ("directions", [{"key": "a", "value": 0}], {"a": 0.0}),
        ("directions", "[]", None),
        ("together", [["a", "b"], ["c"]], (("a", "b"), ("c",))),
        ("together", "[[a,b],[it's]]", (("a", "b"), ("it's",))),
        ("together", '[["a,b","c]"],["d"]]', (("a,b", "c]"), ("d",))),
    ],
)
def test_values_of_the_wire_are_converted(name, raw, value):
    values, problems = converted(**{name: raw})
    assert values[name] == value
    assert not problems


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("rate", -0.5, "The 'rate' parameter of Sample must be a float in (0, 1]. Got -0.5."),
        (
            "directions",
            {"a": 2},
            "The 'directions' parameter of Sample must be numbers by name, each a float in [-1, 1]. Got {'a': 2}.",
        ),
        (
            "directions",
            [{"key": "a", "value": 1}, {"key": "a", "value": -1}],
            "The 'directions' parameter of Sample must be numbers by name, each a float in [-1, 1]. "
            "Got [{'key': 'a', 'value': 1}, {'key': 'a', 'value': -1}].",
        ),
        ("together", "a,b", "The 'together' parameter of Sample must be a list of lists of names. Got 'a,b'."),
        ("rate", "fast", "The 'rate' parameter of Sample must be a float in (0, 1]. Got 'fast'."),
        ("rate", "nan", "The 'rate' parameter of Sample must be a float in (0, 1]. Got 'nan'."),
        (
            "hidden",
            "[10,0]",
            "The 'hidden' parameter of Sample must be a list, each element an int of at least 1. Got '[10,0]'.",
        ),
        (
            "hidden",
            [2.5],
            "The 'hidden' parameter of Sample must be a list, each element an int of at least 1. Got [2.5].",
        ),
        (
            "activation",
            "Rectifer",
            "The 'activation' parameter of Sample must be one of 'Tanh', 'Rectifier', 'TanhWithDropout'. Got 'Rectifer'. "
            "Did you mean 'Rectifier'?",
        ),
        ("best", "maybe", "The 'best' parameter of Sample must be True or False. Got 'maybe'."),
        ("seed", 2**63, f"The 'seed' parameter of Sample must be an int. Got {2**63}."),
        ("rte", 1, "Sample has no parameter 'rte'. Did you mean 'rate'?"),
        ("nodes", True, "The 'nodes' parameter of Sample is not available: there is one machine."),
    ],
)
def test_a_bad_value_gets_its_sentence(name, raw, sentence):
    assert converted(**{name: raw})[1] == [sentence]


def test_every_problem_is_found_at_once_and_good_values_stay():
    values, problems = converted(rate=7, hidden="[0]", seed=3)
    assert len(problems) == 2
    assert values["seed"] == 3
    assert values["rate"] == 0.5


def test_a_required_parameter_must_be_given():
    _, problems = convert("Sample", Sample, {})
    assert [problem.field for problem in problems] == ["response"]


def test_intervals_make_numbers_outside_of_themselves():
    for declaration in fields_of(Sample).values():
        if declaration.interval is not None:
            assert declaration.interval.outside() not in declaration.interval
