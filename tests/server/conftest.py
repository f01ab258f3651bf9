"""Servers to test against; the heavy fixtures live as long as the test run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from server_client import Client, Starter, car_rows, start, stop


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def server(shared_folder: Path) -> Iterator[Client]:
    """One server for all tests that leave it whole; imports and exports are jailed to its folder."""
    client = start(shared_folder, "--workers", "2")
    yield client
    stop(client)


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Starter]:
    """Starts further servers, which end with the test."""
    started: list[Client] = []

    def starter(*flags: str, **environment: str) -> Client:
        started.append(start(tmp_path / f"server{len(started)}", *flags, **environment))
        return started[-1]

    yield starter
    for client in started:
        assert client.process is not None
        if client.process.poll() is None:
            stop(client)


@pytest.fixture(scope="session")
def cars(server: Client) -> str:
    """A frame with categorical, whole and real columns, its last column a factor of two levels."""
    server.upload(car_rows(), "cars")
    server.rapids("(assign cars (:= cars (as.factor (cols_py cars 'economy_20mpg')) 8 []))")
    server.rapids("(assign cars_many (:= cars (as.factor (cols_py cars 'cylinders')) 6 []))")
    return "cars"


@pytest.fixture(scope="session")
def models(server: Client, cars: str) -> dict[str, str]:
    """A small model of each category, by its short name."""
    shared = {
        "seed": "1",
        "epochs": "2",
        "hidden": "[4,4]",
        "reproducible": "true",
        "export_weights_and_biases": "true",
        "training_frame": cars,
        "validation_frame": cars,
    }
    own = {
        "bin": {
            "response_column": "economy_20mpg",
            "nfolds": "2",
            "keep_cross_validation_predictions": "true",
            "keep_cross_validation_fold_assignment": "true",
            "ignored_columns": '["name","economy","cylinders"]',
        },
        "mul": {
            "response_column": "cylinders",
            "training_frame": "cars_many",
            "validation_frame": "cars_many",
            "nfolds": "2",
            "ignored_columns": '["name","economy","economy_20mpg"]',
        },
        "reg": {"response_column": "economy", "nfolds": "2", "ignored_columns": '["name","cylinders","economy_20mpg"]'},
        "ae": {"autoencoder": "true", "ignored_columns": '["name","cylinders","economy","economy_20mpg"]'},
    }
    for name, parameters in own.items():
        started = server.post("/3/ModelBuilders/deeplearning", **(shared | parameters | {"model_id": f"cars_{name}"}))
        ended = server.wait(started["job"])
        assert ended["status"] == "DONE", ended
    return {name: f"cars_{name}" for name in own}
