"""How things are shown: tables as text and as HTML, and whether this is a notebook.

Objects say how they look through two methods, `to_text()` and `to_html()`; `Shown` derives the rest.
"""

from __future__ import annotations

import html
import math
import sys
from collections.abc import Sequence
from typing import Any

from artesian.client.checks import check_choice

__all__ = ["Rendered", "Shown", "display", "html_table", "in_notebook", "text_table"]

_FORMATS = (None, "plain", "pretty", "html")
_VERBOSITIES = (None, "short", "medium", "full")
_CELL_STYLE = "padding:2px 8px;text-align:right;white-space:nowrap"
_KIND_STYLE = "font-weight:normal;font-size:smaller;opacity:0.7"


class Shown:
    """Mixin: an object with `to_text` and `to_html` that prints well in a terminal and in a notebook."""

    def to_text(self) -> str:
        """The object as plain text."""
        raise NotImplementedError

    def to_html(self) -> str:
        """The object as HTML."""
        return f"<pre>{html.escape(self.to_text())}</pre>"

    def _at(self, verbosity: str | None) -> Shown:
        """The object shown at 'short', 'medium' or 'full' length, for those that know shorter ones."""
        return self

    def to_str(self, verbosity: str | None = None, fmt: str | None = None) -> str:
        """The object as text, or as HTML with `fmt="html"`."""
        check_choice("verbosity", verbosity, _VERBOSITIES)
        check_choice("fmt", fmt, _FORMATS)
        shown = self._at(verbosity)
        return shown.to_html() if fmt == "html" else shown.to_text()

    def to_pretty_str(self, verbosity: str | None = None) -> str:
        """The object as text for people."""
        return self.to_str(verbosity, "pretty")

    def show(self, verbosity: str | None = None, fmt: str | None = None) -> None:
        """Prints the object, or displays it in a notebook; with a `fmt` ('plain', 'pretty', 'html') it is printed as that."""
        if fmt is None:
            check_choice("verbosity", verbosity, _VERBOSITIES)
            display(self._at(verbosity))
        else:
            print(self.to_str(verbosity, fmt))

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()


class Rendered(Shown):
    """Something already rendered as text and as HTML."""

    def __init__(self, text: str, markup: str) -> None:
        self._text = text
        self._markup = markup

    @classmethod
    def table(
        cls,
        rows: Sequence[Sequence[Any]],
        header: Sequence[str],
        caption: str = "",
        footer: str = "",
        kinds: Sequence[str] = (),
    ) -> Rendered:
        """A table with a caption above and a line below; `kinds` are shown under the names of the columns."""
        text = text_table(rows, header, caption, kinds) + (f"\n{footer}" if footer else "")
        note = f'<div style="font-size:smaller">{html.escape(footer)}</div>' if footer else ""
        return cls(text, html_table(rows, header, caption, kinds) + note)

    @classmethod
    def joined(cls, parts: Sequence[Any]) -> Rendered:
        """Several things below each other: strings, or objects with `to_text` and `to_html`."""
        texts = [part if isinstance(part, str) else part.to_text() for part in parts]
        markups = [f"<pre>{html.escape(part)}</pre>" if isinstance(part, str) else part.to_html() for part in parts]
        return cls("\n\n".join(texts), "\n".join(markups))

    def to_text(self) -> str:
        """The text."""
        return self._text

    def to_html(self) -> str:
        """The HTML."""
        return self._markup


def in_notebook() -> bool:
    """Whether output goes to a Jupyter notebook (not to a plain terminal of IPython)."""
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return False
    shell = ipython.get_ipython()
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def display(shown: Any) -> None:
    """Prints something, or displays its HTML in a notebook."""
    if in_notebook() and hasattr(shown, "_repr_html_"):
        from IPython.display import display as notebook_display

        notebook_display(shown)
    else:
        print(shown)


def cell_text(value: Any) -> str:
    """One value as people read it: at most seven significant digits, nothing for a missing one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.7g}"
    return str(value)


def text_table(
    rows: Sequence[Sequence[Any]], header: Sequence[str], caption: str = "", kinds: Sequence[str] = ()
) -> str:
    """The rows under their header, columns aligned (numbers to the right), with a rule under the header and the kinds."""
    cells = [[cell_text(value).replace("\n", " ") for value in row] for row in rows]
    heads = [["" if name is None else str(name) for name in names] for names in (header, kinds) if names]
    widths = [max(len(row[i]) for row in [*heads, *cells]) for i in range(len(header))]
    right = [_is_numeric_column(rows, i) for i in range(len(header))]

    def line(values: Sequence[str]) -> str:
        parts = [v.rjust(w) if r else v.ljust(w) for v, w, r in zip(values, widths, right, strict=True)]
        return "  ".join(parts).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([*([caption] if caption else []), *map(line, heads), rule, *map(line, cells)])


def html_table(
    rows: Sequence[Sequence[Any]], header: Sequence[str], caption: str = "", kinds: Sequence[str] = ()
) -> str:
    """The rows as an HTML table, the kinds of the columns small under their names; every text is escaped."""
    below = [f'<br><span style="{_KIND_STYLE}">{html.escape(kind)}</span>' for kind in kinds] or [""] * len(header)
    head = "".join(
        f'<th style="{_CELL_STYLE}">{html.escape(str(name or ""))}{kind}</th>'
        for name, kind in zip(header, below, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL_STYLE}">{html.escape(cell_text(value))}</td>' for value in row) + "</tr>"
        for row in rows
    )
    title = f'<caption style="text-align:left;white-space:nowrap">{html.escape(caption)}</caption>' if caption else ""
    return (
        '<div style="overflow-x:auto"><table class="dataframe">'
        f"{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


_BARS = "▁▂▃▄▅▆▇█"
_PLAIN_BARS = "_.:-=+*#"
"""What stands for the bars where the terminal knows ASCII alone."""


def sparkline(counts: Sequence[int], width: int = 12) -> str:
    """A histogram in one line of at most `width` signs, each as high as its share of the highest; a gap where none is."""
    together = max(1, math.ceil(len(counts) / width))  # as many in each, but for the last
    heights = [sum(counts[start : start + together]) for start in range(0, len(counts), together)]
    top = max(heights, default=0)
    bars = _BARS if _shows(_BARS) else _PLAIN_BARS
    return "".join(" " if not height else bars[math.ceil(height / top * len(bars)) - 1] for height in heights)


def _shows(signs: str) -> bool:
    """Whether the terminal can show signs; a notebook can."""
    try:
        signs.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _is_numeric_column(rows: Sequence[Sequence[Any]], position: int) -> bool:
    values = [row[position] for row in rows if row[position] not in (None, "")]
    return bool(values) and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
