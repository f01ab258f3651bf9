"""The time zones that there are: their names, which of them are only other names, and their offsets from UTC.

The names come from the machine's time zone database (or from the `tzdata` package where it has none). Its file tzdata.zi tells
which names are links; a link that zone.tab lists as a place of its own still counts as a zone.
"""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

_NO_PLACES = ("Factory", "localtime")
_HEADING = "StandardOffset CanonicalID, Aliases"


def listed(now: datetime) -> list[str]:
    """A heading, then for each zone `+hh:mm name, other names` with its standard offset at that moment, sorted."""
    other_names: dict[str, list[str]] = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones() - set(_NO_PLACES)):
        canonical = _canonical(name)
        other_names[canonical] += [name] if name != canonical else []
    lines = [", ".join([f"{_offset(name, now)} {name}", *others]) for name, others in other_names.items()]
    return [_HEADING, *sorted(lines)]


def _canonical(name: str) -> str:
    """The zone that a name stands for."""
    links, places = _links(), _places()
    seen = {name}
    while name in links and name not in places and links[name] not in seen:
        name = links[name]
        seen.add(name)
    return name


@cache
def _links() -> dict[str, str]:
    """The target of each name that is a link; empty where the database does not tell. UTC stands for itself."""
    lines = (line.split() for line in _text("tzdata.zi").splitlines() if line.startswith("L "))
    return {name: target for _, target, name in lines if name != "UTC"}


@cache
def _places() -> frozenset[str]:
    """The names that stand for a place."""
    lines = (line.split("\t") for line in _text("zone.tab").splitlines() if line and not line.startswith("#"))
    return frozenset(columns[2] for columns in lines)


def _text(file: str) -> str:
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / file
        if path.is_file():
            return path.read_text(encoding="utf-8")
    try:
        return resources.files("tzdata.zoneinfo").joinpath(file).read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return ""


def _offset(name: str, now: datetime) -> str:
    moment = now.astimezone(zoneinfo.ZoneInfo(name))
    standard = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    minutes = round(standard.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
