"""What the parameters of Deep Learning come to once the response is known: defaults filled in, AUTO resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from artesian.learn.base.design import DesignOptions, Scaling
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import StoppingRule, metric_in_use
from artesian.learn.deeplearning.parameters import DeepLearningParameters

DEFAULT_HIDDEN_DROPOUT = 0.5
_KERNEL_ACTIVATIONS = {"Tanh": "tanh", "Rectifier": "rectifier", "Maxout": "maxout", "ExpRectifier": "exp_rectifier"}
_KERNEL_LOSSES = {"CrossEntropy": "cross_entropy", "Quadratic": "quadratic", "Absolute": "absolute", "Huber": "huber", "Quantile": "quantile"}  # fmt: skip
_LOSS_OF = {
    "gaussian": "Quadratic", "laplace": "Absolute", "huber": "Huber", "quantile": "Quantile",
    "bernoulli": "CrossEntropy", "multinomial": "CrossEntropy",
}  # fmt: skip
_DISTRIBUTION_OF = {"Absolute": "laplace", "Huber": "huber", "Quantile": "quantile"}


def has_dropout(activation: str) -> bool:
    """Whether an activation drops units while training."""
    return activation.endswith("WithDropout")


@dataclass(frozen=True)
class Plan:
    """Resolved choices of one training."""

    parameters: DeepLearningParameters
    category: Category
    distribution: str
    loss: str
    """H2O's name; `Automatic` for the deviance of a log-link family."""
    hidden_dropout: tuple[float, ...]

    @classmethod
    def of(cls, parameters: DeepLearningParameters, category: Category) -> Plan:
        """The plan of valid parameters."""
        p = parameters
        distribution, loss = p.distribution, p.loss
        if distribution == "AUTO":
            if category is Category.BINOMIAL:
                distribution = "bernoulli"
            elif category is Category.MULTINOMIAL:
                distribution = "multinomial"
            else:
                distribution = _DISTRIBUTION_OF.get(loss, "gaussian")
        elif category is Category.MULTINOMIAL and distribution == "bernoulli":
            distribution = "multinomial"
        if loss == "Automatic":
            loss = _LOSS_OF.get(distribution, "Automatic")
        dropout: tuple[float, ...] = ()
        if has_dropout(p.activation):
            dropout = p.hidden_dropout_ratios or (DEFAULT_HIDDEN_DROPOUT,) * len(p.hidden)
        return cls(p, category, distribution, loss, dropout)

    @property
    def is_classification(self) -> bool:
        """Whether classes are predicted."""
        return self.category in (Category.BINOMIAL, Category.MULTINOMIAL)

    @property
    def keeps_best(self) -> bool:
        """Whether the best network so far is the result."""
        return self.parameters.overwrite_with_best_model

    @property
    def scores_each_iteration(self) -> bool:
        """Whether every iteration is scored, whatever it takes."""
        return self.parameters.score_each_iteration or self.parameters.reproducible

    @property
    def stopping(self) -> StoppingRule:
        """The rule of early stopping (rounds 0: never); its metric also says which network is the best."""
        return StoppingRule.of(self.parameters, self.category)

    @property
    def design(self) -> DesignOptions:
        """How columns become inputs."""
        p = self.parameters
        autoencoder = self.category is Category.AUTOENCODER
        scaling = Scaling.NONE
        if p.standardize:
            scaling = Scaling.NORMALIZE if autoencoder else Scaling.STANDARDIZE
        return DesignOptions(
            scaling=scaling,
            encoding="OneHotInternal" if p.categorical_encoding == "AUTO" else p.categorical_encoding,
            all_levels=p.use_all_factor_levels or autoencoder,
            max_categorical_inputs=p.max_categorical_features,
            sparse=True if p.sparse else None,
            keep_missing=autoencoder,
        )

    def network(self, n_inputs: int, n_outputs: int, seed: int, huber_delta: float = 1.0) -> dict[str, Any]:
        """The arguments of the kernels' network."""
        p = self.parameters
        if self.is_classification:
            output = "softmax"
        else:
            output = "autoencoder" if self.category is Category.AUTOENCODER else "linear"
        arguments: dict[str, Any] = {
            "units": [n_inputs, *p.hidden, n_outputs],
            "activation": _KERNEL_ACTIVATIONS[p.activation.removesuffix("WithDropout")],
            "output": output,
            "loss": _KERNEL_LOSSES.get(self.loss, self.distribution),
            "input_dropout": p.input_dropout_ratio,
            "hidden_dropout": list(self.hidden_dropout),
            "huber_delta": huber_delta,
            "quantile_alpha": p.quantile_alpha,
            "tweedie_power": p.tweedie_power,
            "adaptive_rate": p.adaptive_rate,
            "rho": p.rho,
            "epsilon": p.epsilon,
            "rate": p.rate,
            "rate_annealing": p.rate_annealing,
            "rate_decay": p.rate_decay,
            "momentum_start": p.momentum_start,
            "momentum_ramp": p.momentum_ramp,
            "momentum_stable": p.momentum_stable,
            "nesterov": p.nesterov_accelerated_gradient,
            "l1": p.l1,
            "l2": p.l2,
            "average_activation": p.average_activation,
            "sparsity_beta": p.sparsity_beta,
            "fast_mode": p.fast_mode,
            "initial_weights": {"UniformAdaptive": "uniform_adaptive", "Uniform": "uniform", "Normal": "normal"}[
                p.initial_weight_distribution
            ],
            "initial_weight_scale": p.initial_weight_scale,
            "seed": seed,
            "max_w2": p.max_w2,
        }
        return arguments

    def actual(self) -> dict[str, Any]:
        """Actual values of parameters that were settled, for the model's details."""
        p = self.parameters
        return {
            "distribution": self.distribution,
            "loss": self.loss,
            "hidden_dropout_ratios": list(self.hidden_dropout) or None,
            "categorical_encoding": self.design.encoding,
            "stopping_metric": metric_in_use(p, self.category),
            "overwrite_with_best_model": self.keeps_best,
            "use_all_factor_levels": self.design.all_levels,
        }
