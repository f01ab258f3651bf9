"""What changes an object in place, and what depends on the environment: filling in, scaling, time zones, properties."""

import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.rapids import evaluate
from artesian.rapids.operators.properties import property_value

X = None


def _table(**columns) -> Frame:
    return Frame.from_polars(pl.DataFrame(columns))


def test_imputation_changes_the_named_frame(run, environment) -> None:
    assert run("(h2o.impute f 0 'mean' 'interpolate' [] _ _)", f=_table(a=[1, None, 3], b=[None, 1, 1])) == [2, X]
    assert run("f") == {"a": [1, 2, 3], "b": [X, 1, 1]}
    assert run("(h2o.impute f -1 'mean' 'interpolate' [] _ _)") == [2, 1]
    assert run("f") == {"a": [1, 2, 3], "b": [1, 1, 1]}
    assert environment.temporaries == set()


def test_imputation_by_method(run) -> None:
    frame = _table(a=[1, 2, 10, 11, None])
    assert run("(h2o.impute f 0 'median' 'interpolate' [] _ _)", f=frame) == [6]
    assert run("(h2o.impute f 0 'median' 'low' [] _ _)", f=frame) == [2]
    assert run("(h2o.impute f 0 'median' 'high' [] _ _)", f=frame) == [10]
    assert run("(h2o.impute f 0 'median' 'average' [] _ _)", f=frame) == [6]
    assert run("(h2o.impute f -1 'mean' 'interpolate' [] _ [7])", f=frame) == [7]
    assert run("f")["a"][4] == 7
    levels = Frame(["c"], [Column.enum_from_strings(pl.Series(["x", "y", "y", None]))])
    assert run("(h2o.impute c 0 'mode' 'interpolate' [] _ _)", c=levels) == [1]
    assert run("c") == {"c": ["x", "y", "y", "y"]}
    with pytest.raises(InvalidArgument, match="mean, median, mode"):
        run("(h2o.impute f 0 'ffill' 'interpolate' [] _ _)", f=frame)


def test_imputation_by_group(run) -> None:
    group = Column.enum_from_strings(pl.Series(["a", "a", "b", "b", None, None]))
    frame = Frame(["g", "v"], [group, Column.from_series(pl.Series([1, None, 5, None, 9, None]))])
    assert run("(h2o.impute f 1 'mean' 'interpolate' [0] _ _)", f=frame) == {"g": [X, "a", "b"], "mean_v": [9, 1, 5]}
    assert run("f")["v"] == [1, 1, 5, 5, 9, 9]


def test_scaling_in_place_changes_the_named_frame(run) -> None:
    run("(scale_inplace f True False)", f=_table(a=[1, 2, 3]))
    assert run("f") == {"a": [-1, 0, 1]}


def test_parts_of_times_are_those_of_the_zone(run, environment) -> None:
    assert run("(hour (cols_py e 2))") == {"t": [3, 0, X, 3]}
    assert run("(setTimeZone 'America/New_York')") == "America/New_York"
    assert environment.time_zone == "America/New_York"
    assert run("(getTimeZone)") == "America/New_York"
    # five hours behind in January, four in May
    assert run("(hour (cols_py e 2))") == {"t": [22, 20, X, 22]}
    assert run("(day (cols_py e 2))") == {"t": [1, 5, X, 1]}
    assert run("(as.Date (as.factor d) '%Y-%m-%d %H')", d=_table(d=["2020-01-01 12"])) == {"d": [1577898000000]}
    with pytest.raises(InvalidArgument, match="Did you mean 'Europe/Berlin'"):
        run("(setTimeZone 'Europe/Berlinn')")


def test_dates_are_read_by_their_format(run) -> None:
    dates = _table(d=["31/12/1999", None, "01/02/2020"])
    assert run("(as.Date d '%d/%m/%Y')", d=dates) == {"d": [946598400000, X, 1580515200000]}
    assert run("(as.Date d '%Y')", d=_table(d=["2020"])) == {"d": [1577836800000]}
    assert run("(as.Date d '%d.%m.%y %I:%M %p')", d=_table(d=["01.01.20 01:30 PM"])) == {"d": [1577885400000]}
    with pytest.raises(InvalidArgument, match="cannot read '31/12/1999' by the format '%m/%d/%Y'"):
        run("(as.Date d '%m/%d/%Y')", d=dates)
    with pytest.raises(InvalidArgument, match="must not be empty"):
        run("(as.Date d '')", d=dates)


def test_properties_are_kept_for_the_parts_that_read_them(run) -> None:
    assert property_value("sys.ai.h2o.some", "yes") == "yes"
    assert run("(setproperty 'sys.ai.h2o.some' 'no')") == "Old values of sys.ai.h2o.some (per node): null"
    assert run("(setproperty 'sys.ai.h2o.some' 'yes')") == "Old values of sys.ai.h2o.some (per node): no"
    assert property_value("sys.ai.h2o.some", "no") == "yes"
    with pytest.raises(InvalidArgument, match=r"sys\.ai\.h2o\."):
        run("(setproperty 'java.io.tmpdir' '/')")


def test_folds_are_even_within_every_class(run) -> None:
    labels = ["a"] * 30 + ["b"] * 12 + ["c"] * 5
    frame = Frame(["y"], [Column.enum_from_strings(pl.Series(labels))])
    folds = run("(stratified_kfold_column y 3 7)", y=frame)["C1"]
    counts = pl.DataFrame({"y": labels, "fold": folds}).group_by("y", "fold").len().sort("y", "fold")["len"].to_list()
    assert counts[:6] == [10, 10, 10, 4, 4, 4]
    assert sorted(counts[6:]) == [1, 2, 2]
    assert folds == run("(stratified_kfold_column y 3 7)", y=frame)["C1"]
    assert folds != run("(stratified_kfold_column y 3 8)", y=frame)["C1"]


def test_a_stratified_split_takes_the_share_of_every_class(run) -> None:
    labels = ["a"] * 100 + ["b"] * 10 + ["c"]
    frame = Frame(["y"], [Column.enum_from_strings(pl.Series(labels))])
    split = run("(h2o.random_stratified_split y 0.3 5)", y=frame)["test_train_split"]
    taken = [sum(s == "test" and y == label for s, y in zip(split, labels, strict=True)) for label in "abc"]
    assert taken == [30, 3, 1]


def test_a_split_by_uniform_numbers_reproduces(environment) -> None:
    for name in ("one", "two"):
        evaluate(f"(tmp= {name} (rows m (<= (h2o.runif m 1234) 0.7)))", environment)
    assert environment.objects["one"].n_rows == 2  # 0.73, 0.27, 0.63, 0.99
    assert environment.objects["one"].to_polars().equals(environment.objects["two"].to_polars())


@pytest.mark.parametrize("naming", ["(tmp= t f)", "(assign t f)"])
def test_a_frame_named_within_the_call_is_changed_under_its_name(run, environment, naming) -> None:
    # so clients write what they have not evaluated yet; H2O-3 then answers with the changed frame, too
    run(f"(h2o.impute {naming} 0 'mean' 'interpolate' [] _ _)", f=_table(a=[1, None, 3]))
    assert run("(cols_py t 0)") == {"a": [1, 2, 3]}
    run("(rm t)")
    run(f"(scale_inplace {naming} True False)", f=_table(a=[1, 3]))
    assert run("(cols_py t 0)") == {"a": [-1, 1]}
