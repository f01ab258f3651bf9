"""Writes small models of today's format below tests/data/models, for later versions to read.

    python tests/learn/artefacts/record.py [--version NAME]

One folder `<algorithm>-<category>-<name>` a model: the saved folder `model`, the rows it was asked about and what it
predicted then (`predictions.json`). What is there is never replaced: a new format gets a new name.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "battery"), str(HERE.parent / "ensemble")]
MODELS = HERE.parents[1] / "data" / "models"
ROWS = 12


def plain(frame: Any) -> list[dict[str, Any]]:
    """The columns of a frame, JSON-safe."""
    return [
        {
            "name": name,
            "type": column.type.value,
            "levels": column.levels if column.domain is not None else None,
            "values": column.values.to_list(),
        }
        for name, column in zip(frame.names, frame.columns, strict=True)
    ]


def read(columns: list[dict[str, Any]]) -> Any:
    """The frame of `plain`."""
    from artesian.frame import Column, Frame

    found = {}
    for item in columns:
        if item["levels"] is not None:
            found[item["name"]] = Column.enums(pl.Series(item["values"], dtype=pl.UInt32), item["levels"])
        else:
            found[item["name"]] = Column.reals(pl.Series(item["values"], dtype=pl.Float64))
    return Frame.from_mapping(found)


def made(name: str, category: Any, folder: Path) -> tuple[Any, Any]:
    """A model of an algorithm, and rows for it to predict."""
    from stacking import Stack
    from workbench import Workbench, response, table

    from artesian.learn.base.details import Category

    if name == "stackedensemble":
        return Stack(folder, category, ("gbm", "glm")).train("model"), table(category, rows=ROWS, seed=9)
    if name == "greedy":  # a single model and a bad guess, as columns of predictions
        stack = Stack(folder, category, ("gbm", "glm"))
        kept = stack.train("ensemble", keep_levelone_frame=True).frame("levelone_training_ensemble")
        return Workbench(folder, name).train(kept, response_column="y"), kept.slice(0, ROWS)
    narrow = {"isotonicregression": (Category.REGRESSION, ("b",)), "targetencoder": (Category.BINOMIAL, ("c",))}
    kind, columns = narrow.get(name, (category, None))
    frame, rows = table(kind), table(kind, rows=ROWS, seed=9)
    if columns is not None:
        frame, rows = frame.select([*columns, "y"]), rows.select([*columns, "y"])
    return Workbench(folder, name).train(frame, **response(kind)), rows


def main() -> None:
    """Records the models that are not there yet."""
    from artesian.learn import algorithms

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", default="1", help="name of the format")
    version = parser.parse_args().version
    for name, algorithm in algorithms().items():
        for category in algorithm.categories:
            place = MODELS / f"{name}-{category.value}-{version}"
            if place.exists():
                continue
            with tempfile.TemporaryDirectory() as folder:
                trained, rows = made(name, category, Path(folder))
                place.mkdir(parents=True)
                trained.model.save(place / "model")
                told = plain(trained.model.predict(rows))
                (place / "predictions.json").write_text(
                    json.dumps({"rows": plain(rows), "predictions": told}, indent=1) + "\n", encoding="utf-8"
                )
            print(place.name, np.round(told[-1]["values"][:3], 4))


if __name__ == "__main__":
    main()
