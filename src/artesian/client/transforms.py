"""Transformations of frames with `fit` and `transform`: scaling, choosing columns, and operations on columns.

They work on the verbs of frames, so that no server needs to know them, and leave the frames that they are given as they are.
Sending a chain of them to the server as one pipeline (H2OAssembly) is not here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from artesian.client.checks import Number, check_type
from artesian.client.exceptions import H2OValueError

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

__all__ = ["H2OBinaryOp", "H2OCol", "H2OColOp", "H2OColSelect", "H2OScaler", "H2OTransformer"]


class H2OTransformer:
    """What all of them share: parameters by name, and `fit_transform`."""

    def __init__(self, **parameters: Any) -> None:
        self.parms = parameters

    def fit(self, X: H2OFrame, y: Any = None, **params: Any) -> Self:
        """Learns from a frame what `transform` needs; most need nothing."""
        return self

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The frame transformed."""
        raise AttributeError(f"{type(self).__name__} has no 'transform'.")

    def inverse_transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The frame that `transform` gave this one for."""
        raise AttributeError(f"{type(self).__name__} has no 'inverse_transform'.")

    def fit_transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """`fit`, then `transform`, of the same frame."""
        return self.fit(X, y, **params).transform(X, **params)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name; with `deep` also those of transformers among them, as `name__inner`."""
        found: dict[str, Any] = {}
        for name, value in self.parms.items():
            if deep and isinstance(value, H2OTransformer):
                found |= {f"{name}__{inner}": one for inner, one in value.get_params().items()}
            found[name] = value
        return found

    def set_params(self, **params: Any) -> Self:
        """Changes parameters."""
        unknown = sorted(set(params) - set(self.parms))
        if unknown:
            raise H2OValueError(
                f"{type(self).__name__} has no parameter '{unknown[0]}'. It has {', '.join(self.parms)}.", unknown[0]
            )
        self.parms.update(params)
        return self


class H2OScaler(H2OTransformer):
    """Takes the mean from each numeric column and divides it by its standard deviation.

    `center` and `scale` are True (the column's own mean and deviation, missing values left out), False (nothing is done), or
    a number a column. Other columns stay as they are, and a constant one is not divided. The official client's scaler says
    the same of itself, but multiplies by the deviations, and passes over numbers that it is given.
    """

    def __init__(self, center: bool | Sequence[float] = True, scale: bool | Sequence[float] = True) -> None:
        for name, value in (("center", center), ("scale", scale)):
            check_type(name, value, bool, [Number])
        super().__init__(center=center, scale=scale)
        self._means: Sequence[float] | bool | None = None
        self._stds: Sequence[float] | bool | None = None

    @property
    def means(self) -> Sequence[float] | bool | None:
        """What is taken from each column; False for nothing, None before `fit`."""
        return self._means

    @property
    def stds(self) -> Sequence[float] | bool | None:
        """What each column is divided by; False for nothing, None before `fit`."""
        return self._stds

    def fit(self, X: H2OFrame, y: Any = None, **params: Any) -> Self:
        """Computes means and deviations, where they were not given."""
        center, scale = self.parms["center"], self.parms["scale"]
        for name, value in self.parms.items():
            if not isinstance(value, bool) and len(value) != X.ncol:
                raise H2OValueError(f"The frame has {X.ncol} columns. Got {len(value)} numbers in '{name}'.", name)
        self._means = X.mean(return_frame=True).getrow() if center is True else center
        self._stds = X.sd(na_rm=True) if scale is True else scale
        if isinstance(self._stds, float):  # of a single column
            self._stds = [self._stds]
        return self

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The frame scaled."""
        means, stds = self._fitted()
        factors = stds if isinstance(stds, bool) else [1 / std if std else 1.0 for std in stds]
        return X.scale(means, factors)

    def inverse_transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The frame with its scaling undone."""
        means, stds = self._fitted()
        result = X._wrap(X._ex)
        numeric = [position for position, flag in enumerate(X.isnumeric()) if flag]
        for position in numeric:
            mean, std = (values[position] if not isinstance(values, bool) else None for values in (means, stds))
            column = result[position]
            if std is not None and not math.isnan(std):
                column = column * std
            if mean is not None and not math.isnan(mean):
                column = column + mean
            result[position] = column
        return result

    def _fitted(self) -> tuple[Sequence[float] | bool, Sequence[float] | bool]:
        if self._means is None or self._stds is None:
            raise H2OValueError("This H2OScaler was not fitted: call fit() with a frame first.")
        return self._means, self._stds


class H2OColSelect(H2OTransformer):
    """Chooses columns, by name or number."""

    def __init__(self, cols: Sequence[str | int] | str | int) -> None:
        super().__init__(cols=cols)
        self.cols = cols

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The frame of the chosen columns."""
        chosen: H2OFrame = X[self.parms["cols"]]
        return chosen


class H2OCol:
    """A column of the frame, as the other side of an H2OBinaryOp."""

    def __init__(self, column: str | int) -> None:
        self.col = column


class H2OColOp(H2OTransformer):
    """A function of a column, or of the whole frame without one, such as `H2OColOp(H2OFrame.log, col="price")`.

    With `inplace` the result takes the column's place, else it comes as a new column behind, called `new_col_name`. `params`
    are further arguments of the function.
    """

    def __init__(
        self,
        op: Callable[..., Any],
        col: str | int | None = None,
        inplace: bool = True,
        new_col_name: str | None = None,
        **params: Any,
    ) -> None:
        check_type("col", col, None, str, int)
        check_type("new_col_name", new_col_name, None, str)
        if not callable(op):
            raise H2OValueError("The argument 'op' must be a function of a frame, such as H2OFrame.log.", "op")
        if inplace and new_col_name is not None:
            raise H2OValueError("A new column is named only with inplace=False.", "new_col_name")
        if inplace and col is None:
            raise H2OValueError("Give the column whose place the result takes, or inplace=False.", "col")
        super().__init__(op=op, col=col, inplace=inplace, new_col_name=new_col_name)
        self.params = params

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """The frame with the result."""
        made = self._computed(X)
        if self.parms["inplace"]:
            result = X._wrap(X._ex)
            result[self.parms["col"]] = made
            return result
        if self.parms["new_col_name"] is not None:
            made = made._wrap(made._ex)
            made.set_names([self.parms["new_col_name"]])
        return X.cbind(made)

    def _computed(self, X: H2OFrame) -> H2OFrame:
        col = self.parms["col"]
        result: H2OFrame = self.parms["op"](X if col is None else X[col], **self.params)
        return result


class H2OBinaryOp(H2OColOp):
    """A function of a column and another value: a number, a text or an `H2OCol`, which is its `left` or its `right` side."""

    def __init__(
        self,
        op: Callable[..., Any],
        col: str | int,
        inplace: bool = True,
        new_col_name: str | None = None,
        left: Any = None,
        right: Any = None,
        **params: Any,
    ) -> None:
        if (left is None) == (right is None):
            raise H2OValueError("Give the other side of the operation as either 'left' or 'right'.", "left")
        super().__init__(op, col, inplace, new_col_name, **params)
        self.parms |= {"left": left, "right": right}

    def _computed(self, X: H2OFrame) -> H2OFrame:
        left, right = (
            X[side.col] if isinstance(side, H2OCol) else side for side in (self.parms["left"], self.parms["right"])
        )
        column = X[self.parms["col"]]
        sides = (column, right) if left is None else (left, column)
        result: H2OFrame = self.parms["op"](*sides, **self.params)
        return result
