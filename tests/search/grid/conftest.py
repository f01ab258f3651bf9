"""A store and a trainer whose trainings follow a script."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scripted import ScriptedTrainer

from artesian.core.settings import Settings
from artesian.store import Store

Maker = Callable[..., ScriptedTrainer]


@pytest.fixture
def trainer_of(tmp_path: Path) -> Iterator[Maker]:
    """Makes trainers; each has a store of its own. The script is given as `outcome` and `secs`."""
    made: list[ScriptedTrainer] = []

    def make(outcome: Any = lambda values: 0.5, secs: Any = lambda values: 0.0, **settings: Any) -> ScriptedTrainer:
        chosen = Settings(data_dir=str(tmp_path / f"store{len(made)}"), **{"workers": 4, "threads": 8, **settings})
        made.append(ScriptedTrainer(Store(chosen), chosen, outcome, secs))
        return made[-1]

    yield make
    for trainer in made:
        trainer.jobs.close()
        trainer.store.close()
