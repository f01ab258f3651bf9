"""Distributions of one's own, from a class in Python to models, AutoML and files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import artesian as h2o
from artesian.client import job, session
from artesian.client.exceptions import H2OError, H2OValueError, NotAvailable
from artesian.client.local_server import H2OLocalServer
from artesian.core.errors import ArtesianError
from artesian.estimators import H2OGradientBoostingEstimator, H2ORandomForestEstimator
from artesian.utils import distributions
from artesian.utils.distributions import CustomDistributionBernoulli, CustomDistributionGaussian

PROSTATE = Path(__file__).parents[1] / "data" / "prostate.csv"
PREDICTORS = ["DPROS", "PSA", "VOL", "GLEASON"]


class Base(distributions.CustomDistributionGaussian):
    """A base that is named by its module, with annotations that mean nothing where the source goes."""

    factor: Path | float = 1.0

    def gradient(self, y: np.ndarray, f: Any) -> Any:
        return super().gradient(y, f) * self.factor


class Asymmetric(Base):
    """Predictions that are too high cost ten times as much as others."""

    def gradient(self, y: Any, f: Any) -> Any:
        error = super().gradient(y, f)
        return error * (0.5 + 9.5 * (error < 0))


@pytest.fixture(scope="module")
def allowing() -> Iterator[str]:
    """The address of a server that runs code of its clients."""
    server = H2OLocalServer.start(verbose=False, settings={"allow_client_code": "true"})
    yield server.url
    server.shutdown()


@pytest.fixture
def prostate(allowing: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(job, "_show_bars", False)
    h2o.connect(url=allowing, verbose=False)
    frame = h2o.upload_file(str(PROSTATE))
    frame["CAPSULE"] = frame["CAPSULE"].asfactor()
    yield frame
    h2o.remove_all()
    connection = h2o.connection()
    assert connection is not None
    connection.close()
    session._current = None


def predictions(model: Any, frame: Any) -> np.ndarray:
    return model.predict(frame).to_polars().select(["predict"]).to_numpy()[:, 0].astype(float)


def trained(response: str, frame: Any, **parameters: Any) -> Any:
    model = H2OGradientBoostingEstimator(ntrees=10, seed=1, **parameters)
    model.train(PREDICTORS, response, frame)
    return model


def test_a_class_and_its_bases_go_to_the_server(prostate: Any) -> None:
    gaussian = trained("AGE", prostate)
    same = trained(
        "AGE", prostate, distribution="custom", custom_distribution_func=h2o.upload_custom_distribution(Base)
    )
    assert predictions(same, prostate) == pytest.approx(predictions(gaussian, prostate), abs=1e-9)
    assert "training_deviance" not in same.scoring_history().columns
    reference = h2o.upload_custom_distribution(Asymmetric, func_name="costly", func_file="costly.py")
    assert reference == "python:costly=costly.Asymmetric"
    cautious = trained("AGE", prostate, distribution="custom", custom_distribution_func=reference)
    age = prostate["AGE"].to_polars().to_series().to_numpy()
    above = [np.mean(predictions(model, prostate) > age) for model in (cautious, gaussian)]
    assert above[0] < 0.2 < 0.4 < above[1]


def test_source_as_a_string(prostate: Any) -> None:
    source = """
class Logistic:
    def link(self):
        return "logit"
    def init(self, w, o, y):
        return [w * y, w]
    def gradient(self, y, f):
        import numpy as np
        return y - 1 / (1 + np.exp(-f))
    def gamma(self, w, y, z, f):
        return [w * z, w * (y - z) * (1 - y + z)]
"""
    reference = h2o.upload_custom_distribution(source, class_name="Logistic")
    assert reference == "python:distributions_Logistic=distributions.Logistic"
    own = trained("CAPSULE", prostate, distribution="custom", custom_distribution_func=reference)
    assert own.auc() == pytest.approx(trained("CAPSULE", prostate).auc(), abs=1e-12)


def test_a_saved_model_predicts_without_its_code(prostate: Any, tmp_path: Path) -> None:
    reference = h2o.upload_custom_distribution(CustomDistributionBernoulli)
    own = trained("CAPSULE", prostate, distribution="custom", custom_distribution_func=reference)
    before = own.predict(prostate).to_polars().to_numpy()
    saved = h2o.download_model(own, str(tmp_path))
    h2o.remove(own.model_id)
    h2o.remove(reference.partition("=")[0].removeprefix("python:"))
    again = h2o.upload_model(saved)
    assert np.array_equal(again.predict(prostate).to_polars().to_numpy(), before)


def test_automl_boosts_by_it_and_says_what_cannot(prostate: Any) -> None:
    reference = h2o.upload_custom_distribution(CustomDistributionGaussian)
    run = h2o.automl.H2OAutoML(
        max_models=2,
        nfolds=2,
        seed=1,
        include_algos=["GBM", "DRF"],
        distribution={"type": "custom", "custom_distribution_func": reference},
    )
    run.train(PREDICTORS, "AGE", prostate)
    kinds = {}
    for key in run.leaderboard["model_id"].to_polars().to_series().cast(str):
        parameters = h2o.get_model(key).actual_params
        kinds[key.split("_")[0]] = (parameters["distribution"], parameters.get("custom_distribution_func"))
    assert kinds["GBM"] == ("custom", reference)
    assert kinds["DRF"][0] == "gaussian"
    told = run.event_log.to_polars()["message"].to_list()
    assert any("has no custom distribution" in message for message in told)


def test_what_is_wrong_is_said(prostate: Any) -> None:
    with pytest.raises(H2OValueError, match=r"needs the methods link, init, gradient and gamma; it lacks 'gamma'"):
        h2o.upload_custom_distribution(type("Half", (), dict.fromkeys(("link", "init", "gradient"), print)))
    with pytest.raises(H2OValueError, match="class_name of the distribution"):
        h2o.upload_custom_distribution("class A: pass")
    with pytest.raises(H2OError, match="No code was uploaded as 'nobody'"):
        trained("AGE", prostate, distribution="custom", custom_distribution_func="python:nobody=a.B")
    with pytest.raises(H2OError, match="needs custom_distribution_func"):
        trained("AGE", prostate, distribution="custom")
    reference = h2o.upload_custom_distribution(CustomDistributionGaussian)
    with pytest.raises(
        H2OError, match="must give, for a response of two classes, a link whose inverse is a probability"
    ):
        trained("CAPSULE", prostate, distribution="custom", custom_distribution_func=reference)
    forest = H2ORandomForestEstimator(ntrees=2, distribution="custom")
    with pytest.raises(H2OError, match=r"for gradient boosting \(gbm\) alone"):
        forest.train(PREDICTORS, "AGE", prostate)


def test_a_server_that_runs_no_code_says_so(client: Any) -> None:
    with pytest.raises(NotAvailable, match="--allow-client-code"):
        client.upload_custom_distribution(CustomDistributionGaussian)
    frame = client.H2OFrame({"x": list(range(40)), "y": [i % 7 for i in range(40)]})
    model = client.H2OGradientBoostingEstimator(distribution="custom", custom_distribution_func="python:a=b.C")
    with pytest.raises((H2OError, ArtesianError), match="runs no code of its clients"):
        model.train(["x"], "y", frame)
