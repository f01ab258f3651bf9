"""Text: similarity of strings by several measures, weights of words in documents, known words within strings.

The measures are those of the Duke library that H2O calls: Jaro-Winkler with its own count of transpositions, the longest common substrings of two characters at least, one after the other, and overlaps of character pairs and of words.
All work on arrays of the characters of many strings at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, NotFound, did_you_mean
from artesian.core.settings import Settings
from artesian.frame import ColumnType, Frame
from artesian.frame.io import jail
from artesian.rapids.columns import default_names, frame_of, is_numeric, numeric, strings
from artesian.rapids.operators.strings import measured
from artesian.rapids.registry import FLAG, FRAME, INTEGER, STRING, Context, operator

_Characters = NDArray[np.uint32]
_CELLS_A_BATCH = 2_000_000
_SHORTEST_COMMON = 2
_PREFIX = 4
# the digit of each letter from A on
_SOUNDEX = np.frombuffer(b"01230120022455012623010202", dtype=np.uint8)


@operator(
    "strDistance",
    FRAME("left"),
    FRAME("right"),
    STRING("measure"),
    FLAG("compare empty"),
    doc="Similarities (1: equal) of the strings of two frames by lv, lcs, qgram, jaccard, jw or soundex; of empty ones if asked.",
)
def similarity(context: Context, left: Frame, right: Frame, measure: str, compare_empty: bool) -> Frame:
    if measure.lower() not in _MEASURES:
        raise InvalidArgument(
            f"The argument 'measure' of 'strDistance' must be one of {', '.join(_MEASURES)}. Got '{measure}'."
            f"{did_you_mean(measure, _MEASURES)}"
        )
    if (left.n_rows, left.n_columns) != (right.n_rows, right.n_columns):
        raise InvalidArgument("'strDistance' needs frames of equal shape.")
    for frame in (left, right):
        for name, column in zip(frame.names, frame.columns, strict=True):
            if column.type not in (ColumnType.STRING, ColumnType.ENUM):
                raise InvalidArgument(
                    f"'strDistance' needs strings or categories, but '{name}' is of type {column.type}."
                )
    pairs = zip(left.columns, right.columns, strict=True)
    columns = [
        numeric(_similarities(a.decoded(), b.decoded(), measure.lower(), compare_empty, context.settings))
        for a, b in pairs
    ]
    return Frame(default_names(left.n_columns), columns, left.n_rows)


def _similarities(a: pl.Series, b: pl.Series, measure: str, compare_empty: bool, settings: Settings) -> pl.Series:
    """The similarity of each pair, each different pair measured once; null where a string is missing."""
    table = pl.DataFrame({"a": a, "b": b})
    pairs = table.drop_nulls().unique(maintain_order=True)
    if not compare_empty:
        pairs = pairs.filter((pl.col("a") != "") & (pl.col("b") != ""))
    longest = (
        pairs.select(pl.max_horizontal(pl.col("a").str.len_chars(), pl.col("b").str.len_chars()).max()).item() or 0
    )
    if longest > settings.max_compared_characters:
        raise InvalidArgument(
            f"'strDistance' compares strings of at most {settings.max_compared_characters} characters "
            f"(setting max_compared_characters). Got {longest}."
        )
    found = _MEASURES[measure](pairs["a"], pairs["b"], max(int(longest), 1))
    found = np.where((pairs["a"] == pairs["b"]).to_numpy(), 1.0, found)
    measured_pairs = pairs.with_columns(pl.Series("similarity", found))
    return table.join(measured_pairs, on=["a", "b"], how="left", maintain_order="left")["similarity"]


def _by_characters(
    compare: Callable[[_Characters, NDArray[np.int64], _Characters, NDArray[np.int64]], NDArray[np.float64]],
) -> Callable[[pl.Series, pl.Series, int], NDArray[np.float64]]:
    """A measure of string series from one of character arrays (n, width) and lengths (n,), in batches; shorter ones first."""

    def measure(a: pl.Series, b: pl.Series, width: int) -> NDArray[np.float64]:
        size = max(1, _CELLS_A_BATCH // width)
        parts = [np.empty(0)]
        for start in range(0, len(a), size):
            first, second = (_characters(s.slice(start, size), width) for s in (a, b))
            swap = (first[1] > second[1])[:, None]
            lengths = np.minimum(first[1], second[1]), np.maximum(first[1], second[1])
            short, long = np.where(swap, second[0], first[0]), np.where(swap, first[0], second[0])
            parts.append(compare(short, lengths[0], long, lengths[1]))
        return np.concatenate(parts)

    return measure


def _characters(texts: pl.Series, width: int) -> tuple[_Characters, NDArray[np.int64]]:
    array = np.array(texts.to_list(), dtype=f"U{width}")
    return array.view(np.uint32).reshape(len(array), width), texts.str.len_chars().cast(pl.Int64).to_numpy()


@_by_characters
def _levenshtein(
    short: _Characters, short_length: NDArray[np.int64], long: _Characters, long_length: NDArray[np.int64]
) -> NDArray[np.float64]:
    """1 less the edit distance over the longer length."""
    places = np.arange(long.shape[1] + 1)
    costs = np.tile(places, (len(long), 1))
    for i in range(short.shape[1]):
        replaced = costs[:, :-1] + (short[:, i : i + 1] != long)
        fresh = np.empty_like(costs)
        fresh[:, 0] = i + 1
        fresh[:, 1:] = np.minimum(replaced, costs[:, 1:] + 1)
        # an insertion may follow any cheaper cell to the left
        fresh = np.minimum.accumulate(fresh - places, axis=1) + places
        costs = np.where((i < short_length)[:, None], fresh, costs)
    distance = costs[np.arange(len(costs)), long_length]
    return 1 - distance / np.maximum(long_length, 1)


@_by_characters
def _jaro_winkler(
    short: _Characters, short_length: NDArray[np.int64], long: _Characters, long_length: NDArray[np.int64]
) -> NDArray[np.float64]:
    places = np.arange(long.shape[1])
    reach = long_length // 2
    common, crossed = np.zeros(len(short)), np.zeros(len(short))
    previous = np.full(len(short), -1)
    free = np.ones(long.shape, dtype=bool)
    for i in range(short.shape[1]):
        within = (places >= (i - reach)[:, None]) & (places < np.minimum(long_length, i + reach)[:, None])
        matches = free & within & (long == short[:, i : i + 1]) & (i < short_length)[:, None]
        found, at = matches.any(axis=1), matches.argmax(axis=1)
        common += found
        crossed += found & (previous != -1) & (at < previous)
        previous = np.where(found, at, previous)
        free[found, at[found]] = False
    with np.errstate(all="ignore"):
        score = (common / short_length + common / long_length + (common - crossed) / common) / 3
    inside = np.arange(_PREFIX) < short_length[:, None]
    head = min(_PREFIX, short.shape[1])
    prefix = np.cumprod((short[:, :head] == long[:, :head]) & inside[:, :head], axis=1).sum(axis=1)
    return np.where(common > 0, score + prefix * (1 - score) / 10, 0.0)


@_by_characters
def _common_substrings(
    short: _Characters, short_length: NDArray[np.int64], long: _Characters, long_length: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The lengths of common substrings, each taken out of both strings before the next, over the shorter length."""
    short, long, rest_short, rest_long = short.copy(), long.copy(), short_length.copy(), long_length.copy()
    total = np.zeros(len(short))
    while True:
        length, short_end, long_end = _longest_common(short, rest_short, long, rest_long)
        length = np.where(length >= _SHORTEST_COMMON, length, 0)
        if not length.any():
            with np.errstate(all="ignore"):
                return np.where(short_length > 0, total / short_length, 0.0)
        total += length
        short, rest_short = _without(short, rest_short, short_end, length)
        long, rest_long = _without(long, rest_long, long_end, length)


def _longest_common(
    short: _Characters, short_length: NDArray[np.int64], long: _Characters, long_length: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Length of the longest common substring and where it ends (exclusive) in both, the first of equal ones."""
    rows, width = long.shape
    best, short_end, long_end = (np.zeros(rows, dtype=np.int64) for _ in range(3))
    inside = np.arange(width) < long_length[:, None]
    runs = np.zeros((rows, width + 1), dtype=np.int64)
    for i in range(short.shape[1]):
        same = (short[:, i : i + 1] == long) & inside & (i < short_length)[:, None]
        runs[:, 1:] = np.where(same, runs[:, :-1] + 1, 0)
        longest = runs.max(axis=1)
        better = longest > best
        long_end = np.where(better, runs.argmax(axis=1), long_end)
        short_end = np.where(better, i + 1, short_end)
        best = np.where(better, longest, best)
    return best, short_end, long_end


def _without(
    characters: _Characters, length: NDArray[np.int64], end: NDArray[np.int64], cut: NDArray[np.int64]
) -> tuple[_Characters, NDArray[np.int64]]:
    """The strings without `cut` characters before `end`."""
    places = np.arange(characters.shape[1])
    gone = (places >= (end - cut)[:, None]) & (places < end[:, None])
    order = np.argsort(gone, axis=1, kind="stable")
    return np.take_along_axis(characters, order, axis=1), length - cut


def _soundex_equal(a: pl.Series, b: pl.Series, width: int) -> NDArray[np.float64]:
    """0.9 where the Soundex codes are equal, else 0."""
    return np.where((_soundex(a, width) == _soundex(b, width)).all(axis=1), 0.9, 0.0)


def _soundex(texts: pl.Series, width: int) -> _Characters:
    """The codes as four characters a string: the first letter and three digits, zeros where there are fewer."""
    characters, _ = _characters(texts, width)
    letters = characters & ~np.uint32(32)
    known = (letters >= ord("A")) & (letters <= ord("Z")) & (characters < 128)
    digits = np.where(known, _SOUNDEX[np.where(known, letters - ord("A"), 0)], 0)
    code = np.full((len(characters), 4), ord("0"), dtype=np.uint32)
    if characters.shape[1]:
        code[:, 0] = characters[:, 0]
    filled, previous = np.ones(len(characters), dtype=np.int64), np.full(len(characters), ord("0"))
    for i in range(1, characters.shape[1]):
        digit = digits[:, i]
        taken = known[:, i] & (digit != ord("0")) & (digit != previous) & (filled < 4)
        code[taken, filled[taken]] = digit[taken]
        filled += taken
        previous = np.where(known[:, i], digit, previous)
    return code


def _pair_overlap(a: pl.Series, b: pl.Series, width: int) -> NDArray[np.float64]:
    """Common pairs of neighbouring characters over the fewer pairs of the two."""
    common, first, second = _set_sizes(_character_pairs(a), _character_pairs(b))
    fewer = np.minimum(first, second)
    with np.errstate(all="ignore"):
        return np.where(fewer > 0, common / fewer, 0.0)


def _character_pairs(texts: pl.Series) -> pl.Series:
    table = pl.DataFrame({"text": texts}).with_row_index("row")
    starts = pl.int_ranges(0, (pl.col("text").str.len_chars().cast(pl.Int64) - 1).clip(0)).alias("start")
    pairs = (
        table.with_columns(starts)
        .explode("start")
        .with_columns(pair=pl.when(pl.col("start").is_not_null()).then(pl.col("text").str.slice(pl.col("start"), 2)))
    )
    sets = pairs.drop_nulls("pair").group_by("row").agg(pl.col("pair").unique())
    found = table.join(sets, on="row", how="left", maintain_order="left")["pair"]
    return pl.DataFrame({"pair": found}).select(pl.col("pair").fill_null(pl.lit([], dtype=pl.List(pl.String))))["pair"]


def _word_overlap(a: pl.Series, b: pl.Series, width: int) -> NDArray[np.float64]:
    """Words of the string with fewer that the other has, too, over all words less these."""
    table = pl.DataFrame({"a": a, "b": b}).with_row_index("row").with_columns(pl.col("a", "b").str.extract_all(r"\S+"))
    first, second = pl.col("a").list.len(), pl.col("b").list.len()
    in_order = pl.when(first <= second)
    table = table.select(
        "row",
        fewer=in_order.then("a").otherwise("b"),
        more=in_order.then("b").otherwise("a"),
        total=(first + second).cast(pl.Float64),
    )
    words = table.select("row", word="fewer").explode("word")
    others = table.select("row", word="more").explode("word")
    common = words.join(others, on=["row", "word"], how="semi").group_by("row").len("common")
    found = table.join(common, on="row", how="left", maintain_order="left").with_columns(pl.col("common").fill_null(0))
    union = pl.col("total") - pl.col("common")
    return found.select(pl.when(union > 0).then(pl.col("common") / union).otherwise(0.0).alias("share"))[
        "share"
    ].to_numpy()


def _set_sizes(a: pl.Series, b: pl.Series) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    common = a.list.set_intersection(b).list.len()
    first, second, third = (s.cast(pl.Float64).to_numpy() for s in (common, a.list.len(), b.list.len()))
    return first, second, third


_MEASURES: dict[str, Callable[[pl.Series, pl.Series, int], NDArray[np.float64]]] = {
    "lv": _levenshtein,
    "lcs": _common_substrings,
    "qgram": _pair_overlap,
    "jaccard": _word_overlap,
    "jw": _jaro_winkler,
    "soundex": _soundex_equal,
}


# ---- words ----


@operator(
    "tf-idf",
    FRAME("frame"),
    INTEGER("document column"),
    INTEGER("text column"),
    FLAG("split"),
    FLAG("case sensitive"),
    doc="For each word of each document its count, ln((documents + 1) / (documents with it + 1)) and their product, by word and document.",
)
def word_weights(frame: Frame, document: int, text: int, split: bool, case_sensitive: bool) -> Frame:
    for number, name in ((document, "document column"), (text, "text column")):
        if not 0 <= number < frame.n_columns:
            raise InvalidArgument(
                f"The argument '{name}' of 'tf-idf' must be from 0 to {frame.n_columns - 1}. Got {number}."
            )
    documents, texts = frame.columns[document], frame.columns[text]
    if not frame.n_rows or not is_numeric(documents) or texts.type is not ColumnType.STRING:
        raise InvalidArgument(
            "'tf-idf' needs rows of a number (the document) and a string (its text or one of its words)."
        )
    words = texts.values if case_sensitive else texts.values.str.to_lowercase()
    table = pl.DataFrame({"document": documents.values, "word": words})
    count = table.height if split else table["document"].drop_nulls().n_unique()
    if split:
        table = table.with_columns(pl.col("word").str.extract_all(r"\S+")).explode("word")
    counted = table.drop_nulls().group_by("document", "word").len("count").sort("word", "document")
    spread = pl.len().over("word")
    counted = counted.with_columns(idf=((count + 1) / (spread + 1)).log())
    columns = [
        numeric(counted["document"]),
        strings(counted["word"]),
        numeric(counted["count"]),
        numeric(counted["idf"]),
    ]
    columns.append(numeric(counted["count"] * counted["idf"]))
    return frame_of(["DocID", "Word", "TF", "IDF", "TF-IDF"], columns)


@operator(
    "num_valid_substrings",
    FRAME("frame"),
    STRING("word file"),
    doc="How many substrings of two characters or more of each string are lines of a file.",
)
def count_words(context: Context, frame: Frame, path: str) -> Frame:
    file = jail.check_import(path, context.settings)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise NotFound(f"The file of words {path} cannot be read.", path=path) from None
    except UnicodeDecodeError:
        raise InvalidArgument(f"The file of words {path} is no UTF-8 text.", path=path) from None
    words = pl.DataFrame({"part": sorted({line for line in lines if len(line) >= 2})}, schema={"part": pl.String})
    return measured(frame, "num_valid_substrings", lambda texts: _known_parts(texts, words))


def _known_parts(texts: pl.Series, words: pl.DataFrame) -> pl.Series:
    """How often any of the words occurs in each text, by comparing all substrings of the words' lengths."""
    table = pl.DataFrame({"text": texts}).with_row_index("row")
    total = pl.Series("count", np.zeros(len(texts), dtype=np.int64))
    for length in sorted(set(words["part"].str.len_chars().to_list())):
        starts = pl.int_ranges(0, (pl.col("text").str.len_chars().cast(pl.Int64) - length + 1).clip(0)).alias("start")
        parts = table.with_columns(starts).explode("start").drop_nulls("start")
        parts = parts.with_columns(part=pl.col("text").str.slice(pl.col("start"), length))
        found = parts.join(words, on="part", how="semi").group_by("row").len("found")
        total = total + table.join(found, on="row", how="left", maintain_order="left")["found"].fill_null(0).cast(
            pl.Int64
        )
    return total.set(texts.is_null(), None)
