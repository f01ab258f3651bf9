"""Named notes: bytes by category and name, apart from the objects. Flow keeps its notebooks and clips here."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.core.clock import now_ms
from artesian.core.errors import NotFound, did_you_mean
from artesian.core.ids import check_key
from artesian.store.catalogue import Catalogue


@dataclass(frozen=True)
class BlobEntry:
    """A note without its content."""

    category: str
    name: str
    nbytes: int
    modified_ms: int


class Blobs:
    """The notes of a store; each change is durable when the call returns. Thread-safe."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def put(self, category: str, name: str, content: bytes) -> None:
        """Keeps the content under that name, in place of any earlier one."""
        check_key(category, "category")
        check_key(name, "name")
        self._catalogue.execute(
            "INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?)", (category, name, now_ms(), bytes(content))
        )

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

    def remove(self, category: str, name: str) -> None:
        """Forgets a note; NotFound when there is none."""
        self.get(category, name)
        self._catalogue.execute("DELETE FROM blobs WHERE category = ? AND name = ?", (category, name))
