"""Names of tables and columns as people give them, found among those that a database has, and quoted for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from artesian.core.errors import InvalidArgument, NotFound, did_you_mean

_NAME = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([^",]+?))\s*(,|$)')
_PART = re.compile(r'(?:"((?:[^"]|"")+)"|([^".]+))(\.|$)')


def column_names(text: str | None) -> list[str]:
    """The names in a list separated by commas; those in double quotes may hold commas. None or `*`: an empty list, for all."""
    if text is None or text.strip() in ("", "*"):
        return []
    names, position = [], 0
    while position <= len(text):
        found = _NAME.match(text, position)
        if found is None:
            raise InvalidArgument(
                f"The columns must be names separated by commas, in double quotes where a name holds one. Got '{text[:100]}'."
            )
        names.append(found[1].replace('""', '"') if found[1] else found[2])
        if not found[3]:
            return names
        position = found.end()
    return names


def table_name(text: str) -> list[str]:
    """The parts of a table's name, `table` or `schema.table`; parts in double quotes may hold points."""
    parts, position = [], 0
    text = text.strip()
    while position < len(text):
        found = _PART.match(text, position)
        if found is None:
            break
        parts.append(found[1].replace('""', '"') if found[1] else found[2].strip())
        position = found.end()
        if not found[3]:
            if len(parts) <= 2:
                return parts
            break
    raise InvalidArgument(f"A table is named 'table' or 'schema.table'. Got '{text[:100]}'.")


def find(name: str, known: Sequence[str], what: str) -> str:
    """The known name that is meant: the same one, or the only one that differs in capitals alone."""
    if name in known:
        return name
    alike = [other for other in known if other.lower() == name.lower()]
    if len(alike) == 1:
        return alike[0]
    shown = ", ".join(f"'{other}'" for other in known[:20]) + (", …" if len(known) > 20 else "")
    near = did_you_mean(name, known) or (f" It has {shown}." if known else f" It has no {what} at all.")
    raise NotFound(f"There is no {what} '{name[:100]}'.{near}")


def quoted(name: str) -> str:
    """The name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def select_of(query: str) -> str:
    """The query without closing semicolons; InvalidArgument where it does not start with SELECT.

    That it is a single one is left to the database, whose reader alone knows what ends a statement.
    """
    text = query.strip()
    while text.endswith(";"):
        text = text[:-1].rstrip()
    if not re.match(r"select\b", text, re.IGNORECASE) or "\0" in text:
        raise InvalidArgument(f"The query must be one SELECT. Got '{query.strip()[:60]}'.")
    return text
