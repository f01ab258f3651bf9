"""What may come of a call at random: a result, or one clear sentence. Everything else is a finding."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from artesian.core.errors import ArtesianError, OutOfMemory
from artesian.frame import Frame
from artesian.rapids import evaluate
from artesian.rapids.values import Result

from .expressions import environment

SLOW_SECONDS = 5.0
_INSIDES = re.compile(
    r"Traceback|NoneType|object has no|unsupported operand|Exception|PanicException|called `|unwrap\(\)|not iterable|dtype|"
    r"operator '' failed|numpy|ndarray|0x[0-9a-f]{8}|<class|<function|site-packages|\.py\b|\.rs\b"
)
_WIDEST = 2_000  # characters


def unclear(error: ArtesianError) -> str | None:
    """What keeps an error from being one clear sentence of the user's doing, if anything does."""
    sentence = str(error)
    if error.status >= 500 and not isinstance(error, OutOfMemory) and error.status != 501:
        return f"an error of the server itself: {sentence}"
    if not sentence or sentence != sentence.strip() or "\n" in sentence or len(sentence) > _WIDEST:
        return f"no single sentence: {sentence!r}"
    if not sentence.endswith((".", "?", "!", ")")):
        return f"no full stop: {sentence!r}"
    found = _INSIDES.search(re.sub(r"'[^']*'", "''", sentence))
    return f"speaks of the insides ({found.group()}): {sentence!r}" if found else None


def finding(call: Callable[[], Any]) -> str | None:
    """What is wrong with how a call ended: None where it gave a result in time, or one clear sentence."""
    began = time.monotonic()
    try:
        call()
    except ArtesianError as error:
        wrong = unclear(error)
    except RecursionError:
        wrong = "RecursionError"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library is no Exception
        wrong = f"{type(error).__name__}: {error} ({_place(error)})"
    else:
        wrong = None
    took = time.monotonic() - began
    return wrong or (f"took {took:.1f} s" if took > SLOW_SECONDS else None)


def _place(error: BaseException) -> str:
    """Where in the project it was raised."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "artesian" in code.co_filename:
            place = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def evaluated(text: str) -> Result:
    """The result of an expression on the frames of `expressions`, looked at cell by cell."""
    result = evaluate(text, environment())
    frames = [result.value] if isinstance(result.value, Frame) else []
    frames += list(result.value.values()) if isinstance(result.value, dict) else []
    for frame in frames:
        assert all(len(column) == frame.n_rows for column in frame.columns), "columns of unequal length"
        assert len(set(frame.names)) == len(frame.names), "names twice"
        frame.to_polars()
    return result
