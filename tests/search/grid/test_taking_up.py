"""Searches that the end of a server broke off: which are taken up by the next one on the same folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from scripted import ScriptedTrainer, settle

from artesian.search.grid import Grid, start
from artesian.server.grid_files import take_up

Maker = Callable[..., ScriptedTrainer]
GIVEN = {"training_frame": "train", "response_column": "y"}


def server_of(trainer: ScriptedTrainer) -> Any:
    return SimpleNamespace(store=trainer.store, trainer=trainer, settings=trainer.settings, jobs=trainer.jobs)


def test_a_search_that_was_running_is_taken_up_and_one_that_had_ended_is_not(trainer_of: Maker) -> None:
    trainer = trainer_of()
    settle(trainer, start(trainer, "gbm", GIVEN, {"ntrees": [1, 2, 3]}, None, "ended"))
    settle(trainer, start(trainer, "gbm", GIVEN, {"ntrees": [1, 2, 3]}, None, "broken"))
    broken = Grid.load(trainer.store, "broken")
    assert broken.is_running is False
    broken.is_running = True  # as a kill amid the search leaves it
    broken.drop("broken_model_3")
    broken.save(trainer.store)
    trainer.store.remove("broken_model_3")
    before = len(trainer.begun)
    take_up(server_of(trainer))
    jobs = trainer.jobs.list()[2:]
    assert [job.dest for job in jobs] == ["broken"]
    settle(trainer, jobs[0])
    grid = Grid.load(trainer.store, "broken")
    assert grid.model_ids == ["broken_model_1", "broken_model_2", "broken_model_3"]
    assert (grid.is_running, len(trainer.begun) - before) == (False, 1)


def test_a_search_that_cannot_go_on_keeps_nothing_else_from_it(trainer_of: Maker) -> None:
    trainer = trainer_of()
    for key in ("first", "second"):
        settle(trainer, start(trainer, "gbm", GIVEN, {"ntrees": [1]}, None, key))
        grid = Grid.load(trainer.store, key)
        grid.is_running = True
        grid.training_frame = "gone" if key == "first" else "train"
        grid.save(trainer.store)
    take_up(server_of(trainer))
    assert [job.dest for job in trainer.jobs.list()[2:]] == ["second"]


def test_the_end_of_the_server_is_a_pause_and_a_cancelled_search_is_not(trainer_of: Maker) -> None:
    trainer = trainer_of(secs=lambda given: 60.0)
    cancelled = start(trainer, "gbm", GIVEN, {"ntrees": [1, 2]}, None, "cancelled")
    paused = start(trainer, "gbm", GIVEN, {"ntrees": [1, 2]}, None, "paused")
    deadline = time.monotonic() + 20
    while len(trainer.begun) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    trainer.jobs.cancel(cancelled.key)
    settle(trainer, cancelled)
    trainer.jobs.close()
    settle(trainer, paused)
    assert Grid.load(trainer.store, "cancelled").is_running is False
    assert Grid.load(trainer.store, "paused").is_running is True
