"""The parameters of Deep Learning. A value that would do nothing here is refused by name, with the reason; no default is."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.custom_code import GBM_ALONE
from artesian.learn.base.model_parameters import (
    SUPERVISED_ENCODINGS,
    ClassBalanceParameters,
    CrossValidationParameters,
    MetricParameters,
    ModelParameters,
    StoppingParameters,
    SupervisedParameters,
    TargetEncodingParameters,
)
from artesian.learn.base.parameters import Interval, Kind, parameter
from artesian.learn.deeplearning.recipe_parameters import RecipeParameters

FLOAT32_MAX = 3.4028234663852886e38
INT32_MAX = 2**31 - 1
_PROBABILITY_BELOW_1 = Interval(0, 1, high_open=True)
_OPEN_UNIT = Interval(0, 1, low_open=True, high_open=True)
_AVERAGING = (
    "elastic averaging keeps the networks of several machines close to each other, and a network is trained on one "
    "machine here. Leave it at its default."
)


@dataclass(frozen=True)
class _Control:
    """How long to train, from where, and when to look at the network."""

    checkpoint: str | None = parameter(
        None,
        "Key of a Deep Learning model whose training is to be continued; `epochs` is then the total of both.",
        kind=Kind.MODEL,
        gridable=False,
    )
    pretrained_autoencoder: str | None = parameter(
        None,
        "Key of an autoencoder with the same inputs and hidden layers, whose hidden layers this network starts from.",
        kind=Kind.MODEL,
        level="expert",
        gridable=False,
    )
    overwrite_with_best_model: bool = parameter(
        True,
        "At the end, go back to the best network of the training, by stopping_metric on the validation frame where there is "
        "one. Off for the main model of cross-validation.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    epochs: float = parameter(
        10.0,
        "Passes over the training rows; fractions are allowed.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0),
    )
    train_samples_per_iteration: int = parameter(
        -2,
        "Rows trained between two looks at clock, progress and score: 0 or -1 for one epoch, -2 to choose by speed.",
        kind=Kind.LONG,
        interval=Interval(-2),
    )
    target_ratio_comm_to_comp: float = parameter(
        0.05,
        "With train_samples_per_iteration -2: largest share of the time that may go into what happens between iterations "
        "(progress, messages), relative to training itself.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, low_open=True),
    )
    seed: int = parameter(
        -1,
        "Seed of all random numbers: initial weights, order of rows, dropout, folds, samples; -1 draws one and reports it.",
        kind=Kind.LONG,
        level="expert",
    )
    stopping_rounds: int = parameter(
        5,
        "Stop when the moving average of stopping_metric over so many scorings has not improved over as many more; 0: never.",
        kind=Kind.INT,
        interval=Interval(0),
    )
    stopping_tolerance: float = parameter(
        0.0,
        "Least relative improvement of stopping_metric that counts as one.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1, high_open=True),
    )
    score_interval: float = parameter(
        5.0, "Least seconds between two scorings.", kind=Kind.DOUBLE, interval=Interval(0)
    )
    score_training_samples: int = parameter(
        10_000, "Training rows that are scored, drawn at random once; 0 for all.", kind=Kind.LONG, interval=Interval(0)
    )
    score_validation_samples: int = parameter(
        0, "Validation rows that are scored, drawn once; 0 for all.", kind=Kind.LONG, interval=Interval(0)
    )
    score_duty_cycle: float = parameter(
        0.1, "Largest share of the time that may go into scoring.", kind=Kind.DOUBLE, interval=Interval(0, 1)
    )
    score_validation_sampling: str = parameter(
        "Uniform",
        "How scored validation rows are drawn: Uniform, or Stratified to have classes equally often (needs balance_classes).",
        kind=Kind.CHOICE,
        level="expert",
        choices=("Uniform", "Stratified"),
    )
    classification_stop: float = parameter(
        0.0,
        "Stop when the share of wrongly classified training rows is at most this; -1: never.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, 1, also=(-1,)),
    )
    regression_stop: float = parameter(
        1e-6,
        "Stop when the mean squared error on the training rows is at most this; -1: never.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, also=(-1,)),
    )
    quiet_mode: bool = parameter(
        False, "Write no lines about the course of training to the log.", kind=Kind.BOOLEAN, level="expert"
    )
    reproducible: bool = parameter(
        False,
        "Repeat exactly with the same seed: score after every epoch whatever the clock says, so that early stopping and the "
        "choice of the best network do not depend on speed. Threads never change a result here.",
        kind=Kind.BOOLEAN,
        level="expert",
    )


@dataclass(frozen=True)
class _Network:
    """The layers, their start, and the loss."""

    activation: str = parameter(
        "Rectifier",
        "Activation of the hidden layers; the WithDropout ones drop units while training.",
        kind=Kind.CHOICE,
        level="critical",
        choices=(
            "Tanh",
            "TanhWithDropout",
            "Rectifier",
            "RectifierWithDropout",
            "Maxout",
            "MaxoutWithDropout",
            "ExpRectifier",
            "ExpRectifierWithDropout",
        ),
    )
    hidden: tuple[int, ...] = parameter(
        (200, 200),
        "Units of each hidden layer; an empty list makes a linear model.",
        kind=Kind.INTS,
        level="critical",
        interval=Interval(1),
    )
    initial_weight_distribution: str = parameter(
        "UniformAdaptive",
        "Initial weights: uniform with a width that suits the layer's size, uniform, or normal.",
        kind=Kind.CHOICE,
        level="expert",
        choices=("UniformAdaptive", "Uniform", "Normal"),
    )
    initial_weight_scale: float = parameter(
        1.0,
        "Half width of Uniform, standard deviation of Normal initial weights.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0),
    )
    initial_weights: tuple[str | None, ...] | None = parameter(
        None,
        "Keys of frames with the initial weights, one a layer (units in rows, inputs in columns); a gap draws that layer's.",
        kind=Kind.FRAMES,
        level="expert",
    )
    initial_biases: tuple[str | None, ...] | None = parameter(
        None,
        "Keys of frames of one column with the initial biases, one a layer; a gap takes that layer's usual ones.",
        kind=Kind.FRAMES,
        level="expert",
    )
    loss: str = parameter(
        "Automatic",
        "What training minimises; Automatic suits the distribution.",
        kind=Kind.CHOICE,
        choices=("Automatic", "CrossEntropy", "Quadratic", "Huber", "Absolute", "Quantile"),
    )
    distribution: str = parameter(
        "AUTO",
        "Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response and the loss.",
        kind=Kind.CHOICE,
        choices=(
            "AUTO",
            "bernoulli",
            "quasibinomial",
            "ordinal",
            "multinomial",
            "gaussian",
            "poisson",
            "gamma",
            "tweedie",
            "laplace",
            "quantile",
            "huber",
            "custom",
        ),
        refused_choices={
            "quasibinomial": "networks here predict classes or amounts. Make the response categorical and use bernoulli.",
            "ordinal": "networks here know no order of classes. Use multinomial.",
            "custom": GBM_ALONE,
        },
    )
    quantile_alpha: float = parameter(
        0.5, "Quantile that the quantile distribution predicts.", kind=Kind.DOUBLE, interval=_OPEN_UNIT
    )
    tweedie_power: float = parameter(
        1.5,
        "Power of the variance of the tweedie distribution, between 1 and 2.",
        kind=Kind.DOUBLE,
        interval=Interval(1, 2, low_open=True, high_open=True),
    )
    huber_alpha: float = parameter(
        0.9,
        "Share of the residuals that the huber distribution counts squared; the larger ones count linearly.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1, low_open=True),
    )
    autoencoder: bool = parameter(
        False, "Learn to reconstruct the inputs instead of a response.", kind=Kind.BOOLEAN, gridable=False
    )
    average_activation: float = parameter(
        0.0,
        "Mean activation that an autoencoder's hidden units are drawn to when sparsity_beta is above 0.",
        kind=Kind.DOUBLE,
        level="expert",
    )
    sparsity_beta: float = parameter(
        0.0,
        "Strength with which an autoencoder's hidden units are drawn to average_activation.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0),
    )


@dataclass(frozen=True)
class _Optimiser:
    """How weights move and what holds them back."""

    adaptive_rate: bool = parameter(
        True, "Let ADADELTA choose a rate for each weight; else the manual rate and momentum count.", kind=Kind.BOOLEAN
    )
    rho: float = parameter(
        0.99,
        "ADADELTA: share of the memory kept at each update.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=_OPEN_UNIT,
    )
    epsilon: float = parameter(
        1e-8,
        "ADADELTA: constant that gets updates going.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(1e-18, 1, high_open=True),
    )
    rate: float = parameter(
        0.005, "Manual learning rate.", kind=Kind.DOUBLE, level="expert", interval=Interval(0, low_open=True)
    )
    rate_annealing: float = parameter(
        1e-6,
        "Manual rate: divided by 1 + rate_annealing × samples trained.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0),
    )
    rate_decay: float = parameter(
        1.0,
        "Manual rate: multiplied by this once more for each layer after the first.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, low_open=True),
    )
    momentum_start: float = parameter(
        0.0, "Manual rate: momentum at the start.", kind=Kind.DOUBLE, level="expert", interval=_PROBABILITY_BELOW_1
    )
    momentum_ramp: float = parameter(
        1e6,
        "Manual rate: samples over which momentum goes from momentum_start to momentum_stable.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0),
    )
    momentum_stable: float = parameter(
        0.0, "Manual rate: momentum after the ramp.", kind=Kind.DOUBLE, level="expert", interval=_PROBABILITY_BELOW_1
    )
    nesterov_accelerated_gradient: bool = parameter(
        True, "Manual rate: Nesterov's form of momentum.", kind=Kind.BOOLEAN, level="expert"
    )
    input_dropout_ratio: float = parameter(
        0.0, "Share of the inputs dropped for each training row.", kind=Kind.DOUBLE, interval=_PROBABILITY_BELOW_1
    )
    hidden_dropout_ratios: tuple[float, ...] | None = parameter(
        None,
        "Share of the units dropped for each training row, one number a hidden layer; .5 each when an activation with dropout "
        "is chosen and none are given.",
        kind=Kind.DOUBLES,
        interval=_PROBABILITY_BELOW_1,
    )
    l1: float = parameter(
        0.0, "Penalty on absolute weights; drives many to zero.", kind=Kind.DOUBLE, interval=Interval(0)
    )
    l2: float = parameter(0.0, "Penalty on squared weights; keeps them small.", kind=Kind.DOUBLE, interval=Interval(0))
    max_w2: float = parameter(
        FLOAT32_MAX,
        "Largest sum of the squared weights that enter a unit.",
        kind=Kind.FLOAT,
        level="expert",
        interval=Interval(0, low_open=True),
    )
    mini_batch_size: int = parameter(
        1,
        "Rows whose mean gradient makes one update of the weights; 1 updates after every row.",
        kind=Kind.INT,
        level="expert",
        gridable=False,
        interval=Interval(1),
    )
    fast_mode: bool = parameter(
        True,
        "Leave the weights of zero inputs and inactive units alone; off updates every weight for every row, which is slower.",
        kind=Kind.BOOLEAN,
        level="expert",
    )


@dataclass(frozen=True)
class _Data:
    """How columns become inputs, and how the rows are visited."""

    standardize: bool = parameter(
        True,
        "Scale numeric columns to mean 0 and deviation 1 (an autoencoder's to a range of 1), and a response without a link.",
        kind=Kind.BOOLEAN,
    )
    use_all_factor_levels: bool = parameter(
        True,
        "An input for every level of a categorical column; else none for the first. Always on for an autoencoder.",
        kind=Kind.BOOLEAN,
    )
    max_categorical_features: int = parameter(
        INT32_MAX,
        "Most inputs that all categorical columns together may have; beyond it levels share inputs by a hash.",
        kind=Kind.INT,
        level="expert",
        interval=Interval(1),
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns become numbers; AUTO is OneHotInternal. TargetEncoding makes columns of many levels means "
        "of the response, others are OneHotInternal.",
        kind=Kind.CHOICE,
        choices=SUPERVISED_ENCODINGS,
        refused_choices={
            "Enum": "a network needs numbers, not levels. Use OneHotInternal or LabelEncoder.",
            "OneHotExplicit": "it makes the same inputs as OneHotInternal at a higher price in memory. Use OneHotInternal.",
        },
    )
    missing_values_handling: str = parameter(
        "MeanImputation",
        "Rows with missing values: MeanImputation puts the column's mean (an input of its own for a categorical one), Skip "
        "trains without these rows.",
        kind=Kind.CHOICE,
        level="expert",
        choices=("MeanImputation", "Skip"),
    )
    sparse: bool = parameter(
        False,
        "Treat the table as mostly zeros: scale without centring, so that zeros stay zeros and cost nothing. Tables that are "
        "mostly zeros are noticed and treated so without it, column by column.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    shuffle_training_data: bool = parameter(
        False,
        "Visit the rows in a new random order in every epoch. Rows always are here, so both values do the same.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    col_major: bool = parameter(
        False,
        "Storage order of the first layer's weights; not available here.",
        kind=Kind.BOOLEAN,
        level="expert",
        refused="the kernels choose the order that is fastest for the data. Leave it at False.",
    )


@dataclass(frozen=True)
class _Machines:
    """Who works, and the state of several machines that one machine does not have."""

    force_load_balance: bool = parameter(
        True,
        "Train on all threads that the job is given; off trains on one. The result is the same.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    replicate_training_data: bool = parameter(
        True,
        "Whether each machine holds all rows. A network trains on one machine here, which does either way.",
        kind=Kind.BOOLEAN,
    )
    single_node_mode: bool = parameter(
        False,
        "Train on one machine only. A network trains on one machine here either way.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    elastic_averaging: bool = parameter(
        False,
        "Average over several machines; not available here.",
        kind=Kind.BOOLEAN,
        level="expert",
        refused=_AVERAGING,
    )
    elastic_averaging_moving_rate: float = parameter(
        0.9,
        "Rate of elastic_averaging; not available here.",
        kind=Kind.DOUBLE,
        level="expert",
        refused=_AVERAGING,
    )
    elastic_averaging_regularization: float = parameter(
        0.001,
        "Strength of elastic_averaging; not available here.",
        kind=Kind.DOUBLE,
        level="expert",
        refused=_AVERAGING,
    )


@dataclass(frozen=True)
class _Outputs:
    """What is told of the network."""

    diagnostics: bool = parameter(
        True,
        "Show means and spreads of weights, biases and rates in the table of layers.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    variable_importances: bool = parameter(
        True,
        "Compute how much each input matters, from the weights of the first two layers (Gedeon 1997).",
        kind=Kind.BOOLEAN,
        level="critical",
    )
    export_weights_and_biases: bool = parameter(
        False, "Make frames of the weights and biases.", kind=Kind.BOOLEAN, level="expert", gridable=False
    )


@dataclass(frozen=True)
class DeepLearningParameters(
    RecipeParameters,
    _Outputs,
    _Machines,
    _Data,
    _Optimiser,
    _Network,
    _Control,
    MetricParameters,
    StoppingParameters,
    ClassBalanceParameters,
    TargetEncodingParameters,
    CrossValidationParameters,
    SupervisedParameters,
    ModelParameters,
):
    """All of them; groups are declared in the order that forms show them (dataclasses start from the last base)."""
