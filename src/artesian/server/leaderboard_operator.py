"""The operator of the expression language that ranks models: `makeLeaderboard`. It registers when the routes are loaded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import polars as pl

from artesian.core.errors import InvalidArgument, NotFound, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.registry import STRING, VALUE, Context, operator
from artesian.server.automl_runs import models_of
from artesian.server.environment import StoreEnvironment
from artesian.server.state import Server
from artesian.store import Kind

if TYPE_CHECKING:
    from artesian.learn.base.table import Table
    from artesian.search.leaderboard import ScoringData


@operator(
    "makeLeaderboard",
    VALUE("models"),
    STRING("leaderboard_frame"),
    STRING("sort_metric"),
    VALUE("extensions"),
    STRING("scoring_data"),
    doc="Ranks models by a metric, those of grids and AutoML runs too.",
)
def make_leaderboard(
    context: Context, models: Any, leaderboard_frame: str, sort_metric: str, extensions: Any, scoring_data: str
) -> Frame:
    """A frame with a row a model, best first: its key, its metrics and the extra columns asked for.

    `leaderboard_frame` is the key of a frame whose metrics count, or empty; then `scoring_data` says which metrics of the
    models count: `xval`, `valid`, `train`, or `auto` for the first of these that all models have. Extra columns are those of
    `search.leaderboard`; the time of a prediction needs a frame.
    """
    from artesian.search.leaderboard import SCORING_DATA, Leaderboard, extension_names
    from artesian.search.measuring import measure

    environment = context.environment
    if not isinstance(environment, StoreEnvironment):
        raise InvalidArgument("This operator needs a server: models live there.")
    server = environment.server
    keys = _models(server, _texts(models, "models"))
    names = extension_names(_texts(extensions, "extensions"))
    source = scoring_data.strip().lower()
    if source not in SCORING_DATA:
        raise InvalidArgument(
            f"The scoring_data must be one of {', '.join(SCORING_DATA)}. Got '{scoring_data}'.", argument="scoring_data"
        )
    by_frame = bool(leaderboard_frame) and source == "auto"
    timed = "predict_time_per_row_ms" in names
    if timed and not leaderboard_frame:
        raise InvalidArgument("The column predict_time_per_row_ms needs a leaderboard_frame.", argument="extensions")
    if leaderboard_frame and leaderboard_frame not in server.store:
        raise NotFound(f"There is no frame '{leaderboard_frame}'.", name=leaderboard_frame)
    measured, columns = None, {}
    if by_frame or timed:
        found = measure(server.trainer, keys, leaderboard_frame, metrics=by_frame, times=timed)
        measured = {key: item["metrics"] for key, item in found.items()} if by_frame else None
        columns["predict_time_per_row_ms"] = {key: item["ms_per_row"] for key, item in found.items()}
    details = [server.store.model_details(key) for key in keys]
    of = "auto" if by_frame else _available(details, source)
    ranked = Leaderboard.of(details, sort_metric, metrics_of=of, measured=measured, columns=columns)
    return _frame(ranked.table("Leaderboard", names))


def _texts(value: Any, what: str) -> list[str]:
    """A list of texts; one alone, or none, is a list too."""
    items = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(item, str) for item in items):
        raise InvalidArgument(f"The {what} must be a list of strings.", argument=what)
    return [item for item in items if item]


def _models(server: Server, given: Iterable[str]) -> list[str]:
    """The models that keys name; a grid or an AutoML run stands for all of its models."""
    store = server.store
    found: list[str] = []
    for key in given:
        if key not in store:
            raise NotFound(f"There is no model '{key}'.{did_you_mean(key, store.keys(Kind.MODEL))}", name=key)
        kind = store.kind_of(key)
        if kind is Kind.MODEL:
            found.append(key)
        elif kind is Kind.GRID:
            found += [model for model in store.document(kind, key)["model_ids"] if model in store]
        elif kind is Kind.AUTOML:
            found += models_of(server, store.document(kind, key))
        else:
            raise InvalidArgument(
                f"Leaderboards rank models, grids and AutoML runs; '{key}' is a {kind.value}.", name=key
            )
    if not found:
        raise InvalidArgument("A leaderboard needs at least one model.", argument="models")
    return list(dict.fromkeys(found))


def _available(details: list[dict[str, Any]], wanted: ScoringData) -> ScoringData:
    """The source of metrics that all models have: the one wanted, else the next of cross-validation, validation, training."""
    held_out = all(item.get("cross_validation_metrics") is not None for item in details)
    validated = all(item.get("validation_metrics") is not None for item in details)
    if wanted in ("auto", "xval") and held_out:
        return "xval"
    return "valid" if wanted != "train" and validated else "train"


def _frame(table: Table) -> Frame:
    """The table as a frame: texts stay texts, numbers are as narrow as they can be."""
    columns = []
    for column, cells in zip(table.columns, table.data, strict=True):
        if column.type == "string":
            columns.append(Column(ColumnType.STRING, pl.Series(column.name, cells, dtype=pl.String)))
        elif column.type in ("int", "long"):
            columns.append(Column.integers(pl.Series(column.name, cells, dtype=pl.Int64)))
        else:
            values = pl.Series(column.name, cells, dtype=pl.Float64).fill_nan(None)
            columns.append(Column.reals(values))
    return Frame(list(table.column_names), columns)
