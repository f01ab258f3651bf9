"""Frames of contributions (Shapley values): all of them, or the largest and smallest of each row with their columns' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.model import real_column

Floats = NDArray[np.float64]
BIAS = "BiasTerm"


@dataclass(frozen=True)
class Contributions:
    """How contributions are told.

    `top_n`, `bottom_n`: so many largest and smallest of each row, a negative number for all; `compare_abs` orders by size.
    `background`: rows to compare with, `per_reference` each by itself. `output_space`: on the scale of the response.
    `compact`: one column a predictor, where it is otherwise one a level.
    """

    compact: bool = False
    top_n: int = 0
    bottom_n: int = 0
    compare_abs: bool = False
    background: Frame | None = None
    output_space: bool = False
    per_reference: bool = False

    @classmethod
    def of(cls, value: Any) -> Self:
        """From the options of a request (or True: none). InvalidArgument for some that do not go together."""
        given = value if isinstance(value, Mapping) else {}
        options = cls(
            compact=str(given.get("output_format") or "Original").lower() == "compact",
            top_n=int(given.get("top_n") or 0),
            bottom_n=int(given.get("bottom_n") or 0),
            compare_abs=bool(given.get("compare_abs")),
            background=given.get("background_frame"),
            output_space=bool(given.get("output_space")),
            per_reference=bool(given.get("output_per_reference")),
        )
        if options.background is None and options.per_reference:
            raise InvalidArgument("The option output_per_reference needs a background_frame.")
        if options.background is None and options.output_space:
            raise InvalidArgument("The option output_space needs a background_frame.")
        if options.background is not None and options.sorts:
            raise InvalidArgument("With a background_frame contributions are not sorted: leave top_n and bottom_n out.")
        if options.background is not None and options.background.n_rows == 0:
            raise InvalidArgument("The background_frame has no rows.")
        return options

    @property
    def sorts(self) -> bool:
        """Whether the largest and smallest are told with their names."""
        return self.top_n != 0 or self.bottom_n != 0


def contribution_frame(names: Sequence[str], values: Floats, options: Contributions) -> Frame:
    """The frame of contributions [n, columns + 1], the bias last."""
    if not options.sorts:
        return Frame([*names, BIAS], [real_column(values[:, i]) for i in range(values.shape[1])], len(values))
    n_columns = len(names)
    top, bottom = (n_columns if n < 0 or n > n_columns else n for n in (options.top_n, options.bottom_n))
    everything = options.top_n < 0 or options.bottom_n < 0 or options.top_n + options.bottom_n >= n_columns
    keys = np.abs(values[:, :-1]) if options.compare_abs else values[:, :-1]
    falling, rising = np.argsort(-keys, axis=1, kind="stable"), np.argsort(keys, axis=1, kind="stable")
    if top and bottom and everything:  # all of them, largest first
        places = falling
    else:
        places = np.concatenate([falling[:, :top], rising[:, :bottom]], axis=1)
    titles = [f"top_{{}}_{i + 1}" for i in range(top)] + [f"bottom_{{}}_{i + 1}" for i in range(bottom)]
    domain = [*names, BIAS]
    found: dict[str, Column] = {}
    for place, title in zip(range(places.shape[1]), titles, strict=False):
        chosen = places[:, place]
        found[title.format("feature")] = Column.enums(pl.Series(np.ascontiguousarray(chosen)), domain)
        found[title.format("value")] = real_column(np.take_along_axis(values, chosen[:, None], axis=1)[:, 0])
    found[BIAS] = real_column(values[:, -1])
    return Frame(list(found), list(found.values()), len(values))
