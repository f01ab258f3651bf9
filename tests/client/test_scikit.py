"""Wrappers for scikit-learn: parameters, tables in and out, pipelines and searches; scikit-learn is the other implementation."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.datasets import load_iris, make_regression
from sklearn.decomposition import PCA
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from artesian import sklearn as own
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame
from artesian.client.scikit.classes import CLASSIFIER_ONLY, EXCLUDED, GENERIC_ONLY, REGRESSOR_ONLY, names
from artesian.sklearn import H2OGradientBoostingClassifier, H2OGradientBoostingEstimator, H2OScaler

IRIS = load_iris()


def test_each_estimator_has_wrappers_of_its_kinds() -> None:
    import artesian.estimators

    listed = dict(inspect.getmembers(own, inspect.isclass))
    assert set(listed) == set(names())
    for name, _ in inspect.getmembers(artesian.estimators, inspect.isclass):
        if name in EXCLUDED:
            assert name not in listed
            continue
        stem = name.removesuffix("Estimator")
        assert stem + "Estimator" in listed
        assert (stem + "Classifier" in listed) == (name not in GENERIC_ONLY + REGRESSOR_ONLY)
        assert (stem + "Regressor" in listed) == (name not in GENERIC_ONLY + CLASSIFIER_ONLY)
    assert {"H2OAutoMLEstimator", "H2OAutoMLClassifier", "H2OAutoMLRegressor", "H2OScaler", "H2OPCA"} <= set(listed)
    assert own.automl.H2OAutoMLClassifier is own.H2OAutoMLClassifier
    with pytest.raises(AttributeError, match="Did you mean 'H2OScaler'"):
        own.H2OScalar


def test_what_a_wrapper_cannot_do_is_no_member_of_it() -> None:
    assert hasattr(H2OGradientBoostingClassifier, "predict_proba")
    assert not hasattr(own.H2OGradientBoostingRegressor, "predict_proba")
    for name in ("H2OIsolationForestEstimator", "H2OKMeansEstimator", "H2OPrincipalComponentAnalysisEstimator"):
        assert not hasattr(getattr(own, name), "score")
    assert hasattr(own.H2OPrincipalComponentAnalysisEstimator, "transform")
    assert not hasattr(H2OGradientBoostingClassifier, "transform")


def test_parameters_are_arguments_attributes_and_named() -> None:
    model = H2OGradientBoostingEstimator(ntrees=7, estimator_type="classifier")
    model.max_depth = 3
    parameters = model.get_params()
    assert (parameters["ntrees"], parameters["max_depth"], parameters["learn_rate"]) == (7, 3, 0.1)
    assert "ntrees" in inspect.signature(H2OGradientBoostingEstimator).parameters
    copy = clone(model).set_params(learn_rate=0.2)
    assert (copy.ntrees, copy.learn_rate, copy.estimator_type, model.learn_rate) == (7, 0.2, "classifier", 0.1)
    assert copy._make_estimator()._parms["learn_rate"] == 0.2
    assert repr(H2OGradientBoostingEstimator(ntrees=7)) == "H2OGradientBoostingEstimator(ntrees=7)"
    with pytest.raises(TypeError, match=r"no parameter 'ntree'\. Did you mean 'ntrees'"):
        H2OGradientBoostingEstimator(ntree=7)
    with pytest.raises(ValueError, match="Invalid parameter 'ntree'"):
        model.set_params(ntree=7)
    with pytest.raises(H2OValueError, match="was not fitted"):
        model.predict([[1]])


def test_a_parameter_called_like_a_verb_has_another_attribute() -> None:
    pca = own.H2OPCA(transform="demean")
    assert callable(pca.transform) and pca.transform_ == "demean"
    assert pca.get_params()["transform"] == "demean"
    assert pca.set_params(transform="descale").transform_ == "descale"


def test_parameters_reach_through_pipelines() -> None:
    line = Pipeline([("scale", H2OScaler(center=True, scale=False)), ("model", H2OGradientBoostingEstimator(ntrees=7))])
    line.set_params(model__max_depth=3, scale__scale=True)
    found = line.get_params()
    assert (found["model__max_depth"], found["model__ntrees"], found["scale__scale"]) == (3, 7, True)


def test_automl_takes_its_parameters() -> None:
    wrapper = own.H2OAutoMLEstimator(seed=5).set_params(max_models=3, nfolds=0)
    wrapper.project_name = "project"
    made = wrapper._make_estimator()
    stopping = made.build_control["stopping_criteria"]
    assert (stopping["seed"], stopping["max_models"]) == (5, 3)
    assert (made.build_control["nfolds"], made.build_control["project_name"]) == (0, "project")


def test_classifier_or_regressor_is_told_by_name_type_or_distribution() -> None:
    assert is_classifier(H2OGradientBoostingClassifier()) and is_regressor(own.H2OGradientBoostingRegressor())
    assert is_classifier(H2OGradientBoostingEstimator(estimator_type="classifier"))
    assert H2OGradientBoostingEstimator(distribution="bernoulli").is_classifier()
    assert H2OGradientBoostingEstimator(distribution="gaussian").is_regressor()
    assert own.H2OGeneralizedLinearEstimator(family="binomial").is_classifier()
    assert own.H2ONaiveBayesEstimator().is_classifier()
    undecided = H2OGradientBoostingEstimator()
    assert not undecided.is_classifier() and not undecided.is_regressor()


def test_arrays_give_arrays_and_frames_give_frames(client: Any) -> None:
    X, y = IRIS.data, IRIS.target
    model = H2OGradientBoostingClassifier(ntrees=5, seed=1).fit(X, y)
    predicted = model.predict(X)
    assert predicted.dtype == y.dtype and predicted.shape == y.shape
    assert model.score(X, y) == pytest.approx(accuracy_score(y, predicted))
    probabilities = model.predict_proba(X)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert (probabilities.argmax(axis=1) == predicted).all()
    assert np.exp(model.predict_log_proba(X)) == pytest.approx(probabilities)
    named = np.array(IRIS.target_names)[y]
    assert set(H2OGradientBoostingClassifier(ntrees=2, seed=1).fit(X, named).predict(X)) <= set(named)

    frame, response = client.H2OFrame(X), client.H2OFrame(y.reshape(-1, 1))
    model.fit(frame, response)
    as_frame = model.predict(frame)
    assert isinstance(as_frame, H2OFrame) and as_frame.shape == (150, 1)
    assert model.predict_proba(frame).shape == (150, 3)
    assert model.score(frame, response) == pytest.approx(accuracy_score(y, predicted))
    assert (model.predict(X) == predicted).all()
    assert isinstance(model.set_params(data_conversion=True).predict(frame), np.ndarray)


def test_data_frames_keep_their_columns(client: Any) -> None:
    table = pd.DataFrame({"kind": ["a", "b"] * 40, "size": np.arange(80.0)})
    target = np.where(table["kind"] == "a", 1.0, 5.0)
    model = own.H2OGradientBoostingRegressor(ntrees=30, seed=1, min_rows=2).fit(table, target)
    assert model.estimator._output["names"] == ["kind", "size", "response"]
    assert model.predict(table.iloc[1:2])[0] == pytest.approx(
        5.0, abs=0.3
    )  # one level alone still counts as that level
    assert model.score(table, target) == pytest.approx(r2_score(target, model.predict(table)))


def test_steps_of_both_kinds_make_a_pipeline(client: Any) -> None:
    X, y = make_regression(n_samples=80, n_features=4, random_state=1)
    theirs = make_pipeline(StandardScaler(), PCA(2), own.H2OGradientBoostingRegressor(ntrees=10, seed=1, min_rows=5))
    assert theirs.fit(X, y).score(X, y) == pytest.approx(r2_score(y, theirs.predict(X)))
    ours = Pipeline(
        [
            ("scale", H2OScaler()),
            ("pca", own.H2OPCA(k=2)),
            ("model", own.H2OGradientBoostingRegressor(ntrees=10, seed=1, min_rows=5, data_conversion=True)),
        ]
    )
    predicted = ours.fit(X, y).predict(X)
    assert isinstance(predicted, np.ndarray)
    expected = PCA(2).fit_transform(StandardScaler().fit_transform(X))
    components = ours[:-1].transform(X).to_polars().to_numpy()
    for own_axis, axis in zip(components.T, expected.T, strict=True):  # the sign of a component is anybody's
        assert abs(np.corrcoef(own_axis, axis)[0, 1]) == pytest.approx(1, abs=1e-6)


def test_a_search_finds_the_better_parameter(client: Any) -> None:
    model = H2OGradientBoostingClassifier(seed=1, max_depth=2)
    search = GridSearchCV(model, {"ntrees": [1, 20], "learn_rate": [0.3]}, cv=2).fit(IRIS.data, IRIS.target)
    assert search.best_params_["ntrees"] == 20
    assert search.score(IRIS.data, IRIS.target) == search.best_estimator_.score(IRIS.data, IRIS.target)


def test_models_that_make_features_transform(client: Any) -> None:
    model = own.H2OPrincipalComponentAnalysisEstimator(k=2, transform="demean").fit(IRIS.data)
    assert isinstance(model.transform(IRIS.data), H2OFrame)
    features = model.predict(IRIS.data)
    expected = PCA(2).fit_transform(IRIS.data)
    assert np.abs(features) == pytest.approx(np.abs(expected), abs=1e-6)
    as_array = own.H2OPrincipalComponentAnalysisEstimator(k=2, transform="demean", data_conversion=True)
    assert np.abs(as_array.fit_transform(IRIS.data)) == pytest.approx(np.abs(expected), abs=1e-6)
    found = own.H2OIsolationForestEstimator(ntrees=5, seed=1).fit_predict(IRIS.data)
    assert found.shape == (150,) and (found >= 0).all() and (found <= 1).all()


def test_nothing_of_scikit_learn_is_loaded_before_it_is_asked_for() -> None:
    script = "import sys, artesian.sklearn; dir(artesian.sklearn); print('sklearn' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_folds_of_a_frame_split_it_whole(client: Any) -> None:
    from artesian.cross_validation import H2OKFold, H2OStratifiedKFold

    frame = client.H2OFrame({"x": list(range(90)), "kind": ["a"] * 60 + ["b"] * 30}, column_types=["int", "enum"])
    for folds in (H2OKFold(frame, n_folds=3, seed=1), H2OStratifiedKFold(frame["kind"], n_folds=3, seed=1)):
        assert len(folds) == 3
        splits = [[mask.to_polars().to_series().to_list() for mask in pair] for pair in folds]
        assert [sum(flags) for flags in zip(*(tested for _, tested in splits), strict=True)] == [1] * 90
        assert all(one + other == 1 for trained, tested in splits for one, other in zip(trained, tested, strict=True))
    assert [sum(tested[:60]) for _, tested in splits] == [20, 20, 20]
    assert [sum(tested[60:]) for _, tested in splits] == [10, 10, 10]
    with pytest.raises(H2OValueError, match="'n_folds' must be at least 2"):
        H2OKFold(frame, n_folds=1)
