"""Path lengths in trees of planes: the compiled walk against one in double precision by NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from artesian.learn.anomaly.extended import grow

ROWS, COLUMNS = 600, 5


def walked(planes, row: np.ndarray) -> float:
    """The definition, node by node; a missing coordinate lies on the plane."""
    total = 0.0
    for node in planes.first:
        while planes.left[node] != node:
            apart = (row.astype(np.float64) - planes.point[node]) * planes.normal[node]
            node = planes.right[node] if np.nansum(apart) > 0 else planes.left[node]
        total += planes.length[node]
    return total


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    random = np.random.default_rng(3)
    table = random.normal(size=(ROWS, COLUMNS)).astype(np.float32)
    table[random.random(table.shape) < 0.05] = np.nan
    return table


@pytest.mark.parametrize("level", [1, 4])
def test_lengths_are_those_of_the_definition(values, level):
    planes = grow(values, 7, 64, level, np.random.default_rng(1)).planes
    expected = [walked(planes, row) for row in values]
    # a row within rounding of a plane may fall to either side in single precision: none or next to none of 600
    assert (~np.isclose(planes.lengths(values), expected)).sum() <= 2


def test_threads_change_no_length(values):
    planes = grow(values, 7, 64, COLUMNS - 1, np.random.default_rng(1)).planes
    many = np.tile(values, (40, 1))
    assert (planes.lengths(many, threads=3) == planes.lengths(many)).all()


def test_a_child_that_is_no_node_is_refused(values):
    import dataclasses

    planes = grow(values, 2, 16, 2, np.random.default_rng(1)).planes
    broken = dataclasses.replace(planes, left=planes.left + len(planes.left))
    with pytest.raises(ValueError, match="a child is not among the nodes"):
        broken.lengths(values)
