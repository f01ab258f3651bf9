"""Types of columns and levels of categoricals: what they are, and how one becomes another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client.checks import Number, check_choice, check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame.base import FrameBase

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class Columns(FrameBase):
    """Verbs on types, names and levels."""

    # --- types ------------------------------------------------------------------------------------------------------

    def asfactor(self) -> H2OFrame:
        """The columns as categorical; real and time columns cannot be."""
        for name, kind in self.types.items():
            if kind not in ("int", "string", "enum", "bad"):
                raise H2OValueError(
                    f"Columns of type int or string can become categorical. The column {name!r} is of type {kind}: "
                    "round() or cut() it first."
                )
        return self._derive("as.factor", info=self._like("enum"))

    def asnumeric(self) -> H2OFrame:
        """The columns as numbers: levels as their numbers from 0, strings as the numbers that they read."""
        return self._derive("as.numeric", info=self._like().with_changes(types=None))

    def ascharacter(self) -> H2OFrame:
        """The columns as strings."""
        return self._derive("as.character", info=self._like("string"))

    def isfactor(self) -> list[bool]:
        """Whether each column is categorical."""
        return self._flags("is.factor")

    def isnumeric(self) -> list[bool]:
        """Whether each column is numeric."""
        return self._flags("is.numeric")

    def isstring(self) -> list[bool]:
        """Whether each column holds strings."""
        return self._flags("is.character")

    def ischaracter(self) -> list[bool]:
        """Whether each column holds strings."""
        return self.isstring()

    def anyfactor(self) -> bool:
        """Whether any column is categorical."""
        return bool(self._scalar("any.factor"))

    def columns_by_type(self, coltype: str = "numeric") -> list[float]:
        """The numbers of the columns of a kind: numeric, categorical, string, time, uuid or bad."""
        check_choice("coltype", coltype, ("numeric", "categorical", "string", "time", "uuid", "bad"))
        return _list(self._scalar("columnsByType", coltype))

    def filter_na_cols(self, frac: float = 0.2) -> list[float]:
        """The numbers of the columns of whose values at most that fraction is missing."""
        return _list(self._scalar("filterNACols", frac))

    def _flags(self, op: str) -> list[bool]:
        return [bool(flag) for flag in _list(self._scalar(op))]

    # --- names ------------------------------------------------------------------------------------------------------

    def set_names(self, names: Sequence[str]) -> H2OFrame:
        """Renames all columns, in place; as many names as columns."""
        check_type("names", names, [str])
        if len(names) != self.ncols:
            raise H2OValueError(f"This frame has {self.ncols} columns. Got {len(names)} names.", "names")
        old, types = self.names, self._info.types
        renamed = dict(zip(names, (types[name] for name in old), strict=True)) if types is not None else None
        info = FrameInfo(self._info.nrows, self.ncols, list(names), renamed)
        self._ex = ExprNode("colnames=", self, range(self.ncols), list(names), info=info)
        return self  # type: ignore[return-value]

    def set_name(self, col: int | str | None = None, name: str | None = None) -> None:
        """Renames one column, in place; `col` may be left out where there is only one."""
        check_type("name", name, str)
        assert name is not None
        if col is None:
            self._require_single("set_name() without 'col'")
        names = self.names
        position = self._position(0 if col is None else col)
        if name in names and names[position] != name:
            raise H2OValueError(f"The frame has a column {name!r} already.", "name")
        names[position] = name
        self.set_names(names)

    def rename(self, columns: dict[Any, str] | None = None) -> H2OFrame:
        """Renames columns, in place, by a dict of old names (or numbers) to new ones; unknown old names are passed over."""
        names = self.names
        for column, name in (columns or {}).items():
            if isinstance(column, int) and -len(names) <= column < len(names):
                names[column] = name
            elif column in self.names:
                names[self.names.index(column)] = name
        return self.set_names(names)

    # --- levels -----------------------------------------------------------------------------------------------------

    def levels(self) -> list[list[str]]:
        """The levels of each column, an empty list for one that is not categorical; nothing where none is."""
        from artesian.client import transfer

        rows = transfer.to_rows(self._derive("levels")._download())
        return [[level for level in column if level != ""] for column in zip(*rows, strict=True)]

    def nlevels(self) -> list[int] | int:
        """The number of levels of each column, 0 for one that is not categorical; only 0 where none is."""
        return [len(levels) for levels in self.levels()] or 0

    def categories(self) -> list[str]:
        """The levels of the only column."""
        name = self._require_single("categories()")
        if self.types[name] != "enum":
            raise H2OValueError(f"The column {name!r} is of type {self.types[name]}, not categorical.")
        return (self.levels() or [[]])[0]

    def set_level(self, level: str) -> H2OFrame:
        """The only column with all values set to one of its levels."""
        return self._derive("setLevel", level, info=self._like())

    def set_levels(self, levels: Sequence[str]) -> H2OFrame:
        """The only column with its levels renamed."""
        check_type("levels", levels, [str])
        return self._derive("setDomain", False, list(levels), info=self._like())

    def append_levels(self, levels: Sequence[str]) -> H2OFrame:
        """The only column with further levels, which no value has."""
        check_type("levels", levels, [str])
        return self._derive("appendLevels", False, list(levels), info=self._like())

    def relevel(self, y: str) -> H2OFrame:
        """The only column with level `y` first."""
        return self._derive("relevel", y, info=self._like())

    def relevel_by_frequency(self, weights_column: str | None = None, top_n: int = -1) -> H2OFrame:
        """The columns with their most frequent levels first; with `top_n` only so many are moved."""
        return self._derive("relevel.by.freq", weights_column, top_n, info=self._like())

    def cut(
        self,
        breaks: Sequence[float],
        labels: Sequence[str] | None = None,
        include_lowest: bool = False,
        right: bool = True,
        dig_lab: int = 3,
    ) -> H2OFrame:
        """The only, numeric column as intervals between the breaks, closed on the right unless `right=False`."""
        check_type("breaks", breaks, [Number])
        check_type("labels", labels, None, [str])
        name = self._require_single("cut()")
        if self.types[name] not in ("int", "real"):
            raise H2OValueError(f"Only numbers can be cut. The column {name!r} is of type {self.types[name]}.")
        return self._derive("cut", list(breaks), labels, include_lowest, right, dig_lab, info=self._like("enum"))

    def match(self, table: Any, nomatch: float = float("nan"), start_index: int = 1) -> H2OFrame:
        """Where each value of the only, categorical column stands in a list, counted from `start_index`; else `nomatch`."""
        return self._derive("match", table, nomatch, start_index)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
