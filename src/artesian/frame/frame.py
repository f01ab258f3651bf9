"""A frame: an immutable, ordered set of named columns of equal length. Deriving one shares the columns it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import polars as pl

from artesian.core.errors import InvalidArgument, NotFound, did_you_mean
from artesian.frame.column import Column, ColumnType
from artesian.frame.sparse import SparseColumn, filtered, gathered


class Frame:
    """`n_rows` × `n_columns` values; `names` are unique.

    Raises InvalidArgument when the lengths of columns differ or a name stands twice.
    """

    __slots__ = ("__dict__", "_index", "columns", "n_rows", "names")

    def __init__(self, names: Sequence[str], columns: Sequence[Column], n_rows: int | None = None) -> None:
        self.names: tuple[str, ...] = tuple(names)
        self.columns: tuple[Column, ...] = tuple(columns)
        if len(self.names) != len(self.columns):
            raise InvalidArgument(f"A frame of {len(self.columns)} columns needs as many names. Got {len(self.names)}.")
        lengths = {len(column) for column in self.columns}
        if len(lengths) > 1:
            raise InvalidArgument(f"The columns of a frame must have equal lengths. Got {sorted(lengths)}.")
        self.n_rows: int = lengths.pop() if lengths else (n_rows or 0)
        self._index: dict[str, int] = {name: position for position, name in enumerate(self.names)}
        if len(self._index) != len(self.names):
            twice = next(name for position, name in enumerate(self.names) if self._index[name] != position)
            raise InvalidArgument(f"The column name '{twice}' stands more than once; names must be unique.")

    @classmethod
    def from_mapping(cls, columns: Mapping[str, Column]) -> Frame:
        """A frame of those columns in the mapping's order."""
        return cls(list(columns), list(columns.values()))

    @classmethod
    def from_polars(cls, table: pl.DataFrame) -> Frame:
        """A frame of a Polars table, each column stored narrowly."""
        return cls(table.columns, [Column.from_series(series) for series in table.get_columns()], table.height)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.columns)

    @property
    def types(self) -> tuple[ColumnType, ...]:
        """The type of each column."""
        return tuple(column.type for column in self.columns)

    @cached_property
    def nbytes(self) -> int:
        """Bytes of all stored values."""
        return sum(column.nbytes for column in self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __getitem__(self, name: str) -> Column:
        return self.columns[self.position(name)]

    def __repr__(self) -> str:
        return f"Frame({self.n_rows} rows × {self.n_columns} columns)"

    def position(self, name: str) -> int:
        """The number of the column of that name; NotFound names a near one."""
        try:
            return self._index[name]
        except KeyError:
            raise NotFound(f"The frame has no column '{name}'.{did_you_mean(name, self.names)}", column=name) from None

    def select(self, which: Iterable[int | str]) -> Frame:
        """The columns of those names or numbers, in that order."""
        positions = [item if isinstance(item, int) else self.position(item) for item in which]
        return Frame([self.names[i] for i in positions], [self.columns[i] for i in positions], self.n_rows)

    def without(self, which: Iterable[int | str]) -> Frame:
        """All columns but those of these names or numbers."""
        dropped = {item if isinstance(item, int) else self.position(item) for item in which}
        return self.select(i for i in range(self.n_columns) if i not in dropped)

    def with_column(self, name: str, column: Column) -> Frame:
        """The frame with that column in place of the one of its name, or added at the end."""
        if name in self._index:
            columns = list(self.columns)
            columns[self._index[name]] = column
            return Frame(self.names, columns, self.n_rows)
        return Frame([*self.names, name], [*self.columns, column], self.n_rows)

    def renamed(self, names: Sequence[str]) -> Frame:
        """The same columns under other names."""
        return Frame(names, self.columns, self.n_rows)

    def gather(self, rows: pl.Series) -> Frame:
        """The rows of those numbers, in that order."""
        sparse = self._sparse(gathered, rows)
        columns = [sparse[i] if i in sparse else column.gather(rows) for i, column in enumerate(self.columns)]
        return Frame(self.names, columns, len(rows))

    def filter(self, mask: pl.Series) -> Frame:
        """The rows where the Boolean mask is true (a missing mask value counts as false)."""
        sparse = self._sparse(filtered, mask)
        columns = [sparse[i] if i in sparse else column.filter(mask) for i, column in enumerate(self.columns)]
        return Frame(self.names, columns, int(mask.sum()))

    def slice(self, start: int, length: int) -> Frame:
        """`length` rows from row `start` on, without a copy."""
        length = max(0, min(length, self.n_rows - start))
        return Frame(self.names, [column.slice(start, length) for column in self.columns], length)

    def _sparse(
        self, derive: Callable[[list[SparseColumn], pl.Series], list[Column]], rows: pl.Series
    ) -> dict[int, Column]:
        """Some rows of the sparse columns, by number; a wide table of them is worked on as one."""
        found = {i: column for i, column in enumerate(self.columns) if isinstance(column, SparseColumn)}
        return dict(zip(found, derive(list(found.values()), rows), strict=True)) if found else {}

    def to_polars(self) -> pl.DataFrame:
        """A Polars table as a person reads it: strings for categoricals, datetimes for times."""
        series = [column.decoded().rename(name) for name, column in zip(self.names, self.columns, strict=True)]
        return pl.DataFrame(series)
