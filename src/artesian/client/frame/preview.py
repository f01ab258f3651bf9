"""How a frame is shown: its first rows, and a line of statistics a column."""

from __future__ import annotations

import datetime
import shutil
from typing import Any

from artesian.client.display import Rendered, cell_text, sparkline

_GAP = 2
_TEXT_SIGNS = 60
_HTML_SIGNS = 200
_LEVEL_SIGNS = 20
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def preview_table(description: dict[str, Any]) -> Rendered:
    """The rows of a server's description of a frame, levels and times in words; as wide as the terminal."""
    columns: list[dict[str, Any]] = description["columns"]
    values = [column_values(column) for column in columns]
    names = [str(column["label"]) for column in columns]
    kinds = [str(column["type"]) for column in columns]
    footer = _size(description["rows"], description["total_column_count"])
    if not columns:
        return Rendered(footer, footer)
    short = [[_shortened(value, _TEXT_SIGNS) for value in column] for column in values]
    fitting = _fitting(names, kinds, short)
    rows = _rows([short[i] for i in fitting])
    text = Rendered.table(rows, [names[i] for i in fitting], "", footer, [kinds[i] for i in fitting]).to_text()
    if len(fitting) < len(names):
        text += f"  (shown: the first {len(fitting)} columns)"
    full = [[_shortened(value, _HTML_SIGNS) for value in column] for column in values]
    return Rendered(text, Rendered.table(_rows(full), names, "", footer, kinds).to_html())


def summary_table(description: dict[str, Any]) -> Rendered:
    """A line a column: type, least, mean, greatest value, deviation, zeros, missing, levels, and how the values lie.

    That is a histogram from the least value to the greatest, or the shares of the most frequent levels.
    """
    header = ["column", "type", "min", "mean", "max", "sigma", "zeros", "missing", "levels", "distribution"]
    rows = [_statistics(column) for column in description["columns"]]
    return Rendered.table(rows, header, "", _size(description["rows"], description["total_column_count"]))


def column_values(column: dict[str, Any]) -> list[Any]:
    """The values of a column of a description: levels and times in words, None where one is missing."""
    if column.get("string_data"):
        return list(column["string_data"])
    data = [None if _is_missing(value) else value for value in column.get("data") or []]
    if column["type"] == "enum":
        levels = column.get("domain") or []
        return [None if value is None else levels[int(value)] for value in data]
    if column["type"] == "time":
        return [None if value is None else time_text(value) for value in data]
    return data


def time_text(milliseconds: float) -> str:
    """A moment in UTC, without a part that is zero for whole seconds."""
    moment = _EPOCH + datetime.timedelta(milliseconds=float(milliseconds))
    return moment.strftime("%Y-%m-%d %H:%M:%S") + (f".{int(milliseconds) % 1000:03}" if milliseconds % 1000 else "")


def _statistics(column: dict[str, Any]) -> list[Any]:
    kind = column["type"]
    ends = [(column.get(name) or [None])[0] for name in ("mins", "maxs")]
    least, greatest = (None if _is_missing(value) else value for value in ends)
    mean, sigma = (None if _is_missing(column.get(name)) else column[name] for name in ("mean", "sigma"))
    if kind in ("enum", "string", "uuid"):
        least = greatest = mean = sigma = None
    if kind == "time":
        least, mean, greatest = (None if value is None else time_text(value) for value in (least, mean, greatest))
        sigma = None
    zeros = column.get("zero_count") if kind in ("int", "real") else None
    levels = column.get("domain_cardinality") if kind == "enum" else None
    missing = column.get("missing_count")
    return [column["label"], kind, least, mean, greatest, sigma, zeros, missing, levels, _distribution(column)]


_SHOWN_LEVELS = 3


def _distribution(column: dict[str, Any]) -> str:
    counts = column.get("histogram_bins") or []
    if column["type"] != "enum":
        return sparkline(counts) if column["type"] in ("int", "real", "time") and sum(counts) else ""
    levels = column.get("domain") or []
    if len(levels) != len(counts) or not sum(counts):
        return ""
    frequent = sorted(zip(counts, levels, strict=True), key=lambda pair: -pair[0])
    shares = [
        f"{_shortened(str(level), _LEVEL_SIGNS)} {count / sum(counts):.0%}" for count, level in frequent[:_SHOWN_LEVELS]
    ]
    return ", ".join(shares) + (", …" if len(levels) > _SHOWN_LEVELS else "")


def _shortened(value: Any, length: int) -> Any:
    """A text that is longer cut to that length; what is no text as it is."""
    return value[: length - 1] + "…" if isinstance(value, str) and len(value) > length else value


def _rows(values: list[list[Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*values, strict=True))


def _fitting(names: list[str], kinds: list[str], values: list[list[Any]]) -> list[int]:
    """The first columns that fit beside each other in the terminal; at least one."""
    room = max(shutil.get_terminal_size((120, 24)).columns, 80)
    fitting: list[int] = []
    for position, name in enumerate(names):
        room -= max([len(name), len(kinds[position]), *(len(cell_text(value)) for value in values[position])]) + _GAP
        if room < -_GAP and fitting:
            break
        fitting.append(position)
    return fitting


def _is_missing(value: Any) -> bool:
    return value is None or value == "NaN" or value != value


def _size(rows: int, columns: int) -> str:
    return f"[{rows} row{'' if rows == 1 else 's'} x {columns} column{'' if columns == 1 else 's'}]"
