"""Models that earlier versions wrote are read, and predict what they predicted then."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from record import MODELS, plain, read

from artesian.core.errors import InvalidArgument
from artesian.learn import algorithms
from artesian.learn.base.model import load_model

ROUNDING = 1e-5
"""Networks compute with 24 bits, whose last ones depend on the width of the processor's registers."""
FOUND = sorted(path.name for path in MODELS.iterdir())


@pytest.mark.parametrize("name", FOUND)
def test_an_earlier_version_s_model_predicts_the_same(name):
    kept = json.loads((MODELS / name / "predictions.json").read_text(encoding="utf-8"))
    model = load_model(MODELS / name / "model")
    predicted = plain(model.predict(read(kept["rows"])))
    assert [(c["name"], c["levels"]) for c in predicted] == [(c["name"], c["levels"]) for c in kept["predictions"]]
    for now, then in zip(predicted, kept["predictions"], strict=True):
        found, expected = (np.array(item["values"], dtype=np.float64) for item in (now, then))
        assert found == pytest.approx(expected, rel=ROUNDING, abs=ROUNDING, nan_ok=True), now["name"]


@pytest.mark.parametrize("name", FOUND)
def test_its_details_are_all_there(name, tmp_path):
    model = load_model(MODELS / name / "model")
    again = load_model(model.save(tmp_path / "again"))
    assert again.details.to_dict() == model.details.to_dict()
    assert model.details.algorithm == name.split("-")[0]
    assert model.details.category.value == name.split("-")[1]


def test_every_algorithm_has_models_of_the_first_format():
    assert {name.split("-")[0] for name in FOUND} >= set(algorithms()), "run tests/learn/artefacts/record.py"


def test_a_later_format_is_refused(tmp_path):
    folder = Path(shutil.copytree(MODELS / FOUND[0] / "model", tmp_path / "later"))
    state = json.loads((folder / "state.json").read_text())
    (folder / "state.json").write_text(json.dumps({**state, "format_version": 99}))
    with pytest.raises(InvalidArgument, match="format version 99; this version reads up to"):
        load_model(folder)


def test_nothing_but_data_is_in_a_model():
    kinds = {path.suffix for path in MODELS.rglob("*") if path.is_file()}
    assert kinds <= {".json", ".safetensors"}
