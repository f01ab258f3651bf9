"""Work on files and frames that worker processes do for routes. Arguments and results are plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from artesian.frame import Frame
    from artesian.frame.io import Source
    from artesian.jobs import JobContext

_HELD_PART = 8  # of the memory of a worker may be columns that are being gathered


def _sources(plain: Sequence[Mapping[str, Any]]) -> list[Source]:
    from artesian.frame.io import Source

    return [Source(**item) for item in plain]


def guess(context: JobContext, *, sources: Sequence[Mapping[str, Any]], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The set-up of a parse, as plain data."""
    from artesian.frame.parse import SetupOverrides, guess_setup

    return guess_setup(_sources(sources), SetupOverrides.from_dict(overrides), context.settings).to_dict()


def parse(context: JobContext, *, sources: Sequence[Mapping[str, Any]], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Reads sources as one table: `{"manifest", "warnings"}`; what is not set is guessed."""
    from artesian.frame.parse import SetupOverrides, guess_setup
    from artesian.frame.parse import parse as parse_sources
    from artesian.frame.segment import persist
    from artesian.store import worker_bytes

    opened = _sources(sources)
    setup = guess_setup(opened, SetupOverrides.from_dict(overrides), context.settings)
    result = parse_sources(
        opened,
        setup,
        folder=context.scratch,
        progress=context.progress,
        check=context.check,
        threads=context.threads,
        most_held=worker_bytes(context.settings) // _HELD_PART,
        settings=context.settings,
    )
    for warning in result.warnings:
        context.warn(warning)
    return {"manifest": persist(result.frame, context.scratch)[1]}


def import_sql(context: JobContext, *, request: Mapping[str, str | None]) -> dict[str, Any]:
    """Reads a table or query of a database: `{"manifest"}`."""
    from artesian.frame.segment import persist
    from artesian.frame.sql import SqlRequest, read_database

    frame = read_database(
        SqlRequest(**request),  # type: ignore[arg-type]
        context.settings,
        progress=context.progress,
        check=context.check,
        cancelled=lambda: context.cancelled,
    )
    return {"manifest": persist(frame, context.scratch)[1]}


def export(context: JobContext, *, manifest: Mapping[str, Any], path: str, options: Mapping[str, Any]) -> None:
    """Writes a frame to files."""
    from artesian.frame.io import export as write
    from artesian.frame.segment import open_frame

    write(open_frame(manifest), path, context.settings, progress=context.progress, check=context.check, **options)


def save_frame(context: JobContext, *, manifest: Mapping[str, Any], folder: str) -> None:
    """Writes a frame to a folder of its own: `frame.json` and one Arrow file; put in place only when it is whole."""
    from artesian.frame.io import check_export
    from artesian.frame.segment import open_frame
    from artesian.server.saved_frames import save

    save(open_frame(manifest), check_export(folder, context.settings))


def load_frame(context: JobContext, *, folder: str) -> dict[str, Any]:
    """Reads a saved frame: `{"manifest"}`."""
    from artesian.frame.io import check_import
    from artesian.frame.segment import persist
    from artesian.server.saved_frames import load

    return {"manifest": persist(load(check_import(folder, context.settings)), context.scratch)[1]}


def create_frame(context: JobContext, *, recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Makes a frame of random values, column by column: `{"manifest"}`."""
    from artesian.frame.segment import persist
    from artesian.frame.synthetic import Recipe, synthesize

    frame = synthesize(
        Recipe(**recipe), context.settings, folder=context.scratch, progress=context.progress, check=context.check
    )
    return {"manifest": persist(frame, context.scratch)[1]}


def insert_missing(context: JobContext, *, manifest: Mapping[str, Any], fraction: float, seed: int) -> dict[str, Any]:
    """Makes a share of a frame's values missing: `{"manifest"}` of the changed frame."""
    from artesian.frame.segment import open_frame, persist
    from artesian.frame.synthetic import with_missing

    changed = with_missing(
        open_frame(manifest), fraction, seed, folder=context.scratch, progress=context.progress, check=context.check
    )
    return {"manifest": persist(changed, context.scratch)[1]}


def interact(
    context: JobContext, *, manifest: Mapping[str, Any], names: Sequence[str], options: Mapping[str, Any]
) -> dict[str, Any]:
    """Makes interactions of categorical columns: `{"manifest"}`."""
    from artesian.frame.interactions import interactions
    from artesian.frame.segment import open_frame, persist

    frame = interactions(open_frame(manifest), names, check=context.check, **options)
    return {"manifest": persist(frame, context.scratch)[1]}


def load_model(context: JobContext, *, path: str) -> dict[str, Any]:
    """Reads a model that was saved as one file: what `learn.tasks:train` answers of one, without models of folds.

    Models that come with it (the metalearner of an ensemble) are beside it again.
    """
    from pathlib import Path

    from artesian.core.ids import new_key
    from artesian.frame.segment import persist
    from artesian.learn.base.model import load_model as read
    from artesian.learn.tasks import metrics_of
    from artesian.server.model_archive import unpack

    place = context.scratch / new_key("unpacked")
    place.mkdir(parents=True)
    folder, frames = _copied(Path(path), place) if Path(path).is_dir() else unpack(Path(path), place, context.settings)
    model = read(folder)
    context.check()
    frames = {**model.frames(), **frames}
    return {
        "model": {"key": model.details.key, "folder": str(folder)},
        "models": [
            {"key": beside.details.key, "folder": str(beside.save(context.scratch / new_key("model")))}
            for beside in model.companions()
        ],
        "frames": {key: persist(frame, context.scratch)[1] for key, frame in frames.items()},
        "metrics": {key: item for one in (model, *model.companions()) for key, item in metrics_of(one).items()},
    }


def _copied(source: Path, place: Path) -> tuple[Path, dict[str, Frame]]:
    """A copy of a model's folder; it comes without frames. InvalidArgument where a link would lead elsewhere."""
    import shutil

    from artesian.core.errors import InvalidArgument

    folder = place / "model"
    for item in source.rglob("*"):
        if item.is_symlink() or not (item.is_file() or item.is_dir()):
            raise InvalidArgument(f"{item} is no plain file; a model's folder holds nothing else.")
    shutil.copytree(source, folder, symlinks=True)
    return folder, {}


def save_model(context: JobContext, *, model_folder: str, frames: Mapping[str, Mapping[str, Any]], target: str) -> None:
    """Writes a model and frames that belong to it (manifests by key) to one file."""
    from pathlib import Path

    from artesian.frame.segment import open_frame
    from artesian.server.model_archive import pack

    opened = {key: open_frame(manifest) for key, manifest in frames.items()}
    pack(Path(model_folder), Path(target), opened, context.scratch)
