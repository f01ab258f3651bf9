"""Writes the generated pages of this folder again: `python docs/generate.py [--check]`.

With `--check` nothing is written; a page that is not current is named and the status is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from artesian.learn.base.parameters import Declaration, fields_of
from artesian.learn.base.registry import algorithms
from artesian.rapids import catalogue
from artesian.server.reference import rest_page, settings_page

FOLDER = Path(__file__).resolve().parent


def rapids() -> str:
    """The page of Rapids operators."""
    lines = [
        "# Rapids operators",
        "",
        "The expression language behind frames: `POST /99/Rapids` with `ast`. Generated from the operators' own declarations.",
        "",
    ]
    family = None
    for name, group, summary in sorted(catalogue(), key=lambda entry: (entry[1], entry[0])):
        if group != family:
            lines += ["", f"## {group}", "", "| operator | what it does |", "|---|---|"]
            family = group
        lines.append(f"| `{name.replace('|', chr(92) + '|')}` | {summary.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def _row(declaration: Declaration) -> str:
    allowed = declaration.allowed().replace("|", "\\|")
    text = declaration.help + (f" **Refused unless default**: {declaration.refused}" if declaration.refused else "")
    return f"| `{declaration.name}` | {allowed} | `{declaration.default}` | {declaration.level} | {text.replace('|', chr(92) + '|')} |"


def parameters() -> str:
    """The page of every algorithm's parameters."""
    lines = ["# Parameters of the algorithms", "", "Generated from the declarations that validate them.", ""]
    for name, algorithm in sorted(algorithms().items()):
        lines += [
            "",
            f"## {algorithm.title} (`{name}`)",
            "",
            "| parameter | must be | default | level | meaning |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(declaration) for declaration in fields_of(algorithm.parameters).values()]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "rapids.md": rapids,
    "parameters.md": parameters,
    "settings.md": settings_page,
    "rest.md": rest_page,
}


def main() -> int:
    """Writes or checks each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, make in PAGES.items():
        path = FOLDER / name
        text = make()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/{name} is not current: run `make docs`.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
