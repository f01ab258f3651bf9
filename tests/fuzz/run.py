"""Fuzzes every door for a share of the time: `python -m tests.fuzz.run --seconds 240 [--door text …] [--log FILE] [--corpus FOLDER]`.

Prints what was found, and a line for each door with its runs, seconds and findings, which `--log` keeps, with totals of all
runs so far. `--corpus` keeps the inputs that reached new code, so that a later run goes on from there. The exit status is 1
where something was found.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .seeds import FORMATS

DOORS = ("text", "operators", "hypothesis", *FORMATS)
_ROOT = Path(__file__).resolve().parents[2]
_SLOWEST_INPUT_SECONDS = 20
_MOST_MEMORY_MB = 4_096
_LONGEST_INPUT = {"text": 600, "operators": 200}
_LINE = re.compile(r"(\S+): (\d+) runs, (\d+) s, (\d+) findings")


def main() -> int:
    """Runs and reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--door", action="append", choices=DOORS)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    doors = options.door or DOORS
    found = False
    for door in doors:
        seconds = max(1, options.seconds // len(doors))
        runs, took, findings = _hypothesis(seconds) if door == "hypothesis" else _steered(door, seconds, options.corpus)
        findings = [" ".join(one.split()) for one in findings]
        found |= bool(findings)
        line = f"{door}: {runs} runs, {took} s, {len(findings)} findings"
        print(line, *(f"  {one}" for one in findings), sep="\n", flush=True)
        if options.log:
            with options.log.open("a") as log:
                print(dt.datetime.now(dt.UTC).strftime("%F %T"), line, file=log)
                print(*(f"  {one[:1_000]}" for one in findings), sep="\n", end="\n" * bool(findings), file=log)
    if options.log:
        print(_totals(options.log.read_text()))
    return int(found)


def _steered(door: str, seconds: int, corpus: Path | None) -> tuple[int, int, list[str]]:
    """Runs, seconds and findings of one door under atheris; a crash or a hang of it is a finding with its input."""
    with tempfile.TemporaryDirectory(prefix="artesian-fuzz-") as crashes:
        command = [sys.executable, "-m", "tests.fuzz.coverage", door]
        if corpus is not None:
            (corpus / door).mkdir(parents=True, exist_ok=True)
            command.append(str(corpus / door))
        command += [
            f"-max_total_time={seconds}",
            f"-timeout={_SLOWEST_INPUT_SECONDS}",
            f"-rss_limit_mb={_MOST_MEMORY_MB}",
            f"-max_len={_LONGEST_INPUT.get(door, 4_096)}",
            "-len_control=0",
            f"-artifact_prefix={crashes}/",
        ]
        environment = os.environ | {"POLARS_MAX_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, errors="replace")
        findings = [line.removeprefix("FINDING ") for line in done.stdout.splitlines() if line.startswith("FINDING ")]
        for crash in Path(crashes).iterdir():
            last = " / ".join(line for line in done.stderr.splitlines() if "ERROR" in line or "SUMMARY" in line)
            findings.append(f"{last or done.stderr[-300:]} on {crash.read_bytes()[:2_000]!r}")
            if corpus is not None:
                shutil.copy(crash, corpus / f"{door}-{crash.name}")
        if done.returncode and not findings:
            findings.append(f"ended with status {done.returncode}: {done.stderr[-600:]}")
    ended = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
    counted = [int(number) for number in re.findall(r"^#(\d+)\t", done.stderr, re.MULTILINE)]
    return (int(ended[1]), int(ended[2]), findings) if ended else (max(counted, default=0), seconds, findings)


def _hypothesis(seconds: int) -> tuple[int, int, list[str]]:
    """The same of the test of every operator, with other examples each time, as many as the time allows."""
    with tempfile.TemporaryDirectory(prefix="artesian-fuzz-") as folder:
        tally = Path(folder, "tally")
        environment = os.environ | {"POLARS_MAX_THREADS": "1", "FUZZ_SECONDS": str(seconds), "FUZZ_TALLY": str(tally)}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--timeout=0",
            "tests/fuzz/test_operators.py",
        ]
        began = dt.datetime.now(dt.UTC)
        done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True)
        took = round((dt.datetime.now(dt.UTC) - began).total_seconds())
        runs = int(tally.read_text()) if tally.exists() else 0
    findings = re.findall(r"^E +AssertionError: (.*)$", done.stdout, re.MULTILINE)
    if done.returncode and not findings:
        findings = [(done.stdout + done.stderr)[-1_000:]]
    return runs, took, findings


def _totals(log: str) -> str:
    """Sums over the lines of a log."""
    counts = [tuple(map(int, line.groups()[1:])) for line in map(_LINE.search, log.splitlines()) if line]
    runs, seconds, findings = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return f"in all: {runs} runs, {seconds} s, {findings} findings"


if __name__ == "__main__":
    sys.exit(main())
