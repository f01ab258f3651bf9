"""Whether AutoML keeps its time: how long runs of given seconds take, on a long and a wide table, into a page.

    python -m benchmarks.budgets [--only million,mnist,cars] [--seconds 10,30,60,120] [--data FOLDER] [--out docs/automl_budgets.md]

Time is the client's, from the call of `train` until the leaderboard and its leader are there. Allowed is the time asked for
with 5 % and two seconds. The first model is there when the leaderboard that others see has a row.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import artesian as h2o
from artesian.client.automl import H2OAutoML
from artesian.client.frame import H2OFrame
from benchmarks import models, servers
from benchmarks.deeplearning import connected

SECONDS = (10, 30, 60, 120)
MORE_SHARE, MORE_SECS = 0.05, 2.0
LOOK_SECS = 0.1


@dataclass(frozen=True)
class Table:
    """A table to learn from: its name in the page, the response, and whether it is one of classes."""

    key: str
    title: str
    response: str


TABLES = {
    "cars": Table("cars", "cars, 406 × 8", "economy_20mpg"),
    "million": Table("million", "drawn, 1,000,000 × 9", models.RESPONSE),
    "mnist": Table("mnist", "MNIST, 60,000 × 785", "C785"),
}


@dataclass
class Taken:
    """One run. `first` is when its leaderboard had a row, in seconds."""

    title: str
    asked: float
    took: float
    first: float
    built: int

    @property
    def is_in_time(self) -> bool:
        """Whether it ended within what is allowed, with a model."""
        return self.took <= self.asked * (1 + MORE_SHARE) + MORE_SECS and self.built > 0


def frame_of(table: Table, data: Path, folder: Path) -> H2OFrame:
    """The table on the server that is connected; classes for a response."""
    if table.key == "million":
        models.write_tables(folder, 1_000_000)
        path = folder / "train.csv"
    else:
        path = data / ("cars_20mpg.csv" if table.key == "cars" else "mnist/train.csv.gz")
    if not path.exists():
        raise SystemExit(f"There is no {path}: name the folder of the data with --data or ARTESIAN_TEST_DATA.")
    frame = h2o.import_file(str(path))
    frame[table.response] = frame[table.response].asfactor()
    return frame


@contextmanager
def first_row(project: str, began: float) -> Iterator[list[float]]:
    """Seconds from `began` until the project's leaderboard has a row, seen from beside; the list gets them."""
    found: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECS) and not found:
            answer = h2o.api(f"GET /99/Leaderboards/{project}")
            if answer and answer.get("models"):
                found.append(time.perf_counter() - began)

    def watch() -> None:
        while not done.is_set() and not found:
            try:
                look()
            except h2o.exceptions.H2OResponseError:  # there is no such project yet
                done.wait(LOOK_SECS)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def run(table: Table, frame: H2OFrame, seconds: float) -> Taken:
    """One run of so many seconds."""
    project = f"budget_{table.key}_{seconds:g}"
    automl = H2OAutoML(max_runtime_secs=seconds, seed=1, project_name=project)
    began = time.perf_counter()
    with first_row(project, began) as first:
        automl.train(y=table.response, training_frame=frame)
        built = automl.leaderboard.nrows if automl.leader is not None else 0
        took = time.perf_counter() - began
    return Taken(table.title, seconds, took, first[0] if first else took, built)


def page(taken: Sequence[Taken]) -> str:
    """The page's table."""
    lines = [
        "| table | asked | took | first model after | rows of the leaderboard | in time |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {t.title} | {t.asked:g} s | {t.took:.1f} s | {t.first:.1f} s | {t.built} | {'yes' if t.is_in_time else '**no**'} |"
        for t in taken
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="million,mnist")
    parser.add_argument("--seconds", default=",".join(map(str, SECONDS)))
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ARTESIAN_TEST_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    taken: list[Taken] = []
    with tempfile.TemporaryDirectory() as folder, servers.artesian() as server, connected(server):
        for key in args.only.split(","):
            frame = frame_of(TABLES[key], args.data.absolute(), Path(folder))
            for seconds in map(float, args.seconds.split(",")):
                taken.append(run(TABLES[key], frame, seconds))
                t = taken[-1]
                print(
                    f"{t.title:24} asked {t.asked:5g} s  took {t.took:6.1f} s  first model {t.first:5.1f} s  {t.built:3} rows  "
                    f"{'in time' if t.is_in_time else 'LATE'}",
                    flush=True,
                )
            h2o.remove_all()
    text = f"""# AutoML's time

How long runs of a given `max_runtime_secs` take, seen by the client, from the call until the leaderboard and its leader are there, on
{os.cpu_count()} cores. In time is what ends within 5 % and two seconds more than asked for, with a model.

{page(taken)}

Made by `make bench-budgets`.
"""
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    if not all(t.is_in_time for t in taken):
        raise SystemExit("Some runs were not in time.")


if __name__ == "__main__":
    main()
