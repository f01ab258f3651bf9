"""Partial dependence: the mean prediction over the rows of a frame with one column, or two, set to a value for all rows.

Friedman, Greedy function approximation (2001), section 8.2. With one row of the frame alone it is that row's curve of
individual conditional expectation (Goldstein et al. 2015). Any supervised model can be asked; it only has to predict.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model
from artesian.learn.base.table import Table, TableColumn

MISSING = ".missing(NA)"
"""How the value of a missing level is called in tables."""
_IMPORTANT = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DependenceOrder:
    """What to compute: `columns` one by one, `pairs` of columns, for `targets` (classes; needed for more than two).

    `splits` gives the values to try of a column (level numbers for a categorical one); others get up to `bins` values
    from the smallest to the largest, or all whole numbers in between where those are fewer. `weights` names a column of
    row weights; `row` restricts to one row; `missing` adds the missing value at the end.
    """

    columns: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    bins: int = 20
    missing: bool = False
    weights: str | None = None
    row: int | None = None
    targets: tuple[str, ...] = ()
    splits: Mapping[str, Sequence[float]] = field(default_factory=dict)


def important_columns(details: ModelDetails) -> tuple[str, ...]:
    """The columns of the ten greatest variable importances; all predictors where the model has none."""
    predictors = details.predictors
    table = details.variable_importances
    if table is None:
        return tuple(predictors)
    found: dict[str, None] = {}
    for variable in table.column("variable"):
        # an input of an encoded column is named after the column and its level
        owner = max(
            (p for p in predictors if variable == p or str(variable).startswith(f"{p}.")), key=len, default=None
        )
        if owner is not None:
            found[owner] = None
    return tuple(found)[:_IMPORTANT]


def check_order(order: DependenceOrder, details: ModelDetails, frame: Frame) -> None:
    """Raises InvalidArgument for what cannot be computed: unknown columns or classes, too few bins, an absent row."""
    if not details.supervised:
        raise InvalidArgument("Partial dependence needs a model that predicts a response; this one has none.")
    if order.bins < 2:
        raise InvalidArgument(f"The number of bins must be at least 2. Got {order.bins}.", argument="nbins")
    domain = details.response_domain
    if len(domain) <= 2 and order.targets:
        raise InvalidArgument("Targets are for models of more than two classes; leave them out.", argument="targets")
    if len(domain) > 2 and not order.targets:
        raise InvalidArgument(
            f"The model predicts {len(domain)} classes: say by 'targets' for which ones. Known are: {', '.join(domain)}.",
            argument="targets",
        )
    for target in order.targets:
        if target not in domain:
            raise InvalidArgument(
                f"The model has no class '{target}'.{did_you_mean(target, domain)}", argument="targets"
            )
    for name in dict.fromkeys((*order.columns, *(n for pair in order.pairs for n in pair), *order.splits)):
        _check_column(name, order, frame)
    if order.weights is not None and not frame[order.weights].type.is_numeric:
        raise InvalidArgument(
            f"The weights '{order.weights}' must be numbers, not of type {frame[order.weights].type}."
        )
    if order.row is not None and not 0 <= order.row < frame.n_rows:
        raise InvalidArgument(f"The frame has the rows 0 to {frame.n_rows - 1}. Got {order.row}.", argument="row_index")


def _check_column(name: str, order: DependenceOrder, frame: Frame) -> None:
    if name not in frame:
        raise InvalidArgument(f"The frame has no column '{name}'.{did_you_mean(name, frame.names)}", argument="cols")
    column = frame[name]
    if column.type in (ColumnType.STRING, ColumnType.UUID):
        raise InvalidArgument(f"The column '{name}' of type {column.type} has no partial dependence.", argument="cols")
    if column.domain is not None and not order.splits and column.cardinality > order.bins:
        raise InvalidArgument(
            f"The column '{name}' has {column.cardinality} levels, more than the {order.bins} bins; raise nbins.",
            argument="nbins",
        )


def partial_dependence(
    model: Model,
    frame: Frame,
    order: DependenceOrder,
    *,
    threads: int = 1,
    progress: Callable[[float], None] = lambda fraction: None,
) -> list[Table]:
    """One table a column (a pair) and target: the value(s), mean, deviation and standard error of the prediction.

    A column has its targets one after the other; pairs follow the single columns.
    """
    check_order(order, model.details, frame)
    rows = frame if order.row is None else frame.slice(order.row, 1)
    weights = None if order.weights is None else np.asarray(rows[order.weights].floats())
    grids = {n: _values(n, frame[n], order) for n in (*order.columns, *(n for pair in order.pairs for n in pair))}
    jobs: list[tuple[str, ...]] = [*((name,) for name in order.columns), *order.pairs]
    total, done = sum(math.prod(len(grids[n]) for n in job) for job in jobs), 0
    tables: list[Table] = []
    for job in jobs:
        points = (
            [(v,) for v in grids[job[0]]] if len(job) == 1 else [(v, w) for v in grids[job[0]] for w in grids[job[1]]]
        )
        found = np.empty((len(points), max(1, len(order.targets)), 3))
        for i, point in enumerate(points):
            changed = rows
            for name, value in zip(job, point, strict=True):
                changed = changed.with_column(name, _constant(frame[name], value, rows.n_rows))
            raw = _responses(model.raw(changed, threads=threads), model.details, order.targets)
            found[i] = [_moments(raw[:, j], weights) for j in range(raw.shape[1])]
            done += 1
            progress(done / total)
        for j in range(found.shape[1]):
            target = order.targets[j] if order.targets else None
            tables.append(_table(model.details.key, frame, job, points, found[:, j], order, target))
    return tables


def _values(name: str, column: Column, order: DependenceOrder) -> list[float]:
    """The values to try, ascending, NaN (missing) last where it is wanted."""
    if name in order.splits:
        values = [float(value) for value in order.splits[name]]
    else:
        low, high = _span(column)
        whole = column.type is not ColumnType.REAL
        count = int(high - low) + 1 if whole and high - low + 1 < order.bins else order.bins
        if column.domain is not None:
            count = int(high - low) + 1
        step = (high - low) / (count - 1) if count > 1 else 0.0
        values = [low + i * step for i in range(count)]
    return [*values, math.nan] if order.missing else values


def _span(column: Column) -> tuple[float, float]:
    values = column.floats()
    there = values[~np.isnan(values)]
    if not len(there):
        raise InvalidArgument("A column without any value has no partial dependence.")
    return float(there.min()), float(there.max())


def _constant(column: Column, value: float, rows: int) -> Column:
    """A column of the same kind that holds one value; NaN is the missing one."""
    if column.domain is not None:
        code = None if math.isnan(value) else int(value)
        if code is not None and not 0 <= code < column.cardinality:
            raise InvalidArgument(f"The level number {code} is outside of 0 to {column.cardinality - 1}.")
        return Column(column.type, pl.repeat(code, rows, dtype=column.values.dtype, eager=True), column.domain)
    if column.type is ColumnType.TIME:
        moment = None if math.isnan(value) else round(value)
        return Column(column.type, pl.repeat(moment, rows, dtype=pl.Int64, eager=True))
    return Column(ColumnType.REAL, pl.repeat(None if math.isnan(value) else value, rows, dtype=pl.Float64, eager=True))


def _responses(raw: Floats, details: ModelDetails, targets: Sequence[str]) -> Floats:
    """What is averaged [rows, targets]: amounts, probabilities of the second class, or those of the targets."""
    if details.category is Category.REGRESSION or raw.ndim == 1:
        return raw.reshape(len(raw), -1)
    if not targets:
        return raw[:, 1:2]
    return raw[:, [details.response_domain.index(target) for target in targets]]


def _moments(values: Floats, weights: Floats | None) -> tuple[float, float, float]:
    """(Weighted) mean, sample deviation, and standard error of the mean; a weight counts as so many rows in the mean."""
    rows = len(values)
    counts = ~np.isnan(values) if weights is None else ~np.isnan(values) & (np.abs(weights) > 0)
    values = values[counts]
    mass = None if weights is None else weights[counts]
    if not len(values):
        return math.nan, math.nan, math.nan
    if mass is None:  # by the arithmetic of frames, so that both give the same digits
        series = pl.Series(values)
        spread = float(series.std() or 0.0) if len(values) > 1 else 0.0  # type: ignore[arg-type]
        return float(series.sum()) / len(values), spread, spread / math.sqrt(rows)
    mean = float(np.average(values, weights=mass))
    variance = float(np.average((values - mean) ** 2, weights=mass))
    deviation = math.sqrt(variance * len(values) / (len(values) - 1)) if len(values) > 1 else 0.0
    return mean, deviation, deviation / math.sqrt(rows)


def _table(
    key: str,
    frame: Frame,
    names: tuple[str, ...],
    points: Sequence[tuple[float, ...]],
    found: Floats,
    order: DependenceOrder,
    target: str | None,
) -> Table:
    columns: list[tuple[TableColumn, Iterable[Any]]] = []
    for i, name in enumerate(names):
        values = [point[i] for point in points]
        levels = frame[name].levels if frame[name].domain is not None else None
        if levels is None:
            columns.append((TableColumn(name, "double", "%5f"), values))
        else:
            texts = [MISSING if math.isnan(value) else levels[int(value)] for value in values]
            columns.append((TableColumn(name, "string", "%s"), texts))
    for j, name in enumerate(("mean_response", "stddev_response", "std_error_mean_response")):
        columns.append((TableColumn(name, "double", "%5f"), found[:, j]))
    of = " and ".join(f"'{name}'" for name in names)
    description = f"Partial dependence of the model {key} on {of}"
    description += f" for the class {target}" if target is not None else ""
    description += f" in the row {order.row}" if order.row is not None else ""
    title = "PartialDependence" if len(names) == 1 else "2D-PartialDependence"
    return Table.build(title, description, columns)
