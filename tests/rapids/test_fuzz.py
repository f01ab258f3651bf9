"""Random calls of every operator: each gives a result or one sentence, never another exception and never a hang."""

from __future__ import annotations

import os
import random

import polars as pl
import pytest

from artesian.core.errors import ArtesianError, OutOfMemory
from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate
from artesian.rapids.registry import operators

# more rounds on demand, with other calls: RAPIDS_FUZZ=1000
_ROUNDS = int(os.environ.get("RAPIDS_FUZZ", "40"))


def _frames() -> dict[str, Frame]:
    numbers = pl.Series([3, None, -7, 0, 255, 1])
    reals = pl.Series([0.5, None, float("inf"), -2.25, 1e300, 0.0])
    texts = pl.Series(["foo", None, "", "a b", "Äöü😀", "1"])
    times = pl.Series([0, None, 1577934245000, -1, 4102444800000, 5]).cast(pl.Datetime("ms"))
    mixed = Frame(
        ["i", "r", "s", "e", "t", "b"],
        [
            Column.from_series(numbers),
            Column.from_series(reals),
            Column.from_series(texts),
            Column.enum_from_strings(texts),
            Column.from_series(times),
            Column.from_series(pl.Series([None] * 6)),
        ],
    )
    return {
        "mixed": mixed,
        "numbers": mixed.select(["i", "r"]),
        "one": mixed.select(["e"]),
        "text": mixed.select(["s"]),
        "time": mixed.select(["t"]),
        "row": mixed.slice(3, 1),
        "cell": mixed.select(["r"]).slice(0, 1),
        "empty": mixed.slice(0, 0),
        "nothing": Frame([], [], 0),
    }


_ATOMS = [
    "0", "1", "-1", "2.5", "NaN", "1e300", "-7", "100", "True", "'s'", "'i'", "''", "'a|b'", "'['", "'mean'", "'all'",
    "'%Y-%m-%d'", "[]", "[0]", "[0 1]", "[1:3]", "[-1]", "[0:1e12]", "[nan]", "['i']", "['a' 'b']", "mean", "{x . x}",
    "{x . (+ x 1)}", "{x . (mean x True)}", "null", "_", "nosuch",
    "'everything'", "'complete.obs'", "'interpolate'", "'lv'", "'jw'", "'lcs'", "'qgram'", "'jaccard'", "'soundex'",
    "'auto'", "'forward'", "'Pearson'", "'Spearman'", "'sturges'", "'l2'", "'numeric'", "first", "'rm'",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(operators()))
def test_any_arguments_give_a_result_or_one_sentence(name: str) -> None:
    chance = random.Random(f"{name} {_ROUNDS}")
    settings = Settings(max_rapids_list=10_000)
    frames = list(_frames())
    least = sum(argument.is_required for argument in operators()[name].arguments)
    most = len(operators()[name].arguments) + 2 * any(a.repeated for a in operators()[name].arguments)
    for _ in range(_ROUNDS):
        arguments = [
            chance.choice(frames) if chance.random() < 0.4 else chance.choice(_ATOMS)
            for _ in range(chance.randint(least, max(least, most)))
        ]
        if arguments and chance.random() < 0.7:
            arguments[0] = chance.choice(frames)
        text = f"({name} {' '.join(arguments)})"
        try:
            result = evaluate(text, MemoryEnvironment(_frames(), settings=settings))
        except ArtesianError as error:
            assert str(error), text
            assert error.status < 500 or isinstance(error, OutOfMemory), text
        except BaseException as error:
            raise AssertionError(f"{text} raised {type(error).__name__}: {error}") from error
        else:
            if isinstance(result.value, Frame):
                assert all(len(column) == result.value.n_rows for column in result.value.columns), text
                result.value.to_polars()
