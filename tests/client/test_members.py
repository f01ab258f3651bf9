"""Every public member of the official client's H2OFrame, and every function of its module, has its counterpart here.

`official_members.json` was recorded from h2o 3.46.0.12 by introspection: the members of H2OFrame with the names of their
parameters, its operators, and the functions of the package.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recording import Recorder

import artesian as h2o
from artesian import client
from artesian.client.exceptions import H2OTypeError, H2OValueError, NotAvailable
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame import H2OFrame
from artesian.client.frame.base import FrameBase

OFFICIAL = json.loads((Path(__file__).parent / "official_members.json").read_text(encoding="utf-8"))
PYTHON_2 = {"__div__", "__rdiv__", "__nonzero__", "__unicode__"}
"""Operators that only Python 2 calls."""
OPEN_KEYWORDS = {
    "init": {
        "max_log_file_size", "enable_assertions", "min_mem_size", "extra_classpath", "jvm_custom_args",
    },
}  # fmt: skip
"""Parameters that are taken as further keywords: settings of a JVM, which are refused by name."""


def parameters(function: Callable[..., Any]) -> list[str]:
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    found = inspect.signature(function).parameters.values()
    return [one.name for one in found if one.kind not in kinds and one.name != "self"]


def assert_same_call_shape(name: str, function: Callable[..., Any], official: list[str]) -> None:
    """Official parameters come first and in their order, so that they can be given by position."""
    wanted = [parameter for parameter in official if parameter not in OPEN_KEYWORDS.get(name, ())]
    own = [parameter for parameter in parameters(function) if parameter in wanted]
    assert own == wanted, f"{name}: {own} instead of {wanted}"


def test_the_recorded_list_is_whole() -> None:
    assert len(OFFICIAL["H2OFrame"]) == 184
    assert len(OFFICIAL["functions"]) > 60


@pytest.mark.parametrize("name", OFFICIAL["H2OFrame"])
def test_each_member_of_a_frame_is_here(name: str) -> None:
    official = OFFICIAL["H2OFrame"][name]
    own = getattr(H2OFrame, name, None)
    assert own is not None, f"H2OFrame has no '{name}'"
    if official == "property":
        assert not callable(own), f"'{name}' is no property"
        return
    assert callable(own)
    assert inspect.getdoc(own), f"'{name}' has no docstring"
    assert_same_call_shape(name, own, official)


def test_each_operator_of_a_frame_is_here() -> None:
    assert not set(OFFICIAL["operators"]) - PYTHON_2 - set(dir(H2OFrame))


@pytest.mark.parametrize("name", OFFICIAL["functions"])
def test_each_function_of_the_package_is_here_or_named_as_missing(name: str) -> None:
    if name in client.NOT_HERE:
        with pytest.raises(AttributeError, match=f"'{name}' is not available in artesian yet"):
            client.lookup(name)
        return
    assert_same_call_shape(name, client.lookup(name), OFFICIAL["functions"][name])


def test_nothing_is_called_missing_that_works_on_frames() -> None:
    """What is left out concerns models, grids, plots of models, and code that would run in the server."""
    left_out = {name for name in OFFICIAL["functions"] if name in client.NOT_HERE}
    assert left_out == {
        "download_pojo", "import_mojo", "mojo_predict_csv", "mojo_predict_pandas", "print_mojo",
        "upload_mojo",
    }  # fmt: skip


# --- the members that were last to come ---


def named() -> H2OFrame:
    types = {"a": "int", "b": "real"}
    return FrameBase._wrap(ExprNode.named("fr", FrameInfo(3, 2, ["a", "b"], types)))


def test_tables_of_databases_are_asked_of_the_server(recorder: Recorder) -> None:
    recorder.replies["POST /99/ImportSQLTable"] = NotAvailable("Not available yet: import from databases.")
    with pytest.raises(NotAvailable):
        h2o.import_sql_table("jdbc:sqlite:cars.db", "cars", "", "", columns=["a", 'b"c'], fetch_mode="SINGLE")
    data = recorder.requests[-1][1]
    assert (data["table"], data["columns"], data["fetch_mode"]) == ("cars", '"a", "b""c"', "SINGLE")
    with pytest.raises(NotAvailable):
        h2o.import_sql_select("jdbc:sqlite:cars.db", "SELECT 1", "user", "secret", use_temp_table=False)
    data = recorder.requests[-1][1]
    assert (data["select_query"], data["username"], data["use_temp_table"]) == ("SELECT 1", "user", False)
    with pytest.raises(H2OValueError, match="'fetch_mode' must be one of"):
        h2o.import_sql_table("jdbc:sqlite:cars.db", "cars", "", "", fetch_mode="PARALLEL")


def test_what_needs_hive_or_xgboost_says_so(recorder: Recorder) -> None:
    recorder.replies["POST /3/SaveToHiveTable"] = NotAvailable("Not available yet: Hive.")
    recorder.replies["POST /3/ImportHiveTable"] = NotAvailable("Not available yet: Hive.")
    with pytest.raises(NotAvailable, match="Hive"):
        named().save_to_hive("jdbc:hive2://server:10000/default", "cars")
    assert recorder.requests[-1][1]["table_name"] == "cars"
    with pytest.raises(H2OValueError, match="'format' must be one of 'csv', 'parquet'"):
        named().save_to_hive("jdbc:hive2://server:10000/default", "cars", format="orc")
    with pytest.raises(NotAvailable, match="Hive"):
        h2o.import_hive_table("default", "cars")
    with pytest.raises(NotAvailable, match="XGBoost"):
        named().convert_H2OFrame_2_DMatrix(["a"], "b", None)


def test_a_csv_file_as_pandas(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,\n,b\n")
    table = H2OFrame().convert_with_polars(str(path))
    assert table["x"].tolist()[0] == 1 and table["x"].isna().tolist() == [False, True]
    assert table["y"].isna().tolist() == [True, False]


def test_memory_of_a_table_by_its_columns() -> None:
    """(32 MB + rows x bytes a row) x 4, in GB and rounded up: 1024 columns of 8 bytes, 2**20 rows: 8 GB x 4 + 0.125."""
    assert h2o.estimate_cluster_mem(1024, 2**20) == 33
    assert h2o.estimate_cluster_mem(15, 3 * 2**20, string_cols=10) == 16  # (10 x 128 + 5 x 8) x 3 x 4 / 1024 + 0.125
    assert h2o.estimate_cluster_mem(15, 3 * 2**20, cat_cols=10) == 1
    with pytest.raises(H2OValueError, match="nrows can't be a negative number"):
        h2o.estimate_cluster_mem(1, -1)
    with pytest.raises(H2OValueError, match="more specific columns"):
        h2o.estimate_cluster_mem(2, 1, cat_cols=2, num_cols=1)


def test_nothing_is_reported_to_anybody() -> None:
    assert h2o.telemetry_enabled() is False
    assert h2o.set_telemetry(False) is True
    with pytest.raises(H2OValueError, match="sends no telemetry"):
        h2o.set_telemetry(True)
    with pytest.raises(H2OTypeError):
        h2o.set_telemetry("no")


def test_nested_bindings_are_sent_as_written_when_asked_to(recorder: Recorder) -> None:
    def expression() -> str:
        outer = ExprNode("cbind", ExprNode("cbind", named(), 1), 2)
        key = outer.evaluate()
        return recorder.expressions[-1].removeprefix(f"(tmp= {key} ").removesuffix(")")

    assert h2o.is_expr_optimizations_enabled()
    assert expression() == "(cbind fr 1 2)"
    h2o.enable_expr_optimizations(False)
    try:
        assert expression() == "(cbind (cbind fr 1) 2)"
    finally:
        h2o.enable_expr_optimizations(True)


def test_a_frame_as_a_pretty_text(recorder: Recorder) -> None:
    recorder.replies["GET /3/Frames/fr/light"] = {
        "frames": [
            {
                "rows": 1,
                "total_column_count": 1,
                "columns": [{"label": "a", "type": "int", "data": [7], "string_data": None}],
            }
        ]
    }
    assert named().to_pretty_str() == named().to_str() == "  a\nint\n---\n  7\n[1 row x 1 column]"


def test_metrics_of_uplift_are_the_servers_to_refuse(recorder: Recorder) -> None:
    recorder.replies["POST /3/ModelMetrics/predictions_frame/fr/actuals_frame/fr"] = {"model_metrics": {}}
    one = FrameBase._wrap(ExprNode.named("fr", FrameInfo(3, 1, ["a"], {"a": "int"})))
    h2o.make_metrics(one, one, treatment=one, custom_auuc_thresholds=[0.1])
    data = recorder.requests[-1][1]
    assert (data["treatment_frame"], data["auuc_type"], data["custom_auuc_thresholds"]) == ("fr", "AUTO", [0.1])
