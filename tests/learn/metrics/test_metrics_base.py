from __future__ import annotations

import math

import numpy as np
import pytest

from artesian.core.errors import InvalidArgument
from artesian.learn.metrics import ConfusionMatrix, Metrics, autoencoder_metrics, metrics_from_dict


def test_autoencoder_mse_is_the_mean_over_rows():
    # H2O: res.vecs()[0].mean() of the per-row errors (DeepLearningModel.scoreAutoEncoder)
    ours = autoencoder_metrics(np.array([0.1, 0.3, math.nan, 0.5]))
    assert (ours.nobs, ours.mse) == (3, pytest.approx(0.3))
    assert ours.rmse == pytest.approx(math.sqrt(0.3))
    assert autoencoder_metrics([0.1, 0.3], [3.0, 1.0]).mse == pytest.approx(0.15)
    assert math.isnan(autoencoder_metrics([]).mse)
    assert autoencoder_metrics([1.0, math.inf]).mse == math.inf  # a model that diverged is seen


def test_context_and_custom_metric_go_to_json_and_back():
    ours = autoencoder_metrics([0.5]).about(
        model_id="m", frame_id="f", description="d", custom_metric_name="c", custom_metric_value=math.inf
    )
    again = metrics_from_dict(ours.to_dict())
    assert again == ours
    assert (again.model_id, again.frame_id, again.custom_metric_value) == ("m", "f", math.inf)
    assert ours.scoring_time > 1_600_000_000_000


def test_stored_metrics_of_another_kind_or_with_unknown_fields_are_refused():
    stored = autoencoder_metrics([0.5]).to_dict()
    with pytest.raises(InvalidArgument, match="Unknown kind of metrics 'survival'"):
        metrics_from_dict({**stored, "kind": "survival"})
    with pytest.raises(InvalidArgument, match=r"unknown fields \['colour'\]"):
        metrics_from_dict({**stored, "colour": "red"})


def test_a_metrics_class_must_have_a_kind_of_its_own():
    with pytest.raises(TypeError, match="must name its 'kind'"):
        type("Nameless", (Metrics,), {})
    with pytest.raises(TypeError, match="taken by RegressionMetrics"):
        type("Second", (Metrics,), {"kind": "regression"})


def test_confusion_matrix_table_shows_fractions_of_weights():
    matrix = ConfusionMatrix(("a", "b"), np.array([[1.5, 0.5], [0.0, 2.0]]))
    table = matrix.table()
    assert [column.type for column in table.columns] == ["double", "double", "double", "string"]
    assert table.column("Error") == (0.25, 0.0, 0.125)
    assert table.column("Rate") == ("0.5000 / 2.0000", "0.0000 / 2.0000", "0.50 / 4.00")
    assert table.columns[-1].format == "= %15s"
    assert matrix.mean_per_class_error == 0.125
    with pytest.raises(InvalidArgument, match="must be square"):
        ConfusionMatrix(("a", "b"), np.zeros((2, 3)))


def test_thousands_are_grouped_in_rates():
    table = ConfusionMatrix(("a", "b"), np.array([[9000.0, 1234.0], [0.0, 1.0]])).table()
    assert table.column("Rate")[0] == "1,234 / 10,234"
    assert table.column("a") == (9000, 0, 9000)
