"""Compiled kernels of Artesian (C++, `native/`): lines of text, rows of inputs out of columns, the Deep Learning network.

What lives here is arithmetic alone: no frames, no parameters' validation messages, no scoring, no stopping rules.
All numbers of networks are float32. Nothing here keeps the GIL while it computes (`train`, `forward`, `hidden`).

Three promises that callers may build on:

* **The thread count never changes a result.** Threads share out the units of one network (each owns the weights of its
  units) and exchange partial sums in a fixed order, so `threads=1` and `threads=8` give bit-identical weights. A run is
  reproducible whenever the order of rows and the seed are; the kernel may use fewer threads than allowed.
* **Random numbers are functions of (seed, samples seen so far, layer, unit)**, so that a run that is stopped and continued,
  cut into iterations, or restored from a checkpoint draws the same dropout masks as one long run.
* **Zero means nothing to do.** With `fast_mode` a zero input, a dropped-out or a dead unit costs nothing and leaves its
  weights and their ADADELTA or momentum state as they are (as H2O's fast mode does).

Errors: a wrong shape, dtype, layout or option raises `ValueError` with a sentence; nothing is silently converted.
Arrays must be C-contiguous and of the stated dtype, and are used without a copy (`InputRows` keeps them alive).
"""

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Activation = Literal["tanh", "rectifier", "maxout", "exp_rectifier"]
Output = Literal["softmax", "linear", "autoencoder"]
Loss = Literal[
    "cross_entropy", "quadratic", "absolute", "huber", "quantile", "poisson", "gamma", "tweedie", "modified_huber"
]
InitialWeights = Literal["uniform_adaptive", "uniform", "normal"]
StopReason = Literal["done", "token", "deadline", "unstable"]

class ArrowTexts(Protocol):
    """Whatever gives an Arrow stream."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...

Column = NDArray[np.integer] | NDArray[np.floating]

class LevelNumbers:
    """Numbers for texts, from 0 on in the order in which they are first met; each different text is kept once.

    The `seed` (64 bits) goes into the hashes, so that nobody can craft texts that collide.
    """

    def __init__(self, seed: int) -> None: ...
    def add(self, texts: ArrowTexts, count: int) -> NDArray[np.uint32]:
        """The numbers of so many texts (a Polars String series, or another Arrow stream of texts as views), shape [count].

        2 ** 32 - 1 stands where a text is missing.
        """

    def levels(self) -> tuple[NDArray[np.int64], bytes]:
        """All texts by number, one behind the other: where each one starts, and the end of the last, [n + 1]; their bytes."""

    def __len__(self) -> int: ...

def count_byte(text: bytes, byte: bytes) -> int:
    """How often one byte stands in the text."""

def scan_lines(text: bytes, separator: bytes, starts: bytes, fields: int) -> tuple[int, int, int, int, int, int, bool]:
    """One pass over lines that end with a newline each (the last one may lack it).

    Gives their count, the bytes of the longest and its row, how many have fewer and how many more than `fields` fields (what
    the one byte `separator` stands between), the row of the first such (-1: none), and whether a line starts with a byte of
    `starts`.
    """

def scaled_rows(
    columns: Sequence[Column],
    shifts: NDArray[np.float64],
    scales: NDArray[np.float64],
    fillings: NDArray[np.float32],
    n_rows: int,
) -> NDArray[np.float32]:
    """Inputs float32 [n_rows, len(columns)] of columns [n_rows] each: (value - shift) × scale, computed in float64.

    Columns may hold any integers, float32 or float64, read in place. Where the result is NaN or infinite stands the column's
    filling.
    """

def scaled_entries(
    columns: Sequence[Column],
    shifts: NDArray[np.float64],
    scales: NDArray[np.float64],
    fillings: NDArray[np.float32],
    n_rows: int,
    first_input: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """What of `scaled_rows` is not 0 (NaN is not): how many in each row [n_rows], their inputs and their values.

    Row after row, ascending inputs in a row; column j is input `first_input + j`.
    """

def nearest_centres(
    numbers: Sequence[Column],
    shifts: NDArray[np.float64],
    scales: NDArray[np.float64],
    largest: float,
    levels: Sequence[NDArray[np.integer]],
    centre_numbers: NDArray[np.float64],
    centre_levels: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest centre of each row, the first of several, and the squared distance from it [n].

    `numbers` and `levels` are columns [n] of the rows. A number counts as (value - shift) * scale, and as 0 where it is missing:
    NaN, or larger than `largest`. `centre_numbers` [k, numbers], which are scaled already, and `centre_levels` [k, levels]
    are the centres. A level that differs counts as a distance of 1.
    """

def column_statistics(
    values: Column, extremes: int
) -> tuple[int, float, float, int, list[float], list[float], int, int]:
    """Statistics of numbers [n], of the finite ones where nothing else is said; NaN is no number.

    How many there are, their mean (0 of none), the sum of squared deviations from it, how many are 0, the least and the greatest
    ones (at most `extremes` each), and how many numbers are plus and minus infinity.
    """

def byte_counts(bytes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How often each value occurs [256]."""

def linear_predictors(
    numbers: Sequence[Column],
    shifts: NDArray[np.float64],
    weights: NDArray[np.float64],
    fillings: NDArray[np.float64],
    codes: Sequence[NDArray[np.integer]],
    amounts: Sequence[NDArray[np.float64]],
    start: float,
    out: NDArray[np.float64],
) -> None:
    """Writes `start` and the sums of all terms into `out` [n].

    A column of numbers [n] adds (value - shift) * weight, or its filling where the value is not finite; level numbers [n] add
    the amount of theirs, negative ones and those from `len(amounts[j]) - 1` on the last amount.
    """

def class_costs(
    positive: NDArray[np.uint8], p: NDArray[np.float64], weights: NDArray[np.float64] | None, smallest: float
) -> tuple[float, float]:
    """Sums over rows of the squared error and of minus the logarithm of the probability of the actual class, under weights [n].

    `p` [n] is the probability of the second class; that of the actual one counts as at least `smallest` in the logarithm.
    """

def class_costs_and_keys(
    actual: Column, p: NDArray[np.float64], smallest: float
) -> tuple[float, float, NDArray[np.uint64]] | None:
    """`class_costs` of rows that each count once, and their `rank_keys` [n]; `actual` [n] is 0 or 1.

    None where a row does not count: its class is neither 0 nor 1, or its probability is not between 0 and 1.
    """

def rank_keys(positive: NDArray[np.uint8], scores: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Numbers [n] whose ascending order is the descending one of the scores [n], which must not be negative; for `curve_of_keys`."""

def curve_of_keys(keys: NDArray[np.uint64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """From sorted keys [n] the distinct scores, descending, and how many rows of each class are at or above them [k]."""

def curve_outline(
    keys: NDArray[np.uint64], stretch: int
) -> tuple[int, NDArray[np.float64], NDArray[np.float64], float, float]:
    """The curve of sorted keys [n] in short.

    The number of its points k; the first and the last point of each stretch of so many, [k / stretch, 4] each: a score, how
    many rows of either class (true positives first) are at or above it, and the sum of the scores of those rows; then what
    `trapezoids` and `hyperbolas` say of all points.
    """

def curve_stretches(keys: NDArray[np.uint64], before: NDArray[np.float64], stretch: int) -> NDArray[np.float64]:
    """The points of sorted keys [n] behind each of some points [m, 4], in the form of `curve_outline`: [m, stretch, 4].

    Where the curve ends before a stretch does, its last point fills the stretch.
    """

def trapezoids(tps: NDArray[np.float64], fps: NDArray[np.float64]) -> float:
    """Twice the area under the line from the origin through the points (fps, tps) [k]."""

def hyperbolas(tps: NDArray[np.float64], fps: NDArray[np.float64]) -> float:
    """The area under precision by true positives, false positives growing linearly between two points [k]."""

def simd_paths() -> list[str]:
    """Names of the instruction sets this machine can run, best first: of "avx512", "avx2", "portable"."""

def simd_path() -> str:
    """The instruction set that kernels use now; the best of `simd_paths()` unless `set_simd_path` chose another.

    At import the environment variable `ARTESIAN_SIMD` may name it; a name that this machine cannot run is ignored.
    """

def set_simd_path(name: str) -> None:
    """Choose the instruction set by name, for tests and benchmarks. ValueError if this machine cannot run it.

    Takes effect at the next call of `train`, `forward` or `hidden`; running calls keep theirs.
    Results of different paths differ by rounding, not in kind: forward passes and gradients by about 1e-6 relative, ADADELTA's
    steps by up to 4e-4 relative, since "avx2" and "avx512" take the processor's approximate reciprocal square root.
    """

def set_adaptive_threads(on: bool) -> None:
    """Off: `train` uses all the threads it is allowed, paying or not. For tests and benchmarks; on at import.

    On: it times one thread against several every few dozen milliseconds and takes the faster, since threads that meet at each
    sample are fast on idle cores and much slower than one where another process takes a core away.
    """

def tabular_activate(
    sums: NDArray[np.float32],
    out: NDArray[np.float32],
    bias: NDArray[np.float32],
    mix: NDArray[np.float32],
    *,
    is_mish: bool,
    gain: float,
    seed: int = 0,
    dropout: float = 0.0,
) -> None:
    """A hidden layer's activation of `sums` [rows, units] into `out`: z = gain·sums + bias stays in `sums`, and out = z + mix·(act(z) - z).

    act is SELU or Mish. A share `dropout` of the units is 0 and the others are divided by what is left of 1; which ones
    follows from `seed` and their number alone.
    """

def tabular_activate_back(
    sums: NDArray[np.float32],
    gradient: NDArray[np.float32],
    mix: NDArray[np.float32],
    bias_gradient: NDArray[np.float32],
    mix_gradient: NDArray[np.float32],
    *,
    is_mish: bool,
    gain: float,
    seed: int = 0,
    dropout: float = 0.0,
) -> None:
    """The way back through `tabular_activate`: `gradient` at its output becomes that at its sums; the gradients of bias and mix are added."""

def tabular_periodic(
    numbers: NDArray[np.float32],
    out: NDArray[np.float32],
    frequency: NDArray[np.float32],
    phase: NDArray[np.float32],
    mixing: NDArray[np.float32],
    bias: NDArray[np.float32],
) -> None:
    """Periodic embeddings of numbers [rows, k] into the first 4k columns of `out`: of each x itself, and mixing·cos(2π(frequency·x + phase)) + bias.

    Of each column 16 frequencies and phases (in turns) [k, 16], mixing [k, 3, 16], bias [k, 3].
    """

def tabular_periodic_back(
    numbers: NDArray[np.float32],
    gradient: NDArray[np.float32],
    frequency: NDArray[np.float32],
    phase: NDArray[np.float32],
    mixing: NDArray[np.float32],
    frequency_gradient: NDArray[np.float32],
    phase_gradient: NDArray[np.float32],
    mixing_gradient: NDArray[np.float32],
    bias_gradient: NDArray[np.float32],
) -> None:
    """Adds to the gradients of all four blocks what `gradient` [rows, at least 4k] at the output of `tabular_periodic` makes them."""

def tabular_adam(
    weights: NDArray[np.float32],
    gradient: NDArray[np.float32],
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    rate_factors: NDArray[np.float32],
    decay_factors: NDArray[np.float32],
    *,
    rate: float,
    decay: float,
    beta1: float,
    beta2: float,
    correction1: float,
    correction2: float,
) -> None:
    """One update of Adam with decoupled decay (Loshchilov and Hutter 2019) in place; all arrays [n], moments `first` and `second`.

    The rate of weight i is rate·rate_factors[i], its decay decay·decay_factors[i]; the corrections are 1/(1 - beta^updates).
    """

class StopToken:
    """A flag that another Python thread (or a signal handler) sets to make a running `train` return early.

    `train` looks at it at least every few milliseconds. One token may serve many calls and networks.
    """

    def __init__(self) -> None: ...
    def set(self) -> None: ...
    def clear(self) -> None: ...
    def is_set(self) -> bool: ...

class InputRows:
    """The design matrix: a sparse (CSR) part, a dense block, or both side by side.

    Row r is a vector of `n_inputs` float32. The dense block fills the columns
    [dense_start, dense_start + dense.shape[1]); the sparse part may name any other column. Every other cell is 0.
    Typical use: one-hot categories as CSR (`values=None`) beside dense standardised numbers, or a mostly-zero table as CSR.
    Mostly-zero tables are several times faster as CSR, or as dense blocks with true zeros, than when centring fills them.

    NaN means missing: the unit reads 0 (the mean, after standardisation), and an autoencoder ignores it as a target.

    Parameters
    ----------
    n_rows, n_inputs : shape of the whole matrix.
    indptr : int64 [n_rows + 1], or None for no sparse part. Row r owns the entries indptr[r]:indptr[r+1].
    indices : int32 [nnz], columns, strictly increasing within a row (so no duplicates: merge them first), none inside the
        dense block.
    values : float32 [nnz], or None when all are 1.0 (pure one-hot).
    dense : float32 [n_rows, n_dense], C-contiguous, or None.
    dense_start : first column of the dense block.

    Indices are checked once, here: ValueError names the first bad row.
    """

    def __init__(
        self,
        n_rows: int,
        n_inputs: int,
        *,
        indptr: NDArray[np.int64] | None = None,
        indices: NDArray[np.int32] | None = None,
        values: NDArray[np.float32] | None = None,
        dense: NDArray[np.float32] | None = None,
        dense_start: int = 0,
    ) -> None: ...
    @property
    def n_rows(self) -> int: ...
    @property
    def n_inputs(self) -> int: ...
    @property
    def nbytes(self) -> int:
        """Bytes of the arrays held."""

    def to_dense(self, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """The rows named (all when None) as float32 [len(rows), n_inputs], NaN kept: what an autoencoder aims at."""

class TrainResult:
    """What one call of `train` did."""

    @property
    def samples(self) -> int:
        """Positions of `order` consumed (rows skipped for weight 0 or a NaN target are counted). A multiple of the batch
        size unless all of `order` was done. `network.samples` grew by it: continue with `order[result.samples:]`."""

    @property
    def loss(self) -> float:
        """Weighted mean training loss of these samples, each measured before its own update and with dropout on; NaN if
        none. Units by `loss`: see `NeuralNetwork`. Without the l1 and l2 penalties."""

    @property
    def seconds(self) -> float:
        """Wall-clock seconds inside the kernel."""

    @property
    def threads(self) -> int:
        """Threads that worked most of the time: the request, less what the net's width or a busy machine made useless."""

    @property
    def stopped(self) -> StopReason:
        """Why it returned: "done" (all of `order`), "token", "deadline", or "unstable"."""

    @property
    def unstable(self) -> bool:
        """True when weights, biases or outputs became NaN or infinite, or passed H2O's limits (mean or rms of a layer's
        weights above 1e10, of its biases above 1e5). Restore the last good snapshot; training on is pointless."""

    @property
    def unstable_reason(self) -> str:
        """Which layer and what, for the message, e.g. "weights of layer 2: rms 3.1e+12 > 1e+10"; "" when stable."""

class Snapshot:
    """An opaque copy of everything that training changes: made by `snapshot()`, given back to `restore()`."""

    @property
    def samples(self) -> int: ...
    @property
    def nbytes(self) -> int: ...

class NeuralNetwork:
    """A fully connected network with its optimiser's state.

    Parameters
    ----------
    units : [n_inputs, hidden..., n_outputs]; without a hidden layer a linear model. For an autoencoder n_outputs = n_inputs.
    activation : of all hidden layers. "maxout" has two channels a unit: its layers hold 2 × units rows of weights.
    output :
        "softmax"     n_outputs >= 2 classes, targets int32 class codes; `forward` gives probabilities.
        "linear"      n_outputs = 1, targets float32; `forward` gives the linear output with the offset added, in link
                      space: **the inverse link is not applied** (identity for quadratic, absolute, huber and quantile; log for
                      poisson, gamma and tweedie; logit for modified_huber).
        "autoencoder" targets are the input rows before dropout; the output layer has the hidden layers' activation,
                      without dropout ("maxout" is refused); `forward` gives the reconstruction. The error signal at an output
                      is dLoss/dOutput without the activation's slope, as in H2O (the "matching loss" form, which does not
                      stall where tanh saturates or a rectifier is off).
    loss : the loss L(target y, output f) whose gradient is followed; the same L is averaged in `TrainResult.loss`.
        softmax: "cross_entropy" -log p_y (2 classes too: as in H2O a binomial net has two softmax outputs) or
                 "quadratic" ½ Σ (p_k - [k = y])², with the whole softmax Jacobian.
        linear:  "quadratic" (y-f)² · "absolute" |y-f| · "huber" (y-f)² within huber_delta, else (2|y-f| - delta)·delta ·
                 "quantile" alpha·(y-f)+ + (1-alpha)·(f-y)+ · "poisson" 2·(exp f - y·f) · "gamma" 2·(f + y·exp(-f)) ·
                 "tweedie" 2·(exp((2-p)f)/(2-p) - y·exp((1-p)f)/(1-p)) ·
                 "modified_huber" with m = (2y-1)·f: 0 if m > 1, -4m if m < -1, else (1-m)², for y in {0, 1}.
                 (gaussian is "quadratic", laplace is "absolute". Exponentials are capped at 1e19.)
        autoencoder: "quadratic", "absolute", "huber" or "quantile" summed over the outputs; the reported loss is their mean.
    input_dropout : probability in [0, 1) that an input is zeroed for a sample. Inputs are not scaled in `forward`, as in H2O.
    hidden_dropout : one probability in [0, 1) for each hidden layer, or () for none. Not inverted: in `forward` and
        `hidden` activations are multiplied by 1 - p.
    huber_delta, quantile_alpha, tweedie_power : of those losses. `huber_delta` may be changed later.
    adaptive_rate : ADADELTA (Zeiler 2012) with `rho`, `epsilon`; else the manual rate:
        rate · rate_decay^(layer) / (1 + rate_annealing · n) · (1 - momentum), where n counts the samples trained and
        layer is 0 for the first weight matrix.
    momentum_start, momentum_ramp, momentum_stable : momentum goes linearly from start to stable over `momentum_ramp`
        samples (it really ramps) and stays; with a ramp of 0 it is `momentum_stable` at once.
    nesterov : H2O's accelerated form (velocity = momentum·velocity - gradient; weight += rate·velocity); else its plain one:
        weight += step + momentum·(previous step), step = -rate·gradient, where the previous step is without its own momentum.
    l1, l2 : added to the gradient, weights and biases: sign(w)·l1 + w·l2.
    max_w2 : upper limit of the sum of squares of a unit's incoming weights, kept by rescaling them: those that training
        starts with, and after each update. inf or float32's maximum means no limit.
    average_activation, sparsity_beta : for an autoencoder's hidden layers: biases are pushed so that the running mean
        activation of each unit nears `average_activation`, with strength `sparsity_beta` × rate.
    fast_mode : see the module docstring. False updates every weight for every sample (zero inputs and units too): slower,
        the exact optimiser.
    initial_weights : "uniform_adaptive" U(±sqrt(6/(fan_in+fan_out))), × 4 at a softmax output; "uniform" U(±scale);
        "normal" N(0, scale²). Biases: rectifier and maxout .5 in the first hidden layer and 1 in the others; else 0.
    initial_weight_scale : the scale above.
    seed : any integer (its low 64 bits count): initial weights and dropout masks.
    """

    def __init__(
        self,
        units: Sequence[int],
        *,
        activation: Activation = "rectifier",
        output: Output = "softmax",
        loss: Loss = "cross_entropy",
        input_dropout: float = 0.0,
        hidden_dropout: Sequence[float] = (),
        huber_delta: float = 1.0,
        quantile_alpha: float = 0.5,
        tweedie_power: float = 1.5,
        adaptive_rate: bool = True,
        rho: float = 0.99,
        epsilon: float = 1e-8,
        rate: float = 0.005,
        rate_annealing: float = 1e-6,
        rate_decay: float = 1.0,
        momentum_start: float = 0.0,
        momentum_ramp: float = 1e6,
        momentum_stable: float = 0.0,
        nesterov: bool = True,
        l1: float = 0.0,
        l2: float = 0.0,
        max_w2: float = ...,
        average_activation: float = 0.0,
        sparsity_beta: float = 0.0,
        fast_mode: bool = True,
        initial_weights: InitialWeights = "uniform_adaptive",
        initial_weight_scale: float = 1.0,
        seed: int = 0,
    ) -> None: ...

    # What it is
    @property
    def units(self) -> list[int]: ...
    @property
    def n_weights(self) -> int:
        """Weights and biases that a prediction needs."""

    @property
    def samples(self) -> int:
        """Samples trained so far, over all calls: the clock of annealing, of the momentum ramp and of dropout masks."""

    @property
    def nbytes(self) -> int:
        """Memory of weights and optimiser state."""

    huber_delta: float
    """May be set between calls (H2O re-estimates it when it scores)."""

    # Learning and scoring
    def train(
        self,
        rows: InputRows,
        targets: NDArray[np.int32] | NDArray[np.float32] | None,
        order: NDArray[np.int64],
        *,
        weights: NDArray[np.float32] | None = None,
        offsets: NDArray[np.float32] | None = None,
        batch_size: int = 1,
        threads: int = 1,
        seconds: float = ...,
        stop: StopToken | None = None,
    ) -> TrainResult:
        """Train on the rows named by `order`, in that order; a row may occur many times.

        targets : indexed by row (not by position): int32 [n_rows] for softmax, float32 [n_rows] for linear, None for an
            autoencoder. A NaN target, or a negative class, skips the row.
        order : int64 [any length], values in [0, n_rows). Shuffling, sampling and fractional epochs are the caller's.
        weights : float32 [n_rows], multiplies the row's gradient; 0 skips the row. Scale them to mean 1.
        offsets : float32 [n_rows], added to the linear output, in the units of the (standardised) target in link space.
        batch_size : samples whose mean gradient makes one update; 1 is online learning. A shorter last batch is averaged over
            its own size. Give `order` in multiples of it, or the tail of each call makes a short batch.
        threads : at most so many; see the promise about results above.
        seconds : deadline of this call; inf for none. Looked at as often as the stop token.
        stop : checked at least every few milliseconds.
        """

    def forward(
        self,
        rows: InputRows,
        order: NDArray[np.int64] | None = None,
        *,
        offsets: NDArray[np.float32] | None = None,
        threads: int = 1,
    ) -> NDArray[np.float32]:
        """Outputs, float32 [len(order) or n_rows, n_outputs]; what they are is told at `output` above.

        No dropout: activations are scaled by 1 - p instead. `offsets` are indexed by row, as in `train`.
        """

    def hidden(
        self, rows: InputRows, layer: int, order: NDArray[np.int64] | None = None, *, threads: int = 1
    ) -> NDArray[np.float32]:
        """Activations of hidden layer `layer` (0 is the first), scaled by 1 - p: "deep features"."""

    # Weights, state
    def weights(self, layer: int) -> NDArray[np.float32]:
        """A copy of weight matrix `layer` (0 feeds the first hidden layer), float32 [n_out, n_in].

        Maxout: [2·n_out, n_in], row 2u + k is channel k of unit u; so for `biases`."""

    def biases(self, layer: int) -> NDArray[np.float32]: ...
    def set_weights(self, layer: int, values: NDArray[np.float32]) -> None: ...
    def set_biases(self, layer: int, values: NDArray[np.float32]) -> None: ...
    def state(self) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
        """Everything that training changes, as copies: enough to continue bit-identically in another process.

        Keys, l = 0.. for each weight matrix: "weights.l" [n_out, n_in], "biases.l" [n_out];
        ADADELTA: "weights_g2.l", "weights_dx2.l", "biases_g2.l", "biases_dx2.l" (running means of squared gradients and steps);
        momentum: "weights_velocity.l", "biases_velocity.l"; sparsity_beta > 0: "average_activation.l" for hidden layers;
        "samples": int64 [1].
        """

    def set_state(self, state: dict[str, NDArray[np.float32] | NDArray[np.int64]]) -> None:
        """Take over a `state()`. Optimiser keys may be missing (those start at zero); unknown keys and wrong shapes
        raise ValueError and change nothing."""

    def snapshot(self) -> Snapshot:
        """A copy of the state by plain memory copy (some milliseconds for a million weights): the best model so far."""

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this network, or of one with the same `units` and optimiser."""

    def statistics(self) -> dict[str, NDArray[np.float64]]:
        """One float64 for each weight matrix, for the table of layers: "mean_rate", "rate_rms" (ADADELTA's effective rate
        sqrt((dx2+eps)/(g2+eps)) over the weights; with manual rates the current rate and 0), "momentum", "mean_weight",
        "weight_rms", "mean_bias", "bias_rms" (rms about the mean, as H2O shows), and, with sparsity_beta, for
        hidden layers "mean_activation" (NaN for the output)."""

    def instability(self) -> str:
        """Empty when weights and biases are finite and within H2O's limits, else the sentence of `unstable_reason`."""

def cells_of_numbers(values: NDArray[np.floating], cuts: NDArray[np.float64]) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """How many of the rising `cuts` are at most each value (float32 or float64); len(cuts) + 1 for NaN."""

def lengths_of_planes(
    values: NDArray[np.float32],
    normal: NDArray[np.float32],
    point: NDArray[np.float32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    length: NDArray[np.float64],
    first: NDArray[np.int64],
    height: int,
    threads: int,
) -> NDArray[np.float64]:
    """Sums over trees of planes of the path lengths of rows `values` [n, columns] (NaN: missing); see `Planes` for the others.

    The thread count does not change the result."""

class TreeGrower:
    """Grows regression trees on columns of cell numbers; see `artesian.learn.trees.grower` for what the options mean.

    `codes`: one array [n] a column, uint8 (up to 255 cells) or uint16 (up to 65535); the number of cells means missing.
    `cuts`, `positions`: of numeric columns, float64 [cells - 1] and [cells] or None. `cells` int32, `categorical`, `integer`
    uint8: of each column. `n_rows` counts where there is no column. The thread count never changes a result.
    """

    def __init__(
        self,
        codes: Sequence[NDArray[np.unsignedinteger]],
        cuts: Sequence[NDArray[np.float64] | None],
        positions: Sequence[NDArray[np.float64] | None],
        cells: NDArray[np.int32],
        categorical: NDArray[np.uint8],
        integer: NDArray[np.uint8],
        n_rows: int,
        *,
        threads: int,
        max_depth: int,
        min_rows: float,
        bins: int,
        bins_top_level: int,
        min_split_improvement: float,
        split_columns: int,
        columns_change: float,
        random_splits: bool,
        monotone: Sequence[int] | None = None,
        interactions: Sequence[Sequence[int]] | None = None,
    ) -> None: ...
    def grow(
        self,
        target: NDArray[np.float32],
        weight: NDArray[np.float32] | None,
        count: NDArray[np.float32] | None,
        rows: NDArray[np.uint32] | None,
        columns: NDArray[np.uint32] | None,
        seed: int,
    ) -> tuple[
        NDArray[np.uint64],
        NDArray[np.uint8],
        NDArray[np.float32],
        NDArray[np.float32],
        NDArray[np.float64],
        NDArray[np.float64],
        NDArray[np.int32],
    ]:
        """Nodes [nodes, 2], bits of categorical splits, gain, cover, lower and upper bounds (empty without monotone
        constraints), and the node number of each row's leaf."""

class TreeForest:
    """Trees as `TreeGrower.grow` gives them, as one predictor; ValueError for trees that lead out of their arrays.

    `columns` below: one array [n_rows] a column: float32, float64 (NaN: missing) or int32 cells (negative: missing).
    """

    def __init__(
        self,
        nodes: Sequence[NDArray[np.uint64]],
        bits: Sequence[NDArray[np.uint8]],
        cover: Sequence[NDArray[np.float32]],
        outputs: NDArray[np.int32],
        n_columns: int,
        n_outputs: int,
    ) -> None: ...
    def predict(
        self, columns: Sequence[NDArray[np.generic]], n_rows: int, first: int, last: int, threads: int
    ) -> NDArray[np.float64]:
        """Sums of the leaves of trees first to last - 1 [n_rows, outputs]."""

    def leaves(self, columns: Sequence[NDArray[np.generic]], n_rows: int, threads: int) -> NDArray[np.int32]:
        """Node numbers of the leaves [n_rows, trees]."""

    def feature_frequencies(
        self, columns: Sequence[NDArray[np.generic]], n_rows: int, threads: int
    ) -> NDArray[np.int32]:
        """How many times each column is asked [n_rows, columns]."""

    def contributions(self, columns: Sequence[NDArray[np.generic]], n_rows: int, threads: int) -> NDArray[np.float64]:
        """Path-dependent Shapley values, the expectation last [outputs, n_rows, columns + 1]."""

    def contributions_interventional(
        self,
        columns: Sequence[NDArray[np.generic]],
        n_rows: int,
        background: Sequence[NDArray[np.generic]],
        n_background: int,
        threads: int,
    ) -> NDArray[np.float64]:
        """Shapley values against each background row, its own sum last [outputs, n_rows, n_background, columns + 1]."""
