"""Parameters: choices that are known but not offered, lists with gaps, numbers beside an interval."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from artesian.learn.base.parameters import Interval, Kind, Parameters, convert, fields_of, parameter


@dataclass(frozen=True)
class Sample(Parameters):
    rate: float = parameter(0.1, "Rate.", kind=Kind.DOUBLE, interval=Interval(0, 1, low_open=True))
    size: int = parameter(3, "Size.", kind=Kind.INT, interval=Interval(1))
    folds: int = parameter(0, "Folds.", kind=Kind.INT, interval=Interval(2, also=(0,)))
    hidden: tuple[int, ...] = parameter((2, 3), "Hidden.", kind=Kind.INTS, interval=Interval(1))
    on: bool = parameter(False, "On.", kind=Kind.BOOLEAN)
    shape: str = parameter(
        "Round",
        "Shape.",
        kind=Kind.CHOICE,
        choices=("Round", "VerySquare", "Odd"),
        refused_choices={"Odd": "it is odd."},
    )
    frames: tuple[str | None, ...] | None = parameter(None, "Frames.", kind=Kind.FRAMES)
    column: str | None = parameter(None, "Column.", kind=Kind.COLUMN)
    seed: int = parameter(-1, "Seed.", kind=Kind.LONG)
    never: bool = parameter(False, "Never.", kind=Kind.BOOLEAN, refused="there is no use for it.")


def values(**given):
    found, problems = convert("Sample", Sample, given)
    assert not problems, problems
    return found


def message(**given):
    _, problems = convert("Sample", Sample, given)
    assert len(problems) == 1
    return problems[0].message


def test_nothing_given_is_the_default():
    assert values(rate=None, hidden="", shape="null") == values()


def test_lists_of_keys_may_have_gaps():
    assert values(frames='["w1",null,"w3"]')["frames"] == ("w1", None, "w3")
    assert values(frames=["w1", None])["frames"] == ("w1", None)


def test_a_key_may_come_as_an_object_or_in_quotes():
    assert values(column={"column_name": "y"})["column"] == "y"
    assert values(column='"y"')["column"] == "y"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rate": -0.5}, "The 'rate' parameter of Sample must be a float in (0, 1]. Got -0.5."),
        ({"size": 0}, "The 'size' parameter of Sample must be an int of at least 1. Got 0."),
        ({"size": 2.5}, "The 'size' parameter of Sample must be an int of at least 1. Got 2.5."),
        ({"folds": 1}, "The 'folds' parameter of Sample must be an int of at least 2, or 0. Got 1."),
        ({"on": "maybe"}, "The 'on' parameter of Sample must be True or False. Got 'maybe'."),
        ({"shape": "Rond"}, "The 'shape' parameter of Sample must be one of 'Round', 'VerySquare'. Got 'Rond'. Did you mean 'Round'?"),
        ({"shape": "Odd"}, "The 'shape' parameter of Sample cannot be 'Odd': it is odd."),
        ({"never": True}, "The 'never' parameter of Sample is not available: there is no use for it."),
        ({"sise": 1}, "Sample has no parameter 'sise'. Did you mean 'size'?"),
        ({"hidden": [3, 0]}, "The 'hidden' parameter of Sample must be a list, each element an int of at least 1. Got [3, 0]."),
    ],
)  # fmt: skip
def test_sentences(given, sentence):
    assert message(**given) == sentence


def test_the_default_of_a_refused_parameter_is_accepted():
    assert values(never="false")["never"] is False


def test_declarations_keep_their_order_and_names():
    assert list(fields_of(Sample))[:3] == ["rate", "size", "folds"]
    assert fields_of(Sample)["shape"].offered_choices == ("Round", "VerySquare")


@pytest.mark.parametrize(
    "interval",
    [Interval(0), Interval(0, 1), Interval(0, 1, low_open=True), Interval(high=3), Interval(2, also=(0, 1)), Interval(-1, 1, high_open=True)],
)  # fmt: skip
def test_an_interval_makes_numbers_that_it_does_not_hold(interval):
    assert interval.is_limited
    assert interval.outside() not in interval


def test_whole_numbers_beyond_their_type_are_refused():
    assert "Got 4000000000" in message(size=4_000_000_000)
    assert "Got 'inf'" in message(seed="inf")
