"""Iteration lengths, scoring times, and how they are written."""

from __future__ import annotations

import math

import pytest

from artesian.learn.base.table import duration
from artesian.learn.deeplearning import pace
from artesian.learn.deeplearning.pace import IterationLength, ScoringClock


def length(asked=-2, epoch=1000, total=10_000, n_weights=50_000, ratio=0.05, batch=1):
    return IterationLength(asked, epoch, total, n_weights, ratio, batch)


@pytest.mark.parametrize("asked", [0, -1])
def test_an_epoch_an_iteration(asked):
    assert length(asked).first() == 1000
    assert length(asked).following(1e6, 0.0) == 1000


def test_asked_rows_but_not_more_than_all():
    assert length(250).first() == 250
    assert length(50_000).first() == 10_000


def test_the_first_chosen_length_does_not_depend_on_the_clock():
    assert length().first() == 1000  # a tenth of the whole
    assert length(total=10**9).first() == 6000  # 3e8 updates of 50,000 weights


def test_chosen_lengths_follow_the_speed():
    chosen = length(total=10**9)
    chosen.first()
    assert chosen.following(speed=1e6, overhead=0.0) == 12_000  # at most twice the one before
    assert chosen.following(speed=8_000, overhead=0.0) == 8_000  # at most a second
    # 1 s between iterations may be 5 % of the training only: 20 s
    assert chosen.following(speed=8_000, overhead=1.0) == 160_000


def test_lengths_are_whole_batches():
    assert length(250, batch=32).first() == 256
    assert length(0, batch=7).first() == 1001


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(pace, "monotonic", lambda: now[0])
    return now


def test_scoring_waits_for_the_interval_and_the_duty_cycle(clock):
    scoring = ScoringClock(5.0, 0.1, False)
    assert scoring.is_due()  # the first iteration is always scored
    scoring.start()
    clock[0] += 2.0
    scoring.stop()
    clock[0] += 4.0
    assert not scoring.is_due()  # 2 of 6 seconds are more than a tenth
    clock[0] += 15.0
    assert scoring.is_due()
    assert scoring.total == 2.0


def test_each_iteration_is_scored_when_asked(clock):
    scoring = ScoringClock(math.inf, 0.0, True)
    scoring.start()
    scoring.stop()
    assert scoring.is_due()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, " 0.000 sec"), (4.1234, " 4.123 sec"), (124.5, " 2 min  4.500 sec"), (3724.123, " 1:02:04.123")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_chosen_iterations_leave_room_for_the_scores_that_are_wanted():
    def length(longest_secs: float, overhead: float) -> int:
        chosen = IterationLength(-2, 1_000, 10**9, 100, 0.05, longest_secs=longest_secs)
        chosen.first()
        return [chosen.following(1000.0, overhead) for _ in range(40)][-1]

    assert length(0.5, 0.0) == 500  # at 1,000 rows a second
    assert length(5.0, 0.0) == 1000
    assert length(5.0, 0.2) == 4000  # 0.2 s between iterations are a twentieth of 4 s
    assert length(5.0, 1.0) == 5000
    assert length(0.5, 1.0) == 1000
