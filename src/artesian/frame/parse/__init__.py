"""Files to frames: guesses how a file is to be read (`guess_setup`) and reads it (`parse`).

`setup` holds what is known and what a user may set; `guess`, `blocks`, `delimited`, `careful` read delimited text;
`numbers`, `times` and `builders` turn texts into columns; `reading` puts it together.
"""

from artesian.frame.io.source import Source
from artesian.frame.parse.reading import ParseResult, guess_setup, parse
from artesian.frame.parse.setup import Format, ParseSetup, ReadAs, SetupOverrides, read_as

__all__ = [
    "Format",
    "ParseResult",
    "ParseSetup",
    "ReadAs",
    "SetupOverrides",
    "Source",
    "guess_setup",
    "parse",
    "read_as",
]
