"""Routes that H2O-3 has and this server has not yet: they answer that by name, instead of being unknown.

A route that is declared wins over its line here.
"""

from __future__ import annotations

from urllib.parse import unquote

from artesian.core.errors import NotAvailable

_WHAT = {
    "synthetic frames by numbers of columns (see /3/CreateFrame)": ("/4/Frames/$simple",),
    "the discrete cosine transform": ("/99/DCTTransformer",),
    "tabulation": ("/99/Tabulate",),
    "munging pipelines": ("/99/Assembly", "/99/Assembly.java/*/*", "/99/Assembly.fetch_mojo_pipeline/*/*"),
    "rules of a model": ("/3/SignificantRules",),
    "cross products of a frame": ("/3/ComputeGram", "/3/DataInfoFrame"),
    "Word2Vec": ("/3/Word2VecSynonyms", "/3/Word2VecTransform"),
    "reading SVMLight files": ("/3/ParseSVMLight",),
    "Hive": ("/3/ImportHiveTable", "/3/SaveToHiveTable"),
    "encrypted files": ("/3/DecryptionSetup",),
    "credentials by request (set them in the server's environment)": ("/3/PersistS3",),
    "counts of input and output": ("/3/WaterMeterIo", "/3/WaterMeterIo/*"),
    "thread dumps into the log (see /3/JStack)": ("/3/KillMinus3",),
    "metrics for Steam": ("/3/SteamMetrics",),
    "locking the cluster (one node is always locked)": ("/3/CloudLock",),
    "the Java library of exported models": ("/3/h2o-genmodel.jar",),
    "the list of models of the fourth version": ("/4/modelsinfo",),
}
_PATTERNS = [(pattern[1:].split("/"), what) for what, patterns in _WHAT.items() for pattern in patterns]


def check_available(raw_path: str) -> None:
    """Raises NotAvailable for a path that H2O-3 answers and this server does not."""
    parts = unquote(raw_path).rstrip("/")[1:].split("/")
    for pattern, what in _PATTERNS:
        if len(pattern) == len(parts) and all(p in ("*", q) for p, q in zip(pattern, parts, strict=True)):
            raise NotAvailable(f"Not available yet: {what} ({raw_path}).", route=raw_path)
