"""The frames of a run without folds: rows for validation, and for blending where time is short, are set aside at random."""

from __future__ import annotations

import numpy as np
import polars as pl

from artesian.learn.training import Trainer
from artesian.search.automl.common import Frames
from artesian.search.automl.events import EventLog
from artesian.search.automl.spec import Spec

VALIDATION_SHARE = 0.1
BLENDING_SHARE = 0.2


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
    rows = np.random.default_rng(None if spec.seed == -1 else spec.seed % 2**63).permutation(frame.n_rows)
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
