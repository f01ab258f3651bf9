"""Parameters of AutoML: which there are, what each takes, and where the request has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from artesian.client.checks import Number, check_choice, check_frame_id, check_type
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.frame.frame import validated_frame

if TYPE_CHECKING:
    from artesian.client.automl.estimator import H2OAutoML

ALIASES: Final = ("all", "defaults", "grids")
VERBOSITIES: Final = ("debug", "info", "warn", "error")
_DISTRIBUTION_PARAMETERS: Final = {
    "custom": "custom_distribution_func",
    "huber": "huber_alpha",
    "quantile": "quantile_alpha",
    "tweedie": "tweedie_power",
}


class InvalidSetting(H2OValueError, AssertionError):  # noqa: N818 - reads as what is wrong
    """A parameter that AutoML cannot be given; scripts written for H2O catch it as an AssertionError."""


class Setting:
    """A parameter as an attribute: what is assigned is checked, and put where the request has it.

    `path` is that place; `translate` makes the value of the request of what was given. A `frozen` one cannot be changed once
    a run was started, since later runs of the same object extend its leaderboard.
    """

    def __init__(
        self, path: str, *types: Any, translate: Callable[[Any], Any] | None = None, frozen: bool = True
    ) -> None:
        self.path = path.split(".")
        self.types = types
        self.translate = translate
        self.frozen = frozen

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, run: H2OAutoML | None, owner: type) -> Any:
        return self if run is None else run._given.get(self.name)

    def __set__(self, run: H2OAutoML, value: Any) -> None:
        if self.frozen and run._started:
            raise H2OValueError(
                f"Param ``{self.name}`` can not be modified after the first call to ``train``.", self.name
            )
        if self.types:
            check_type(self.name, value, *self.types)
        sent = value if self.translate is None or value is None else self.translate(value)
        run._given[self.name] = value
        group: dict[str, Any] = getattr(run, self.path[0])
        for part in self.path[1:-1]:
            group = group.setdefault(part, {})
        group[self.path[-1]] = sent


def project(name: str) -> str:
    """The name of a project, which has to serve for frames too."""
    try:
        check_frame_id(name)
    except H2OValueError:
        raise H2OValueError(
            f"The project_name of an H2OAutoML consists of letters, digits and - . _ ~, and starts with no digit. "
            f"Got {name!r}.",
            "project_name",
        ) from None
    return name


def folds(number: int) -> int:
    """The number of folds."""
    if number < -1 or number == 1:
        raise InvalidSetting(
            f"nfolds set to {number}; use nfolds >=2 for cross-validation, 0 for none, or -1 to have it chosen.",
            "nfolds",
        )
    return number


def distribution(given: str | Mapping[str, Any]) -> str:
    """The name of a distribution, in lower case; its parameter is taken by `parameters_of_distribution`."""
    if isinstance(given, str):
        name = given.lower()
        if name == "custom":
            raise H2OValueError(
                "The distribution 'custom' is given as a dict with its function: "
                "dict(type='custom', custom_distribution_func=…).",
                "distribution",
            )
        return name
    if "type" not in given:
        raise InvalidSetting(f"A distribution given as a dict needs its 'type'. Got {dict(given)}.", "distribution")
    name = str(given["type"]).lower()
    own = _DISTRIBUTION_PARAMETERS.get(name)
    for key in given:
        if key not in ("type", own):
            takes = f"takes 'type' and '{own}'" if own else "takes 'type' alone"
            raise InvalidSetting(f"The distribution '{name}' {takes}. Got '{key}'.", "distribution")
    if name == "custom" and given.get("custom_distribution_func") is None:
        raise H2OValueError("The distribution 'custom' needs its custom_distribution_func.", "distribution")
    return name


def parameters_of_distribution(given: Any) -> dict[str, Any]:
    """The parameters that come with a distribution, by the name of the request."""
    if not isinstance(given, Mapping):
        return {}
    return {name: value for name, value in given.items() if name != "type" and value is not None}


def plan(given: Sequence[Any]) -> list[dict[str, Any]]:
    """A modeling plan as the request has it: providers as dicts, tuples or names."""
    return [_provider(entry) for entry in given]


def _provider(entry: Any) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"name": entry}
    if isinstance(entry, dict):
        _check_definition(entry)
        return entry
    check_type("modeling_plan", entry, dict, tuple, str)
    if not 1 <= len(entry) <= 2:
        raise InvalidSetting(
            f"A tuple of a modeling_plan has a name, and maybe its steps. Got {entry!r}.", "modeling_plan"
        )
    check_type("modeling_plan", entry[0], str)
    if len(entry) == 1:
        return {"name": entry[0]}
    if isinstance(entry[1], str):
        if entry[1] not in ALIASES:
            raise H2OTypeError(
                f"The steps of a provider are a list, or one of {list(ALIASES)}. Got {entry[1]!r}.", "alias"
            )
        return {"name": entry[0], "alias": entry[1]}
    if not isinstance(entry[1], list):
        raise H2OTypeError(f"The steps of a provider are a list, or one of {list(ALIASES)}. Got {entry[1]!r}.", "steps")
    return {"name": entry[0], "steps": [{"id": step} for step in entry[1]]}


def _check_definition(entry: dict[str, Any]) -> None:
    def refuse(sentence: str) -> None:
        raise InvalidSetting(f"{sentence} Got {entry!r}.", "modeling_plan")

    if "name" not in entry:
        refuse("In a modeling_plan, each definition must have a 'name' key.")
    if len(entry) > 2:
        refuse("In a modeling_plan, each definition must have only 1 or 2 keys: a name, and an alias or steps.")
    if len(entry) == 2 and not {"alias", "steps"} & set(entry):
        refuse("In a modeling_plan, steps definitions support only the following keys: name, alias, steps.")
    if "alias" in entry and entry["alias"] not in ALIASES:
        refuse(f"In a modeling_plan, alias must be one of {list(ALIASES)}.")
    if "steps" in entry and not isinstance(entry["steps"], list):
        refuse("In a modeling_plan, the steps of a provider are a list.")
    for step in entry.get("steps", ()):
        if not isinstance(step, dict):
            refuse("In a modeling_plan, each step must be a dict with an 'id', and maybe a weight and a group.")
        if "id" not in step:
            refuse("In a modeling_plan, each step must have an 'id' key.")
        if set(step) - {"id", "weight", "group"}:
            refuse("In a modeling_plan, a step has an id, a weight and a group, nothing else.")
        for name in ("weight", "group"):
            if name in step and (not isinstance(step[name], int) or isinstance(step[name], bool)):
                refuse(f"In a modeling_plan, {name} must be an integer.")


def preprocessing(given: Sequence[str]) -> list[dict[str, str]]:
    """Steps of preprocessing as the request has them."""
    for name in given:
        if name != "target_encoding":
            raise InvalidSetting(
                f"The preprocessing that there is, is 'target_encoding'. Got {name!r}.", "preprocessing"
            )
    return [{"type": name.replace("_", "")} for name in given]


def parameters_of_algorithms(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parameters of algorithms as the request has them; `GBM__name` is one for GBM alone."""
    found = []
    for key, value in given.items():
        scope, _, name = key.partition("__")
        pairs = [{"key": k, "value": v} for k, v in value.items()] if isinstance(value, Mapping) else value
        found.append({"scope": scope if name else "any", "name": name or scope, "value": pairs})
    return found


def verbosity(given: str | None) -> str | None:
    """The level of the events that are printed."""
    check_type("verbosity", given, None, str)
    if given is not None:
        check_choice("verbosity", given.lower(), VERBOSITIES)
    return given


@dataclass(frozen=True)
class Roles:
    """Frames and columns of a run, as the request has them; None where there is none."""

    training_frame: str
    response_column: str
    ignored_columns: list[str] | None
    fold_column: str | None
    weights_column: str | None
    validation_frame: str | None
    leaderboard_frame: str | None
    blending_frame: str | None


def roles(
    x: Any, y: int | str | None, training: Any, columns: Mapping[str, int | str | None], frames: Mapping[str, Any]
) -> Roles:
    """What `train` is given; columns are names or numbers of the training frame, `x` those that are learnt from."""
    frame = validated_frame(training, "training_frame", required=True)
    assert frame is not None
    if y is None:
        raise H2OValueError("The argument 'y' is required: name the column to predict.", "y")
    check_type("y", y, int, str)
    names = frame.names
    response = names[frame._position(y)]
    special = {role: None if column is None else names[frame._position(column)] for role, column in columns.items()}
    ignored: list[str] | None = None
    if x is not None:
        check_type("x", x, str, int, [str, int], set, range)
        chosen = {names[at] for at in frame._positions(list(x) if not isinstance(x, (str, int)) else x)}
        kept = chosen | {response} | {name for name in special.values() if name}
        ignored = [name for name in names if name not in kept]
    others = {role: validated_frame(given, role) for role, given in frames.items()}
    keys = {role: None if other is None else other.frame_id for role, other in others.items()}
    return Roles(str(frame.frame_id), response, ignored, **special, **keys)


__all__ = ["InvalidSetting", "Number", "Roles", "Setting", "roles"]
