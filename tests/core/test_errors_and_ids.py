"""Messages name what is wrong; keys are unique and checked."""

from __future__ import annotations

import logging

import pytest

from artesian.core.errors import InvalidArgument, InvalidParameters, Problem, did_you_mean
from artesian.core.ids import MAX_KEY_LENGTH, check_key, new_key
from artesian.core.logging import configure


def test_a_near_name_is_offered_and_a_far_one_is_not():
    assert did_you_mean("epocs", ["epochs", "rate"]) == " Did you mean 'epochs'?"
    assert did_you_mean("zzz", ["epochs", "rate"]) == ""


def test_all_problems_stand_in_one_message():
    problems = [
        Problem("error", "rate", "The rate is wrong."),
        Problem("warning", "seed", "no seed"),
        Problem("error", "l1", "l1 too"),
    ]
    error = InvalidParameters("DeepLearning", problems)
    assert error.status == 412
    assert str(error) == "DeepLearning cannot start: The rate is wrong (field: rate). l1 too (field: l1)."
    assert len(error.problems) == 3


def test_new_keys_are_unique():
    assert len({new_key("model") for _ in range(1000)}) == 1000


@pytest.mark.parametrize("name", ["", "a\nb", "x" * (MAX_KEY_LENGTH + 1), "\x00"])
def test_a_name_that_cannot_be_a_key_is_refused(name):
    with pytest.raises(InvalidArgument, match="cannot name an object"):
        check_key(name)


def test_any_printable_name_is_a_key():
    assert check_key('<img onerror="x"> é 漢') == '<img onerror="x"> é 漢'


def test_the_ring_keeps_the_last_lines_of_a_level():
    ring = configure("INFO", 3, quiet=True)
    logger = logging.getLogger("artesian.test")
    for number in range(5):
        logger.info("line %d", number)
    logger.warning("watch out")
    logger.debug("not kept")
    lines = ring.lines()
    assert [line.rsplit(": ", 1)[1] for line in lines] == ["line 3", "line 4", "watch out"]
    assert len(ring.lines(logging.WARNING)) == 1
