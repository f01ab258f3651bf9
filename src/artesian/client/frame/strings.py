"""Functions of strings and levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from artesian.client.checks import check_choice, check_type
from artesian.client.expr import FrameInfo
from artesian.client.frame.base import FrameBase

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class Strings(FrameBase):
    """Verbs on strings."""

    def strsplit(self, pattern: str) -> H2OFrame:
        """Each value split at a regular expression, a column a part."""
        return self._derive("strsplit", pattern, info=FrameInfo(nrows=self._info.nrows))

    def tokenize(self, split: str) -> H2OFrame:
        """The words between matches of a regular expression, one a row, a missing value after each row's."""
        return self._derive("tokenize", split)

    def countmatches(self, pattern: str | Sequence[str]) -> H2OFrame:
        """How often a text (or any of several) occurs in each value."""
        check_type("pattern", pattern, str, [str])
        return self._derive("countmatches", pattern, info=self._shape_info())

    def trim(self) -> H2OFrame:
        """Values without white space at both ends."""
        return self._derive("trim", info=self._shape_info())

    def lstrip(self, set: str = " ") -> H2OFrame:
        """Values without those characters at their beginning."""
        return self._derive("lstrip", set or " ", info=self._shape_info())

    def rstrip(self, set: str = " ") -> H2OFrame:
        """Values without those characters at their end."""
        return self._derive("rstrip", set or " ", info=self._shape_info())

    def substring(self, start_index: int, end_index: int | None = None) -> H2OFrame:
        """The part of each value from one position (from 0) to before another (default: the end)."""
        return self._derive("substring", start_index, end_index, info=self._shape_info())

    def toupper(self) -> H2OFrame:
        """Values in capitals."""
        return self._derive("toupper", info=self._shape_info())

    def tolower(self) -> H2OFrame:
        """Values in small letters."""
        return self._derive("tolower", info=self._shape_info())

    def sub(self, pattern: str, replacement: str, ignore_case: bool = False) -> H2OFrame:
        """Values with the first match of a regular expression replaced."""
        return self._derive("replacefirst", pattern, replacement, ignore_case, info=self._shape_info())

    def gsub(self, pattern: str, replacement: str, ignore_case: bool = False) -> H2OFrame:
        """Values with all matches of a regular expression replaced."""
        return self._derive("replaceall", pattern, replacement, ignore_case, info=self._shape_info())

    def grep(
        self, pattern: str, ignore_case: bool = False, invert: bool = False, output_logical: bool = False
    ) -> H2OFrame:
        """The numbers of the rows that match a regular expression, or with `output_logical` 1 and 0 for every row."""
        return self._derive("grep", pattern, ignore_case, invert, output_logical)

    def nchar(self) -> H2OFrame:
        """The length of each value."""
        return self._derive("strlen", info=self._shape_info())

    def entropy(self) -> H2OFrame:
        """The Shannon entropy, in bits, of the characters of each value."""
        return self._derive("entropy", info=self._shape_info())

    def num_valid_substrings(self, path_to_words: str) -> H2OFrame:
        """How many substrings (of two letters or more) of each value are in a file of words, as the server sees its path."""
        check_type("path_to_words", path_to_words, str)
        return self._derive("num_valid_substrings", path_to_words, info=self._shape_info())

    def strdistance(self, y: FrameBase, measure: str | None = None, compare_empty: bool = True) -> H2OFrame:
        """How far each value is from that of `y` beside it: lv, lcs, qgram, jaccard, jw or soundex."""
        check_type("y", y, FrameBase)
        check_choice("measure", measure, ("lv", "lcs", "qgram", "jaccard", "jw", "soundex"))
        return self._derive("strDistance", y, measure, compare_empty)
