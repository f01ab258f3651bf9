"""Floor 1: keyed objects (frames, models, metrics, files, documents), sessions and their temporaries, durability.

`store` is the face. `folder` lays out and locks the folder, `catalogue` is the SQLite table of what is finished, `ledger`
counts who needs which file, `budget` holds the memory limit, `blobs` keeps named notes (notebooks), `flusher` writes
fresh frames in the background.
"""

from artesian.store.budget import budget_bytes, machine_memory
from artesian.store.entry import Entry, Kind
from artesian.store.store import Store

__all__ = ["Entry", "Kind", "Store", "budget_bytes", "machine_memory"]
