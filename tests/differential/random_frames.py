"""Random small frames of one schema: what a column is for says its role, so that calls can pick columns that suit them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from random import Random

# role of a column: its name, its type as a parse is told
SCHEMA = {
    "unique": ("u", "Numeric"),
    "small": ("i", "Numeric"),
    "flag": ("b", "Numeric"),
    "real": ("r", "Numeric"),
    "eighths": ("d", "Numeric"),
    "level": ("e", "Enum"),
    "other_level": ("f", "Enum"),
    "number_level": ("g", "Enum"),
    "text": ("s", "String"),
    "words": ("w", "String"),
    "time": ("t", "Time"),
    "constant": ("k", "Numeric"),
    "missing": ("n", "Numeric"),
    "large": ("z", "Numeric"),
    "date": ("a", "Enum"),
}
ROLES = list(SCHEMA)
NAMES = [name for name, _ in SCHEMA.values()]
TYPES = [kind for _, kind in SCHEMA.values()]
_TEXTS = ["foo", "bar", " baz ", "Foo bar", "aXbXc", "x", "Äöü", "a1b22", "foofoo", "2020"]
_WORDS = ["the cat sat", "the dog", "a cat and a dog", "dog", "sat sat cat", "one  two"]


@dataclass(frozen=True)
class RandomFrame:
    """A frame as it is uploaded: its name, the number of its rows and its text."""

    name: str
    rows: int
    text: str


def random_frames(random: Random, prefix: str) -> list[RandomFrame]:
    """Frames of one row, of few and of some hundred, with more or fewer missing values."""
    sizes = [1, 2, 3, 5, 8, 8, 13, 21, 40, 250]
    return [_frame(random, f"{prefix}_{number}", size) for number, size in enumerate(sizes)]


def _frame(random: Random, name: str, rows: int) -> RandomFrame:
    share = random.choice([0.0, 0.1, 0.3])

    def some(cells: list[object]) -> list[object]:
        # one value stays: what type a column without any has is a question of the parse
        kept = random.randrange(rows)
        return ["" if random.random() < share and row != kept else cell for row, cell in enumerate(cells)]

    def times() -> list[object]:
        return [
            f"{random.randint(1970, 2030)}-{random.randint(1, 12):02}-{random.randint(1, 28):02} "
            f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}"
            for _ in range(rows)
        ]

    def pick(values: list[str]) -> list[object]:
        return [random.choice(values) for _ in range(rows)]

    columns: dict[str, list[object]] = {
        "unique": random.sample(range(rows), rows),
        "small": some([random.randint(-3, 6) for _ in range(rows)]),
        "flag": [random.randint(0, 1) for _ in range(rows)],
        "real": some([round(random.gauss(0, 10), 2) for _ in range(rows)]),
        "eighths": [random.randint(-40, 40) / 8 for _ in range(rows)],
        "level": some(pick(["a", "b", "c", "d"][: random.randint(1, 4)])),
        "other_level": pick(["b", "c", "x", "Y z"]),
        "number_level": some(pick(["1", "10", "2", "-3"])),
        "text": some(pick(_TEXTS)),
        "words": pick(_WORDS),
        "time": some(times()),
        "constant": [random.choice([0, 1, 7])] * rows,
        "missing": [""] * rows,
        "large": some([random.choice([0, random.randint(-100_000, 1_000_000)]) for _ in range(rows)]),
        "date": pick(["2020-01-05", "2021-12-31", "1999-02-28"]),
    }
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows(zip(*(columns[role] for role in ROLES), strict=True))
    return RandomFrame(name, rows, sink.getvalue())
