"""What the client believes of a lazy result (size, names, types) is what the server says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Verb = Callable[[Any], Any]

STRINGS = ["trim", "toupper", "tolower", "nchar", "entropy", "lstrip", "rstrip"]
TIMES = ["year", "month", "day", "week", "dayOfWeek", "hour", "minute", "second"]
NUMBERS = [
    "cumsum", "cumprod", "cummin", "cummax", "isna", "round", "signif", "scale", "sqrt", "trunc", "sign", "floor", "ceil",
    "exp", "abs", "log", "na_omit", "fillna", "logical_negation", "__neg__", "__invert__",
]  # fmt: skip


def _named(column: Any, name: str) -> Verb:
    return lambda frame: getattr(frame[column], name)()


def _assigned(frame: Any, column: str, value: Any) -> Any:
    frame[column] = value
    return frame


VERBS: dict[str, Verb] = (
    {name: _named("s", name) for name in STRINGS}
    | {name: _named("t", name) for name in TIMES}
    | {name: _named(["n", "r"], name) for name in NUMBERS}
    | {
        "countmatches": lambda f: f["s"].countmatches("a"),
        "substring": lambda f: f["s"].substring(0, 1),
        "gsub": lambda f: f["s"].gsub("a", "z"),
        "strsplit": lambda f: f["s"].strsplit(" "),
        "difflag1": lambda f: f["n"].difflag1(),
        "plus a number": lambda f: f[["n", "r"]] + 1,
        "a number less": lambda f: 1 - f[["n", "r"]],
        "halves": lambda f: f[["n", "r"]] / 2,
        "whole halves": lambda f: f["n"] // 2,
        "squares": lambda f: f["n"] ** 2,
        "equal to a number": lambda f: f[["n", "r"]] == 1,
        "equal to a level": lambda f: f["f"] == "u",
        "two columns": lambda f: f["n"] + f["r"],
        "a column beside several": lambda f: f[["n", "r"]] * f["n"],
        "and": lambda f: (f["n"] > 0) & (f["n"] < 2),
        "asfactor": lambda f: f["n"].asfactor(),
        "asnumeric": lambda f: f["f"].asnumeric(),
        "ascharacter": lambda f: f[["n", "r"]].ascharacter(),
        "cut": lambda f: f["n"].cut([0, 1, 3]),
        "relevel": lambda f: f["f"].relevel("v"),
        "set_levels": lambda f: f["f"].set_levels(["x", "y"]),
        "append_levels": lambda f: f["f"].append_levels(["x"]),
        "set_level": lambda f: f["f"].set_level("v"),
        "relevel_by_frequency": lambda f: f["f"].relevel_by_frequency(),
        "runif": lambda f: f.runif(1),
        "moment": lambda f: f.moment(2020, 1, f["n"]),
        "sort": lambda f: f.sort("n"),
        "cbind": lambda f: f["n"].cbind(f["f"]),
        "cbind of equal names": lambda f: f["n"].cbind(f["n"]),
        "rbind": lambda f: f.rbind(f),
        "drop": lambda f: f.drop("n"),
        "columns": lambda f: f[["f", "n"]],
        "a column twice": lambda f: f[["n", "n"]],
        "rows by condition": lambda f: f[f["n"] > 1, :],
        "a row": lambda f: f[0, :],
        "rows by slice": lambda f: f[1:, ["s", "f"]],
        "ifelse": lambda f: (f["n"] > 1).ifelse(1, 0),
        "set_names": lambda f: f.set_names(list("abcde")),
        "another column of another type": lambda f: _assigned(f, "n", f["f"]),
        "the same column as a factor": lambda f: _assigned(f, "n", f["n"].asfactor()),
        "a new column": lambda f: _assigned(f, "k", f["n"] * 2),
        "a new whole number": lambda f: _assigned(f, "k", 3),
        "a new real number": lambda f: _assigned(f, "k", 1.5),
        "some rows": lambda f: _assigned(f, (f["n"] > 1, "r"), 7),
    }
)


@pytest.fixture(scope="module")
def source(server_url: str) -> Any:
    """A frame of a column of each type; the module's tests share it."""
    import artesian as h2o
    from artesian.client import session

    connection = h2o.connect(url=server_url, verbose=False)
    h2o.no_progress()
    columns = {
        "s": ["a b", "c d", "a x"],
        "n": [1, 2, 3],
        "r": [0.5, 1.5, None],
        "f": ["u", "v", "u"],
        "t": ["2020-01-02", "2021-02-03", "2020-01-02"],
    }
    yield h2o.H2OFrame(columns, column_types={"s": "string", "f": "enum", "t": "time"})
    h2o.remove_all()
    connection.close()
    session._current = None
    h2o.show_progress()


@pytest.mark.parametrize("verb", list(VERBS))
def test_beliefs_hold(source: Any, verb: str) -> None:
    import artesian as h2o

    result = VERBS[verb](h2o.H2OFrame(source))
    believed = dict(vars(result._info))
    result.refresh()
    true = {"nrows": result.nrow, "ncols": result.ncol, "names": result.names, "types": result.types}
    wrong = {what: (value, true[what]) for what, value in believed.items() if value is not None and value != true[what]}
    assert wrong == {}
