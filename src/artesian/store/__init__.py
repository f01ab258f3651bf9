"""Floor 1: keyed objects (frames, models, metrics, files, documents), sessions and their temporaries, durability.

`store` is the face, `entry` what is told of one object. Behind it `shelf` is the guarded table and `frames` what is special
about frames; `folder` lays out and locks the folder, `catalogue` is the SQLite table of what is finished, `ledger` counts who
needs which file, `fresh` what lies in no file yet, `budget` holds the memory limit, `sessions` the clients' sessions, `blobs`
named notes (notebooks); `flusher` writes fresh frames in the background.
"""

from artesian.store.budget import budget_bytes, machine_memory, worker_bytes
from artesian.store.entry import Entry, Kind, Stamp
from artesian.store.store import Store

__all__ = ["Entry", "Kind", "Stamp", "Store", "budget_bytes", "machine_memory", "worker_bytes"]
