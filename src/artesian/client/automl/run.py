"""What can be asked of an AutoML run, whoever started it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from artesian.client import session
from artesian.client.automl.leaderboards import fetched_leaderboard, frame_of, make_leaderboard
from artesian.client.checks import check_type
from artesian.client.connection import path_part
from artesian.client.exceptions import H2OValueError, NotAvailable
from artesian.client.frame.frame import H2OFrame
from artesian.client.two_dim_table import H2OTwoDimTable
from artesian.core.errors import did_you_mean

ALGORITHMS = ("basemodel", "deeplearning", "drf", "gbm", "glm", "stackedensemble", "xgboost")
_LARGER_IS_BETTER = ("auc", "aucpr")
_TIMES = ("training_time_ms", "predict_time_per_row_ms")


@dataclass
class State:
    """How a run stands: what the server tells of it."""

    reply: dict[str, Any]

    @classmethod
    def fetch(cls, run: str, verbosity: str | None = None) -> State:
        """Asks the server. H2OValueError when there is no such run."""
        reply = session.api(f"GET /99/AutoML/{path_part(run)}", data={"verbosity": verbosity})
        if reply["project_name"] is None:
            raise H2OValueError(f"There is no AutoML run or project {run!r}.", "project_name")
        return cls(reply)

    @property
    def models(self) -> list[str]:
        """The names of the models, best first."""
        return [model["name"] for model in self.reply["leaderboard"]["models"]]

    @property
    def leaderboard(self) -> H2OTwoDimTable:
        """The leaderboard as a table."""
        table: H2OTwoDimTable = self.reply["leaderboard_table"]
        return table

    @property
    def events(self) -> H2OTwoDimTable:
        """The event log as a table."""
        table: H2OTwoDimTable = self.reply["event_log_table"]
        return table


class AutoMLRun:
    """The verbs of a run: its models, leaderboard and events, and what is asked of its best model."""

    _state: State | None = None
    _leaderboard: H2OFrame | None = None
    _event_log: H2OFrame | None = None

    def _took(self, state: State) -> None:
        """From now on this is how the run stands; frames of it are made when asked for."""
        self._state, self._leaderboard, self._event_log = state, None, None

    @property
    def key(self) -> str | None:
        """The name of the run in the server."""
        return None if self._state is None else str(self._state.reply["automl_id"]["name"])

    @property
    def _state_json(self) -> dict[str, Any] | None:
        """The reply of the server, under the name that scripts reach for."""
        return None if self._state is None else self._state.reply

    @property
    def _leader_id(self) -> str | None:
        return None if self._state is None or not self._state.models else self._state.models[0]

    @property
    def leader(self) -> Any:
        """The best model; None while there is none."""
        from artesian.client.objects import get_model

        return None if self._leader_id is None else get_model(self._leader_id)

    @property
    def leaderboard(self) -> H2OFrame:
        """The models and their metrics, best first, as a frame."""
        if self._leaderboard is None:
            if self._state is None:
                return H2OFrame()
            self._leaderboard = frame_of(self._state.leaderboard, f"{self._project()}_leaderboard")
        return self._leaderboard

    @property
    def event_log(self) -> H2OFrame:
        """What happened during the run, as a frame."""
        if self._event_log is None:
            if self._state is None:
                return H2OFrame()
            self._event_log = frame_of(self._state.events, f"{self._project()}_eventlog")
        return self._event_log

    @property
    def training_info(self) -> dict[str, str]:
        """The facts of the event log by name: when the run and each model started, how long it took."""
        if self._state is None:
            return {}
        events = self._state.events
        return {name: value for name, value in zip(events["name"], events["value"], strict=True) if name}

    @property
    def modeling_steps(self) -> list[dict[str, Any]]:
        """The steps that were taken, in a form that another run takes as its `modeling_plan`."""
        taken = [] if self._state is None else self._state.reply.get("modeling_steps") or []
        return [{"name": step["name"], "steps": step["steps"]} for step in taken]

    def _project(self) -> str:
        return "" if self._state is None else str(self._state.reply["project_name"])

    def _require_key(self) -> str:
        if self.key is None:
            raise H2OValueError("This AutoML run was not started: call train() first.")
        return self.key

    # --- models -----------------------------------------------------------------------------------------------------

    def get_leaderboard(self, extra_columns: str | Sequence[str] | None = None) -> H2OFrame:
        """The leaderboard as a frame, with further columns: 'training_time_ms', 'predict_time_per_row_ms', 'algo', or 'ALL'.

        'provider', 'step' and 'group' tell by which step of the plan a model was made.
        """
        return fetched_leaderboard(self._require_key(), extra_columns)

    def get_best_model(self, algorithm: str | None = None, criterion: str | None = None) -> Any:
        """The best model, of an algorithm if one is named ('basemodel': of any but ensembles); None when there is none.

        `criterion` is a metric of the leaderboard, 'training_time_ms' or 'predict_time_per_row_ms'; without one the order of
        the leaderboard counts, as it does among models that are equal by the criterion.
        """
        from artesian.client.objects import get_model

        check_type("algorithm", algorithm, None, str)
        check_type("criterion", criterion, None, str)
        kind = None if algorithm is None else algorithm.lower()
        if kind is not None and kind not in ALGORITHMS:
            raise H2OValueError(
                f"Algorithm {algorithm!r} is not one of {', '.join(ALGORITHMS)}.{did_you_mean(kind, ALGORITHMS)}",
                "algorithm",
            )
        wanted = None if criterion is None else criterion.lower()
        wanted = "mean_residual_deviance" if wanted == "deviance" else wanted
        extras = ["algo", *([wanted] if wanted in _TIMES else [])]
        table: H2OTwoDimTable = session.api(
            f"GET /99/Leaderboards/{path_part(self._require_key())}", data={"extensions": extras}
        )["table"]
        ids, algorithms = table["model_id"], [str(name).lower() for name in table["algo"]] if len(table) else []
        fits = [
            kind is None or name == kind or (kind == "basemodel" and name != "stackedensemble") for name in algorithms
        ]
        rows = [row for row, fit in enumerate(fits) if fit]
        if not rows:
            return None
        if wanted is None:
            return get_model(ids[rows[0]])
        if wanted not in table.col_header or wanted in ("model_id", "algo", ""):
            metrics = [name for name in table.col_header if name not in ("", "model_id", "algo")]
            raise H2OValueError(
                f"Criterion {criterion!r} is not a column of the leaderboard.{did_you_mean(wanted, metrics)} "
                f"It has {', '.join(metrics)}.",
                "criterion",
            )
        values = table[wanted]
        known = [row for row in rows if isinstance(values[row], (int, float)) and values[row] == values[row]]
        sign = -1 if wanted in _LARGER_IS_BETTER else 1
        return get_model(ids[min(known, key=lambda row: sign * values[row], default=rows[0])])

    def predict(self, test_data: H2OFrame) -> Any:
        """The predictions of the best model for a frame."""
        leader = self.leader
        if leader is None:
            raise H2OValueError("There is no model to predict with: the run has not made one.")
        return leader.predict(test_data)

    def download_model(self, path: str = "", filename: str | None = None) -> str:
        """Downloads the best model as an archive that `h2o.upload_model` takes; the path of the file."""
        return str(self._leader().download_model(path, filename))

    def download_mojo(self, path: str = ".", get_genmodel_jar: bool = False, genmodel_name: str = "") -> str:
        """Downloads the best model in MOJO form; the path of the file."""
        return str(self._exported("download_mojo", path, get_genmodel_jar, genmodel_name))

    def download_pojo(self, path: str = "", get_genmodel_jar: bool = False, genmodel_name: str = "") -> str:
        """Downloads the best model as Java code; the path of the file."""
        return str(self._exported("download_pojo", path, get_genmodel_jar, genmodel_name))

    def _exported(self, verb: str, *arguments: Any) -> Any:
        leader = self._leader()
        export = getattr(leader, verb, None)
        if export is None:
            raise NotAvailable(f"Not available yet: {verb} of a model of {leader.algo}.")
        return export(*arguments)

    def _leader(self) -> Any:
        leader = self.leader
        if leader is None:
            raise H2OValueError("The run has not made a model.")
        return leader

    # --- explaining -------------------------------------------------------------------------------------------------

    def explain(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Everything that tells how the models predict; see `artesian.client.explain.report.explain`."""
        from artesian.client.explain import report

        return report.explain(self, frame, *arguments, **options)

    def explain_row(self, frame: H2OFrame, row_index: int, *arguments: Any, **options: Any) -> Any:
        """Everything that tells how the models predict one row."""
        from artesian.client.explain import report

        return report.explain_row(self, frame, row_index, *arguments, **options)

    def varimp(self, *arguments: Any, **options: Any) -> Any:
        """Importances of columns in each model: a table of columns by models."""
        from artesian.client.explain import heatmaps

        return heatmaps.varimp(self, *arguments, **options)

    def varimp_heatmap(self, *arguments: Any, **options: Any) -> Any:
        """Draws the importances of columns in each model as colours."""
        from artesian.client.explain import heatmaps

        return heatmaps.varimp_heatmap(self, *arguments, **options)

    def model_correlation(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """How alike the predictions of the models are: a table of models by models."""
        from artesian.client.explain import heatmaps

        return heatmaps.model_correlation(self, frame, *arguments, **options)

    def model_correlation_heatmap(self, frame: H2OFrame, *arguments: Any, **options: Any) -> Any:
        """Draws how alike the predictions of the models are as colours."""
        from artesian.client.explain import heatmaps

        return heatmaps.model_correlation_heatmap(self, frame, *arguments, **options)

    def pd_multi_plot(self, frame: H2OFrame, column: str, *arguments: Any, **options: Any) -> Any:
        """Draws partial dependence of several models on a column."""
        from artesian.client.explain import partial

        return partial.pd_multi_plot(self, frame, column, *arguments, **options)

    def pareto_front(
        self,
        test_frame: H2OFrame | None = None,
        x_metric: str | None = None,
        y_metric: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """The models that no other one beats in both of two columns of the leaderboard, and a picture of them.

        `x_metric` is 'predict_time_per_row_ms' by default, `y_metric` what the leaderboard is sorted by. With a
        `test_frame` the models are measured on it. The other arguments are those of `h2o.explanation.pareto_front`.
        """
        import artesian.client as client

        if test_frame is None:
            board = self.get_leaderboard("ALL")
        else:
            board = make_leaderboard(self, test_frame, extra_columns="ALL")
        x = "predict_time_per_row_ms" if x_metric is None else x_metric
        y = board.names[1] if y_metric is None else y_metric
        upper = "top" if y.lower() in _LARGER_IS_BETTER else "bottom"
        right = "right" if x.lower() in _LARGER_IS_BETTER else "left"
        kwargs.setdefault("title", f"Pareto front of {self._project()}")
        return client.lookup("pareto_front")(frame=board, x_metric=x, y_metric=y, optimum=f"{upper} {right}", **kwargs)


__all__ = ["AutoMLRun", "State"]
