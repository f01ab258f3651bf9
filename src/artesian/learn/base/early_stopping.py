"""Early stopping: which metric is watched, which way is better, and when training has converged.

The rule is H2O's (hex.ScoreKeeper): moving averages over `rounds` scoring events; training stops when the best of the
last `rounds` averages is not better than the one before them by more than the relative tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from artesian.core.errors import InvalidArgument, Problem, did_you_mean
from artesian.learn.base.details import Category

if TYPE_CHECKING:
    from artesian.learn.metrics import Metrics

Direction = Literal["less", "more", "none"]

REGRESSION: Final = frozenset({"regression"})
CLASSIFICATION: Final = frozenset({"binomial", "multinomial", "ordinal"})
ALL: Final = REGRESSION | CLASSIFICATION | {"autoencoder", "anomaly", "uplift"}


@dataclass(frozen=True)
class StoppingMetric:
    """`attribute` of the metrics object holds the value; `bounded` metrics cannot fall below 0."""

    attribute: str
    better: Direction
    bounded: bool
    categories: frozenset[str]


STOPPING_METRICS: Final[dict[str, StoppingMetric]] = {
    "deviance": StoppingMetric("mean_residual_deviance", "less", False, REGRESSION),
    "logloss": StoppingMetric("log_loss", "less", True, CLASSIFICATION),
    "mse": StoppingMetric("mse", "less", True, REGRESSION | CLASSIFICATION | {"autoencoder"}),
    "rmse": StoppingMetric("rmse", "less", True, REGRESSION | CLASSIFICATION | {"autoencoder"}),
    "mae": StoppingMetric("mae", "less", True, REGRESSION),
    "rmsle": StoppingMetric("rmsle", "less", True, REGRESSION),
    "auc": StoppingMetric("auc", "more", True, frozenset({"binomial", "multinomial"})),
    "aucpr": StoppingMetric("pr_auc", "more", True, frozenset({"binomial", "multinomial"})),
    "lift_top_group": StoppingMetric("lift_top_group", "more", False, frozenset({"binomial"})),
    "misclassification": StoppingMetric("error", "less", True, CLASSIFICATION),
    "mean_per_class_error": StoppingMetric("mean_per_class_error", "less", True, CLASSIFICATION),
    "anomaly_score": StoppingMetric("mean_score", "none", False, frozenset({"anomaly"})),
    "auuc": StoppingMetric("auuc", "more", False, frozenset({"uplift"})),
    "ate": StoppingMetric("ate", "more", False, frozenset({"uplift"})),
    "att": StoppingMetric("att", "more", False, frozenset({"uplift"})),
    "atc": StoppingMetric("atc", "more", False, frozenset({"uplift"})),
    "qini": StoppingMetric("qini", "more", False, frozenset({"uplift"})),
    "custom": StoppingMetric("custom_metric_value", "less", False, ALL),
    "custom_increasing": StoppingMetric("custom_metric_value", "more", False, ALL),
}
AUTO: Final[dict[str, str]] = {
    "regression": "deviance",
    "binomial": "logloss",
    "multinomial": "logloss",
    "ordinal": "logloss",
    "autoencoder": "mse",
    "anomaly": "anomaly_score",
    "uplift": "auuc",
}
_TOLD: Final = {"mse": "MSE"}


def allowed_metrics(category: str) -> tuple[str, ...]:
    """The names of the metrics that can be watched for a model category (`regression`, `binomial` …)."""
    return tuple(name for name, metric in STOPPING_METRICS.items() if category in metric.categories)


def resolve_metric(name: str, category: str) -> str:
    """The metric's name in lower case, `auto` resolved by the category.

    Raises InvalidArgument for an unknown metric or category, and for a metric that the category does not have.
    """
    if category not in AUTO:
        raise InvalidArgument(f"Unknown model category '{category}' for early stopping. Known: {', '.join(AUTO)}.")
    metric = name.lower()
    if metric == "auto":
        return AUTO[category]
    allowed = allowed_metrics(category)
    if metric not in allowed:
        reason = f"does not exist for {category} models" if metric in STOPPING_METRICS else "is unknown"
        raise InvalidArgument(
            f"The stopping metric '{name}' {reason}.{did_you_mean(metric, allowed)} "
            f"Allowed: auto, {', '.join(allowed)}."
        )
    return metric


def check_metric(name: str, category: Category) -> Iterator[Problem]:
    """Finds a stopping_metric that a model of the category does not have."""
    try:
        resolve_metric(name, _kind(category))
    except InvalidArgument as error:
        yield Problem("error", "stopping_metric", error.message)


def metric_in_use(parameters: Any, category: Category) -> str | None:
    """The stopping_metric as it is told: AUTO by what it stands for; None if it is AUTO and nothing stops early."""
    if parameters.stopping_metric != "AUTO":
        return str(parameters.stopping_metric)
    name = AUTO[_kind(category)]
    return _TOLD.get(name, name) if parameters.stopping_rounds else None


def _kind(category: Category) -> str:
    """The category as the tables above name it."""
    return category.name.lower()


def value_of(metrics: Metrics, metric_name: str) -> float:
    """The value of a stopping metric (or `auto`) in a metrics object. Raises InvalidArgument where it has none."""
    return float(getattr(metrics, STOPPING_METRICS[resolve_metric(metric_name, metrics.kind)].attribute))


@dataclass(frozen=True)
class StoppingRule:
    """When to stop: `rounds` 0 is never. `metric` is a resolved name (see `for_category`).

    Raises InvalidArgument for an unresolved or unknown metric, negative rounds, or a tolerance outside of [0, 1).
    """

    metric: str
    rounds: int = 5
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if self.metric not in STOPPING_METRICS:
            raise InvalidArgument(
                f"Unknown stopping metric '{self.metric}'.{did_you_mean(self.metric, STOPPING_METRICS)} "
                f"Allowed: {', '.join(STOPPING_METRICS)}."
            )
        if self.rounds < 0:
            raise InvalidArgument(f"stopping_rounds must be 0 (never stop early) or more. Got {self.rounds}.")
        if not 0 <= self.tolerance < 1:
            raise InvalidArgument(f"stopping_tolerance must be at least 0 and below 1. Got {self.tolerance}.")

    @classmethod
    def for_category(cls, metric: str, category: str, rounds: int = 5, tolerance: float = 0.0) -> StoppingRule:
        """The rule for a model category; resolves `auto` and refuses a metric that the category does not have."""
        return cls(resolve_metric(metric, category), rounds, tolerance)

    @classmethod
    def of(cls, parameters: Any, category: Category) -> StoppingRule:
        """The rule that the stopping_* parameters give a model of the category."""
        p = parameters
        return cls.for_category(p.stopping_metric, _kind(category), p.stopping_rounds, p.stopping_tolerance)

    @property
    def more_is_better(self) -> bool:
        return STOPPING_METRICS[self.metric].better == "more"

    def improves(self, value: float, on: float) -> bool:
        """Whether a value is strictly better than another; a NaN is worse than any number.

        A metric without a better side (`anomaly_score`) has no best model either: the newest value improves.
        """
        if math.isnan(value) or math.isnan(on):
            return not math.isnan(value)
        better = STOPPING_METRICS[self.metric].better
        return True if better == "none" else value > on if better == "more" else value < on

    def should_stop(self, history: Sequence[float]) -> bool:
        """Whether training has converged, from the metric's values at all scoring events so far, oldest first.

        The first event never counts, so no stop before 2·rounds + 1 events. A NaN in the window, or averages of
        differing sign, never stop; a metric bounded by 0 whose reference average is 0 always does.
        """
        k = self.rounds
        if k == 0 or len(history) - 1 < 2 * k:
            return False
        window = [float(value) for value in history[-2 * k :]]
        averages = [sum(window[i : i + k]) / k for i in range(k + 1)]
        if any(math.isnan(average) for average in averages):
            return False
        reference, recent = averages[0], averages[1:]
        if STOPPING_METRICS[self.metric].bounded and reference == 0:
            return True
        if reference == 0 or _sign(max(averages)) != _sign(min(averages)):
            return False
        return self._converged(reference, recent)

    def _converged(self, reference: float, recent: Sequence[float]) -> bool:
        low, high = min(recent), max(recent)
        match STOPPING_METRICS[self.metric].better:
            case "more":
                return high / reference <= 1 + self.tolerance
            case "less":
                return low / reference >= 1 - self.tolerance
            case _:
                extreme = low if abs(reference - low) > abs(reference - high) else high
                return 1 - self.tolerance <= extreme / reference <= 1 + self.tolerance


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
