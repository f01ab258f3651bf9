"""Every declared parameter: its default is accepted, a value outside of what is allowed is refused by a sentence with its name."""

from __future__ import annotations

import pytest
from workbench import Workbench, table

from artesian.learn import algorithms, validate
from artesian.learn.base.details import Category
from artesian.learn.base.parameters import Kind, convert, fields_of

CASES = [
    pytest.param(name, parameter, id=f"{name}-{parameter}")
    for name, algorithm in algorithms().items()
    for parameter in fields_of(algorithm.parameters)
]


def declaration(algorithm, parameter):
    return fields_of(algorithms()[algorithm].parameters)[parameter]


def of_given(kind, problems):
    """The problems but those of required parameters that are missing."""
    declared = fields_of(kind.parameters)
    return [problem for problem in problems if not declared[problem.field].required]


@pytest.mark.parametrize(("algorithm", "parameter"), CASES)
def test_default_is_never_refused(algorithm, parameter):
    declared = declaration(algorithm, parameter)
    kind = algorithms()[algorithm]
    if declared.required:
        pytest.skip("the default says that a value is missing")
    texts = [] if declared.kind is Kind.STRING else [str(declared.default).replace("(", "[").replace(")", "]")]
    for written in (declared.default, *texts):
        values, problems = convert(kind.called, kind.parameters, {parameter: written})
        assert not of_given(kind, problems)
        assert values[parameter] == declared.default


@pytest.mark.parametrize(("algorithm", "parameter"), CASES)
def test_value_outside_is_refused_by_name(algorithm, parameter):
    declared = declaration(algorithm, parameter)
    kind = algorithms()[algorithm]
    for wrong in wrong_values(declared):
        _, problems = convert(kind.called, kind.parameters, {parameter: wrong})
        found = [problem for problem in problems if problem.field == parameter or problem in of_given(kind, problems)]
        assert {problem.field for problem in found} == {parameter}, wrong
        assert f"'{parameter}' parameter of {kind.called}" in found[0].message


def wrong_values(declared):
    if declared.refused:
        others = {
            Kind.STRING: "x",
            Kind.FRAME: "x",
            Kind.COLUMN: "x",
            Kind.DOUBLE: 0.123,
            Kind.INT: 123,
            Kind.INTS: [1],
            Kind.FLOAT: 0.5,
            Kind.FLOATS: [1],
        }
        yield not declared.default if declared.kind is Kind.BOOLEAN else others[declared.kind]
        return
    yield from (choice for choice, _ in declared.refused_choices)
    if declared.kind is Kind.CHOICE:
        yield "no such choice"
    elif declared.kind is Kind.BOOLEAN:
        yield "perhaps"
    elif declared.kind in (Kind.INT, Kind.LONG):
        yield from ("many", 1.5, True)
    elif declared.kind in (Kind.DOUBLE, Kind.FLOAT):
        yield from ("much", "NaN")
    elif declared.kind in (Kind.INTS, Kind.DOUBLES, Kind.FLOATS):
        yield ["a"]
    elif declared.kind in (Kind.PAIRS, Kind.GROUPS):
        yield from ("x", ["x"], 3)
    elif declared.kind in (Kind.STRING, Kind.COLUMN, Kind.FRAME, Kind.MODEL):
        yield ["a", "list"]
    if declared.interval is not None and declared.interval.is_limited:
        outside = declared.interval.outside()
        yield [outside] if declared.kind.is_list else outside


@pytest.mark.parametrize(("algorithm", "parameter"), CASES)
def test_help_tells_what_it_is(algorithm, parameter):
    declared = declaration(algorithm, parameter)
    assert len(declared.help) > 10
    assert declared.help.endswith(".")


def test_every_problem_is_collected_at_once(bench, algorithm):
    bench.add("training", table(Category.REGRESSION))
    validated = validate(
        algorithm, {"training_frame": "training", "max_runtime_secs": -1, "nosuch": 3, "ignored_columns": ["zz"]}, bench
    )
    assert {"max_runtime_secs", "nosuch", "ignored_columns"} <= {problem.field for problem in validated.problems}
    assert validated.has_errors


def test_a_near_name_is_suggested(bench, algorithm):
    message = validate(algorithm, {"max_runtime_sec": 1}).problems[0].message
    assert "Did you mean 'max_runtime_secs'?" in message


def test_a_missing_frame_is_named(tmp_path, algorithm):
    bench = Workbench(tmp_path, algorithm)
    problems = validate(algorithm, {"training_frame": "gone"}, bench).problems
    given = of_given(algorithms()[algorithm], problems)
    assert [p.field for p in given if p.severity == "error"] == ["training_frame"]
    assert "'gone'" in given[0].message
