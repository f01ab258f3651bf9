"""Statistics of columns: sums, moments, quantiles, correlations, counts, histograms, and running totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import config
from artesian.client.checks import Number, check_choice, check_type
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame.base import FrameBase

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_USES = (None, "everything", "all.obs", "complete.obs")
_DEFAULT_PROBABILITIES = (0.01, 0.1, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9, 0.99)


class Reducers(FrameBase):
    """Verbs that reduce columns."""

    def min(self) -> float:
        """The least value of all columns."""
        return float(self._scalar("min"))

    def max(self) -> float:
        """The greatest value of all columns."""
        return float(self._scalar("max"))

    def sum(self, skipna: bool = True, axis: int = 0, **others: Any) -> Any:
        """The sum of all values, without the missing ones unless `skipna=False`.

        With `return_frame=True`, a frame of the sums of each column (`axis=0`) or of each row (`axis=1`).
        """
        skipna, return_frame = _options("sum", skipna, others)
        check_choice("axis", axis, (0, 1))
        if return_frame:
            return self._derive("sumaxis", skipna, axis)
        return self._scalar("sumNA" if skipna else "sum")

    def mean(self, skipna: bool = True, axis: int = 0, **others: Any) -> Any:
        """The means of the columns (`axis=0`) or of the rows (`axis=1`), without missing values unless `skipna=False`.

        Column means come as a list, or with `return_frame=True` as a frame; row means are always a frame.
        """
        skipna, return_frame = _options("mean", skipna, others)
        check_choice("axis", axis, (0, 1))
        means = self._derive("mean", skipna, axis)
        return means if return_frame or (axis == 1 and self.nrows != 1) else means.getrow()

    def median(self, na_rm: bool = False) -> Any:
        """The median of each column, as a list; with `na_rm` missing values are left out."""
        return self._scalar("median", na_rm)

    def sd(self, na_rm: bool = False) -> Any:
        """The standard deviation of each column, as a list."""
        return self._scalar("sd", na_rm)

    def skewness(self, na_rm: bool = False) -> Any:
        """The skewness of each column, as a list."""
        return self._scalar("skewness", na_rm)

    def kurtosis(self, na_rm: bool = False) -> Any:
        """The kurtosis of each column, as a list."""
        return self._scalar("kurtosis", na_rm)

    def prod(self, na_rm: bool = False) -> float:
        """The product of all values."""
        return float(self._scalar("prod.na" if na_rm else "prod"))

    def nacnt(self) -> list[float]:
        """The number of missing values of each column."""
        counts = self._scalar("naCnt")
        return counts if isinstance(counts, list) else [counts]

    def any(self) -> bool:
        """Whether any value is not 0; missing values count as such."""
        return bool(self._scalar("any"))

    def any_na_rm(self) -> bool:
        """Whether any value, missing ones left out, is not 0."""
        return bool(self._scalar("any.na"))

    def all(self) -> bool:
        """Whether no value is 0."""
        return bool(self._scalar("all"))

    def var(self, y: FrameBase | None = None, na_rm: bool = False, use: str | None = None) -> Any:
        """The variance of one column, or the covariances of the columns with those of `y` (default: with themselves).

        `use` says what missing values do: 'everything' makes results missing, 'complete.obs' leaves their rows out (so
        does `na_rm`), 'all.obs' refuses them. One number for single columns, else a frame.
        """
        check_choice("use", use, _USES)
        other = self if y is None else y
        arguments = (other, use or ("complete.obs" if na_rm else "everything"), y is None)
        return self._pairwise("var", other, arguments)

    def cor(
        self, y: FrameBase | None = None, na_rm: bool = False, use: str | None = None, method: str = "Pearson"
    ) -> Any:
        """The correlation of one column with another, or of all columns with those of `y`; Pearson's or Spearman's."""
        check_choice("use", use, _USES)
        check_choice("method", method, ("Pearson", "Spearman"))
        other = self if y is None else y
        return self._pairwise("cor", other, (other, use or ("complete.obs" if na_rm else "everything"), method))

    def _pairwise(self, op: str, other: FrameBase, arguments: tuple[Any, ...]) -> Any:
        if self.nrows == 1 or (self.ncols == 1 and other.ncols == 1):
            return self._scalar(op, *arguments)
        return self._derive(op, *arguments)._evaluated()

    def distance(self, y: FrameBase, measure: str | None = None) -> H2OFrame:
        """The distance of each row to each row of `y`: 'l1', 'l2' (default), 'cosine' or 'cosine_sq'."""
        check_type("y", y, FrameBase)
        check_choice("measure", measure, (None, "l1", "l2", "cosine", "cosine_sq"))
        return self._derive("distance", y, measure or "l2")._evaluated()

    def quantile(
        self,
        prob: Sequence[float] | None = None,
        combine_method: str = "interpolate",
        weights_column: str | FrameBase | None = None,
    ) -> H2OFrame:
        """The quantiles of the numeric columns: a frame with a row a probability.

        `combine_method` says what stands between two values: 'interpolate', 'average', 'low' or 'high'.
        """
        check_choice("combine_method", combine_method, ("interpolate", "average", "avg", "low", "high"))
        check_type("prob", prob, None, [Number])
        if self.nrows == 0:
            return self  # type: ignore[return-value]
        source: FrameBase = self
        if isinstance(weights_column, FrameBase):
            if weights_column.shape != (self.nrows, 1):
                raise H2OValueError(f"The weights must be one column of {self.nrows} rows. Got {weights_column.shape}.")
            source = self._derive("cbind", weights_column)
            weights_column = source.names[-1]
        probabilities = list(_DEFAULT_PROBABILITIES if prob is None else prob)
        return source._derive("quantile", probabilities, combine_method, weights_column or "_")

    def cumsum(self, axis: int = 0) -> H2OFrame:
        """Running sums down the columns (`axis=0`) or along the rows (`axis=1`)."""
        return self._derive("cumsum", axis, info=self._shape_info())

    def cumprod(self, axis: int = 0) -> H2OFrame:
        """Running products."""
        return self._derive("cumprod", axis, info=self._shape_info())

    def cummin(self, axis: int = 0) -> H2OFrame:
        """Running minima."""
        return self._derive("cummin", axis, info=self._shape_info())

    def cummax(self, axis: int = 0) -> H2OFrame:
        """Running maxima."""
        return self._derive("cummax", axis, info=self._shape_info())

    def difflag1(self) -> H2OFrame:
        """The difference of each value to the one before; one numeric column."""
        self._require_single("difflag1()")
        return self._derive("difflag1", info=self._like())

    def idxmax(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Where the greatest value is: its row in each column (`axis=0`) or its column in each row (`axis=1`)."""
        return self._derive("which.max", skipna, axis)

    def idxmin(self, skipna: bool = True, axis: int = 0) -> H2OFrame:
        """Where the least value is."""
        return self._derive("which.min", skipna, axis)

    def which(self) -> H2OFrame:
        """The numbers of the rows whose value is not 0."""
        return self._derive("which")

    def table(self, data2: FrameBase | None = None, dense: bool = True) -> H2OFrame:
        """How often each value occurs, or each pair of values of one or two columns; `dense` leaves out pairs that never do."""
        return self._derive("table", dense) if data2 is None else self._derive("table", data2, dense)

    def unique(self, include_nas: bool = False) -> H2OFrame:
        """The different values of one column."""
        return self._derive("unique", include_nas)

    def hist(
        self, breaks: Any = "sturges", plot: bool = True, save_plot_path: str | None = None, server: bool = False
    ) -> Any:
        """The histogram of one numeric column: a frame of breaks, counts, mid points and densities; also drawn if `plot`.

        `breaks` is a number of bins, a list of bounds, or a rule: sturges, rice, sqrt, doane, fd, scott.
        """
        if isinstance(breaks, str):
            breaks = breaks.lower()
            check_choice("breaks", breaks, ("sturges", "rice", "sqrt", "doane", "fd", "scott"))
        else:
            check_type("breaks", breaks, int, [Number])
        name = self._require_single("hist()")
        bins = self._derive("hist", breaks)._evaluated()
        if not plot:
            bins["density"] = bins["counts"] / (bins["breaks"].difflag1() * bins["counts"].sum())
            return bins
        from artesian.client.plots import histogram

        return histogram(bins, name, server=server, save_plot_path=save_plot_path)

    def topNBottomN(self, column: int | str = 0, nPercent: float = 10, grabTopN: int = -1) -> H2OFrame:  # noqa: N802
        """The greatest (`grabTopN=1`) or least (-1) `nPercent` percent of a numeric column, with their row numbers."""
        if not 0 <= nPercent <= 100:
            raise H2OValueError(f"The argument 'nPercent' must be from 0 to 100. Got {nPercent}.", "nPercent")
        if round(nPercent * 0.01 * self.nrows) == 0:
            raise H2OValueError(
                f"{nPercent} percent of {self.nrows} rows are none: give a greater 'nPercent'.", "nPercent"
            )
        position = self._position(column)
        kind = self.types[self.names[position]]
        if kind not in ("int", "real"):
            raise H2OTypeError(f"Only numbers have a top. The column {self.names[position]!r} is of type {kind}.")
        return self._derive("topn", position, nPercent, grabTopN)

    def topN(self, column: int | str = 0, nPercent: float = 10) -> H2OFrame:  # noqa: N802
        """The greatest `nPercent` percent of a numeric column, with their row numbers."""
        return self.topNBottomN(column, nPercent, 1)

    def bottomN(self, column: int | str = 0, nPercent: float = 10) -> H2OFrame:  # noqa: N802
        """The least `nPercent` percent of a numeric column, with their row numbers."""
        return self.topNBottomN(column, nPercent, -1)

    def isax(self, num_words: int, max_cardinality: int, optimize_card: bool = False) -> H2OFrame:
        """The iSAX words of time series, one a row (Shieh and Keogh, 2008)."""
        for name, value in (("num_words", num_words), ("max_cardinality", max_cardinality)):
            check_type(name, value, int)
            if value <= 0:
                raise H2OValueError(f"The argument '{name}' must be above 0. Got {value}.", name)
        return self._derive("isax", num_words, max_cardinality, optimize_card)

    def isna(self) -> H2OFrame:
        """1 where a value is missing, else 0."""
        names = [f"isNA({name})" for name in self.names]
        info = FrameInfo(self._info.nrows, self._info.ncols, names, dict.fromkeys(names, "int"))
        return self._wrap(ExprNode("is.na", self, info=info))


def _options(verb: str, skipna: bool, others: dict[str, Any]) -> tuple[bool, bool]:
    """`skipna` and `return_frame` out of further keywords, of which `na_rm` is an older name of the first.

    The setting general.allow_breaking_changes of `.h2oconfig` says what holds for `return_frame` where it is not given.
    """
    check_type("skipna", skipna, bool)
    skipna = bool(others.pop("na_rm", skipna))
    return_frame = bool(others.pop("return_frame", config.flag("general.allow_breaking_changes")))
    if others:
        raise H2OTypeError(f"{verb}() has no argument '{next(iter(others))}'.")
    return skipna, return_frame
