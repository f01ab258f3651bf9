"""Files in and out: the jail, paths to files, local, http and s3 sources, decompression under caps, export.

`resolve` names the files behind a path, `open_source` reads one of them unpacked, `export` writes a frame where
`check_target` lets it, `csv_pieces` makes its CSV text, `typeahead` completes paths, `check_import` and `check_export` are
the jail.
"""

from artesian.frame.io.csv_text import csv_pieces
from artesian.frame.io.export import check_target, export, typed_table
from artesian.frame.io.jail import check_export, check_import
from artesian.frame.io.locate import resolve, typeahead
from artesian.frame.io.source import Source, members, open_source

__all__ = [
    "Source",
    "check_export",
    "check_import",
    "check_target",
    "csv_pieces",
    "export",
    "members",
    "open_source",
    "resolve",
    "typeahead",
    "typed_table",
]
