"""Demos run to their end, and show what they run."""

from __future__ import annotations

from typing import Any

import pytest

from artesian.client.exceptions import H2OValueError


def test_the_demo_of_deep_learning_trains_and_predicts(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    before = len(client.models())
    assert client.demo("deeplearning", interactive=False, test=True) is None
    out = capsys.readouterr().out
    assert ">>> model.predict(test).show()" in out
    assert ">>> h2o.init()" not in out
    assert "economy_20mpg  int" in out  # as it came, in the description
    assert len(client.models()) == before + 1


def test_a_demo_stops_when_asked(
    client: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["", "q"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    before = client.models()
    client.demo("deeplearning", test=True, echo=False)
    assert capsys.readouterr().out == ""
    assert client.models() == before


@pytest.mark.parametrize(("name", "shown"), [("gbm", "model.varimp()"), ("glm", "model.coef()")])
def test_each_demo_runs_to_its_end(name: str, shown: str, client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    client.demo(name, interactive=False, test=True)
    out = capsys.readouterr().out
    assert f">>> print({shown})" in out
    assert ">>> model.model_performance(test).show()" in out
    assert client.models()


def test_demos_that_are_not_there_are_refused(client: Any) -> None:
    with pytest.raises(H2OValueError, match="Did you mean 'deeplearning'"):
        client.demo("deeplearnin")
