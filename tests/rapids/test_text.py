"""Similarities of strings; expectations are the reference server's answers."""

import polars as pl
import pytest

from artesian.core.errors import Forbidden, InvalidArgument
from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate
from artesian.rapids.operators import text

X = None
_PAIRS = [
    ("Robert", "Rupert"), ("banana", "banana"), ("MARTHA", "MARHTA"), ("DIXON", "DICKSONX"), ("aabb", "bbaa"),
    ("abcdefgh", "abXdefYh"), ("the quick brown", "quick the lazy"), ("", ""), ("a", ""), ("aa aa", "aa"),
    ("hello world", "world hello"), ("Tymczak", "Pfister"), ("Ashcraft", "Ashcroft"), ("kitten", "sitting"), ("ab", "a"),
    ("a", "a"), ("a", "b"), ("JELLYFISH", "SMELLYFISH"), ("Äöü", "Äöx"), ("x1y2z3", "xyz"),
]  # fmt: skip
_ANSWERS = {
    "lv": [0.6666666666666667, 1, 0.6666666666666667, 0.5, 0, 0.75, 0.2, 1, 0, 0.4, 0.2727272727272727, 0, 0.875,
           0.5714285714285714, 0.5, 1, 0, 0.8, 0.6666666666666667, 0.5],
    "lcs": [0.5, 1, 0.5, 0.8, 1, 0.625, 0.7142857142857143, 1, 0, 1, 0.9090909090909091, 0, 0.875, 0.5, 0, 1, 0,
            0.8888888888888888, 0.6666666666666666, 0],
    "qgram": [0.4, 1, 0.4, 0.5, 0.6666666666666666, 0.42857142857142855, 0.6153846153846154, 1, 0, 1, 0.8, 0,
              0.7142857142857143, 0.4, 0, 1, 0, 0.875, 0.5, 0],
    "jaccard": [0, 1, 0, 0, 0, 0, 0.5, 1, 0, 0.5, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    "jw": [0.8, 1, 0.9611111111111111, 0.8133333333333332, 0.7222222222222222, 0.8666666666666667, 0.7269841269841271, 1, 0,
           0.84, 0.503030303030303, 0, 0.95, 0.746031746031746, 0.85, 1, 0, 0.8962962962962964, 0.8222222222222222, 0.85],
    "soundex": [0.9, 1, 0.9, 0, 0, 0.9, 0, 1, 0, 0.9, 0, 0, 0.9, 0, 0, 1, 0, 0, 0, 0.9],
}  # fmt: skip


def _pairs(pairs: list[tuple[str | None, str | None]]) -> Frame:
    left, right = zip(*pairs, strict=True)
    return Frame(["x", "y"], [Column.from_series(pl.Series(side, dtype=pl.String)) for side in (left, right)])


@pytest.mark.parametrize("measure", _ANSWERS)
def test_similarities_of_strings(run, measure) -> None:
    got = run(f"(strDistance (cols_py p 0) (cols_py p 1) '{measure}' True)", p=_pairs(_PAIRS))["C1"]
    assert got == pytest.approx(_ANSWERS[measure], abs=1e-12)
    factors = f"(strDistance (as.factor (cols_py p 0)) (as.factor (cols_py p 1)) '{measure}' True)"
    assert run(factors, p=_pairs(_PAIRS))["C1"] == got


@pytest.mark.parametrize("measure", _ANSWERS)
def test_batches_do_not_change_similarities(run, measure, monkeypatch) -> None:
    monkeypatch.setattr(text, "_CELLS_A_BATCH", 40)
    test_similarities_of_strings(run, measure)


def test_missing_and_empty_strings_have_no_similarity_unless_asked(run) -> None:
    frame = _pairs([("a", None), (None, "a"), ("", "a"), ("", ""), ("ab", "ab")])
    assert run("(strDistance (cols_py p 0) (cols_py p 1) 'lv' True)", p=frame) == {"C1": [X, X, 0, 1, 1]}
    assert run("(strDistance (cols_py p 0) (cols_py p 1) 'lv' False)", p=frame) == {"C1": [X, X, X, X, 1]}


def test_wrong_measures_and_lengths_are_refused(run) -> None:
    with pytest.raises(InvalidArgument, match="one of lv, lcs"):
        run("(strDistance m m 'levenshtein' True)")
    with pytest.raises(InvalidArgument, match="'a' is of type int"):
        run("(strDistance m m 'lv' True)")
    limited = MemoryEnvironment({"p": _pairs([("a" * 11, "b")])}, settings=Settings(max_compared_characters=10))
    with pytest.raises(InvalidArgument, match="at most 10 characters"):
        evaluate("(strDistance (cols_py p 0) (cols_py p 1) 'lv' True)", limited)


def test_word_weights_are_those_of_the_reference(run) -> None:
    table = pl.DataFrame({"id": [1, 2, 3], "t": ["the cat sat", "The dog  sat sat", "a cat"]})
    frame = Frame.from_polars(table)
    got = run("(tf-idf f 0 1 True False)", f=frame)
    assert list(got) == ["DocID", "Word", "TF", "IDF", "TF-IDF"]
    assert got["Word"] == ["a", "cat", "cat", "dog", "sat", "sat", "the", "the"]
    assert got["DocID"] == [3, 1, 3, 2, 1, 2, 1, 2]
    assert got["TF"] == [1, 1, 1, 1, 1, 2, 1, 1]
    rare, common = 0.6931471805599453, 0.28768207245178085
    assert got["IDF"] == pytest.approx([rare, common, common, rare, common, common, common, common])
    assert got["TF-IDF"][5] == pytest.approx(0.5753641449035617)
    words = Frame.from_polars(pl.DataFrame({"id": [1, 1, 2, 2, 3], "w": ["a", "b", "a", "a", "c"]}))
    got = run("(tf-idf f 0 1 False True)", f=words)
    assert (got["Word"], got["DocID"], got["TF"]) == (["a", "a", "b", "c"], [1, 2, 1, 3], [1, 2, 1, 1])
    assert got["TF-IDF"] == pytest.approx([common, 0.5753641449035617, rare, rare])


def test_known_words_within_strings_are_counted(tmp_path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("an\nana\nban\nx\nfoo\n", encoding="utf-8")
    frame = Frame(["s"], [Column.from_series(pl.Series(["banana", None, "foo an", "x", ""]))])
    environment = MemoryEnvironment({"f": frame}, settings=Settings(import_roots=(str(tmp_path),)))
    # b-an-an-a holds an and ana twice each and ban once; x is too short to count
    counted = evaluate(f"(num_valid_substrings f '{words}')", environment).value
    assert counted.columns[0].values.to_list() == [5, None, 2, 0, 0]
    factors = evaluate(f"(num_valid_substrings (as.factor f) '{words}')", environment).value
    assert factors.columns[0].values.to_list() == [5, None, 2, 0, 0]
    with pytest.raises(Forbidden):
        evaluate("(num_valid_substrings f '/etc/passwd')", environment)


def test_patterns_are_of_linear_time(run) -> None:
    hard = Frame(["s"], [Column.from_series(pl.Series(["a" * 5_000 + "!"]))])
    assert run("(grep s '^(a+)+$' False False True)", s=hard) == {"C1": [0]}
    for call in ["(grep s '(a)\\\\1' False False True)", "(replaceall s '(?=a)' 'b' False)", "(strsplit s '(')"]:
        with pytest.raises(InvalidArgument):
            run(call, s=hard)


@pytest.mark.parametrize(
    "text",
    [
        "(grep (cols_py m 3) '[' True True True)",
        "(replaceall (cols_py m 3) '(' '' False)",
        "(strsplit (cols_py m 3) '*a')",
        "(tokenize (cols_py m 3) 'a{3,2}')",
        "(replacefirst (cols_py m 3) '(?=a)b' '' False)",
    ],
)
def test_a_pattern_that_is_none_is_named_with_the_reason(text: str, run) -> None:
    with pytest.raises(
        InvalidArgument, match=r"The pattern of '\w+' is no regular expression that can be used: [^\n]+\.$"
    ):
        run(text)


def test_a_replacement_refers_to_groups_that_there_are(run) -> None:
    assert run("(replaceall (cols_py m 3) '(o+)' '<$1>' False)") == {"C1": ["f<oo>", "bar", None, "baz"]}
    assert run("(replaceall (cols_py m 3) 'x' '$1' False)") == {"C1": ["foo", "bar", None, "baz"]}  # no match
    with pytest.raises(InvalidArgument, match=r"the group \$2, but the pattern '\(o\)' has 1 groups"):
        run("(replacefirst (cols_py m 3) '(o)' '$2' False)")
