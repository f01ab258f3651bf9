"""`explain` and `explain_row`: everything that tells how models predict, in one ordered collection."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from artesian.client import plots
from artesian.client.automl.leaderboards import make_leaderboard
from artesian.client.checks import check_type
from artesian.client.display import display
from artesian.client.exceptions import H2OValueError
from artesian.client.explain import heatmaps, partial, residuals, shap
from artesian.client.explain.subjects import subjects
from artesian.client.frame.frame import H2OFrame
from artesian.client.model.base import ModelBase

WHOLE = (
    "leaderboard", "confusion_matrix", "residual_analysis", "learning_curve", "varimp", "varimp_heatmap",
    "model_correlation_heatmap", "shap_summary", "pdp", "ice",
)  # fmt: skip
BY_ROW = ("leaderboard", "shap_explain_row", "ice")
_TEXTS = {
    "leaderboard": ("Leaderboard", "The models with their metrics on the frame, the best first."),
    "confusion_matrix": ("Confusion Matrix", "How often each actual class (row) was predicted as each class (column)."),
    "residual_analysis": (
        "Residual Analysis",
        "Actual minus predicted values over predicted ones; a pattern is a flaw.",
    ),
    "learning_curve": ("Learning Curve Plot", "How the metric went on training and validation data."),
    "varimp": ("Variable Importance", "Which columns the model leans on most."),
    "varimp_heatmap": ("Variable Importance Heatmap", "The importances of columns in several models."),
    "model_correlation_heatmap": ("Model Correlation", "How alike the predictions of the models are."),
    "shap_summary": ("SHAP Summary", "What each input adds to the prediction, row by row."),
    "shap_explain_row": ("SHAP Explanation", "What each input adds to the prediction of the row."),
    "pdp": ("Partial Dependence Plots", "Mean prediction when a column has one value in all rows."),
    "ice": ("Individual Conditional Expectation", "The same for single rows."),
}


@dataclass(frozen=True)
class Heading:
    """Title and sentence of one part."""

    title: str
    description: str = ""

    def __str__(self) -> str:
        return f"{self.title}\n{'=' * len(self.title)}\n{self.description}"


class Explanation(OrderedDict[str, Any]):
    """Parts by name; each has a `header`, a `description` and `plots` or `data`. Shown as it grows, if `render`."""

    def __init__(self, render: bool = False) -> None:
        super().__init__()
        self._render = render

    def add(self, name: str, heading: Heading, **content: Any) -> None:
        """Adds a part, and shows it."""
        part = Explanation()
        part["header"], part["description"] = heading.title, heading.description
        part.update(
            {kind: Explanation._of(value) if isinstance(value, dict) else value for kind, value in content.items()}
        )
        self[name] = part
        if self._render:
            print(heading)
            _show(content)

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> Explanation:
        made = cls()
        made.update({name: cls._of(value) if isinstance(value, dict) else value for name, value in values.items()})
        return made

    def _ipython_display_(self) -> None:
        for name, part in self.items():
            print(name)
            _show(part)


def _show(value: Any) -> None:
    if isinstance(value, Mapping):
        for item in value.values():
            _show(item)
    elif not isinstance(value, plots.Drawn):  # a picture has been shown when it was drawn
        display(value)


def _chosen(possible: Sequence[str], include: Any, exclude: Any) -> list[str]:
    named = [include] if isinstance(include, str) else list(include)
    left_out = [exclude] if isinstance(exclude, str) else list(exclude or ())
    if left_out and named != ["ALL"]:
        raise H2OValueError("Give include_explanations or exclude_explanations, not both.")
    for name in [*left_out, *(n for n in named if n != "ALL")]:
        if name.lower() not in possible:
            raise H2OValueError(f"There is no explanation {name!r}. Known are: {', '.join(possible)}.")
    wanted = possible if named == ["ALL"] else [name.lower() for name in named]
    return [name for name in wanted if name not in [item.lower() for item in left_out]]


class _Explainer:
    """Makes the parts of an explanation of models on a frame."""

    def __init__(
        self, models: Any, frame: H2OFrame, columns: Sequence[Any] | None, top: int, overrides: Any, render: bool
    ) -> None:
        check_type("frame", frame, H2OFrame)
        self.subjects = subjects(models)
        self.models = self.subjects.models
        self.frame, self.overrides = frame, dict(overrides or {})
        self.found = Explanation(render)
        category = self.models[0]._output["model_category"]
        self.is_classifier = category in ("Binomial", "Multinomial", "Ordinal")
        self.targets: list[str | None] = [None]
        if category in ("Multinomial", "Ordinal"):
            self.targets = list(self.models[0]._output["domains"][-1])
        self.columns = self._columns(columns, top)

    def _columns(self, columns: Sequence[Any] | None, top: int) -> list[str]:
        if columns is not None:
            chosen = [self.frame.names[c] if isinstance(c, int) else c for c in columns]
        else:
            found = next((f for m in self.models if (f := heatmaps.consolidated_importances(m))), None)
            output = self.models[0]._output
            special = {self.models[0].actual_params.get("response_column")}
            named = [n for n in output.get("original_names") or output["names"] if n not in special]
            chosen = sorted(found, key=lambda name: -found[name]) if found else named
            chosen = chosen[: len(chosen) if top < 0 else top]
        return [name for name in chosen if name in self.frame.names and self.frame.type(name) != "string"]

    def add(self, name: str, **content: Any) -> None:
        self.found.add(name, Heading(*_TEXTS[name]), **content)

    def each(self, draw: Callable[..., Any], key: str, models: Iterable[ModelBase], **options: Any) -> dict[str, Any]:
        options |= self.overrides.get(key, {})
        return {model.model_id: draw(model, **options) for model in models}

    def by_column(self, draw: Callable[..., Any]) -> dict[str, Any]:
        """A picture a column, or a dict of them by class."""
        pictures: dict[str, Any] = {}
        for column in self.columns:
            drawn = {str(target): draw(column, target) for target in self.targets}
            pictures[column] = drawn if len(drawn) > 1 else next(iter(drawn.values()))
        return pictures

    def leaderboard(self, row_index: int | None = None) -> None:
        """The models by their metrics on the frame, with their predictions of a row if one is meant."""
        ids = [model.model_id for model in self.models]
        board = make_leaderboard(ids, self.frame, extra_columns="ALL")
        if row_index is not None:
            row = self.frame[row_index, :]
            by_name = {model.model_id: model for model in self.models}
            predicted = [by_name[name].predict(row) for name in board["model_id"].to_polars().to_series().to_list()]
            board = board.cbind(predicted[0].rbind(predicted[1:]) if len(predicted) > 1 else predicted[0])
        self.add("leaderboard", data=board)

    def with_contributions(self) -> list[ModelBase]:
        if len(self.targets) > 1:
            return []
        return self.subjects.among(model for model in self.models if model._reply["algo"] in shap.TELLING)


def explain(
    models: Any,
    frame: H2OFrame,
    columns: Sequence[str | int] | None = None,
    top_n_features: int = 5,
    include_explanations: Any = "ALL",
    exclude_explanations: Any = (),
    plot_overrides: Mapping[str, Any] | None = None,
    figsize: tuple[float, float] = (16, 9),
    render: bool = True,
    qualitative_colormap: str = "Dark2",
    sequential_colormap: str = "RdYlBu_r",
    background_frame: H2OFrame | None = None,
) -> Explanation:
    """Explains a model, or several, on a frame: metrics, importances, contributions and dependence on the columns.

    `columns` are those whose influence is drawn; without them the `top_n_features` most important (-1: all).
    `plot_overrides` maps an explanation to further arguments of its picture. The parts come as an ordered dict.
    """
    wanted = _chosen(WHOLE, include_explanations, exclude_explanations)
    it = _Explainer(models, frame, columns, top_n_features, plot_overrides, render)
    several = len(it.models) > 1
    if several and "leaderboard" in wanted:
        it.leaderboard()
    if it.is_classifier and "confusion_matrix" in wanted:
        tables = {m.model_id: m.model_performance(frame).confusion_matrix() for m in it.subjects.alone}
        it.add("confusion_matrix", plots=tables)
    if not it.is_classifier and "residual_analysis" in wanted:
        alone = it.subjects.alone
        drawn = it.each(residuals.residual_analysis_plot, "residual_analysis", alone, frame=frame, figsize=figsize)
        it.add("residual_analysis", plots=drawn)
    if "learning_curve" in wanted:
        it.add("learning_curve", plots=_curves(it, figsize))
    _explain_importances(it, wanted, figsize, sequential_colormap)
    if several and "model_correlation_heatmap" in wanted:
        options = {
            "figsize": figsize,
            "colormap": sequential_colormap,
            **it.overrides.get("model_correlation_heatmap", {}),
        }
        it.add("model_correlation_heatmap", plots=heatmaps.model_correlation_heatmap(it.models, frame, **options))
    told = it.with_contributions()
    if told and "shap_summary" in wanted:
        options = {"frame": frame, "figsize": figsize, "background_frame": background_frame}
        it.add("shap_summary", plots=it.each(shap.shap_summary_plot, "shap_summary_plot", told, **options))
    _explain_dependence(it, wanted, figsize, qualitative_colormap, sequential_colormap)
    return it.found


def _curves(it: _Explainer, figsize: tuple[float, float]) -> dict[str, Any]:
    with_history = [model for model in it.subjects.alone if model._output.get("scoring_history") is not None]
    return it.each(lambda model, **o: model.learning_curve_plot(**o), "learning_curve", with_history, figsize=figsize)


def _explain_importances(it: _Explainer, wanted: Sequence[str], figsize: tuple[float, float], colormap: str) -> None:
    important = [model for model in it.models if model._output.get("variable_importances") is not None]
    if important and "varimp" in wanted:
        looked_at = it.subjects.among(important)
        it.add("varimp", plots=it.each(lambda model, **o: model.varimp_plot(**o), "varimp_plot", looked_at))
    if len(important) > 1 and "varimp_heatmap" in wanted:
        options = {"figsize": figsize, "colormap": colormap, **it.overrides.get("varimp_heatmap", {})}
        it.add("varimp_heatmap", plots=heatmaps.varimp_heatmap(important, **options))


def _explain_dependence(
    it: _Explainer, wanted: Sequence[str], figsize: tuple[float, float], colors: str, shades: str
) -> None:
    if "pdp" in wanted:
        options = {"figsize": figsize, "colormap": colors, **it.overrides.get("pdp", {})}

        def draw(column: str, target: str | None) -> plots.Drawn:
            if len(it.models) > 1:
                return partial.pd_multi_plot(it.models, it.frame, column, target=target, **options)
            drawn: plots.Drawn = partial.pd_plot(it.models[0], it.frame, column, target=target, **options)
            return drawn

        it.add("pdp", plots=it.by_column(draw))
    if "ice" in wanted and not it.is_classifier:
        options = {"figsize": figsize, "colormap": shades, **it.overrides.get("ice_plot", {})}
        drawn = {
            c: {m.model_id: partial.ice_plot(m, it.frame, c, **options) for m in it.subjects.alone} for c in it.columns
        }
        it.add("ice", plots=drawn)


def explain_row(
    models: Any,
    frame: H2OFrame,
    row_index: int,
    columns: Sequence[str | int] | None = None,
    top_n_features: int = 5,
    include_explanations: Any = "ALL",
    exclude_explanations: Any = (),
    plot_overrides: Mapping[str, Any] | None = None,
    qualitative_colormap: str = "Dark2",
    figsize: tuple[float, float] = (16, 9),
    render: bool = True,
    background_frame: H2OFrame | None = None,
) -> Explanation:
    """Explains the prediction of one row by a model, or several."""
    wanted = _chosen(BY_ROW, include_explanations, exclude_explanations)
    it = _Explainer(models, frame, columns, top_n_features, plot_overrides, render)
    if len(it.models) > 1 and "leaderboard" in wanted:
        it.leaderboard(row_index)
    told = it.with_contributions()
    if told and "shap_explain_row" in wanted:
        given = {"frame": frame, "row_index": row_index, "figsize": figsize, "background_frame": background_frame}
        it.add("shap_explain_row", plots=it.each(shap.shap_explain_row_plot, "shap_explain_row", told, **given))
    if "ice" in wanted:
        options: dict[str, Any] = {
            "row_index": row_index,
            "figsize": figsize,
            "colormap": qualitative_colormap,
            **it.overrides.get("ice", {}),
        }

        def draw(column: str, target: str | None) -> plots.Drawn:
            if len(it.models) > 1:
                return partial.pd_multi_plot(it.models, frame, column, target=target, best_of_family=False, **options)
            drawn: plots.Drawn = partial.pd_plot(it.models[0], frame, column, target=target, **options)
            return drawn

        it.add("ice", plots=it.by_column(draw))
    return it.found
