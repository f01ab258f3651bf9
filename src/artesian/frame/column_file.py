"""Writes one long column piece by piece, straight into the Arrow IPC file that a frame then maps.

Only a piece is in memory at a time, whatever the length of the column. The file holds one record batch of one field: its
messages are those that Polars writes for a column of two rows, with the numbers put in that the long one needs; the body is
written in place as the pieces come. The layout of the messages is that of Apache Arrow's `File.fbs` and `Message.fbs`.
"""

from __future__ import annotations

import copy
import functools
import io
import os
import secrets
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import ArtesianError
from artesian.frame.arrow_layout import map_file
from artesian.frame.column import SegmentRef
from artesian.frame.flatbuffer import FlatTable, read_at

_FIELD = "c0"
_ALIGNMENT = 64
_OFFSET_BYTES = 8


def write_column(
    folder: Path, dtype: pl.DataType | type[pl.DataType], rows: int, pieces: Iterable[pl.Series]
) -> tuple[pl.Series, SegmentRef]:
    """A column of `rows` values of `dtype` (numbers or String), the pieces one behind the other; mapped, and where it lies.

    Raises ArtesianError when the pieces do not make up so many rows; the unfinished file is removed then.
    """
    path = folder / f"segment_{secrets.token_hex(10)}.arrow"
    unfinished = path.with_suffix(".part")
    try:
        with unfinished.open("xb") as file:
            body = (_Texts if dtype == pl.String else _Numbers)(file.fileno(), dtype, rows)
            for piece in pieces:
                body.append(piece)
            body.finish()
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return map_file(path).to_series(0), SegmentRef(str(path), _FIELD)


class _Template:
    """A file of the same field with two rows, and where its numbers stand."""

    def __init__(self, dtype: pl.DataType | type[pl.DataType]) -> None:
        file = io.BytesIO()
        pair = pl.Series(_FIELD, ["a", None] if dtype == pl.String else [1, None], dtype=dtype)
        pl.DataFrame([pair]).write_ipc(file, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
        self.bytes = bytearray(file.getvalue())
        data = memoryview(bytes(self.bytes))
        footer_bytes = read_at("<i", data, len(data) - 10)
        self.footer = len(data) - 10 - footer_bytes
        footer = FlatTable(data, self.footer + read_at("<I", data, self.footer))
        self.block, _ = footer.vector(3)
        offset, metadata_bytes = read_at("<q", data, self.block), read_at("<i", data, self.block + 8)
        self.body = offset + metadata_bytes
        self.body_end = self.body + read_at("<q", data, self.block + 16)
        self.message = FlatTable(data, offset + 8 + read_at("<I", data, offset + 8))
        self.batch = self.message.table(2)

    def copy(self) -> _Template:
        """One to put numbers into."""
        own = copy.copy(self)
        own.bytes = bytearray(self.bytes)
        return own

    def put(self, position: int | None, *numbers: int) -> None:
        """Writes 64-bit numbers in place."""
        assert position is not None, "Polars leaves out a number that differs from its default"
        struct.pack_into(f"<{len(numbers)}q", self.bytes, position, *numbers)


@functools.cache
def _template(dtype: pl.DataType) -> _Template:
    return _Template(dtype)


class _Body:
    """The body of the record batch: places for the buffers are set aside, and filled as the pieces come."""

    def __init__(self, descriptor: int, dtype: pl.DataType | type[pl.DataType], rows: int) -> None:
        self._file = descriptor
        self._dtype = dtype
        self._expected = rows
        self._template = _template(dtype).copy()
        self._rows = 0
        self._nulls = 0
        self._validity = _Bits(rows)
        self._size = 0
        self._buffers = [self._place((rows + 7) // 8)]

    def _place(self, size: int) -> tuple[int, int]:
        start = self._size
        self._size = -(-(start + size) // _ALIGNMENT) * _ALIGNMENT
        return start, size

    def append(self, piece: pl.Series) -> None:
        """The next rows."""
        if self._rows + len(piece) > self._expected:
            raise ArtesianError(f"A column of {self._expected} rows was given more.")
        self._nulls += piece.null_count()
        self._validity.append(piece)
        self._append(piece.cast(self._dtype))
        self._rows += len(piece)

    def _append(self, piece: pl.Series) -> None:
        raise NotImplementedError

    def _write(self, data: memoryview | bytes | bytearray, position: int) -> None:
        view = memoryview(data).cast("B")
        start = self._template.body + position
        while view:
            written = os.pwrite(self._file, view, start)
            view, start = view[written:], start + written

    def finish(self) -> None:
        """Writes the validity bits and the messages around the body."""
        if self._rows != self._expected:
            raise ArtesianError(f"A column of {self._expected} rows was given {self._rows}.")
        start = self._buffers[0][0]
        if self._nulls:
            self._write(self._validity.bytes, start)
        else:
            self._buffers[0] = start, 0
        template = self._template
        template.put(template.message.slot(3), self._size)
        template.put(template.batch.slot(0), self._rows)
        template.put(template.batch.vector(1)[0], self._rows, self._nulls)
        template.put(template.batch.vector(2)[0], *(number for buffer in self._buffers for number in buffer))
        template.put(template.block + 16, self._size)
        self._write(template.bytes[: template.body], -template.body)
        self._write(template.bytes[template.body_end :], self._size)


class _Numbers(_Body):
    """Validity and values."""

    def __init__(self, descriptor: int, dtype: pl.DataType | type[pl.DataType], rows: int) -> None:
        super().__init__(descriptor, dtype, rows)
        self._width = pl.Series([], dtype=dtype).to_numpy().dtype.itemsize
        self._buffers.append(self._place(rows * self._width))

    def _append(self, piece: pl.Series) -> None:
        values = (piece.fill_null(0) if piece.null_count() else piece).to_numpy()
        self._write(np.ascontiguousarray(values).data, self._buffers[1][0] + self._rows * self._width)


class _Texts(_Body):
    """Validity, the end of each text, and the texts one behind the other."""

    def __init__(self, descriptor: int, dtype: pl.DataType | type[pl.DataType], rows: int) -> None:
        super().__init__(descriptor, dtype, rows)
        self._buffers.append(self._place((rows + 1) * _OFFSET_BYTES))
        self._write(bytes(_OFFSET_BYTES), self._buffers[1][0])
        self._start = self._size
        self._length = 0

    def _append(self, piece: pl.Series) -> None:
        texts = piece.fill_null("") if piece.null_count() else piece
        ends = np.cumsum(texts.str.len_bytes().to_numpy(), dtype=np.int64) + self._length
        self._write(ends.data, self._buffers[1][0] + (self._rows + 1) * _OFFSET_BYTES)
        self._write((texts.str.join("")[0] or "").encode(), self._start + self._length)
        self._length = int(ends[-1]) if len(ends) else self._length

    def finish(self) -> None:
        self._buffers.append(self._place(self._length))
        super().finish()


class _Bits:
    """Bits that say where values are, the first one lowest."""

    def __init__(self, rows: int) -> None:
        self.bytes = bytearray((rows + 7) // 8)
        self._rest: NDArray[np.bool_] = np.zeros(0, dtype=bool)
        self._written = 0

    def append(self, piece: pl.Series) -> None:
        """The bits of the next values."""
        if not len(self._rest) and not piece.null_count():
            whole = len(piece) // 8
            self.bytes[self._written : self._written + whole] = b"\xff" * whole
            self._written += whole
            self._rest = np.ones(len(piece) % 8, dtype=bool)
            self._put_rest()
            return
        bits = np.concatenate((self._rest, piece.is_not_null().to_numpy()))
        whole = len(bits) // 8 * 8
        packed = np.packbits(bits[:whole], bitorder="little").tobytes()
        self.bytes[self._written : self._written + len(packed)] = packed
        self._written += len(packed)
        self._rest = bits[whole:]
        self._put_rest()

    def _put_rest(self) -> None:
        """What is left over counts already, in case nothing follows."""
        if self._written < len(self.bytes):
            last = np.packbits(self._rest, bitorder="little").tobytes()
            self.bytes[self._written : self._written + len(last)] = last
