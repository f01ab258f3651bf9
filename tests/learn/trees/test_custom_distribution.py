"""Distributions in program code: the built-in ones written in Python are the built-in ones, others do what they say."""

from __future__ import annotations

import warnings
import zipfile

import numpy as np
import polars as pl
import pytest
from workbench import numbers, table

from artesian.client.custom_functions import _source_with_bases
from artesian.client.distributions import (
    CustomDistributionBernoulli,
    CustomDistributionGaussian,
    CustomDistributionGeneric,
    CustomDistributionMultinomial,
)
from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.learn import validate
from artesian.learn.base.details import Category
from artesian.learn.trees.custom_distribution import CodedDistribution, DistributionCode, coded
from artesian.learn.trees.distributions import Boosted
from artesian.learn.trees.links import LINKS

BUILT_IN = {
    Category.REGRESSION: ("gaussian", CustomDistributionGaussian),
    Category.BINOMIAL: ("bernoulli", CustomDistributionBernoulli),
    Category.MULTINOMIAL: ("multinomial", CustomDistributionMultinomial),
}


class GaussianByRow(CustomDistributionGaussian):
    def gradient(self, y, f):
        return y - f if y > f else -(f - y)

    def gamma(self, w, y, z, f):
        return [w * z, w] if w > 0 else [0, 0]


class BernoulliByRow(CustomDistributionBernoulli):
    def gradient(self, y, f):
        import java.lang.Math as Math

        p = 1 / (1 + Math.exp(-f))
        return 1 - p if y == 1 else 0 - p


class MultinomialByRow(CustomDistributionMultinomial):
    """As H2O's own class has it."""

    def gradient(self, y, f, l):  # noqa: E741
        return 1 - f if y == l else 0 - f

    def gamma(self, w, y, z, f):
        import java.lang.Math as Math

        absz = Math.abs(z)
        return [w * z, w * (absz * (1 - absz))]


class SquaredGradient(CustomDistributionGaussian):
    def gradient(self, y, f):
        return (y - f) * (y - f)


class Poisson(CustomDistributionGeneric):
    def link(self):
        return "log"

    def init(self, w, o, y):
        import java.lang.Math as Math

        return [w * y, w * Math.exp(o)]

    def gradient(self, y, f):
        import java.lang.Math as Math

        return y - Math.exp(f)

    def gamma(self, w, y, z, f):
        return [w * z, w * (y - z)]


class Asymmetric(CustomDistributionGaussian):
    """An error upwards, of a prediction that is too low, counts three times."""

    def gradient(self, y, f):
        error = y - f
        return error * ((error > 0) * 3 + (error <= 0))

    def gamma(self, w, y, z, f):
        return [w * z, w * ((z > 0) * 3 + (z <= 0))]


@pytest.fixture
def using(gbm, tmp_path):
    """Makes the code of a class, or a source, available to the bench; the parameters that name it."""
    archives = tmp_path / "archives"
    archives.mkdir()

    def use(made, name=None):
        name = name or made.__name__
        source = made if isinstance(made, str) else _source_with_bases(made)
        wrapper = f"class {name}Wrapper({name}, DistributionFunc, object):\n    pass\n"
        path = archives / f"{name}.jar"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "distributions.py", f"{source}\nimport water.udf.CDistributionFunc as DistributionFunc\n{wrapper}"
            )
        reference = f"python:{name}=distributions.{name}Wrapper"
        gbm.code[reference] = path
        return {"distribution": "custom", "custom_distribution_func": reference}

    return use


def code_of(made, told=None):
    return DistributionCode(made(), made.__name__, (told if told is not None else []).append)


@pytest.mark.parametrize("category", BUILT_IN)
@pytest.mark.parametrize("sampled", [False, True])
def test_the_built_in_distributions_in_python_are_the_built_in_ones(gbm, using, category, sampled):
    frame, unseen = table(category, rows=300), table(category, rows=200, seed=5)
    name, made = BUILT_IN[category]
    asked = {"response_column": "y", "ntrees": 12, "max_depth": 4}
    if sampled:
        asked |= {"sample_rate": 0.6, "col_sample_rate": 0.7, "weights_column": "weight", "nbins": 10}
        frame = frame.with_column("weight", Column.reals(pl.Series(0.5 + np.arange(300) % 3)))
    built_in = gbm.train(frame, distribution=name, **asked)
    own = gbm.train(frame, validation=unseen if not sampled else None, **asked, **using(made))
    assert own.details.actual("distribution") == "custom"
    tolerance = 1e-9 if sampled else 0.0  # of weights the order of products in the start's sums differs
    assert numbers(own.predict(unseen)) == pytest.approx(numbers(built_in.predict(unseen)), rel=0, abs=tolerance)
    metrics = [trained.details.training_metrics for trained in (own, built_in)]
    assert metrics[0]["mse"] == pytest.approx(metrics[1]["mse"], rel=tolerance, abs=0)
    assert not [sentence for sentence in own.details.warnings if "row by itself" in sentence or "each row" in sentence]


@pytest.mark.parametrize(
    ("category", "by_row", "methods"),
    [
        (Category.REGRESSION, GaussianByRow, {"gradient", "gamma"}),
        (Category.BINOMIAL, BernoulliByRow, {"gradient"}),
        (Category.MULTINOMIAL, MultinomialByRow, {"gradient"}),
    ],
)
def test_code_that_decides_by_row_gives_the_same_and_a_warning(gbm, using, category, by_row, methods):
    frame = table(category, rows=300)
    built_in = gbm.train(frame, response_column="y", ntrees=8)
    own = gbm.train(frame, response_column="y", ntrees=8, **using(by_row))
    assert numbers(own.predict(frame)) == pytest.approx(numbers(built_in.predict(frame)), abs=1e-9)
    told = [sentence for sentence in own.details.warnings if "is called for each row by itself" in sentence]
    assert {sentence.split()[2] for sentence in told} == methods
    assert len(told) == len(methods), "each is told once"


def test_a_wrong_gradient_makes_another_model(gbm, using):
    frame = table(Category.REGRESSION, rows=300)
    right = gbm.train(frame, response_column="y", ntrees=3)
    wrong = gbm.train(frame, response_column="y", ntrees=3, **using(SquaredGradient))
    assert wrong.details.training_metrics["mse"] > 1.5 * right.details.training_metrics["mse"]


def test_a_training_that_runs_away_says_so(gbm, using):
    with pytest.raises(InvalidArgument, match="more than single precision holds: the training runs away"):
        gbm.train(table(Category.REGRESSION, rows=300), response_column="y", ntrees=50, **using(SquaredGradient))


def test_a_link_brings_outputs_to_the_response(gbm, using):
    """Poisson: H2O's built-in leaf value is the logarithm of a ratio of sums, here it is one step of Newton's method."""
    random = np.random.default_rng(3)
    x = random.normal(size=2000)
    counts = random.poisson(np.exp(0.5 + x * 0.8))
    frame = Frame.from_mapping({"x": Column.reals(pl.Series(x)), "y": Column.integers(pl.Series(counts))})
    asked = {"response_column": "y", "ntrees": 60, "max_depth": 3, "min_rows": 20}
    built_in = gbm.train(frame, distribution="poisson", **asked)
    own = gbm.train(frame, **asked, **using(Poisson))
    assert own.model.start == pytest.approx(np.log(counts.mean()), rel=1e-12)
    predictions = [numbers(trained.predict(frame))[:, 0] for trained in (own, built_in)]
    assert np.all(predictions[0] > 0)
    inner = np.abs(x) < 1.5
    assert np.mean(np.abs(np.log(predictions[0] / predictions[1]))[inner]) < 0.05


def test_an_asymmetric_loss_predicts_its_expectile(gbm, using):
    """Errors upwards that count three times: a group's best constant is its 3/4 expectile (Newey & Powell 1987).

    For the values 0 and 1, each half of a group, that is the c with 3 (1 - c) = c, 3/4; of a uniform distribution on 0 to 1
    it is the c with 3 (1 - c)² = c², √3 / (1 + √3).
    """
    values = (np.arange(1000) + 0.5) / 1000
    frame = Frame.from_mapping(
        {
            "group": Column.enums(pl.Series([0] * 1000 + [1] * 1000, dtype=pl.UInt32), ["halves", "uniform"]),
            "y": Column.reals(pl.Series(np.concatenate([np.repeat([0.0, 1.0], 500), values]))),
        }
    )
    asked = {"response_column": "y", "ntrees": 100, "max_depth": 2, "min_split_improvement": 0}
    own = numbers(gbm.train(frame, **asked, **using(Asymmetric)).predict(frame))[:, 0]
    assert own[0] == pytest.approx(0.75, abs=1e-5)
    assert own[-1] == pytest.approx(np.sqrt(3) / (1 + np.sqrt(3)), abs=1e-5)
    plain = numbers(gbm.train(frame, **asked).predict(frame))[:, 0]
    assert plain[[0, -1]] == pytest.approx([0.5, 0.5], abs=1e-6)


def test_an_offset_is_part_of_the_output(gbm, using):
    frame = table(Category.REGRESSION, rows=200)
    frame = frame.with_column("off", Column.reals(pl.Series(np.linspace(-3, 3, 200))))
    asked = {"response_column": "y", "offset_column": "off", "ntrees": 6}
    built_in = gbm.train(frame, distribution="gaussian", **asked)
    own = gbm.train(frame, **asked, **using(CustomDistributionGaussian))
    assert own.model.start == pytest.approx(built_in.model.start, rel=1e-13)
    assert numbers(own.predict(frame)) == pytest.approx(numbers(built_in.predict(frame)), abs=1e-9)


@pytest.mark.parametrize("category", BUILT_IN)
def test_cross_validation_and_continuing(gbm, using, category):
    frame = table(category, rows=240)
    name, made = BUILT_IN[category]
    folds = {"nfolds": 3, "fold_assignment": "Modulo", "ntrees": 5, "response_column": "y"}
    built_in = gbm.train(frame, distribution=name, **folds)
    own = gbm.train(frame, **folds, **using(made))
    found = [trained.details.cross_validation_metrics["mse"] for trained in (own, built_in)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    own_code = using(made)
    gbm.train(frame, key="first", response_column="y", ntrees=4, **own_code)
    continued = gbm.train(frame, response_column="y", ntrees=9, checkpoint="first", **own_code)
    whole = gbm.train(frame, response_column="y", ntrees=9, **own_code)
    assert np.array_equal(numbers(continued.predict(frame)), numbers(whole.predict(frame)))


def test_a_model_predicts_without_the_code(gbm, using):
    frame = table(Category.BINOMIAL, rows=200)
    built_in = gbm.train(frame, response_column="y", ntrees=5)
    own = gbm.train(frame, response_column="y", ntrees=5, **using(CustomDistributionBernoulli))
    gbm.code.clear()
    assert own.details.extra["link"] == "logit"
    assert np.array_equal(numbers(own.model.predict(frame).to_polars()), numbers(built_in.predict(frame)))


def test_the_link_cannot_change_with_a_checkpoint(gbm, using):
    frame = Frame.from_mapping(
        {"x": Column.reals(pl.Series(np.arange(60.0))), "y": Column.reals(pl.Series(np.arange(60) % 7 + 1.0))}
    )
    gbm.train(frame, key="first", response_column="y", ntrees=3, **using(Poisson))
    with pytest.raises(InvalidArgument, match="it was 'log' there, and is 'identity' now"):
        gbm.train(frame, response_column="y", ntrees=6, checkpoint="first", **using(CustomDistributionGaussian))


def test_amounts_have_no_deviance_and_early_stopping_watches_errors(gbm, using):
    frame, other = table(Category.REGRESSION, rows=300), table(Category.REGRESSION, rows=300, seed=9)
    asked = {"response_column": "y", "ntrees": 400, "stopping_rounds": 2, "stopping_tolerance": 0.01}
    asked |= {"score_tree_interval": 1, "validation": other}
    own = gbm.train(frame, **asked, **using(CustomDistributionGaussian))
    built_in = gbm.train(frame, stopping_metric="MSE", **asked)
    assert 5 < own.details.actual("ntrees") == built_in.details.actual("ntrees") < 400
    assert own.details.actual("stopping_metric") == "MSE"
    assert "training_deviance" not in own.details.scoring_history.column_names
    assert "validation_deviance" not in own.details.scoring_history.column_names
    assert own.details.training_metrics["mean_residual_deviance"] is None or np.isnan(
        float(own.details.training_metrics["mean_residual_deviance"])
    )


def test_a_distribution_that_fits_nothing_predicts_nothing(gbm, using):
    frame = table(Category.REGRESSION, rows=100)
    trained = gbm.train(frame, response_column="y", ntrees=5, **using(CustomDistributionGeneric))
    assert not numbers(trained.predict(frame)).any()
    source = """
class Null:
    def link(self):
        return "identity"
    def init(self, w, o, y):
        return [0, 0]
    def gradient(self, y, f):
        return 0
    def gamma(self, w, y, z, f):
        return 1
"""
    null = gbm.train(frame, response_column="y", ntrees=5, **using(source, "Null"))
    assert not numbers(null.predict(frame)).any()
    assert any("init gives 0 below the bar" in sentence for sentence in null.details.warnings)


# ---- what goes wrong ----


def changed(**methods):
    return type("Mine", (CustomDistributionGaussian,), methods)


def several(self, y, f):
    return [y, f]


def nothing(self, y, f):
    return None


def endless(self, y, f):
    return np.log(y * 0)


def failing(self, y, f):
    return y.missing


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        (several, r"gradient .* must give a number for each row. It gives \[1.0, 2.0\]"),
        (nothing, "gradient .* must give a number for each row. It gives None"),
        (endless, "gradient .* must give finite numbers. It gives -inf for y=1, f=2"),
        (failing, "gradient of the custom distribution 'Mine' failed: AttributeError"),
    ],
)
@pytest.mark.parametrize("rows", [5, 500])
def test_what_a_method_gives_is_checked(method, sentence, rows):
    code = code_of(changed(gradient=method))
    with pytest.raises(InvalidArgument, match=sentence), warnings.catch_warnings():
        warnings.simplefilter("error")
        code.gradient(np.ones(rows), np.full(rows, 2.0))


def test_a_leaf_needs_two_numbers():
    code = code_of(changed(gamma=lambda self, w, y, z, f: 1))
    with pytest.raises(InvalidArgument, match=r"gamma .* must give two numbers, those above .* It gives 1\."):
        code.gamma(*np.ones((4, 100)))


def test_not_a_number_is_found_in_the_row_where_it_is():
    code = code_of(changed(gradient=lambda self, y, f: np.where(y == 77, np.nan, y)))
    with pytest.raises(InvalidArgument, match="It gives nan for y=77, f=0"):
        code.gradient(np.arange(1000.0), np.zeros(1000))


def test_arrays_are_not_for_code_to_write_into():
    def in_place(self, y, f):
        y -= f
        return y

    y, f, told = np.arange(100.0), np.ones(100), []
    found = code_of(changed(gradient=in_place), told).gradient(y, f)
    assert np.array_equal(found, np.arange(100.0) - 1)
    assert np.array_equal(y, np.arange(100.0))
    assert len(told) == 1


def test_arrays_count_only_where_they_agree_with_rows():
    def relative(self, y, f):
        return y - np.mean(y)  # of a row 0, of all rows something else

    told = []
    assert not code_of(changed(gradient=relative), told).gradient(np.arange(100.0), np.zeros(100)).any()
    assert len(told) == 1


@pytest.mark.parametrize(
    ("made", "category", "sentence"),
    [
        (
            changed(link=lambda self: "logti"),
            Category.REGRESSION,
            r"must give the name of a link.*Did you mean 'logit'",
        ),
        (changed(link=lambda self: 3), Category.REGRESSION, r"It gives 3\."),
        (CustomDistributionGaussian, Category.BINOMIAL, "whose inverse is a probability: logit"),
    ],
)
def test_links_are_checked(made, category, sentence):
    with pytest.raises(InvalidArgument, match=sentence):
        code_of(made).link(category)


def test_arguments_are_checked():
    with pytest.raises(InvalidArgument, match=r"gradient .* must take y, f, l beside self for a response of three or"):
        code_of(CustomDistributionGaussian).check_arguments(True)
    with pytest.raises(InvalidArgument, match=r"gradient .* must take y, f beside self for a response of amounts"):
        code_of(CustomDistributionMultinomial).check_arguments(False)
    code_of(CustomDistributionGeneric).check_arguments(True)
    code_of(CustomDistributionGeneric).check_arguments(False)


def test_a_start_beyond_the_link_is_refused():
    made = type("Mine", (CustomDistributionBernoulli,), {})
    distribution = CodedDistribution(
        "custom", link="logit", code=code_of(made), category=Category.REGRESSION, tell=print
    )
    with pytest.raises(InvalidArgument, match=r"needs a mean between 0 and 1\. Its init gives 3"):
        distribution.start(np.full(10, 3.0), np.ones(10), None)


def test_links_lead_back():
    means = np.array([0.02, 0.3, 0.5, 0.8, 0.97])
    for name, link in LINKS.items():
        assert link.inverse(link.link(means)) == pytest.approx(means, rel=1e-12), name
    assert LINKS["oprobit"].link(np.array([0.975])) == pytest.approx(1.959963984540054, rel=1e-12)
    assert LINKS["ologlog"].link(np.array([1 - np.exp(-1)])) == pytest.approx(0.0, abs=1e-12)
    for link in LINKS.values():
        assert np.isfinite(link.link(np.array([0.0, 1.0]))).all()
    assert isinstance(Boosted("custom", link="log").inverse_link(np.zeros(1)), np.ndarray)


def test_code_that_is_not_there(using):
    with pytest.raises(InvalidArgument, match="is not available here"):
        coded("python:gone=distributions.Gone", Category.REGRESSION, print)


def test_where_it_is_asked_for_wrongly(gbm, using):
    own = using(CustomDistributionBernoulli)
    allowed = Settings(allow_client_code=True)

    def problems(algorithm, given, settings=allowed):
        found = validate(algorithm, given, settings=settings).problems
        return [(problem.severity, problem.field, problem.message) for problem in found]

    assert not problems("gbm", own)
    (refused,) = problems("gbm", own, Settings())
    assert refused[:2] == ("error", "custom_distribution_func")
    assert "runs no code of its clients. Start it with --allow-client-code" in refused[2]
    (missing,) = problems("gbm", {"distribution": "custom"})
    assert missing[:2] == ("error", "custom_distribution_func")
    assert "needs custom_distribution_func" in missing[2]
    (idle,) = problems("gbm", {"custom_distribution_func": own["custom_distribution_func"]})
    assert idle[0] == "warning"
    (nonsense,) = problems("gbm", {"distribution": "custom", "custom_distribution_func": "nonsense"})
    assert "is no reference to a function of a client" in nonsense[2]
    for algorithm in ("drf", "deeplearning", "xgboost"):
        (other,) = problems(algorithm, {"distribution": "custom"})
        assert other[:2] == ("error", "distribution")
        assert "for gradient boosting (gbm) alone" in other[2]
    frame = table(Category.BINOMIAL).with_column("off", Column.reals(pl.Series(np.zeros(120))))
    for name, value in {"offset_column": "off", "monotone_constraints": {"a": 1}}.items():
        with pytest.raises(InvalidParameters) as error:
            gbm.train(frame, response_column="y", **own, **{name: value})
        assert [problem.field for problem in error.value.problems if problem.severity == "error"] == [name]
