"""The tables that a linear model shows: coefficients, their magnitudes, the summary, the scoring history."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.details import Category
from artesian.learn.base.importances import importance_table
from artesian.learn.base.table import Cell, Table, TableColumn
from artesian.learn.linear.model import GLMModel
from artesian.learn.metrics import BinomialMetrics, Metrics, MultinomialMetrics, RegressionMetrics

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Inferred:
    """Standard errors, z and p values of the coefficients [width + 1], NaN for those that were left out."""

    errors: Floats
    z: Floats
    p: Floats


def _number(name: str, title: str) -> TableColumn:
    return TableColumn(name, "double", "%5f", title)


def _first(values: Floats) -> Floats:
    """The intercept in front."""
    return np.concatenate([values[-1:], values[:-1]])


def coefficient_tables(
    model: GLMModel, inferred: Inferred | None, inflation: Mapping[str, float] | None
) -> dict[str, Any]:
    """The tables of coefficients by the names of the output's fields, as their `to_dict`."""
    names = ["Intercept", *model.terms.names]
    header = TableColumn("names", "string", "%s", "names")
    columns: list[tuple[TableColumn, Any]] = [(header, names)]
    standardized = model.standardized()
    found: dict[str, Any] = {"coefficient_names": model.coefficient_names}
    several = model.is_several
    if several:
        k = len(model.beta)
        columns += [(_number(f"coefs_class_{c}", f"Coefs class {c}"), _first(model.beta[c])) for c in range(k)]
        columns += [
            (_number(f"std_coefs_class_{c}", f"Std coefs class {c}"), _first(standardized[c])) for c in range(k)
        ]
    else:
        columns.append((_number("coefficients", "Coefficients"), _first(model.beta[0])))
        if inferred is not None:
            columns += [
                (_number("std_error", "Std. Error"), _first(inferred.errors)),
                (_number("z_value", "z value"), _first(inferred.z)),
                (_number("p_value", "p value"), _first(inferred.p)),
            ]
    if inflation is not None:
        factors = [inflation.get(name, math.nan) for name in names]
        columns.append((_number("variable_inflation_factor", "variable_inflation_factor"), factors))
        found["vif_predictor_names"] = list(inflation)
        found["variable_inflation_factors"] = list(inflation.values())
    if not several:
        columns.append((_number("standardized_coefficients", "Standardized Coefficients"), _first(standardized[0])))
    kind = "glm multinomial coefficients" if several else "glm coefficients"
    found["coefficients_table"] = Table.build("Coefficients", kind, columns).to_dict()
    if several:
        found["coefficients_table_multinomials_with_class_names"] = _with_class_names(model, columns, kind)
    found["standardized_coefficient_magnitudes"] = _magnitudes(model, standardized)
    return found


def _with_class_names(model: GLMModel, columns: Sequence[tuple[TableColumn, Any]], kind: str) -> dict[str, Any]:
    domain = model.details.response_domain
    renamed = []
    for column, values in columns:
        prefix, _, number = column.name.rpartition("_")
        name = f"{prefix}_{domain[int(number)]}" if prefix.endswith("coefs_class") else column.name
        renamed.append((TableColumn(name, column.type, column.format, name), values))
    return Table.build("Coefficients with class names", kind, renamed).to_dict()


def magnitudes(standardized: Floats) -> Floats:
    """Sums over the classes of the sizes of standardised coefficients, without the intercept [width]."""
    return np.asarray(np.abs(standardized[:, :-1]).sum(axis=0))


def _magnitudes(model: GLMModel, standardized: Floats) -> dict[str, Any]:
    sizes = magnitudes(standardized)
    order = np.argsort(-sizes, kind="stable")
    names = model.terms.names
    signs = ["POS" if model.is_several or model.beta[0][i] >= 0 else "NEG" for i in order]
    return Table.build(
        "Standardized Coefficient Magnitudes",
        "standardized coefficient magnitudes",
        [
            (TableColumn("names", "string", "%s", "names"), [names[i] for i in order]),
            (_number("coefficients", "Coefficients"), sizes[order]),
            (TableColumn("sign", "string", "%s", "Sign"), signs),
        ],
    ).to_dict()


def importances(model: GLMModel) -> Table | None:
    """The magnitudes as importances; None of a model without inputs."""
    beta = model.terms.standardized(model.scoring_beta, centred=model.centred)
    return importance_table(model.terms.names, magnitudes(beta)) if model.terms.width else None


def summary_table(model: GLMModel, training_frame: str, search: str | None, iterations: int) -> Table:
    """The one row that tells a model in short; `search` describes a lambda_search."""
    best = model.path.best if model.path.submodels else None
    penalty = "None"
    if best is not None and best.strength > 0:
        strength = f"lambda = {best.strength:.4g} )"
        if best.alpha == 0:
            penalty = f"Ridge ( {strength}"
        elif best.alpha == 1:
            penalty = f"Lasso ({strength}"
        else:
            penalty = f"Elastic Net (alpha = {best.alpha:.4g}, {strength}"
    total = model.beta.size if model.is_several else model.terms.width
    intercepts = len(model.beta) if model.is_several else 1
    active = int(np.count_nonzero(model.beta)) - intercepts * model.facts.has_intercept
    columns: list[tuple[TableColumn, Any]] = [
        (TableColumn("", "string", "%s", ""), [""]),
        (TableColumn("family", "string", "%s", "Family"), [model.family.name]),
        (TableColumn("link", "string", "%s", "Link"), [model.family.link]),
        (TableColumn("regularization", "string", "%s", "Regularization"), [penalty]),
    ]
    if search is not None:
        columns.append((TableColumn("lambda_search", "string", "%s", "Lambda Search"), [search]))
    columns += [
        (TableColumn("number_of_predictors_total", "int", "%d", "Number of Predictors Total"), [total]),
        (TableColumn("number_of_active_predictors", "int", "%d", "Number of Active Predictors"), [max(active, 0)]),
        (TableColumn("number_of_iterations", "int", "%d", "Number of Iterations"), [iterations]),
        (TableColumn("training_frame", "string", "%s", "Training Frame"), [training_frame]),
    ]
    return Table.build("GLM Model", "summary", columns)


_SCORES: dict[Category, tuple[str, ...]] = {
    Category.REGRESSION: ("rmse", "deviance", "mae", "r2"),
    Category.BINOMIAL: ("rmse", "logloss", "r2", "auc", "pr_auc", "lift", "classification_error"),
    Category.MULTINOMIAL: ("rmse", "logloss", "r2", "classification_error", "auc", "pr_auc"),
    Category.ORDINAL: ("rmse", "logloss", "r2", "classification_error"),
}


def scores(category: Category, metrics: Metrics | None) -> dict[str, float | None]:
    """The numbers that a history shows of metrics; None of none."""
    if metrics is None:
        return dict.fromkeys(_SCORES[category])
    values: dict[str, float] = {"rmse": metrics.rmse}
    if isinstance(metrics, RegressionMetrics):
        values |= {"deviance": metrics.mean_residual_deviance, "mae": metrics.mae, "r2": metrics.r2}
    if isinstance(metrics, BinomialMetrics | MultinomialMetrics):
        values |= {"logloss": metrics.log_loss, "r2": metrics.r2, "auc": metrics.auc, "pr_auc": metrics.pr_auc}
        values["classification_error"] = metrics.error
    if isinstance(metrics, BinomialMetrics):
        values["lift"] = metrics.lift_top_group
    return {name: values[name] for name in _SCORES[category]}


@dataclass
class Line:
    """One row of a scoring history; None where there is nothing to tell."""

    seconds: float
    iteration: int
    values: dict[str, float | str | None]
    training: Metrics | None = None
    validation: Metrics | None = None
    variants: dict[str, tuple[Metrics | None, Metrics | None]] = field(default_factory=dict)
    """The same of predictions that leave less out; see `GLMModel.variants`."""
    timestamp: str = field(default_factory=lambda: time.strftime("%Y-%m-%d %H:%M:%S"))


def of_variant(line: Line, variant: str | None) -> Line:
    """A line as predictions that leave less out (None: those of the model itself) have it.

    Where effects are left out, the likelihood and the deviances of scored lines are those of the predictions.
    """
    if variant is not None:
        training, validation = line.variants.get(variant, (None, None))
        line = replace(line, training=training, validation=validation)
    if variant == "all" or line.training is None:
        return line
    values = dict(line.values)
    residual = float(getattr(line.training, "residual_deviance", math.nan))
    values["negative_log_likelihood"] = residual / 2
    if "deviance_train" in values:
        values["deviance_train"] = residual / line.training.nobs
    if "deviance_test" in values and line.validation is not None:
        values["deviance_test"] = float(getattr(line.validation, "residual_deviance", math.nan)) / line.validation.nobs
    return replace(line, values=values)


def _history_column(name: str, search: bool) -> TableColumn:
    if name == "predictors":
        return TableColumn(name, "int", "%d")
    if name == "lambda" and search:
        return TableColumn(name, "string", "%s")
    return TableColumn(name, "double", "%.6f" if name == "alpha" else "%.5f")


def history_table(
    lines: Sequence[Line], names: Sequence[str], category: Category, *, search: bool, validates: bool
) -> Table:
    """Of a search one line a penalty, else one an iteration; `names` are the columns of `Line.values`."""
    first = lines[0].seconds if lines else 0.0
    columns: list[tuple[TableColumn, list[Cell]]] = [
        (TableColumn("", "string", "%s", ""), ["" for _ in lines]),
        (TableColumn("timestamp", "string", "%s", "Timestamp"), [line.timestamp for line in lines]),
        (TableColumn("duration", "string", "%s", "Duration"), [duration(line.seconds - first) for line in lines]),
        (
            TableColumn("iteration" if search else "iterations", "int", "%d"),
            [line.iteration for line in lines],
        ),
    ]
    for name in names:
        cells: list[Cell] = [line.values.get(name) for line in lines]
        columns.append((_history_column(name, search), cells))
    if search:
        last: list[Cell] = [line.iteration if line.training is not None else None for line in lines]
        columns.append((TableColumn("iterations", "int", "%d"), last))
    for part in ("training", "validation") if validates else ("training",):
        found = [scores(category, getattr(line, part)) for line in lines]
        columns += [
            (TableColumn(f"{part}_{name}", "double", "%.5f"), [values[name] for values in found])
            for name in _SCORES[category]
        ]
    return Table.build("Scoring History", "", columns)


def short(value: float) -> str:
    """A penalty as the history of a search shows it: two digits and a power of ten, `.45E0`."""
    if value == 0:
        return "0E0"
    exponent = math.floor(math.log10(abs(value))) + 1
    digits = f"{value / 10.0**exponent:.2f}"
    if digits.startswith("1"):
        exponent, digits = exponent + 1, f"{value / 10.0 ** (exponent + 1):.2f}"
    return f"{digits.lstrip('0').rstrip('0') or '0'}E{exponent}"


def duration(seconds: float) -> str:
    """` 4.123 sec`, ` 2 min  4.123 sec` or ` 1:02:04.123`."""
    from artesian.learn.base.table import duration as shown

    return shown(seconds)
