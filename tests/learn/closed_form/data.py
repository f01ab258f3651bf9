"""A fixed table for models that are found in closed form or in few passes, the same here and on the reference server."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

ROWS = 160
RECORDED = 40
"""Rows whose predictions are recorded."""
ENUMS = ("c", "d", "y", "z")
NAMES = ("a", "b", "e", "c", "d", "y", "z", "amount", "fold", "weight", "x")


def columns() -> dict[str, list[Any]]:
    """Columns by name; None is missing. Numbers have few digits, so that a CSV holds them exactly."""
    random = np.random.default_rng(5)
    group = random.integers(0, 3, ROWS)
    a = np.round(random.normal(size=ROWS) + np.array([-3.0, 0.0, 4.0])[group], 4)
    b = np.round(10 + 2 * random.normal(size=ROWS) + np.array([0.0, 9.0, -5.0])[group], 4)
    e = np.round(random.normal(size=ROWS) * 100 + 5 * a, 3)
    c = np.array(["u", "v", "w", "x"])[random.integers(0, 4, ROWS)]
    d = np.array(["p", "q"])[(random.random(ROWS) < 0.4).astype(int)]
    signal = (
        a
        - 0.2 * b
        + np.array([0.0, 1.0, -1.0, 2.0])[np.searchsorted(["u", "v", "w", "x"], c)]
        + random.normal(size=ROWS)
    )
    x = np.round(random.permutation(ROWS) / 32 + 0.01, 3)
    found: dict[str, list[Any]] = {
        "a": a.tolist(), "b": b.tolist(), "e": e.tolist(), "c": c.tolist(), "d": d.tolist(),
        "y": np.where(signal > np.median(signal), "yes", "no").tolist(),
        "z": np.array(["high", "low", "mid"])[np.digitize(signal, np.quantile(signal, [0.3, 0.7]))].tolist(),
        "amount": np.round(signal * 3, 3).tolist(), "fold": (np.arange(ROWS) % 4).tolist(),
        "weight": random.integers(1, 5, ROWS).tolist(), "x": x.tolist(),
    }  # fmt: skip
    for name, every in (("a", 23), ("c", 17), ("e", 41)):
        found[name] = [None if i % every == every - 1 else value for i, value in enumerate(found[name])]
    return found


def as_csv() -> str:
    """The table as a CSV with a header; a missing value is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    found = columns()
    writer.writerow(NAMES)
    writer.writerows(zip(*(["" if v is None else v for v in found[name]] for name in NAMES), strict=True))
    return text.getvalue()


CENTRES = {"a": [-3.0, 0.5, 4.0], "b": [10.0, 18.0, 5.0], "e": [-20.0, 0.0, 30.0], "c": ["u", "v", "w"]}
"""First centres for k-means."""
TRANSFORMS = ("NONE", "STANDARDIZE", "NORMALIZE", "DEMEAN", "DESCALE")
BAYES = {
    "plain": {},
    "laplace": {"laplace": 2.0},
    "cut": {"min_sdev": 3.0, "eps_sdev": 2.0, "min_prob": 0.05, "eps_prob": 0.1},
}
ENCODED = [["c", "d"], ["c"], ["d"]]
LEAKAGES = ("None", "LeaveOneOut", "KFold")
