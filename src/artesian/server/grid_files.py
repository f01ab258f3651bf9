"""Grids in folders: saved and loaded with their models, written down while a search runs, and taken up again after a crash.

A folder holds the Grid's JSON under its key, each model as one file (see `model_archive`), and, where they were asked for,
the frames and models that the parameters name, listed in `<key>_references`. `recovery.json` names the Grid of a search that
has not ended.
"""

from __future__ import annotations

import glob
import logging
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from artesian.core.errors import Conflict, InvalidArgument
from artesian.core.ids import check_key, new_key
from artesian.frame.io import check_export, check_import
from artesian.learn.base.parameters import Kind as ParameterKind
from artesian.learn.base.parameters import fields_of
from artesian.learn.base.registry import algorithm as find_algorithm
from artesian.search.grid import Grid, HyperSpace, Keeper, check_idle, resume
from artesian.server.routes.model_files import load_file, save_file
from artesian.server.state import Server
from artesian.store import Kind

_log = logging.getLogger("artesian.server")
_RECOVERY, _REFERENCES = "recovery.json", "_references"
_MB = 1 << 20


def place(folder: Path, key: str) -> Path:
    """Where the object of a key lies in a folder; percent-encoded, so that no key leaves it."""
    return folder / quote(key, safe=" ()+,=@")


def export_folder(name: str, server: Server) -> Path:
    """The folder of that name inside the export roots, made if it is not there."""
    folder = check_export(name, server.settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgument(f"The folder '{name}' for grids cannot be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InvalidArgument(f"The folder '{name}' for grids cannot be written to.")
    return folder


def _write(path: Path, content: Any) -> None:
    """Writes JSON beside its place and renames it, so that a crash leaves the old or the new file."""
    if path.is_dir():
        raise Conflict(f"'{path}' is a folder; choose another folder for the grid, or another grid_id.")
    unfinished = path.with_name(f"{path.name}.{new_key('part')}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _read(path: Path, server: Server) -> dict[str, Any]:
    """JSON of a file inside the import roots."""
    source = check_import(str(path), server.settings)
    try:
        if source.stat().st_size > server.settings.max_form_mb * _MB:
            raise InvalidArgument(f"The file {path} is larger than max_form_mb, {server.settings.max_form_mb} MB.")
        content = orjson.loads(source.read_bytes())
    except (OSError, orjson.JSONDecodeError) as problem:
        raise InvalidArgument(f"There is no grid to read at {path}: {problem}.") from problem
    if not isinstance(content, dict):
        raise InvalidArgument(f"The file {path} is no grid that was saved here.")
    return content


# ---- what parameters name ----


def references(server: Server, grid: Grid) -> dict[str, list[str]]:
    """The frames and models that the parameters of a Grid's models name, as far as they are there."""
    declared = fields_of(find_algorithm(grid.algorithm).parameters)
    kinds = {ParameterKind.FRAME: "frames", ParameterKind.FRAMES: "frames"}
    kinds |= {ParameterKind.MODEL: "models", ParameterKind.MODELS: "models"}
    found: dict[str, list[str]] = {"frames": [], "models": []}
    checked = server.trainer.check(grid.algorithm, grid.given)
    space = HyperSpace.of(grid.hyper_parameters)
    for name, declaration in declared.items():
        if declaration.kind not in kinds:
            continue
        values = [checked.values.get(name), *(value for box in space.regions for value in box.get(name, ()))]
        found[kinds[declaration.kind]] += [key for value in values for key in _flat(value) if key in server.store]
    return {kind: list(dict.fromkeys(keys)) for kind, keys in found.items()}


def _flat(value: Any) -> Iterable[str]:
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value if item]
    return [str(value)] if value else []


def save_references(server: Server, grid: Grid, folder: Path) -> list[Path]:
    """Writes those frames and models, and their list; the paths that it wrote."""
    named = references(server, grid)
    written = []
    for key in named["frames"]:
        arguments = {"manifest": server.store.manifest(key), "folder": str(place(folder, key))}
        server.settle(server.jobs.submit("artesian.server.tasks:save_frame", arguments, description=f"Save {key}"))
        written.append(place(folder, key))
    for key in named["models"]:
        save_file(server, key, place(folder, key), with_predictions=False)
        written.append(place(folder, key))
    listing = place(folder, grid.key + _REFERENCES)
    _write(listing, named)
    return [*written, listing]


def load_references(server: Server, key: str, folder: Path) -> None:
    """Loads them; what is there under such a key is replaced."""
    listing = place(folder, key + _REFERENCES)
    if not listing.is_file():
        raise InvalidArgument(
            f"The grid '{key}' was saved in {folder} without the frames and models that its parameters name; "
            "load it without load_params_references."
        )
    named = _read(listing, server)
    for frame in named.get("frames") or ():
        check_key(str(frame))

        def register(result: Mapping[str, Any], name: str = str(frame)) -> None:
            server.store.put_manifest(name, result["manifest"])

        source = check_import(str(place(folder, str(frame))), server.settings)
        arguments = {"folder": str(source)}
        job = server.jobs.submit(
            "artesian.server.tasks:load_frame", arguments, description=f"Load {frame}", on_done=register
        )
        server.settle(job)
    for model in named.get("models") or ():
        load_file(server, check_import(str(place(folder, str(model))), server.settings))


# ---- saving and loading ----


def save_grid(server: Server, grid: Grid, folder: Path, *, with_references: bool, with_predictions: bool) -> None:
    """Writes a Grid with its models."""
    for key in grid.shown_models(server.store):
        save_file(server, key, place(folder, key), with_predictions=with_predictions)
    if with_references:
        save_references(server, grid, folder)
    _write(place(folder, grid.key), _of_models(server, grid).to_dict())


def _of_models(server: Server, grid: Grid) -> Grid:
    """The Grid without models that were removed."""
    shown = set(grid.shown_models(server.store))
    plain = grid.to_dict()
    return Grid.from_dict({**plain, "models": {key: mark for key, mark in grid.models.items() if key in shown}})


def load_grid(server: Server, path: str, *, with_references: bool) -> Grid:
    """Loads a Grid and all of its models from the folder that its file is in; objects of the same keys are replaced."""
    given = Path(path)
    name = given if given.exists() else place(given.parent, given.name)
    grid = Grid.from_dict(_read(name, server))
    find_algorithm(grid.algorithm)
    store = server.store
    if grid.key in store and store.kind_of(grid.key) is not Kind.GRID:
        raise Conflict(f"The grid is called '{grid.key}', and so is a {store.kind_of(grid.key).value} here.")
    check_idle(server.trainer, grid.key)
    if with_references:
        load_references(server, grid.key, name.parent)
    for key in grid.models:
        source = place(name.parent, check_key(key))
        if not source.exists():
            raise InvalidArgument(f"The model '{key}' of the grid '{grid.key}' is not in {name.parent}.")
        load_file(server, check_import(str(source), server.settings))
    grid.save(store)
    return grid


# ---- while a search runs ----


class ExportedGrid(Keeper):
    """Keeps the Grid's file beside the models that trainings themselves export to `export_checkpoints_dir`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, grid: Grid) -> None:
        self.changed(grid)

    def model(self, grid: Grid, key: str) -> None:
        self.changed(grid)

    def changed(self, grid: Grid) -> None:
        _write(place(self.folder, grid.key), grid.to_dict())

    def end(self, grid: Grid) -> None:
        self.changed(grid)


class RecoveryFolder(Keeper):
    """Keeps all that it takes to go on with a search; removes it again when the search has ended."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.written: list[Path] = []

    def begin(self, grid: Grid) -> None:
        for leftover in self.folder.glob(f"{glob.escape(place(self.folder, grid.key).name)}*.part_*"):  # of a crash
            leftover.unlink(missing_ok=True)
        for key in grid.shown_models(self.server.store):
            self._save(key)
        self.written += save_references(self.server, grid, self.folder)
        self.changed(grid)
        _write(self.folder / _RECOVERY, {"kind": Kind.GRID.value, "key": grid.key})
        self.written += [place(self.folder, grid.key), self.folder / _RECOVERY]

    def model(self, grid: Grid, key: str) -> None:
        self._save(key)
        self.changed(grid)

    def changed(self, grid: Grid) -> None:
        _write(place(self.folder, grid.key), grid.to_dict())

    def end(self, grid: Grid) -> None:
        for path in self.written:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _save(self, key: str) -> None:
        save_file(self.server, key, place(self.folder, key), with_predictions=True)
        self.written.append(place(self.folder, key))


def keepers(server: Server, grid_given: Mapping[str, Any], recovery_dir: str | None) -> list[Keeper]:
    """What writes a search down, from its parameters and the folder for recovery."""
    found: list[Keeper] = []
    if grid_given.get("export_checkpoints_dir"):
        found.append(ExportedGrid(export_folder(str(grid_given["export_checkpoints_dir"]), server)))
    if recovery_dir:
        found.append(RecoveryFolder(server, export_folder(recovery_dir, server)))
    return found


def recover(server: Server, recovery_dir: str) -> Grid:
    """Loads the Grid of a search that was broken off, with all that its parameters name."""
    folder = check_import(recovery_dir, server.settings)
    if not (folder / _RECOVERY).is_file():
        raise InvalidArgument(f"There is nothing to resume in '{recovery_dir}': it holds no {_RECOVERY}.")
    record = _read(folder / _RECOVERY, server)
    if record.get("kind") != Kind.GRID.value:
        raise InvalidArgument(f"What was broken off in '{recovery_dir}' is no grid search: {record.get('kind')!r}.")
    return load_grid(server, str(place(folder, check_key(str(record.get("key"))))), with_references=True)


def take_up(server: Server) -> None:
    """Goes on with the searches that the end of an earlier server on the same data folder broke off."""
    for key in server.store.keys(Kind.GRID):
        try:
            grid = Grid.load(server.store, key)
            if grid.is_running:
                resume(server.trainer, key, keepers(server, grid.given, grid.recovery_dir))
        except Exception:
            _log.exception("The interrupted search of the grid '%s' cannot go on.", key)
