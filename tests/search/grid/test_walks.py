"""Spaces of hyper-parameters and the order in which they are walked; random walks were recorded from H2O 3.46.0.12."""

from __future__ import annotations

import itertools

import pytest

from artesian.search.grid import HyperSpace, IllegalSearch, walk
from artesian.search.grid.walks import JavaRandom

RANDOM = {"strategy": "RandomDiscrete"}


def rows(points: object) -> list[list[object]]:
    return [list(point.values()) for point in points]  # type: ignore[attr-defined]


def test_a_cartesian_walk_changes_the_first_name_of_the_alphabet_fastest() -> None:
    found = list(walk({"ntrees": [3, 5], "max_depth": [1, 2, 4]}))
    assert found[:3] == [{"max_depth": d, "ntrees": 3} for d in (1, 2, 4)]
    assert found[3:] == [{"max_depth": d, "ntrees": 5} for d in (1, 2, 4)]


def test_single_values_are_lists_of_one_and_names_lose_the_underscore_that_python_needs() -> None:
    assert list(walk({"lambda_": [0.1, 0.2], "family": "gaussian"})) == [
        {"family": "gaussian", "lambda": 0.1},
        {"family": "gaussian", "lambda": 0.2},
    ]
    assert list(walk({"hidden": [[10, 10], [20]]})) == [{"hidden": [10, 10]}, {"hidden": [20]}]
    assert list(walk({})) == [{}]


def test_subspaces_are_searched_one_after_the_other_with_the_common_values() -> None:
    space = {"seed": [1, 2], "subspaces": [{"k": [3]}, {"bs": [0, 1], "k": [4]}]}
    assert list(walk(space)) == [
        {"k": 3, "seed": 1},
        {"k": 3, "seed": 2},
        {"bs": 0, "k": 4, "seed": 1},
        {"bs": 1, "k": 4, "seed": 1},
        {"bs": 0, "k": 4, "seed": 2},
        {"bs": 1, "k": 4, "seed": 2},
    ]
    assert HyperSpace.of(space).size == 6
    assert HyperSpace.of(space).names == ["seed", "k", "bs"]
    drawn = list(walk(space, {**RANDOM, "seed": 5}))
    assert sorted(map(str, drawn)) == sorted(map(str, walk(space)))


@pytest.mark.parametrize(
    ("space", "seed", "recorded"),
    [
        (
            {"max_depth": [1, 2, 3, 4, 5], "ntrees": [1, 2, 3], "sample_rate": [0.5, 0.6, 0.7, 0.8]},
            1234,
            [[4, 3, 0.8], [1, 3, 0.6], [5, 2, 0.6], [3, 2, 0.5], [3, 2, 0.7], [3, 1, 0.6], [5, 2, 0.8], [4, 1, 0.5]],
        ),
        ({"ntrees": [1, 2, 3], "max_depth": [2, 3]}, 1, [[3, 2], [2, 1], [2, 2], [3, 1], [3, 3], [2, 3]]),
        (
            {"ntrees": [1, 2, 3, 4], "min_rows": [5, 10], "learn_rate": [0.1, 0.2, 0.3], "seed": [7, 8]},
            -42,
            [
                [0.1, 5, 1],
                [0.1, 10, 2],
                [0.3, 10, 1],
                [0.2, 10, 4],
                [0.1, 10, 3],
                [0.3, 5, 2],
                [0.3, 5, 4],
                [0.2, 10, 2],
            ],
        ),
    ],
)
def test_a_seed_gives_the_combinations_that_h2o_draws(
    space: dict[str, list[float]], seed: int, recorded: list[list[float]]
) -> None:
    found = rows(walk(space, {**RANDOM, "seed": seed, "max_models": 8}))
    assert [
        row[: len(recorded[0])] for row in found
    ] == recorded  # H2O shows no searched seeds: it writes its own over them


def test_a_random_walk_repeats_nothing_and_ends_when_all_is_seen() -> None:
    space = {"a": list(range(20)), "b": list(range(25)), "c": [0, 1]}
    found = rows(walk(space, {**RANDOM, "seed": 3}))
    assert sorted(map(tuple, found)) == sorted(itertools.product(range(20), range(25), (0, 1)))
    assert found == rows(walk(space, {**RANDOM, "seed": 3}))
    assert found != rows(walk(space, {**RANDOM, "seed": 4}))
    assert found != rows(walk(space, RANDOM))  # 1000! orders


def test_the_last_combinations_of_a_space_are_found_without_luck() -> None:
    # one of two values that never comes again by chance: a box of 1 beside one of 30 000
    space = {"subspaces": [{"a": [0]}, {"b": list(range(30_000))}]}
    found = rows(walk(space, {**RANDOM, "seed": 1}))
    assert sorted(map(tuple, found)) == sorted([(0,), *((b,) for b in range(30_000))])


def test_a_huge_space_is_walked_without_being_listed() -> None:
    space = {name: list(range(1000)) for name in "abcdefghij"}
    first = list(itertools.islice(walk(space, {**RANDOM, "seed": 7}), 3))
    assert [len(point) for point in first] == [10, 10, 10]
    assert next(walk(space)) == dict.fromkeys("abcdefghij", 0)


def test_a_sequential_walk_goes_through_all_lists_at_once() -> None:
    criteria = {"strategy": "sequential"}
    assert rows(walk({"a": [1, 2, 3], "b": [4, 5, 6]}, criteria)) == [[1, 4], [2, 5], [3, 6]]
    assert rows(walk({"a": [1, 2, 3]}, {**criteria, "max_models": 2})) == [[1], [2]]
    with pytest.raises(IllegalSearch, match=r"lists of one length\. They have {'a': 2, 'b': 1}"):
        walk({"a": [1, 2], "b": [3]}, criteria)
    with pytest.raises(IllegalSearch, match="knows no subspaces"):
        walk({"subspaces": [{"a": [1]}]}, criteria)


def test_spaces_that_are_none_are_refused_by_name() -> None:
    with pytest.raises(IllegalSearch, match="'ntrees' has an empty list"):
        walk({"ntrees": []})
    with pytest.raises(IllegalSearch, match="'a' is given in a subspace and outside"):
        walk({"a": [1], "subspaces": [{"a": [2]}]})
    with pytest.raises(IllegalSearch, match="'subspaces' must be a list of mappings"):
        walk({"subspaces": {"a": [2]}})


def test_java_random_gives_javas_numbers() -> None:
    # new Random(42).nextInt(10), seven times
    generator = JavaRandom(42)
    assert [generator.below(10) for _ in range(7)] == [0, 3, 8, 4, 0, 5, 5]
