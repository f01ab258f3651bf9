"""Targets and their way back to the response's unit."""

from __future__ import annotations

import numpy as np
import pytest

from artesian.learn.deeplearning.response import AmountScale

VALUES = np.array([1.0, 2.0, 4.0, 9.0])


def test_identity_link_standardises_and_returns():
    scale = AmountScale.fit(VALUES, None, None, "gaussian", standardize=True)
    targets = scale.targets(VALUES)
    assert targets.mean() == pytest.approx(0, abs=1e-6)
    assert targets.std(ddof=1) == pytest.approx(1, abs=1e-6)
    assert scale.amounts(targets) == pytest.approx(VALUES, rel=1e-6)


def test_an_offset_is_left_for_the_network_to_add():
    offsets = np.array([10.0, 20, 30, 40])
    scale = AmountScale.fit(VALUES + offsets, None, offsets, "gaussian", standardize=True)
    assert scale.shift == pytest.approx(VALUES.mean())
    # a network that knows the rest exactly: output = (rest - shift) × scale, offset added in the same unit
    outputs = ((VALUES - scale.shift) * scale.scale).astype(np.float32) + scale.offsets(offsets)
    assert scale.amounts(outputs) == pytest.approx(VALUES + offsets, rel=1e-6)


@pytest.mark.parametrize("distribution", ["poisson", "gamma", "tweedie"])
def test_log_link_divides_by_the_mean(distribution):
    scale = AmountScale.fit(VALUES, None, None, distribution, standardize=True)
    assert scale.targets(VALUES).mean() == pytest.approx(1.0)
    assert scale.amounts(np.zeros(1, dtype=np.float32)) == pytest.approx([VALUES.mean()])


def test_log_link_with_exposures():
    exposure = np.array([1.0, 2, 4, 9])
    scale = AmountScale.fit(3 * exposure, None, np.log(exposure), "poisson", standardize=True)
    outputs = np.zeros(4, dtype=np.float32) + scale.offsets(np.log(exposure))
    assert scale.amounts(outputs) == pytest.approx(3 * exposure, rel=1e-6)


def test_weights_count_as_copies():
    scale = AmountScale.fit(VALUES, np.array([1.0, 0, 3, 0]), None, "gaussian", standardize=True)
    assert scale.shift == pytest.approx((1 + 3 * 4) / 4)


def test_nothing_is_scaled_unasked():
    assert AmountScale.fit(VALUES, None, None, "gaussian", standardize=False) == AmountScale("identity", 0.0, 1.0)
    assert AmountScale.fit(VALUES, None, None, "gamma", standardize=False) == AmountScale("log", 0.0, 1.0)


def test_a_constant_response_and_huge_outputs_stay_finite():
    scale = AmountScale.fit(np.full(3, 5.0), None, None, "gaussian", standardize=True)
    assert scale.scale == 1.0
    assert np.isfinite(AmountScale("log").amounts(np.array([1e30], dtype=np.float32))).all()


def test_kept_and_read_again():
    scale = AmountScale.fit(VALUES, None, None, "poisson", standardize=True)
    assert AmountScale.from_state(scale.to_state()) == scale
