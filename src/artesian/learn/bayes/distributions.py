"""The distributions of naive Bayes: shares of classes, of levels within classes, means and deviations within classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.table import Table, TableColumn, field_name

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Distributions:
    """`apriori` [classes]; by column: shares [classes, levels], or means and deviations [classes, 2] (NaN without rows)."""

    apriori: Floats
    conditional: dict[str, Floats]


def learn(frame: Frame, columns: Columns, classes: Codes, n_classes: int, laplace: float) -> Distributions:
    """From the rows whose class (-1: missing) and values are all there. InvalidArgument where there is none."""
    there = classes >= 0
    for name in columns.categorical:
        there &= columns.codes(frame, name) >= 0
    for name in columns.numeric:
        there &= ~np.isnan(columns.numbers(frame, name))
    if not there.any():
        raise InvalidArgument(
            "Every row of the training frame misses a value, and naive Bayes learns from complete rows. Fill them in, or "
            "ignore the columns that miss most."
        )
    y = classes[there]
    counts = np.bincount(y, minlength=n_classes).astype(np.float64)
    apriori = (counts + laplace) / (len(y) + n_classes * laplace)
    conditional = {}
    for name in columns.names:
        if name in columns.levels:
            codes = columns.codes(frame, name)[there]
            conditional[name] = _shares(codes, y, counts, max(1, len(columns.levels[name])), laplace)
        else:
            conditional[name] = _moments(columns.numbers(frame, name)[there], y, counts)
    return Distributions(apriori, conditional)


def _shares(codes: Codes, y: Codes, counts: Floats, levels: int, laplace: float) -> Floats:
    joint = np.bincount(y * levels + codes, minlength=len(counts) * levels).reshape(len(counts), levels)
    totals = counts + levels * laplace
    shares = np.divide(joint + laplace, totals[:, None], out=np.zeros(joint.shape), where=totals[:, None] > 0)
    return np.asarray(shares)


def _moments(values: Floats, y: Codes, counts: Floats) -> Floats:
    """Mean and sample deviation of each class."""
    k = len(counts)
    means = np.divide(np.bincount(y, values, minlength=k), counts, out=np.full(k, np.nan), where=counts > 0)
    squares = np.bincount(y, (values - means[y]) ** 2, minlength=k)
    variances = np.divide(squares, counts - 1, out=np.full(k, np.nan), where=counts > 1)
    return np.column_stack([means, np.sqrt(variances)])


def apriori_table(shares: Floats, classes: list[str]) -> Table:
    """Shares of the classes in one row."""
    columns = [(TableColumn("", "string", "%s", ""), [""])]
    columns += [(_titled(name), [share]) for name, share in zip(classes, shares.tolist(), strict=True)]
    return Table.build("A Priori Response Probabilities", "", columns)


def conditional_table(name: str, values: Floats, classes: list[str], levels: tuple[str, ...] | None) -> Table:
    """A row a class: shares of levels, or mean and deviation."""
    label = f"Y_by_{name}"
    titles = ["Mean", "Std_Dev"] if levels is None else list(levels)
    columns = [(TableColumn(field_name(label), "string", "%s", label), classes)]
    columns += [(_titled(title), values[:, place].tolist()) for place, title in enumerate(titles)]
    return Table.build(name, "", columns)


def _titled(title: str) -> TableColumn:
    return TableColumn(field_name(title), "double", "%5f", title)


def summary_table(apriori: Floats) -> Table:
    """Number of classes, least and largest share."""
    return Table.build(
        "Model Summary",
        "",
        [
            (TableColumn("", "string", "%s", ""), [""]),
            (TableColumn("number_of_response_levels", "long", "%d", "Number of Response Levels"), [len(apriori)]),
            (TableColumn("min_apriori_probability", "double", "%.5f", "Min Apriori Probability"), [apriori.min()]),
            (TableColumn("max_apriori_probability", "double", "%.5f", "Max Apriori Probability"), [apriori.max()]),
        ],
    )
