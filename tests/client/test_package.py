"""`import artesian as h2o`: the names, what importing costs, and what the client may know."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import artesian
from artesian import client
from artesian.learn import algorithms

REPOSITORY = Path(__file__).resolve().parents[2]
CLIENT = Path(client.__file__).parent


def test_public_names_are_found_and_wrong_ones_get_a_near_one() -> None:
    for name in client.EXPORTS:
        assert getattr(artesian, name) is not None, name
    assert {"init", "H2OFrame", "import_file"} <= set(dir(artesian))
    with pytest.raises(AttributeError, match=r"nothing called 'H2OFram'\. Did you mean 'H2OFrame'"):
        artesian.H2OFram  # type: ignore[attr-defined]


def test_functions_win_over_subpackages_of_the_same_name() -> None:
    """Whoever has loaded the server's subpackages in the same process still finds the Python API."""
    folder = Path(artesian.__file__).parent
    subpackages = {path.stem for path in folder.iterdir() if not path.name.startswith("_")}
    assert subpackages & set(client.EXPORTS) == artesian.NAMES_OF_BOTH
    code = (
        "import artesian as h2o, artesian.rapids, artesian.frame; from artesian.frame import Frame; "
        "print(h2o.rapids.__module__, h2o.frame.__module__, Frame.__name__)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["artesian.client.session", "artesian.client.objects", "Frame"]


def test_estimators_are_where_scripts_look_for_them() -> None:
    from artesian.estimators import H2ODeepLearningEstimator
    from artesian.estimators.deeplearning import H2OAutoEncoderEstimator

    assert artesian.estimators.H2ODeepLearningEstimator is H2ODeepLearningEstimator
    assert artesian.H2OAutoEncoderEstimator is H2OAutoEncoderEstimator


def facades() -> ModuleType:
    specification = importlib.util.spec_from_file_location("facades", REPOSITORY / "tools" / "generate_facades.py")
    assert specification is not None
    assert specification.loader is not None
    made = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(made)
    return made


def test_each_class_is_where_scripts_look_for_it() -> None:
    """The official client's modules, recorded by introspection, against the classes that there are."""
    assert facades().stale() == [], "run python tools/generate_facades.py"


def test_written_modules_give_what_they_list() -> None:
    paths = facades().contents()
    assert {"estimators.glm", "model.metrics.binomial", "transforms.preprocessing", "tree.tree", "backend"} <= set(
        paths
    )
    for path, names in paths.items():
        module = importlib.import_module(f"artesian.{path}")
        lent = {name for name in module.__all__ if isinstance(getattr(module, name), ModuleType)}
        assert sorted(set(module.__all__) - lent) == sorted(names), path
        for name in names:
            assert getattr(module, name).__module__.startswith("artesian.client."), (path, name)


@pytest.mark.parametrize("algorithm", sorted(set(algorithms()) - {"greedy"}))  # which is our own
def test_each_algorithm_has_its_estimator_under_the_official_path(algorithm: str) -> None:
    """Found by the algorithm that a class trains, not by its name, so that no list has to be kept."""
    official = json.loads((REPOSITORY / "tests" / "client" / "official_members.json").read_text(encoding="utf-8"))
    modules = {path: names for path, names in official["modules"].items() if path.startswith("estimators.")}
    found = [
        path
        for path, names in modules.items()
        if importlib.util.find_spec(f"artesian.{path}") is not None
        and any(
            getattr(getattr(importlib.import_module(f"artesian.{path}"), name, None), "algo", None) == algorithm
            for name in names
        )
    ]
    assert len(found) == 1, f"no module under artesian.estimators has the estimator of {algorithm}"


def test_frames_are_lent_to_the_module_where_scripts_look_for_them() -> None:
    code = (
        "from artesian.frame import H2OFrame; import artesian.frame, sys; print(H2OFrame.__module__); "
        "print(hasattr(sys.modules['artesian.frame'], 'H2OGrid'))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["artesian.client.frame.frame", "False"]


@pytest.mark.alone
def test_importing_is_quick_and_loads_nothing_heavy() -> None:
    code = "import sys, artesian as h2o; print('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert not loaded & {"polars", "pandas", "numpy", "urllib3", "matplotlib", "starlette"}
    line = next(line for line in result.stderr.splitlines() if line.endswith(" artesian"))
    microseconds = int(line.split("|")[1])
    assert microseconds < 300_000


def test_connecting_loads_no_table_library() -> None:
    code = "import sys, artesian as h2o; h2o.connect; h2o.init; assert not {'polars', 'pandas', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_client_knows_rest_only() -> None:
    allowed = ("artesian.client", "artesian.core", "artesian.datasets")  # the last: files that come along, and no code
    for path in CLIENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert not name.startswith("artesian") or name.startswith(allowed), f"{path.name} imports {name}"


def test_names_of_the_official_client_that_are_not_here_yet_say_so() -> None:
    with pytest.raises(AttributeError, match="'H2OAssembly' is not available in artesian yet"):
        artesian.H2OAssembly  # type: ignore[attr-defined]
    assert not hasattr(artesian, "import_mojo")
