"""Evaluation: scopes, constants, assignment, errors that name the operator and the argument."""

import math

import pytest

from artesian.core.errors import ArtesianError, InvalidArgument
from artesian.core.settings import Settings
from artesian.rapids import MemoryEnvironment, catalogue, evaluate, is_look_up
from artesian.rapids.registry import FRAME, operator


def test_functions_bind_their_parameters_lexically(run) -> None:
    assert run("({x y . (- x y)} 5 2)") == 3
    assert run("({x . ({y . (+ x y)} 10)} 5)") == 15
    assert run("(({x . {y . (- x y)}} 5) 2)") == 3


def test_constants_need_no_quotes(run) -> None:
    assert run("True") == 1
    assert run("FALSE") == 0
    assert run("PI") == math.pi
    assert run("NA") is None
    assert run("[nan 1]") == [None, 1]
    assert run("[\"a\" 'b']") == ["a", "b"]


def test_the_comma_evaluates_in_order(run, environment) -> None:
    assert run("(, 1 2 3)") == 3
    run("(, (tmp= t z) (assign g t))")
    assert environment.temporaries == {"t"}
    assert environment.objects["g"] is environment.objects["z"]


def test_assigned_frames_carry_their_name_in_the_result(environment) -> None:
    assert evaluate("(tmp= t (+ z 1))", environment).key == "t"
    assert evaluate("(assign g z)", environment).key == "g"
    result = evaluate("(+ z 1)", environment)
    assert (result.kind, result.key, result.rows, result.columns) == ("frame", None, 2, 2)


def test_a_temporary_is_not_overwritten(environment) -> None:
    evaluate("(tmp= t (+ z 1))", environment)
    with pytest.raises(InvalidArgument, match="'t' exists already"):
        evaluate("(tmp= t (+ z 2))", environment)
    assert evaluate("(tmp= t t)", environment).key is None


def test_session_names_start_with_a_dollar(environment) -> None:
    environment.session = "_sid7"
    evaluate("(tmp= $t z)", environment)
    assert "t~_sid7" in environment
    assert evaluate("(nrow $t)", environment).value == 2
    assert evaluate("(rm $t)", environment).value == 1


def test_removal_counts(run) -> None:
    assert run("(rm nosuch)") == 0
    assert run("(rm z)") == 1
    assert run("(rm z)") == 0


def test_ls_lists_names_as_a_category(run) -> None:
    assert run("(ls)") == {"key": ["e", "m", "z"]}


def test_renaming_moves_an_object(run, environment) -> None:
    run("(rename 'z' 'w')")
    assert environment.names() == ["e", "m", "w"]


def test_columns_are_shared_not_copied(environment) -> None:
    source = environment.objects["m"]
    result = evaluate("(cbind (cols_py m [0 2]) (cols m -1))", environment).value
    assert result.columns[0] is source.columns[0]
    assert result.columns[2] is source.columns[1]


def test_short_circuits_leave_the_other_side_alone(run) -> None:
    assert run("(&& 0 (nosuch))") == 0
    assert run("(|| 1 (nosuch))") == 1
    assert run("(&& 1 0)") == 0


def test_deep_expressions_need_no_deep_stack() -> None:
    environment = MemoryEnvironment(settings=Settings(max_rapids_depth=30_000))
    assert evaluate("(+ 1 " * 20_000 + "0" + ")" * 20_000, environment).value == 20_000
    body = "({x . (+ x 1)} " * 5_000 + "0" + ")" * 5_000
    assert evaluate(body, environment).value == 5_000
    with pytest.raises(InvalidArgument, match="nests conditions"):
        evaluate("(&& 1 " * 20_000 + "1" + ")" * 20_000, environment)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(cols_pi m 0)", "There is no operator 'cols_pi'. Did you mean 'cols_py'?"),
        ("(nrow mm)", "Name lookup of 'mm' failed: there is no object or operator of that name."),
        ("(cols_py m)", r"The operator 'cols_py' takes 2 arguments: \(cols_py frame columns\). Got 1."),
        ("(nrow m 1)", r"takes 1 argument: \(nrow frame\). Got 2."),
        ("(nrow 5)", "The argument 'frame' of 'nrow' must be a frame. Got the number 5."),
        ("(nlevels m)", "'nlevels' must be a frame of one column. Got a frame of 4 rows × 4 columns."),
        ("(h2o.runif m 1.5)", "'seed' of 'h2o.runif' must be a whole number. Got the number 1.5."),
        ("(h2o.runif m 'x')", "'seed' of 'h2o.runif' must be a whole number. Got the string 'x'."),
        ("(cols_py m {x . x})", "'columns' of 'cols_py' must be a number, a name in quotes or a list"),
        ("(1 2)", "must be an operator or a function. Got the number 1."),
        ("(m 2)", "'m' is an object, not an operator"),
        ("({x . x} 1 2)", "A function of 1 parameters was applied to 2 arguments."),
        ("(+ 'a' 1)", r"'\+' cannot combine the string 'a' and the number 1."),
    ],
)
def test_a_wrong_call_is_answered_with_one_sentence(text: str, sentence: str, environment) -> None:
    with pytest.raises(InvalidArgument, match=sentence) as caught:
        evaluate(text, environment)
    assert caught.value.status == 400


@pytest.mark.parametrize("text", ["({x . (x x)} {x . (x x)})", "({x . (, (x x) (x x))} {x . (, (x x) (x x))})"])
def test_a_function_that_applies_itself_without_end_is_refused(text: str, environment) -> None:
    environment.settings = Settings(max_rapids_applications=1_000)
    with pytest.raises(InvalidArgument, match="applies its functions more than 1000 times"):
        evaluate(text, environment)


def test_a_sentence_that_quotes_control_characters_spells_them_out(environment) -> None:
    with pytest.raises(InvalidArgument, match=r"lookup of 'a\\x7fb' failed") as caught:
        evaluate("(nrow a\x7fb)", environment)
    assert caught.value.message.isprintable()
    with pytest.raises(InvalidArgument, match=r"expected the end of the expression, found '\)\\n\\x00'\."):
        evaluate("(nrow 1))\n\x00", environment)


def test_every_operator_has_a_doc_line_and_a_family() -> None:
    entries = catalogue()
    assert len(entries) > 60
    for name, family, doc in entries:
        assert doc.endswith("."), name
        assert doc[0].isupper(), name
        assert family, name


def test_an_operator_without_doc_line_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a doc line"):
        operator("nothing.said", FRAME("frame"), doc="")(lambda frame: frame)
    with pytest.raises(ValueError, match="already"):
        operator("nrow", FRAME("frame"), doc="Again.")(lambda frame: frame)


def test_errors_of_the_library_become_sentences(run) -> None:
    with pytest.raises(ArtesianError):
        run("(+ (cols_py m 3) 1)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(nrow z)", True),
        ("(is.factor my_frame.hex)", True),
        ("(getTimeZone)", True),
        ("(sum z)", False),  # reads the rows
        ("(nrow (sort z [0] [1]))", False),  # so does its argument
        ("(tmp= nrow z)", False),
        ("(nosuchoperator z)", False),
        ("nrow z", False),
        ("", False),
    ],
)
def test_look_ups_are_told_from_what_reads_rows(text: str, expected: bool) -> None:
    assert is_look_up(text) is expected
