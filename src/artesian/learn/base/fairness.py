"""Fairness of a binary classifier: its metrics in each group of protected columns, against those of a reference group."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model
from artesian.learn.metrics import binomial_metrics

Floats = NDArray[np.float64]
EXACT_BELOW = 10_000
"""Group sizes up to which shares are compared by Fisher's exact test, beyond by the G-test."""
MAX_GROUPS = 1_000_000
_COUNTS = ("tp", "fp", "tn", "fn")
_NOT_COMPARED = ("total", "relativeSize")
_MEASURES = (
    *_COUNTS, "total", "relativeSize", "accuracy", "precision", "f1", "tpr", "tnr", "fpr", "fnr", "auc", "aucpr", "gini",
    "selected", "selectedRatio", "logloss",
)  # fmt: skip


@dataclass(frozen=True)
class _Rows:
    """Rows with a response: whether it, and the prediction, is the favourable class, that class's probability, the group."""

    actual: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    probability: Floats
    group: NDArray[np.int64]


def fairness_metrics(
    model: Model,
    frame: Frame,
    protected: Sequence[str],
    reference: Sequence[str],
    favourable: str,
    *,
    threads: int = 1,
) -> dict[str, Frame]:
    """`overview`: a row a group that occurs, with its metrics, their ratios to the reference's (`AIR_…`) and a p-value for
    its share of favourable predictions being the reference's. `thresholds_and_metrics_<group>`: the thresholds of each.

    `reference` holds a level of each protected column; without it the largest group is the reference. Raises
    InvalidArgument for a model that is no binary classifier, and for unknown columns or levels.
    """
    domain = model.details.response_domain
    _check(model, frame, protected, favourable, domain)
    sizes = [frame[name].cardinality + 1 for name in protected]
    if math.prod(sizes) > MAX_GROUPS:
        raise InvalidArgument(
            f"The protected columns make {math.prod(sizes):,} groups; at most {MAX_GROUPS:,} can be told."
        )
    rows = _rows(model, frame, protected, sizes, domain.index(favourable), threads)
    groups = np.unique(rows.group)
    measured = {int(g): _measures(rows, int(g), frame.n_rows) for g in groups}
    by_reference = _reference(frame, protected, sizes, reference, measured)
    overview = _overview(frame, protected, sizes, measured, by_reference)
    found = {
        f"thresholds_and_metrics_{_group_name(frame, protected, sizes, int(g))}": _thresholds(rows, int(g), favourable)
        for g in groups
    }
    return {**found, "overview": overview}


def _check(model: Model, frame: Frame, protected: Sequence[str], favourable: str, domain: Sequence[str]) -> None:
    if model.details.category is not Category.BINOMIAL:
        raise InvalidArgument("Fairness is measured of models with two classes only.")
    if model.details.response not in frame:
        raise InvalidArgument(f"The frame has no response column '{model.details.response}'.")
    for name in protected:
        if name not in frame:
            raise InvalidArgument(f"The frame has no column '{name}'.{did_you_mean(name, frame.names)}")
        if frame[name].domain is None:
            raise InvalidArgument(
                f"The protected column '{name}' must be categorical; it is of type {frame[name].type}."
            )
    if not protected:
        raise InvalidArgument("Name at least one protected column.")
    if favourable not in domain:
        raise InvalidArgument(f"The response has no class '{favourable}'; it has {', '.join(domain)}.")


def _rows(
    model: Model, frame: Frame, protected: Sequence[str], sizes: Sequence[int], favourable: int, threads: int
) -> _Rows:
    raw = model.raw(frame, threads=threads)
    actual = model.scorer.actual(frame)
    assert actual is not None
    group = np.zeros(frame.n_rows, dtype=np.int64)
    base = 1
    for name, size in zip(protected, sizes, strict=True):
        codes = frame[name].codes()
        group += np.where(codes < 0, size - 1, codes) * base
        base *= size
    there = ~np.isnan(actual)
    second = raw[:, 1] >= model.details.default_threshold
    return _Rows(
        (actual == favourable)[there],
        (second == bool(favourable))[there],
        raw[there, favourable],
        group[there],
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _measures(rows: _Rows, group: int, n_rows: int) -> dict[str, float]:
    own = rows.group == group
    actual, predicted, probability = rows.actual[own], rows.predicted[own], rows.probability[own]
    tp, fp = float((actual & predicted).sum()), float((~actual & predicted).sum())
    tn, fn = float((~actual & ~predicted).sum()), float((actual & ~predicted).sum())
    total = tp + fp + tn + fn
    ranked = binomial_metrics(actual.astype(np.float64), probability, None, ["other", "favourable"])
    return {
        "tp": tp, "fp": fp, "tn": tn, "fn": fn,
        "total": total,
        "relativeSize": total / n_rows,
        "accuracy": _ratio(tp + tn, total),
        "precision": _ratio(tp, fp + tp),
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "tpr": _ratio(tp, tp + fn),
        "tnr": _ratio(tn, tn + fp),
        "fpr": _ratio(fp, fp + tn),
        "fnr": _ratio(fn, fn + tp),
        "auc": ranked.auc,
        "aucpr": ranked.pr_auc,
        "gini": ranked.gini,
        "selected": tp + fp,
        "selectedRatio": _ratio(tp + fp, total),
        "logloss": ranked.log_loss,
    }  # fmt: skip


def _levels(frame: Frame, protected: Sequence[str], sizes: Sequence[int], group: int) -> list[int | None]:
    """The level number of each protected column, None for the missing one."""
    found: list[int | None] = []
    for size in sizes:
        group, level = divmod(group, size)
        found.append(None if level == size - 1 else level)
    return found


def _group_name(frame: Frame, protected: Sequence[str], sizes: Sequence[int], group: int) -> str:
    levels = _levels(frame, protected, sizes, group)
    names = ["NaN" if n is None else frame[p].levels[n] for p, n in zip(protected, levels, strict=True)]
    return re.sub(r"[^A-Za-z0-9,]", "_", ",".join(names))


def _reference(
    frame: Frame,
    protected: Sequence[str],
    sizes: Sequence[int],
    reference: Sequence[str],
    measured: dict[int, dict[str, float]],
) -> dict[str, float]:
    if len(reference) != len(protected):
        return max(measured.values(), key=lambda item: item["total"])
    group, base = 0, 1
    for name, size, level in zip(protected, sizes, reference, strict=True):
        if level not in frame[name].levels:
            raise InvalidArgument(f"The protected column '{name}' has no level '{level}' to be the reference.")
        group += frame[name].levels.index(level) * base
        base *= size
    if group not in measured:
        raise InvalidArgument(f"No row belongs to the reference group {', '.join(reference)}.")
    return measured[group]


def _overview(
    frame: Frame,
    protected: Sequence[str],
    sizes: Sequence[int],
    measured: dict[int, dict[str, float]],
    reference: dict[str, float],
) -> Frame:
    groups = list(measured)
    decoded = [_levels(frame, protected, sizes, group) for group in groups]
    columns: dict[str, Column] = {}
    for j, name in enumerate(protected):
        columns[name] = Column.enums(pl.Series([row[j] for row in decoded], dtype=pl.UInt32), frame[name].levels)
    for name in _MEASURES:
        columns[name] = _reals([measured[g][name] for g in groups])
    for name in _MEASURES:
        if name not in _NOT_COMPARED:
            columns[f"AIR_{name}"] = _reals([_air(measured[g][name], reference[name]) for g in groups])
    columns["p.value"] = _reals([p_value(reference, measured[g]) for g in groups])
    return Frame.from_mapping(columns)


def _air(value: float, reference: float) -> float:
    if reference == 0:
        return math.nan if value == 0 or math.isnan(value) else math.copysign(math.inf, value)
    return value / reference


def _reals(values: Sequence[float]) -> Column:
    series = pl.Series(list(values), dtype=pl.Float64)
    return Column(ColumnType.REAL, series.fill_nan(None))


def p_value(reference: dict[str, float], group: dict[str, float]) -> float:
    """That the shares of favourable predictions of two groups are equal: Fisher's exact test, of large groups the G-test."""
    from scipy import stats

    a, b = int(group["selected"]), int(reference["selected"])
    c, d = int(group["total"]) - a, int(reference["total"]) - b
    table = np.array([[a, b], [c, d]])
    if (reference["total"] < EXACT_BELOW and group["total"] < EXACT_BELOW) or not table.all():
        return float(stats.fisher_exact(table).pvalue)
    return float(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue)


def _thresholds(rows: _Rows, group: int, favourable: str) -> Frame:
    own = rows.group == group
    metrics = binomial_metrics(rows.actual[own].astype(np.float64), rows.probability[own], None, ["other", favourable])
    table = metrics.thresholds_and_metric_scores
    if table is None:
        return Frame.from_mapping({"Threshold": _reals([])})
    columns = {}
    for column in table.columns:
        if column.name:
            name = "Threshold" if column.name == "threshold" else column.name
            columns[name] = _reals([float(v) for v in table.array(column.name)])
    return Frame.from_mapping(columns)
