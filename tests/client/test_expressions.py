"""Lazy expressions: what is sent, when, and which temporaries live on the server."""

from __future__ import annotations

import gc
import math

import pytest
from recording import Recorder

from artesian.client.exceptions import H2OResponseError, H2OTypeError, H2OValueError
from artesian.client.expr import AstName, ExprNode, FrameInfo, to_text
from artesian.client.frame import H2OFrame
from artesian.client.frame.base import FrameBase


def named(key: str = "fr", **types: str) -> H2OFrame:
    """A frame that the server holds, whose columns are known here."""
    types = types or {"a": "int", "b": "real"}
    return FrameBase._wrap(ExprNode.named(key, FrameInfo(10, len(types), list(types), types)))


def test_nothing_is_sent_before_a_result_is_needed(recorder: Recorder) -> None:
    result = (named()["a"] + 1) * 2
    assert recorder.requests == []
    result.frame_id
    assert recorder.expressions == [f"(tmp= {result.frame_id} (* (+ (cols_py fr 0) 1) 2))"]


def test_an_inner_expression_that_python_still_holds_is_computed_once(recorder: Recorder) -> None:
    inner = named()["a"] + 1
    outer = inner * 2
    key = outer.frame_id
    inner_key = inner._ex.key
    assert recorder.expressions == [f"(tmp= {key} (* (tmp= {inner_key} (+ (cols_py fr 0) 1)) 2))"]
    (inner - 3).frame_id
    assert recorder.expressions[1].endswith(f"(- {inner_key} 3))")


def test_a_frame_used_twice_in_one_expression_is_computed_once(recorder: Recorder) -> None:
    column = named()["a"] + 1
    squared = column * column
    key = squared.frame_id
    assert recorder.expressions == [f"(tmp= {key} (* (tmp= {column._ex.key} (+ (cols_py fr 0) 1)) {column._ex.key}))"]


def test_a_temporary_goes_with_its_last_holder(recorder: Recorder) -> None:
    column = named()["a"] + 1
    key = column.frame_id
    other = column
    del column
    gc.collect()
    assert recorder.discarded == []
    del other
    gc.collect()
    assert recorder.discarded == [key]


def test_named_frames_stay_on_the_server(recorder: Recorder) -> None:
    frame = named("kept")
    frame.frame_id
    del frame
    gc.collect()
    assert recorder.discarded == []


def test_intermediate_temporaries_are_freed_once_the_result_is_there(recorder: Recorder) -> None:
    first = named()["a"] + 1
    key = first.frame_id
    second = first * 2
    second.frame_id
    del first
    gc.collect()
    assert recorder.discarded == [key]  # the result does not need it any more


def test_after_a_refused_expression_its_temporaries_are_forgotten(recorder: Recorder) -> None:
    inner = named()["a"] + 1
    outer = inner * 2
    recorder.replies["POST /99/Rapids"] = H2OResponseError("no")
    with pytest.raises(H2OResponseError):
        outer.frame_id
    assert outer._ex.key is None
    assert inner._ex.key is None
    assert len(recorder.discarded) == 2


def test_appending_many_columns_stays_flat(recorder: Recorder) -> None:
    frame = named()
    for number in range(200):
        frame[f"c{number}"] = number
    assert frame.ncols == 202
    assert frame.names[:4] == ["a", "b", "c0", "c1"]
    key = frame.frame_id
    columns = " ".join(f'{number} "c{number}"' for number in range(200))
    assert recorder.expressions == [f"(tmp= {key} (append fr {columns}))"]


def test_long_chains_are_cut_before_servers_refuse_their_depth(recorder: Recorder) -> None:
    column = named()["a"]
    for number in range(300):
        column = column + number
    column.frame_id
    assert max(_depth(text) for text in recorder.expressions) <= 70


def test_cbind_of_cbind_is_written_flat(recorder: Recorder) -> None:
    frame = named()
    frame["a"].cbind(named("x", c="int")).cbind(named("y", d="int")).frame_id
    assert recorder.expressions[0].endswith("(cbind (cols_py fr 0) x y))")


def test_assignment_by_number_and_by_condition(recorder: Recorder) -> None:
    frame = named()
    frame[1] = 7
    frame[frame["a"] > 3, "b"] = None
    frame.frame_id
    first, second = recorder.expressions[-2:]  # what only some rows get is computed when it is written
    name = first.split("(tmp= ")[1].split(" ")[0]
    assert first == f"(tmp= {name} (:= fr 7 1 []))"
    assert second.endswith(f" (:= {name} nan 1 (> (cols_py {name} 0) 3)))")


def test_assigning_a_column_of_itself_knows_its_type(recorder: Recorder) -> None:
    frame = named(a="int", b="int")
    frame["b"] = frame["b"].asfactor()
    assert frame.types == {"a": "int", "b": "enum"}
    assert recorder.requests == []


def test_selections_know_names_and_shape(recorder: Recorder) -> None:
    frame = named(a="int", b="real", c="enum")
    assert frame[["c", "a"]].types == {"c": "enum", "a": "int"}
    assert frame[1:].names == ["b", "c"]
    assert frame[-1].names == ["c"]
    assert frame[2:6, :].shape == (4, 3)
    assert frame[[0, 2, 4], "a"].shape == (3, 1)
    assert frame.drop("b").names == ["a", "c"]
    assert frame.drop([0, "c"]).names == ["b"]
    assert recorder.requests == []


def test_a_cell_comes_as_a_scalar(recorder: Recorder) -> None:
    recorder.replies["POST /99/Rapids"] = {"scalar": "NaN"}
    assert math.isnan(named()[3, "b"])
    assert recorder.expressions == ["(flatten (rows (cols_py fr 1) 3))"]


def test_selectors_as_text(recorder: Recorder) -> None:
    frame = named(a="int", b="real", c="enum")
    frame[["a", "b"]].frame_id
    frame[[0, 2]].frame_id
    frame[1:3, [0]].frame_id
    frame[-2:, :].frame_id
    bodies = [text.split(" ", 2)[2][:-1] for text in recorder.expressions]
    assert bodies == ["(cols_py fr [0:2])", "(cols_py fr [0 2])", "(rows (cols_py fr [0:1]) [1:2])", "(rows fr [8:2])"]


def test_a_wrong_column_is_named_with_a_near_one() -> None:
    frame = named(displacement="int", power="int")
    with pytest.raises(H2OValueError, match=r"'displacment' does not exist.*Did you mean 'displacement'"):
        frame["displacment"]
    with pytest.raises(H2OValueError, match=r"Column 2 .* 2 columns, numbered from 0 to 1"):
        frame[2]
    with pytest.raises(H2OTypeError, match="by name, number, list or slice"):
        frame[1.5]


def test_incompatible_shapes_are_refused_here(recorder: Recorder) -> None:
    other = FrameBase._wrap(ExprNode.named("y", FrameInfo(7, 1, ["y"], {"y": "int"})))
    with pytest.raises(H2OValueError, match=r"10 x 2 with one of 7 x 1"):
        named() + other
    assert recorder.requests == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "[]"),
        (True, "True"),
        (3, "3"),
        (2.5, "2.5"),
        (1e-9, "1e-09"),
        (float("nan"), "nan"),
        ("x", '"x"'),
        ('a"b\\c\n', '"a\\"b\\\\c\\n"'),
        ([1, 2.5, None], "[1 2.5 []]"),
        (["a", "b"], '["a" "b"]'),
        (range(5), "[0:5]"),
        (range(2, 9, 3), "[2:3:3]"),
        (slice(None, None), "[0:NaN]"),
        (AstName("bare"), "bare"),
    ],
)
def test_arguments_as_text(value: object, text: str) -> None:
    assert to_text(value) == text


def test_numpy_numbers_as_text() -> None:
    import numpy as np

    assert to_text(np.int8(3)) == "3"
    assert to_text(np.float64(0.5)) == "0.5"
    assert to_text(np.bool_(True)) == "True"


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
