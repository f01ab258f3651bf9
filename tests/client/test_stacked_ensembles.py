"""Stacked ensembles and models of folds that predict together, through a running server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from artesian.client.ensembles import keys_of
from artesian.client.exceptions import H2ODeprecationWarning, H2OResponseError, H2OTypeError

PREDICTORS = ["displacement", "power", "weight", "acceleration", "year"]
RESPONSE = "economy_20mpg"


@pytest.fixture
def cars(client: Any) -> Any:
    frame = client.load_dataset("cars_20mpg")
    frame = frame[~frame["economy"].isna(), :]
    frame[RESPONSE] = frame[RESPONSE].asfactor()
    return frame


def base_models(client: Any, cars: Any, **more: Any) -> list[Any]:
    folds = more or {"nfolds": 3, "fold_assignment": "modulo", "keep_cross_validation_predictions": True}
    models = [
        client.H2OGradientBoostingEstimator(ntrees=5, seed=1, **folds),
        client.H2OGeneralizedLinearEstimator(family="binomial", seed=1, **folds),
    ]
    for model in models:
        model.train(PREDICTORS, RESPONSE, cars)
    return models


def test_an_ensemble_tells_of_its_metalearner_and_base_models(client: Any, cars: Any) -> None:
    models = base_models(client, cars)
    ensemble = client.H2OStackedEnsembleEstimator(
        base_models=models,
        metalearner_algorithm="gbm",
        metalearner_params={"ntrees": 7, "max_depth": 2},
        metalearner_nfolds=3,
        keep_levelone_frame=True,
        seed=1,
    )
    assert ensemble.base_models == [model.model_id for model in models]
    ensemble.train(PREDICTORS, RESPONSE, cars, validation_frame=cars)
    metalearner = ensemble.metalearner()
    assert metalearner.algo == "gbm"
    assert [metalearner.actual_params[name] for name in ("ntrees", "max_depth", "nfolds")] == [7, 2, 3]
    with pytest.warns(H2ODeprecationWarning, match="model_id"):
        assert metalearner["name"] == metalearner.model_id == f"metalearner_gbm_{ensemble.model_id}"
    assert ensemble.actual_params["metalearner_params"] == '{"ntrees": [7], "max_depth": [2]}'
    assert ensemble.base_models == client.get_model(ensemble.model_id).base_models
    assert ensemble.stacking_strategy() == "cross_validation"
    level_one = client.get_frame(ensemble.levelone_frame_id()["name"])
    assert level_one.names == [*ensemble.base_models, RESPONSE]
    assert ensemble.auc(xval=True) == metalearner.auc(xval=True)
    assert ensemble.auc() == pytest.approx(ensemble.model_performance(cars).auc())
    assert ensemble.auc(valid=True) == pytest.approx(ensemble.auc())


def test_an_ensemble_lives_without_its_base_models(client: Any, cars: Any, tmp_path: Path) -> None:
    models = base_models(client, cars)
    ensemble = client.H2OStackedEnsembleEstimator(base_models=models, seed=1)
    ensemble.train(PREDICTORS, RESPONSE, cars)
    before = ensemble.predict(cars).to_polars()
    path = ensemble.download_model(str(tmp_path))
    metalearner = ensemble.metalearner().model_id
    for model in models:
        client.remove(model.model_id)
    assert ensemble.predict(cars).to_polars().equals(before)
    client.remove(ensemble.model_id)
    with pytest.raises(H2OResponseError):
        client.get_model(metalearner)
    again = client.upload_model(path)
    assert again.predict(cars).to_polars().equals(before)
    assert again.metalearner().model_id == metalearner


def test_a_blending_frame_stands_alone(client: Any, cars: Any) -> None:
    train, blend = cars.split_frame([0.6], seed=1)
    models = base_models(client, train, nfolds=0)
    ensemble = client.H2OStackedEnsembleEstimator(base_models=models, metalearner_algorithm="greedy", seed=1)
    ensemble.train(y=RESPONSE, blending_frame=blend)
    assert ensemble.stacking_strategy() == "blending"
    assert ensemble.mse() == pytest.approx(ensemble.model_performance(blend).mse())
    best = min(model.model_performance(blend).logloss() for model in models)
    assert ensemble.model_performance(blend).logloss() <= best + 1e-9
    assert {name for name, *_ in ensemble.metalearner().varimp()} == set(ensemble.base_models)


def test_grids_and_keys_are_base_models_too(client: Any, cars: Any) -> None:
    folds = {"nfolds": 3, "fold_assignment": "modulo", "keep_cross_validation_predictions": True, "ntrees": 3}
    grid = client.H2OGridSearch(client.H2OGradientBoostingEstimator(**folds), {"max_depth": [2, 3]})
    grid.train(PREDICTORS, RESPONSE, cars)
    ensemble = client.H2OStackedEnsembleEstimator(base_models=grid)
    ensemble.train(PREDICTORS, RESPONSE, cars)
    assert sorted(ensemble.base_models) == sorted(grid.model_ids)
    one = client.H2OStackedEnsembleEstimator(base_models=grid.model_ids[0])
    one.train(PREDICTORS, RESPONSE, cars)
    assert one.base_models == grid.model_ids[:1]
    wrong = client.H2OStackedEnsembleEstimator(base_models=[cars.frame_id])
    with pytest.raises(H2OResponseError, match="as a base model"):
        wrong.train(PREDICTORS, RESPONSE, cars)


def test_what_is_no_base_model_is_refused() -> None:
    assert keys_of(None) == []
    assert keys_of("one") == ["one"]
    with pytest.raises(H2OTypeError, match="models, grids or keys"):
        keys_of([3])


def test_models_of_folds_predict_together(client: Any, cars: Any, tmp_path: Path) -> None:
    bag = client.H2OGradientBoostingEstimator(ntrees=5, nfolds=3, fold_models_predict=True, seed=1)
    bag.train(PREDICTORS, RESPONSE, cars)
    folds = bag.cross_validation_models()
    each = [fold.predict(cars).to_polars()["p1"].to_numpy() for fold in folds]
    assert bag.predict(cars).to_polars()["p1"].to_numpy() == pytest.approx(sum(each) / 3)
    assert {name for name, *_ in bag.varimp()} == set(PREDICTORS)
    contributions = bag.predict_contributions(cars).to_polars()["weight"].to_numpy()
    own = [fold.predict_contributions(cars).to_polars()["weight"].to_numpy() for fold in folds]
    assert contributions == pytest.approx(sum(own) / 3, abs=1e-6)
    with pytest.raises(Exception, match="fold_models_predict"):
        bag.predict_leaf_node_assignment(cars)
    again = client.upload_model(bag.download_model(str(tmp_path)))
    assert again.predict(cars).to_polars().equals(bag.predict(cars).to_polars())
