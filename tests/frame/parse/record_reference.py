"""Records how H2O-3 reads the cases: run with the official client's Python against a running H2O-3 on this machine.

python tests/frame/parse/record_reference.py http://127.0.0.1:54321 tests/frame/parse/reference_answers.json
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import h2o
from reference_cases import CASES


def answer(path: Path, key: str, options: dict[str, Any]) -> dict[str, Any]:
    """What H2O-3 makes of one file: the setup it guesses, then names, types, levels and cells (None: missing)."""
    setup = h2o.parse_setup(h2o.lazy_import(str(path)), destination_frame=key, **options)
    frame = h2o.H2OFrame()
    frame._parse_raw(setup)
    missing = _cells(frame.isna())
    cells = _cells(frame)
    levels = {
        name: frame[name].levels()[0] if frame.type(name) == "enum" and frame[name].nlevels()[0] else None
        for name in frame.columns
    }
    result = {
        "separator": setup["separator"],
        "check_header": setup["check_header"],
        "guessed_types": [str(name).strip('"') for name in setup["column_types"]],
        "names": list(frame.columns),
        "types": [frame.type(name) for name in frame.columns],
        "rows": frame.nrow,
        "levels": levels,
        "cells": [
            [None if float(gone) else cell for gone, cell in zip(holes, row, strict=True)]
            for holes, row in zip(missing, cells, strict=True)
        ],
    }
    h2o.remove(frame)
    return result


def _cells(frame: Any) -> list[list[str]]:
    if frame.nrow == 0:
        return []
    text = frame.get_frame_data()
    return list(csv.reader(io.StringIO(text)))[1:]


def main() -> None:
    """Writes the answers to all cases as JSON."""
    h2o.connect(url=sys.argv[1], verbose=False)
    h2o.no_progress()
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, (text, options)) in enumerate(CASES.items()):
            path = Path(folder) / f"case{number}.csv"
            path.write_bytes(text.encode())
            try:
                answers[name] = answer(path, f"record_case_{number}", options)
            except Exception as error:
                print(name, error, file=sys.stderr)
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in answers.items()]
    Path(sys.argv[2]).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


main()
