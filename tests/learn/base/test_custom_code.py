"""Metrics that come as source: arrays where the code takes them, rows where it does not; the same numbers either way."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from sklearn.metrics import log_loss, mean_absolute_error

from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings
from artesian.learn import validate
from artesian.learn.base.custom_code import available, key_of, metric_of
from artesian.learn.base.details import Category
from artesian.learn.base.scoring import Scorer

HEAD = "import water.udf.CMetricFunc as MetricFunc\n"
MAE = """
class Mae:
    def map(self, pred, act, w, o, model):
        return [w * abs(act[0] - pred[0]), w]
    def reduce(self, l, r):
        return [l[0] + r[0], l[1] + r[1]]
    def metric(self, l):
        return l[0] / l[1]
"""
BY_ROW = """
class ByRow:
    def map(self, pred, act, w, o, model):
        import water.util.MathUtils as math
        err = 1 - pred[int(act[0]) + 1]
        return [w * math.logloss(err), w]
    def reduce(self, l, r):
        return [l[0] + r[0], l[1] + r[1]]
    def metric(self, l):
        import java.lang.Math as math
        return math.max(l[0] / l[1], 0)
"""
COUNTING = """
class Counting:
    calls = [0]
    def map(self, pred, act, w, o, model):
        self.calls[0] += 1
        return [1]
    def reduce(self, l, r):
        return [l[0] + r[0]]
    def metric(self, l):
        return l[0] * 1000 + self.calls[0]
"""


@pytest.fixture
def using(tmp_path):
    """Makes the code of a class available for the test."""
    managers = []

    def use(source, name):
        path = tmp_path / f"{name}.jar"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "metrics.py", f"{HEAD}{source}\nclass {name}Wrapper({name}, MetricFunc, object):\n    pass\n"
            )
        reference = f"python:{name.lower()}=metrics.{name}Wrapper"
        managers.append(available({reference: path}))
        managers[-1].__enter__()
        return reference

    yield use
    for manager in reversed(managers):
        manager.__exit__(None, None, None)


def scorer(category, reference, **parameters):
    domain = {Category.BINOMIAL: ("a", "b"), Category.MULTINOMIAL: ("a", "b", "c")}.get(category, ())
    return Scorer(category, "y", domain, {"custom_metric_func": reference, **parameters})


def test_arrays_are_taken_at_once(using):
    random = np.random.default_rng(1)
    actual, predicted, weights = random.normal(size=(3, 1001))
    weights = np.abs(weights)
    actual[::7] = np.nan
    metrics = scorer(Category.REGRESSION, using(MAE, "Mae")).of_arrays(actual, predicted, weights)
    there = ~np.isnan(actual)
    expected = mean_absolute_error(actual[there], predicted[there], sample_weight=weights[there])
    assert metrics.custom_metric_name == "mae"
    assert metrics.custom_metric_value == pytest.approx(expected)
    assert metrics.custom_metric_value == pytest.approx(metrics.mae)


@pytest.mark.parametrize("category", [Category.BINOMIAL, Category.MULTINOMIAL])
def test_code_that_decides_by_row_is_called_row_by_row(using, category):
    random = np.random.default_rng(2)
    classes = 2 if category is Category.BINOMIAL else 3
    probabilities = random.dirichlet(np.ones(classes), size=300)
    actual = random.integers(0, classes, size=300).astype(float)
    metrics = scorer(category, using(BY_ROW, "ByRow")).of_arrays(actual, probabilities)
    assert metrics.custom_metric_value == pytest.approx(log_loss(actual, probabilities))
    assert metrics.custom_metric_value == pytest.approx(metrics.log_loss)


def test_all_rows_take_few_calls(using):
    rows = 5000
    value = metric_of(using(COUNTING, "Counting")).value([np.zeros(rows)], np.zeros(rows))
    assert value // 1000 == rows
    assert value % 1000 == 33, "32 rows by themselves and all of them once"


def test_rows_that_do_not_count(using):
    metric = metric_of(using(MAE, "Mae"))
    assert np.isnan(metric.value([np.zeros(3)], np.full(3, np.nan)))
    assert metric.value([np.array([1.0, 5.0])], np.zeros(2), np.array([1.0, 0.0])) == 1.0


def test_code_is_there_only_while_it_is_made_available(using, tmp_path):
    assert metric_of("python:mae=metrics.MaeWrapper") is None
    assert metric_of(None) is None
    reference = using(MAE, "Mae")
    assert metric_of(reference) is not None
    with available(None):
        assert metric_of(reference) is not None


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("class Bad(:", "Bad", "SyntaxError"),
        ("raise ValueError('no')\nclass Bad: pass", "Bad", "ValueError: no"),
        ("class Bad:\n    def map(self): pass", "Bad", "no class 'BadWrapper' with map, reduce, metric"),
    ],
)
def test_code_that_cannot_be_used_is_refused(using, source, name, text):
    with pytest.raises(InvalidArgument, match=text):
        metric_of(using(source, name))


def test_failures_of_the_code_are_told(using):
    with pytest.raises(InvalidArgument, match="custom metric 'mae' failed: ZeroDivisionError"):
        metric_of(using(MAE.replace("w * abs(act[0] - pred[0])", "1 / 0"), "Mae")).value([np.zeros(2)], np.zeros(2))


def test_references():
    assert key_of("python:some key=a.b.C") == "some key"
    with pytest.raises(InvalidArgument, match=r"python:key=module\.class"):
        key_of("java:x=y")


@pytest.mark.parametrize(
    ("given", "settings", "field", "text"),
    [
        ({"custom_metric_func": "python:a=b.C"}, None, "custom_metric_func", "--allow-client-code"),
        ({"custom_metric_func": "python:a=b.C"}, Settings(), "custom_metric_func", "runs no code of its clients"),
        ({"custom_metric_func": "nonsense"}, Settings(allow_client_code=True), "custom_metric_func", "no reference"),
        ({"stopping_metric": "custom"}, Settings(allow_client_code=True), "stopping_metric", "give custom_metric_func"),
        (
            {"custom_metric_func": "python:a=b.C", "autoencoder": True},
            Settings(allow_client_code=True),
            "custom_metric_func",
            "Autoencoder",
        ),
    ],
)
def test_parameters_are_checked(given, settings, field, text):
    checked = validate("deeplearning", given, settings=settings)
    assert [p for p in checked.problems if p.field == field and text in p.message], checked.problems


def test_allowed_code_is_no_problem():
    given = {"custom_metric_func": "python:a=b.C", "stopping_metric": "custom"}
    assert not validate("deeplearning", given, settings=Settings(allow_client_code=True)).problems
