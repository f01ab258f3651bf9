"""Differences that are meant: each of an operator, by a rule on the two answers, with its reason. Never by seed."""

from __future__ import annotations

from dataclasses import dataclass

import rules
from rules import Case, Rule, only_columns, refused_here, refused_there


@dataclass(frozen=True)
class Deliberate:
    """A difference that is meant: of which operators ("*": all), why, and how it is told."""

    operators: str
    reason: str
    rule: Rule


def reason_for(case: Case) -> str | None:
    """Why the two answers differ, where that is meant."""
    for entry in DELIBERATE:
        if entry.operators == "*" or case.call.operator in entry.operators.split():
            try:
                meant = entry.rule(case)
            except (KeyError, IndexError, ValueError, TypeError):  # answers of another shape than the rule is for
                meant = False
            if meant:
                return entry.reason
    return None


_MISSING = "value is missing"
_NO_LIST = (
    "cannot be cast to class water.rapids.ast.params.AstStrList",
    "cannot be cast to class water.rapids.ast.params.AstNumList",
)
_NO_STRINGS = ("Operation not allowed on string vector", "Not a String")

DELIBERATE: tuple[Deliberate, ...] = (
    # what goes wrong there
    Deliberate("*", "the reference cannot read its own answer back", rules.unreadable_there),
    Deliberate("*", "the reference has deleted a column that another frame still holds", rules.lost_columns_there),
    Deliberate(
        "digamma trigamma",
        "poles are infinite; the reference's recursion is too deep for great negative numbers",
        refused_there("'null'", "StackOverflowError"),
    ),
    Deliberate(
        "difflag1",
        "differences go on over the borders of pieces; the reference takes the value before twice",
        rules.at_borders_of_pieces,
    ),
    Deliberate(
        "prod prod.na",
        "the product of all columns and rows, not of the last column or piece alone",
        rules.product_of_all,
    ),
    Deliberate(
        "which.min",
        "the least value of a row is found; the reference starts from minus infinity",
        rules.least_of_each_row,
    ),
    Deliberate(
        "which.max which.min",
        "no place where there is no value, not an infinite one",
        rules.nothing_instead_of_infinity,
    ),
    Deliberate(
        "rows", "no row is chosen of none; the reference makes a row of missing cells", rules.a_row_of_nothing_there
    ),
    Deliberate(
        "rank_within_groupby",
        "ranks of each group begin with 1; the reference counts on behind a group without values",
        only_columns("rank"),
    ),
    Deliberate(
        "dropdup", "rows with a missing value are compared in all columns", rules.fewer_rows_with_missing_cells_there
    ),
    Deliberate(
        "hist", "mids_true are middles of the values of each bin; the reference mixes in a 0", only_columns("mids_true")
    ),
    Deliberate(
        "hist", "the median deviation is of the values, not of their whole parts", rules.bins_by_those_deviations
    ),
    Deliberate(
        "h2o.mad", "the median deviation is of the values, not of their whole parts", rules.deviations_of_real_numbers
    ),
    Deliberate(
        "quantile h2o.mad h2o.impute",
        "a quantile that falls on a row is that row's value; the reference's may be the next where a bin holds more",
        rules.value_of_its_row,
    ),
    Deliberate(
        "isax",
        "words are of segments of their own; the reference's third and later ones overlap",
        rules.overlapping_words_there,
    ),
    Deliberate("cor", "rows with missing values are left out of Spearman's ranks", rules.complete_rows_alone),
    Deliberate(
        "year month day hour minute second millis week dayOfWeek mktime moment",
        "times are made of the whole parts of real numbers, which the reference takes as they are packed",
        rules.whole_parts_of_real_numbers,
    ),
    Deliberate(
        "pivot",
        "values stand under their own level; the reference's under the first ones where a level has no rows",
        rules.values_under_their_levels,
    ),
    Deliberate(
        "pivot", "times as headings are all there; the reference leaves out the first", rules.a_heading_lost_there
    ),
    Deliberate(
        "stratified_kfold_column",
        "classes are spread evenly; the reference stratifies a column of zeros",
        rules.evenly_spread,
    ),
    Deliberate("x", "missing times 0 is missing; the reference passes over zeros", rules.missing_not_zero),
    # what is more exact or has an order here
    Deliberate("*", "whole numbers that are infinite or beyond 2^53 are real", rules.whole_beyond_integers),
    Deliberate("digamma", "exact to 1e-15, the reference's to 1e-8", rules.same_to_eight_digits),
    Deliberate("gamma", "great values are there up to the range of a float64", rules.beyond_their_range),
    Deliberate(
        "unique", "distinct numbers come in rising order, not in that of a hash table", rules.in_rising_order_here
    ),
    Deliberate("GB ddply", "groups are in order behind missing keys, too", rules.order_behind_missing_keys),
    Deliberate(
        "GB", "missing strings are a group of their own, not part of the group met before", rules.missing_strings_apart
    ),
    Deliberate("topn", "the order of equal values is that of the rows", rules.ties_in_row_order),
    Deliberate(
        "strsplit replaceall replacefirst",
        "levels that are made anew are sorted, not in the order of a hash table",
        rules.levels_in_another_order,
    ),
    Deliberate("cut", "no level without a name", rules.no_level_without_a_name),
    # names of columns are unique
    Deliberate("colnames=", "names of columns are unique", rules.repeated_names_there),
    Deliberate("GB merge cbind cols cols_py append", "names of columns are unique", rules.names_made_unique),
    # what is refused here
    Deliberate(
        "cor var", "all.obs allows missing values on neither side", refused_here("all.obs allows no missing values")
    ),
    Deliberate("hist", "a histogram needs different numbers", refused_here("different finite numbers")),
    Deliberate(
        "+ - * / ^ % %% intDiv < <= > >= & |", "numbers are not combined with strings", rules.numbers_and_strings
    ),
    # what works here
    Deliberate(
        "hist",
        "the rule of Doane works",
        refused_there("breaks must be a positive number", "NegativeArraySize", "OutOfMemoryError"),
    ),
    Deliberate(
        "sort rank_within_groupby t GB tf-idf",
        "frames without rows are ordered, grouped and turned, too",
        rules.refused_there_without_rows,
    ),
    Deliberate("assign rename difflag1 rep_len", "a frame without rows stays one", rules.no_rows_here),
    Deliberate(
        "merge pivot replaceall replacefirst which h2o.random_stratified_split mktime moment getrow tf-idf isax",
        "missing values are no obstacle",
        refused_there(_MISSING),
    ),
    Deliberate(
        "mktime moment", "a part out of its range makes the time missing", refused_there("must be in the range")
    ),
    Deliberate(
        "== != ddply apply which.max which.min",
        "columns of strings equal nothing else and have no place; they are no obstacle",
        refused_there(*_NO_STRINGS),
    ),
    Deliberate("colnames=", "columns may be named, too", refused_there("Column naming requires a number-list")),
    Deliberate(
        "rbind",
        "a column of nothing but missing values goes with any other",
        refused_there("must have all the same column types"),
    ),
    Deliberate(
        "appendLevels setDomain quantile",
        "a single one needs no brackets, and none is an empty list of either kind",
        refused_there(*_NO_LIST),
    ),
    Deliberate(
        "apply",
        "sums, extremes and conditions work on rows, too",
        refused_there("found a class water.rapids.vals.ValRow", "unimplemented"),
    ),
    Deliberate("as.character", "real numbers that are all equal have texts", rules.texts_of_equal_real_numbers),
    Deliberate("merge", "real keys find their equals", rules.pairs_of_real_keys),
    Deliberate("var cor", "single rows may be of other columns, too", refused_there("out of bounds for length")),
    Deliberate(
        "tf-idf",
        "frames made on the way are no obstacle",
        refused_there("NumberFormatException", "Requires a number-list"),
    ),
    Deliberate(
        "year month day hour minute second millis week dayOfWeek",
        "level numbers are no times",
        refused_here("needs times, but"),
    ),
    Deliberate("tf-idf", "missing texts have no words", rules.no_words_in_missing_texts),
    Deliberate(
        "merge",
        "joined rows are in the order of the keys, also of those beyond the other frame's",
        rules.rows_by_key_here,
    ),
    Deliberate("mktime moment", "columns without rows make times without rows", refused_there("has 0 rows")),
    Deliberate("merge rep_len", "columns of strings are joined by and repeated, too", refused_there(*_NO_STRINGS)),
    Deliberate(
        "rows", "a mask of other numbers than 0 and 1 takes the rows of 1", refused_there("does not fit into int")
    ),
    Deliberate("substring", "missing texts have no characters, wherever they stand", rules.missing_pieces_there),
    Deliberate("ddply", "frames without rows have no groups", refused_there("out of bounds for length 0")),
    Deliberate("rank_within_groupby", "missing values are no obstacle", refused_there("_chunkFirstG")),
    Deliberate("x", "frames without rows have a product", refused_there("dimension do not match!")),
    Deliberate(
        "cummax cummin cumsum cumprod", "running values go on over the borders of pieces", rules.running_over_pieces
    ),
    Deliberate(
        "var cor",
        "categories of more than two levels have no covariance with a single column either",
        rules.no_covariances_of_levels,
    ),
    Deliberate("quantile", "quantiles by weights of 0 alone are missing", rules.weights_of_nothing),
    Deliberate(
        "substring",
        "levels and strings are cut side by side",
        refused_there("is not compatible with the rest of the frame"),
    ),
    Deliberate(
        "+ - * / ^ % %% %/% intDiv < <= > >= & |",
        "strings are no operands, also in frames without rows",
        rules.refused_here_without_rows,
    ),
    Deliberate("apply", "frames without rows have no row to apply to", refused_there("0 <= 0 < 0")),
)
