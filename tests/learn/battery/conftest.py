"""The battery runs over every registered algorithm and each category of model that it trains."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from artesian.learn import algorithms
from artesian.learn.base.details import Category

sys.path.insert(0, str(Path(__file__).parent))  # the workbench beside this file

SUPERVISED = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`algorithm` runs over names, `category` over the categories of each, `supervised` over those with a response."""
    from workbench import APART

    found = algorithms()
    if {"category", "supervised"} & set(metafunc.fixturenames):
        role = "category" if "category" in metafunc.fixturenames else "supervised"
        cases = [
            pytest.param(name, category, id=f"{name}-{category.value}")
            for name, algorithm in found.items()
            for category in algorithm.categories
            if name not in APART
            if role == "category" or category in SUPERVISED
        ]
        metafunc.parametrize(("algorithm", role), cases)
    elif "algorithm" in metafunc.fixturenames and "parameter" not in metafunc.fixturenames:
        metafunc.parametrize("algorithm", list(found))


@pytest.fixture(scope="session")
def shared_models():
    """Models that several tests look at, by algorithm and category."""
    return {}


@pytest.fixture
def bench(tmp_path, algorithm, shared_models):
    from workbench import Workbench

    return Workbench(tmp_path, algorithm, shared_models)
