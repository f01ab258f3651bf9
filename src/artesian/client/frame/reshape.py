"""Frames out of frames: binding, splitting, sorting, joining, reshaping, filling, sampling, applying functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import Number, check_choice, check_type, no_column
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.expr import AstName, FrameInfo
from artesian.client.frame.base import FrameBase
from artesian.client.frame.group_by import GroupBy
from artesian.client.job import H2OJob

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_SORTABLE = ("enum", "time", "int", "real", "string")
_NUMBERS = ("int", "real")


class Reshape(FrameBase):
    """Verbs that make frames out of whole frames."""

    # --- binding ----------------------------------------------------------------------------------------------------

    def cbind(self, data: Any) -> H2OFrame:
        """This frame with the columns of others (frames of as many rows, or numbers) beside it."""
        check_type("data", data, FrameBase, Number, [FrameBase, Number])
        others = list(data) if isinstance(data, (list, tuple)) else [data]
        for other in others:
            if isinstance(other, FrameBase) and other.nrows != self.nrows:
                raise H2OValueError(
                    f"A frame of {other.nrows} rows cannot stand beside one of {self.nrows} rows.", "data"
                )
        return self._derive("cbind", *others, info=self._bound(others))

    def _bound(self, others: list[Any]) -> FrameInfo:
        """What is known of the columns side by side; names only when no two are equal."""
        frames = [self, *(other for other in others if isinstance(other, FrameBase))]
        names = [name for frame in frames for name in frame.names]
        width = sum(frame.ncols for frame in frames) + len(others) + 1 - len(frames)
        if len(set(names)) != len(names) or width != len(names):
            return FrameInfo(self._info.nrows, width)
        types = {name: kind for frame in frames for name, kind in frame.types.items()}
        return FrameInfo(self._info.nrows, width, names, types)

    def rbind(self, data: Any) -> H2OFrame:
        """This frame with the rows of others below it; their columns have the same names and kinds."""
        check_type("data", data, FrameBase, [FrameBase])
        others = list(data) if isinstance(data, (list, tuple)) else [data]
        types = self.types
        for other in others:
            if other.names != self.names:
                raise H2OValueError(
                    f"Frames below each other have equal columns. These have {self.names[:5]} and {other.names[:5]}.",
                    "data",
                )
            for name, kind in other.types.items():
                if (
                    kind != types[name]
                    and not (kind in _NUMBERS and types[name] in _NUMBERS)
                    and "bad" not in (kind, types[name])
                ):
                    raise H2OValueError(
                        f"The column {name!r} is of type {types[name]} in one frame and {kind} in another.", "data"
                    )
        rows = self.nrows + sum(other.nrows for other in others)
        info = FrameInfo(rows, self.ncols, self.names, types if all(o.types == types for o in others) else None)
        return self._derive("rbind", *others, info=info)

    def concat(self, frames: Sequence[FrameBase], axis: int = 1) -> H2OFrame:
        """`cbind` with `axis=1`, `rbind` with `axis=0`."""
        if not frames:
            raise H2OValueError("There is no frame to concatenate.", "frames")
        return self.cbind(list(frames)) if axis == 1 else self.rbind(list(frames))

    # --- splitting and sampling -------------------------------------------------------------------------------------

    def split_frame(
        self,
        ratios: Sequence[float] | None = None,
        destination_frames: Sequence[str] | None = None,
        seed: int | None = None,
    ) -> list[H2OFrame]:
        """The rows dealt out at random: a frame a ratio and one more for the rest; ratios add up to less than 1.

        The parts have about, not exactly, those shares of the rows. `destination_frames` names them, the rest too.
        """
        check_type("ratios", ratios, None, [Number])
        check_type("seed", seed, None, int)
        shares = [0.75] if ratios is None else list(ratios)
        if not shares or min(shares) <= 0 or sum(shares) >= 1:
            raise H2OValueError(f"The ratios must be above 0 and add up to less than 1. Got {shares}.", "ratios")
        if destination_frames is not None and len(destination_frames) != len(shares) + 1:
            raise H2OValueError(
                f"{len(shares) + 1} parts need as many names. Got {len(destination_frames)}.", "destination_frames"
            )
        draws = self.runif(seed)
        parts, low = [], 0.0
        for number, share in enumerate([*shares, None]):
            high = None if share is None else low + share
            if high is None:
                chosen = draws > low
            else:
                chosen = draws <= high if number == 0 else (draws > low) & (draws <= high)
                low = high
            parts.append(self[chosen, :])  # type: ignore[index]
        for number, part in enumerate(parts):
            if destination_frames is not None:
                part.frame_id = destination_frames[number]
            part.refresh()
        return parts

    def runif(self, seed: int | None = None) -> H2OFrame:
        """A column of random numbers from 0 to 1, one a row; the same for the same seed."""
        check_type("seed", seed, None, int)
        info = FrameInfo(self.nrows, 1, ["rnd"], {"rnd": "real"})
        return self._derive("h2o.runif", -1 if seed is None else seed, info=info)

    def stratified_split(self, test_frac: float = 0.2, seed: int = -1) -> H2OFrame:
        """A column of 'train' and 'test' that keeps the shares of the levels of this one categorical column."""
        return self._derive("h2o.random_stratified_split", test_frac, seed)

    def kfold_column(self, n_folds: int = 3, seed: int = -1) -> H2OFrame:
        """A column of random fold numbers."""
        return self._derive("kfold_column", n_folds, seed)._evaluated()

    def modulo_kfold_column(self, n_folds: int = 3) -> H2OFrame:
        """A column of fold numbers by row number modulo `n_folds`."""
        return self._derive("modulo_kfold_column", n_folds)._evaluated()

    def stratified_kfold_column(self, n_folds: int = 3, seed: int = -1) -> H2OFrame:
        """A column of fold numbers in which the levels of this one column have equal shares."""
        return self._derive("stratified_kfold_column", n_folds, seed)._evaluated()

    # --- ordering, joining, grouping --------------------------------------------------------------------------------

    def sort(self, by: Any, ascending: Any = ()) -> H2OFrame:
        """The rows in the order of one or several columns; `ascending` is True or False, or a list of them."""
        columns, directions = self._order(by, ascending, _SORTABLE)
        return self._derive("sort", columns, directions, info=self._like())

    def _order(self, by: Any, ascending: Any, allowed: tuple[str, ...]) -> tuple[list[int], list[int]]:
        columns = self._positions(by)
        wanted = list(ascending) if isinstance(ascending, (list, tuple)) else [ascending]
        if wanted and len(wanted) != len(columns):
            raise H2OValueError(f"{len(columns)} columns need as many directions. Got {len(wanted)}.", "ascending")
        self._check_types(columns, allowed)
        return columns, [1 if up else -1 for up in wanted] or [1] * len(columns)

    def _check_types(self, columns: list[int], allowed: tuple[str, ...]) -> None:
        names, types = self.names, self.types
        for column in columns:
            if types[names[column]] not in allowed:
                raise H2OValueError(
                    f"The column {names[column]!r} is of type {types[names[column]]}; only {', '.join(allowed)} will do here."
                )

    def rank_within_group_by(
        self,
        group_by_cols: Any,
        sort_cols: Any,
        ascending: Any = (),
        new_col_name: str = "New_Rank_column",
        sort_cols_sorted: bool = False,
    ) -> H2OFrame:
        """This frame with a column that numbers the rows of each group in the order of other columns."""
        groups = self._positions(group_by_cols)
        self._check_types(groups, ("enum", "time", "int", "real"))
        columns, directions = self._order(sort_cols, ascending, ("enum", "time", "int", "real"))
        return self._derive("rank_within_groupby", groups, columns, directions, new_col_name, int(sort_cols_sorted))

    def group_by(self, by: Any) -> GroupBy:
        """Groups by one or several columns; follow with `count()`, `mean("x")`, … and `get_frame()`."""
        return GroupBy(self, self._positions(by))

    def merge(
        self,
        other: FrameBase,
        all_x: bool = False,
        all_y: bool = False,
        by_x: Any = None,
        by_y: Any = None,
        method: str = "auto",
    ) -> H2OFrame:
        """Rows of two frames that agree in some columns (default: those named in both), side by side.

        `all_x` also keeps rows of this frame without a partner, `all_y` those of the other.
        """
        check_type("other", other, FrameBase)
        if (by_x is None) != (by_y is None):
            by_x = by_y = by_x if by_x is not None else by_y
        if by_x is None:
            by_x = by_y = [name for name in self.names if name in other.names]
            if not by_x:
                raise H2OValueError("The frames have no column in common: name those to join by in 'by_x' and 'by_y'.")
        return self._derive("merge", other, all_x, all_y, self._positions(by_x), other._positions(by_y), method)

    def pivot(self, index: str, column: str, value: str) -> H2OFrame:
        """A row a value of `index`, a column a level of `column`, filled from `value`."""
        for name in (index, column, value):
            check_type("index, column and value", name, str)
            self._position(name)
        self._check_types(self._positions([index, column]), ("enum", "time", "int"))
        return self._derive("pivot", index, column, value)

    def melt(
        self,
        id_vars: Sequence[str],
        value_vars: Sequence[str] | None = None,
        var_name: str = "variable",
        value_name: str = "value",
        skipna: bool = False,
    ) -> H2OFrame:
        """A row a value: the identifying columns, the name of the column and its value."""
        check_type("id_vars", id_vars, [str])
        check_type("value_vars", value_vars, None, [str])
        self._positions([*id_vars, *(value_vars or [])])
        return self._derive("melt", id_vars, value_vars, var_name, value_name, skipna)

    def transpose(self) -> H2OFrame:
        """Rows as columns."""
        return self._derive("t")

    def drop_duplicates(self, columns: Any, keep: str = "first") -> H2OFrame:
        """One row, the first or the last, for each combination of values of some columns."""
        check_choice("keep", keep, ("first", "last"))
        return self._derive("dropdup", self._positions(columns), keep)._evaluated()

    # --- missing values ---------------------------------------------------------------------------------------------

    def na_omit(self) -> H2OFrame:
        """The rows without any missing value."""
        return self._derive("na.omit", info=self._like().with_changes(nrows=None))

    def fillna(self, method: str = "forward", axis: int = 0, maxlen: int = 1) -> H2OFrame:
        """Missing values filled from their neighbours, at most `maxlen` in a row; down columns (0) or along rows (1)."""
        check_choice("method", method, ("forward", "backward"))
        check_choice("axis", axis, (0, 1))
        check_type("maxlen", maxlen, int)
        return self._derive("h2o.fillna", method, axis, maxlen, info=self._shape_info())

    def impute(
        self,
        column: int | str = -1,
        method: str = "mean",
        combine_method: str = "interpolate",
        by: Any = None,
        group_by_frame: FrameBase | None = None,
        values: Sequence[Any] | None = None,
    ) -> Any:
        """Fills missing values in place: of one column, or of all (-1), with their mean, median or mode.

        With `by`, those of each group; `values` gives the fillers, one a column. The fillers come back: a list, or a frame
        of groups.
        """
        check_choice("method", method, ("mean", "median", "mode"))
        position = -1 if column == -1 else self._position(column)
        groups = None if by is None else self._positions(by)
        fillers = "_" if values is None else self._fillers(values)
        self._evaluated()
        source = "_" if group_by_frame is None else group_by_frame
        arguments = (position, method, combine_method, groups, source, fillers)
        if groups is not None or group_by_frame is not None:
            result: Any = self._derive("h2o.impute", *arguments)._evaluated()
        else:
            result = self._scalar("h2o.impute", *arguments)
        self.refresh()
        return result

    def _fillers(self, values: Sequence[Any]) -> list[Any]:
        if len(values) != self.ncols:
            raise H2OValueError(
                f"'values' needs one for each of the {self.ncols} columns. Got {len(values)}.", "values"
            )
        fillers: list[Any] = []
        types, names = self.types, self.names
        for position, value in enumerate(values):
            if types[names[position]] != "enum" or not isinstance(value, str):
                fillers.append(value)
                continue
            levels = (self[position].levels() or [[]])[0]  # type: ignore[index]
            if value not in levels:
                raise no_column(value, levels, f"levels of {names[position]!r}")
            fillers.append(levels.index(value))
        return fillers

    def insert_missing_values(self, fraction: float = 0.1, seed: int | None = None) -> H2OFrame:
        """Makes a share of the values missing, at random and in place."""
        data = {"dataset": self._key(), "fraction": fraction, "seed": seed}
        reply = session.offered("insert_missing_values()", "POST /3/MissingInserter", data)
        H2OJob(reply, "Insert Missing Values").poll()
        self.refresh()
        return self  # type: ignore[return-value]

    # --- other ------------------------------------------------------------------------------------------------------

    def scale(self, center: Any = True, scale: Any = True) -> H2OFrame:
        """Columns less their means and divided by their standard deviations; either can be False or a list of numbers."""
        return self._derive("scale", center, scale, info=self._like().with_changes(types=None))

    def rep_len(self, length_out: int) -> H2OFrame:
        """The only column repeated to that length; of several columns, the columns repeated to that number."""
        return self._derive("rep_len", length_out)

    def apply(self, fun: Callable[[Any], Any] | None = None, axis: int = 0) -> H2OFrame:
        """A function of each column (`axis=0`) or row (`axis=1`), given as a lambda of frame verbs and operators."""
        from artesian.client.lambdas import trace

        check_choice("axis", axis, (0, 1))
        if not callable(fun):
            raise H2OTypeError(f"The argument 'fun' must be a function. Got a {type(fun).__name__}.", "fun")
        return self._derive("apply", 1 + (axis == 0), AstName(trace(fun)))

    def interaction(
        self,
        factors: Sequence[str | int],
        pairwise: bool,
        max_factors: int,
        min_occurrence: int,
        destination_frame: str | None = None,
    ) -> H2OFrame:
        """Categorical columns that combine the levels of others: of all of them, or of each pair."""
        from artesian.client.objects import interaction

        return interaction(self, factors, pairwise, max_factors, min_occurrence, destination_frame)  # type: ignore[arg-type]
