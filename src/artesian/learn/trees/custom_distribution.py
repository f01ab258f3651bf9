"""Boosting by a distribution in a client's program code: an object with `link`, `init`, `gradient` and `gamma`.

What H2O-3 does with the four (hex.tree.gbm.GBM, water.udf.CDistributionFunc):

- `link()` names the link, by whose inverse outputs become predictions (of several classes it is the softmax anyway);
- `init(w, o, y)` gives two numbers for each row, whose sums are above and below the bar of the mean to start from;
- `gradient(y, f)` is half the negative gradient of the deviance, by the output `f`; of three or more classes
  `gradient(y, f, l)`, by the probability `f` that the row is of the class number `l`, with its own class as `y`;
- `gamma(w, y, z, f)`, with the residual `z`, gives two numbers for each row, whose sums are above and below the bar of a
  leaf's value.

Each is tried on the arrays of all rows. What comes of that counts where some rows, one by one, give the same; else, as of
code that decides by row with `if`, all rows are taken one by one, which a warning tells.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.base.custom_code import distribution_code, key_of
from artesian.learn.base.details import Category
from artesian.learn.base.jython import jython
from artesian.learn.trees.distributions import Boosted
from artesian.learn.trees.links import LINKS

Floats = NDArray[np.float64]
_TRIED_ROWS = 32
_SHAPES = {1: "a number", 2: "two numbers, those above and below the bar,"}
_LARGEST = float(np.finfo(np.float32).max)
_RUNS_AWAY = (
    "gives more than single precision holds: the training runs away. Check its sign and size, or lower learn_rate."
)
_LARGEST_STEP = 1e4
"""What H2O takes for a leaf that is infinite; and of classes the most that any leaf predicts."""


class DistributionCode:
    """The four methods, with what they give checked. `tell` takes warnings. Arrays run along the rows [n]."""

    def __init__(self, code: Any, name: str, tell: Callable[[str], None]) -> None:
        self._code, self._name, self._tell = code, name, tell
        self._row_by_row: set[str] = set()

    def link(self, category: Category) -> str:
        """The name of the link. InvalidArgument for one that there is not, or whose inverse is no share for two classes."""
        with jython():
            found = self._attempt("link", self._code.link)
        if not isinstance(found, str) or found not in LINKS:
            near = did_you_mean(found, LINKS) if isinstance(found, str) else ""
            raise InvalidArgument(
                f"{self._of('link')} must give the name of a link: {', '.join(LINKS)}. It gives {found!r}.{near}"
            )
        if category is Category.BINOMIAL and not LINKS[found].of_shares:
            shares = ", ".join(name for name, link in LINKS.items() if link.of_shares)
            raise InvalidArgument(
                f"{self._of('link')} must give, for a response of two classes, a link whose inverse is a probability: "
                f"{shares}. It gives '{found}'."
            )
        return found

    def init(self, w: Floats, o: Floats, y: Floats) -> tuple[Floats, Floats]:
        """What is summed above and below the bar of the mean to start from."""
        above, below = self._values("init", ("w", "o", "y"), (w, o, y), 2)
        return above, below

    def gradient(self, y: Floats, f: Floats, label: int | None = None) -> Floats:
        """Half the negative gradient; with the number of the class where there are several."""
        return np.asarray(self._values("gradient", ("y", "f"), (y, f), 1, () if label is None else (label,))[0])

    def gamma(self, w: Floats, y: Floats, z: Floats, f: Floats) -> tuple[Floats, Floats]:
        """What is summed above and below the bar of a leaf's value."""
        above, below = self._values("gamma", ("w", "y", "z", "f"), (w, y, z, f), 2)
        return above, below

    def check_arguments(self, several_classes: bool) -> None:
        """InvalidArgument for methods that cannot be called with what they are to be given."""
        wanted = {
            "link": (),
            "init": ("w", "o", "y"),
            "gradient": ("y", "f", "l") if several_classes else ("y", "f"),
            "gamma": ("w", "y", "z", "f"),
        }
        for method, names in wanted.items():
            try:
                inspect.signature(getattr(self._code, method)).bind(*names)
            except TypeError:
                classes = "of three or more classes" if several_classes else "of amounts or of two classes"
                raise InvalidArgument(
                    f"{self._of(method)} must take {', '.join(names) or 'nothing'} beside self for a response {classes}."
                ) from None

    # ---- calling ----

    def _of(self, method: str) -> str:
        return f"The method {method} of the custom distribution '{self._name}'"

    def _attempt(self, method: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except InvalidArgument:
            raise
        except Exception as problem:
            raise InvalidArgument(f"{self._of(method)} failed: {type(problem).__name__}: {problem}.") from problem

    def _values(
        self, method: str, names: Sequence[str], columns: Sequence[Floats], width: int, further: tuple[int, ...] = ()
    ) -> Floats:
        """What the method gives for each row [width, n], all of them finite."""
        with jython():
            found: Floats = self._attempt(method, lambda: self._called(method, columns, width, further))
        wrong = ~(np.abs(found) <= _LARGEST).all(axis=0)
        if wrong.any():
            row = int(np.argmax(wrong))
            at = ", ".join(f"{name}={column[row]:g}" for name, column in zip(names, columns, strict=True))
            at += "".join(f", l={label}" for label in further)
            given = [float(value) for value in found[:, row]]
            reason = "must give finite numbers." if not np.isfinite(given).all() else _RUNS_AWAY
            raise InvalidArgument(f"{self._of(method)} {reason} It gives {given[0] if width == 1 else given} for {at}.")
        return found

    def _called(self, method: str, columns: Sequence[Floats], width: int, further: tuple[int, ...]) -> Floats:
        function, rows = getattr(self._code, method), len(columns[0])
        if method in self._row_by_row or rows <= _TRIED_ROWS:
            return self._by_row(method, columns, width, further)
        tried = np.unique(np.linspace(0, rows - 1, _TRIED_ROWS).astype(np.int64))
        expected = self._by_row(method, [column[tried] for column in columns], width, further)
        found = _of_all_rows(function, columns, width, further)
        if found is not None and np.allclose(found[:, tried], expected, rtol=1e-9, atol=1e-12, equal_nan=True):
            return found
        self._row_by_row.add(method)
        self._tell(
            f"{self._of(method)} is called for each row by itself, since on arrays of all rows it fails or gives something "
            "else. Written for arrays, as with numpy.where in place of if, it takes a fraction of the time."
        )
        return self._by_row(method, columns, width, further)

    def _by_row(self, method: str, columns: Sequence[Floats], width: int, further: tuple[int, ...]) -> Floats:
        function = getattr(self._code, method)
        given = np.frompyfunc(lambda *row: function(*row, *further), len(columns), 1)(*columns)
        try:
            found = np.array(given.tolist(), dtype=np.float64)
            fits = found.shape == ((len(given),) if width == 1 else (len(given), width))
            if fits and not (np.isnan(found).any() and not all(_fits(value, width) for value in given.tolist())):
                return np.ascontiguousarray(found.reshape(len(given), width).T)
        except (TypeError, ValueError, OverflowError):
            pass
        example = next((value for value in given.tolist() if not _fits(value, width)), given[0])
        raise InvalidArgument(f"{self._of(method)} must give {_SHAPES[width]} for each row. It gives {example!r}.")


def _of_all_rows(
    function: Callable[..., Any], columns: Sequence[Floats], width: int, further: tuple[int, ...]
) -> Floats | None:
    """What the function makes of whole arrays [width, n]; None where it cannot take them."""
    shown = [column.view() for column in columns]
    for column in shown:
        column.flags.writeable = False
    rows = len(columns[0])
    try:
        given = function(*shown, *further)
        parts = [given] if width == 1 else list(given)
        if len(parts) != width:
            return None
        return np.array([np.broadcast_to(np.asarray(part, dtype=np.float64), (rows,)) for part in parts])
    except Exception:  # code that decides by row cannot take arrays: that is what rows are for
        return None


def _fits(value: Any, width: int) -> bool:
    """Whether a value of one row is as many numbers; None, which numpy takes for NaN, is none."""
    try:
        parts = [value] if width == 1 else list(value)
        return len(parts) == width and all(part is not None and np.ndim(float(part)) == 0 for part in parts)
    except (TypeError, ValueError):
        return False


@dataclass(frozen=True)
class CodedDistribution(Boosted):
    """See `Boosted`; `code` says what is fitted."""

    code: DistributionCode = field(kw_only=True)
    category: Category = field(kw_only=True)
    tell: Callable[[str], None] = field(kw_only=True)

    def start(self, y: Floats, w: Floats, o: Floats | None) -> float:
        """See `Boosted`; 0 of several classes, and where nothing is below the bar."""
        if self.category is Category.MULTINOMIAL:
            return 0.0
        above, below = self.code.init(w, np.zeros(len(y)) if o is None else o, y)
        total = float(below.sum())
        if total == 0:
            self.tell("The custom distribution's init gives 0 below the bar: the model starts from an output of 0.")
            return 0.0
        mean = float(above @ np.ones(len(above))) / total
        link = LINKS[self.link]
        if not link.low <= mean <= link.high:
            bounds = f"between {link.low:g} and {link.high:g}" if link.of_shares else f"of at least {link.low:g}"
            raise InvalidArgument(
                f"The link '{self.link}' of the custom distribution needs a mean {bounds}. Its init gives {mean:g}."
            )
        return float(link.link(np.array([mean]))[0])

    def residuals(self, y: Floats, f: Floats, delta: float = np.inf) -> Floats:
        """See `Boosted`."""
        return self.code.gradient(y, f)

    def response_of_class(self, classes: NDArray[np.int64], label: int) -> Floats:
        """The number of each row's own class."""
        return classes.astype(np.float64)

    def residuals_of_class(self, classes: NDArray[np.int64], label: int, share: Floats) -> Floats:
        """See `Boosted`."""
        return self.code.gradient(classes.astype(np.float64), share, label)

    def leaf_values(
        self, leaf: NDArray[np.int32], n_leaves: int, y: Floats, z: Floats, f: Floats, w: Floats, delta: float = np.inf
    ) -> Floats:
        """See `Boosted`."""
        above, below = self.code.gamma(w, y, z, f)
        upper, lower = np.bincount(leaf, above, n_leaves), np.bincount(leaf, below, n_leaves)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = np.where(lower == 0, 0.0, upper / lower)
        values = np.nan_to_num(values, nan=0.0, posinf=_LARGEST_STEP, neginf=-_LARGEST_STEP)
        return values if self.category is Category.REGRESSION else np.clip(values, -_LARGEST_STEP, _LARGEST_STEP)


def coded(reference: str, category: Category, tell: Callable[[str], None]) -> CodedDistribution:
    """The distribution of a reference. InvalidArgument where its code is not available, or is none of a distribution."""
    code = DistributionCode(distribution_code(reference), key_of(reference), tell)
    code.check_arguments(category is Category.MULTINOMIAL)
    return CodedDistribution("custom", link=code.link(category), code=code, category=category, tell=tell)
