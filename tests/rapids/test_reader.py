"""The grammar: what H2O's server accepts is accepted, the rest refused with position, finding and expectation."""

import math
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings
from artesian.rapids.reader import parse
from artesian.rapids.syntax import Call, Lambda, Name, Number, NumberList, Span, Text, TextList


@pytest.mark.parametrize(
    ("text", "value"),
    # each of these is what the reference server evaluated the text to
    [("1.", 1), ("1d", 1), ("1f", 1), ("1e2", 100), (".5", 0.5), ("-.5", -0.5), ("-3", -3), ("1e400", math.inf)],
)
def test_numbers_of_a_jvm_are_read(text: str, value: float) -> None:
    assert parse(text) == Number(value)


@pytest.mark.parametrize("text", ["+1", "1_0", "-", "py_1_sid_8016", "_9a~b", "fr:1,2", "NaN", "%/%", "été", ","])
def test_what_is_no_number_is_a_name(text: str) -> None:
    assert parse(text) == Name(text)


def test_calls_nest_and_keep_their_order() -> None:
    assert parse("(tmp= t (+ fr 1))") == Call((Name("tmp="), Name("t"), Call((Name("+"), Name("fr"), Number(1.0)))))
    assert parse("(, (rm a) b)") == Call((Name(","), Call((Name("rm"), Name("a"))), Name("b")))


def test_an_arrow_names_the_result() -> None:
    assert parse("(+ a b)->c") == Call((Name("tmp="), Name("c"), Call((Name("+"), Name("a"), Name("b")))))


def test_lists_of_numbers_hold_ranges() -> None:
    assert parse("[]") == NumberList(())
    assert parse("[1 2,nan]").spans[:2] == (Span(1), Span(2))
    assert parse("[0:3:.5 9]") == NumberList((Span(0, 3, 0.5), Span(9)))
    assert parse("[0:3:.5]").expand(10).tolist() == [0, 0.5, 1]
    assert parse("[1:2 5:2]").expand(10).tolist() == [1, 2, 5, 6]
    assert parse("[2:NaN]") == NumberList((Span(2, math.inf),))


def test_lists_of_strings_take_both_quotes_and_commas() -> None:
    assert parse("""['a',"b" 'c"d']""") == TextList(("a", "b", 'c"d'))


def test_escapes_are_resolved() -> None:
    assert parse(r"'a\x41\u00e9\U0001F600\n\t\\\''") == Text("aAé😀\n\t\\'")
    assert parse(r"'\ud83d\ude00'") == Text("😀")


def test_functions_have_parameters_and_a_body() -> None:
    assert parse("{x y . (+ x y)}") == Lambda(("x", "y"), Call((Name("+"), Name("x"), Name("y"))))
    assert parse("{ . 5}") == Lambda((), Number(5.0))


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "a name or a value"),
        ("()", 1, "an operator"),
        ("(+ 1", 4, "')' for the '(' at position 0"),
        ("'abc", 4, "' for the string that starts at position 0"),
        (r"'\q'", 1, "an escape"),
        (r"'\ud800'", 0, "whole characters"),
        ("(a]", 2, "a name or a value"),
        ("[1 a]", 3, "a number"),
        ("[1 'a']", 3, "a number"),
        ("['a' 1]", 5, "']'"),
        ("[1:0]", 3, "a count of at least 1"),
        ("[1:2:-1]", 5, "a stride above 0"),
        ("[1:1:2]", 5, "a stride above 0"),
        ("[3:2 1:2]", 8, "do not overlap"),
        ("{1 . 2}", 1, "the name of a parameter"),
        ("{x . 1 2}", 7, "'}' after the body"),
        ("(+ 1 2) 3", 8, "the end of the expression"),
        ("(a)-b", 3, "'->' and a name"),
        ("0x10", 0, "a decimal number"),
        (")", 0, "a name or a value"),
    ],
)
def test_malformed_text_is_refused_with_position_and_expectation(text: str, position: int, expected: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse(text)
    assert caught.value.values["position"] == position
    assert expected in str(caught.value)
    assert f"position {position}" in str(caught.value)


def test_depth_and_length_are_limited_by_settings() -> None:
    limited = Settings(max_rapids_depth=10, max_rapids_length_mb=1)
    parse("(+ 1 " * 10 + "1" + ")" * 10, limited)
    with pytest.raises(InvalidArgument, match="max_rapids_depth"):
        parse("(+ 1 " * 11 + "1" + ")" * 11, limited)
    with pytest.raises(InvalidArgument, match="max_rapids_length_mb"):
        parse(" " * (2**20 + 1), limited)


def test_depth_is_not_bound_by_the_stack() -> None:
    deep = Settings(max_rapids_depth=100_000)
    node = parse("(abs " * 50_000 + "-1" + ")" * 50_000, deep)
    assert isinstance(node, Call)
    with pytest.raises(InvalidArgument, match="position 50000"):
        parse("(" * 50_000, deep)


def test_a_list_that_is_too_long_is_not_expanded() -> None:
    with pytest.raises(InvalidArgument, match="max_rapids_list"):
        parse("[0:1e15]").expand(1000)


_PIECES = st.sampled_from([*"(){}[]'\" .,:\\-1xN", "->", "\\u", "(+ 1", "[0:2", "{x .", "tmp=", "nan", "é", "😀"])


@settings(max_examples=1000, deadline=None)
@given(
    st.one_of(st.lists(_PIECES, max_size=40).map("".join), st.text(string.printable, max_size=60), st.text(max_size=60))
)
def test_any_text_gives_a_tree_or_one_sentence(text: str) -> None:
    try:
        node = parse(text)
    except InvalidArgument as error:
        assert str(error).endswith(".")
        assert "position" in str(error)
    else:
        assert isinstance(node, Number | Text | Name | NumberList | TextList | Call | Lambda)
