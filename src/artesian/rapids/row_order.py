"""The order of rows by several keys, and which rows of two tables have equal keys: both by arithmetic on packed keys.

Each key becomes a whole number that rises as the key does, 0 standing for a missing one. The numbers of all keys and, in the
lowest bits, the number of the row make one 64-bit number a row: sorting these needs neither comparisons of several columns
nor a stable method. Keys of too many bits are replaced by their ranks first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

_Codes = NDArray[np.uint64]
_Order = NDArray[Any]  # UInt32 or Int64
_Places = NDArray[Any]  # Int32 or Int64
_WORD = 64
# up to this share of all rows is put right after a sort by first bits
_FEW = 0.25
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Packed:
    """A number a row, below 2 ** bits, that rises as the keys do."""

    codes: _Codes
    bits: int

    def ranked(self) -> Packed:
        """The same order in as few bits as there are distinct keys."""
        order = np.argsort(self.codes)
        ordered = self.codes[order]
        steps = np.zeros(len(order), dtype=np.uint64)
        np.cumsum(ordered[1:] != ordered[:-1], out=steps[1:])
        codes = np.empty_like(steps)
        codes[order] = steps
        return Packed(codes, _bits(int(steps[-1])))


def row_order(keys: Sequence[pl.Series], falling: Sequence[bool]) -> pl.Series:
    """The numbers of the rows in the order of the keys, UInt32 or Int64: stable, missing keys first either way."""
    rows = len(keys[0])
    if rows == 0:
        return pl.Series([], dtype=pl.UInt32)
    packed = _pack([_codes(key, down) for key, down in zip(keys, falling, strict=True)])
    if packed.bits + _bits(rows - 1) > _WORD:
        return pl.Series(_order_by_prefix(packed, _bits(rows - 1)))
    return pl.Series(_order_by_packing(packed.codes, _bits(rows - 1)))


def places_order(places: _Places, cells: int) -> _Order:
    """The numbers of the rows in the order of their places in a table of so many cells, rising where these are equal."""
    number_bits = _bits(max(1, len(places)) - 1)
    codes = places.astype(np.uint64)
    if _bits(cells) + number_bits > _WORD:
        return _order_by_sorting(codes)
    return _order_by_packing(codes, number_bits)


def _order_by_packing(codes: _Codes, number_bits: int, numbers: _Order | None = None) -> _Order:
    """The numbers (none given: those of the rows) in the order of the codes, and rising where these are equal.

    Both fit one word; the codes are used up.
    """
    codes <<= np.uint64(number_bits)
    for start in range(0, len(codes), _BLOCK):  # in blocks, for the numbers need not be in memory all at once
        part = codes[start : start + _BLOCK]
        part |= (
            np.arange(start, start + len(part), dtype=np.uint64) if numbers is None else numbers[start : start + _BLOCK]
        )
    codes.sort()
    codes &= np.uint64((1 << number_bits) - 1)
    return codes.astype(_number_type(number_bits))


def _number_type(bits: int) -> type[np.uint32 | np.int64]:
    return np.uint32 if bits <= 32 else np.int64


def _order_by_prefix(packed: Packed, number_bits: int) -> _Order:
    """The same where they fit no word together: by as many of the first bits as fit, then the rows that these leave wrong."""
    dropped = np.uint64(packed.bits + number_bits - _WORD)
    order = _order_by_packing(packed.codes >> dropped, number_bits)
    ordered = packed.codes[order]
    wrong = ordered[1:] < ordered[:-1]
    if not wrong.any():
        return order
    prefixes = ordered >> dropped
    runs = np.zeros(len(order), dtype=np.int64)
    np.cumsum(prefixes[1:] != prefixes[:-1], out=runs[1:])
    unordered = np.zeros(int(runs[-1]) + 1, dtype=bool)
    unordered[runs[1:][wrong]] = True
    rows = np.flatnonzero(unordered[runs])
    if len(rows) > _FEW * len(order):
        return _order_by_sorting(packed.codes)
    order[rows] = order[rows][np.lexsort((ordered[rows], runs[rows]))]
    return order


def _order_by_sorting(codes: _Codes) -> _Order:
    """The same for any codes: an unstable order, then the rows of equal codes in their own."""
    number_bits = _bits(len(codes) - 1)
    order = np.argsort(codes).astype(_number_type(number_bits))
    ordered = codes[order]
    same = ordered[1:] == ordered[:-1]
    tied = np.zeros(len(order), dtype=bool)
    tied[1:] = same
    tied[:-1] |= same
    if same.any():
        runs = np.zeros(len(order), dtype=np.uint64)
        np.cumsum(~same, out=runs[1:])
        order[tied] = _order_by_packing(runs[tied], number_bits, order[tied])
    return order


def _bits(greatest: int) -> int:
    return max(1, greatest.bit_length())


def _pack(parts: list[Packed]) -> Packed:
    packed = parts[0]
    for part in parts[1:]:
        if packed.bits + part.bits > _WORD:
            packed = packed.ranked()
        if packed.bits + part.bits > _WORD:
            part = part.ranked()
        packed = Packed((packed.codes << np.uint64(part.bits)) | part.codes, packed.bits + part.bits)
    return packed


def _codes(key: pl.Series, falling: bool) -> Packed:
    """The key as numbers from 1 on, 0 where missing."""
    if key.dtype.is_integer():
        return _of_whole(key, falling)
    if key.dtype.is_float():
        return _of_floats(key, falling)
    return _of_whole(key.rank("dense"), falling)


def _of_whole(key: pl.Series, falling: bool) -> Packed:
    least, most = key.min(), key.max()
    if least is None or most is None:
        return Packed(np.zeros(len(key), dtype=np.uint64), 1)
    least, most = int(least), int(most)  # type: ignore[arg-type]
    if _bits(most - least + 1) > _WORD:
        return _of_whole(key.rank("dense"), falling)
    values = (key.fill_null(least) if key.null_count() else key).to_numpy()
    kind = np.uint64 if values.dtype == np.uint64 else np.int64
    # differences are right in 64 bits without a sign, whatever the sign of the ends
    moved = np.subtract(kind(most), values, dtype=kind) if falling else np.subtract(values, kind(least), dtype=kind)
    return _above_missing(key, moved.view(np.uint64), most - least)


def _above_missing(key: pl.Series, codes: _Codes, greatest: int) -> Packed:
    """Codes from 0 to `greatest`, which are used up, as numbers from 1 on; 0 where the key is missing."""
    codes += np.uint64(1)
    if key.null_count():
        codes[key.is_null().to_numpy()] = 0
    return Packed(codes, _bits(greatest + 1))


def _of_floats(key: pl.Series, falling: bool) -> Packed:
    """The bits of a float, those of negative ones turned round, rise as it does."""
    least, most = key.min(), key.max()
    if least is None or most is None:
        return Packed(np.zeros(len(key), dtype=np.uint64), 1)
    filled = (key.fill_null(least) if key.null_count() else key).to_numpy()
    codes = _float_codes(filled)
    low, high = (int(end) for end in _float_codes(np.array([least, most], dtype=filled.dtype)))
    if falling:
        np.subtract(np.uint64(high), codes, out=codes)
    else:
        codes -= np.uint64(low)
    return _above_missing(key, codes, high - low)


def _float_codes(values: NDArray[Any]) -> _Codes:
    single = values.dtype == np.float32
    bits: NDArray[Any] = (values + values.dtype.type(0.0)).view(np.uint32 if single else np.uint64)  # no negative zero
    # the sign bit is turned round, all bits of a negative number are
    signed: NDArray[Any] = bits.view(np.int32 if single else np.int64)
    turned: NDArray[Any] = (signed >> (31 if single else 63)).view(bits.dtype)
    turned |= bits.dtype.type(1 << (31 if single else 63))
    turned ^= bits
    codes: _Codes = turned.astype(np.uint64, copy=False)
    return codes


# ---- equal keys ----


@dataclass(frozen=True)
class Matches:
    """Which rows have equal keys: the key of each leading row is a place in a table (its last one: no such key), which tells
    how many rows of the other table have it and where they begin in `other_order`."""

    places: _Places
    sizes: NDArray[np.int64]
    starts: _Places
    other_order: _Places

    @cached_property
    def lead_counts(self) -> NDArray[np.int64]:
        """How many leading rows have each key of the table."""
        return np.bincount(self.places, minlength=len(self.sizes))

    @cached_property
    def pairs(self) -> int:
        """How many pairs of rows have equal keys."""
        return int(self.lead_counts @ self.sizes)

    @cached_property
    def most(self) -> int:
        """The most rows of the other table that have the same keys."""
        return int(self.sizes.max())


def matches(lead: Sequence[pl.Series], other: Sequence[pl.Series], most_cells: int) -> Matches | None:
    """Which rows have equal keys, by a table of all the keys that there could be; missing keys equal nothing.

    None where a key is not whole or the table would have more than `most_cells` cells.
    """
    cells = 1
    narrow: type[np.signedinteger[Any]] = np.int32 if most_cells < 2**31 else np.int64
    lead_place: _Places = np.zeros(len(lead[0]), dtype=narrow)
    other_place: _Places = np.zeros(len(other[0]), dtype=narrow)
    lead_known = np.ones(len(lead[0]), dtype=bool)
    other_known = np.ones(len(other[0]), dtype=bool)
    for here, there in zip(lead, other, strict=True):
        if not here.dtype.is_integer() or not there.dtype.is_integer():
            return None
        least, most = there.min(), there.max()
        if least is None or most is None:  # no key of the other table: nothing is equal
            least, most = 0, 0
            other_known[:] = False
        low = int(least)  # type: ignore[arg-type]
        width = int(most) - low + 1  # type: ignore[arg-type]
        cells *= width
        if cells > most_cells:
            return None
        _place(here, low, width, lead_place, lead_known)
        _place(there, low, width, other_place, other_known)
    lead_place[~lead_known] = cells
    present = np.flatnonzero(other_known)
    places = other_place[present]
    sizes = np.bincount(places, minlength=cells + 1)
    starts = np.concatenate([[0], np.cumsum(sizes[:-1])]).astype(narrow)
    return Matches(lead_place, sizes, starts, present[np.argsort(places, kind="stable")].astype(narrow))


def _place(key: pl.Series, low: int, width: int, place: _Places, known: NDArray[np.bool_]) -> None:
    """Extends the places by one more key; rows whose key lies outside of the table are unknown."""
    for start in range(0, len(key), _BLOCK):
        part = key[start : start + _BLOCK]
        values = (part.fill_null(low) if part.null_count() else part).to_numpy().astype(np.int64, copy=False)
        inside = (values >= low) & (values < low + width)
        if part.null_count():
            inside &= part.is_not_null().to_numpy()
        known[start : start + _BLOCK] &= inside
        place[start : start + _BLOCK] *= width
        place[start : start + _BLOCK] += np.where(inside, values - low, 0).astype(place.dtype)
