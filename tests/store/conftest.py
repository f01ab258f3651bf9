"""Stores for tests: a temporary one, and one on a folder that can be opened again."""

import json

import numpy as np
import polars as pl
import pytest

from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.store import Store


@pytest.fixture
def store():
    with Store(Settings()) as opened:
        yield opened


@pytest.fixture
def open_store(tmp_path):
    """Opens a store on a data folder; called again (after close) it reopens the same."""
    opened = []

    def open_(**settings):
        store = Store(Settings(data_dir=str(tmp_path / "data"), **settings))
        opened.append(store)
        return store

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def make_model(store):
    """Writes a model folder as a worker would and returns its path."""

    def make(name="m", details=None, into=None):
        folder = (into or store).scratch_folder / name
        folder.mkdir()
        (folder / "details.json").write_text(json.dumps(details or {"algorithm": "deeplearning"}))
        (folder / "arrays.safetensors").write_bytes(bytes(1000))
        return folder

    return make


@pytest.fixture
def numbers():
    """Makes frames of Float64 columns, 8 * rows bytes each."""

    def make(rows=1000, columns=1, seed=0) -> Frame:
        values = np.random.default_rng(seed).random((rows, columns))
        return Frame.from_polars(pl.DataFrame({f"c{i}": values[:, i] for i in range(columns)}))

    return make
