"""Training, predicting and scikit-learn against a running server."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import accuracy_score, log_loss, r2_score, roc_auc_score
from sklearn.model_selection import cross_val_score

from artesian.client.exceptions import H2OJobCancelled, H2OResponseError, H2OTypeError, H2OValueError
from artesian.client.model import H2OBinomialModel, H2OMultinomialModel, H2ORegressionModel
from artesian.client.two_dim_table import H2OTwoDimTable

PREDICTORS = ["displacement", "power", "weight", "acceleration", "year"]


@pytest.fixture
def cars(client: Any) -> Any:
    """The cars whose economy is known, economy_20mpg a factor."""
    frame = client.load_dataset("cars_20mpg")
    frame = frame[~frame["economy"].isna(), :]
    frame["economy_20mpg"] = frame["economy_20mpg"].asfactor()
    return frame


@pytest.fixture
def estimator(client: Any) -> Any:
    return client.H2ODeepLearningEstimator(hidden=[8], epochs=20, seed=1, reproducible=True)


def test_two_classes(client: Any, cars: Any) -> None:
    train, valid = cars.split_frame([0.8], seed=1)
    model = client.H2ODeepLearningEstimator(
        hidden=[8, 4], epochs=20, seed=1, reproducible=True, nfolds=2, export_weights_and_biases=True,
        keep_cross_validation_predictions=True, keep_cross_validation_fold_assignment=True,
    )  # fmt: skip
    model.train(x=PREDICTORS, y="economy_20mpg", training_frame=train, validation_frame=valid)
    assert isinstance(model, H2OBinomialModel)
    assert isinstance(model, client.H2ODeepLearningEstimator)
    parts = model.auc(train=True, valid=True, xval=True)
    assert set(parts) == {"train", "valid", "xval"}
    assert all(0.85 < value <= 1 for value in parts.values())

    predictions = model.predict(valid).to_polars()
    truth = valid["economy_20mpg"].to_polars().to_series().cast(str).to_numpy()
    performance = model.model_performance(valid)
    assert performance.auc() == pytest.approx(roc_auc_score(truth, predictions["p1"]), abs=1e-6)
    assert performance.logloss() == pytest.approx(log_loss(truth, predictions.select("p0", "p1").to_numpy()), rel=1e-5)
    threshold = performance.find_threshold_by_max_metric("f1")
    predicted = predictions["p1"].to_numpy() >= threshold
    expected = [[np.sum((truth == t) & (predicted == p)) for p in (False, True)] for t in ("0", "1")]
    assert performance.confusion_matrix().to_list() == expected

    assert model.F1(valid=True)[0][1] == pytest.approx(performance.F1()[0][1])
    assert 0 < model.kolmogorov_smirnov() <= 1
    assert [name for name, *_ in model.varimp()] == [row[0] for row in sorted(model.varimp(), key=lambda r: -r[1])]
    assert sorted(name for name, *_ in model.varimp()) == sorted(PREDICTORS)
    assert model.weights(0).shape == (8, 5)
    assert model.biases(2).shape == (2, 1)
    with pytest.raises(H2OValueError, match="numbered from 0 to 2"):
        model.weights(3)
    assert len(model.xvals) == 2
    assert model.cross_validation_holdout_predictions().nrow == train.nrow
    assert model.cross_validation_fold_assignment().nrow == train.nrow
    assert model.actual_params["hidden"] == [8, 4]
    assert model.params["epochs"]["default"] == 10.0
    assert model.actual_params["training_frame"] == train.frame_id
    assert isinstance(model.scoring_history(as_data_frame=False), H2OTwoDimTable)
    text = str(model)
    assert text.startswith("Model Details\n=============\nH2ODeepLearningEstimator: Deep Learning")
    assert "** Reported on cross-validation data. **" in text
    assert "<table" in model._repr_html_()
    found = client.get_model(model.model_id)
    assert found.auc() == model.auc()
    assert model.model_id in client.models()
    client.remove(model)
    assert model.key is None


def test_several_classes(client: Any, cars: Any, estimator: Any) -> None:
    cars["cylinders"] = cars["cylinders"].asfactor()
    model = estimator.train(x=PREDICTORS, y="cylinders", training_frame=cars)
    assert isinstance(model, H2OMultinomialModel)
    truth = cars["cylinders"].to_polars().to_series().cast(str).to_numpy()
    predicted = model.predict(cars)["predict"].to_polars().to_series().cast(str).to_numpy()
    error = float(model.confusion_matrix(cars)["Error"][-1])
    assert error == pytest.approx(1 - accuracy_score(truth, predicted), abs=1e-6)
    assert model.hit_ratio_table()["hit_ratio"][-1] == pytest.approx(1.0)
    table = model.model_performance(cars, auc_type="macro_ovr").multinomial_auc_table()
    assert isinstance(table, H2OTwoDimTable)


def test_a_number_and_its_metrics(client: Any, cars: Any, estimator: Any) -> None:
    model = estimator.train(x=PREDICTORS, y="economy", training_frame=cars)
    assert isinstance(model, H2ORegressionModel)
    truth = cars["economy"].to_polars().to_series().to_numpy()
    predicted = model.predict(cars).to_polars().to_series().to_numpy()
    performance = model.model_performance(cars)
    assert performance.rmse() == pytest.approx(np.sqrt(np.mean((truth - predicted) ** 2)), rel=1e-6)
    assert performance.mae() == pytest.approx(np.mean(np.abs(truth - predicted)), rel=1e-6)
    assert performance.r2() == pytest.approx(r2_score(truth, predicted), rel=1e-5)
    made = client.make_metrics(model.predict(cars), cars["economy"])
    assert made.rmse() == pytest.approx(performance.rmse(), rel=1e-6)


def test_an_autoencoder(client: Any, cars: Any) -> None:
    model = client.H2OAutoEncoderEstimator(hidden=[3], epochs=10, seed=1, activation="tanh")
    model.train(x=PREDICTORS, training_frame=cars)
    errors = model.anomaly(cars).to_polars().to_series()
    assert len(errors) == cars.nrow
    assert model.mse() == pytest.approx(errors.mean(), rel=1e-4)
    assert model.anomaly(cars, per_feature=True).ncol == 5
    assert model.deepfeatures(cars, 0).shape == (cars.nrow, 3)
    assert type(client.get_model(model.model_id)).__name__ == "H2OAutoEncoderEstimator"


def test_a_checkpoint_is_continued(client: Any, cars: Any) -> None:
    first = client.H2ODeepLearningEstimator(hidden=[8], epochs=2, seed=1)
    first.train(x=PREDICTORS, y="economy", training_frame=cars)
    more = client.H2ODeepLearningEstimator(hidden=[8], epochs=4, seed=1, checkpoint=first)
    more.train(x=PREDICTORS, y="economy", training_frame=cars)
    assert more.scoring_history()["epochs"].iloc[-1] == pytest.approx(4, abs=0.5)


def test_wrong_parameters_come_back_all_at_once(client: Any, cars: Any) -> None:
    with pytest.raises(H2OTypeError, match=r"'activation' must be one of .*Got 'rectifyer'.*ectifier"):
        client.H2ODeepLearningEstimator(activation="rectifyer")
    model = client.H2ODeepLearningEstimator(epochs=-1, score_interval=-2)
    with pytest.raises(H2OResponseError) as raised:
        model.train(x=PREDICTORS, y="economy", training_frame=cars)
    error = raised.value.args[0]
    assert {message["field_name"] for message in error.messages} >= {"epochs", "score_interval"}


def test_control_c_cancels_the_job(client: Any, cars: Any) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs start without it
    model = client.H2ODeepLearningEstimator(hidden=[200, 200], epochs=1e6)
    threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        with pytest.raises(H2OJobCancelled, match="was cancelled"):
            model.train(x=PREDICTORS, y="economy", training_frame=cars)
    finally:
        signal.signal(signal.SIGINT, before)
    assert {"CANCELLED"} <= set(client.cluster().list_jobs()[3])


def test_training_in_the_background(client: Any, cars: Any, estimator: Any) -> None:
    estimator.start(x=PREDICTORS, y="economy", training_frame=cars)
    with pytest.raises(H2OValueError, match="not trained yet"):
        estimator.rmse()
    estimator.join()
    assert estimator.rmse() > 0


def test_training_in_the_background_ends_early_with_its_model(client: Any, cars: Any) -> None:
    model = client.H2ODeepLearningEstimator(hidden=[20], epochs=1e8, stopping_rounds=0, regression_stop=-1, seed=1)
    with pytest.raises(H2OValueError, match="nothing to end"):
        model.finish()
    model.start(x=PREDICTORS, y="economy", training_frame=cars)
    deadline = time.monotonic() + 20
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        while time.monotonic() < deadline:
            try:
                model.finish()
                break
            except H2OResponseError as early:
                assert "cannot finish early" in str(early)
    assert any("asked to end" in str(warning.message) for warning in told)
    assert model.rmse() > 0
    assert model.predict(cars).nrows == cars.nrows


def test_pictures(client: Any, cars: Any, tmp_path: Path) -> None:
    model = client.H2ODeepLearningEstimator(hidden=[4], epochs=5, seed=1, nfolds=2)
    model.train(x=PREDICTORS, y="economy_20mpg", training_frame=cars)
    model.plot(server=True, save_plot_path=str(tmp_path / "history.png"))
    model.plot(timestep="duration", metric="auc", server=True, save_plot_path=str(tmp_path / "auc.png"))
    model.varimp_plot(server=True, save_plot_path=str(tmp_path / "importances.png"))
    model.learning_curve_plot(save_plot_path=str(tmp_path / "learning.png"))
    model.gains_lift_plot(server=True, save_plot_path=str(tmp_path / "lift.png"))
    assert cars["weight"].hist(plot=False)["counts"].sum() == cars.nrow
    names = {path.name for path in tmp_path.iterdir() if path.read_bytes().startswith(b"\x89PNG")}
    assert names == {"history.png", "auc.png", "importances.png", "learning.png", "lift.png"}
    with pytest.raises(H2OValueError, match="Did you mean 'logloss'"):
        model.plot(metric="loglos")


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_scikit_learn_verbs(client: Any, cars: Any, estimator: Any) -> None:
    known = cars.as_data_frame().dropna(subset=PREDICTORS)
    X, y = known[PREDICTORS], known["economy_20mpg"].astype(str)
    estimator.fit(X, y)
    predicted = estimator.predict(X)
    probabilities = estimator.predict_proba(X)
    assert list(estimator.classes_) == ["0", "1"]
    assert set(predicted) <= {"0", "1"}
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    assert estimator.score(X, y) == pytest.approx(accuracy_score(y, predicted))
    assert not clone(estimator).__sklearn_is_fitted__()
    labelled = (
        clone(estimator).set_params(distribution="bernoulli").fit(X.to_numpy(), (y == "1").astype(int).to_numpy() + 5)
    )
    assert set(labelled.predict(X.to_numpy())) <= {5, 6}
    with warnings.catch_warnings():
        scores = cross_val_score(clone(labelled), X, y, cv=2)
    assert scores.min() > 0.7
    regression = clone(estimator).fit(X, known["economy"])
    assert regression.score(X, known["economy"]) == pytest.approx(
        r2_score(known["economy"], regression.predict(X)), rel=1e-5
    )
