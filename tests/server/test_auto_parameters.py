"""Parameters that were left at AUTO: shown as what AUTO came to stand for, unless a client asks to see them as they were."""

from __future__ import annotations

import pytest

from artesian.estimators import H2OKMeansEstimator

PROPERTY = "sys.ai.h2o.algos.evaluate_auto_model_parameters"


@pytest.fixture
def client(server_url):
    import artesian as h2o
    from artesian.client import session

    h2o.no_progress()
    h2o.connect(url=server_url, verbose=False)
    yield h2o
    h2o.rapids(f'(setproperty "{PROPERTY}" "true")')
    h2o.remove_all()
    h2o.connection().close()
    session._current = None


def actual(frame, **options):
    model = H2OKMeansEstimator(k=2, seed=1, **options)
    model.train(["AGE", "PSA"], training_frame=frame)
    return [model.actual_params[name] for name in ("categorical_encoding", "fold_assignment")]


def test_auto_is_shown_settled_or_as_it_was(client):
    frame = client.import_file("tests/data/prostate.csv")
    assert actual(frame) == ["Enum", None]
    assert actual(frame, nfolds=2) == ["Enum", "Random"]
    client.rapids(f'(setproperty "{PROPERTY}" "false")')
    assert actual(frame, nfolds=2) == ["AUTO", "AUTO"]
