"""Metrics and distributions that clients send as Python source: run only where the setting `allow_client_code` is on.

A client uploads a zip with one module and names a class of it: `python:<key>=<module>.<class>`. The source was meant for
H2O's Jython, so it is given what it may import from there (see `jython`). A worker process is told by `available` which archives there are; code runs in that process, with its rights, never in the
server itself, and is no part of a model.

Metrics are called with arrays of all rows at once where that gives what calling them row by row does (tried on some
rows), else row by row. What boosting does with a distribution is in `trees.custom_distribution`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.learn.base.jython import jython

Floats = NDArray[np.float64]
_RUNS_NO_CODE = (
    "it is program code that the server would have to run, and this server runs no code of its clients. Start it with "
    "--allow-client-code if you trust all of them, or "
)
REFUSED = f"{_RUNS_NO_CODE}compute the metric from the predictions instead."
DISTRIBUTION_REFUSED = f"{_RUNS_NO_CODE}take one of the distributions that are there."
CODE_PARAMETERS = {"custom_metric_func": REFUSED, "custom_distribution_func": DISTRIBUTION_REFUSED}
"""The parameters that name code of clients, and why each is refused where that is not allowed."""
GBM_ALONE = "distributions in program code are for gradient boosting (gbm) alone."
_REFERENCE = re.compile(r"python:(?P<key>.+)=(?P<name>[\w.]+)")
_TRIED_ROWS = 32
_MOST_SOURCE = 1 << 20
_archives: dict[str, Path] = {}
_loaded: dict[str, Any] = {}


@contextmanager
def available(archives: Mapping[str, str | Path] | None) -> Iterator[None]:
    """Within it, the functions of these references (to the paths of their archives) can be used by this process."""
    before = dict(_archives)
    _archives.update({reference: Path(path) for reference, path in (archives or {}).items()})
    try:
        yield
    finally:
        _archives.clear()
        _archives.update(before)
        _loaded.clear()


def key_of(reference: str) -> str:
    """The key that the archive was uploaded under; InvalidArgument for what is no reference."""
    return _parts(reference)[0]


def _parts(reference: str) -> tuple[str, str]:
    found = _REFERENCE.fullmatch(reference.strip())
    if found is None:
        raise InvalidArgument(
            f"'{reference}' is no reference to a function of a client; one looks like python:key=module.class, as "
            "upload_custom_metric and upload_custom_distribution give it."
        )
    return found["key"], found["name"]


def metric_of(reference: str | None) -> CustomMetric | None:
    """The metric of a reference; None where there is none, or its code is not available here."""
    if not reference or reference not in _archives:
        return None
    return CustomMetric(key_of(reference), _instance(reference, ("map", "reduce", "metric")))


def distribution_code(reference: str) -> Any:
    """The object with `link`, `init`, `gradient` and `gamma` of a reference; InvalidArgument where its code is not available."""
    if reference not in _archives:
        raise InvalidArgument(f"The code of the custom distribution '{reference}' is not available here.")
    return _instance(reference, ("link", "init", "gradient", "gamma"))


def _instance(reference: str, methods: Sequence[str]) -> Any:
    if reference not in _loaded:
        key, name = _parts(reference)
        module, _, class_name = name.rpartition(".")
        namespace = _run(key, _source(_archives[reference], module or class_name))
        made = namespace.get(class_name)
        missing = [method for method in methods if not callable(getattr(made, method, None))]
        if not isinstance(made, type) or missing:
            raise InvalidArgument(f"The code of '{key}' defines no class '{class_name}' with {', '.join(methods)}.")
        _loaded[reference] = made()
    return _loaded[reference]


def _source(archive: Path, module: str) -> str:
    try:
        with zipfile.ZipFile(archive) as content:
            member = content.getinfo(f"{module.replace('.', '/')}.py")
            if member.file_size > _MOST_SOURCE:
                raise InvalidArgument(f"The source of '{module}' is longer than {_MOST_SOURCE >> 20} MB.")
            return content.read(member).decode("utf-8")
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as problem:
        raise InvalidArgument(f"The upload holds no readable module '{module}': {problem}.") from problem


def _run(key: str, source: str) -> dict[str, Any]:
    """The names that the source defines."""
    namespace: dict[str, Any] = {"__name__": f"client_code_{key}"}
    with jython():
        try:
            exec(compile(source, f"<code of {key}>", "exec"), namespace)  # allowed by the setting only
        except Exception as problem:
            raise InvalidArgument(
                f"The code of '{key}' cannot be run: {type(problem).__name__}: {problem}."
            ) from problem
    return namespace


@dataclass(frozen=True)
class CustomMetric:
    """A metric in three steps: `map` each row to a list of numbers, `reduce` two lists to one, `metric` of the last."""

    name: str
    function: Any

    def value(
        self,
        predictions: Sequence[Floats],
        actual: Floats,
        weights: Floats | None = None,
        offsets: Floats | None = None,
    ) -> float:
        """The metric of rows with a response, predictions and a weight above 0; NaN of no rows.

        `predictions` are columns: amounts; or number of the predicted class, then a probability a class.
        """
        counted = ~np.isnan(actual)
        for column in predictions:
            counted &= ~np.isnan(column)
        if weights is not None:
            counted &= weights > 0
        if not counted.any():
            return float("nan")
        actual = actual[counted]
        columns = [np.asarray(column)[counted] for column in predictions]
        mass = np.ones(len(actual)) if weights is None else weights[counted]
        shifts = np.zeros(len(actual)) if offsets is None else offsets[counted]
        try:
            with jython():
                return float(self.function.metric(self._reduced(self._mapped(columns, actual, mass, shifts))))
        except Exception as problem:
            raise InvalidArgument(
                f"The custom metric '{self.name}' failed: {type(problem).__name__}: {problem}."
            ) from problem

    def _mapped(self, columns: list[Floats], actual: Floats, mass: Floats, shifts: Floats) -> Floats:
        """What `map` gives of each row [rows, numbers]."""

        def by_row(row: int) -> list[float]:
            prediction = [float(column[row]) for column in columns]
            return [
                float(v)
                for v in self.function.map(prediction, [float(actual[row])], float(mass[row]), float(shifts[row]), None)
            ]

        rows = len(actual)
        return _at_once(lambda: self.function.map(columns, [actual], mass, shifts, None), by_row, rows)

    def _reduced(self, states: Floats) -> list[float]:
        """All states folded into one, half by half."""
        while len(states) > 1:
            half = len(states) // 2
            left, right = states[:half], states[half : 2 * half]

            def by_pair(row: int, left: Floats = left, right: Floats = right) -> list[float]:
                return [float(v) for v in self.function.reduce(left[row].tolist(), right[row].tolist())]

            def pairs(left: Floats = left, right: Floats = right) -> Any:
                return self.function.reduce(list(left.T.copy()), list(right.T.copy()))

            folded = _at_once(pairs, by_pair, half)
            if half > _TRIED_ROWS and np.array_equal(folded, left + right):  # it adds: numpy does that better
                return [float(np.ascontiguousarray(states[:, j]).sum()) for j in range(states.shape[1])]
            states = np.concatenate([folded, states[2 * half :]]) if len(states) % 2 else folded
        return [float(value) for value in states[0]]


def _at_once(all_rows: Callable[[], Any], by_row: Callable[[int], list[float]], rows: int) -> Floats:
    """[rows, numbers]: of all rows at once where that agrees with some rows taken one by one, else row by row."""
    tried = np.unique(np.linspace(0, rows - 1, min(rows, _TRIED_ROWS)).astype(np.int64))
    expected = np.array([by_row(int(row)) for row in tried], dtype=np.float64).reshape(len(tried), -1)
    if rows > _TRIED_ROWS:
        try:
            columns = [np.broadcast_to(np.asarray(v, dtype=np.float64), (rows,)) for v in all_rows()]
            found = np.column_stack(columns) if columns else np.zeros((rows, 0))
            if found.shape[1] == expected.shape[1] and np.allclose(found[tried], expected, rtol=1e-12, equal_nan=True):
                return found
        except Exception:  # code that decides by row cannot take arrays: that is what rows are for
            pass
        return np.array([by_row(row) for row in range(rows)], dtype=np.float64).reshape(rows, expected.shape[1])
    return expected
