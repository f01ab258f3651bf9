"""Reads compressed streams, told apart by their first bytes: gzip, bzip2, xz and zstandard, each under the caps of the settings.

Zip archives hold several files and are opened in `source`.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO, cast

import zstandard

from artesian.core.errors import ParseError, TooLarge
from artesian.core.settings import Settings

_INPUT_BYTES = 1 << 16
_XZ_MEMORY = 1 << 28  # the largest window that xz's highest preset needs is 64 MB; more comes from crafted files
_ZSTD_WINDOW = 1 << 27  # what `zstd --long` uses at most without a flag on the reading side
_RATIO_FREE_BYTES = 64 << 20  # the ratio counts from here on, see the setting max_decompression_ratio
_MEGABYTE = 1 << 20
_PROBE_BYTES = 160 << 20  # where the ratio has counted for a while
_PROBE_RATIO = 100
MAGIC_BYTES = 8

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)


def compression_of(head: bytes) -> str:
    """`gzip`, `bzip2`, `xz`, `zstandard`, `zip`, or an empty string for anything else."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


class ByteStream(io.RawIOBase):
    """A stream of bytes that knows how far it has read; `read` returns fewer bytes than asked for only at the end."""

    def __init__(self, raw: BinaryIO | Any, name: str, size: int = 0, head: bytes = b"") -> None:
        super().__init__()
        self.name = name
        self.size = size  # bytes of the stream as stored, 0 where nobody knows
        self.bytes_in = 0  # bytes of the stored stream that were used so far
        self._raw = raw
        self._head = head

    def readable(self) -> bool:
        """Always."""
        return True

    def fraction(self) -> float:
        """How much of the stored stream has been used, 0 to 1; 0 where its size is not known."""
        return min(1.0, self.bytes_in / self.size) if self.size else 0.0

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, all that are left for -1."""
        parts: list[bytes] = []
        wanted = size if size >= 0 else -1
        while wanted != 0:
            part = self._some(wanted if wanted > 0 else _MEGABYTE)
            if not part:
                break
            parts.append(part)
            wanted -= len(part) if wanted > 0 else 0
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Closes what is read from."""
        if not self.closed:
            self._raw.close()
        super().close()

    def _some(self, most: int) -> bytes:
        if self._head:
            part, self._head = self._head[:most], self._head[most:]
        else:
            part = self._raw.read(most) or b""
        self.bytes_in += len(part)
        return part


class CappedStream(ByteStream):
    """A stream whose unpacked size is held under `max_decompressed_mb` and `max_decompression_ratio`."""

    def __init__(self, source: ByteStream, settings: Settings) -> None:
        super().__init__(source, source.name, source.size)
        self._source = source
        self.bytes_out = 0
        self._most = settings.max_decompressed_mb * _MEGABYTE
        self._ratio = settings.max_decompression_ratio

    def _some(self, most: int) -> bytes:
        try:
            part = self._unpack(most)
        except (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError) as error:
            raise ParseError(
                f"The file {self.name} is damaged: unpacking it fails after {self.bytes_out} bytes ({error})."
            ) from error
        self.bytes_in = self._source.bytes_in
        self.bytes_out += len(part)
        check_unpacked(self.name, self.bytes_in, self.bytes_out, self._most, self._ratio)
        return part

    def _unpack(self, most: int) -> bytes:
        raise NotImplementedError


class _Zlib(CappedStream):
    """gzip, with as many members as stand one behind the other."""

    def __init__(self, source: ByteStream, settings: Settings) -> None:
        super().__init__(source, settings)
        self._engine = zlib.decompressobj(wbits=31)
        self._pending = b""

    def _unpack(self, most: int) -> bytes:
        while True:
            if self._engine.eof:
                self._pending = self._engine.unused_data.lstrip(b"\0") or self._raw.read(_INPUT_BYTES).lstrip(b"\0")
                if not self._pending:
                    return b""
                self._engine = zlib.decompressobj(wbits=31)
            if not self._pending:
                self._pending = self._raw.read(_INPUT_BYTES)
                if not self._pending:
                    raise EOFError("it ends too early")
            part = self._engine.decompress(self._pending, most)
            self._pending = self._engine.unconsumed_tail
            if part:
                return part


class _Engine(CappedStream):
    """bzip2 and xz, with as many streams as stand one behind the other."""

    def __init__(self, source: ByteStream, settings: Settings, make: Callable[[], Any]) -> None:
        super().__init__(source, settings)
        self._make = make
        self._engine = make()

    def _unpack(self, most: int) -> bytes:
        while True:
            if self._engine.eof:
                rest = self._engine.unused_data.lstrip(b"\0") or self._raw.read(_INPUT_BYTES).lstrip(b"\0")
                if not rest:
                    return b""
                self._engine = self._make()
            elif self._engine.needs_input:
                rest = self._raw.read(_INPUT_BYTES)
                if not rest:
                    raise EOFError("it ends too early")
            else:
                rest = b""
            part: bytes = self._engine.decompress(rest, most)
            if part:
                return part


class _Zstandard(CappedStream):
    def __init__(self, source: ByteStream, settings: Settings) -> None:
        super().__init__(source, settings)
        engine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._reader = engine.stream_reader(cast("IO[bytes]", source), read_size=_INPUT_BYTES, read_across_frames=True)

    def _unpack(self, most: int) -> bytes:
        return self._reader.read(most)


def probe(stream: ByteStream) -> None:
    """Reads on in a stream that unpacks suspiciously well until that is explained or TooLarge is raised; the bytes are lost."""
    if not isinstance(stream, CappedStream):
        return
    while stream.bytes_out <= _PROBE_BYTES and stream.bytes_out > _PROBE_RATIO * max(1, stream.bytes_in):
        if not stream.read(_MEGABYTE):
            return


def decompressed(source: ByteStream, settings: Settings) -> ByteStream:
    """The stream unpacked, or itself where its first bytes tell of no compression. A zip archive is refused here."""
    head = source.read(MAGIC_BYTES)
    fresh = ByteStream(source, source.name, source.size, head)
    kind = compression_of(head)
    if kind == "gzip":
        return _Zlib(fresh, settings)
    if kind == "bzip2":
        return _Engine(fresh, settings, bz2.BZ2Decompressor)
    if kind == "xz":
        return _Engine(fresh, settings, lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY))
    if kind == "zstandard":
        return _Zstandard(fresh, settings)
    return fresh


def check_unpacked(name: str, bytes_in: int, bytes_out: int, most: int, ratio: int) -> None:
    """Raises TooLarge where a file unpacks to more than the caps allow."""
    if bytes_out > most:
        raise TooLarge(
            f"The file {name} unpacks to more than {most // _MEGABYTE} MB; raise the setting 'max_decompressed_mb' to allow it."
        )
    if bytes_out > _RATIO_FREE_BYTES and bytes_out > ratio * max(1, bytes_in):
        raise TooLarge(
            f"The file {name} unpacks to more than {ratio} times its size, as a decompression bomb does; "
            "raise the setting 'max_decompression_ratio' to allow it."
        )
