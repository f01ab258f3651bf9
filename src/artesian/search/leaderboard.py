"""Ranks models of any origin by a metric, best first, and shows them as a table.

It reads what models tell of themselves (`ModelDetails.to_dict`), nothing else: whose metrics on a frame of their own are to
count hands them over, as `search.measuring` makes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.base.details import Category
from artesian.learn.base.registry import algorithms
from artesian.learn.base.table import Table, TableColumn, float_from_json

ScoringData = Literal["auto", "xval", "valid", "train"]
SCORING_DATA: Final[tuple[ScoringData, ...]] = ("auto", "xval", "valid", "train")
_SOURCES: Final = {
    "xval": "cross_validation_metrics",
    "valid": "validation_metrics",
    "train": "training_metrics",
}

COLUMNS: Final[Mapping[Category, tuple[str, ...]]] = {
    Category.BINOMIAL: ("auc", "logloss", "aucpr", "mean_per_class_error", "rmse", "mse"),
    Category.MULTINOMIAL: ("mean_per_class_error", "logloss", "rmse", "mse"),
    Category.REGRESSION: ("rmse", "mse", "mae", "rmsle", "mean_residual_deviance"),
}
"""The metrics shown by kind of problem; the first is what AUTO sorts by."""
_MORE: Final[Mapping[Category, tuple[str, ...]]] = {
    Category.BINOMIAL: ("misclassification", "lift_top_group", "r2"),
    Category.MULTINOMIAL: ("misclassification", "auc", "aucpr", "r2"),
    Category.REGRESSION: ("r2",),
}
"""Metrics that a leaderboard may be sorted by too; the one that it is sorted by is shown."""
_SYNONYMS: Final = {"deviance": "mean_residual_deviance"}
_FIELDS: Final = {
    "logloss": "log_loss",
    "aucpr": "pr_auc",
    "misclassification": "error",
    "custom": "custom_metric_value",
}
LARGER_IS_BETTER: Final = frozenset({"auc", "aucpr", "lift_top_group", "r2"})

EXTENSIONS: Final[Mapping[str, TableColumn]] = {
    "training_time_ms": TableColumn("training_time_ms", "long", "%s"),
    "predict_time_per_row_ms": TableColumn("predict_time_per_row_ms", "double", "%.6f"),
    "algo": TableColumn("algo", "string", "%s"),
    "provider": TableColumn("provider", "string", "%s"),
    "step": TableColumn("step", "string", "%s"),
    "group": TableColumn("group", "int", "%s"),
}
"""Columns that a leaderboard has when asked."""
ALL_EXTENSIONS: Final = ("training_time_ms", "predict_time_per_row_ms", "algo")
"""What ALL stands for; where a model stands in a plan is told only when asked by name."""


@dataclass(frozen=True)
class Leaderboard:
    """Models in order, best first. `values[metric]` runs along with `keys`, NaN where a model does not have the metric.

    `metrics` are the columns, that which it is sorted by first. `columns` hold what is known of models beside metrics, by
    name of the extension and then by key. An empty one has no category, and sorts by nothing unless told.
    """

    category: Category | None = None
    sort_metric: str | None = None
    metrics: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    values: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        models: Iterable[Mapping[str, Any]],
        sort_metric: str | None = None,
        *,
        metrics_of: str = "auto",
        measured: Mapping[str, Mapping[str, Any] | None] | None = None,
        columns: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Self:
        """Ranks models, given as the dicts of their details.

        `sort_metric` None or AUTO is the first metric of the kind of problem. `metrics_of` says which metrics of a model
        count: `auto` those of its cross-validation, else validation, else training; or one of `xval`, `valid`, `train`
        alone. `measured` are metrics on a common frame, by key of the model; given, they alone count. `columns` are values
        of the extensions `predict_time_per_row_ms`, `provider`, `step`, `group` by key, as far as they are known.

        A model without the metric comes after all that have it. Equal values of the sort metric are told apart by the
        metrics after it, then by the order in which the models were given. Raises InvalidArgument for models of different
        kinds, of a kind that has no leaderboard, and for a metric that the kind does not have.
        """
        given = list({details["key"]: details for details in models}.values())
        if not given:
            return cls(None, None if _is_auto(sort_metric) else _plain(str(sort_metric)), columns=columns or {})
        category = _category(given)
        found = [_metrics(details, metrics_of, measured) for details in given]
        shown = COLUMNS[category]
        if any(item and item.get("custom_metric_name") for item in found):
            shown = (*shown, "custom")
        first = checked_metric(category, sort_metric, shown)
        names = (first, *(name for name in shown if name != first))
        table = {name: [value_of(item, name) for item in found] for name in names}
        order = sorted(range(len(given)), key=_ranks(table, names))
        return cls(
            category,
            first,
            names,
            tuple(given[i]["key"] for i in order),
            {name: tuple(column[i] for i in order) for name, column in table.items()},
            {**_known(given), **(columns or {})},
        )

    @property
    def leader(self) -> str | None:
        """The key of the best model; None where there are no models."""
        return self.keys[0] if self.keys else None

    @property
    def sort_values(self) -> tuple[float, ...]:
        """The values that it is sorted by."""
        return self.values[self.sort_metric] if self.keys and self.sort_metric else ()

    @property
    def larger_is_better(self) -> bool:
        """Whether large values of the sort metric are good ones."""
        return self.sort_metric in LARGER_IS_BETTER

    def table(self, name: str, extensions: Sequence[str] = ()) -> Table:
        """The leaderboard as a table called `name`: keys, metrics, and the extensions asked for (`extension_names`)."""
        shown: list[tuple[TableColumn, Iterable[Any]]] = [(TableColumn("model_id", "string", "%s"), self.keys)]
        shown += [
            (TableColumn(metric, "double", "%.6f"), self.values.get(metric, ()))
            for metric in self.metrics or filter(None, [self.sort_metric])
        ]
        for extension in extensions if self.keys else ():
            known = self.columns.get(extension, {})
            shown.append((EXTENSIONS[extension], [known.get(key) for key in self.keys]))
        told = (
            f"models sorted in order of {self.sort_metric}, best first"
            if self.keys
            else "no models in this leaderboard"
        )
        return Table.build(name, told, shown)


def extension_names(asked: Iterable[str], *, strict: bool = True) -> tuple[str, ...]:
    """The names of the extension columns that a request means; ALL stands for the usual ones.

    InvalidArgument names an unknown one, unless not `strict`: then it is left out.
    """
    names: list[str] = []
    for item in asked:
        name = item.strip().lower()
        if name == "all":
            names += ALL_EXTENSIONS
        elif name in EXTENSIONS:
            names.append(name)
        elif strict:
            raise InvalidArgument(
                f"A leaderboard has no extra column '{item}'.{did_you_mean(name, EXTENSIONS)} "
                f"Known are ALL and {', '.join(EXTENSIONS)}.",
                extension=item,
            )
    return tuple(dict.fromkeys(names))


def checked_metric(category: Category, sort_metric: str | None, shown: Sequence[str] | None = None) -> str:
    """The metric that a leaderboard of a kind of problem sorts by. InvalidArgument for one that the kind does not have."""
    shown = COLUMNS[category] if shown is None else shown
    if _is_auto(sort_metric):
        return shown[0]
    name, known = _plain(str(sort_metric)), (*shown, *_MORE[category])
    if name not in known:
        raise InvalidArgument(
            f"A leaderboard of {category.value} models cannot be sorted by '{sort_metric}'.{did_you_mean(name, known)} "
            f"Allowed are AUTO, {', '.join(known)}.",
            sort_metric=sort_metric,
        )
    return name


def value_of(metrics: Mapping[str, Any] | None, name: str) -> float:
    """A metric by the name that leaderboards show, from the `to_dict` of a metrics object; NaN where it is not there."""
    if metrics is None:
        return math.nan
    if name == "rmse":
        mse = value_of(metrics, "mse")
        return math.sqrt(mse) if mse >= 0 else math.nan
    if name == "lift_top_group":
        table = metrics.get("gains_lift")
        lift = Table.from_dict(table).column("lift") if table else ()
        return float(lift[0] or 0.0) if lift else math.nan
    value = metrics.get(_FIELDS.get(name, name))
    return math.nan if value is None else float_from_json(value)


def _is_auto(sort_metric: str | None) -> bool:
    return sort_metric is None or sort_metric.strip().lower() in ("", "auto")


def _plain(metric: str) -> str:
    name = metric.strip().lower()
    return _SYNONYMS.get(name, name)


def _category(models: Sequence[Mapping[str, Any]]) -> Category:
    kinds = {details["key"]: Category(details["category"]) for details in models}
    for key, kind in kinds.items():
        if kind not in COLUMNS:
            raise InvalidArgument(
                f"The model '{key}' predicts {kind.value}; leaderboards are of Binomial, Multinomial or Regression models."
            )
    first = next(iter(kinds))
    for key, kind in kinds.items():
        if kind is not kinds[first]:
            raise InvalidArgument(
                f"Models of one leaderboard have the same metrics: '{first}' is {kinds[first].value}, '{key}' {kind.value}."
            )
    return kinds[first]


def _metrics(
    details: Mapping[str, Any], metrics_of: str, measured: Mapping[str, Mapping[str, Any] | None] | None
) -> Mapping[str, Any] | None:
    """The metrics of a model that count."""
    if measured is not None:
        return measured.get(details["key"])
    if metrics_of not in SCORING_DATA:
        raise InvalidArgument(f"Metrics are those of {', '.join(SCORING_DATA)}. Got '{metrics_of}'.")
    sources = _SOURCES.values() if metrics_of == "auto" else (_SOURCES[metrics_of],)
    return next((details[source] for source in sources if details.get(source) is not None), None)


def _ranks(table: Mapping[str, Sequence[float]], names: Sequence[str]) -> Callable[[int], tuple[Any, ...]]:
    """A sort key for positions: smaller is better, missing last, metric after metric."""

    def rank(position: int) -> tuple[Any, ...]:
        parts: list[tuple[bool, float]] = []
        for name in names:
            value = table[name][position]
            missing = math.isnan(value)
            parts.append((missing, 0.0 if missing else -value if name in LARGER_IS_BETTER else value))
        return (*parts, position)

    return rank


def _known(models: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The extension columns that details tell."""
    called = {name: kind.called for name, kind in algorithms().items()}
    times = {m["key"]: m["end_ms"] - m["start_ms"] if m.get("end_ms") else None for m in models}
    return {
        "training_time_ms": times,
        "algo": {m["key"]: called.get(m["algorithm"], m["algorithm"]) for m in models},
    }
