"""Writes the modules in which scripts written for H2O look for the client's classes: `artesian.estimators.glm` and the like.

`python tools/generate_facades.py` writes them, `--check` only says (by its exit status) whether they are current. The
paths and names of the official client's modules were recorded by introspection (`modules` in
tests/client/official_members.json); each name that the client has under whatever module of its own gets its place.
So a class that the client gains is found under the official path once this has run, and a test tells when it has not.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "src" / "artesian"
RECORDED = REPOSITORY / "tests" / "client" / "official_members.json"

NO_COUNTERPART = {
    "h2o": "its functions are those of the package itself",
    "frame": "artesian.frame is a part of the server; it lends H2OFrame when the client is asked for it",
    "astfun": "reads the bytecode of lambdas, which are called here",
    "expr_optimizer": "inner parts of how expressions are written",
    "demos": "demonstrations are started by artesian.demo",
    "display": "inner parts of how things are shown",
    "plot": "inner parts of how pictures are made",
    "telemetry": "nothing is reported to anybody",
    "enterprise": "advertises another product",
    "sklearn": "wrappers for scikit-learn have a module of their own",
    "sklearn.wrapper": "inner parts of those",
}
"""Modules of the official client that have no place here, and why."""
GATHERED = ("estimators", "exceptions", "model")
"""Modules that also give the names which only Artesian has: those that the client's module of that name lists."""
_MARK = "Written by tools/generate_facades.py."


@cache
def homes() -> dict[str, str]:
    """For each public class and function of the client the module that defines it."""
    client = importlib.import_module("artesian.client")
    found: dict[str, str] = {}
    for info in pkgutil.walk_packages(client.__path__, "artesian.client."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            defined = inspect.isclass(value) or inspect.isfunction(value)
            if defined and not name.startswith("_") and value.__module__ == info.name:
                found.setdefault(name, info.name)
    return found


@cache
def contents() -> dict[str, dict[str, str]]:
    """For each path that has a place here its names, and for each name the module to take it from."""
    official: dict[str, list[str]] = json.loads(RECORDED.read_text(encoding="utf-8"))["modules"]
    found: dict[str, dict[str, str]] = {}
    for path, names in official.items():
        if path in NO_COUNTERPART:
            continue
        taken = {name: homes()[name] for name in names if name in homes()}
        if path in GATHERED:
            listed = importlib.import_module(f"artesian.client.{path}").__all__
            taken |= {name: homes()[name] for name in listed if name in homes()}
        if taken:
            found[path] = taken
    for path in list(found):  # packages above those paths, which hold no names of their own
        for depth in range(1, path.count(".") + 1):
            found.setdefault(path.rsplit(".", depth)[0], {})
    return {path: _through_submodules(path, names, found) for path, names in found.items()}


def _through_submodules(path: str, names: dict[str, str], all_: dict[str, dict[str, str]]) -> dict[str, str]:
    """A package takes what its modules have from them, so that they are its attributes once it is imported."""
    inner = [other for other in all_ if other.startswith(f"{path}.") and "." not in other[len(path) + 1 :]]
    taken = dict(names)
    for other in sorted(inner):
        taken |= {name: f"artesian.{other}" for name in names if name in all_[other] and taken[name] == names[name]}
    return taken


def rendered() -> dict[Path, str]:
    """The text of each file."""
    paths = contents()
    return {_file_of(path, paths): _formatted(_text(path, names, paths)) for path, names in paths.items()}


def _file_of(path: str, paths: dict[str, dict[str, str]]) -> Path:
    is_package = any(other.startswith(f"{path}.") for other in paths)
    return PACKAGE / path.replace(".", "/") / "__init__.py" if is_package else PACKAGE / f"{path.replace('.', '/')}.py"


def _text(path: str, names: dict[str, str], paths: dict[str, dict[str, str]]) -> str:
    modules: dict[str, list[str]] = {}
    for name, module in names.items():
        modules.setdefault(module, []).append(name)
    imports = [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(modules.items())]
    used = set(modules)
    inner = [o for o in paths if o.startswith(f"{path}.") and "." not in o[len(path) + 1 :]]
    lent = {o.rsplit(".", 1)[1]: o for o in inner if f"artesian.{o}" not in used}
    imports += [f"import artesian.{other} as {name}" for name, other in lent.items()]
    exported = [f'    "{name}",' for name in sorted([*names, *lent])]
    return "\n".join([f'"""`artesian.{path}`, as scripts written for H2O import it. {_MARK}"""', "", *imports, "",
                      "__all__ = [", *exported, "]", ""])  # fmt: skip


def _formatted(source: str) -> str:
    for step in (["check", "--fix-only", "--select", "I,RUF022"], ["format"]):
        command = [sys.executable, "-m", "ruff", *step, "-q", "--stdin-filename", str(PACKAGE / "generated.py"), "-"]
        source = subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
    return source


def stale() -> list[Path]:
    """The files that differ from what would be written, and those written once that have no place any more."""
    files = rendered()
    wrong = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return wrong + [path for path in _written() if path not in files]


def _written() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if _MARK in path.read_text(encoding="utf-8")[:300]]


def main() -> int:
    """Writes the files, or with `--check` names those that are not current."""
    outdated = stale()
    files = rendered()
    for path in outdated:
        if "--check" in sys.argv[1:]:
            print(f"{path} is not current: run python tools/generate_facades.py", file=sys.stderr)
        elif path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
            print(f"wrote {path}")
        else:
            path.unlink()
            print(f"removed {path}")
    return 1 if outdated and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    raise SystemExit(main())
