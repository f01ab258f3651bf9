"""The arithmetic of tabular networks against plain NumPy and finite differences, on every instruction set of this machine."""

from __future__ import annotations

import math

import numpy as np
import pytest

from artesian import _native
from artesian.learn.deeplearning.tabular.inputs import Inputs
from artesian.learn.deeplearning.tabular.network import TabularNetwork
from artesian.learn.deeplearning.tabular.recipe import CYCLE_ENDS, flat_cosine, learning_rate_factor

ROWS, UNITS = 37, 21  # no multiples of a vector's lanes


@pytest.fixture(params=_native.simd_paths())
def path(request):
    before = _native.simd_path()
    _native.set_simd_path(request.param)
    yield request.param
    _native.set_simd_path(before)


def selu(z):
    return 1.05070099 * np.where(z > 0, z, 1.67326324 * np.expm1(np.minimum(z, 0)))


def mish(z):
    return z * np.tanh(np.log1p(np.exp(z)))


def singles(random, *shape, scale=1.0):
    return (random.normal(size=shape) * scale).astype(np.float32)


@pytest.mark.parametrize(("is_mish", "function"), [(False, selu), (True, mish)])
def test_activation_mixes_the_function_with_the_identity(path, is_mish, function):
    random = np.random.default_rng(1)
    sums, bias, mix = singles(random, ROWS, UNITS, scale=4), singles(random, UNITS), singles(random, UNITS)
    expected = sums.astype(np.float64) * 0.5 + bias
    out, z = np.empty_like(sums), sums.copy()
    _native.tabular_activate(z, out, bias, mix, is_mish=is_mish, gain=0.5)
    np.testing.assert_allclose(z, expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(out, expected + mix * (function(expected) - expected), rtol=2e-5, atol=2e-5)


def test_far_sums_stay_finite(path):
    sums = np.array([[-1e30, -200.0, -30.0, 0.0, 30.0, 200.0, 1e30]], dtype=np.float32)
    zeros, ones = np.zeros(7, dtype=np.float32), np.ones(7, dtype=np.float32)
    for is_mish in (False, True):
        z, out = sums.copy(), np.empty_like(sums)
        _native.tabular_activate(z, out, zeros, ones, is_mish=is_mish, gain=1.0)
        assert np.isfinite(out).all()
        gradient = np.ones_like(sums)
        _native.tabular_activate_back(z, gradient, ones, zeros.copy(), zeros.copy(), is_mish=is_mish, gain=1.0)
        assert np.isfinite(gradient).all()


def test_dropout_is_a_function_of_the_seed_and_keeps_the_mean(path):
    ones = np.ones((500, 64), dtype=np.float32)
    zeros, mixed = np.zeros(64, dtype=np.float32), np.zeros(64, dtype=np.float32)

    def dropped(seed):
        out = np.empty_like(ones)
        _native.tabular_activate(ones.copy(), out, zeros, mixed, is_mish=False, gain=1.0, seed=seed, dropout=0.25)
        return out

    first = dropped(7)
    assert set(np.unique(first)) == {0.0, np.float32(1 / 0.75)}
    # 32,000 draws: the share's deviation is sqrt(.25 · .75 / 32000) = .0024, a column's sqrt(.25 · .75 / 500) = .019
    assert abs((first == 0).mean() - 0.25) < 4 * 0.0024
    assert np.abs((first == 0).mean(axis=0) - 0.25).max() < 5 * 0.019
    np.testing.assert_array_equal(first, dropped(7))
    assert ((first == 0) != (dropped(8) == 0)).mean() == pytest.approx(2 * 0.25 * 0.75, abs=0.02)


def test_periodic_embeddings_are_mixtures_of_cosines(path):
    random = np.random.default_rng(2)
    x = singles(random, ROWS, 5, scale=2)
    frequency, phase = singles(random, 5, 16), singles(random, 5, 16)
    mixing, bias = singles(random, 5, 3, 16), singles(random, 5, 3)
    out = np.full((ROWS, 23), np.nan, dtype=np.float32)
    _native.tabular_periodic(x, out, frequency, phase, mixing, bias)
    waves = np.cos(2 * np.pi * (x[:, :, None].astype(np.float64) * frequency + phase))
    expected = np.concatenate([x[:, :, None], np.einsum("nci,cki->nck", waves, mixing) + bias], axis=2)
    np.testing.assert_allclose(out[:, :20], expected.reshape(ROWS, 20), atol=2e-5)
    assert np.isnan(out[:, 20:]).all()  # the columns behind belong to other inputs


def test_adam_updates_as_by_its_definition(path):
    random = np.random.default_rng(3)
    weights, rates, decays = singles(random, 45), np.abs(singles(random, 45)), np.abs(singles(random, 45))
    first, second = np.zeros(45, dtype=np.float32), np.zeros(45, dtype=np.float32)
    w, m, v = weights.astype(np.float64), np.zeros(45), np.zeros(45)
    for step in range(1, 6):
        gradient = singles(random, 45)
        m = 0.9 * m + 0.1 * gradient
        v = 0.95 * v + 0.05 * gradient.astype(np.float64) ** 2
        corrected = m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.95**step)) + 1e-8)
        w = w - 0.03 * rates * (corrected + 0.1 * decays * w)
        _native.tabular_adam(
            weights, gradient, first, second, rates, decays,
            rate=0.03, decay=0.1, beta1=0.9, beta2=0.95,
            correction1=1 / (1 - 0.9**step), correction2=1 / (1 - 0.95**step),
        )  # fmt: skip
    np.testing.assert_allclose(weights, w, rtol=1e-5, atol=1e-6)


def test_wrong_arrays_are_refused_by_name():
    good = np.zeros((4, 3), dtype=np.float32)
    three = np.zeros(3, dtype=np.float32)
    with pytest.raises(ValueError, match="'out' must have shape"):
        _native.tabular_activate(good, good[:2].copy(), three, three, is_mish=False, gain=1.0)
    with pytest.raises(ValueError, match="'bias' must have dtype float32"):
        _native.tabular_activate(good, good.copy(), three.astype(np.float64), three, is_mish=False, gain=1.0)
    frozen = good.copy()
    frozen.setflags(write=False)
    with pytest.raises(ValueError, match="'sums' must be a writable"):
        _native.tabular_activate(frozen, good.copy(), three, three, is_mish=False, gain=1.0)
    with pytest.raises(ValueError, match="must be in"):
        _native.tabular_activate(good, good.copy(), three, three, is_mish=False, gain=1.0, dropout=1.0)


def network_of(is_mish, embeds=True):
    return TabularNetwork(
        n_numbers=3, n_plain=2, cards=[4, 6], hidden=(9, 7), n_outputs=3, is_mish=is_mish, numeric_embeddings=embeds
    )


def rows_of(random, n):
    codes = np.column_stack([random.integers(0, 4, n), random.integers(0, 6, n)])
    return Inputs(singles(random, n, 3), singles(random, n, 2), codes)


@pytest.mark.parametrize("embeds", [True, False])
@pytest.mark.parametrize("is_mish", [True, False])
def test_gradients_are_those_of_finite_differences(path, is_mish, embeds):
    random = np.random.default_rng(4)
    network = network_of(is_mish, embeds)
    inputs = rows_of(random, ROWS)
    weights = np.empty(network.n_weights, dtype=np.float32)
    network.initialise(weights, inputs, random)
    views = network.views(weights)
    slopes = singles(random, ROWS, 3)
    gradient = np.full_like(weights, np.nan)
    dropout = {"seed": 11, "dropout": 0.2}

    def loss(at):
        return float((network.forward(network.views(at), inputs, **dropout).astype(np.float64) * slopes).sum())

    network.forward(views, inputs, **dropout)
    network.backward(views, network.views(gradient), inputs, slopes, **dropout)
    assert np.isfinite(gradient).all()
    for block in network.blocks:
        # along the block's own gradient: single precision, so a step that changes the loss by about a thousandth of its size
        part = np.zeros_like(gradient)
        part[block.start : block.start + block.size] = gradient[block.start : block.start + block.size]
        length = float(np.linalg.norm(part))
        assert length > 0, block.name
        step = part / length
        h = 2e-3
        along = (loss(weights + h * step) - loss(weights - h * step)) / (2 * h)
        assert along == pytest.approx(length, rel=0.03), block.name


def test_first_sums_have_deviation_one():
    random = np.random.default_rng(5)
    network, inputs = network_of(False), rows_of(random, 400)
    weights = np.empty(network.n_weights, dtype=np.float32)
    network.initialise(weights, inputs, random)
    views = network.views(weights)
    network.forward(views, inputs)
    h = network.embedded(views, inputs)
    sums = h @ views["weights.0"] / math.sqrt(network.n_inputs)
    np.testing.assert_allclose(sums.std(axis=0), 1.0, rtol=1e-3)


def test_outputs_in_blocks_are_those_of_one():
    random = np.random.default_rng(6)
    network, inputs = network_of(True), rows_of(random, 50)
    weights = np.empty(network.n_weights, dtype=np.float32)
    network.initialise(weights, inputs, random)
    views = network.views(weights)
    whole = network.forward(views, inputs).copy()
    assert network.outputs(views, inputs.rows(slice(0, 0))).shape == (0, 3)
    np.testing.assert_allclose(network.outputs(views, inputs), whole, rtol=1e-5, atol=1e-6)


def test_learning_rate_goes_through_four_cycles():
    # each cycle is twice as long as the one before: they end at 1/15, 3/15, 7/15 and 15/15
    assert pytest.approx((1 / 15, 3 / 15, 7 / 15, 1.0)) == CYCLE_ENDS
    assert [learning_rate_factor(share) for share in (0.0, *CYCLE_ENDS)] == pytest.approx([0] * 5, abs=1e-12)
    # a peak where log2(1 + 15t) is a half: t = (sqrt 2 - 1) / 15
    assert learning_rate_factor((math.sqrt(2) - 1) / 15) == pytest.approx(1.0)
    assert [flat_cosine(share) for share in (0.0, 0.49, 0.75, 1.0)] == pytest.approx([1.0, 1.0, 0.5, 0.0])
