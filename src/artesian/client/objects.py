"""Verbs on what the server holds: frames and models by name, their removal, files written by it, its log."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import urllib3

from artesian.client import session
from artesian.client.checks import check_choice, check_frame_id, check_separator, check_type
from artesian.client.connection import path_part, suggested_name
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.expr import AstName, ExprNode, new_temporary
from artesian.client.frame.base import FrameBase
from artesian.client.frame.frame import H2OFrame
from artesian.client.job import H2OJob
from artesian.client.wire import quoted
from artesian.core.errors import did_you_mean
from artesian.datasets import FOLDER

if TYPE_CHECKING:
    from artesian.client.estimators.base import H2OEstimator
    from artesian.client.model.base import ModelBase

_AUC_TYPES = ("AUTO", "NONE", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO")

# --- frames -----------------------------------------------------------------------------------------------------------


def get_frame(frame_id: str, **options: Any) -> H2OFrame | None:
    """The frame of that name, or None when there is none."""
    return H2OFrame.get_frame(frame_id, **options)


def frame(frame_id: str) -> Any:
    """The server's description of a frame, as it came."""
    check_type("frame_id", frame_id, str)
    return session.api(f"GET /3/Frames/{path_part(frame_id)}")


def frames() -> Any:
    """The server's list of frames, as it came."""
    return session.api("GET /3/Frames")


def ls() -> Any:
    """The names of all objects in the server, as a table of one column `key`."""
    return FrameBase._wrap(ExprNode("ls")).as_data_frame()


def assign(data: H2OFrame, xid: str) -> H2OFrame:
    """Keeps a frame in the server under a name; the frame itself refers to it from now on."""
    check_type("data", data, H2OFrame)
    check_type("xid", xid, str)
    check_frame_id(xid)
    if xid == data.frame_id:
        raise H2OValueError(f"The frame is named {xid!r} already.", "xid")
    ExprNode("assign", AstName(xid), data).evaluate_reply()
    info = data._info
    data._ex = ExprNode.named(xid, info)
    return data


def deep_copy(data: H2OFrame, xid: str) -> H2OFrame:
    """A copy of a frame under a name; the two have no data in common."""
    check_type("data", data, H2OFrame)
    return assign(data.apply(lambda column: column), xid)


def interaction(
    data: H2OFrame,
    factors: Sequence[str | int],
    pairwise: bool,
    max_factors: int,
    min_occurrence: int,
    destination_frame: str | None = None,
) -> H2OFrame:
    """Categorical columns that combine the levels of others: of all of them, or of each pair with `pairwise`."""
    check_type("data", data, H2OFrame)
    check_frame_id(destination_frame)
    names = data.names
    parameters = {
        "dest": destination_frame or new_temporary(session.current()),
        "source_frame": data.frame_id,
        "factor_columns": [quoted(names[position]) for position in data._positions(factors)],
        "pairwise": pairwise,
        "max_factors": max_factors,
        "min_occurrence": min_occurrence,
    }
    return made_by(session.offered("interaction()", "POST /3/Interaction", parameters), "Interactions")


def made_by(reply: dict[str, Any], what: str) -> H2OFrame:
    """The frame that a job makes, once it is done."""
    made = get_frame(H2OJob(reply, what).poll().dest_key)
    if made is None:
        raise H2OValueError("The frame was removed before it could be used.")
    return made


def as_list(data: H2OFrame, use_pandas: bool = True, header: bool = True) -> Any:
    """All of a frame in Python, as pandas or as a list of rows."""
    check_type("data", data, H2OFrame)
    return data.as_data_frame(use_pandas=use_pandas, header=header)


def load_dataset(relative_path: str) -> H2OFrame:
    """A frame of a data set that comes with this package, such as 'cars_20mpg'.

    Those of H2O's own package ('iris', 'prostate') are found where that is installed beside this one.
    """
    from artesian.client.importing import upload_file

    check_type("relative_path", relative_path, str)
    known = {path.stem: path for path in [*_data_of_h2o(), *FOLDER.glob("*.csv")]}
    name = Path(relative_path).name.removesuffix(".csv")
    if name not in known:
        raise _no_data_set(name, sorted(known))
    return upload_file(known[name])


def _no_data_set(name: str, known: Sequence[str]) -> H2OValueError:
    """The error for a data set that is not there."""
    near = did_you_mean(name, known) or f" There are {', '.join(map(repr, known))}."
    return H2OValueError(f"No data set is called {name!r}.{near}", "relative_path")


def _data_of_h2o() -> list[Path]:
    try:
        files = importlib.metadata.files("h2o") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    paths = (Path(str(file.locate())) for file in files if file.suffix == ".csv" and file.parent.name == "h2o_data")
    return [path for path in paths if path.is_file()]


# --- models -----------------------------------------------------------------------------------------------------------


def models() -> list[str]:
    """The names of the models in the server."""
    return [model["model_id"]["name"] for model in session.api("GET /3/Models")["models"]]


def get_model(model_id: str) -> H2OEstimator:
    """The model of that name, as the estimator that trained it; H2OResponseError when there is none."""
    from artesian.client.estimators import create_estimator

    check_type("model_id", model_id, str)
    reply = session.api(f"GET /3/Models/{path_part(model_id)}")["models"][0]
    algorithm = reply["algo"]
    if algorithm == "deeplearning" and reply["output"]["model_category"] == "AutoEncoder":
        algorithm = "autoencoder"
    model = create_estimator(algorithm)
    model._resolve_model(model_id, reply)
    return model


def make_metrics(
    predicted: H2OFrame,
    actual: H2OFrame,
    domain: Sequence[str] | None = None,
    distribution: str | None = None,
    weights: H2OFrame | None = None,
    treatment: H2OFrame | None = None,
    auc_type: str = "NONE",
    auuc_type: str = "AUTO",
    auuc_nbins: int = -1,
    custom_auuc_thresholds: Sequence[float] | None = None,
) -> Any:
    """Metrics of predictions (probabilities of the classes, or values) against what is true.

    `domain` are the classes (default: the levels of `actual`), `weights` one column of observation weights.
    `treatment` and what begins with `auuc` are for predictions of uplift models; servers without such models refuse them.
    """
    for name, value in (("predicted", predicted), ("actual", actual)):
        check_type(name, value, H2OFrame)
    check_choice("auc_type", auc_type.upper(), _AUC_TYPES)
    column = actual._require_single("The argument 'actual'")
    if domain is None and actual.types[column] == "enum":
        domain = (actual.levels() or [[]])[0]
    data: dict[str, Any] = {
        "domain": None if domain is None else [quoted(level) for level in domain],
        "distribution": distribution,
        "weights_frame": None if weights is None else weights.frame_id,
        "auc_type": auc_type,
    }
    if treatment is not None or custom_auuc_thresholds is not None:
        check_type("treatment", treatment, H2OFrame)
        data |= {
            "treatment_frame": treatment.frame_id if treatment is not None else None,
            "auuc_type": auuc_type,
            "auuc_nbins": auuc_nbins,
            "custom_auuc_thresholds": custom_auuc_thresholds,
        }
    path = f"predictions_frame/{path_part(predicted.frame_id)}/actuals_frame/{path_part(actual.frame_id)}"
    return session.api(f"POST /3/ModelMetrics/{path}", data=data)["model_metrics"]


def save_model(
    model: ModelBase,
    path: str = "",
    force: bool = False,
    export_cross_validation_predictions: bool = False,
    filename: str | None = None,
) -> str:
    """Writes a model into a folder of the server's machine; the path of what was written."""
    data = {
        "dir": str(Path(path or Path.cwd()) / (filename or model.model_id)),
        "force": force,
        "export_cross_validation_predictions": export_cross_validation_predictions,
    }
    return str(session.api(f"GET /99/Models.bin/{path_part(model.model_id)}", data=data)["dir"])


def load_model(path: str) -> H2OEstimator:
    """The model that `save_model` wrote on the server's machine."""
    check_type("path", path, str)
    reply = session.api("POST /99/Models.bin/", data={"dir": path})
    return get_model(reply["models"][0]["model_id"]["name"])


def download_model(
    model: ModelBase, path: str = "", export_cross_validation_predictions: bool = False, filename: str | None = None
) -> str:
    """Brings a model to this machine as a file; its path."""
    data = {"export_cross_validation_predictions": export_cross_validation_predictions}
    target = Path(path or Path.cwd()) / (filename or model.model_id)
    return str(session.api(f"GET /3/Models.fetch.bin/{path_part(model.model_id)}", data=data, save_to=target))


def upload_model(path: str) -> H2OEstimator:
    """Sends a file of `download_model` to the server; the model."""
    source = session.api("POST /3/PostFile.bin", filename=path)["destination_frame"]
    reply = session.api("POST /99/Models.upload.bin/", data={"dir": source})
    return get_model(reply["models"][0]["model_id"]["name"])


# --- removal ----------------------------------------------------------------------------------------------------------


def remove(x: Any, cascade: bool = True) -> None:
    """Removes frames and models, given as such or by name, one or a list; with a model what belongs to it."""
    for item in x if isinstance(x, (list, tuple)) else [x]:
        if isinstance(item, FrameBase):
            if item._node is not None:
                session.rapids(f"(rm {item._key()})")
                item._ex = None
            continue
        key = item if isinstance(item, str) else getattr(item, "key", None)
        if not isinstance(key, str):
            raise H2OTypeError(f"Frames, models and their names can be removed. Got a {type(item).__name__}.", "x")
        session.api(f"DELETE /3/DKV/{path_part(key)}", data={"cascade": cascade})
        if not isinstance(item, str):
            item.detach()


def remove_all(retained: Sequence[str] | None = None) -> None:
    """Removes everything, except what is named (with what belongs to it)."""
    check_type("retained", retained, None, [str])
    session.api("DELETE /3/DKV", data={"retained_keys": None if retained is None else list(retained)})


# --- files and logs ---------------------------------------------------------------------------------------------------


def download_csv(data: H2OFrame, filename: str | os.PathLike[str]) -> str:
    """Writes a frame as CSV on this machine; the path."""
    check_type("data", data, H2OFrame)
    query = {"frame_id": data.frame_id, "hex_string": False}
    return str(session.api("GET /3/DownloadDataset", data=query, save_to=os.fspath(filename)))


def export_file(
    frame: H2OFrame,
    path: str,
    force: bool = False,
    sep: str = ",",
    compression: str | None = None,
    parts: int = 1,
    header: bool = True,
    quote_header: bool = True,
    parallel: bool = False,
    format: str = "csv",
    write_checksum: bool = True,
    tz_adjust_from_local: bool = False,
) -> None:
    """Writes a frame to a file of the server's machine; `force` replaces one, `parts` -1 leaves their number to it."""
    check_type("frame", frame, H2OFrame)
    check_type("path", path, str)
    check_separator("sep", sep)
    data = {
        "path": path, "num_parts": parts, "force": force, "compression": compression, "separator": ord(sep),
        "header": header, "quote_header": quote_header, "parallel": parallel, "format": format,
        "write_checksum": write_checksum, "tz_adjust_from_local": tz_adjust_from_local,
    }  # fmt: skip
    H2OJob(session.api(f"POST /3/Frames/{path_part(frame.frame_id)}/export", data=data), "Export File").poll()


def log_and_echo(message: str = "") -> None:
    """Writes a line into the server's log."""
    check_type("message", message, str)
    session.api("POST /3/LogAndEcho", data={"message": message})


def download_all_logs(dirname: str = ".", filename: str | None = None, container: str | None = None) -> str:
    """Writes the server's logs to this machine, as a 'ZIP' or a 'LOG'; the path."""
    check_choice("container", container, (None, "ZIP", "LOG"))

    def target(response: urllib3.BaseHTTPResponse) -> str:
        return str(Path(dirname) / (filename or suggested_name(response)))

    return str(session.api(f"GET /3/Logs/download{f'/{container}' if container else ''}", save_to=target))
