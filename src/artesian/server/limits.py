"""Sizes: how much of a body is read, and when an answer is compressed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from artesian.core.errors import TooLarge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

MEGABYTE = 2**20
_FASTEST = 1
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


async def body_of(request: Request, limit_mb: int) -> bytes:
    """The whole body, at most `limit_mb` of it. Raises TooLarge, as soon as the declared or read size says so."""
    parts = [chunk async for chunk in chunks_of(request, limit_mb, "max_form_mb")]
    return b"".join(parts)


async def chunks_of(request: Request, limit_mb: int, setting: str) -> AsyncIterator[bytes]:
    """The body piece by piece; TooLarge once more than `limit_mb` came."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit():
        _check(int(declared), limit_mb, setting)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        _check(size, limit_mb, setting)
        yield chunk


def _check(size: int, limit_mb: int, setting: str) -> None:
    if size > limit_mb * MEGABYTE:
        flag = setting.replace("_", "-")
        raise TooLarge(
            f"The body of the request is larger than {limit_mb} MB; start the server with a larger --{flag}."
        )


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the client takes gzip (and has not given it a weight of zero)."""
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def gzip(content: bytes) -> bytes:
    """The content compressed at the fastest level: on one machine, time counts for more than size."""
    packer = zlib.compressobj(_FASTEST, zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(content) + packer.flush()
