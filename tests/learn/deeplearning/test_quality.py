"""Cross-validated quality on scikit-learn's small data sets, beside what H2O-3 3.46.0.12 reached there with five seeds."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path

import numpy as np
import pytest
from frames import frame_of
from record_reference import COMMON, SETTINGS, data_sets

REFERENCE = json.loads(Path(__file__).with_name("reference_quality.json").read_text(encoding="utf-8"))
SEEDS = (1, 2, 3)
SETS = data_sets()
MARGIN = 0.05
"""Relative, beyond three standard errors: masks of dropout are drawn differently there."""


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("name", SETS)
def test_no_worse_than_the_reference(lab, name, setting):
    inputs, response, classes = SETS[name]
    columns = {f"x{i}": inputs[:, i].astype(float) for i in range(inputs.shape[1])}
    target = np.array([f"c{int(v)}" for v in response]) if classes else response.astype(float)
    frame = frame_of(**columns, y=target)
    losses = []
    for seed in SEEDS:
        parameters = {**COMMON, **SETTINGS[setting], "seed": seed}
        metrics = lab.build(frame, response_column="y", **parameters).model.details.cross_validation_metrics
        losses.append(metrics["log_loss"] if classes else metrics["mse"])
    theirs = REFERENCE[name][setting]
    spread = sum(statistics.variance(sample) / len(sample) for sample in (theirs, losses))
    assert statistics.mean(losses) <= (1 + MARGIN) * statistics.mean(theirs) + 3 * math.sqrt(spread)
