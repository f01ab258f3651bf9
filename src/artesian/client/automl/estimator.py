"""H2OAutoML: trains many models on a frame and ranks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from artesian.client import session
from artesian.client.automl import settings
from artesian.client.automl.run import AutoMLRun, State
from artesian.client.automl.settings import Number, Setting
from artesian.client.exceptions import H2OError, H2OTypeError, H2OValueError
from artesian.client.job import H2OJob
from artesian.client.objects import remove

_STOPPING = "build_control.stopping_criteria"
_SHOWN_MODELS = 5


class H2OAutoML(AutoMLRun):
    """Trains models of many kinds on a frame, ensembles of them too, and ranks them.

    Either `max_models` or `max_runtime_secs` ends a run (one hour if neither is given). Its parameters are the arguments of
    `__init__`, and attributes; once a run was started, those that say how models are made stay as they are, and another
    `train` adds models to the leaderboard.
    """

    project_name = Setting("build_control.project_name", None, str, translate=settings.project)
    nfolds = Setting("build_control.nfolds", int, translate=settings.folds)
    custom_metric_func = Setting("build_control.custom_metric_func", None, str, frozen=False)
    balance_classes = Setting("build_control.balance_classes", bool)
    class_sampling_factors = Setting("build_control.class_sampling_factors", None, [Number])
    max_after_balance_size = Setting("build_control.max_after_balance_size", None, Number)
    keep_cross_validation_models = Setting("build_control.keep_cross_validation_models", bool)
    keep_cross_validation_fold_assignment = Setting("build_control.keep_cross_validation_fold_assignment", bool)
    keep_cross_validation_predictions = Setting("build_control.keep_cross_validation_predictions", bool)
    export_checkpoints_dir = Setting("build_control.export_checkpoints_dir", None, str)
    max_runtime_secs = Setting(f"{_STOPPING}.max_runtime_secs", None, Number)
    max_runtime_secs_per_model = Setting(f"{_STOPPING}.max_runtime_secs_per_model", None, Number)
    max_models = Setting(f"{_STOPPING}.max_models", None, int)
    stopping_metric = Setting(f"{_STOPPING}.stopping_metric", None, str)
    stopping_tolerance = Setting(f"{_STOPPING}.stopping_tolerance", None, Number)
    stopping_rounds = Setting(f"{_STOPPING}.stopping_rounds", None, int)
    seed = Setting(f"{_STOPPING}.seed", None, int)
    exploitation_ratio = Setting("build_models.exploitation_ratio", None, Number)
    modeling_plan = Setting("build_models.modeling_plan", None, list, translate=settings.plan)
    preprocessing = Setting("build_models.preprocessing", None, [str], translate=settings.preprocessing)
    fold_models_predict = Setting("build_models.fold_models_predict", None, bool)
    _include_algos = Setting("build_models.include_algos", None, [str])
    _exclude_algos = Setting("build_models.exclude_algos", None, [str])
    _distribution = Setting("build_control.distribution", str, dict, translate=settings.distribution)
    _parameters = Setting("build_models.algo_parameters", None, dict, translate=settings.parameters_of_algorithms)
    sort_metric = Setting("input_spec.sort_metric", None, str, frozen=False)

    def __init__(
        self,
        nfolds: int = -1,
        balance_classes: bool = False,
        class_sampling_factors: Sequence[float] | None = None,
        max_after_balance_size: float = 5.0,
        max_runtime_secs: float | None = None,
        max_runtime_secs_per_model: float | None = None,
        max_models: int | None = None,
        distribution: str | Mapping[str, Any] = "AUTO",
        stopping_metric: str = "AUTO",
        stopping_tolerance: float | None = None,
        stopping_rounds: int = 3,
        seed: int | None = None,
        project_name: str | None = None,
        exclude_algos: Sequence[str] | None = None,
        include_algos: Sequence[str] | None = None,
        exploitation_ratio: float = -1,
        modeling_plan: Sequence[Any] | None = None,
        preprocessing: Sequence[str] | None = None,
        monotone_constraints: Mapping[str, int] | None = None,
        keep_cross_validation_predictions: bool = False,
        keep_cross_validation_models: bool = False,
        keep_cross_validation_fold_assignment: bool = False,
        sort_metric: str = "AUTO",
        custom_metric_func: str | None = None,
        export_checkpoints_dir: str | None = None,
        verbosity: str | None = "warn",
        fold_models_predict: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """A run to be started by `train`.

        - `max_models`, `max_runtime_secs`: most models (ensembles not counted) and most seconds of the run;
          `max_runtime_secs_per_model` limits each model. With `max_models` and a `seed` two runs are alike.
        - `nfolds`: folds of the cross-validation, 0 for none, -1 to have it chosen by size and time.
        - `include_algos` or `exclude_algos`: of 'GLM', 'DRF', 'GBM', 'XGBoost', 'DeepLearning', 'StackedEnsemble'.
        - `modeling_plan`: the steps to take, such as `["GLM", ("GBM", "grids")]`; `exploitation_ratio` is the share of time
          for refining the best models; `preprocessing=["target_encoding"]` encodes categorical columns by the response.
        - `monotone_constraints`: 1 or -1 by column, for predictions that rise or fall with it.
        - `balance_classes`, `class_sampling_factors`, `max_after_balance_size`: sampling of unequal classes.
        - `distribution`: of the response, a name or a dict with its parameter, `dict(type="tweedie", tweedie_power=1.5)`.
        - `stopping_metric`, `stopping_rounds`, `stopping_tolerance`: when a training counts as converged.
        - `sort_metric`: what ranks the models; `custom_metric_func`: a metric of your own, as uploaded.
        - `keep_cross_validation_*`: what is kept of the folds; `export_checkpoints_dir`: a folder for all models.
        - `project_name`: runs of one project and response share a leaderboard.
        - `verbosity`: the least level of the events that are printed while it trains ('debug', 'info', 'warn', 'error';
          None for none); from 'info' on the growing leaderboard is shown too.
        - `fold_models_predict`, which H2O does not have: whether the models of the folds together are the predictor.
        """
        algo_parameters = dict(kwargs.pop("algo_parameters", None) or {})
        if kwargs:
            raise TypeError(f"H2OAutoML got an unexpected keyword argument '{next(iter(kwargs))}'")
        self._given: dict[str, Any] = {}
        self._started = False
        self._job: H2OJob | None = None
        self._build_resp: dict[str, Any] | None = None
        self.build_control: dict[str, Any] = {}
        self.build_models: dict[str, Any] = {}
        self.input_spec: dict[str, Any] = {}
        self._verbosity = settings.verbosity(verbosity)
        if monotone_constraints is not None:
            algo_parameters["monotone_constraints"] = monotone_constraints
        self._algo_parameters = algo_parameters
        given = {name: value for name, value in locals().items() if name in _PARAMETERS}
        for name, value in given.items():
            setattr(self, name, list(value) if isinstance(value, tuple) else value)

    @property
    def include_algos(self) -> list[str] | None:
        """The only algorithms to use."""
        chosen: list[str] | None = self._include_algos
        return chosen

    @include_algos.setter
    def include_algos(self, value: Sequence[str] | None) -> None:
        self._check_one_list(value, self._exclude_algos)
        self._include_algos = value

    @property
    def exclude_algos(self) -> list[str] | None:
        """The algorithms to leave out."""
        left_out: list[str] | None = self._exclude_algos
        return left_out

    @exclude_algos.setter
    def exclude_algos(self, value: Sequence[str] | None) -> None:
        self._check_one_list(value, self._include_algos)
        self._exclude_algos = value

    def _check_one_list(self, one: Any, other: Any) -> None:
        if one is not None and other is not None:
            raise settings.InvalidSetting(
                "Use either `exclude_algos` or `include_algos`, not both: the one says what is left out, the other what is left."
            )

    @property
    def distribution(self) -> Any:
        """The distribution of the response."""
        return self._distribution

    @distribution.setter
    def distribution(self, value: str | Mapping[str, Any]) -> None:
        self._distribution = value
        for name in ("tweedie_power", "quantile_alpha", "huber_alpha", "custom_distribution_func"):
            self.build_control.pop(name, None)
        self.build_control |= settings.parameters_of_distribution(value)

    @property
    def monotone_constraints(self) -> dict[str, int] | None:
        """The direction of columns: 1 up, -1 down."""
        return self._algo_parameters.get("monotone_constraints")

    @monotone_constraints.setter
    def monotone_constraints(self, value: Mapping[str, int] | None) -> None:
        kept = {name: item for name, item in self._algo_parameters.items() if name != "monotone_constraints"}
        if value is not None:
            kept["monotone_constraints"] = value
        self._algo_parameters = kept

    @property
    def _algo_parameters(self) -> dict[str, Any]:
        return dict(self._parameters or {})

    @_algo_parameters.setter
    def _algo_parameters(self, value: Mapping[str, Any]) -> None:
        self._parameters = dict(value) or None

    @property
    def key(self) -> str | None:
        """The name of the run in the server; that of the project before there is one."""
        return super().key or (self._job.dest_key if self._job is not None else self.project_name)

    @property
    def response_column(self) -> str | None:
        """The column that is predicted."""
        return self.input_spec.get("response_column")

    @response_column.setter
    def response_column(self, name: str) -> None:
        self.input_spec["response_column"] = name

    def _project(self) -> str:
        return super()._project() or str(self.project_name or "")

    # --- training ---------------------------------------------------------------------------------------------------

    def train(
        self,
        x: Any = None,
        y: int | str | None = None,
        training_frame: Any = None,
        fold_column: int | str | None = None,
        weights_column: int | str | None = None,
        validation_frame: Any = None,
        leaderboard_frame: Any = None,
        blending_frame: Any = None,
    ) -> Any:
        """Trains models that predict `y` from the columns `x` (names or numbers; default: all others); the best model.

        `leaderboard_frame` ranks the models by their metrics on it, instead of cross-validation's. `blending_frame` is what
        ensembles learn from, and `validation_frame` what stops a training, where there is no cross-validation.
        Ctrl-C ends the run and keeps the models that are there. Raises H2OResponseError when something is wrong with what is
        asked for, H2OJobFailed when the run fails, H2OJobCancelled when it was cancelled.
        """
        found = settings.roles(
            x,
            self.response_column if y is None else y,
            training_frame,
            {"fold_column": fold_column, "weights_column": weights_column},
            {
                "validation_frame": validation_frame,
                "leaderboard_frame": leaderboard_frame,
                "blending_frame": blending_frame,
            },
        )
        self.input_spec |= vars(found)
        reply = session.api("POST /99/AutoMLBuilder", json=self._request())
        if not isinstance(reply, dict) or "job" not in reply:
            raise H2OTypeError(f"The server started no AutoML run. It answered {reply!r}.")
        self._build_resp = reply
        if not self.project_name:
            self.project_name = reply["build_control"]["project_name"]
        self._started = True
        self._state = None
        self._job = H2OJob(reply["job"], "AutoML")
        watcher = _Watcher(self._verbosity)
        try:
            self._job.poll(watcher)
        finally:
            self._fetch_at_the_end(watcher)
        return self.leader

    def _request(self) -> dict[str, Any]:
        groups = {"build_control": self.build_control, "build_models": self.build_models, "input_spec": self.input_spec}
        cleaned = _without_none(groups)
        if not session.current().is_artesian:  # H2O-3 does not know what is Artesian's own
            cleaned["build_models"].pop("fold_models_predict", None)
        return dict(cleaned)

    def _fetch_at_the_end(self, watcher: _Watcher) -> None:
        """Takes what is there, of a run that failed or was cancelled too; its error is what counts."""
        assert self._job is not None
        try:
            state = State.fetch(self._job.dest_key)
        except H2OError:
            if self._job.status == "DONE":
                raise
            return
        self._took(state)
        watcher.show(self._job)

    def detach(self) -> None:
        """Forgets the run here; frames of its leaderboard and events are removed."""
        for frame in (self._leaderboard, self._event_log):
            if frame is not None and frame._node is not None:
                remove(frame)
        self._started, self._state, self._job = False, None, None
        self._leaderboard = self._event_log = None
        self._given["project_name"] = None
        self.build_control["project_name"] = None

    def __repr__(self) -> str:
        return f"<H2OAutoML {self._project() or '(not started)'}>"


_PARAMETERS = (
    "project_name", "nfolds", "distribution", "custom_metric_func", "balance_classes", "class_sampling_factors",
    "max_after_balance_size", "keep_cross_validation_models", "keep_cross_validation_fold_assignment",
    "keep_cross_validation_predictions", "export_checkpoints_dir", "max_runtime_secs", "max_runtime_secs_per_model",
    "max_models", "stopping_metric", "stopping_tolerance", "stopping_rounds", "seed", "exclude_algos", "include_algos",
    "exploitation_ratio", "modeling_plan", "preprocessing", "fold_models_predict", "sort_metric",
)  # fmt: skip


class _Watcher:
    """Prints the events of a run while it trains, each once, and from 'info' on the leaderboard when it has changed."""

    def __init__(self, verbosity: str | None) -> None:
        self._verbosity = None if verbosity is None else verbosity.lower()
        self._told = 0
        self._models: list[str] = []
        self._progress = -1.0

    def __call__(self, job: H2OJob, progress: float) -> None:
        if progress > self._progress:
            self._progress = progress
            self.show(job)

    def show(self, job: H2OJob) -> None:
        """Prints what is new."""
        if self._verbosity is None:
            return
        try:
            state = State.fetch(job.dest_key, self._verbosity)
        except H2OValueError:  # not there yet
            return
        events = state.events
        new = events[self._told :] if len(events) > self._told else None
        if new is not None:
            lines = [f"{when}: {what}" for when, what in zip(new["timestamp"], new["message"], strict=True)]
            print("\n" + "\n".join(lines))
            self._told = len(events)
        if self._verbosity in ("debug", "info") and state.models != self._models:
            self._models = state.models
            print(f"\n{len(self._models)} models, the best first:")
            state.leaderboard.head(_SHOWN_MODELS).show(header=False, rows=-1)


def _without_none(value: Any) -> Any:
    """A nested dict without the entries that are None."""
    if isinstance(value, dict):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    return value
