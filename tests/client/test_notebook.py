"""In a notebook, bars and objects are displayed as HTML."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from artesian.client.display import display, in_notebook
from artesian.client.progress import ProgressBar
from artesian.client.two_dim_table import H2OTwoDimTable


class Handle:
    """A displayed output that can be changed."""

    def __init__(self, first: str) -> None:
        self.states = [first]

    def update(self, markup: str) -> None:
        self.states.append(markup)


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a stand-in for IPython was asked to display."""
    shown: list[Any] = []

    def show(item: Any, display_id: bool = False) -> Handle | None:
        shown.append(Handle(item) if display_id else item)
        return shown[-1] if display_id else None

    shell = type("ZMQInteractiveShell", (), {})()
    ipython = types.ModuleType("IPython")
    ipython.get_ipython = lambda: shell  # type: ignore[attr-defined]
    module = types.ModuleType("IPython.display")
    module.display, module.HTML = show, str  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    return shown


def test_objects_are_displayed_not_printed(outputs: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert in_notebook()
    table = H2OTwoDimTable("T", "", ["n"], ["int"], [(1,)])
    display(table)
    assert outputs == [table]
    assert capsys.readouterr().out == ""


def test_a_bar_changes_one_output(outputs: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar("<Build>")
    bar.update(0.25, "epoch 1")
    bar.finish(1.0, "done")
    assert len(outputs) == 1
    first, last = outputs[0].states
    assert "&lt;Build&gt;" in first
    assert 'value="0.2500"' in first
    assert "epoch 1" in first
    assert 'value="1.0000"' in last
    assert "done" in last
    assert capsys.readouterr().out == ""


def test_outside_of_a_notebook_text_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert not in_notebook()
    display(H2OTwoDimTable("T", "", ["n"], ["int"], [(1,)]))
    assert capsys.readouterr().out == "T\nn\n-\n1\n"
