"""Fuzzing steered by the code that an input reaches, with atheris: `python -m tests.fuzz.coverage DOOR [options of libFuzzer]`.

DOOR is what is tried: `text` (the reader and the evaluator, with texts put together of tokens or raw), `operators` (calls of
every operator), or a format of files. A finding does not end the run: each kind of it is printed once, as a line that begins
with FINDING. What ends it is a crash of native code, a hang of more than `-timeout` seconds, and `-max_total_time`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["artesian.rapids", "artesian.frame"]):
    from artesian.core.settings import load
    from artesian.frame.parse import SetupOverrides, Source, guess_setup, parse
    from artesian.rapids.reader import parse as read
    from artesian.rapids.registry import operators

    from .expressions import SETTINGS, TOKENS, call_of
    from .outcomes import evaluated, finding
    from .seeds import FORMATS, seeds_of

_MOST_TOKENS = 60
_seen: set[str] = set()


def main() -> None:
    """Fuzzes the door that the first argument names."""
    door, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="artesian-fuzz-") as folder:
        one = {"text": _text, "operators": _operators}.get(door) or _file_door(door, Path(folder))
        if door in FORMATS:
            corpus = Path(folder, "seeds")
            corpus.mkdir()
            for number, content in enumerate(seeds_of(door)):
                (corpus / str(number)).write_bytes(content)
            options.append(str(corpus))
        atheris.Setup([sys.argv[0], *options], one)
        atheris.Fuzz()


class _Choices:
    """Choices by the bytes of an input."""

    def __init__(self, data: bytes) -> None:
        self.source = atheris.FuzzedDataProvider(data)

    def count(self, least: int, most: int) -> int:
        return int(self.source.ConsumeIntInRange(least, most))

    def pick(self, of: Sequence[str]) -> str:
        return of[self.count(0, len(of) - 1)]


def _note(found: str | None, shown: str) -> None:
    """Prints a finding once of each kind: digits and names apart."""
    if found is None:
        return
    kind = re.sub(r"'[^']*'|\d+(\.\d+)?", "", found)[:160]
    if kind not in _seen:
        _seen.add(kind)
        print(f"FINDING {shown} :: {found}", flush=True)


def _text(data: bytes) -> None:
    choices = _Choices(data)
    if choices.count(0, 1):
        text = choices.source.ConsumeUnicodeNoSurrogates(400)
    else:
        between = choices.pick(("", " "))
        text = between.join(choices.pick(TOKENS) for _ in range(choices.count(1, _MOST_TOKENS)))
    _note(finding(lambda: read(text, SETTINGS)), ascii(text))
    _note(finding(lambda: evaluated(text)), ascii(text))


_NAMES = sorted(operators())


def _operators(data: bytes) -> None:
    choices = _Choices(data)
    text = call_of(choices.pick(_NAMES), choices.pick, choices.count, depth=2)
    _note(finding(lambda: evaluated(text)), text)


_SEPARATORS = ("", ",", ";", "\t", "|", "\x01")
_TYPES = ("", "enum", "string", "time", "numeric", "uuid")


def _file_door(kind: str, folder: Path) -> Callable[[bytes], None]:
    if kind not in FORMATS:
        raise SystemExit(f"There is no door '{kind}'; there are text, operators, {', '.join(FORMATS)}.")
    settings = load({"import_roots": [str(folder)], "export_roots": [str(folder)]}, environment={})
    path, made = folder / f"file.{kind}", folder / "made"
    made.mkdir()
    sources = [Source(str(path))]

    def read_file(overrides: SetupOverrides) -> None:
        setup = guess_setup(sources, overrides, settings)
        parse(sources, setup, folder=made, threads=1, settings=settings).frame.to_polars()

    def one(data: bytes) -> None:
        overrides = SetupOverrides()
        if kind == "csv" and data.startswith(b"\x00"):  # which no text begins with: what a user may set
            overrides, data = _told(_Choices(data[1:8])), data[8:]
        path.write_bytes(data)
        _note(finding(lambda: read_file(overrides)), ascii(data[:600]))
        for left in made.iterdir():
            left.unlink()

    return one


def _told(choices: _Choices) -> SetupOverrides:
    told = choices.pick(_TYPES)
    return SetupOverrides(
        separator=choices.pick(_SEPARATORS),
        single_quotes=bool(choices.count(0, 1)),
        check_header=choices.count(-1, 1),
        column_types=(told,) if told else None,
    )


if __name__ == "__main__":
    main()
