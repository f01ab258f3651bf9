"""Any call of any operator gives a result or one clear sentence, in time: never another exception, never a hang."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from artesian.rapids.registry import operators

from .expressions import call_of
from .outcomes import evaluated, finding

# for a longer run with other calls each time: so many seconds for all operators, and where the number of calls is kept
_SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
_TALLY = os.environ.get("FUZZ_TALLY")
_EXAMPLES = 25
_runs = 0


def _try(name: str, data: st.DataObject) -> None:
    global _runs
    _runs += 1
    text = call_of(name, lambda of: data.draw(st.sampled_from(of)), lambda low, high: data.draw(st.integers(low, high)))
    found = finding(lambda: evaluated(text))
    assert found is None, f"{text} :: {found}"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", sorted(operators()))
def test_any_arguments_give_a_result_or_one_sentence(name: str) -> None:
    end = time.monotonic() + _SECONDS / len(operators())
    while True:
        calls = given(st.data())(lambda data: _try(name, data))
        calls = settings(
            max_examples=_EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )(calls)
        seed(time.time_ns() if _SECONDS else 0)(calls)()
        if _TALLY:
            Path(_TALLY).write_text(str(_runs))
        if time.monotonic() >= end:
            return
