"""A source: one file to read, wherever it lies; opening one yields its unpacked bytes.

Local files are checked against the jail again as they are opened, so that a link put in place after the check is of no use.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote

from artesian.core.errors import NotAvailable, NotFound, ParseError, TooLarge
from artesian.core.settings import Settings
from artesian.frame.io.decompress import (
    MAGIC_BYTES,
    ByteStream,
    CappedStream,
    check_unpacked,
    compression_of,
    decompressed,
)
from artesian.frame.io.http import open_url
from artesian.frame.io.jail import check_import
from artesian.frame.io.s3 import open_object

_COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class Source:
    """One file: a path, an http(s) or s3 address; `member` names a file inside of a zip archive.

    `name` is what messages call it. `trusted` marks a file that the server itself wrote (an upload), which the jail
    does not apply to.
    """

    location: str
    name: str = ""
    member: str = ""
    trusted: bool = False

    @property
    def title(self) -> str:
        """What messages call it."""
        base = self.name or unquote(self.location.partition("?")[0].rstrip("/").rpartition("/")[2])
        return f"{base}/{self.member}" if self.member else base


def open_source(source: Source | str, settings: Settings) -> ByteStream:
    """The unpacked bytes of a source, as a stream that tells how far it has come.

    Raises NotFound, Forbidden (outside the import roots or a guarded address), TooLarge (a decompression cap) and
    ParseError (damaged); the caller closes it.
    """
    source = Source(source) if isinstance(source, str) else source
    if source.member:
        return _open_member(source, settings)
    return decompressed(open_raw(source, settings), settings)


def open_raw(source: Source, settings: Settings) -> ByteStream:
    """The bytes of a source as they are stored."""
    scheme = scheme_of(source.location)
    if scheme in ("http", "https"):
        raw, size = open_url(source.location, settings)
    elif scheme in ("s3", "s3a", "s3n"):
        raw, size = open_object(source.location, settings)
    else:
        raw, size = _open_file(source, settings)
    return ByteStream(raw, source.title, size)


def scheme_of(location: str) -> str:
    """The scheme of an address in lower case, `file` for a path; NotAvailable for one that nothing here reads."""
    head, mark, _ = location.partition("://")
    scheme = head.lower() if mark and head.replace("+", "").isalnum() else "file"
    if scheme not in ("file", "http", "https", "s3", "s3a", "s3n"):
        raise NotAvailable(
            f"Addresses of the kind {scheme}:// cannot be read; use a path, http://, https:// or s3://. Got '{location}'."
        )
    return scheme


def members(source: Source, settings: Settings) -> list[Source]:
    """The source itself, or the files of a zip archive in their order there (hidden ones left out)."""
    with open_raw(source, settings) as stream:
        if compression_of(stream.read(MAGIC_BYTES)) != "zip":
            return [source]
    with stored_file(source, settings) as path, _archive(path, source) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
        _check_archive(source, infos, path.stat().st_size, settings)
    if not infos:
        raise ParseError(f"The archive {source.title} holds no file.")
    return [replace(source, member=info.filename) for info in infos]


@contextmanager
def stored_file(source: Source, settings: Settings) -> Iterator[Path]:
    """A local file with the bytes of the source as stored: the file itself, or a temporary copy of a remote one."""
    if scheme_of(source.location) == "file":
        yield _checked(source, settings)
        return
    with open_raw(source, settings) as stream, _spooled(stream, settings) as path:
        yield path


@contextmanager
def unpacked_file(source: Source, settings: Settings) -> Iterator[Path]:
    """A local file with the unpacked bytes of the source: the file itself where it is local and plain, else a temporary one."""
    if not source.member and scheme_of(source.location) == "file":
        with open_raw(source, settings) as raw:
            plain = not compression_of(raw.read(MAGIC_BYTES))
        if plain:
            yield _checked(source, settings)
            return
    with open_source(source, settings) as stream, _spooled(stream, settings) as path:
        yield path


@contextmanager
def _spooled(stream: ByteStream, settings: Settings) -> Iterator[Path]:
    most = settings.max_decompressed_mb << 20
    with tempfile.NamedTemporaryFile(prefix="artesian-") as file:
        while part := stream.read(_COPY_BYTES):
            if file.tell() + len(part) > most:
                raise TooLarge(
                    f"The file {stream.name} is larger than {settings.max_decompressed_mb} MB; "
                    "raise the setting 'max_decompressed_mb' to allow it."
                )
            file.write(part)
        file.flush()
        yield Path(file.name)


def _checked(source: Source, settings: Settings) -> Path:
    if source.trusted:
        return Path(source.location)
    return check_import(source.location, settings)


def _open_file(source: Source, settings: Settings) -> tuple[BinaryIO, int]:
    path = _checked(source, settings)
    try:
        # O_NONBLOCK keeps a pipe from holding the open up; O_NOFOLLOW a link that replaces the checked file from counting
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound(f"There is no file '{source.location}'.", path=source.location) from None
    except OSError as error:
        raise ParseError(f"The file '{source.location}' cannot be opened: {error.strerror}.") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise ParseError(f"'{source.location}' is no regular file; name a file, or a folder with files in it.")
    return os.fdopen(descriptor, "rb", buffering=0), status.st_size


# ---- zip archives ----


class _Member(CappedStream):
    """One file of an archive; its packed bytes are counted by its share of the packed size."""

    def __init__(self, source: ByteStream, settings: Settings, info: zipfile.ZipInfo) -> None:
        super().__init__(source, settings)
        self.size = max(1, info.compress_size)
        self._file_size = max(1, info.file_size)

    def _unpack(self, most: int) -> bytes:
        try:
            part = self._raw.read(most)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ValueError(str(error)) from error
        return bytes(part)

    def _some(self, most: int) -> bytes:
        part = super()._some(most)
        self.bytes_in = int(self.size * min(1.0, self.bytes_out / self._file_size))
        return part


class _ArchiveFile:
    """A member's stream that keeps its archive and the archive's file alive."""

    def __init__(self, opened: Any, holders: list[Any]) -> None:
        self._opened = opened
        self._holders = holders
        self.read = opened.read

    def close(self) -> None:
        self._opened.close()
        for holder in self._holders:
            holder.close()


def _open_member(source: Source, settings: Settings) -> ByteStream:
    if scheme_of(source.location) == "file":
        file: Any = _checked(source, settings).open("rb")
    else:
        file = tempfile.TemporaryFile(prefix="artesian-")  # noqa: SIM115 - closed with the stream
        with open_raw(replace(source, member=""), settings) as stream:
            shutil.copyfileobj(stream, file, _COPY_BYTES)
    archive = _archive(file, source)
    try:
        info = archive.getinfo(source.member)
        opened = archive.open(info)
    except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        file.close()
        raise ParseError(
            f"The archive {source.name or source.location} has no readable file '{source.member}': {error}."
        ) from None
    head = opened.read(MAGIC_BYTES)
    if compression_of(head):
        opened.close()
        file.close()
        raise ParseError(f"The file {source.title} is packed twice; unpack the archive and import the files in it.")
    packed = ByteStream(_ArchiveFile(opened, [archive, file]), source.title, info.compress_size, head)
    return _Member(packed, settings, info)


def _archive(file: Any, source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ParseError(f"The archive {source.title} is damaged: {error}.") from None


def _check_archive(source: Source, infos: list[zipfile.ZipInfo], size: int, settings: Settings) -> None:
    if len(infos) > settings.max_archive_members:
        raise TooLarge(
            f"The archive {source.title} holds {len(infos)} files, more than {settings.max_archive_members}; "
            "raise the setting 'max_archive_members' to allow it."
        )
    unpacked = sum(info.file_size for info in infos)
    check_unpacked(source.title, size, unpacked, settings.max_decompressed_mb << 20, settings.max_decompression_ratio)


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)
