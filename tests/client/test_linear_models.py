"""Linear models against a running server: coefficients, paths, models of given coefficients, effects left out."""

from __future__ import annotations

from typing import Any

import pytest

from artesian.client.exceptions import H2OResponseError, H2OValueError
from artesian.client.model.categories import H2OOrdinalModel
from artesian.client.two_dim_table import H2OTwoDimTable

PREDICTORS = ["displacement", "power", "weight", "acceleration", "year"]


@pytest.fixture
def cars(client: Any) -> Any:
    frame = client.load_dataset("cars_20mpg")
    frame = frame[~frame["economy"].isna(), :]
    frame["economy_20mpg"] = frame["economy_20mpg"].asfactor()
    return frame


@pytest.fixture
def searched(client: Any, cars: Any) -> Any:
    model = client.H2OGeneralizedLinearEstimator(family="binomial", lambda_search=True, nlambdas=20)
    model.train(PREDICTORS, "economy_20mpg", cars)
    return model


def test_coefficients_and_what_is_inferred_of_them(client: Any, cars: Any) -> None:
    model = client.H2OGeneralizedLinearEstimator(
        Lambda=0, compute_p_values=True, generate_variable_inflation_factors=True, generate_scoring_history=True
    )
    model.train(PREDICTORS, "economy", cars)
    assert model.coef_names() == PREDICTORS
    assert set(model.coef()) == set(model.coef_norm()) == {"Intercept", *PREDICTORS}
    table = model.coef_with_p_values()
    assert isinstance(table, H2OTwoDimTable)
    assert table.col_header[1:5] == ["coefficients", "std_error", "z_value", "p_value"]
    assert model.get_variable_inflation_factors()["weight"] > 1
    assert model.null_degrees_of_freedom() == cars.nrow - 1
    assert model.residual_degrees_of_freedom() == cars.nrow - 6
    assert model.residual_deviance() == pytest.approx(model.mse() * cars.nrow)
    assert model.null_deviance() > model.residual_deviance()
    assert model.aic() > 0
    with pytest.warns(UserWarning, match="half deviance"):
        assert model.negative_log_likelihood() > 0
    assert model.std_coef_plot().figure() is not None


def test_each_model_of_a_path_can_be_made(client: Any, cars: Any, searched: Any) -> None:
    estimator = client.H2OGeneralizedLinearEstimator
    path = estimator.getGLMRegularizationPath(searched)
    assert path["lambdas"][0] == pytest.approx(estimator.getLambdaMax(searched))
    assert estimator.getLambdaBest(searched) == path["lambdas"][searched._output["best_submodel_index"]]
    assert estimator.getAlphaBest(searched) == 0.5
    for number in (0, 5, len(path["lambdas"]) - 1):
        made = estimator.makeGLMModel(searched, path["coefficients"][number])
        metrics = made.model_performance(cars)
        explained = 1 - metrics.residual_deviance() / metrics.null_deviance()
        assert explained == pytest.approx(path["explained_deviance_train"][number], abs=1e-9)
        assert made.coef() == pytest.approx(path["coefficients"][number])


def test_wrong_coefficients_are_named(client: Any, searched: Any) -> None:
    estimator = client.H2OGeneralizedLinearEstimator
    with pytest.raises(H2OResponseError, match="length 6 is different"):
        estimator.makeGLMModel(searched, {"power": 1.0})
    wrong = dict.fromkeys([*PREDICTORS[:-1], "yaer", "Intercept"], 0.0)
    with pytest.raises(H2OResponseError, match="no coefficient 'yaer'"):
        estimator.makeGLMModel(searched, wrong)


def test_effects_that_are_left_out_can_be_put_back(client: Any, cars: Any) -> None:
    estimator = client.H2OGeneralizedLinearEstimator
    given = {"family": "binomial", "lambda_": 0}
    plain = estimator(**given)
    plain.train(PREDICTORS, "economy_20mpg", cars)
    controlled = estimator(**given, control_variables=["year"])
    controlled.train(PREDICTORS, "economy_20mpg", cars)
    assert controlled.auc() < plain.auc()
    whole = controlled.make_unrestricted_glm_model(dest="linear_models_whole")
    assert whole.model_id == "linear_models_whole"
    assert whole.auc() == pytest.approx(plain.auc())
    assert whole.model_performance(cars).auc() == pytest.approx(plain.auc())
    with pytest.raises(H2OResponseError, match="already exists"):
        controlled.make_unrestricted_glm_model(dest="linear_models_whole")
    with pytest.raises(H2OValueError, match="both"):
        controlled.make_derived_glm_model(remove_offset_effects=True)
    with pytest.raises(H2OValueError, match="without control_variables"):
        plain.make_unrestricted_glm_model()


def test_constraints_on_sums_hold_and_are_told(client: Any, cars: Any) -> None:
    estimator = client.H2OGeneralizedLinearEstimator
    sums = client.H2OFrame(
        {
            "names": ["power", "weight", "constant", "year", "acceleration"],
            "values": [1.0, 10.0, 0.08, 1.0, -1.0],
            "types": ["Equal"] * 3 + ["LessThanEqual"] * 2,
            "constraint_numbers": [0, 0, 0, 1, 1],
        }
    )
    model = estimator(lambda_=0, solver="IRLSM", linear_constraints=sums)
    model.train(PREDICTORS, "economy", cars)
    of = model.coef()
    assert of["power"] + 10 * of["weight"] == pytest.approx(-0.08, abs=1e-9)
    assert of["year"] - of["acceleration"] <= 1e-9
    table = estimator.getConstraintsInfo(model)
    assert table["condition"] == ["== 0", "<= 0"]
    assert table["condition_satisfied"] == ["true", "true"]
    assert table["values"] == pytest.approx([0, of["year"] - of["acceleration"]], abs=1e-9)
    assert estimator.allConstraintsPassed(model) is True
    free = estimator(lambda_=0, solver="IRLSM")
    free.train(PREDICTORS, "economy", cars)
    assert free.mse() < model.mse()
    with pytest.raises(H2OValueError, match="no linear constraints"):
        estimator.getConstraintsInfo(free)


def test_several_classes_have_coefficients_by_class(client: Any, cars: Any) -> None:
    cars["cylinders"] = cars["cylinders"].asfactor()
    model = client.H2OGeneralizedLinearEstimator(family="multinomial")
    model.train(["power", "weight"], "cylinders", cars)
    levels = cars["cylinders"].levels()[0]
    assert set(model.coef()) == {f"coefs_class_{level}" for level in levels}
    assert set(model.coef_norm()) == {f"std_coefs_class_{level}" for level in levels}
    assert set(model.coef()[f"coefs_class_{levels[0]}"]) == {"Intercept", "power", "weight"}
    ordered = client.H2OGeneralizedLinearEstimator(family="ordinal")
    ordered.train(["power", "weight"], "cylinders", cars)
    assert isinstance(ordered, H2OOrdinalModel)
    assert 0 <= ordered.mean_per_class_error() <= 1
    assert ordered.confusion_matrix(cars) is not None
    assert len(ordered.hit_ratio_table()["k"]) == len(levels)


def test_constraints_and_slashes(client: Any, cars: Any) -> None:
    bounds = client.H2OFrame({"names": ["weight", "year"], "lower_bounds": [-0.001, 0.0], "upper_bounds": [0.0, 0.1]})
    model = client.H2OGeneralizedLinearEstimator(lambda_=0, beta_constraints=bounds, model_id="linear/model")
    with pytest.warns(RuntimeWarning, match="slash"):
        model.train(PREDICTORS, "economy", cars)
    assert model.model_id == "linear_model"
    assert model.coef()["year"] == pytest.approx(0.1)
    assert -0.001 <= model.coef()["weight"] <= 0


def test_bounds_may_be_a_dict(client: Any, cars: Any) -> None:
    bounds = {"power": {"lower_bound": 0.0}, "weight": {"lower_bound": -1.0, "upper_bound": 0.0}}
    model = client.H2OGeneralizedLinearEstimator(lambda_=0, beta_constraints=bounds)
    model.train(["power", "weight"], "economy", cars)
    assert model.coef()["power"] >= 0
    assert -1 <= model.coef()["weight"] <= 0
    wrong = client.H2OGeneralizedLinearEstimator(beta_constraints={"power": {"least": 0.0}})
    with pytest.raises(H2OValueError, match="are lower_bound and upper_bound"):
        wrong.train(["power"], "economy", cars)


def test_other_models_have_no_p_values(client: Any, cars: Any) -> None:
    model = client.H2OKMeansEstimator(k=2)
    model.train(PREDICTORS, training_frame=cars)
    with pytest.raises(ValueError, match="only found in GLM"):
        model.coef_with_p_values()


def test_the_course_of_a_training_is_drawn(client: Any, cars: Any, searched: Any) -> None:
    model = client.H2OGeneralizedLinearEstimator(family="binomial", lambda_=1e-5, alpha=0)
    model.train(PREDICTORS, "economy_20mpg", cars)
    history = model.scoring_history(as_data_frame=False)
    for metric in ("AUTO", "negative_log_likelihood"):
        (axes,) = model.plot(metric=metric, server=True).figure().axes
        name = "objective" if metric == "AUTO" else metric
        assert list(axes.lines[0].get_ydata()) == history[name]
        assert list(axes.lines[0].get_xdata()) == history["iterations"]
    with pytest.raises(
        H2OValueError, match=r"'metric' must be one of 'objective', 'negative_log_likelihood', .*Got 'mae'"
    ):
        model.plot(metric="mae", server=True)
    (axes,) = searched.plot(server=True).figure().axes
    assert axes.get_ylabel() == "deviance train"


def test_of_several_alphas_the_course_of_the_chosen_one_is_drawn(client: Any, cars: Any) -> None:
    model = client.H2OGeneralizedLinearEstimator(family="binomial", lambda_search=True, nlambdas=5, alpha=[0.2, 0.9])
    model.train(PREDICTORS, "economy_20mpg", cars)
    history = model.scoring_history()
    assert history["alpha"].nunique() == 2
    chosen = history[history["alpha"] == model.getAlphaBest(model)]
    (axes,) = model.plot(metric="deviance_train", server=True).figure().axes
    assert list(axes.lines[0].get_ydata()) == chosen["deviance_train"].tolist()
