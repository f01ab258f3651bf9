"""The design: learnt from the training rows, it turns the columns of any frame into the inputs of a model.

Inputs are, in this order: one-hot inputs of categorical columns (larger domains first), numeric columns in the order of
the frame, the numbers that categorical columns were encoded to. Whether numbers lie in a dense block or in the sparse part is decided once, in training.

Mostly-zero tables. Centring turns zeros into other numbers and a sparse table into a full one, while the kernels skip
zeros. So where a table has at least 32 numeric columns and half of all its numbers are 0, the columns of which at least a
quarter is 0 are scaled but not centred, and all numbers go to the sparse part. Such a column has its mean within two
deviations of 0 (mean/deviation is at most √((1-z)/z), √3 for z = 1/4); columns with fewer zeros, whose mean may be far
away, are centred as always. A column that is hardly ever other than 0 has a tiny deviation, and dividing by it would make
its rare values huge and the steps they cause too: an uncentred column is scaled so that no training value exceeds 2 in
size. MNIST, hidden 200,200, one epoch, mean of four seeds: 4.7 % test error uncapped, 4.2 % centred, 3.9 % so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.sparse import SparseColumn
from artesian.learn.base.design.categorical import OneHot
from artesian.learn.base.design.encoding import NUMERIC_ENCODINGS, Encoded, encode
from artesian.learn.base.design.matrix import DesignMatrix, Entries
from artesian.learn.base.design.numeric import ColumnStatistics, Numbers, Raw, statistics_of, statistics_of_column
from artesian.learn.base.reading import missing_columns
from artesian.learn.base.scoring import codes_in

Floats = NDArray[np.float64]
SPARSE_MIN_COLUMNS = 32
SPARSE_TABLE_ZEROS = 0.5
SPARSE_COLUMN_ZEROS = 0.25
SPARSE_LARGEST = 2.0
_BLOCK_CELLS = 1 << 25
"""Numbers that are turned to float64 at once, which those with missing values need: 256 MB."""
INT32_MAX = 2**31 - 1


class Scaling(StrEnum):
    """How numeric columns are scaled."""

    NONE = "none"
    STANDARDIZE = "standardize"
    """To mean 0 and deviation 1."""
    NORMALIZE = "normalize"
    """To mean 0 and a range of 1."""


@dataclass(frozen=True)
class DesignOptions:
    """`sparse` True: scale without centring; None: only where the table is mostly zeros (see the module)."""

    scaling: Scaling = Scaling.STANDARDIZE
    encoding: str = "OneHotInternal"
    all_levels: bool = True
    max_categorical_inputs: int = INT32_MAX
    sparse: bool | None = None
    keep_missing: bool = False
    """Missing numbers become NaN inputs instead of the mean's."""


@dataclass(frozen=True)
class Design:
    """What was learnt. `categorical` maps columns to their levels in training, `numeric` names the other columns."""

    options: DesignOptions
    categorical: dict[str, tuple[str, ...]]
    numeric: tuple[str, ...]
    encodings: tuple[Encoded, ...]
    one_hot: OneHot
    numbers: Numbers
    in_sparse_part: bool

    # ---- learning ----

    @classmethod
    def fit(
        cls,
        frame: Frame,
        predictors: Sequence[str],
        options: DesignOptions,
        *,
        weights: Floats | None = None,
        response: Floats | None = None,
    ) -> Self:
        """Learns from a training frame; predictors in the frame's order.

        `weights` and `response` [n] are those of the frame's rows; rows of weight 0 do not count.
        """
        coded = [name for name in predictors if frame[name].domain is not None]
        if options.encoding not in NUMERIC_ENCODINGS:
            coded.sort(key=lambda name: -frame[name].cardinality)
        categorical = {name: tuple(frame[name].levels) for name in coded}
        numeric = tuple(name for name in predictors if name not in categorical)
        encodings = tuple(
            encode(options.encoding, name, levels, frame[name].codes(), weights, response)
            for name, levels in categorical.items()
        )
        one_hot = OneHot(
            tuple(e.names[0] for e in encodings if e.levels is not None),
            tuple(e.levels for e in encodings if e.levels is not None),
            options.all_levels,
            options.max_categorical_inputs,
        )
        names = list(numeric)
        statistics = [statistics_of_column(frame[name], weights) for name in numeric]
        for encoded in encodings:
            if encoded.table is not None:
                names += encoded.names
                statistics += [statistics_of(c, weights) for c in encoded.numbers(frame[encoded.column].codes())]
        numbers, sparse = _scales(tuple(names), statistics, options)
        return cls(options, categorical, numeric, encodings, one_hot, numbers, sparse)

    # ---- what it is ----

    @property
    def predictors(self) -> tuple[str, ...]:
        """The columns that it needs."""
        return (*self.categorical, *self.numeric)

    @property
    def n_inputs(self) -> int:
        """Number of inputs."""
        return self.one_hot.n_inputs + len(self.numbers.names)

    @property
    def input_names(self) -> list[str]:
        """The name of each input."""
        return [*self.one_hot.input_names(), *self.numbers.names]

    @property
    def expanded(self) -> list[tuple[str, str, list[str] | None]]:
        """Name, type and levels of the columns after encoding, before one-hot."""
        coded = [(n, "Enum", list(v)) for n, v in zip(self.one_hot.names, self.one_hot.levels, strict=True)]
        return [*coded, *((name, "Numeric", None) for name in self.numbers.names)]

    # ---- applying ----

    def missing_columns(self, frame: Frame) -> list[str]:
        """Columns that a frame lacks; they count as missing values. InvalidArgument where it lacks all."""
        return missing_columns(frame, self.predictors)

    def cells_per_row(self, frame: Frame) -> int:
        """About how many numbers a row of the frame takes while it is transformed: of sparse columns only the entries."""
        count = max(1, len(self.numbers.names))
        if not self.in_sparse_part:
            return count
        sparse = [
            column for i, name in enumerate(self.numeric) if (column := self._unshifted(frame, i, name)) is not None
        ]
        entries = sum(column.count for column in sparse)
        return count - len(sparse) + 1 + entries // max(1, frame.n_rows)

    def transform(self, frame: Frame) -> DesignMatrix:
        """The inputs of a frame's rows. Absent columns, missing values and unseen levels count as missing.

        Raises InvalidArgument where a column is of another kind than in training, or all columns are absent.
        """
        self.missing_columns(frame)
        codes = {name: self._codes(frame, name) for name in self.categorical}
        entries = self.one_hot.entries(
            [e.new_codes(codes[e.column]) for e in self.encodings if e.levels is not None], frame.n_rows
        )
        first = self.one_hot.n_inputs
        if self.in_sparse_part:
            entries = entries.beside(self._sparse_numbers(frame, codes))
        has_entries = bool(self.one_hot.names) or self.in_sparse_part
        dense = None
        if not self.in_sparse_part and self.numbers.names:
            dense = self._dense_numbers(frame, codes)
        return DesignMatrix(
            frame.n_rows,
            self.n_inputs,
            entries.indptr() if has_entries else None,
            entries.indices if has_entries else None,
            entries.values if has_entries else None,
            dense,
            first,
        )

    def columns(self, frame: Frame) -> tuple[list[NDArray[np.int64]], NDArray[np.float32] | None]:
        """What `transform` makes inputs of: the level numbers of the one-hot columns (-1: missing) and the dense numbers."""
        self.missing_columns(frame)
        codes = {name: self._codes(frame, name) for name in self.categorical}
        levels = [e.new_codes(codes[e.column]) for e in self.encodings if e.levels is not None]
        dense = self._dense_numbers(frame, codes) if self.numbers.names and not self.in_sparse_part else None
        return levels, dense

    def _dense_numbers(self, frame: Frame, codes: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        keep = self.options.keep_missing
        blocks = [
            self.numbers.scaled(raw, rows, keep_missing=keep)
            for raw, rows in self._raw_blocks(frame, codes, self.numeric)
        ]
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)

    def _sparse_numbers(self, frame: Frame, codes: Mapping[str, NDArray[np.int64]]) -> Entries:
        keep, first = self.options.keep_missing, self.one_hot.n_inputs
        sparse = {
            i: column for i, name in enumerate(self.numeric) if (column := self._unshifted(frame, i, name)) is not None
        }
        if not sparse:
            return self._entries(self.numbers, frame, codes, self.numeric)
        found = self.numbers.sparse_entries(
            list(sparse.values()), np.array(list(sparse)), frame.n_rows, first, keep_missing=keep
        )
        left = np.array([i for i in range(len(self.numbers.names)) if i not in sparse], dtype=np.int64)
        if not len(left):
            return found
        names = [name for i, name in enumerate(self.numeric) if i not in sparse]
        others = self._entries(self.numbers.some(left), frame.select(n for n in names if n in frame), codes, names)
        placed = (left[others.indices - first] + first).astype(np.int32)
        return found.merged(Entries(others.counts, placed, others.values))

    def _unshifted(self, frame: Frame, number: int, name: str) -> SparseColumn | None:
        """The sparse column of that name, if its zeros are zeros among the inputs too."""
        column = frame[name] if name in frame and not self.numbers.shifts[number] else None
        return column if isinstance(column, SparseColumn) else None

    def _entries(
        self, numbers: Numbers, frame: Frame, codes: Mapping[str, NDArray[np.int64]], numeric: Sequence[str]
    ) -> Entries:
        keep, first = self.options.keep_missing, self.one_hot.n_inputs
        blocks = self._raw_blocks(frame, codes, numeric)
        return Entries.stacked([numbers.entries(raw, rows, first, keep_missing=keep) for raw, rows in blocks])

    def _raw_blocks(
        self, frame: Frame, codes: Mapping[str, NDArray[np.int64]], numeric: Sequence[str]
    ) -> Iterator[tuple[list[Raw], int]]:
        """The numeric columns, then what categorical ones were encoded to; block of rows by block to bound the memory."""
        in_place = sum(1 for name in numeric if name in frame and _is_in_place(frame[name]))
        encoded_numbers = len(self.numbers.names) - len(self.numeric)
        size = max(1, _BLOCK_CELLS // max(1, len(numeric) + encoded_numbers - in_place))
        for start in range(0, max(frame.n_rows, 1), size):
            block = frame.slice(start, size)
            raw = [self._number(block, name) for name in numeric]
            for encoded in self.encodings:
                if encoded.table is not None:
                    raw += encoded.numbers(codes[encoded.column][start : start + size])
            yield raw, block.n_rows

    def _codes(self, frame: Frame, name: str) -> NDArray[np.int64]:
        if name not in frame:
            return np.full(frame.n_rows, -1, dtype=np.int64)
        column = frame[name]
        known = self.categorical[name]
        if column.domain is not None and len(column.domain) == len(known) and tuple(column.levels) == known:
            return column.codes()
        codes = codes_in(column, known, name)
        return np.where(np.isnan(codes), -1, codes).astype(np.int64)

    def _number(self, frame: Frame, name: str) -> Raw:
        if name not in frame:
            return np.full(frame.n_rows, np.nan)
        column = frame[name]
        if column.domain is not None:
            raise InvalidArgument(
                f"The column '{name}' is categorical, and was numeric in training. Make it numeric with asnumeric()."
            )
        if not column.type.is_numeric:
            raise InvalidArgument(f"The column '{name}' is of type {column.type}, and was numeric in training.")
        return _raw(column)

    # ---- keeping ----

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays, from which `from_state` makes an equal design."""
        state = {
            "options": {**vars(self.options), "scaling": self.options.scaling.value},
            "categorical": {name: list(levels) for name, levels in self.categorical.items()},
            "numeric": list(self.numeric),
            "encodings": [
                {"column": e.column, "names": list(e.names), "levels": None if e.levels is None else list(e.levels)}
                for e in self.encodings
            ],
            "numbers": list(self.numbers.names),
            "in_sparse_part": self.in_sparse_part,
        }
        arrays: dict[str, NDArray[Any]] = {
            "design.means": self.numbers.means,
            "design.shifts": self.numbers.shifts,
            "design.scales": self.numbers.scales,
        }
        for i, encoded in enumerate(self.encodings):
            if encoded.codes is not None:
                arrays[f"design.codes.{i}"] = encoded.codes
            if encoded.table is not None:
                arrays[f"design.table.{i}"] = encoded.table
        return state, arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The design of a `to_state`."""
        options = DesignOptions(**{**state["options"], "scaling": Scaling(state["options"]["scaling"])})
        encodings = tuple(
            Encoded(
                e["column"],
                tuple(e["names"]),
                None if e["levels"] is None else tuple(e["levels"]),
                arrays.get(f"design.codes.{i}"),
                arrays.get(f"design.table.{i}"),
            )
            for i, e in enumerate(state["encodings"])
        )
        coded = [e for e in encodings if e.levels is not None]
        one_hot = OneHot(
            tuple(e.names[0] for e in coded),
            tuple(e.levels for e in coded if e.levels is not None),
            options.all_levels,
            options.max_categorical_inputs,
        )
        numbers = Numbers(
            tuple(state["numbers"]), arrays["design.means"], arrays["design.shifts"], arrays["design.scales"]
        )
        categorical = {name: tuple(levels) for name, levels in state["categorical"].items()}
        return cls(
            options, categorical, tuple(state["numeric"]), encodings, one_hot, numbers, bool(state["in_sparse_part"])
        )


def _is_in_place(column: Column) -> bool:
    """Whether the values can be read as they are stored."""
    if isinstance(column, SparseColumn):
        return False
    dtype = column.values.dtype
    return column.type is not ColumnType.BAD and column.missing_count == 0 and (dtype.is_integer() or dtype.is_float())


def _raw(column: Column) -> Raw:
    if column.type is ColumnType.BAD:
        return np.full(len(column), np.nan)
    if _is_in_place(column):
        return column.values.to_numpy()
    return np.ascontiguousarray(column.floats(), dtype=np.float64)


def _scales(
    names: tuple[str, ...], statistics: Sequence[ColumnStatistics], options: DesignOptions
) -> tuple[Numbers, bool]:
    """Shifts and scales by the options and the rule for mostly-zero tables; whether numbers go to the sparse part."""
    means = np.array([s.mean for s in statistics], dtype=np.float64)
    zeros = np.array([s.zero_share for s in statistics], dtype=np.float64)
    mostly_zero = len(names) >= SPARSE_MIN_COLUMNS and float(zeros.mean()) >= SPARSE_TABLE_ZEROS
    sparse = bool(len(names)) and (options.sparse if options.sparse is not None else mostly_zero)
    if options.scaling is Scaling.NONE:
        return Numbers(names, means, np.zeros(len(names)), np.ones(len(names))), sparse
    if options.scaling is Scaling.NORMALIZE:
        spread = np.array([s.high - s.low for s in statistics], dtype=np.float64)
    else:
        spread = np.array([s.deviation for s in statistics], dtype=np.float64)
    with np.errstate(divide="ignore", over="ignore"):
        scales = np.where(spread > 0, 1.0 / spread, 1.0)
    scales = np.where(np.isfinite(scales), scales, 1.0)
    centred = np.full(len(names), not sparse)
    if sparse and not options.sparse:
        centred = zeros < SPARSE_COLUMN_ZEROS
    largest = np.array([max(abs(s.low), abs(s.high)) for s in statistics], dtype=np.float64)
    capped = np.minimum(scales, SPARSE_LARGEST / np.maximum(largest, 1e-300))
    return Numbers(names, means, np.where(centred, means, 0.0), np.where(centred, scales, capped)), sparse
