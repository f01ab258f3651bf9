"""ModelBase: a trained model in the server: its parameters, metrics, tables and predictions, whatever it predicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import check_choice, check_type
from artesian.client.connection import path_part
from artesian.client.display import Rendered, Shown, display
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.explain.members import Explained
from artesian.client.frame.frame import H2OFrame
from artesian.client.job import H2OJob
from artesian.client.model import metrics as metrics_module
from artesian.client.model.trees import TreeVerbs
from artesian.client.two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    from artesian.client.model.metrics import MetricsBase

_KEYED_PARAMETERS = {
    "model_id": "name", "training_frame": "name", "validation_frame": "name", "response_column": "column_name"
}  # fmt: skip
_PARTS = {"train": "training_metrics", "valid": "validation_metrics", "xval": "cross_validation_metrics"}
_DATA = {"train": "train", "valid": "validation", "xval": "cross-validation"}
_AUC_TYPES = ("auto", "none", "macro_ovr", "weighted_ovr", "macro_ovo", "weighted_ovo")


def by_part(name: str, text: str) -> Callable[..., Any]:
    """An accessor that asks the metrics of the training, validation or cross-validation data; several give a dict."""

    def accessor(self: ModelBase, train: bool = False, valid: bool = False, xval: bool = False) -> Any:
        return self._of_parts(train, valid, xval, lambda metrics: getattr(metrics, name)())

    accessor.__name__ = name
    accessor.__doc__ = f"{text} On the training data, or on what is asked for; a dict when several are."
    return accessor


class ModelBase(Explained, TreeVerbs, Shown):
    """A model in the server, trained or to be trained."""

    algo = ""

    def __init__(self) -> None:
        self._id: str | None = None
        self._model_json: dict[str, Any] | None = None
        self._parms: dict[str, Any] = {}
        self.parms: dict[str, Any] = {}
        self._estimator_type: str | None = None

    # --- identity and parameters ------------------------------------------------------------------------------------

    @property
    def model_id(self) -> str:
        """The model's name in the server."""
        return self._id  # type: ignore[return-value]

    @model_id.setter
    def model_id(self, newid: str) -> None:
        old, self._id = self._id, newid
        self._parms["model_id"] = newid
        if self._model_json is not None:
            session.rapids(f'(rename "{old}" "{newid}")')

    @property
    def key(self) -> str | None:
        """The model's name in the server, or None for a removed one."""
        return self._id

    def detach(self) -> None:
        """Forgets the model here without removing it there."""
        self._id = None

    @property
    def type(self) -> str | None:
        """'classifier', 'regressor' or 'unsupervised', once training began."""
        return self._estimator_type

    @property
    def _reply(self) -> dict[str, Any]:
        if self._model_json is None:
            raise H2OValueError("This model is not trained yet: call train() first.")
        return self._model_json

    @property
    def _output(self) -> dict[str, Any]:
        return self._reply["output"]  # type: ignore[no-any-return]

    @property
    def params(self) -> dict[str, dict[str, Any]]:
        """For each parameter its default, actual and input value."""
        names = {"default": "default_value", "actual": "actual_value", "input": "input_value"}
        return {name: {short: p[long] for short, long in names.items()} for name, p in self.full_parameters.items()}

    @property
    def default_params(self) -> dict[str, Any]:
        """Default values by parameter."""
        return {name: parameter["default_value"] for name, parameter in self.full_parameters.items()}

    @property
    def actual_params(self) -> dict[str, Any]:
        """Values by parameter as training used them; frames, models and columns by name."""
        values: dict[str, Any] = {}
        for name, parameter in self.full_parameters.items():
            value = parameter["actual_value"]
            field = _KEYED_PARAMETERS.get(name)
            values[name] = value if field is None or not isinstance(value, dict) else value.get(field)
        return values

    @property
    def full_parameters(self) -> dict[str, dict[str, Any]]:
        """All that the server tells of each parameter."""
        return {parameter["name"]: parameter for parameter in self._reply["parameters"]}

    @property
    def have_pojo(self) -> bool:
        """Whether the model can be exported as Java source."""
        return bool(self._reply.get("have_pojo"))

    @property
    def have_mojo(self) -> bool:
        """Whether the model can be exported as a MOJO."""
        return bool(self._reply.get("have_mojo"))

    @property
    def start_time(self) -> int:
        """When training began, in milliseconds since 1970 UTC."""
        return self._output["start_time"]  # type: ignore[no-any-return]

    @property
    def end_time(self) -> int:
        """When training ended, in milliseconds since 1970 UTC."""
        return self._output["end_time"]  # type: ignore[no-any-return]

    @property
    def run_time(self) -> int:
        """How long training took, in milliseconds."""
        return self._output["run_time"]  # type: ignore[no-any-return]

    # --- predictions ------------------------------------------------------------------------------------------------

    def predict(self, test_data: H2OFrame, custom_metric: Any = None, custom_metric_func: str | None = None) -> Any:
        """A frame of predictions, a row for each row of `test_data`: `predict` and, of classes, their probabilities."""
        if custom_metric is not None:
            from artesian.client.custom_functions import upload_custom_metric

            custom_metric_func = upload_custom_metric(custom_metric)
        return self._predicted(test_data, "prediction", custom_metric_func=custom_metric_func)

    def _predicted(self, test_data: Any, what: str, **options: Any) -> H2OFrame:
        """The frame that a prediction job makes."""
        check_type("test_data", test_data, H2OFrame)
        path = f"models/{path_part(self.model_id)}/frames/{path_part(test_data.frame_id)}"
        reply = session.api(f"POST /4/Predictions/{path}", data=options)
        return _frame(H2OJob(reply, f"{self._reply['algo']} {what}").poll().dest_key)

    def deepfeatures(self, test_data: H2OFrame, layer: int | str) -> H2OFrame:
        """The activations of a hidden layer, given by number from 0 or by name: a column a neuron."""
        name = "deep_features_hidden_layer" if str(layer).isdigit() else "deep_features_hidden_layer_name"
        return self._predicted(test_data, "deep features", **{name: layer})

    def model_performance(
        self, test_data: H2OFrame | None = None, train: bool = False, valid: bool = False, xval: bool = False,
        auc_type: str | None = "none",
    ) -> Any:  # fmt: skip
        """The metrics on a frame; without one, those of the training (or validation, cross-validation) data.

        `auc_type` asks for the AUC of several classes: macro_ovr, weighted_ovr, macro_ovo or weighted_ovo. None, with a
        printed sentence, when the frame lacks the response.
        """
        if test_data is None:
            part = "valid" if valid and not train else "xval" if xval and not train else "train"
            return self._output.get(_PARTS[part])
        check_type("test_data", test_data, H2OFrame)
        check_choice("auc_type", auc_type, (None, *_AUC_TYPES))
        response = self._reply.get("response_column_name")
        if response is not None and response not in test_data.names:
            print(f"There are no metrics: the frame has no column {response!r}, which the model predicts.")
            return None
        path = f"models/{path_part(self.model_id)}/frames/{path_part(test_data.frame_id)}"
        replies = session.api(f"POST /3/ModelMetrics/{path}", data={"auc_type": auc_type})["model_metrics"]
        wanted = [m for m in replies if (m["frame"] or {}).get("name") == test_data.frame_id] or replies
        return wanted[0].labelled("test", self._reply["algo"])

    # --- metrics ----------------------------------------------------------------------------------------------------

    def _of_parts(self, train: bool, valid: bool, xval: bool, ask: Callable[[MetricsBase], Any]) -> Any:
        chosen = [part for part, wanted in (("train", train), ("valid", valid), ("xval", xval)) if wanted] or ["train"]
        found = {part: self._output.get(_PARTS[part]) for part in chosen}
        answers = {part: None if metrics is None else ask(metrics) for part, metrics in found.items()}
        return answers if len(answers) > 1 else answers[chosen[0]]

    mse = by_part("mse", "Mean squared error.")
    rmse = by_part("rmse", "Root of the mean squared error.")
    mae = by_part("mae", "Mean absolute error.")
    rmsle = by_part("rmsle", "Root of the mean squared difference of logarithms.")
    r2 = by_part("r2", "Share of the response's variance that is explained.")
    mean_residual_deviance = by_part("mean_residual_deviance", "Mean deviance of the residuals.")
    logloss = by_part("logloss", "Mean negative logarithm of the probability of the true class.")
    auc = by_part("auc", "Area under the receiver operating characteristic.")
    aucpr = by_part("aucpr", "Area under the precision-recall curve.")
    pr_auc = by_part("aucpr", "Area under the precision-recall curve.")
    gini = by_part("gini", "2 AUC - 1.")
    giniCoef = by_part("gini", "2 AUC - 1.")  # noqa: N815
    aic = by_part("aic", "Akaike's information criterion.")
    loglikelihood = by_part("loglikelihood", "Logarithm of the likelihood.")
    residual_deviance = by_part("residual_deviance", "Deviance of the residuals.")
    null_deviance = by_part("null_deviance", "Deviance of the mean.")
    residual_degrees_of_freedom = by_part("residual_degrees_of_freedom", "Degrees of freedom of the residuals.")
    null_degrees_of_freedom = by_part("null_degrees_of_freedom", "Degrees of freedom of the mean.")

    def training_model_metrics(self) -> dict[str, Any]:
        """The training metrics as the server sent them."""
        return self._output["training_metrics"]._metric_json  # type: ignore[no-any-return]

    def default_threshold(self) -> float:
        """The probability from which on the second of two classes is predicted."""
        return self._output["default_threshold"]  # type: ignore[no-any-return]

    # --- tables -----------------------------------------------------------------------------------------------------

    def scoring_history(self, as_data_frame: bool = True) -> Any:
        """The course of training, as a pandas data frame or as a table."""
        return self._table("scoring_history", as_data_frame, "scoring history")

    score_history = scoring_history

    def cross_validation_metrics_summary(self) -> H2OTwoDimTable | None:
        """Mean, deviation and value in each fold of all metrics."""
        return self._table("cross_validation_metrics_summary", False, "summary of cross-validation")  # type: ignore[no-any-return]

    def _table(self, name: str, as_data_frame: bool, what: str) -> Any:
        table = self._output.get(name)
        if table is None:
            print(f"This model has no {what}.")
            return None
        return table.as_data_frame() if as_data_frame else table

    def varimp(self, use_pandas: bool = False) -> Any:
        """Variable importances, greatest first: rows of variable, relative, scaled importance and percentage."""
        table = self._output.get("variable_importances")
        if table is None:
            print("This model has no variable importances.")
            return None
        return table.as_data_frame() if use_pandas else table.cell_values

    def get_summary(self) -> H2OTwoDimTable | str:
        """The model in short."""
        return self._output.get("model_summary") or "This model has no summary."

    def summary(self) -> H2OTwoDimTable | str:
        """The model in short."""
        return self.get_summary()

    def show_summary(self) -> None:
        """Prints the model in short."""
        display(self.get_summary())

    # --- plots ------------------------------------------------------------------------------------------------------

    def varimp_plot(
        self, num_of_features: int | None = None, server: bool = False, save_plot_path: str | None = None
    ) -> Any:
        """Draws the importances of the first `num_of_features` variables (default: ten)."""
        from artesian.client import plots

        check_type("num_of_features", num_of_features, None, int)
        rows = self.varimp()
        if rows is None:
            raise H2OValueError("This model has no variable importances to draw.")
        return plots.variable_importances(rows, self._reply["algo_full_name"], num_of_features, server, save_plot_path)

    def plot(
        self, timestep: str = "AUTO", metric: str = "AUTO", server: bool = False, save_plot_path: str | None = None
    ) -> Any:
        """Draws a metric over the course of training ('epochs', 'samples', 'duration'), with that of validation."""
        from artesian.client import plots

        table = self._history_to_draw()
        if table is None:
            raise H2OValueError("This model has no scoring history to draw.")
        return plots.scoring_history(table, timestep, metric, self._history_metrics(), server, save_plot_path)

    scoring_history_plot = plot

    def learning_curve_plot(
        self,
        metric: str = "AUTO",
        cv_ribbon: bool | None = None,
        cv_lines: bool | None = None,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = None,
        save_plot_path: str | None = None,
    ) -> Any:
        """Draws the course of training and validation, and that of the folds: as lines, or as a ribbon around their mean."""
        from artesian.client import plots

        return plots.learning_curve(self, metric, cv_ribbon, cv_lines, figsize, colormap, save_plot_path)

    def _history_to_draw(self) -> H2OTwoDimTable | None:
        """The course of training that led to this model."""
        table: H2OTwoDimTable | None = self._output.get("scoring_history")
        return table

    def _history_metrics(self) -> tuple[str, ...]:
        """The metrics of a scoring history that can be drawn, the usual one first."""
        return ("rmse",)

    # --- cross-validation -------------------------------------------------------------------------------------------

    def is_cross_validated(self) -> bool:
        """Whether there are models of folds."""
        return self._output.get("cross_validation_metrics") is not None

    def xval_keys(self) -> list[str]:
        """The names of the models of the folds."""
        return [key["name"] for key in self._output.get("cross_validation_models") or []]

    def get_xval_models(self, key: str | None = None) -> Any:
        """The models of the folds, or one of them by name."""
        from artesian.client.objects import get_model

        return get_model(key) if key is not None else [get_model(name) for name in self.xval_keys()]

    @property
    def xvals(self) -> Any:
        """The models of the folds."""
        return self.get_xval_models()

    def cross_validation_models(self) -> list[ModelBase] | None:
        """The models of the folds, or None."""
        return self.get_xval_models() if self._output.get("cross_validation_models") else None

    def cross_validation_predictions(self) -> list[H2OFrame] | None:
        """A frame of predictions a fold, 0 outside of it; None when they were not kept."""
        keys = self._output.get("cross_validation_predictions")
        return None if keys is None else [_frame(key["name"]) for key in keys]

    def cross_validation_holdout_predictions(self) -> H2OFrame | None:
        """A frame of each row's prediction by the model that did not see it; None when they were not kept."""
        key = self._output.get("cross_validation_holdout_predictions_frame_id")
        return None if key is None else _frame(key["name"])

    def cross_validation_fold_assignment(self) -> H2OFrame | None:
        """A frame of fold numbers; None when they were not kept."""
        key = self._output.get("cross_validation_fold_assignment_frame_id")
        return None if key is None else _frame(key["name"])

    # --- coefficients -----------------------------------------------------------------------------------------------

    def coef_with_p_values(self) -> H2OTwoDimTable:
        """The table of coefficients with p values, of linear models."""
        raise ValueError(f"A model of {self.algo} has none: p-values, z-values and std_error are only found in GLM.")

    # --- networks ---------------------------------------------------------------------------------------------------

    def weights(self, matrix_id: int = 0) -> H2OFrame:
        """The weights into a layer, by number from 0: a row a neuron. Needs `export_weights_and_biases`."""
        return self._layer("weights", matrix_id)

    def biases(self, vector_id: int = 0) -> H2OFrame:
        """The biases of a layer, by number from 0. Needs `export_weights_and_biases`."""
        return self._layer("biases", vector_id)

    def _layer(self, name: str, number: int) -> H2OFrame:
        keys = self._output.get(name)
        if not keys:
            raise H2OValueError(f"This model keeps no {name}: train it with export_weights_and_biases=True.")
        if number not in range(len(keys)):
            raise H2OValueError(f"The {name} are numbered from 0 to {len(keys) - 1}. Got {number}.")
        return _frame(keys[number]["name"])

    def normmul(self) -> list[float]:
        """Factors by which numeric inputs are scaled."""
        return self._output["normmul"]  # type: ignore[no-any-return]

    def normsub(self) -> list[float]:
        """Numbers that are taken from numeric inputs before they are scaled."""
        return self._output["normsub"]  # type: ignore[no-any-return]

    def respmul(self) -> list[float] | None:
        """Factor by which a numeric response is scaled."""
        return self._output["normrespmul"]  # type: ignore[no-any-return]

    def respsub(self) -> list[float] | None:
        """Number that is taken from a numeric response before it is scaled."""
        return self._output["normrespsub"]  # type: ignore[no-any-return]

    def catoffsets(self) -> list[int]:
        """Where each categorical input begins among the network's inputs."""
        return self._output["catoffsets"]  # type: ignore[no-any-return]

    # --- files ------------------------------------------------------------------------------------------------------

    def download_model(self, path: str = "", filename: str | None = None) -> str:
        """Brings the model to this machine as a file; its path."""
        from artesian.client.objects import download_model

        return download_model(self, path, filename=filename)

    def save_model_details(self, path: str = "", force: bool = False, filename: str | None = None) -> str:
        """Writes all that the server tells of the model as JSON, on the server's machine; the path."""
        data = {"dir": str(Path(path or Path.cwd()) / (filename or f"{self.model_id}.json")), "force": force}
        return str(session.api(f"GET /99/Models/{path_part(self.model_id)}/json", data=data)["dir"])

    # --- showing ----------------------------------------------------------------------------------------------------

    def _at(self, verbosity: str | None) -> Rendered:
        return self._rendered(verbosity or "full")

    def _rendered(self, verbosity: str = "full") -> Rendered:
        if self._model_json is None:
            return Rendered.joined([f"{type_name(self)}: not trained yet"])
        if self._id is None:
            return Rendered.joined([f"{type_name(self)}: removed"])
        heading = f"{type_name(self)}: {self._reply['algo_full_name']}\nModel Key: {self._id}"
        if verbosity != "full":
            summary = self._output.get("model_summary") if verbosity == "medium" else None
            return Rendered.joined([heading, *([] if summary is None else [summary])])
        heading = f"Model Details\n=============\n{heading}"
        names = (
            "model_summary", *_PARTS.values(), "cross_validation_metrics_summary", "scoring_history", "variable_importances",
        )  # fmt: skip
        return Rendered.joined([heading, *(part for name in names if (part := self._output.get(name)) is not None)])

    def to_text(self) -> str:
        """The model with summary, metrics, scoring history and variable importances as text."""
        return self._rendered().to_text()

    def to_html(self) -> str:
        """The same as HTML."""
        return self._rendered().to_html()

    # --- from the server --------------------------------------------------------------------------------------------

    def _take_reply(self, model_id: str, reply: dict[str, Any]) -> None:
        """Becomes the model that the server describes."""
        self._id, self._model_json = model_id, reply
        for part, name in _PARTS.items():
            found = reply["output"].get(name)
            if found is not None:
                found = found if isinstance(found, metrics_module.MetricsBase) else metrics_module.make_metrics(found)
                reply["output"][name] = found.labelled(_DATA[part], reply["algo"])
        self.parms = self.full_parameters


def type_name(model: ModelBase) -> str:
    """The name of a model's class."""
    return model.__class__.__name__


def _frame(key: str) -> H2OFrame:
    frame = H2OFrame.get_frame(key)
    if frame is None:
        raise H2OTypeError(f"The frame {key!r} is no longer in the server.")
    return frame
