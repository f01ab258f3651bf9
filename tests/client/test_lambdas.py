"""Python functions written down as functions of the expression language."""

from __future__ import annotations

import pytest
from recording import Recorder

from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.lambdas import trace


def test_operators_and_methods_with_their_defaults() -> None:
    # the official client writes the same for these: every argument of a method, defaults filled in
    assert trace(lambda x: x.mean()) == "{x . (mean x True 0)}"
    assert trace(lambda x: x.mean(skipna=False)) == "{x . (mean x False 0)}"
    assert trace(lambda x: x.sum()) == "{x . (sumNA x True 0)}"
    assert trace(lambda row: row[0] + 2 * row["b"]) == '{row . (+ (cols row 0) (* 2 (cols row "b")))}'
    assert trace(lambda x: (x - x.mean()) ** 2) == "{x . (^ (- x (mean x True 0)) 2)}"
    assert trace(lambda x: x.ceil()) == "{x . (ceiling x)}"
    assert trace(lambda x: -abs(x)) == "{x . (- 0 (abs x))}"
    assert trace(lambda x: ~(x > 1) & (x == x)) == "{x . (& (!! (> x 1)) (== x x))}"
    assert trace(lambda x: 1 / x % 3) == "{x . (% (/ 1 x) 3)}"
    assert trace(lambda x: (x > 0).ifelse("p", "n")) == '{x . (ifelse (> x 0) "p" "n")}'
    assert trace(lambda x: x) == "{x . x}"


def test_what_python_evaluates_on_the_way() -> None:
    factor, options = 3, {"skipna": False}

    def helper(column: object) -> object:
        return column * factor  # type: ignore[operator]

    assert trace(lambda x: helper(x).sum(**options)) == "{x . (sum (* x 3) False 0)}"
    assert trace(helper) == "{column . (* column 3)}"


def test_a_frame_of_the_outside_goes_by_its_key(recorder: Recorder) -> None:
    from artesian.client.expr import ExprNode, FrameInfo
    from artesian.client.frame.base import FrameBase

    other = FrameBase._wrap(ExprNode.named("other", FrameInfo(3, 1, ["o"], {"o": "int"})))
    assert trace(lambda x: x + other) == "{x . (+ x other)}" or trace(lambda x: other + x)


def test_what_cannot_be_written_down_is_refused() -> None:
    with pytest.raises(H2OTypeError, match="cannot branch"):
        trace(lambda x: 1 if x > 0 else 2)
    with pytest.raises(H2OTypeError, match="cannot branch"):
        trace(lambda x: x > 0 and x < 1)
    with pytest.raises(H2OTypeError, match="cannot loop"):
        trace(lambda x: [v + 1 for v in x])
    with pytest.raises(AttributeError, match="no 'nonsense'"):
        trace(lambda x: x.nonsense())
    with pytest.raises(H2OTypeError, match="unexpected keyword"):
        trace(lambda x: x.mean(foo=1) if False else x.round(foo=1))
    with pytest.raises(H2OValueError, match="takes the column"):
        trace(lambda: 1)
