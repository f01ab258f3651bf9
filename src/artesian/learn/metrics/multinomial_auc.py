"""Areas under the curve for more than two classes: each class against the rest, and each pair of classes.

Pairs after Hand & Till, Machine Learning 45 (2001): the mean of both directions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.metrics.ranking import RankingCurve
from artesian.learn.metrics.rows import Codes, Floats

AUC_TYPES: Final = ("auto", "none", "macro_ovr", "weighted_ovr", "macro_ovo", "weighted_ovo")
MAX_AUC_CLASSES: Final = 50
"""With more classes no area is computed: the number of pairs grows with the square."""


@dataclass(frozen=True)
class MultinomialAuc:
    """The value that `auc_type` asks for, and the tables of all of them."""

    auc: float = math.nan
    pr_auc: float = math.nan
    auc_table: Table | None = None
    pr_auc_table: Table | None = None


def check_auc_type(auc_type: str) -> str:
    """The type in lower case. Raises InvalidArgument for an unknown one."""
    name = auc_type.lower()
    if name not in AUC_TYPES:
        raise InvalidArgument(
            f"auc_type must be one of {', '.join(AUC_TYPES)}. Got '{auc_type}'.{did_you_mean(name, AUC_TYPES)}"
        )
    return name


def multinomial_auc(
    codes: Codes, probabilities: Floats, weights: Floats | None, domain: Sequence[str], auc_type: str
) -> MultinomialAuc:
    """Areas of `probabilities` [n, k] for actual `codes` [n]; NaN for auto and none, and above MAX_AUC_CLASSES classes.

    Means leave out classes and pairs that have no area, because a class does not occur among the rows.
    """
    kind = check_auc_type(auc_type)
    if kind in ("auto", "none") or len(domain) > MAX_AUC_CLASSES:
        return MultinomialAuc()
    classes = probabilities.shape[1]
    mass = np.bincount(codes, weights, minlength=len(domain))[:classes].astype(np.float64)
    rest = [RankingCurve.of(codes == c, probabilities[:, c], weights) for c in range(classes)]
    pairs = list(combinations(range(classes), 2))
    members = [codes == c for c in range(classes)]
    pair_mass = np.array([mass[i] + mass[j] for i, j in pairs])
    one_rest = np.array([[curve.auc, curve.pr_auc] for curve in rest]).reshape(-1, 2)
    one_one = np.array([_pair_areas(i, j, members, probabilities, weights) for i, j in pairs]).reshape(-1, 2)
    names = [str(name) for name in domain[:classes]]
    tables, chosen = [], []
    for index, metric in enumerate(("AUC", "auc_pr")):
        summary = {
            "macro_ovr": _mean(one_rest[:, index], None),
            "weighted_ovr": _mean(one_rest[:, index], mass),
            "macro_ovo": _mean(one_one[:, index], None),
            "weighted_ovo": _mean(one_one[:, index], pair_mass),
        }
        chosen.append(summary[kind])
        tables.append(_table(metric, names, pairs, one_rest[:, index], one_one[:, index], summary))
    return MultinomialAuc(chosen[0], chosen[1], tables[0], tables[1])


def _pair_areas(
    i: int,
    j: int,
    members: list[np.ndarray[tuple[int], np.dtype[np.bool_]]],
    probabilities: Floats,
    weights: Floats | None,
) -> tuple[float, float]:
    """AUC and PR AUC among the rows of classes i and j: the mean of ranking by p_i and by p_j."""
    rows = members[i] | members[j]
    mass = None if weights is None else weights[rows]
    curves = [RankingCurve.of(members[c][rows], probabilities[rows, c], mass) for c in (i, j)]
    return (curves[0].auc + curves[1].auc) / 2, (curves[0].pr_auc + curves[1].pr_auc) / 2


def _mean(values: Floats, mass: Floats | None) -> float:
    """The mean, weighted by mass where given, of the values that exist; NaN of none."""
    known = ~np.isnan(values)
    weights = np.ones(len(values)) if mass is None else mass
    total = float(weights[known].sum())
    return float(values[known] @ weights[known]) / total if total > 0 else math.nan


def _table(
    metric: str,
    domain: Sequence[str],
    pairs: Sequence[tuple[int, int]],
    one_rest: Floats,
    one_one: Floats,
    summary: dict[str, float],
) -> Table:
    types = [f"{label} vs Rest" for label in domain] + ["Macro OVR", "Weighted OVR"]
    types += [f"Class {domain[i]} vs. {domain[j]}" for i, j in pairs] + ["Macro OVO", "Weighted OVO"]
    first = [*domain, None, None, *(domain[i] for i, _ in pairs), None, None]
    second = [None] * (len(domain) + 2) + [*(domain[j] for _, j in pairs), None, None]
    values = [*one_rest, summary["macro_ovr"], summary["weighted_ovr"], *one_one]
    values += [summary["macro_ovo"], summary["weighted_ovo"]]
    return Table.build(
        f"Multinomial {metric} values",
        "",
        [
            (TableColumn("type", "string", "%s", "Type"), types),
            (TableColumn("first_class_domain", "string", "%s", "First class domain"), first),
            (TableColumn("second_class_domain", "string", "%s", "Second class domain"), second),
            (TableColumn(metric.lower(), "double", "%f", metric), values),
        ],
    )
