"""A table of two classes that can be learnt, and the end of runs on it."""

from __future__ import annotations

import numpy as np
import polars as pl

from artesian.frame import Frame
from artesian.jobs import Job


def table(rows: int = 300, seed: int = 3) -> Frame:
    """Two classes that depend on two numbers and on one of many levels."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=(2, rows))
    level = random.integers(0, 40, rows)
    effect = random.normal(size=40)[level]
    y = np.where(x + z * z + effect + random.normal(0, 0.5, rows) > 1, "yes", "no")
    columns = pl.DataFrame({"x": x, "z": z, "level": [f"l{i}" for i in level], "y": y})
    return Frame.from_polars(columns.with_columns(pl.col("level", "y").cast(pl.Categorical)))


def ended(job: Job, secs: float = 120.0) -> Job:
    """The job once it has ended."""
    assert job.finished.wait(secs), f"the run goes on: {job.message}"
    return job
