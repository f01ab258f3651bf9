"""Algorithms are registered by being defined completely."""

from __future__ import annotations

import pytest

from artesian.core.errors import NotFound
from artesian.learn import algorithm, algorithms
from artesian.learn.base import registry
from artesian.learn.base.algorithm import Algorithm
from artesian.learn.base.model_parameters import ModelParameters
from artesian.learn.base.parameters import Parameters
from artesian.learn.deeplearning.model import DeepLearningModel


@pytest.fixture(autouse=True)
def untouched(monkeypatch):
    algorithms()
    monkeypatch.setattr(registry, "_ALGORITHMS", dict(registry._ALGORITHMS))


def define(**attributes):
    return type("Made", (Algorithm,), {"fit": classmethod(lambda cls, fit: None), **attributes})


COMPLETE = {
    "name": "made",
    "title": "Made Up",
    "called": "Made",
    "parameters": ModelParameters,
    "model": DeepLearningModel,
    "categories": (),
}


def test_a_complete_class_is_registered():
    made = define(**COMPLETE)
    assert algorithm("made") is made
    assert list(algorithms()) == sorted(algorithms())


@pytest.mark.parametrize("absent", list(COMPLETE))
def test_an_incomplete_class_is_refused_by_a_sentence(absent):
    with pytest.raises(TypeError, match=f"Made cannot be registered: it must set '{absent}'"):
        define(**{name: value for name, value in COMPLETE.items() if name != absent})


def test_parameters_must_be_those_of_a_model():
    with pytest.raises(TypeError, match="must inherit from ModelParameters"):
        define(**{**COMPLETE, "parameters": Parameters})


def test_a_name_is_given_once():
    with pytest.raises(TypeError, match="cannot be called 'deeplearning': DeepLearning is"):
        define(**{**COMPLETE, "name": "deeplearning"})


def test_an_unknown_algorithm_gets_a_near_name():
    with pytest.raises(NotFound, match=r"no algorithm 'deeplerning'\. Did you mean 'deeplearning'\?"):
        algorithm("deeplerning")
