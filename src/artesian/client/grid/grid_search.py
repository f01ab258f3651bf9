"""H2OGridSearch: one model for each combination of hyper-parameters, trained in the server and asked as one here."""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import check_type
from artesian.client.connection import path_part
from artesian.client.display import Shown
from artesian.client.estimators.base import H2OEstimator, _as_key, _wire_name
from artesian.client.exceptions import H2OJobCancelled, H2OValueError
from artesian.client.grid.metrics import KINDS, OfAllKinds
from artesian.client.job import H2OJob
from artesian.client.objects import get_model
from artesian.client.two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_ROLES = ("offset_column", "fold_column", "weights_column")
_HEAVY = "training_metrics,validation_metrics,cross_validation_metrics,cross_validation_metrics_summary"
"""What a Grid's answer holds of its models besides: here it comes with the models themselves."""
_LARGER_IS_BETTER = ("auc", "aucpr")


class H2OGridSearch(OfAllKinds, Shown):
    """A search over values of some parameters; once trained, a sequence of models that are asked together.

    `model` is an estimator (or its class) with what all models share, `hyper_params` lists of values by name of parameter;
    `subspaces` among them may hold a list of such dicts, searched one beside the other. `search_criteria` names a `strategy`:
    Cartesian (every combination, the default), RandomDiscrete (random ones) or Sequential (first values together, second
    values together, …), and limits: `max_models`, `max_runtime_secs`, `stopping_rounds`, `stopping_metric`,
    `stopping_tolerance`, `seed`. `parallelism` models are trained side by side, 0 for as many as the server has workers.
    With `recovery_dir`, a folder of the server's machine, the search can go on after a crash (`h2o.resume`).
    """

    def __init__(
        self,
        model: Any,
        hyper_params: Mapping[str, Any],
        grid_id: str | None = None,
        search_criteria: Mapping[str, Any] | None = None,
        export_checkpoints_dir: str | None = None,
        recovery_dir: str | None = None,
        parallelism: int = 1,
    ) -> None:
        if isinstance(model, type) and issubclass(model, H2OEstimator):
            model = model()
        check_type("model", model, None, H2OEstimator)
        check_type("hyper_params", hyper_params, dict)
        check_type("grid_id", grid_id, None, str)
        check_type("search_criteria", search_criteria, None, dict)
        check_type("export_checkpoints_dir", export_checkpoints_dir, None, str)
        check_type("recovery_dir", recovery_dir, None, str)
        self._id = grid_id
        self.model = model
        self.hyper_params: dict[str, Any] = dict(hyper_params)
        self.search_criteria = None if search_criteria is None else dict(search_criteria)
        self.export_checkpoints_dir = export_checkpoints_dir
        self.recovery_dir = recovery_dir
        self._parallelism = parallelism
        self._grid_json: dict[str, Any] | None = None
        self.models: list[Any] = []
        self.parms: dict[str, Any] = {}
        self._job: H2OJob | None = None

    # --- identity and what the server tells -------------------------------------------------------------------------

    @property
    def key(self) -> str | None:
        """The grid's name in the server."""
        return self._id

    @property
    def grid_id(self) -> str | None:
        """The grid's name in the server."""
        return self._id

    @grid_id.setter
    def grid_id(self, value: str) -> None:
        old, self._id = self._id, value
        if self._grid_json is not None:
            session.rapids(f'(rename "{old}" "{value}")')

    def detach(self) -> None:
        """Forgets the grid here without removing it there."""
        self._id = None

    def _told(self) -> dict[str, Any]:
        if self._grid_json is None:
            raise H2OValueError("This grid was not trained yet: call train() first.")
        return self._grid_json

    @property
    def model_ids(self) -> list[str]:
        """The names of the models, best first."""
        return [key["name"] for key in self._told()["model_ids"]]

    @property
    def hyper_names(self) -> list[str]:
        """The names of the hyper-parameters."""
        return list(self._told()["hyper_names"])

    @property
    def failed_params(self) -> list[Any] | None:
        """The parameters of the trainings that gave no model; None for one whose values could not be read."""
        return self._told().get("failed_params")

    @property
    def failure_details(self) -> list[str] | None:
        """Why each of them gave no model."""
        return self._told().get("failure_details")

    @property
    def failure_stack_traces(self) -> list[str] | None:
        """The tracebacks of those failures."""
        return self._told().get("failure_stack_traces")

    @property
    def failed_raw_params(self) -> list[list[str]] | None:
        """The values of the hyper-parameters that failed, in the order of `hyper_names`."""
        return self._told().get("failed_raw_params")

    # --- training ---------------------------------------------------------------------------------------------------

    def train(
        self,
        x: Any = None,
        y: int | str | Sequence[int | str] | None = None,
        training_frame: H2OFrame | None = None,
        offset_column: int | str | None = None,
        fold_column: int | str | None = None,
        weights_column: int | str | None = None,
        validation_frame: H2OFrame | None = None,
        **params: Any,
    ) -> H2OGridSearch:
        """Trains a model for each combination; further parameters that all of them share may be given by name.

        The arguments are those of the estimators' `train`. Combinations that fail are left out and listed in
        `failure_details`; H2OValueError with their reasons when none gave a model. Ctrl-C cancels; the models that
        there are stay. Trained again under the same `grid_id`, the grid is extended by what it has not yet.
        """
        roles = dict(zip(_ROLES, (offset_column, fold_column, weights_column), strict=True))
        self._finish(self._submit(x, y, training_frame, roles, validation_frame, params))
        return self

    def start(
        self,
        x: Any,
        y: int | str | Sequence[int | str] | None = None,
        training_frame: H2OFrame | None = None,
        offset_column: int | str | None = None,
        fold_column: int | str | None = None,
        weights_column: int | str | None = None,
        validation_frame: H2OFrame | None = None,
        **params: Any,
    ) -> None:
        """Begins to train, with the arguments of `train`, without waiting; `join` waits."""
        roles = dict(zip(_ROLES, (offset_column, fold_column, weights_column), strict=True))
        self._job = self._submit(x, y, training_frame, roles, validation_frame, params)

    def join(self) -> None:
        """Waits for what `start` or `resume(detach=True)` began, and takes its models."""
        if self._job is None:
            raise H2OValueError("There is nothing to wait for: call start() first.")
        job, self._job = self._job, None
        self._finish(job)

    def cancel(self) -> None:
        """Stops what `start` or `resume(detach=True)` began; the models that there are stay."""
        if self._job is None:
            raise H2OValueError("This grid is not being trained: call start() first.")
        self._job.cancel()

    def resume(self, recovery_dir: str | None = None, detach: bool = False, **params: Any) -> None:
        """Goes on with a search that was broken off or cancelled, over the same combinations.

        `recovery_dir` is a folder that keeps this search in turn; with `detach` it goes on in the background.
        """
        data = {name: _as_key(value) for name, value in params.items()}
        job = self._post({**data, "grid_id": self._id, "recovery_dir": recovery_dir}, "/resume")
        if detach:
            self._job = job
        else:
            self._finish(job)

    def _submit(
        self,
        x: Any,
        y: Any,
        training_frame: H2OFrame | None,
        roles: dict[str, Any],
        validation_frame: H2OFrame | None,
        params: dict[str, Any],
    ) -> H2OJob:
        if self.model is None:
            raise H2OValueError("This grid has no estimator to train: give `model` when it is made.", "model")
        if isinstance(y, (list, tuple)):
            if len(y) != 1:
                raise H2OValueError(f"The argument 'y' names one column. Got {list(y)!r}.", "y")
            y = y[0]
        estimator = copy.copy(self.model)
        estimator._parms = {**self.model._parms, **params}
        given = estimator._gathered(x, y, training_frame, roles, validation_frame, None, None, None)
        self.model._estimator_type = estimator._estimator_type
        given.pop("model_id", None)
        if not session.current().is_artesian:  # H2O-3 does not know the parameters that are Artesian's own
            defaults = estimator._defaults
            given = {name: v for name, v in given.items() if name not in defaults or v != defaults[name]}
        data = {_wire_name(name): _as_key(value) for name, value in given.items()}
        data |= {
            "hyper_parameters": _text(self.hyper_params),
            "search_criteria": None if self.search_criteria is None else _text(self.search_criteria),
            "parallelism": self._parallelism,
            "recovery_dir": self.recovery_dir,
            "grid_id": self._id,
        }
        if self.export_checkpoints_dir is not None:
            data["export_checkpoints_dir"] = self.export_checkpoints_dir
        return self._post(data)

    def _post(self, data: dict[str, Any], tail: str = "") -> H2OJob:
        reply = session.api(f"POST /99/Grid/{self.model.algo}{tail}", data=data)
        return H2OJob(reply, f"{self.model.algo} Grid Build")

    def _finish(self, job: H2OJob) -> None:
        """Waits for the search and takes what it made, also of one that was cancelled."""
        try:
            job.poll()
        except H2OJobCancelled:
            self._take(job.dest_key, told=True)
            raise
        self._take(job.dest_key, told=True)
        if not self.models:
            reasons = "\n".join(self.failure_details or ())
            raise H2OValueError(reasons or "The search gave no model: there was nothing to train, or no time for it.")

    def _take(self, grid_id: str, *, told: bool = False, **order: Any) -> None:
        """Becomes the grid of that name as the server has it; with `told`, says what went wrong."""
        wanted = {name: value for name, value in order.items() if value is not None}
        if session.current().is_artesian:
            wanted["_exclude_fields"] = _HEAVY
        reply = session.api(f"GET /99/Grids/{path_part(grid_id)}", data=wanted)
        self._id, self._grid_json = grid_id, reply
        self.export_checkpoints_dir = reply.get("export_checkpoints_dir") or self.export_checkpoints_dir
        self.models = [get_model(key["name"]) for key in reply["model_ids"]]
        kind = self.model._estimator_type if self.model is not None else None
        for model in self.models:
            model._estimator_type = kind or model._estimator_type
        if self.models:
            category = self.models[0]._output["model_category"]
            self.__class__ = _grid_class(KINDS.get(category, OfAllKinds))
        if told:
            self._tell(reply)

    def _tell(self, reply: dict[str, Any]) -> None:
        for text in reply.get("warning_details") or ():
            warnings.warn(text, stacklevel=5)
        failures = list(zip(reply["failed_raw_params"], reply["failure_details"], strict=True))
        if failures:
            print(f"{len(failures)} combination(s) gave no model:")
        for values, reason in failures:
            shown = ", ".join(f"{name}={value}" for name, value in zip(reply["hyper_names"], values, strict=False))
            print(f"  {shown}: {reason.strip()}")

    # --- a sequence of models ---------------------------------------------------------------------------------------

    def __getitem__(self, item: Any) -> Any:
        return self.models[item]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)

    def __bool__(self) -> bool:
        return True

    # --- tables -----------------------------------------------------------------------------------------------------

    def to_text(self) -> str:
        """The models in order, with their hyper-parameters and the metric; before training, what is searched."""
        return self._as_table().to_text()

    def to_html(self) -> str:
        """The same as HTML."""
        return self._as_table().to_html()

    def _as_table(self) -> H2OTwoDimTable:
        if self._grid_json is not None and self.models:
            return self._told()["summary_table"][:]  # type: ignore[no-any-return]
        rows = [(name, repr(values)) for name, values in self.hyper_params.items()]
        algo = type(self.model).__name__ if self.model is not None else "no estimator"
        return H2OTwoDimTable(f"Grid search over {algo}", "not trained yet", ["parameter", "values"], None, rows)

    def get_summary(self) -> H2OTwoDimTable:
        """A row a model: what its own summary says."""
        summaries = [(model.model_id, model.get_summary()) for model in self.models]
        tables = [(name, table) for name, table in summaries if isinstance(table, H2OTwoDimTable)]
        if not tables:
            raise H2OValueError("The models of this grid have no summaries.")
        first = tables[0][1]
        rows = [(name, *table.cell_values[0][1:]) for name, table in tables]
        return H2OTwoDimTable("Grid Summary", "", ["Model Id", *first.col_header[1:]], None, rows)

    def show_summary(self) -> None:
        """Prints the summaries of all models."""
        self.get_summary().show(rows=-1)

    def summary(self) -> None:
        """The same as `show_summary`, its earlier name."""
        self.show_summary()

    def sorted_metric_table(self, use_pandas: bool = True) -> Any:
        """The models in order, with their hyper-parameters and the metric, as a pandas frame or a table."""
        table = self._told()["summary_table"]
        if table is None:
            print("This grid has no models to sort.")
            return None
        return table.as_data_frame() if use_pandas else table

    def get_grid(self, sort_by: str | None = None, decreasing: bool | None = None) -> H2OGridSearch:
        """The grid with its models sorted by a metric, such as 'logloss', 'auc' or 'rmse'; itself when none is given.

        Models are judged by cross-validation, else on the validation frame, else on the training frame. H2OResponseError
        lists the metrics when there is none of that name.
        """
        if sort_by is None and decreasing is None:
            return self
        if self._id is None:
            raise H2OValueError("This grid was detached, or not trained yet.")
        grid = H2OGridSearch(self.model, self.hyper_params, self._id, self.search_criteria)
        grid._take(self._id, sort_by=sort_by, decreasing=decreasing)
        return grid

    def sort_by(self, metric: str, increasing: bool = True) -> H2OTwoDimTable:
        """The models by a metric of this object's methods, such as 'auc' or 'logloss(valid=True)'; see `get_grid`."""
        name, _, arguments = metric.partition("(")
        known = {"train": "train=True", "valid": "valid=True", "xval": "xval=True"}
        parts = [part for part, text in known.items() if text in arguments.replace(" ", "")]
        values = getattr(self, name)(**dict.fromkeys(parts, True))
        order = sorted(values, key=lambda model: values[model], reverse=not increasing)
        rows = [(model, str(self.get_hyperparams(model, display=False)), values[model]) for model in order]
        head = ["Model Id", f"Hyperparameters: [{', '.join(self.hyper_params)}]", metric]
        return H2OTwoDimTable(f"Grid Search Results for {type(self.model).__name__}", "", head, None, rows)

    # --- hyper-parameters -------------------------------------------------------------------------------------------

    def _named(self, id: int | str) -> Any:
        if isinstance(id, str) and id not in self.model_ids:
            raise H2OValueError(f"This grid has no model '{id}'. It has {', '.join(self.model_ids)}.", "id")
        return self.models[id if isinstance(id, int) else self.model_ids.index(id)]

    def get_hyperparams(self, id: int | str, display: bool = True) -> list[Any]:
        """The values of the hyper-parameters of a model, given by its place or name; of lists the first element."""
        found = self.get_hyperparams_dict(id, display)
        return [value[0] if isinstance(value, list) and value else value for value in found.values()]

    def get_hyperparams_dict(self, id: int | str, display: bool = True) -> dict[str, Any]:
        """The values of the hyper-parameters of a model by name."""
        model = self._named(id)
        if display:
            print(f"Hyperparameters: [{', '.join(self.hyper_names)}]")
        return {name: model.params[name]["actual"] for name in self.hyper_names}

    def pareto_front(
        self, test_frame: H2OFrame, x_metric: str | None = None, y_metric: str | None = None, **kwargs: Any
    ) -> Any:
        """The models that no other one beats in both of two columns of a leaderboard on the frame, and a picture of them.

        `x_metric` is 'predict_time_per_row_ms' by default, `y_metric` what the leaderboard is sorted by. The other
        arguments are those of `h2o.explanation.pareto_front`.
        """
        from artesian.client import lookup

        board = lookup("make_leaderboard")(self, test_frame, extra_columns="ALL")
        x = "predict_time_per_row_ms" if x_metric is None else x_metric
        y = board.names[1] if y_metric is None else y_metric
        upper = "top" if y.lower() in _LARGER_IS_BETTER else "bottom"
        right = "right" if x.lower() in _LARGER_IS_BETTER else "left"
        kwargs.setdefault("title", f"Pareto Front for {self._id}")
        return lookup("pareto_front")(frame=board, x_metric=x, y_metric=y, optimum=f"{upper} {right}", **kwargs)


_grid_classes: dict[type[OfAllKinds], type[H2OGridSearch]] = {}


def _grid_class(kind: type[OfAllKinds]) -> type[H2OGridSearch]:
    """The class of a trained grid: a search with what its kind of models can be asked, under the search's name."""
    if kind is OfAllKinds:
        return H2OGridSearch
    if kind not in _grid_classes:
        own = {"__doc__": H2OGridSearch.__doc__, "__module__": H2OGridSearch.__module__}
        _grid_classes[kind] = type(H2OGridSearch.__name__, (H2OGridSearch, kind), own)
    return _grid_classes[kind]


def _text(value: Any) -> str:
    """Values by name as JSON, frames and models as their names. What JSON does not know goes as Python writes it, and the
    server says so.
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(name))}: {_text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple, set)):
        return "[" + ", ".join(map(_text, value)) + "]"
    plain = _as_key(value)
    plain = plain.item() if hasattr(plain, "item") else plain  # a number of numpy
    return json.dumps(plain) if plain is None or isinstance(plain, (str, int, float, bool)) else str(plain)
