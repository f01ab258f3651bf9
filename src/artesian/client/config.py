"""The file of settings that scripts written for H2O may lie beside: `.h2oconfig`, looked for upwards from the current folder,
then in the home folder. Its lines are `name = value`, in sections whose names stand before those of their settings.

One setting is heeded: `general.allow_breaking_changes`, with which `sum` and `mean` give frames without being asked to.
"""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import Any

_FILE = ".h2oconfig"
_UNNAMED = "general settings before any section"
_values: dict[str, Any] | None = None


def settings() -> dict[str, Any]:
    """The settings by `section.name`, read once; what is put into the dict holds from then on."""
    global _values
    if _values is None:
        _values = {}
        path = _found()
        if path is not None:
            _values.update(_read(path))
    return _values


def flag(name: str) -> bool:
    """Whether a setting is true."""
    value = settings().get(name, False)
    return value if isinstance(value, bool) else str(value).strip().lower() in ("true", "1", "yes", "on")


def _found() -> Path | None:
    here = Path.cwd()
    candidates = [folder / _FILE for folder in (here, *here.parents, Path.home())]
    return next((path for path in candidates if path.is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(f"[{_UNNAMED}]\n" + path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    return {
        name if section == _UNNAMED else f"{section}.{name}": value
        for section in parser.sections()
        for name, value in parser.items(section)
    }
