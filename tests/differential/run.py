"""Random operator calls on this project's server and on the real H2O-3, their answers compared.

    run.py --reference URL [--ours URL] [--calls 2000] [--seed N] [--operator NAME ...]

Without `--ours` a server is started for the run. Differences come out by operator, each with the smallest expression that
shows it and the frame that it is of; those that are meant stand in `deliberate.py` with their reasons. The exit status is
1 where another remains. Everything follows from the seed.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from compare import difference
from deliberate import Case, reason_for
from drive import Server
from random_calls import GENERATORS, Draw, Expression, random_call
from random_frames import NAMES, TYPES, RandomFrame, random_frames

CALLS_A_SESSION = 200
CALLS_A_SET = 500  # then come other frames
WORDS = "foo\nbar\ncat\ndog\nat\noo\n"
START_SECONDS = 30.0


@dataclass
class Outcome:
    """What came of the calls of one operator."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    # size of the expression and frame, expression, what differs, the frame
    differences: list[tuple[int, str, str, str]] = field(default_factory=list)


class Sides:
    """Both servers, asked at once."""

    def __init__(self, ours: str, theirs: str) -> None:
        self.servers = (Server(ours, "dfo"), Server(theirs, "dfr"))
        self._pool = ThreadPoolExecutor(2)

    def each(self, do: Any) -> list[Any]:
        """What `do` gives for each of the servers."""
        return list(self._pool.map(do, self.servers))

    def answers(self, call: Expression) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both answers to a call."""
        ours, theirs = self.each(lambda server: server.answer(call.text, call.gives))
        return ours, theirs

    def case(self, call: Expression, ours: dict[str, Any], theirs: dict[str, Any]) -> Case:
        """What the rules on differences look at."""
        asked = [lambda text, server=server: server.answer(text, "either") for server in self.servers]
        return Case(call, ours, theirs, *asked)


def compare_call(sides: Sides, call: Expression, outcomes: dict[str, Outcome], frames: list[RandomFrame]) -> None:
    """Notes what came of a call; a difference counts for the innermost call that shows it."""
    ours, theirs = sides.answers(call)
    found = difference(ours, theirs)
    outcome = outcomes[call.operator]
    if found is None:
        outcome.counts["refused by both" if ours["kind"] == "error" else "agreed"] += 1
        return
    for part in call.parts:
        inner = sides.answers(part)
        found_inside = difference(*inner)
        if found_inside is not None:
            _note(outcomes[part.operator], sides.case(part, *inner), found_inside, frames)
            outcome.counts["differed inside"] += 1
            return
    _note(outcome, sides.case(call, ours, theirs), found, frames)


def _note(outcome: Outcome, case: Case, found: str, frames: list[RandomFrame]) -> None:
    call, ours, theirs = case.call, case.ours, case.theirs
    reason = reason_for(case)
    if reason is not None:
        outcome.counts["meant"] += 1
        outcome.reasons[reason] += 1
        return
    outcome.counts["DIFFERENT"] += 1
    text = f"{call.text} "
    used = [frame for frame in frames if f" {frame.name} " in text or f" {frame.name})" in text]
    size = len(call.text) + 20 * sum(frame.rows for frame in used)
    messages = [
        f"      {side}: {a['message'][:300]}"
        for side, a in (("ours", ours), ("theirs", theirs))
        if a["kind"] == "error"
    ]
    shown = "\n".join(f"      {line}" for frame in used if frame.rows <= 8 for line in frame.text.splitlines())
    outcome.differences.append((size, call.text, "\n".join([found, *messages]), shown))


def run(sides: Sides, seed: int, calls: int, operators: list[str], words_file: str) -> dict[str, Outcome]:
    """Makes the calls, the operators in turn."""
    random = Random(seed)
    outcomes: dict[str, Outcome] = defaultdict(Outcome)
    frames: list[RandomFrame] = []
    draw = Draw(random, frames, words_file)
    try:
        for number in range(calls):
            if number % CALLS_A_SET == 0:
                _remove(sides, frames)
                frames[:] = random_frames(random, f"df{seed}_{number // CALLS_A_SET}")
                for frame in frames:
                    sides.each(lambda server, frame=frame: server.upload(frame.name, frame.text, NAMES, TYPES))
            if number % CALLS_A_SESSION == 0:
                sides.each(lambda server: server.new_session())
            compare_call(sides, random_call(draw, operators[number % len(operators)]), outcomes, frames)
    finally:
        sides.each(lambda server: server.new_session())
        _remove(sides, frames)
    return outcomes


def _remove(sides: Sides, frames: list[RandomFrame]) -> None:
    for frame in frames:
        sides.each(lambda server, frame=frame: server.remove(frame.name))


def report(outcomes: dict[str, Outcome], shown: int) -> bool:
    """Prints the outcomes by operator; whether nothing differs that is not meant."""
    total: Counter[str] = Counter()
    for outcome in outcomes.values():
        total.update(outcome.counts)
    for operator, outcome in sorted(outcomes.items()):
        for reason, count in outcome.reasons.items():
            print(f"  {operator}: {count} × meant: {reason}")
    for operator, outcome in sorted(outcomes.items()):
        if outcome.differences:
            print(f"\n{operator}: {len(outcome.differences)} of {sum(outcome.counts.values())} calls differ")
            for place, (_, text, found, frame) in enumerate(sorted(outcome.differences)[:shown]):
                print(f"    {text}\n      {found}" + (f"\n{frame}" if frame and not place else ""))
    print("\n" + ", ".join(f"{count} {what}" for what, count in total.most_common()))
    return not total["DIFFERENT"]


@contextlib.contextmanager
def started(folder: Path) -> Iterator[str]:
    """The address of a server of this project, which ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "artesian.cli", "start", "--port", str(port), "--import-roots", str(folder)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/3/Cloud", timeout=2).close()
                break
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The server did not come up:\n{(folder / 'server.log').read_text()}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(15)


def main() -> int:
    """Runs and reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--ours")
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operator", action="append")
    parser.add_argument("--shown", type=int, default=2, help="differences shown of each operator")
    options = parser.parse_args()
    operators = options.operator or sorted(GENERATORS)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="artesian-differential-") as folder:
        words = Path(folder, "words.txt")
        words.write_text(WORDS)
        with started(Path(folder)) if options.ours is None else contextlib.nullcontext(options.ours) as ours:
            sides = Sides(ours, options.reference)
            outcomes = run(sides, options.seed, options.calls, operators, str(words))
    agreed = report(outcomes, options.shown)
    print(f"{options.calls} calls of {len(operators)} operators, seed {options.seed}, {time.monotonic() - began:.0f} s")
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
