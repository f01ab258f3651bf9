"""Grid search: start and resume searches, look at Grids, save and load them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.core.errors import InvalidArgument, NotFound
from artesian.search.grid import (
    Grid,
    IllegalSearch,
    ranked,
    resume,
    scoring_history,
    start,
    summary_table,
)
from artesian.search.grid.ranking import default_order
from artesian.server import grid_files, lenient_json
from artesian.server.routes.builders import find_algorithm
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire import grids as wire
from artesian.server.wire.builders import parameter_values
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.keys import GRID_KEY, grid_key
from artesian.store import Kind

_OWN = ("algo", "hyper_parameters", "search_criteria", "grid_id", "parallelism", "recovery_dir", "job_id")


@route(
    "POST",
    "/99/Grid/{algo}",
    "gridSearch",
    "Trains a model for each combination of hyper-parameters.",
    takes=wire.GRID_SEARCH,
    gives=wire.GRID_SEARCH,
    free=True,
)
def search(call: Call) -> dict[str, Any]:
    """Starts a search, or extends the Grid of that key."""
    kind = find_algorithm(call["algo"])
    _check_job(call)
    given = {name: value for name, value in call.raw.items() if name not in _OWN}
    job = start(
        call.server.trainer,
        kind.name,
        given,
        _mapping(call, "hyper_parameters"),
        _mapping(call, "search_criteria"),
        call["grid_id"] or None,
        call["parallelism"] if call.was_given("parallelism") else 1,
        grid_files.keepers(call.server, given, call["recovery_dir"]),
        call["recovery_dir"] or "",
    )
    return _started(call, job)


@route(
    "POST",
    "/99/Grid/{algo}/resume",
    "resumeGridSearch",
    "Goes on with a search.",
    takes=wire.GRID_SEARCH,
    gives=wire.GRID_SEARCH,
    free=True,
)
def resume_search(call: Call) -> dict[str, Any]:
    """Goes on with the search of a Grid where it was broken off or cancelled."""
    kind = find_algorithm(call["algo"])
    _check_job(call)
    if not call["grid_id"]:
        raise InvalidArgument("The parameter 'grid_id' is required: which grid is to be resumed?", argument="grid_id")
    grid = Grid.load(call.server.store, call["grid_id"])
    if grid.algorithm != kind.name:
        raise InvalidArgument(f"The grid '{grid.key}' is one of {grid.algorithm}, not of {kind.name}.", argument="algo")
    keepers = grid_files.keepers(call.server, grid.given, call["recovery_dir"])
    return _started(call, resume(call.server.trainer, grid.key, keepers))


def _check_job(call: Call) -> None:
    if call["job_id"]:
        raise IllegalSearch("The parameter 'job_id' is not available: jobs get their keys from the server.", "job_id")


def _mapping(call: Call, name: str) -> Mapping[str, Any]:
    """A mapping that a request carries as text or as JSON; an empty one where it carries none."""
    raw = call.raw.get(name)
    try:
        value = lenient_json.loads(raw) if isinstance(raw, str) and raw.strip() else raw
    except InvalidArgument as problem:
        raise IllegalSearch(f"Can't parse the {name} dictionary: {problem.message}.", name) from problem
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise IllegalSearch(f"Can't parse the {name} dictionary: it must be values by name. Got {raw!r}.", name)
    return value


def _started(call: Call, job: Any) -> dict[str, Any]:
    grid = Grid.load(call.server.store, job.dest)
    kind = find_algorithm(grid.algorithm)
    checked = call.server.trainer.check(kind.name, grid.given)
    return wire.GRID_SEARCH.new(
        parameters=parameter_values(kind, checked.values),
        grid_id=grid_key(grid.key),
        search_criteria=wire.criteria(grid.search_criteria),
        parallelism=grid.parallelism,
        recovery_dir=call["recovery_dir"] or None,
        total_models=len(grid.models),
        job=shown_job(job),
    )


# ---- looking at Grids ----


def shown_grid(server: Server, key: str, sort_by: str | None = None, decreasing: bool = False) -> dict[str, Any]:
    """A Grid with its finished models, sorted by a metric: one given, else the usual one of such models."""
    grid = Grid.load(server.store, key)
    models: dict[str, Any] = {}
    for model in grid.shown_models(server.store):
        try:
            models[model] = server.store.model_details(model)
        except NotFound:  # removed meanwhile
            continue
    first = next(iter(models.values()), None)
    if not sort_by:
        sort_by, decreasing = (default_order(first), False) if first else (None, False)
    if sort_by is not None:
        models = {model: models[model] for model in ranked(models, sort_by, decreasing)}
    return wire.grid(
        grid,
        models,
        find_algorithm(grid.algorithm),
        sort_by=sort_by,
        decreasing=decreasing,
        summary=summary_table(grid, models, sort_by, decreasing),
        history=scoring_history(models, grid.search_criteria.get("stopping_metric", "AUTO")),
    )


@route("GET", "/99/Grids/{grid_id}", "grid", "Shows a Grid.", takes=wire.GRID, gives=wire.GRID)
def one_grid(call: Call) -> dict[str, Any]:
    """A Grid, growing or whole; models in order of a metric."""
    return shown_grid(call.server, call["grid_id"], call["sort_by"] or None, call["decreasing"])


@route("GET", "/99/Grids", "grids", "Lists the Grids.", takes=wire.GRIDS, gives=wire.GRIDS)
def all_grids(call: Call) -> dict[str, Any]:
    """Every Grid with its models."""
    found = []
    for key in call.server.store.keys(Kind.GRID):
        try:
            found.append(shown_grid(call.server, key))
        except NotFound:  # removed meanwhile
            continue
    return wire.GRIDS.new(grids=found)


# ---- files ----


@route(
    "POST",
    "/3/Grid.bin/import",
    "importGrid",
    "Loads a Grid from a folder.",
    takes=wire.GRID_IMPORT,
    gives=GRID_KEY,
)
def import_grid(call: Call) -> dict[str, Any]:
    """Loads a Grid and its models from the folder of its file, inside the import roots."""
    grid = grid_files.load_grid(call.server, call["grid_path"], with_references=call["load_params_references"])
    return grid_key(grid.key)


@route(
    "POST",
    "/3/Grid.bin/{grid_id}/export",
    "exportGrid",
    "Saves a Grid in a folder.",
    takes=wire.GRID_EXPORT,
    gives=GRID_KEY,
)
def export_grid(call: Call) -> dict[str, Any]:
    """Writes a Grid and its models to a folder inside the export roots."""
    grid = Grid.load(call.server.store, call["grid_id"])
    grid_files.save_grid(
        call.server,
        grid,
        grid_files.export_folder(call["grid_directory"], call.server),
        with_references=call["save_params_references"],
        with_predictions=call["export_cross_validation_predictions"],
    )
    return grid_key(grid.key)


@route(
    "POST",
    "/3/Recovery/resume",
    "resumeRecovery",
    "Goes on with what a crash broke off.",
    takes=wire.RESUME,
    gives=wire.RESUME,
)
def recover(call: Call) -> dict[str, Any]:
    """Loads the Grid that a folder keeps and goes on with its search, which is recorded in the same folder."""
    if not call["recovery_dir"]:
        raise InvalidArgument("The parameter 'recovery_dir' is required: name the folder of the search.")
    grid = grid_files.recover(call.server, call["recovery_dir"])
    resume(call.server.trainer, grid.key, grid_files.keepers(call.server, grid.given, call["recovery_dir"]))
    return wire.RESUME.new(recovery_dir=call["recovery_dir"])
