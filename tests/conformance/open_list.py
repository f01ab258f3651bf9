"""Runs the open list of the official project's own client scripts, as far as Artesian's algorithms reach.

    open_list.py --suite FOLDER [--area AREA,AREA] [--like WORD,WORD] [--part 1/3] [--out FILE] [--own [--python PYTHON] [--needs FOLDER]]

`FOLDER` holds the suite's `run.py`, `open.txt` and `reference.json`; the suite starts one server a worker. The scripts that
need an algorithm which is not there yet are named with that reason and left out of the count. With `--own` the scripts run
through Artesian's client instead of the official one: `own/h2o` gives it that name. `--python` is the interpreter whose
pandas and SciPy the scripts then meet (this one's by default) and `--needs` a folder of what the client needs beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMMAND = shutil.which("artesian", path=str(Path(sys.executable).parent)) or "artesian"
REPOSITORY = HERE.parent.parent
SCRIPT_SECONDS = 180  # one takes 42 s with the real server on a quiet machine, nearly all of it in its own loops
NOT_YET = re.compile(
    r"H2O(?:GeneralizedAdditive|"
    r"GeneralizedLowRank|Word2vec|CoxProportional|"
    r"Aggregator|RuleFit|AdaBoost|Generic|Infogram|ModelSelection|"
    r"ANOVAGLM|HGLM|UpliftRandomForest|SupportVectorMachine|Transform\w*|Assembly)\w*"
)


def main() -> int:
    """Runs the chosen scripts and says which were left out and why."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=Path, required=True)
    parser.add_argument("--area", default="", help="folders of the list, such as munging,algos/gbm (default: all)")
    parser.add_argument(
        "--like", default="", help="words, one of which a script's path holds, such as grid,automl (default: all)"
    )
    parser.add_argument("--out", type=Path, default=Path("bench-output/open_list.json"))
    parser.add_argument("--root", type=Path, default=Path.home() / ".cache/artesian-conformance/h2o3/h2o-py/tests")
    parser.add_argument("--part", default="1/1", help="which part of the list, as 2/3, to run it in shorter pieces")
    parser.add_argument("--own", action="store_true", help="through Artesian's client")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="the interpreter for --own")
    parser.add_argument("--needs", type=Path, help="a folder of packages that the client needs, for --own")
    options = parser.parse_args()
    wanted = tuple(f"testdir_{area}/" for area in options.area.split(","))
    listed = (options.suite / "open.txt").read_text().split()
    words = options.like.lower().split(",")
    names = [name for name in listed if name.startswith(wanted) or not options.area]
    names = [name for name in names if any(word in name.lower() for word in words)]
    if not options.root.exists():
        print(f"The suite is not set up ({options.root} is missing): run its setup.sh first.")
        return 0
    runnable = []
    for name in names:
        found = NOT_YET.search((options.root / name).read_text(encoding="utf-8", errors="replace"))
        if found:
            print(f"left out  {name}: needs {found.group()}, which is not there yet")
        else:
            runnable.append(name)
    part, parts = map(int, options.part.split("/"))
    runnable = runnable[(part - 1) * len(runnable) // parts : part * len(runnable) // parts]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    chosen = options.out.with_suffix(".txt")
    chosen.write_text("\n".join(runnable) + "\n")
    command = [
        sys.executable,
        str(options.suite / "run.py"),
        "--list",
        str(chosen),
        "--out",
        str(options.out),
        "-j",
        "1",
        "--timeout",
        str(SCRIPT_SECONDS),
    ]
    command += [
        "--spawn",
        f"env -u PYTHONPATH {COMMAND} start --port {{port}} --import-roots / --export-roots / --allow-client-code",
        "--compare",
        str(options.suite / "reference.json"),
    ]
    environment = dict(os.environ)
    if options.own:
        folders = [HERE / "own", REPOSITORY / "src", *([options.needs.resolve()] if options.needs else [])]
        command += ["--python", str(options.python.absolute())]
        environment["PYTHONPATH"] = os.pathsep.join(map(str, folders))
    _empty(options.root)
    status = subprocess.run(command, check=False, env=environment).returncode
    if options.own and options.out.exists():
        _explain(options.out)
    return status


def _empty(root: Path) -> None:
    """Removes what an earlier run exported: some scripts export without `force` into the folder of results, or where they are."""
    for path in (root.parent.parent / "results").glob("*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in root.rglob("*.model"):
        path.unlink()


def _explain(results: Path) -> None:
    """Says of each script that failed through Artesian's client why, as far as that is known, and sums up."""
    groups = json.loads((HERE / "own_reasons.json").read_text(encoding="utf-8"))
    known = {name: (group, reason) for group, reasons in groups.items() for name, reason in reasons.items()}
    statuses = {name: result["status"] for name, result in json.loads(results.read_text())["tests"].items()}
    failed = sorted(name for name, status in statuses.items() if status not in ("pass", "skip", "nodata"))
    passed = sum(status == "pass" for status in statuses.values())
    counts: Counter[str] = Counter()
    for name in failed:
        group, reason = known.get(name, ("NO REASON KNOWN", "to be looked at"))
        counts[group] += 1
        print(f"{statuses[name]:8}{name}: {group}: {reason}")
    print(
        f"own client: {passed} of {passed + len(failed)} pass; {'; '.join(f'{n} {group}' for group, n in counts.items())}"
    )


if __name__ == "__main__":
    sys.exit(main())
