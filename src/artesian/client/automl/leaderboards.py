"""Leaderboards as frames: of AutoML runs, and of models of any origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from artesian.client import session
from artesian.client.checks import check_choice, check_type
from artesian.client.connection import path_part
from artesian.client.exceptions import H2OTypeError
from artesian.client.expr import ExprNode
from artesian.client.frame.frame import H2OFrame, validated_frame
from artesian.client.job import quietly
from artesian.client.two_dim_table import H2OTwoDimTable

_SCORING_DATA = ("auto", "xval", "valid", "train")
_FRAME_TYPES = {"string": "string", "int": "int", "long": "int", "double": "real", "float": "real"}


def frame_of(table: H2OTwoDimTable, key: str | None = None) -> H2OFrame:
    """A table as a frame in the server, of that name; without the column that counts the rows."""
    first = 1 if table.col_header and not table.col_header[0] else 0
    names = table.col_header[first:]
    kinds = [_FRAME_TYPES.get(kind, "string") for kind in table.col_types[first:]]
    columns = {name: [None if value == "" or value is None else value for value in table[name]] for name in names}
    with quietly():
        return H2OFrame(columns, destination_frame=key, column_types=kinds)


def fetched_leaderboard(run: str, extensions: str | Sequence[str] | None = None) -> H2OFrame:
    """The leaderboard of a run, with extra columns."""
    check_type("extra_columns", extensions, None, str, [str])
    wanted = [] if extensions is None else [extensions] if isinstance(extensions, str) else list(extensions)
    reply = session.api(f"GET /99/Leaderboards/{path_part(run)}", data={"extensions": wanted})
    project = reply["project_name"].split("@", 1)[0]
    return frame_of(reply["table"], f"{project}_custom_leaderboard")


def make_leaderboard(
    object: Any,
    leaderboard_frame: H2OFrame | str | None = None,
    sort_metric: str = "AUTO",
    extra_columns: str | Sequence[str] = (),
    scoring_data: str = "AUTO",
) -> H2OFrame:
    """Ranks models, grids and AutoML runs (one, or a list of them): a frame with a row a model, the best first.

    `leaderboard_frame` is a frame to measure them on. Without it `scoring_data` says which of their metrics count: 'xval',
    'valid' or 'train'; 'AUTO' takes the first of these that all models have. `extra_columns` adds columns: 'training_time_ms',
    'predict_time_per_row_ms' (needs a frame), 'algo', or 'ALL'.
    """
    check_type("sort_metric", sort_metric, str)
    check_type("extra_columns", extra_columns, str, [str])
    check_type("scoring_data", scoring_data, str)
    check_choice("scoring_data", scoring_data.lower(), _SCORING_DATA)
    frame = validated_frame(leaderboard_frame, "leaderboard_frame")
    extras = [extra_columns] if isinstance(extra_columns, str) else list(extra_columns)
    key = "" if frame is None else frame.frame_id
    return H2OFrame._wrap(ExprNode("makeLeaderboard", _model_ids(object), key, sort_metric, extras, scoring_data))


def _model_ids(given: Any) -> list[str]:
    """The names of models, of those of grids and runs too."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, (list, tuple)):
        return [name for item in given for name in _model_ids(item)]
    if isinstance(given, H2OFrame):
        return column(given, "model_id")
    if hasattr(given, "leaderboard"):
        return column(given.leaderboard, "model_id")
    if hasattr(given, "model_ids"):
        return list(given.model_ids)
    if hasattr(given, "model_id"):
        return [given.model_id]
    raise H2OTypeError(f"Models, grids and AutoML runs can be ranked. Got a {type(given).__name__}.", "object")


def column(frame: H2OFrame, name: str) -> list[Any]:
    """The values of a column, in Python."""
    if frame._node is None or not frame.nrows:
        return []
    return list(frame[name].to_polars().to_series().to_list())
