"""Rows of a frame brought to Python for a look, as `H2OFrame.get_frame` was asked for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.connection import path_part

if TYPE_CHECKING:
    from artesian.client.expr import ExprNode


class Fetched:
    """What is known here of a frame, under the names that scripts written for H2O reach for: `frame._ex._cache`.

    The rows are fetched when `_data` is first looked at: by the name of each column that was asked for in full the server's
    description of it, its values as `data`.
    """

    def __init__(self, node: ExprNode, rows: dict[str, Any], light: bool) -> None:
        self._id = node.evaluate()
        self._nrows, self._ncols = node.info.nrows, node.info.ncols
        self._names, self._types = node.info.names, node.info.types
        self._l: int = rows["row_count"]
        self._request, self._light = rows, light

    @cached_property
    def _data(self) -> dict[str, dict[str, Any]]:
        path = f"GET /3/Frames/{path_part(self._id)}{'/light' if self._light else ''}"
        columns = session.api(path, data=self._request)["frames"][0]["columns"]
        shown = {column["label"]: column["string_data"] or column["data"] for column in columns}
        rest = ("label", "data", "string_data")
        described = {column["label"]: {k: v for k, v in column.items() if k not in rest} for column in columns}
        return {name: {**described[name], "data": values} for name, values in shown.items() if values}
