"""Algorithms as clients see them: builders with parameters, findings and jobs; their schemas come from the declarations."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from artesian.core.errors import Problem
from artesian.learn.base.parameters import Declaration, fields_of
from artesian.server.wire import schema as schema_module
from artesian.server.wire.errors import message
from artesian.server.wire.parameters import parameters, type_of, value
from artesian.server.wire.schema import Field, Schema, declare, given, out

if TYPE_CHECKING:
    from artesian.learn.base.algorithm import Algorithm

VERSIONS = {"aggregator": 99, "stackedensemble": 99, "svd": 99}
KNOWN_ELSEWHERE = [
    "adaboost",
    "aggregator",
    "anovaglm",
    "coxph",
    "drf",
    "dt",
    "extendedisolationforest",
    "gam",
    "gbm",
    "generic",
    "glm",
    "glrm",
    "hglm",
    "infogram",
    "isolationforest",
    "isotonicregression",
    "kmeans",
    "modelselection",
    "naivebayes",
    "pca",
    "psvm",
    "rulefit",
    "stackedensemble",
    "svd",
    "targetencoder",
    "upliftdrf",
    "word2vec",
    "xgboost",
]
_BUILDER_FIELDS = (
    out("job", "Job", "The job that trains.", of="JobV3"),
    out("algo", "string", "Name of the algorithm."),
    out("algo_full_name", "string", "Its name for people."),
    out("can_build", "enum[]", "Categories of models that it trains."),
    out("visibility", "enum", "Stable, Beta or Experimental."),
    out("supervised", "boolean", "Whether it learns a response.", False),
    out("messages", "ValidationMessage[]", "Findings of the validation.", of="ValidationMessageV3"),
    out("error_count", "int", "How many of them are errors.", 0),
    out("parameters", "Parameters", "Its parameters.", of="ModelParametersSchemaV3"),
)
BUILDER = declare("ModelBuilderSchema", "ModelBuilder", *_BUILDER_FIELDS, request=True, version=-1)
BUILDERS = declare(
    "ModelBuildersV3",
    "Iced",
    given("algo", "string", "Name of an algorithm.", echoed=False),
    given("brief", "boolean", "Leave the parameters out.", False, echoed=False),
    out("model_builders", "Map<string,ModelBuilderSchema>", "Algorithms by name."),
    request=True,
)
BUILDER_REQUEST = declare(
    "ModelBuilderRequestV3",
    "Iced",
    given("algo", "string", "Name of the algorithm; its parameters come along."),
    request=True,
)
PARAMETERS = declare("ModelParametersSchemaV3", "Parameters")
MODEL_ID = declare("ModelIdV3", "Iced", out("model_id", "string", "A key that no model has."))
_declaring = threading.Lock()


@cache
def _declared(algorithm: type[Algorithm]) -> dict[str, Declaration]:
    return fields_of(algorithm.parameters)


def schemas_of(algorithm: type[Algorithm]) -> tuple[Schema, Schema]:
    """The schemas of the algorithm's builder and of its parameters, declared when first asked for. Thread-safe."""
    with _declaring:  # two requests at once would declare them twice
        return _schemas_of(algorithm)


@cache
def _schemas_of(algorithm: type[Algorithm]) -> tuple[Schema, Schema]:
    version = VERSIONS.get(algorithm.name, 3)
    name = f"{algorithm.called}V{version}"
    known = schema_module.schemas()
    if name in known:
        return known[name], known[f"{algorithm.called}ParametersV{version}"]
    inputs = [_field(item) for item in _declared(algorithm).values()]
    parameter_schema = declare(
        f"{algorithm.called}ParametersV{version}",
        f"{algorithm.called}Parameters",
        *inputs,
        version=version,
        parent="ModelParametersSchemaV3",
    )
    return (
        declare(name, algorithm.called, *_BUILDER_FIELDS, request=True, version=version, parent="ModelBuilderSchema"),
        parameter_schema,
    )


def _field(item: Declaration) -> Field:
    return Field(
        item.name,
        type_of(item),
        item.help,
        "INOUT",
        value(item, item.default),
        item.required,
        values=item.offered_choices,
        level=item.level,
        gridable=item.gridable,
    )


def builder(
    algorithm: type[Algorithm],
    *,
    actual: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    job: dict[str, Any] | None = None,
    brief: bool = False,
) -> dict[str, Any]:
    """An algorithm with the values of its parameters (not in `brief`), what validation found, and the job that trains."""
    shape, _ = schemas_of(algorithm)
    return shape.new(
        job=job,
        algo=algorithm.name,
        algo_full_name=algorithm.title,
        can_build=[category.value for category in algorithm.categories],
        visibility="Stable",
        supervised="response_column" in _declared(algorithm),
        messages=[message(problem) for problem in problems],
        error_count=sum(problem.severity == "error" for problem in problems),
        parameters=[] if brief else parameters(_declared(algorithm), actual or {}, given or {}),
    )


def parameter_values(algorithm: type[Algorithm], actual: Mapping[str, Any]) -> dict[str, Any]:
    """The plain object of parameters that an error answer carries."""
    _, shape = schemas_of(algorithm)
    declared = _declared(algorithm)
    return shape.new(**{name: value(item, actual.get(name, item.default)) for name, item in declared.items()})
