"""How parameters are written and replies read."""

from __future__ import annotations

import math

import pytest

from artesian.client import wire
from artesian.client.cluster import H2OCluster, human_bytes, human_time
from artesian.client.model.metrics import H2OBinomialModelMetrics, H2ORegressionModelMetrics
from artesian.client.two_dim_table import H2OTwoDimTable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (0.5, "0.5"),
        ([200, 200], "[200,200]"),
        ([[1, 2], [3]], "[[1,2],[3]]"),
        (['"a"', '"b"'], '["a","b"]'),
        ([("x", "y")], "[{a: x,b: y}]"),
        ({"__meta": {"schema_name": "FrameKeyV3"}, "name": "cars"}, "cars"),
        ({"p": 1}, "[{'key': \"p\", 'value': 1}]"),
    ],
)
def test_values_as_the_official_client_writes_them(value: object, text: str) -> None:
    assert wire.encode_value(value) == text


def test_absent_parameters_are_left_out() -> None:
    assert wire.encode({"a": None, "b": 1}) == {"b": "1"}
    assert wire.encode(None) == {}


def test_texts_are_quoted_once() -> None:
    assert wire.quoted("a b") == '"a b"'
    assert wire.quoted('"a b"') == '"a b"'


def test_json_with_bare_nan_is_read() -> None:
    assert math.isnan(wire.loads(b'{"a": NaN}')["a"])


def table_reply() -> dict[str, object]:
    return {
        "__meta": {"schema_name": "TwoDimTableV3"},
        "name": "History",
        "description": "of one",
        "columns": [
            {"name": "", "type": "string", "format": "%s"},
            {"name": "epochs", "type": "double", "format": "%.3f"},
            {"name": "samples", "type": "long", "format": "%d"},
            {"name": "speed", "type": "string", "format": "%s"},
        ],
        "data": [["", ""], ["0.0", 1.5], [0.0, "90"], [None, "45000 obs/sec"]],
        "rowcount": 2,
    }


def test_tables_in_replies_become_tables_with_numbers() -> None:
    reply = wire.decode({"output": {"scoring_history": table_reply()}, "list": [table_reply()]})
    table = reply["output"]["scoring_history"]
    assert isinstance(table, H2OTwoDimTable)
    assert isinstance(reply["list"][0], H2OTwoDimTable)
    assert table["epochs"] == [0.0, 1.5]
    assert table["samples"] == [0, 90]
    assert table["speed"] == ["", "45000 obs/sec"]
    assert table.cell_values[1] == ("", 1.5, 90, "45000 obs/sec")


def test_metrics_become_objects_of_their_category_but_lists_of_them_do_not() -> None:
    metrics = {"__meta": {"schema_name": "ModelMetricsRegressionV3"}, "MSE": 4.0, "r2": "NaN"}
    reply = wire.decode({"__meta": {"schema_name": "ModelMetricsListSchemaV3"}, "model_metrics": [metrics]})
    assert isinstance(reply, dict)
    found = reply["model_metrics"][0]
    assert isinstance(found, H2ORegressionModelMetrics)
    assert found.mse() == 4.0
    assert math.isnan(found.r2())
    binomial = wire.decode({"__meta": {"schema_name": "ModelMetricsBinomialV3"}, "AUC": 0.75})
    assert isinstance(binomial, H2OBinomialModelMetrics)
    assert binomial.auc() == 0.75


def test_clusters_tell_what_the_server_told() -> None:
    cluster = wire.decode(
        {"__meta": {"schema_name": "CloudV3"}, "cloud_name": "x", "version": "3.46.0.12", "nodes": []}
    )
    assert isinstance(cluster, H2OCluster)
    assert cluster.cloud_name == "x"
    with pytest.raises(AttributeError, match="Unknown attribute `foo`"):
        cluster.foo


def test_sizes_and_times_for_people() -> None:
    assert human_bytes(512) == "512 bytes"
    assert human_bytes(3 * 2**30 + 2**29) == "3.5 GB"
    assert human_time(42) == "42 ms"
    assert human_time(61_000) == "1 min 1 sec"
    assert human_time(2 * 86_400_000 + 3 * 3_600_000) == "2 days 3 hours"
