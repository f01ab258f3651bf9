"""The network kernels' forward pass, gradients, losses and inputs, against a float64 network written in NumPy here.

Gradients are read off plain gradient descent with rate 1 (one step moves each weight by minus its gradient), and compared with
central differences of the reference's loss. Those are good to 1e-8 in float64; the kernels work in float32, whose sums of a few
dozen terms of size 1 are good to about 1e-6, so 2e-5 leaves room for the losses' exponentials.
"""

import numpy as np
import pytest

from artesian._native import InputRows, NeuralNetwork, set_simd_path, simd_path, simd_paths

ACTIVATIONS = ["tanh", "rectifier", "maxout", "exp_rectifier"]
LINEAR_LOSSES = ["quadratic", "absolute", "huber", "quantile", "poisson", "gamma", "tweedie", "modified_huber"]
OPTIONS = {"huber_delta": 0.7, "quantile_alpha": 0.3, "tweedie_power": 1.6}
DESCENT = {"adaptive_rate": False, "rate": 1.0, "rate_annealing": 0.0}


@pytest.fixture(params=simd_paths(), autouse=True)
def each_instruction_set(request):
    before = simd_path()
    set_simd_path(request.param)
    yield request.param
    set_simd_path(before)


def activate(kind, sums):
    if kind == "tanh":
        return np.tanh(sums)
    if kind == "rectifier":
        return np.maximum(sums, 0)
    if kind == "exp_rectifier":
        return np.where(sums >= 0, sums, np.expm1(np.minimum(sums, 0)))
    return sums.reshape(*sums.shape[:-1], -1, 2).max(-1)  # maxout: channels of a unit are neighbours


def parameters_of(network):
    layers = len(network.units) - 1
    return [network.weights(layer).astype(np.float64) for layer in range(layers)] + [
        network.biases(layer).astype(np.float64) for layer in range(layers)
    ]


def forward(parameters, x, activation, hidden_dropout=()):
    layers = len(parameters) // 2
    for layer in range(layers):
        x = x @ parameters[layer].T + parameters[layers + layer]
        if layer < layers - 1:
            x = activate(activation, x)
            if hidden_dropout:
                x = x * (1 - hidden_dropout[layer])
    return x


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def loss_of(name, y, f):
    d = f - y
    p = OPTIONS["tweedie_power"]
    delta, alpha = OPTIONS["huber_delta"], OPTIONS["quantile_alpha"]
    margin = (2 * y - 1) * f
    return {
        "quadratic": lambda: d**2,
        "absolute": lambda: np.abs(d),
        "huber": lambda: np.where(np.abs(d) <= delta, d**2, (2 * np.abs(d) - delta) * delta),
        "quantile": lambda: np.where(d < 0, -alpha * d, (1 - alpha) * d),
        "poisson": lambda: 2 * (np.exp(f) - y * f),
        "gamma": lambda: 2 * (f + y * np.exp(-f)),
        "tweedie": lambda: 2 * (np.exp((2 - p) * f) / (2 - p) - y * np.exp((1 - p) * f) / (1 - p)),
        "modified_huber": lambda: np.where(margin > 1, 0, np.where(margin < -1, -4 * margin, (1 - margin) ** 2)),
    }[name]()


def softmax_loss(name, y, z):
    p = softmax(z)
    if name == "cross_entropy":
        return -np.log(p[np.arange(len(y)), y])
    return 0.5 * ((p - np.eye(z.shape[1])[y]) ** 2).sum(1)


def numeric_gradient(parameters, objective, step=1e-6):
    gradients = []
    for parameter in parameters:
        gradient = np.zeros_like(parameter)
        for place in np.ndindex(parameter.shape):
            kept = parameter[place]
            parameter[place] = kept + step
            above = objective()
            parameter[place] = kept - step
            gradient[place] = (above - objective()) / (2 * step)
            parameter[place] = kept
        gradients.append(gradient)
    return gradients


def rows_of(x):
    return InputRows(len(x), x.shape[1], dense=np.ascontiguousarray(x, dtype=np.float32))


def all_rows(x):
    return np.arange(len(x), dtype=np.int64)


def assert_step_follows(network, before, gradients, tolerance=2e-5):
    """Each parameter must have moved by minus its gradient."""
    for now, was, gradient in zip(parameters_of(network), before, gradients, strict=True):
        scale = 1 + np.abs(gradient).max()
        np.testing.assert_allclose(was - now, gradient, atol=tolerance * scale)


def data(n, width, seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(n, width)).astype(np.float32), generator


# Gradients and losses


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LINEAR_LOSSES)
@pytest.mark.parametrize("hidden", [[], [7], [7, 4], [7, 4, 18]])
def test_gradient_of_a_linear_output_is_the_derivative_of_its_loss(activation, loss, hidden):
    x, generator = data(6, 5, seed=1)
    y = generator.gamma(2.0, size=6).astype(np.float32)
    if loss == "modified_huber":
        y = (y > 1).astype(np.float32)
    weights = np.array([1, 2, 0.5, 1, 0.25, 1.25], np.float32)
    offsets = generator.normal(size=6).astype(np.float32) * 0.3
    network = NeuralNetwork(
        [5, *hidden, 1], activation=activation, output="linear", loss=loss, seed=3, **OPTIONS, **DESCENT
    )
    before = parameters_of(network)
    moving = [p.copy() for p in before]

    def objective():
        f = forward(moving, x.astype(np.float64), activation)[:, 0] + offsets
        return (weights * loss_of(loss, y.astype(np.float64), f)).mean()

    gradients = numeric_gradient(moving, objective)
    result = network.train(rows_of(x), y, all_rows(x), weights=weights, offsets=offsets, batch_size=6)
    assert_step_follows(network, before, gradients)
    assert result.loss == pytest.approx(objective() * 6 / weights.sum(), rel=1e-5)
    assert max(np.abs(g).max() for g in gradients) > 1e-2  # the comparison was about something


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", ["cross_entropy", "quadratic"])
@pytest.mark.parametrize("hidden", [[], [6], [6, 5, 4]])
@pytest.mark.parametrize("classes", [2, 5])
def test_gradient_of_a_softmax_output_is_the_derivative_of_its_loss(activation, loss, hidden, classes):
    x, generator = data(5, 4, seed=2)
    y = generator.integers(0, classes, 5).astype(np.int32)
    network = NeuralNetwork([4, *hidden, classes], activation=activation, loss=loss, seed=5, **DESCENT)
    before = parameters_of(network)
    moving = [p.copy() for p in before]

    def objective():
        return softmax_loss(loss, y, forward(moving, x.astype(np.float64), activation)).mean()

    gradients = numeric_gradient(moving, objective)
    result = network.train(rows_of(x), y, all_rows(x), batch_size=5)
    assert_step_follows(network, before, gradients)
    assert result.loss == pytest.approx(objective(), rel=1e-5)


@pytest.mark.parametrize("activation", ["tanh", "rectifier", "exp_rectifier"])
@pytest.mark.parametrize("loss", ["quadratic", "absolute", "huber", "quantile"])
def test_gradient_of_an_autoencoder_passes_the_output_without_its_slope(activation, loss):
    # The error signal at an output's sum is dLoss/doutput. So the gradient is that of sum(signal × sum) with signal held.
    x, _ = data(4, 6, seed=3)
    network = NeuralNetwork(
        [6, 5, 3, 6], activation=activation, output="autoencoder", loss=loss, seed=4, **OPTIONS, **DESCENT
    )
    before = parameters_of(network)
    moving = [p.copy() for p in before]
    wide = x.astype(np.float64)
    output = activate(activation, forward(moving, wide, activation))
    signal = (loss_of(loss, wide, output + 1e-7) - loss_of(loss, wide, output - 1e-7)) / 2e-7
    gradients = numeric_gradient(moving, lambda: (signal * forward(moving, wide, activation)).sum(1).mean())
    result = network.train(rows_of(x), None, all_rows(x), batch_size=4)
    assert_step_follows(network, before, gradients)
    assert result.loss == pytest.approx(loss_of(loss, wide, output).mean(), rel=1e-5)


def test_an_autoencoder_ignores_missing_targets():
    x, _ = data(3, 6, seed=8)
    x[:, 2] = np.nan
    network = NeuralNetwork([6, 4, 6], activation="tanh", output="autoencoder", loss="quadratic", seed=1, **DESCENT)
    before = network.weights(1), network.biases(1)
    network.train(rows_of(x), None, all_rows(x), batch_size=3)
    unmoved = np.arange(6) == 2
    assert np.array_equal(network.weights(1)[unmoved], before[0][unmoved])
    assert np.array_equal(network.biases(1)[unmoved], before[1][unmoved])
    assert not np.any(network.biases(1)[~unmoved] == before[1][~unmoved])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_one_sample_and_a_batch_of_one_row_twice_take_the_same_step(activation):
    # The online loop and the mini-batch loop are different code: mean of two equal gradients = the gradient.
    x, _ = data(1, 8, seed=4)
    y = np.array([2], np.int32)
    twice = np.zeros(2, np.int64)
    one, two = (NeuralNetwork([8, 40, 24, 3], activation=activation, seed=6) for _ in range(2))
    one.train(rows_of(x), y, twice[:1])
    two.train(rows_of(x), y, twice, batch_size=2)
    for a, b in zip(parameters_of(one), parameters_of(two), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_forward_is_softmax_of_the_network_and_hidden_gives_its_layers():
    x, _ = data(70, 9, seed=5)
    for activation in ACTIVATIONS:
        dropout = [0.25, 0.5]
        network = NeuralNetwork([9, 33, 17, 4], activation=activation, hidden_dropout=dropout, seed=2)
        parameters = parameters_of(network)
        expected = softmax(forward(parameters, x.astype(np.float64), activation, dropout))
        np.testing.assert_allclose(network.forward(rows_of(x)), expected, atol=1e-5)
        first = activate(activation, x @ parameters[0].T + parameters[3]) * 0.75
        np.testing.assert_allclose(network.hidden(rows_of(x), 0), first, atol=1e-5)
        second = activate(activation, first @ parameters[1].T + parameters[4]) * 0.5
        np.testing.assert_allclose(network.hidden(rows_of(x), 1), second, atol=1e-5)
        assert np.array_equal(network.forward(rows_of(x), threads=3), network.forward(rows_of(x)))
        some = np.array([5, 5, 60], np.int64)
        assert np.array_equal(network.forward(rows_of(x), some), network.forward(rows_of(x))[some])


def test_linear_forward_adds_offsets_and_leaves_the_link_to_the_caller():
    x, generator = data(5, 3, seed=6)
    offsets = generator.normal(size=5).astype(np.float32)
    network = NeuralNetwork([3, 4, 1], activation="tanh", output="linear", loss="poisson", seed=1)
    plain = network.forward(rows_of(x))[:, 0]
    np.testing.assert_allclose(network.forward(rows_of(x), offsets=offsets)[:, 0], plain + offsets, atol=1e-6)
    np.testing.assert_allclose(plain, forward(parameters_of(network), x.astype(float), "tanh")[:, 0], atol=1e-6)


def test_rows_of_weight_zero_missing_target_or_negative_class_teach_nothing():
    x, _ = data(4, 3, seed=7)
    network = NeuralNetwork([3, 4, 1], output="linear", loss="quadratic", seed=1)
    before = network.state()
    y = np.array([1, np.nan, 1, 1], np.float32)
    weights = np.array([0, 1, 0, np.nan], np.float32)
    result = network.train(rows_of(x), y, all_rows(x), weights=weights)
    assert result.samples == 4 and np.isnan(result.loss)
    assert all(np.array_equal(before[k], v) for k, v in network.state().items() if k != "samples")
    classes = NeuralNetwork([3, 4, 2], seed=1)
    before = classes.state()
    classes.train(rows_of(x), np.full(4, -1, np.int32), all_rows(x))
    assert all(np.array_equal(before[k], v) for k, v in classes.state().items() if k != "samples")


# Instruction sets


def test_instruction_sets_agree_on_training():
    x, generator = data(64, 20, seed=9)
    x[generator.random(x.shape) < 0.5] = 0
    y = generator.integers(0, 3, 64).astype(np.int32)
    trained = {}
    for name in simd_paths():
        set_simd_path(name)
        network = NeuralNetwork([20, 45, 23, 3], activation="exp_rectifier", seed=7, l1=1e-4, max_w2=1.5)
        start = network.weights(0)
        network.train(rows_of(x), y, all_rows(x))
        trained[name] = network.weights(0) - start
    # 64 ADADELTA steps, each good to 4e-4 of itself: together within 1e-2 of the way they went.
    for moved in trained.values():
        assert np.abs(moved - trained["portable"]).max() < 1e-2 * np.abs(trained["portable"]).max()


def test_unknown_instruction_sets_are_refused():
    with pytest.raises(ValueError, match="portable"):
        set_simd_path("mmx")


# The design matrix


def as_sparse(x):
    rows, columns = np.nonzero(x)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(x)))]).astype(np.int64)
    return indptr, columns.astype(np.int32), np.ascontiguousarray(x[rows, columns], dtype=np.float32)


def test_sparse_dense_and_mixed_rows_train_bit_for_bit_alike():
    x, generator = data(200, 30, seed=10)
    x[generator.random(x.shape) < 0.6] = 0
    y = generator.integers(0, 4, 200).astype(np.int32)
    indptr, indices, values = as_sparse(x)
    sparse = InputRows(200, 30, indptr=indptr, indices=indices, values=values)
    around = x.copy()
    around[:, 8:19] = 0
    indptr, indices, values = as_sparse(around)
    middle = np.ascontiguousarray(x[:, 8:19])
    mixed = InputRows(200, 30, indptr=indptr, indices=indices, values=values, dense=middle, dense_start=8)
    dense = rows_of(x)
    for fast_mode in (True, False):
        states = []
        for rows in (dense, sparse, mixed):
            network = NeuralNetwork([30, 20, 4], input_dropout=0.2, hidden_dropout=[0.3], fast_mode=fast_mode, seed=3)
            network.train(rows, y, all_rows(x))
            network.train(rows, y, all_rows(x), batch_size=7)
            states.append(network.state())
            assert np.array_equal(rows.to_dense(), x)
        for key, value in states[0].items():
            assert np.array_equal(value, states[1][key]) and np.array_equal(value, states[2][key])


def test_one_hot_rows_need_no_values_and_missing_inputs_read_zero():
    indptr = np.array([0, 2, 3], np.int64)
    indices = np.array([0, 3, 1], np.int32)
    rows = InputRows(2, 4, indptr=indptr, indices=indices)
    assert rows.to_dense().tolist() == [[1, 0, 0, 1], [0, 1, 0, 0]]
    network = NeuralNetwork([4, 3, 2], seed=1)
    missing = np.array([[1, np.nan, 0, 1]], np.float32)
    assert np.array_equal(network.forward(rows_of(missing))[0], network.forward(rows)[0])


def test_bad_design_matrices_are_refused_with_a_sentence():
    indptr = np.array([0, 2], np.int64)
    indices = np.array([0, 1], np.int32)
    good = {"indptr": indptr, "indices": indices}
    assert InputRows(1, 2, **good).n_rows == 1
    bad = [
        ({**good, "indices": np.array([1, 1], np.int32)}, "Row 0.*strictly increasing"),
        ({**good, "indices": np.array([0, 2], np.int32)}, "index 2"),
        ({**good, "indptr": np.array([0, 3], np.int64)}, "Row 0"),
        ({**good, "indptr": np.array([1, 2], np.int64)}, "begin with 0"),
        ({**good, "indices": indices.astype(np.int64)}, "'indices' must have dtype int32"),
        ({**good, "values": np.ones(3, np.float32)}, r"'values' must have shape \[2\]. Got \[3\]"),
        ({**good, "dense": np.ones((1, 1), np.float32), "dense_start": 1}, "inside the dense block"),
        ({"dense": np.ones((1, 3), np.float32)}, "more columns"),
        ({"dense": np.ones((1, 2), np.float32), "dense_start": 1}, "outside"),
        ({"dense": np.ones((2, 1), np.float64).T}, "float32"),
        ({"dense": np.ones((2, 1), np.float32)}, "shape"),
        ({"indptr": indptr}, "go together"),
    ]
    for arguments, sentence in bad:
        with pytest.raises(ValueError, match=sentence):
            InputRows(1, 2, **arguments)
    with pytest.raises(ValueError, match="C-contiguous"):
        InputRows(2, 2, dense=np.ones((2, 2), np.float32).T[:, ::-1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"units": [3]}, "numbers of inputs and of outputs"),
        ({"units": [3, 0, 2]}, "at least one unit"),
        ({"activation": "sigmoid"}, "one of exp_rectifier, maxout, rectifier, tanh. Got 'sigmoid'"),
        ({"loss": "poisson"}, "softmax"),
        ({"units": [3, 2, 1]}, "2 classes"),
        ({"units": [3, 2, 2], "output": "linear", "loss": "quadratic"}, "exactly 1 unit"),
        ({"units": [3, 2, 4], "output": "autoencoder", "loss": "quadratic"}, "as many outputs as inputs"),
        ({"units": [3, 2, 3], "output": "autoencoder", "loss": "quadratic", "activation": "maxout"}, "maxout"),
        ({"hidden_dropout": [0.1, 0.2]}, "each of the 1 hidden layers. Got 2"),
        ({"input_dropout": 1.0}, r"'input_dropout' of a network must be in \[0, 1\). Got 1"),
        ({"rho": 1.0}, "rho"),
        ({"epsilon": 0.0}, "epsilon"),
        ({"adaptive_rate": False, "rate": 0.0}, "rate"),
        ({"adaptive_rate": False, "momentum_stable": 1.0}, "momentum_stable"),
        ({"l2": -1.0}, "l2"),
        ({"max_w2": 0.0}, "max_w2"),
        ({"sparsity_beta": 0.1}, "autoencoders only"),
    ],
)
def test_bad_networks_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        NeuralNetwork(**{"units": [3, 2, 2], **arguments})


def test_bad_training_data_are_refused_with_a_sentence():
    x, _ = data(3, 4)
    y = np.array([0, 1, 1], np.int32)
    network = NeuralNetwork([4, 3, 2])
    rows, order = rows_of(x), all_rows(x)
    bad = [
        ((rows_of(x[:, :2]), y, order, {}), "4 inputs, the design matrix 2"),
        ((rows, y + 1, order, {}), "class 2"),
        ((rows, y.astype(np.float32), order, {}), "'targets' must have dtype int32"),
        ((rows, y[:2], order, {}), "'targets' must have shape"),
        ((rows, y, order + 1, {}), "row 3, outside 0 to 2"),
        ((rows, y, order, {"weights": np.ones(2, np.float32)}), "'weights'"),
        ((rows, y, order, {"offsets": np.ones(3, np.float32)}), "linear output"),
        ((rows, y, order, {"batch_size": 0}), "batch_size"),
        ((rows, y, order, {"threads": 0}), "threads"),
    ]
    for (matrix, targets, rows_in_order, options), sentence in bad:
        with pytest.raises(ValueError, match=sentence):
            network.train(matrix, targets, rows_in_order, **options)
    assert network.samples == 0
    with pytest.raises(ValueError, match="hidden layer 1"):
        network.hidden(rows, 1)
