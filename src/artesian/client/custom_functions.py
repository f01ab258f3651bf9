"""Metrics written in Python: their source goes to the server, which runs it if its setting allows that."""

from __future__ import annotations

import inspect
import tempfile
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from artesian.client import session
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError

_METRIC_METHODS = ("map", "reduce", "metric")


def _source_of(made: type) -> str:
    """The source of a class; in an interactive session that of its methods, one after the other."""
    try:
        return textwrap.dedent(inspect.getsource(made))
    except (OSError, TypeError):
        methods = [
            textwrap.dedent(inspect.getsource(member)) for _, member in inspect.getmembers(made, inspect.isfunction)
        ]
        return f"class {made.__name__}:\n" + textwrap.indent("\n".join(methods), "    ")


def upload_custom_metric(
    func: type | str,
    func_file: str = "metrics.py",
    func_name: str | None = None,
    class_name: str | None = None,
    source_provider: Callable[[Any], str] | None = None,
) -> str:
    """Sends a metric to the server; the reference for `custom_metric_func`.

    `func` is a class with `map(pred, act, w, o, model)`, which gives a list of numbers for a row, `reduce(l, r)`, which
    combines two such lists, and `metric(l)`, which makes the metric of the last one; or the source of one, with its
    `class_name`. Raises NotAvailable, by the server's sentence, where it runs no code of its clients.
    """
    check_type("func_file", func_file, str)
    if not func_file.endswith(".py"):
        raise H2OValueError(f"func_file must be the name of a Python file, ending in '.py'. Got {func_file!r}.")
    if isinstance(func, str):
        if class_name is None:
            raise H2OValueError("Give the class_name of the metric when its source is a string.")
        source, name = func, class_name
    elif inspect.isclass(func):
        if class_name is not None:
            raise H2OValueError("Leave class_name out when the metric is a class.")
        missing = [method for method in _METRIC_METHODS if not callable(getattr(func, method, None))]
        if missing:
            raise H2OValueError(
                f"The class of a metric needs the methods map, reduce and metric; it lacks {missing[0]!r}."
            )
        source, name = (source_provider or _source_of)(func), func.__name__
    else:
        raise H2OValueError(f"A metric is a class, or the source of one. Got {func!r}.")
    key = func_name or f"metrics_{name}"
    with tempfile.TemporaryDirectory(prefix="artesian-function") as folder:
        archive = Path(folder) / "function.zip"
        with zipfile.ZipFile(archive, "w") as content:
            content.writestr(func_file, source)
        reply = session.api(
            f"POST /3/PutKey?destination_key={quote(key, safe='')}&overwrite=true", filename=str(archive)
        )
    return f"python:{reply['destination_key']}={func_file[:-3]}.{name}"
