"""Columns that no file holds yet: their bytes, counted once however many frames share them, and where they were written.

A frame derived from another shares its columns; when both are written out, the shared ones are written once.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

from artesian.frame import Column, Frame


class FreshColumns:
    """The in-memory columns of the frames in a store. Not thread-safe: the store's lock guards it."""

    def __init__(self) -> None:
        self._uses: dict[int, int] = {}
        self._written: weakref.WeakKeyDictionary[Column, Column] = weakref.WeakKeyDictionary()
        self.nbytes = 0

    def added(self, frame: Frame) -> int:
        """Bytes that keeping this frame would add."""
        distinct = {id(column): column for column in fresh(frame) if id(column) not in self._uses}
        return sum(column.nbytes for column in distinct.values())

    def keep(self, frame: Frame) -> None:
        """Counts the frame's columns."""
        for column in fresh(frame):
            if id(column) not in self._uses:
                self.nbytes += column.nbytes
            self._uses[id(column)] = self._uses.get(id(column), 0) + 1

    def drop(self, frame: Frame) -> None:
        """Counts the frame's columns no longer; the caller still holds the frame."""
        for column in fresh(frame):
            self._uses[id(column)] -= 1
            if not self._uses[id(column)]:
                del self._uses[id(column)]
                self.nbytes -= column.nbytes

    def wrote(self, frame: Frame, mapped: Frame) -> None:
        """Remembers on which mapped columns the fresh ones of `frame` now lie."""
        for column, stored in zip(frame.columns, mapped.columns, strict=True):
            if column.stored is None:
                self._written[column] = stored

    def settled(self, frame: Frame, exists: Callable[[str], bool]) -> Frame:
        """The frame on written columns where there are some, and without references to files that are gone."""
        columns = [self._settled(column, exists) for column in frame.columns]
        if all(new is old for new, old in zip(columns, frame.columns, strict=True)):
            return frame
        return Frame(frame.names, columns, frame.n_rows)

    def _settled(self, column: Column, exists: Callable[[str], bool]) -> Column:
        written = self._written.get(column)
        if written is not None:
            if all(exists(ref.path) for ref in (written.stored, written.domain_stored) if ref):
                return written
            del self._written[column]
        if all(exists(ref.path) for ref in (column.stored, column.domain_stored) if ref):
            return column
        # the values stay readable: the mapping outlives the file's name
        return column.unstored()


def fresh(frame: Frame) -> list[Column]:
    """The columns of a frame that no file holds."""
    return [column for column in frame.columns if column.stored is None]
