"""Uploads: the content of the first file of a form, or of a raw body, as it streams in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from artesian.core.errors import InvalidArgument
from artesian.server.limits import MEGABYTE, chunks_of

_EVENTS = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end")


class FilePart:
    """Picks the file out of a body, raw or multipart. Raises InvalidArgument for a broken form, or one without a file."""

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        self._parser: MultipartParser | None = None
        if kind == b"multipart/form-data":
            if not options.get(b"boundary"):
                raise InvalidArgument("The upload is a form without a boundary; send it as multipart/form-data or raw.")
            handlers: dict[str, Callable[..., None]] = {f"on_{name}": getattr(self, f"_{name}") for name in _EVENTS}
            try:
                self._parser = MultipartParser(options[b"boundary"], handlers)  # type: ignore[arg-type]
            except FormParserError as problem:
                raise _broken(problem) from None
        self._found = bytearray()
        self._inside = False
        self._seen = False
        self._header = (b"", b"")

    def feed(self, chunk: bytes) -> bytes:
        """The next piece of the body; the part of it that is content of the file."""
        if self._parser is None:
            return chunk
        try:
            self._parser.write(chunk)
        except FormParserError as problem:
            raise _broken(problem) from None
        content = bytes(self._found)
        self._found.clear()
        return content

    def finish(self) -> None:
        """Checks that the form ended, and that it held a file."""
        if self._parser is None:
            return
        try:
            self._parser.finalize()
        except FormParserError as problem:
            raise _broken(problem) from None
        if not self._seen:
            raise InvalidArgument("The form holds no file; send it as the field 'file'.")
        if self._inside:
            raise InvalidArgument("The upload ended before its form did; send it again.")

    def _part_begin(self) -> None:
        self._inside = False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        self._header = (b"", b"")
        if name.lower() == b"content-disposition" and not self._seen:
            _, options = parse_options_header(value)
            self._inside = self._seen = b"filename" in options or options.get(b"name") == b"file"

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._found += data[start:end]

    def _part_end(self) -> None:
        self._inside = False


def _broken(problem: Exception) -> InvalidArgument:
    return InvalidArgument(f"The upload cannot be read as a form: {problem}.")


async def upload_to(path: Path, request: Request, limit_mb: int) -> tuple[int, bytes]:
    """Writes the uploaded file to the path, off the event loop; its size and first bytes. Removes the file on failure."""
    part = FilePart(request.headers.get("content-type", ""))
    size, start, pending = 0, b"", bytearray()
    file: Any = await anyio.to_thread.run_sync(path.open, "wb")
    try:
        async for chunk in chunks_of(request, limit_mb, "max_upload_mb"):
            pending += part.feed(chunk)
            if len(pending) >= MEGABYTE:
                start, size = start or bytes(pending[:8]), size + len(pending)
                content, pending = pending, bytearray()
                await anyio.to_thread.run_sync(file.write, content)
        part.finish()
        await anyio.to_thread.run_sync(file.write, pending)
        file.close()
    except BaseException:
        file.close()
        path.unlink(missing_ok=True)
        raise
    return size + len(pending), start or bytes(pending[:8])


async def small_upload(request: Request, limit_mb: int) -> bytes:
    """The uploaded file, held in memory."""
    part = FilePart(request.headers.get("content-type", ""))
    pieces = [part.feed(chunk) async for chunk in chunks_of(request, limit_mb, "max_form_mb")]
    part.finish()
    return b"".join(pieces)
