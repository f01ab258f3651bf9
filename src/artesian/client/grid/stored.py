"""Grids that the server holds or has written to its disk: by name, saved, loaded, taken up again after a crash."""

from __future__ import annotations

from typing import Any

from artesian.client import session
from artesian.client.checks import check_type
from artesian.client.connection import path_part
from artesian.client.grid.grid_search import H2OGridSearch


def get_grid(grid_id: str) -> H2OGridSearch:
    """The grid of that name, with its models so far; H2OResponseError when there is none."""
    check_type("grid_id", grid_id, str)
    grid = H2OGridSearch(None, {}, grid_id)
    grid._take(grid_id)
    if grid.models:
        grid.hyper_params = {name: _values(grid.models, name) for name in grid.hyper_names}
        grid.model = grid.models[0]._estimator_class()
        grid.model._estimator_type = grid.models[0]._estimator_type
    return grid


def _values(models: list[Any], name: str) -> list[Any]:
    """The values of a hyper-parameter that models have, each once."""
    found: list[Any] = []
    for model in models:
        value = model.params[name]["actual"]
        plain = value[0] if isinstance(value, list) and len(value) == 1 else value
        if plain not in found:
            found.append(plain)
    return found


def save_grid(
    grid_directory: str,
    grid_id: str,
    save_params_references: bool = False,
    export_cross_validation_predictions: bool = False,
) -> str:
    """Writes a grid and its models into a folder of the server's machine; the path to load it from.

    `save_params_references` writes the frames and models that its parameters name too,
    `export_cross_validation_predictions` the models' kept predictions of held-out rows.
    """
    check_type("grid_directory", grid_directory, str)
    check_type("grid_id", grid_id, str)
    check_type("save_params_references", save_params_references, bool)
    check_type("export_cross_validation_predictions", export_cross_validation_predictions, bool)
    data = {
        "grid_directory": grid_directory,
        "save_params_references": save_params_references,
        "export_cross_validation_predictions": export_cross_validation_predictions,
    }
    session.api(f"POST /3/Grid.bin/{path_part(grid_id)}/export", data=data)
    return f"{grid_directory}/{grid_id}"


def load_grid(grid_file_path: str, load_params_references: bool = False) -> H2OGridSearch:
    """The grid that `save_grid` or a search with `recovery_dir` wrote on the server's machine, with all of its models."""
    check_type("grid_file_path", grid_file_path, str)
    data = {"grid_path": grid_file_path, "load_params_references": load_params_references}
    return get_grid(session.api("POST /3/Grid.bin/import", data=data)["name"])


def resume(recovery_dir: str | None = None) -> None:
    """Goes on with the search that a crash broke off, from the folder that it was recorded in (its `recovery_dir`)."""
    check_type("recovery_dir", recovery_dir, None, str)
    session.api("POST /3/Recovery/resume", data={"recovery_dir": recovery_dir})
