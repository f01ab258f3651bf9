"""The Grid: which models a search has made, what failed and why, and all that it takes to go on with the search.

It is kept in the store as a document, written anew whenever it changes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from artesian.core.clock import now_ms
from artesian.core.errors import Conflict, InvalidArgument, NotFound
from artesian.core.ids import check_key
from artesian.learn.base.validation import ValidatedParameters
from artesian.store import Kind, Store

FORMAT_VERSION = 1
_NO_MARK = ("model_id", "max_runtime_secs", "export_checkpoints_dir")
"""Parameters that make no other model: a key, a limit that searches themselves lower, and a place for copies."""


@dataclass
class Failure:
    """A combination without a model and the reason.

    `raw` are the values of the hyper-parameters as text, in the order of the Grid's names; `parameters` those of the
    combination by name (None where one could not be read); `problems` pairs of a parameter and a sentence, where they are
    what kept the training from its start.
    """

    model: str
    message: str
    raw: list[str]
    parameters: dict[str, Any] | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    stack_trace: str = ""


@dataclass
class Grid:
    """`given` are the parameters that all models share, `hyper_parameters` the space as last searched.

    `models` maps keys to marks of their parameters, in the order of the combinations; `offset` is what the numbers of the
    present walk start after, `walk_seed` what it follows from. `is_running` stays True where the server ended amid a search.
    """

    key: str
    algorithm: str
    given: dict[str, Any]
    hyper_parameters: dict[str, Any]
    hyper_names: list[str]
    search_criteria: dict[str, Any]
    training_frame: str = ""
    response: str | None = None
    parallelism: int = 1
    walk_seed: int = 0
    offset: int = 0
    models: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    recovery_dir: str = ""
    is_running: bool = False
    created_ms: int = field(default_factory=now_ms)

    # ---- models ----

    @property
    def model_ids(self) -> list[str]:
        """The models in the order of their combinations."""
        return list(self.models)

    def add(self, model: str, mark: str = "") -> None:
        """Takes a model in, in the place that its number gives it."""
        last = next(reversed(self.models), None)
        self.models[model] = mark
        if last is not None and self.number_of(last) > self.number_of(model):
            self.models = dict(sorted(self.models.items(), key=lambda item: self.number_of(item[0])))

    def note(self, failure: Failure) -> None:
        """Keeps a failure, in the order of the combinations."""
        last = self.failures[-1] if self.failures else None
        self.failures.append(failure)
        if last is not None and self.number_of(last.model) > self.number_of(failure.model):
            self.failures.sort(key=lambda one: self.number_of(one.model))

    def drop(self, model: str) -> None:
        """Forgets a model."""
        self.models.pop(model, None)

    def model_key(self, number: int) -> str:
        """The key of the model of the present walk's combination of that number, from 0 on."""
        return f"{self.key}_model_{self.offset + number + 1}"

    def number_of(self, model: str) -> float:
        """The number at the end of a model's key; infinity for a model of another name."""
        found = re.fullmatch(re.escape(self.key) + r"_model_(\d+)", model)
        return int(found[1]) if found else float("inf")

    def start_behind(self, keys: Sequence[str]) -> None:
        """Has the next walk's models numbered after all of those keys that look like a model of this Grid."""
        numbers = (self.number_of(key) for key in (*keys, *self.models))
        self.offset = int(max((number for number in numbers if number != float("inf")), default=0))

    # ---- keeping ----

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `from_dict` gives an equal Grid back."""
        plain = {name: value for name, value in vars(self).items() if name != "failures"}
        failures = [
            vars(failure) | {"problems": [list(pair) for pair in failure.problems]} for failure in self.failures
        ]
        return {"format_version": FORMAT_VERSION, **plain, "model_ids": self.model_ids, "failures": failures}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Grid:
        """The Grid of a `to_dict`. InvalidArgument for what is none, or of a later version."""
        try:
            version = plain["format_version"]
            if version > FORMAT_VERSION:
                raise InvalidArgument(f"The grid has format {version}; this version reads up to {FORMAT_VERSION}.")
            known = {name: value for name, value in plain.items() if name in cls.__dataclass_fields__}
            failures = [
                Failure(**{**item, "problems": [(name, text) for name, text in item["problems"]]})
                for item in plain["failures"]
            ]
            return cls(**{**known, "key": check_key(plain["key"], "grid_id"), "failures": failures})
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            raise InvalidArgument(f"This is no grid that was saved here: {problem!r}.") from problem

    def save(self, store: Store) -> None:
        """Writes the document."""
        store.put_document(Kind.GRID, self.key, _plain(self.to_dict()))

    @classmethod
    def load(cls, store: Store, key: str) -> Grid:
        """The Grid of that key; NotFound names a near one."""
        return cls.from_dict(store.document(Kind.GRID, key))

    def shown_models(self, store: Store) -> list[str]:
        """Those of its models that are there still, finished."""
        return [key for key in self.models if is_finished(store, key)]


def is_finished(store: Store, model: str) -> bool:
    """Whether there is a finished model of that key."""
    try:
        store.model_folder(model)
    except (Conflict, NotFound):
        return False
    return True


def mark_of(checked: ValidatedParameters) -> str:
    """A short text that is the same for all parameters which make the same model."""
    values = {name: value for name, value in checked.values.items() if name not in _NO_MARK}
    values["ignored_columns"] = sorted(values.get("ignored_columns") or ())
    content = orjson.dumps(_plain(values), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(checked.algorithm.name.encode() + b"\n" + content).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """JSON-safe: tuples as lists, numbers that JSON does not know as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return value
