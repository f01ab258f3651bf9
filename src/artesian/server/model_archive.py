"""A model as one file: an uncompressed zip of its folder (JSON and safetensors, no code), and of frames that belong to it.

`model/` holds what `Model.save` writes (folders of parts inside of it included), `frames/<number>/` saved frames, `archive.json` the format's version and their keys.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.core.ids import new_key
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.server import saved_frames

FORMAT_VERSION = 1
_HEAD = "archive.json"
_MODEL, _FRAMES, _PARTS = "model", "frames", "parts"
_CHUNK = 1 << 20


def pack(folder: Path, target: Path, frames: Mapping[str, Frame], scratch: Path) -> None:
    """Writes the archive beside its place and renames it, replacing what is there. `scratch` is used for the frames."""
    unfinished = target.with_name(f"{target.name}.{new_key('part')}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_HEAD, json.dumps({"format_version": FORMAT_VERSION, "frames": list(frames)}))
            for path in sorted(item for item in folder.rglob("*") if item.is_file()):
                archive.write(path, f"{_MODEL}/{path.relative_to(folder).as_posix()}")
            for number, frame in enumerate(frames.values()):
                place = scratch / new_key("frame")
                saved_frames.save(frame, place)
                for path in sorted(place.iterdir()):
                    archive.write(path, f"{_FRAMES}/{number}/{path.name}")
                shutil.rmtree(place)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def unpack(source: Path, folder: Path, settings: Settings) -> tuple[Path, dict[str, Frame]]:
    """The folder of the model, made inside of `folder`, and the frames by key.

    InvalidArgument for a file that is no such archive, is damaged, or is of a later version.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            head = _head(archive)
            if len(archive.infolist()) > settings.max_archive_members:
                raise InvalidArgument(f"The file {source.name} holds more than {settings.max_archive_members} files.")
            for member in archive.infolist():
                _extract(archive, member, folder)
        frames = {str(k): saved_frames.load(folder / _FRAMES / str(i)) for i, k in enumerate(head.get("frames", []))}
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as problem:
        raise InvalidArgument(f"The file {source.name} is no model that was saved here: {problem}.") from problem
    return folder / _MODEL, frames


def _head(archive: zipfile.ZipFile) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(archive.read(_HEAD))
    version = head["format_version"]
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise InvalidArgument(
            f"The file has the model format {version}; this version reads up to {FORMAT_VERSION}. Use a later version."
        )
    return head


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    """Copies one file; stored as it is, so that it cannot grow beyond the archive's own size."""
    parts = member.filename.split("/")
    if member.filename == _HEAD or member.is_dir():
        return
    known = (parts[0], len(parts)) == (_FRAMES, 3) or (parts[0] == _MODEL and _is_of_model(parts[1:]))
    if not known or any(part in ("", ".", "..") or "\\" in part for part in parts):
        raise ValueError(f"it holds the file '{member.filename}'")
    if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
        raise ValueError(f"its file '{member.filename}' is compressed")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as copy:
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            copy.write(chunk)


def _is_of_model(parts: list[str]) -> bool:
    """Whether a path inside of a model's folder can be one of its files, or a file of one of its parts."""
    return len(parts) % 2 == 1 and all(name == _PARTS for name in parts[:-1:2])


def pieces(path: Path) -> Iterator[bytes]:
    """The file in pieces; it is removed at the end."""
    try:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")
    finally:
        path.unlink(missing_ok=True)
