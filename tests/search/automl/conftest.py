"""A store with a trainer that really trains, and a table of two classes that can be learnt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_runs import table

from artesian.core.settings import Settings
from artesian.jobs import Job, Jobs
from artesian.learn.training import Trainer
from artesian.search import automl
from artesian.store import Store


@pytest.fixture(scope="session")
def trainer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trainer]:
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("store")), workers=2, threads=2)
    store = Store(settings)
    jobs = Jobs(store, settings, preload=("artesian.learn.tasks",))
    store.put_frame("train", table())
    yield Trainer(store, jobs, settings)
    jobs.close()
    store.close()


@pytest.fixture
def start(trainer: Trainer) -> Any:
    """Starts a run on the table; what it trained is removed afterwards."""

    def begin(**values: Any) -> Job:
        return automl.start(trainer, {"training_frame": "train", "response_column": "y", **values})

    return begin
