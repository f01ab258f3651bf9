"""The bar that shows how far a job is: redrawn in place in a terminal and a notebook, grown once elsewhere."""

from __future__ import annotations

import html
import shutil
import sys
import time
from typing import Any

from artesian.client.display import in_notebook

_WIDTH = 50
_BLOCK = "█"
_MIN_REDRAW_SECS = 0.1


class ProgressBar:
    """One bar; `update` as often as you like, then `finish` once."""

    def __init__(self, title: str, hidden: bool = False) -> None:
        self._title = title
        self._writer: _Silent = _Silent() if hidden else _writer()
        self._drawn_at = 0.0
        self._shown: tuple[int, str] = (-1, "")

    def update(self, fraction: float, message: str = "") -> None:
        """Shows the state; calls that change nothing, or come too fast, draw nothing."""
        state = (int(fraction * 100), message)
        now = time.monotonic()
        if state == self._shown or now - self._drawn_at < _MIN_REDRAW_SECS:
            return
        self._shown, self._drawn_at = state, now
        self._writer.draw(self._title, fraction, message)

    def finish(self, fraction: float, outcome: str) -> None:
        """Draws the bar for the last time, with how it ended: done, failed, cancelled."""
        self._writer.end(self._title, fraction, outcome)


class _Silent:
    """Draws nothing."""

    def draw(self, title: str, fraction: float, message: str) -> None:
        """A state on the way."""

    def end(self, title: str, fraction: float, outcome: str) -> None:
        """The last state."""


class _Terminal(_Silent):
    """Redraws its line."""

    def __init__(self) -> None:
        self._length = 0

    def draw(self, title: str, fraction: float, message: str) -> None:
        self._write(f"{_line(title, fraction)} {fraction:.0%}{'  ' + message if message else ''}", "")

    def end(self, title: str, fraction: float, outcome: str) -> None:
        self._write(f"{_line(title, fraction)} ({outcome}) {fraction:.0%}", "\n")

    def _write(self, text: str, end: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]  # a line that wraps could not be redrawn
        print(f"\r{text.ljust(self._length)}", end=end, flush=True)
        self._length = len(text)


class _Stream(_Silent):
    """Writes each block of the bar once, for files and pipes."""

    def __init__(self) -> None:
        self._blocks = -1

    def draw(self, title: str, fraction: float, message: str) -> None:
        self._grow(title, fraction)

    def end(self, title: str, fraction: float, outcome: str) -> None:
        self._grow(title, fraction)
        print(f"{' ' * (_WIDTH - self._blocks)}| ({outcome}) {fraction:.0%}", flush=True)

    def _grow(self, title: str, fraction: float) -> None:
        if self._blocks < 0:
            print(f"{title} progress: |", end="")
            self._blocks = 0
        blocks = round(fraction * _WIDTH)
        print(_BLOCK * (blocks - self._blocks), end="", flush=True)
        self._blocks = max(self._blocks, blocks)


class _Notebook(_Silent):
    """Updates one output of the cell."""

    def __init__(self) -> None:
        self._handle: Any = None

    def draw(self, title: str, fraction: float, message: str) -> None:
        self._show(title, fraction, message)

    def end(self, title: str, fraction: float, outcome: str) -> None:
        self._show(title, fraction, outcome)

    def _show(self, title: str, fraction: float, note: str) -> None:
        from IPython.display import HTML
        from IPython.display import display as notebook_display

        markup = HTML(
            f'<div style="font-family:monospace">{html.escape(title)} '
            f'<progress value="{fraction:.4f}" max="1" style="width:20em"></progress> '
            f"{fraction:.0%} {html.escape(note)}</div>"
        )
        if self._handle is None:
            self._handle = notebook_display(markup, display_id=True)
        else:
            self._handle.update(markup)


def _line(title: str, fraction: float) -> str:
    blocks = round(fraction * _WIDTH)
    return f"{title} progress: |{_BLOCK * blocks}{' ' * (_WIDTH - blocks)}|"


def _writer() -> _Silent:
    if in_notebook():
        return _Notebook()
    return _Terminal() if sys.stdout.isatty() else _Stream()
