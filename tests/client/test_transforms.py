"""Transformations of frames against a running server: values by hand and by scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.transforms.preprocessing import H2OBinaryOp, H2OCol, H2OColOp, H2OColSelect, H2OScaler

A = [1.0, 2.0, 6.0, 3.0]
B = [10.0, 20.0, 20.0, 40.0]


@pytest.fixture
def frame(client: Any) -> Any:
    return client.H2OFrame({"a": A, "e": ["u", "v", "u", "v"], "b": B}, column_types={"e": "enum"})


def test_scaling_as_scikit_learn_and_back(frame: Any) -> None:
    scaler = H2OScaler()
    scaled = scaler.fit_transform(frame)
    expected = StandardScaler().fit_transform(np.column_stack([A, B])) * np.sqrt(3 / 4)  # n - 1 in the deviation
    np.testing.assert_allclose(scaled[["a", "b"]].to_numpy(), expected, atol=1e-12)
    assert scaled["e"].levels() == [["u", "v"]]
    back = scaler.inverse_transform(scaled)
    np.testing.assert_allclose(back[["a", "b"]].to_numpy(), np.column_stack([A, B]), atol=1e-12)
    assert back["e"].to_polars()["e"].to_list() == ["u", "v", "u", "v"]
    np.testing.assert_allclose(scaled[["a", "b"]].to_numpy(), expected, atol=1e-12)  # what was given is as it was


def test_scaling_by_given_numbers_or_not_at_all(client: Any) -> None:
    frame = client.H2OFrame({"a": A, "b": B})
    given = H2OScaler(center=[1, 10], scale=[2, 10]).fit(frame)
    assert given.transform(frame).to_numpy().tolist() == [[0, 0], [0.5, 1], [2.5, 1], [1, 3]]
    assert given.inverse_transform(given.transform(frame)).to_numpy().tolist() == [
        list(row) for row in zip(A, B, strict=True)
    ]
    assert H2OScaler(False, False).fit_transform(frame).to_numpy().tolist() == [
        list(row) for row in zip(A, B, strict=True)
    ]
    assert H2OScaler(True, False).fit_transform(frame[["a"]]).to_polars()["a"].to_list() == [-2, -1, 3, 0]


def test_missing_values_are_left_out_of_mean_and_deviation(client: Any) -> None:
    scaled = H2OScaler().fit_transform(client.H2OFrame({"a": [1.0, None, 3.0]}))
    root = 2**-0.5  # 1 and 3: mean 2, deviation the root of 2
    assert scaled.to_polars()["a"].to_list() == pytest.approx([-root, None, root])


def test_what_a_scaler_cannot_do_is_said(client: Any) -> None:
    frame = client.H2OFrame({"a": A})
    with pytest.raises(H2OValueError, match="was not fitted"):
        H2OScaler().transform(frame)
    with pytest.raises(H2OValueError, match="Got 2 numbers in 'center'"):
        H2OScaler(center=[1, 2]).fit(frame)
    with pytest.raises(H2OTypeError, match="'center' must be True or False or a list of a number"):
        H2OScaler(center="mean")  # type: ignore[arg-type]
    with pytest.raises(H2OValueError, match="has no parameter 'centre'"):
        H2OScaler().set_params(centre=False)
    with pytest.raises(AttributeError, match="H2OColSelect has no 'inverse_transform'"):
        H2OColSelect("a").inverse_transform(frame)
    assert H2OScaler(scale=False).set_params(center=False).get_params() == {"center": False, "scale": False}


def test_columns_are_chosen_and_computed(client: Any, frame: Any) -> None:
    assert H2OColSelect(["b", "a"]).fit_transform(frame).names == ["b", "a"]
    placed = H2OColOp(client.H2OFrame.sqrt, col="a").fit_transform(frame)
    assert placed.names == ["a", "e", "b"]
    assert placed["a"].to_polars().to_series().to_list() == pytest.approx(np.sqrt(A).tolist())
    assert frame["a"].to_polars()["a"].to_list() == A
    behind = H2OColOp(client.H2OFrame.round, col="b", inplace=False, new_col_name="whole", digits=0).transform(frame)
    assert behind.names == ["a", "e", "b", "whole"]
    assert behind["whole"].to_polars()["whole"].to_list() == B
    with pytest.raises(H2OValueError, match="only with inplace=False"):
        H2OColOp(client.H2OFrame.sqrt, col="a", new_col_name="root")


def test_a_column_and_another_value(frame: Any) -> None:
    def minus(left: Any, right: Any) -> Any:
        return left - right

    assert H2OBinaryOp(minus, "a", right=1).transform(frame)["a"].to_polars().to_series().to_list() == [0, 1, 5, 2]
    assert H2OBinaryOp(minus, "a", left=1).transform(frame)["a"].to_polars().to_series().to_list() == [0, -1, -5, -2]
    both = H2OBinaryOp(minus, "a", inplace=False, new_col_name="d", right=H2OCol("b")).transform(frame)
    assert both["d"].to_polars()["d"].to_list() == [-9, -18, -14, -37]
    with pytest.raises(H2OValueError, match="either 'left' or 'right'"):
        H2OBinaryOp(minus, "a")
