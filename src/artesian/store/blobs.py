"""Named notes: bytes by category and name, apart from the objects. Flow keeps its notebooks and clips here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from artesian.core.clock import now_ms
from artesian.core.errors import Conflict, NotFound, did_you_mean
from artesian.core.ids import check_key
from artesian.store.catalogue import Catalogue


@dataclass(frozen=True)
class BlobEntry:
    """A note without its content."""

    category: str
    name: str
    nbytes: int
    modified_ms: int


@dataclass(frozen=True)
class BlobVersion:
    """An earlier content of a note: its number, rising with time, its size, and when it was written."""

    version: int
    nbytes: int
    modified_ms: int


class Blobs:
    """The notes of a store; each change is durable when the call returns. Thread-safe.

    Of each note the last `versions` contents before the present one are kept.
    """

    def __init__(self, catalogue: Catalogue, versions: int = 0) -> None:
        self._catalogue = catalogue
        self._versions = versions

    def put(self, category: str, name: str, content: bytes, *, keep_earlier: bool = True) -> None:
        """Keeps the content under that name; a different earlier one becomes a version, unless not `keep_earlier`."""
        check_key(category, "category")
        check_key(name, "name")
        note, text = (category, name), bytes(content)
        statements: list[tuple[str, tuple[Any, ...]]] = []
        if keep_earlier and self._versions:
            statements = [
                (
                    "INSERT INTO blob_versions SELECT category, name, 1 + coalesce((SELECT max(version) FROM blob_versions "
                    "WHERE category = ?1 AND name = ?2), 0), modified_ms, content FROM blobs "
                    "WHERE category = ?1 AND name = ?2 AND content <> ?3",
                    (*note, text),
                ),
                (
                    "DELETE FROM blob_versions WHERE category = ?1 AND name = ?2 AND version <= (SELECT max(version) FROM "
                    "blob_versions WHERE category = ?1 AND name = ?2) - ?3",
                    (*note, self._versions),
                ),
            ]
        statements.append(("INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?)", (*note, now_ms(), text)))
        self._catalogue.execute_all(statements)

    def versions(self, category: str, name: str) -> list[BlobVersion]:
        """The earlier contents of a note, the latest first; NotFound when there is no such note."""
        self.get(category, name)
        rows = self._catalogue.execute(
            "SELECT version, length(content), modified_ms FROM blob_versions WHERE category = ? AND name = ? "
            "ORDER BY version DESC",
            (category, name),
        )
        return [BlobVersion(*row) for row in rows]

    def version(self, category: str, name: str, number: int) -> bytes:
        """An earlier content; NotFound when it is not kept (any more)."""
        rows = self._catalogue.execute(
            "SELECT content FROM blob_versions WHERE category = ? AND name = ? AND version = ?",
            (category, name, number),
        )
        if not rows:
            kept = ", ".join(str(item.version) for item in self.versions(category, name)) or "none"
            raise NotFound(f"There is no version {number} of '{name}'; kept are: {kept}.", version=number)
        return bytes(rows[0][0])

    def get(self, category: str, name: str) -> bytes:
        """The content; NotFound names a near one."""
        rows = self._catalogue.execute("SELECT content FROM blobs WHERE category = ? AND name = ?", (category, name))
        if not rows:
            known = [entry.name for entry in self.entries(category)]
            raise NotFound(f"There is no '{name}' in the category '{category}'.{did_you_mean(name, known)}")
        return bytes(rows[0][0])

    def exists(self, category: str, name: str | None = None) -> bool:
        """Whether there is such a note, or any note of the category."""
        return any(name is None or entry.name == name for entry in self.entries(category))

    def entries(self, category: str) -> list[BlobEntry]:
        """The notes of a category, by name; an unknown category has none."""
        rows = self._catalogue.execute(
            "SELECT category, name, length(content), modified_ms FROM blobs WHERE category = ? ORDER BY name",
            (category,),
        )
        return [BlobEntry(*row) for row in rows]

    def categories(self) -> list[str]:
        """The categories that hold something."""
        return [row[0] for row in self._catalogue.execute("SELECT DISTINCT category FROM blobs ORDER BY category")]

    def rename(self, category: str, name: str, new_name: str) -> None:
        """Gives a note and its versions another name; NotFound when there is none, Conflict when the name is taken."""
        check_key(new_name, "name")
        self.get(category, name)
        if new_name == name:
            return
        if self.exists(category, new_name):
            raise Conflict(f"There is a '{new_name}' in the category '{category}' already. Choose another name.")
        self._catalogue.execute_all(
            [
                (f"UPDATE {table} SET name = ? WHERE category = ? AND name = ?", (new_name, category, name))
                for table in ("blobs", "blob_versions")
            ]
        )

    def remove(self, category: str, name: str) -> None:
        """Forgets a note and its versions; NotFound when there is none."""
        self.get(category, name)
        self._catalogue.execute_all(
            [
                (f"DELETE FROM {table} WHERE category = ? AND name = ?", (category, name))
                for table in ("blobs", "blob_versions")
            ]
        )
