"""Shares of kinds of columns, as the official client works them out."""

from __future__ import annotations

import pytest
from recording import Recorder

from artesian.client.creating import create_frame, shares
from artesian.client.exceptions import H2OValueError, NotAvailable

NONE: dict[str, float | None] = dict.fromkeys(["real", "categorical", "integer", "binary", "time", "string"])


def test_without_any_the_usual_shares() -> None:
    assert shares(NONE) == pytest.approx(
        {"real": 0.5, "categorical": 0.2, "integer": 0.2, "binary": 0.1, "time": 0, "string": 0}
    )


def test_what_is_left_is_shared_in_the_usual_proportions() -> None:
    found = shares(NONE | {"real": 0.0, "time": 0.5})
    assert found == pytest.approx(
        {"real": 0, "categorical": 0.2, "integer": 0.2, "binary": 0.1, "time": 0.5, "string": 0}
    )
    assert sum(shares(NONE | {"categorical": 1.0}).values()) == pytest.approx(1)


def test_shares_that_do_not_add_up_are_refused(recorder: Recorder) -> None:
    with pytest.raises(H2OValueError, match=r"add up to 1\.2"):
        shares(NONE | {"real": 0.6, "time": 0.6})
    with pytest.raises(H2OValueError, match=r"add up to 0\.6, which is less"):
        shares(dict.fromkeys(NONE, 0.1))
    with pytest.raises(H2OValueError, match="'real_fraction' must be from 0 to 1"):
        create_frame(real_fraction=1.5)
    with pytest.raises(H2OValueError, match="only with randomize=False"):
        create_frame(value=3)
    assert recorder.requests == []


def test_a_server_without_it_says_so(recorder: Recorder) -> None:
    recorder.replies["POST /3/CreateFrame"] = NotAvailable("Not available yet: making synthetic frames.")
    with pytest.raises(NotAvailable, match="synthetic"):
        create_frame(rows=5, cols=2, seed=1)
    data = recorder.requests[-1][1]
    assert (data["rows"], data["cols"], data["seed"], data["seed_for_column_types"]) == (5, 2, 1, -1)
    assert "real_fraction" not in data
    assert data["categorical_fraction"] == pytest.approx(0.2)
