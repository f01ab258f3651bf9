"""The examples and the demonstration run as typed, print their figures and write their pictures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from artesian.core.errors import NotFound
from artesian.demo import find_mnist

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NETWORK = "from artesian.estimators import H2ODeepLearningEstimator"
IMPORTS = {"cars.py": NETWORK, "mnist.py": NETWORK, "automl.py": "from artesian.automl import H2OAutoML"}


def run(name: str, server_url: str, out: Path, *arguments: str) -> str:
    """The output of an example against the shared server."""
    environment = {key: value for key, value in os.environ.items() if key != "ARTESIAN_DATA"}
    command = [sys.executable, str(EXAMPLES / name), "--url", server_url, "--out", str(out), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("name", IMPORTS)
def test_only_two_lines_tell_which_client_is_used(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "artesian" in line and not line.startswith("#")]
    assert [line for line in lines if line.startswith(("import", "from"))] == ["import artesian as h2o", IMPORTS[name]]


def test_cars(server_url: str, tmp_path: Path) -> None:
    output = run("cars.py", server_url, tmp_path)
    table = output.partition("root mean squared error")[2].partition("importances")[0]
    rows = re.findall(r"^(.{45}) +([\d.]+) +([\d.]+) *([\d.]*)\s*$", table, flags=re.MULTILINE)
    assert len(rows) == 9
    assert all(float(valid) < 1.0 for _, _, valid, _ in rows)  # the mean alone is off by 1.7 cylinders
    assert [bool(folds) for *_, folds in rows] == [False] * 6 + [True] + [False] * 2
    assert len(list(tmp_path.glob("*.png"))) == 18


def test_digits(server_url: str, tmp_path: Path) -> None:
    output = run("mnist.py", server_url, tmp_path, "--epochs", "30")
    assert "small digits of scikit-learn stand in" in output
    errors = dict(re.findall(r"^([\w-]+): ([\d.]+)% of the test digits are wrong", output, flags=re.MULTILINE))
    assert set(errors) == {"momentum", "early-stopping"}
    assert float(errors["early-stopping"]) < 8
    found = re.search(r"AUC ([\d.]+)", output)
    assert found is not None
    assert float(found[1]) > 0.9
    names = {path.name for path in tmp_path.glob("*.png")}
    assert names == {"momentum-history.png", "early-stopping-history.png", "roc.png", "precision-recall.png"}


def test_automl(server_url: str, tmp_path: Path) -> None:
    output = run("automl.py", server_url, tmp_path, "--each", "1", "--rows", "300")
    for name in ("cars", "digits"):
        board = output.partition(f"=== {name}: leaderboard")[2].partition("Best of all")[0]
        assert sorted(re.findall(r"^ *(GBM|DeepLearning)_1_AutoML", board, flags=re.MULTILINE)) == [
            "DeepLearning",
            "GBM",
        ]
        assert "AutoML build started" in output.partition(f"=== {name}: what happened")[2]
    losses = [float(loss) for loss in re.findall(r"best forest: GBM_1_AutoML_\w+, logloss ([\d.]+)", output)]
    assert losses[0] < 0.5  # ln 2 = 0.69 knows nothing of two classes
    assert losses[1] < 1.2  # ln 10 = 2.3 of ten
    names = {f"{name}-{what}.png" for name in ("cars", "digits") for what in ("gbm-logloss", "importances", "models")}
    assert {path.name for path in tmp_path.glob("*.png")} == names


def test_the_demonstration_leaves_its_server_up(tmp_path: Path) -> None:
    environment = os.environ | {"ARTESIAN_RUNTIME_DIR": str(tmp_path / "run")}
    (tmp_path / "run").mkdir()
    environment.pop("ARTESIAN_DATA", None)
    cli = [sys.executable, "-m", "artesian.cli"]
    command = [*cli, "demo", "--out", str(tmp_path / "plots"), "--port", "55100+", "--epochs", "0.5"]
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=240, check=False
    )
    try:
        assert result.returncode == 0, result.stderr
        assert "defaults: root mean squared error" in result.stdout
        assert "of the test digits are wrong" in result.stdout
        found = re.search(r"still up at (http://\S+:(\d+)); stop it with: artesian stop --port \2", result.stdout)
        assert found is not None, result.stdout
        assert len(list((tmp_path / "plots").glob("*.png"))) == 8
        status = subprocess.run([*cli, "status"], capture_output=True, text=True, env=environment, check=False)
        assert found[1] in status.stdout
    finally:
        subprocess.run([*cli, "stop", "--all"], env=environment, capture_output=True, check=False)


def test_the_demonstration_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"holds no train\.csv\.gz"):
        find_mnist(str(tmp_path))
    (tmp_path / "mnist").mkdir()
    for name in ("train.csv.gz", "test.csv.gz"):
        (tmp_path / "mnist" / name).write_bytes(b"")
    assert find_mnist(str(tmp_path)) == (tmp_path / "mnist" / "train.csv.gz", tmp_path / "mnist" / "test.csv.gz")
    assert find_mnist(None) is None
