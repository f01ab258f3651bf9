"""The sample that the first model of a large table learns from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from small_runs import ended, table

from artesian.frame import Frame
from artesian.learn.training import Trainer
from artesian.search.automl import splitting
from artesian.search.automl.spec import Spec
from artesian.store import Kind


@pytest.fixture
def large(trainer: Trainer) -> Iterator[str]:
    """A table of more rows than a sample has."""
    trainer.store.put_frame("large", table(120_000))
    yield "large"
    trainer.store.remove("large")


def spec(frame: str) -> Spec:
    return Spec(training_frame=frame, response_column="y", project_name="sample", seed=5)


def test_small_table_is_its_own_sample(trainer: Trainer) -> None:
    assert splitting.sample_of(trainer, spec("train"), "r", "train") == "train"


def test_sample_holds_rows_of_the_table_in_their_order(trainer: Trainer, large: str) -> None:
    key = splitting.sample_of(trainer, spec(large), "r", large)
    sample = trainer.store.frame(key)
    assert sample.n_rows == splitting.SAMPLE_ROWS
    assert list(sample["y"].domain) == list(trainer.store.frame(large)["y"].domain)
    drawn, all_x = (frame["x"].values.to_numpy() for frame in (sample, trainer.store.frame(large)))
    places = {value: i for i, value in enumerate(all_x.tolist())}
    assert np.all(np.diff([places[value] for value in drawn.tolist()]) > 0)
    trainer.store.remove(key)


def test_wide_table_has_a_smaller_sample(trainer: Trainer, large: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "SAMPLE_CELLS", 4 * 30_000)
    key = splitting.sample_of(trainer, spec(large), "wide", large)
    assert trainer.store.frame(key).n_rows == 30_000
    trainer.store.remove(key)


def test_rare_class_keeps_all_rows(trainer: Trainer, large: str) -> None:
    frame = trainer.store.frame(large)
    keep = np.flatnonzero((frame["y"].values == 0).to_numpy() | (np.arange(frame.n_rows) < 60))
    rare: Frame = frame.gather(pl.Series(np.concatenate([keep, keep])))
    trainer.store.put_frame("rare", rare)
    assert splitting.sample_of(trainer, spec("rare"), "r", "rare") == "rare"
    trainer.store.remove("rare")


def test_first_model_of_a_large_table_comes_from_the_sample(trainer: Trainer, large: str, start: Any) -> None:
    job = start(project_name="sampled", training_frame=large, max_runtime_secs=90, seed=1, include_algos=["GBM"])
    end = time.monotonic() + 60
    while not (found := trainer.store.document(Kind.AUTOML, "sampled@@y"))["models"]:
        assert time.monotonic() < end
        time.sleep(0.1)
    trainer.jobs.cancel(job.key)
    ended(job)
    (first, *_), steps = found["models"], found["steps_of"]
    assert "quick" in str(steps[first])
    assert trainer.store.model_details(first)["training_frame"].endswith("_sample_large")
    assert not [key for key in trainer.store.keys(Kind.FRAME) if "_sample_" in key]
