"""Other shapes of the same values: transposed, long, wide, repeated, counted up, scaled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.summary import rollups
from artesian.rapids.columns import constant, default_names, filtered, frame_of, is_numeric, numeric, single
from artesian.rapids.operators.selection import stacked
from artesian.rapids.registry import (
    DEFERRED,
    FLAG,
    FRAME,
    INTEGER,
    NUMBER,
    STRING,
    STRINGS,
    VALUE,
    Context,
    Deferred,
    operator,
)
from artesian.rapids.size import check_size
from artesian.rapids.values import shown

_Numbers = NDArray[np.float64]


@operator("t", FRAME("frame"), doc="Rows as columns C1, C2, … and columns as rows; the cells must be numbers.")
def transpose(context: Context, frame: Frame) -> Frame:
    _check_numbers(frame, "t")
    check_size(context, frame.n_columns, frame.n_rows, "t")
    cells = np.column_stack([column.floats() for column in frame.columns]) if frame.n_columns else np.empty((0, 0))
    return Frame(default_names(frame.n_rows), [numeric(row) for row in cells], frame.n_columns)


def _check_numbers(frame: Frame, name: str) -> None:
    for column_name, column in zip(frame.names, frame.columns, strict=True):
        if not column.type.is_numeric:
            raise InvalidArgument(
                f"'{name}' needs numbers, but '{column_name}' is of type {column.type}.", column=column_name
            )


@operator(
    "melt",
    FRAME("frame"),
    STRINGS("kept columns"),
    STRINGS("value columns"),
    STRING("variable name"),
    STRING("value name"),
    FLAG("skip missing"),
    doc="A row for each value column of each row: the kept columns, the value column's name, its value.",
)
def melt(
    context: Context, frame: Frame, kept: list[str], values: list[str], variable: str, value: str, skip_missing: bool
) -> Frame:
    if not kept:
        raise InvalidArgument("'melt' needs a column at least that is kept.")
    kept_numbers = [frame.position(name) for name in kept]
    value_numbers = (
        [frame.position(name) for name in values]
        if values
        else [number for number in range(frame.n_columns) if number not in kept_numbers]
    )
    if not value_numbers:
        raise InvalidArgument("'melt' needs a value column at least.")
    for number in value_numbers:
        if not is_numeric(frame.columns[number]):
            raise InvalidArgument(
                f"'melt' takes numbers as values, but '{frame.names[number]}' is of type {frame.columns[number].type}."
            )
    width = len(value_numbers)
    check_size(context, frame.n_rows * width, len(kept_numbers) + 2, "melt")
    rows = pl.Series(np.repeat(np.arange(frame.n_rows), width))
    names = [frame.names[number] for number in value_numbers]
    which = pl.Series(np.tile(np.arange(width, dtype=np.uint32), frame.n_rows))
    # the stack runs down the value columns; rows come next to each other instead
    across = pl.Series(np.arange(frame.n_rows * width).reshape(width, frame.n_rows).T.ravel())
    below = stacked([frame.columns[number] for number in value_numbers])
    columns = [frame.columns[number].gather(rows) for number in kept_numbers]
    columns += [Column.enums(which, names), below.gather(across)]
    result = frame_of([*kept, variable, value], columns, len(rows))
    return filtered(result, result.columns[-1].values.is_not_null()) if skip_missing else result


@operator(
    "pivot",
    FRAME("frame"),
    STRING("index"),
    STRING("column"),
    STRING("value"),
    doc="A row for each index value and a column for each value of a column, filled with the first value that is not missing.",
)
def pivot(context: Context, frame: Frame, index: str, column: str, value: str) -> Frame:
    rows, across, cells = frame[index], frame[column], frame[value]
    for name, checked in ((index, rows), (column, across)):
        if checked.type not in (ColumnType.INT, ColumnType.ENUM, ColumnType.TIME):
            raise InvalidArgument(
                f"'pivot' needs whole numbers, categories or times, but '{name}' is of type {checked.type}."
            )
    if rows.missing_count:
        raise InvalidArgument(f"'pivot' needs an index without missing values, but '{index}' has {rows.missing_count}.")
    if not cells.type.is_numeric and cells.domain is None:
        raise InvalidArgument(f"'pivot' needs numbers as values, but '{value}' is of type {cells.type}.")
    headings = _headings(across)
    if len(headings) < 2:
        raise InvalidArgument(f"'pivot' needs different values in '{column}'; it is constant.")
    table = pl.DataFrame(
        {"row": rows.values, "across": across.values, "cell": cells.values.cast(pl.Float64)}
    ).drop_nulls()
    table = table.unique(["row", "across"], keep="first", maintain_order=True)
    distinct = rows.values.unique().sort()
    check_size(context, len(distinct), len(headings) + 1, "pivot")
    filled = np.full((len(distinct), len(headings)), np.nan)
    places = {key: number for number, key in enumerate(headings)}
    columns_of = (
        table["across"]
        .cast(pl.Int64)
        .replace_strict(pl.Series(list(places), dtype=pl.Int64), pl.Series(list(places.values()), dtype=pl.Int64))
    )
    filled[distinct.search_sorted(table["row"]).to_numpy(), columns_of.to_numpy()] = table["cell"].to_numpy()
    made = [Column(rows.type, distinct, rows.domain, None, rows.domain_stored)]
    made += [numeric(filled[:, i]) for i in range(len(headings))]
    return frame_of([index, *headings.values()], made)


def _headings(column: Column) -> dict[int, str]:
    """The values of a column as the names of columns, by value."""
    if column.domain is not None:
        return dict(enumerate(column.levels))
    distinct = column.values.drop_nulls().unique().sort()
    if column.type is ColumnType.TIME:
        texts = distinct.cast(pl.Datetime("ms")).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
    else:
        texts = distinct.cast(pl.String)
    return dict(zip(distinct.to_list(), texts.to_list(), strict=True))


@operator(
    "rep_len",
    VALUE("values"),
    INTEGER("length"),
    doc="A number, a column or the columns of a frame repeated up to a length.",
)
def repeat(context: Context, values: Any, length: int) -> Frame:
    if not 0 <= length <= context.settings.max_rapids_list:
        raise InvalidArgument(
            f"The argument 'length' of 'rep_len' must be from 0 to {context.settings.max_rapids_list} "
            f"(setting max_rapids_list). Got {length}."
        )
    if isinstance(values, float):
        return single("C1", constant(values, length))
    if not isinstance(values, Frame) or not values.n_columns:
        raise InvalidArgument(f"'rep_len' takes a number or a frame. Got {shown(values)}.")
    if values.n_columns == 1:
        if not values.n_rows:
            raise InvalidArgument("'rep_len' cannot repeat a column without rows.")
        repeated = values.columns[0].gather(pl.Series(np.arange(length) % values.n_rows))
        # times become numbers, as in H2O
        return single("C1", numeric(repeated.values) if repeated.type is ColumnType.TIME else repeated)
    check_size(context, 1, length, "rep_len")
    return Frame(default_names(length), [values.columns[i % values.n_columns] for i in range(length)], values.n_rows)


@operator(
    "seq", NUMBER("from"), NUMBER("to"), NUMBER("by"), doc="A column C1 of numbers from one to another, so far apart."
)
def sequence(context: Context, start: float, stop: float, step: float) -> Frame:
    if not (math.isfinite(start) and math.isfinite(stop) and math.isfinite(step)) or step == 0 or (start == stop == 0):
        raise InvalidArgument(
            f"'seq' needs different ends and a step that is not 0. Got {start:g}, {stop:g} and {step:g}."
        )
    steps = (stop - start) / step
    if steps < 0:
        raise InvalidArgument(f"The argument 'by' of 'seq' has the wrong sign: from {start:g} to {stop:g} by {step:g}.")
    if steps >= context.settings.max_rapids_list:
        raise InvalidArgument(
            f"'seq' would make {steps:.0f} numbers; at most {context.settings.max_rapids_list} are allowed (setting max_rapids_list)."
        )
    return single("C1", numeric(start + np.arange(int(steps) + 1) * step))


@operator("seq_len", NUMBER("length"), doc="A column C1 of the numbers 1, 2, … up to a length.")
def sequence_of_length(context: Context, length: float) -> Frame:
    count = math.ceil(length) if math.isfinite(length) else 0
    if not 1 <= count <= context.settings.max_rapids_list:
        raise InvalidArgument(
            f"The argument 'length' of 'seq_len' must be from 1 to {context.settings.max_rapids_list} "
            f"(setting max_rapids_list). Got {length:g}."
        )
    return single("C1", numeric(np.arange(1, count + 1)))


@operator(
    "scale",
    FRAME("frame"),
    VALUE("center"),
    VALUE("scale"),
    doc="Numeric columns less their mean, divided by their standard deviation, each if True; or less and times given numbers.",
)
def scale(frame: Frame, center: Any, factor: Any) -> Frame:
    return _scaled(frame, center, factor, "scale")


@operator(
    "scale_inplace",
    DEFERRED("frame"),
    VALUE("center"),
    VALUE("scale"),
    doc="As scale, and the named frame itself becomes the scaled one.",
)
def scale_in_place(context: Context, frame: Deferred, center: Any, factor: Any) -> Frame:
    source = context.evaluate(frame)
    if not isinstance(source, Frame):
        raise InvalidArgument(f"The argument 'frame' of 'scale_inplace' must be a frame. Got {shown(source)}.")
    result = _scaled(source, center, factor, "scale_inplace")
    name = context.name_of(frame, source)
    if name is not None:
        context.environment.replace(name, result)
    return result


def _scaled(frame: Frame, center: Any, factor: Any, name: str) -> Frame:
    numbers = [i for i, column in enumerate(frame.columns) if is_numeric(column)]
    means = _per_column(frame, numbers, center, name, "center", 0.0, [rollups(frame.columns[i]).mean for i in numbers])
    # a constant column is not scaled
    inverse = [1 / sigma if (sigma := rollups(frame.columns[i]).sigma) else 1.0 for i in numbers]
    factors = _per_column(frame, numbers, factor, name, "scale", 1.0, inverse)
    columns = list(frame.columns)
    for place, number in enumerate(numbers):
        columns[number] = numeric((frame.columns[number].floats() - means[place]) * factors[place])
    return Frame(frame.names, columns, frame.n_rows)


def _per_column(
    frame: Frame, numbers: list[int], given: Any, name: str, argument: str, neutral: float, own: list[float]
) -> list[float]:
    """A number for each numeric column: given, its own statistic (True) or none (False)."""
    if isinstance(given, Frame) and given.n_columns == 1:
        given = given.columns[0].floats()
    if isinstance(given, np.ndarray):
        if len(given) == len(numbers):
            return [float(value) for value in given]
        if len(given) == frame.n_columns:
            return [float(given[number]) for number in numbers]
        raise InvalidArgument(
            f"The argument '{argument}' of '{name}' needs a number for each of {frame.n_columns} columns. Got {len(given)}."
        )
    if given in (0.0, 1.0):
        return own if given else [neutral] * len(numbers)
    raise InvalidArgument(f"The argument '{argument}' of '{name}' must be True, False or numbers. Got {shown(given)}.")


@operator("x", FRAME("left"), FRAME("right"), doc="Matrix product; columns are named C1, C2, ….")
def matrix_product(context: Context, left: Frame, right: Frame) -> Frame:
    _check_numbers(left, "x")
    _check_numbers(right, "x")
    if left.n_columns != right.n_rows:
        raise InvalidArgument(
            f"'x' needs as many columns of the left frame as rows of the right. Got {left.n_columns} and {right.n_rows}."
        )
    check_size(context, left.n_rows, right.n_columns, "x")
    product = _matrix(left) @ _matrix(right)
    return Frame(default_names(right.n_columns), [numeric(product[:, i]) for i in range(right.n_columns)], left.n_rows)


def _matrix(frame: Frame) -> _Numbers:
    return (
        np.column_stack([column.floats() for column in frame.columns])
        if frame.n_columns
        else np.empty((frame.n_rows, 0))
    )


@operator(
    "distance",
    FRAME("references"),
    FRAME("queries"),
    STRING("measure"),
    doc="Distances of each row to each query row (a column each): l1, l2, cosine or cosine_sq similarity.",
)
def distance(context: Context, references: Frame, queries: Frame, measure: str) -> Frame:
    if measure.lower() not in ("l1", "l2", "cosine", "cosine_sq"):
        raise InvalidArgument(
            f"The argument 'measure' of 'distance' must be l1, l2, cosine or cosine_sq. Got '{measure}'."
        )
    if references.n_columns != queries.n_columns:
        raise InvalidArgument(
            f"'distance' needs frames of as many columns. Got {references.n_columns} and {queries.n_columns}."
        )
    check_size(context, references.n_rows, queries.n_rows, "distance")
    for frame in (references, queries):
        for name, column in zip(frame.names, frame.columns, strict=True):
            if not is_numeric(column) or column.missing_count:
                raise InvalidArgument(
                    f"'distance' needs numbers without missing values, but '{name}' is none or has some."
                )
    a, b = _matrix(references), _matrix(queries)
    columns = [numeric(_distances(a, row, measure.lower())) for row in b]
    return Frame(default_names(len(columns)), columns, references.n_rows)


def _distances(rows: _Numbers, query: _Numbers, measure: str) -> _Numbers:
    found: _Numbers
    if measure == "l1":
        found = np.abs(rows - query).sum(axis=1)
    elif measure == "l2":
        found = np.sqrt(((rows - query) ** 2).sum(axis=1))
    else:
        product, lengths = rows @ query, (rows**2).sum(axis=1) * (query**2).sum()
        with np.errstate(all="ignore"):
            found = product**2 / lengths if measure == "cosine_sq" else product / np.sqrt(lengths)
    return found
