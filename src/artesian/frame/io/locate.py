"""From what a user names to the files it stands for: a file, a folder, a glob, a list of them, an http or s3 address."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from artesian.core.errors import InvalidArgument, NotFound, did_you_mean
from artesian.core.settings import Settings
from artesian.frame.io.http import check_url
from artesian.frame.io.jail import check_import, import_roots, local_path
from artesian.frame.io.s3 import list_objects
from artesian.frame.io.source import scheme_of

_WILD = "*?["


def resolve(
    path: str | Sequence[str], settings: Settings, pattern: str | None = None, folders: Iterable[str | Path] = ()
) -> list[str]:
    """The files that a path, address or list of them stands for, each once, folders and globs in order of name.

    `pattern` is a regular expression that the path of a file (below the folder named) must contain; it is matched by an
    engine whose time is linear in the text. `folders` are further import roots. Nothing is fetched; an http address
    stands for itself. Raises NotFound when nothing is there, Forbidden outside the import roots, InvalidArgument for a
    bad pattern.
    """
    names = [path] if isinstance(path, str) else list(path)
    if not names:
        raise InvalidArgument("No file to import is named; give a path, an address or a list of them.")
    roots = tuple(folders)
    found = [file for name in names for file in _resolve_one(str(name), settings, pattern or None, roots)]
    return list(dict.fromkeys(found))


def typeahead(prefix: str, limit: int, settings: Settings, folders: Iterable[str | Path] = ()) -> list[str]:
    """Paths that complete the prefix, folders with a closing slash, at most `limit` (-1: all); no network, import roots only."""
    try:
        if scheme_of(prefix) != "file":
            return []
        typed = local_path(prefix) if prefix else Path.cwd() / ""
    except Exception:  # whatever cannot be a path has no completion
        return []
    roots = import_roots(settings, folders)
    closed = prefix.endswith("/") or not prefix
    folder, start = (typed, "") if closed else (typed.parent, typed.name)
    found = {_shown(root) for root in roots if str(root).startswith(str(typed)) and root != typed}
    real = Path(os.path.realpath(folder))
    if any(real.is_relative_to(root) for root in roots):
        try:
            entries = sorted(os.scandir(real), key=lambda entry: entry.name)
        except OSError:
            entries = []
        for entry in entries:
            hidden = entry.name.startswith(".") and not start.startswith(".")
            if entry.name.startswith(start) and not hidden and _inside(Path(entry.path), roots):
                found.add(_shown(folder / entry.name))
    ordered = sorted(found)
    return ordered if limit < 0 else ordered[:limit]


def _resolve_one(name: str, settings: Settings, pattern: str | None, roots: tuple[str | Path, ...]) -> list[str]:
    scheme = scheme_of(name)
    if scheme in ("http", "https"):
        check_url(name)
        return [name]
    if scheme != "file":
        return _objects(name, settings, pattern)
    wild = any(mark in name for mark in _WILD)
    typed = local_path(name)
    if wild and not os.path.lexists(typed):
        return _globbed(name, typed, settings, pattern, roots)
    real = check_import(name, settings, roots)
    if real.is_dir():
        files = _in_folder(real, import_roots(settings, roots))
        return _some(name, _matching(files, str(real), pattern))
    if not real.exists():
        near = did_you_mean(real.name, _names(real.parent))
        raise NotFound(f"There is no file or folder '{name}'.{near}", path=name)
    return [str(real)]


def _globbed(
    name: str, typed: Path, settings: Settings, pattern: str | None, roots: tuple[str | Path, ...]
) -> list[str]:
    parts = typed.parts
    first = next(number for number, part in enumerate(parts) if any(mark in part for mark in _WILD))
    base = Path(*parts[:first])
    check_import(base, settings, roots)
    allowed = import_roots(settings, roots)
    files: list[str] = []
    for match in sorted(glob.glob(str(Path(*parts[first:])), root_dir=base)):  # noqa: PTH207 - leaves hidden files out
        real = Path(os.path.realpath(base / match))
        if not _inside(real, allowed):
            continue
        files += _in_folder(real, allowed) if real.is_dir() else [str(real)]
    return _some(name, _matching(files, str(base), pattern))


def _in_folder(folder: Path, roots: tuple[Path, ...]) -> list[str]:
    files: list[str] = []
    for parent, inner, names in os.walk(folder):
        inner[:] = sorted(entry for entry in inner if not entry.startswith("."))
        for entry in sorted(names):
            real = Path(os.path.realpath(Path(parent) / entry))
            if not entry.startswith(".") and real.is_file() and _inside(real, roots):
                files.append(str(real))
    return sorted(files)


def _objects(name: str, settings: Settings, pattern: str | None) -> list[str]:
    position = min((name.find(mark) for mark in "*[" if mark in name), default=-1)
    if position < 0:
        found = list_objects(name, settings)
        exact = name.replace("s3a://", "s3://").replace("s3n://", "s3://")
        if exact in found:
            return [exact]
        folder = exact.rstrip("/") + "/"
        found = [address for address in found if address.startswith(folder)]
        return _some(name, _matching(found, folder, pattern))
    found = list_objects(name[:position], settings)
    wanted = glob_expression(name.replace("s3a://", "s3://").replace("s3n://", "s3://"))
    return _some(name, _matching(_contains(found, wanted), "", pattern))


def glob_expression(wildcard: str) -> str:
    """The regular expression of a glob whose `*` stops at a slash."""
    parts: list[str] = []
    for char in wildcard:
        parts.append("[^/]*" if char == "*" else "[^/]" if char == "?" else char if char in "[]" else _escaped(char))
    return "^" + "".join(parts) + "$"


def _escaped(char: str) -> str:
    return char if char.isalnum() or char in "_/ " else "\\" + char


def _matching(files: list[str], base: str, pattern: str | None) -> list[str]:
    if not pattern:
        return files
    below = [file[len(base) :].lstrip("/") for file in files]
    kept = set(_contains(below, pattern))
    return [file for file, short in zip(files, below, strict=True) if short in kept]


def _contains(texts: list[str], expression: str) -> list[str]:
    # Polars matches with Rust's regex crate, whose time is linear, so no pattern can hold the server up
    try:
        return (
            pl.Series(texts, dtype=pl.String)
            .filter(pl.Series(texts, dtype=pl.String).str.contains(expression))
            .to_list()
        )
    except pl.exceptions.PolarsError as error:
        raise InvalidArgument(f"The pattern '{expression}' is no regular expression: {error}.") from None


def _some(name: str, files: list[str]) -> list[str]:
    if not files:
        raise NotFound(f"'{name}' stands for no file.", path=name)
    return files


def _inside(path: Path, roots: tuple[Path, ...]) -> bool:
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(root) for root in roots)


def _shown(path: Path) -> str:
    return f"{path}/" if path.is_dir() else str(path)


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return []
