"""Metrics and distributions written in Python: their source goes to the server, which runs it if its setting allows that."""

from __future__ import annotations

import ast
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

_METHODS = {"metric": ("map", "reduce", "metric"), "distribution": ("link", "init", "gradient", "gamma")}
"""What a class of each kind has to have."""


def _source_of(made: type) -> str:
    """The source of a class; in an interactive session that of its methods, one after the other."""
    try:
        return textwrap.dedent(inspect.getsource(made))
    except (OSError, TypeError):
        methods = [
            textwrap.dedent(inspect.getsource(member)) for _, member in inspect.getmembers(made, inspect.isfunction)
        ]
        return f"class {made.__name__}:\n" + textwrap.indent("\n".join(methods), "    ")


def _source_with_bases(made: type) -> str:
    """The sources of a class and of those that it derives from, the first of them first.

    Each names its bases without the modules that they were imported from, and nothing looks at its annotations: what those
    name is not there where the source goes.
    """
    try:
        classes = [_alone(base) for base in reversed(made.__mro__) if base is not object]
    except (OSError, TypeError):  # an interactive session keeps the sources of functions only, inherited ones too
        classes = [_source_of(made)]
    return "\n\n".join(["from __future__ import annotations", *classes])


def _alone(made: type) -> str:
    """The source of one class."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(made))).body[0]
    if not isinstance(definition, ast.ClassDef):
        raise OSError(f"the source of {made.__name__} is no class")
    definition.bases = [ast.Name(base.__name__, ast.Load()) for base in made.__bases__ if base is not object]
    definition.keywords, definition.decorator_list, definition.name = [], [], made.__name__
    return ast.unparse(definition)


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
    return _upload("metric", func, func_file, func_name, class_name, source_provider or _source_of)


def upload_custom_distribution(
    func: type | str,
    func_file: str = "distributions.py",
    func_name: str | None = None,
    class_name: str | None = None,
    source_provider: Callable[[Any], str] | None = None,
) -> str:
    """Sends a distribution for gradient boosting to the server; the reference for `custom_distribution_func`.

    `func` is a class with `link()`, `init(w, o, y)`, `gradient(y, f)` (`gradient(y, f, l)` for three or more classes) and
    `gamma(w, y, z, f)`, mostly derived from one of `artesian.utils.distributions`, which goes along; or the source of one,
    with its `class_name`. Raises NotAvailable, by the server's sentence, where it runs no code of its clients.
    """
    return _upload("distribution", func, func_file, func_name, class_name, source_provider or _source_with_bases)


def _upload(
    kind: str,
    func: type | str,
    func_file: str,
    func_name: str | None,
    class_name: str | None,
    source_provider: Callable[[Any], str],
) -> str:
    check_type("func_file", func_file, str)
    if not func_file.endswith(".py"):
        raise H2OValueError(f"func_file must be the name of a Python file, ending in '.py'. Got {func_file!r}.")
    if isinstance(func, str):
        if class_name is None:
            raise H2OValueError(f"Give the class_name of the {kind} when its source is a string.")
        source, name = func, class_name
    elif inspect.isclass(func):
        if class_name is not None:
            raise H2OValueError(f"Leave class_name out when the {kind} is a class.")
        missing = [method for method in _METHODS[kind] if not callable(getattr(func, method, None))]
        if missing:
            *others, last = _METHODS[kind]
            raise H2OValueError(
                f"The class of a {kind} needs the methods {', '.join(others)} and {last}; it lacks {missing[0]!r}."
            )
        source, name = source_provider(func), func.__name__
    else:
        raise H2OValueError(f"A {kind} is a class, or the source of one. Got {func!r}.")
    key = func_name or f"{kind}s_{name}"
    with tempfile.TemporaryDirectory(prefix="artesian-function") as folder:
        archive = Path(folder) / "function.zip"
        with zipfile.ZipFile(archive, "w") as content:
            content.writestr(func_file, source)
        reply = session.api(
            f"POST /3/PutKey?destination_key={quote(key, safe='')}&overwrite=true", filename=str(archive)
        )
    return f"python:{reply['destination_key']}={func_file[:-3]}.{name}"
