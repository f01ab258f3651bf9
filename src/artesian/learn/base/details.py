"""What a model tells of itself: the neutral form that the wire layer turns into H2O's model schema, kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from artesian.learn.base.table import Table

FORMAT_VERSION = 1


class Category(StrEnum):
    """What a model predicts; the values are the names that clients know."""

    REGRESSION = "Regression"
    BINOMIAL = "Binomial"
    MULTINOMIAL = "Multinomial"
    ORDINAL = "Ordinal"
    AUTOENCODER = "AutoEncoder"
    CLUSTERING = "Clustering"
    DIM_REDUCTION = "DimReduction"
    ANOMALY_DETECTION = "AnomalyDetection"
    TARGET_ENCODER = "TargetEncoder"

    @property
    def is_classifier(self) -> bool:
        """Whether it predicts classes."""
        return self in (Category.BINOMIAL, Category.MULTINOMIAL, Category.ORDINAL)


@dataclass
class ModelDetails:
    """Everything shown of a model, complete or still training; weights are not here.

    `parameters` maps each name to `{"default", "given", "actual"}` (JSON-safe values; frames, models and columns as
    their names); `names` are the columns used, response last, `column_types` and `domains` run along with them (None:
    not categorical). Metrics are the `to_dict` of a metrics object. Times are milliseconds since 1970 UTC.
    """

    key: str
    algorithm: str
    title: str
    category: Category
    supervised: bool
    parameters: dict[str, dict[str, Any]]
    training_frame: str
    validation_frame: str | None
    response: str | None
    names: list[str]
    column_types: list[str]
    domains: list[list[str] | None]
    original_names: list[str] | None = None
    created_ms: int = 0
    start_ms: int = 0
    end_ms: int = 0
    status: str = "RUNNING"
    default_threshold: float = 0.5
    model_summary: Table | None = None
    scoring_history: Table | None = None
    variable_importances: Table | None = None
    training_metrics: dict[str, Any] | None = None
    validation_metrics: dict[str, Any] | None = None
    cross_validation_metrics: dict[str, Any] | None = None
    cross_validation_summary: Table | None = None
    cross_validation_models: list[str] | None = None
    cross_validation_predictions: list[str] | None = None
    cross_validation_holdout_predictions: str | None = None
    cross_validation_fold_assignment: str | None = None
    cross_validation_scoring_histories: list[Table] | None = None
    warnings: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    """Fields of one algorithm alone, e.g. Deep Learning's `weights` and `biases` (keys of frames), `normmul`, `normsub`."""

    @property
    def response_domain(self) -> list[str]:
        """The classes of a classifier, in code order; empty for other models."""
        if self.response is None:
            return []
        return self.domains[self.names.index(self.response)] or []

    @property
    def predictors(self) -> list[str]:
        """The columns that the model learns from."""
        roles = ("response_column", "weights_column", "offset_column", "fold_column")
        special = {self.parameters[name]["actual"] for name in roles if name in self.parameters}
        return [name for name in self.original_names or self.names if name not in special]

    @property
    def is_fold_bag(self) -> bool:
        """Whether the models of its folds predict together, so that it has no structure of its own."""
        return bool(self.parameters.get("fold_models_predict", {}).get("actual"))

    def actual(self, name: str) -> Any:
        """The value of a parameter that was used in training."""
        return self.parameters[name]["actual"]

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form; `from_dict` gives an equal object back."""
        plain = {name: value.to_dict() if isinstance(value, Table) else value for name, value in vars(self).items()}
        if self.cross_validation_scoring_histories is not None:
            plain["cross_validation_scoring_histories"] = [t.to_dict() for t in self.cross_validation_scoring_histories]
        return {"format_version": FORMAT_VERSION, **plain, "category": self.category.value}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> ModelDetails:
        """The object of a `to_dict`; fields that a later version added are left out, absent ones take their default."""
        known = {name: value for name, value in plain.items() if name in cls.__dataclass_fields__}
        for name in ("model_summary", "scoring_history", "variable_importances", "cross_validation_summary"):
            if known.get(name) is not None:
                known[name] = Table.from_dict(known[name])
        if known.get("cross_validation_scoring_histories") is not None:
            tables = known["cross_validation_scoring_histories"]
            known["cross_validation_scoring_histories"] = [Table.from_dict(table) for table in tables]
        known["category"] = Category(known["category"])
        return cls(**known)
