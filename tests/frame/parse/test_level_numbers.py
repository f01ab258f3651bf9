"""The compiled numbering of texts beside a dictionary."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from artesian._native import LevelNumbers, count_byte, scan_lines

MISSING = 2**32 - 1


def expected_numbers(texts: list[str | None], known: dict[str, int]) -> list[int]:
    return [MISSING if text is None else known.setdefault(text, len(known)) for text in texts]


def levels_of(numbers: LevelNumbers) -> list[str]:
    starts, text = numbers.levels()
    return [text[start:end].decode() for start, end in itertools.pairwise(starts)]


@pytest.mark.parametrize("seed", range(4))
def test_numbers_are_those_of_a_dictionary(seed: int) -> None:
    """Texts below, at and above the twelve bytes that lie in an Arrow view, alike at their start or end, in several chunks."""
    random = np.random.default_rng(seed)
    words = ["", "a", "ä" * 6, "x" * 12, "x" * 13, "prefix shared by long texts ", "日本語" * 7, "\0", "\0\0", "a\0"]
    words += [f"{'ab' * int(random.integers(0, 12))}{i}{'yz' * int(random.integers(0, 8))}" for i in range(5000)]
    numbers, known = LevelNumbers(seed), {}
    for _ in range(3):
        texts = [None if random.random() < 0.1 else words[i] for i in random.integers(0, len(words), 7001)]
        series = pl.concat([pl.Series(texts[:100], dtype=pl.String), pl.Series(texts[100:])], rechunk=False)
        assert numbers.add(series, len(series)).tolist() == expected_numbers(texts, known)
        part = series[37:6000]  # begins within a byte of the bits that say what is missing
        assert numbers.add(part, len(part)).tolist() == expected_numbers(texts[37:6000], known)
    assert len(numbers) == len(known)
    assert levels_of(numbers) == list(known)


def test_nothing_and_only_missing_texts() -> None:
    numbers = LevelNumbers(1)
    assert numbers.add(pl.Series([], dtype=pl.String), 0).tolist() == []
    assert numbers.add(pl.Series([None, None], dtype=pl.String), 2).tolist() == [MISSING] * 2
    assert levels_of(numbers) == []


def test_wrong_input_is_refused() -> None:
    numbers = LevelNumbers(1)
    with pytest.raises(ValueError, match=r"as views is needed\. Got Arrow format 'l'"):
        numbers.add(pl.Series([1, 2]), 2)
    with pytest.raises(ValueError, match="fewer texts than 'count'"):
        numbers.add(pl.Series(["a"]), 2)
    with pytest.raises(ValueError, match="more texts than 'count'"):
        numbers.add(pl.Series(["a", "b"]), 1)


def test_lines_are_scanned_in_one_pass() -> None:
    text = b"a,b,c\n#x,y,z\n1,2\n\n1,2,3,4\n,,"
    #                count longest row  few many first starts
    assert scan_lines(text, b",", b"#", 3) == (6, 8, 4, 2, 1, 2, True)
    assert scan_lines(text, b",", b"!", 3)[-1] is False
    assert scan_lines(b"", b",", b"#", 3) == (0, 0, 0, 0, 0, -1, False)
    assert count_byte(text, b",") == text.count(b",")
    with pytest.raises(ValueError, match="'separator' must be one byte"):
        scan_lines(text, b",,", b"", 1)
