"""The jail: which files may be read and written, decided on the real path after every symbolic link.

An import must lie inside an import root, an export inside an export root; without such settings the folder that the
server was started in is the only root. What a caller names as `folders` (its upload area) counts as a further root.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from artesian.core.errors import Forbidden, InvalidArgument
from artesian.core.settings import Settings


def import_roots(settings: Settings, folders: Iterable[str | Path] = ()) -> tuple[Path, ...]:
    """The real folders that files may be imported from."""
    return _roots(settings.import_roots, folders)


def export_roots(settings: Settings, folders: Iterable[str | Path] = ()) -> tuple[Path, ...]:
    """The real folders that files may be written to."""
    return _roots(settings.export_roots, folders)


def check_import(path: str | Path, settings: Settings, folders: Iterable[str | Path] = ()) -> Path:
    """The real path of a file or folder to read (it need not exist); Forbidden where it lies outside every import root."""
    real = _real(local_path(path))
    roots = import_roots(settings, folders)
    if not any(real.is_relative_to(root) for root in roots):
        _refuse(path, "read", roots, "import_roots")
    return real


def check_export(path: str | Path, settings: Settings, folders: Iterable[str | Path] = ()) -> Path:
    """The real path of a file or folder to write; Forbidden where it lies outside every export root."""
    real = _real(local_path(path))
    roots = export_roots(settings, folders)
    if not any(real != root and real.is_relative_to(root) for root in roots):
        _refuse(path, "written", roots, "export_roots")
    return real


def local_path(name: str | Path) -> Path:
    """The path that a name or `file://` address stands for, made absolute; InvalidArgument where it cannot be one."""
    text = str(name)
    if text[:7].lower() == "file://":
        parts = urlsplit(text)
        if parts.netloc not in ("", "localhost"):
            raise InvalidArgument(
                f"The address '{text}' names another machine; give file:///path for a file of this one."
            )
        text = unquote(parts.path)
    if not text.strip() or "\0" in text:
        raise InvalidArgument(f"A file needs a path. Got {text!r}.")
    return Path.cwd() / text


def _real(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path))
    except OSError as error:
        raise InvalidArgument(f"The path '{path}' cannot be followed: {error.strerror}.") from None


def _roots(configured: tuple[str, ...], folders: Iterable[str | Path]) -> tuple[Path, ...]:
    return tuple(Path(os.path.realpath(root)) for root in (*(configured or (str(Path.cwd()),)), *folders))


def _refuse(path: str | Path, verb: str, roots: tuple[Path, ...], setting: str) -> NoReturn:
    allowed = ", ".join(str(root) for root in roots)
    raise Forbidden(
        f"The path '{path}' may not be {verb}: it lies outside {allowed}. Name its folder in the setting '{setting}' to allow it.",
        path=str(path),
    )
