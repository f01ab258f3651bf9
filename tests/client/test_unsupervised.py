"""Clusters, components, encodings and their like through the Python API, against a server."""

from __future__ import annotations

import numpy as np
import pytest

from artesian.client.exceptions import H2OResponseError, H2OTypeError, H2OValueError
from artesian.client.model import H2OClusteringModel, H2ODimReductionModel
from artesian.estimators import (
    H2OIsotonicRegressionEstimator,
    H2OKMeansEstimator,
    H2ONaiveBayesEstimator,
    H2OPrincipalComponentAnalysisEstimator,
    H2OSingularValueDecompositionEstimator,
    H2OTargetEncoderEstimator,
)
from artesian.transforms.decomposition import H2OPCA, H2OSVD

PREDICTORS = ["AGE", "PSA", "VOL", "GLEASON"]


@pytest.fixture
def prostate(client):
    return client.import_file("tests/data/prostate.csv")


def test_clusters(prostate):
    model = H2OKMeansEstimator(k=3, seed=1, nfolds=3)
    model.train(PREDICTORS, training_frame=prostate, validation_frame=prostate)
    assert isinstance(model, H2OClusteringModel)
    assert model.type == "unsupervised"
    centers, scaled = np.array(model.centers()), np.array(model.centers_std())
    assert centers.shape == (3, 4)
    assert scaled.shape == (4, 3)
    assert sum(model.size()) == prostate.nrow
    assert sum(model.withinss()) == pytest.approx(model.tot_withinss())
    assert model.betweenss() == pytest.approx(model.totss() - model.tot_withinss())
    assert model.size(train=True, valid=True) == {"train": model.size(), "valid": model.size()}
    assert model.tot_withinss(xval=True) > 0
    assert model.centroid_stats()["centroid"] == [1, 2, 3]
    assert model.num_iterations() == len(model.scoring_history(as_data_frame=False)) - 1
    performance = model.model_performance(prostate)
    assert performance.tot_withinss() == pytest.approx(model.tot_withinss())
    assert "Between Cluster Sum of Squares" in performance.to_text()
    labels = np.array(model.predict(prostate).as_data_frame(use_pandas=False)[1:], dtype=int)[:, 0]
    assert np.bincount(labels).tolist() == model.size()


def test_components(prostate, tmp_path):
    model = H2OPrincipalComponentAnalysisEstimator(k=2, transform="standardize")
    model.train(PREDICTORS, training_frame=prostate)
    assert isinstance(model, H2ODimReductionModel)
    rows = model.varimp()
    assert rows[2][2] == pytest.approx(rows[1][1] + rows[1][2])
    assert list(model.varimp(use_pandas=True).columns)[1:] == ["pc1", "pc2"]
    scores = model.predict(prostate)
    assert scores.names == ["PC1", "PC2"]
    assert scores["PC1"].sd()[0] == pytest.approx(rows[0][1], rel=1e-6)
    picture = tmp_path / "scree.png"
    assert model.screeplot(server=True, save_plot_path=str(picture)).points == pytest.approx(
        [v**2 for v in rows[0][1:]]
    )
    assert picture.exists()
    with pytest.raises(H2OValueError, match="no 'number_of_iterations'"):
        model.num_iterations()
    with pytest.raises(H2OValueError, match="low-rank"):
        model.archetypes()


def test_singular_values_come_with_frames(client, prostate):
    model = H2OSingularValueDecompositionEstimator(nv=2, transform="demean", u_name="left")
    model.train(PREDICTORS, training_frame=prostate)
    output = model._model_json["output"]
    left, right = client.get_frame("left"), client.get_frame(output["v_key"]["name"])
    assert (left.nrow, right.nrow) == (prostate.nrow, 4)
    assert len(output["d"]) == 2


def test_components_are_steps_of_pipelines(prostate):
    step = H2OPrincipalComponentAnalysisEstimator(k=2, transform="standardize").init_for_pipeline()
    assert isinstance(step, H2OPCA)
    assert step.get_params()["k"] == 2
    found = step.fit_transform(prostate[PREDICTORS])
    assert found.names == ["PC1", "PC2"]
    assert step.model_id is not None
    assert H2OSVD(nv=3).set_params(nv=2).fit_transform(prostate[PREDICTORS]).ncol == 2


def test_naive_bayes_tables(prostate):
    prostate["CAPSULE"] = prostate["CAPSULE"].asfactor()
    model = H2ONaiveBayesEstimator(laplace=1, nfolds=2, seed=1)
    model.train(PREDICTORS, "CAPSULE", prostate)
    output = model._model_json["output"]
    assert output["levels"] == ["0", "1"]
    assert sum(output["apriori"].cell_values[0][1:]) == pytest.approx(1.0)
    assert [table._table_header for table in output["pcond"]] == PREDICTORS
    assert 0.5 < model.auc(xval=True) <= 1


def test_isotonic_thresholds_do_not_fall(prostate):
    model = H2OIsotonicRegressionEstimator(out_of_bounds="clip")
    model.train("PSA", "GLEASON", prostate)
    values = model._model_json["output"]["thresholds_y"]
    assert values == sorted(values)
    assert model.rmse() > 0


def test_encodings(prostate):
    for name in ("CAPSULE", "RACE", "DPROS"):
        prostate[name] = prostate[name].asfactor()
    model = H2OTargetEncoderEstimator(columns_to_encode=["RACE", ["RACE", "DPROS"]], noise=0, seed=1)
    model.train(y="CAPSULE", training_frame=prostate)
    found = model.transform(prostate)
    assert {"RACE_te", "RACE:DPROS_te", "RACE", "DPROS"} <= set(found.names)
    assert model.predict(prostate).names == found.names
    blended = model.transform(prostate, blending=True, inflection_point=3, smoothing=2)
    assert blended["RACE_te"].min() > found["RACE_te"].min()
    mapping = model._model_json["output"]["input_to_output_columns"]
    assert [(item["from"], item["to"]) for item in mapping] == [
        (["RACE"], ["RACE_te"]),
        (["RACE", "DPROS"], ["RACE:DPROS_te"]),
    ]
    with pytest.warns(DeprecationWarning, match="called 'noise' now"):
        model.noise_level = 0.5
    assert model.noise == model.noise_level == 0.5
    with pytest.warns(DeprecationWarning, match="data_leakage_handling"):
        model.transform(prostate, data_leakage_handling="none")
    with pytest.raises(H2OTypeError, match="no argument 'noice'"):
        model.transform(prostate, noice=1)


def test_only_a_target_encoder_encodes(client, prostate):
    model = H2OKMeansEstimator(k=2, seed=1)
    model.train(PREDICTORS, training_frame=prostate)
    with pytest.raises(H2OResponseError, match="not a target encoder"):
        client.api("GET /3/TargetEncoderTransform", data={"model": model.model_id, "frame": prostate.frame_id})
