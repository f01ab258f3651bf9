"""Parts of a run's training frame, drawn at random: what is set aside where there are no folds, and a sample for the first model.

Rows for validation are set aside in runs without folds, and rows for blending where time is short.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.learn.training import Trainer
from artesian.search.automl.common import Frames
from artesian.search.automl.events import EventLog
from artesian.search.automl.spec import Spec

VALIDATION_SHARE = 0.1
BLENDING_SHARE = 0.2
SAMPLE_ROWS = 100_000
SAMPLE_CELLS = 8_000_000
"""Most rows, and rows times columns, of the sample that the first model of a large table learns from."""
_RAREST_ROWS = 50


def frames_of(trainer: Trainer, spec: Spec, run_id: str, events: EventLog, *, blends: bool) -> Frames:
    """The frames that the run trains with; those that an earlier start of the same run made are taken again."""
    given = Frames(spec.training_frame, spec.validation_frame, spec.blending_frame, spec.leaderboard_frame)
    if spec.is_cross_validated:
        return given
    shares = {
        "validation": VALIDATION_SHARE if given.validation is None else 0.0,
        "blending": BLENDING_SHARE if blends and given.blending is None else 0.0,
    }
    made: dict[str, str] = {}
    if any(shares.values()):
        made = _split(trainer, spec, run_id, shares)
        parts = " and ".join(f"{share:.0%} for {name}" for name, share in shares.items() if share)
        sentence = f"Without cross-validation, rows of the training frame are set aside at random: {parts}."
        events.info("DataImport", sentence)
    validation = given.validation or made.get("validation")
    return Frames(
        made.get("training", given.training),
        validation,
        given.blending or made.get("blending"),
        given.leaderboard or validation,
    )


def _split(trainer: Trainer, spec: Spec, run_id: str, shares: dict[str, float]) -> dict[str, str]:
    names = {
        part: f"{run_id}_{part}_{spec.training_frame}" for part in ("training", *(n for n, s in shares.items() if s))
    }
    if all(name in trainer.store for name in names.values()):
        return names
    frame = trainer.store.frame(spec.training_frame)
    rows = _permuted(spec, frame.n_rows)
    made: dict[str, str] = {}
    start = 0
    for name, share in shares.items():
        count = round(share * frame.n_rows)
        if count:
            made[name] = names[name]
            trainer.store.put_frame(made[name], frame.gather(pl.Series(np.sort(rows[start : start + count]))))
        start += count
    made["training"] = names["training"]
    trainer.store.put_frame(made["training"], frame.gather(pl.Series(np.sort(rows[start:]))))
    return made


def sample_of(trainer: Trainer, spec: Spec, run_id: str, training: str) -> str:
    """The key of a sample of the training frame, which one worker masters in a second or two.

    It is the training frame itself where that is small enough, or where the sample would hold too few rows of a class.
    """
    frame = trainer.store.frame(training)
    count = min(frame.n_rows, SAMPLE_ROWS, max(1, SAMPLE_CELLS // frame.n_columns))
    response = frame[spec.response_column]
    if response.domain is not None and count < frame.n_rows:
        rows = np.bincount(response.values.drop_nulls().to_numpy())
        rarest = int(rows[rows > 0].min(initial=frame.n_rows))
        if rarest * count < _RAREST_ROWS * frame.n_rows:
            count = frame.n_rows
    if count == frame.n_rows:
        return training
    key = f"{run_id}_sample_{spec.training_frame}"
    if key not in trainer.store:
        trainer.store.put_frame(key, frame.gather(pl.Series(np.sort(_permuted(spec, frame.n_rows)[:count]))))
    return key


def _permuted(spec: Spec, n_rows: int) -> NDArray[np.int64]:
    return np.random.default_rng(None if spec.seed == -1 else spec.seed % 2**63).permutation(n_rows)
