"""What the estimator of target encodings has beyond all others: `transform`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import Number, check_type
from artesian.client.exceptions import H2OTypeError
from artesian.client.older_names import older_names

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.job import H2OJob

_SETTLED = ("seed", "data_leakage_handling")


def _renamed(old: str, new: str) -> property:
    """A parameter under the name that it had before."""

    def read(self: Any) -> Any:
        return getattr(self, new)

    def write(self: Any, value: Any) -> None:
        warnings.warn(f"The parameter '{old}' is called '{new}' now.", DeprecationWarning, 2)
        setattr(self, new, value)

    return property(read, write, doc=f"The parameter '{new}' under its former name.")


class TargetEncodingEstimator:
    """Encodes frames by what was learnt from the training frame."""

    k = _renamed("k", "inflection_point")
    f = _renamed("f", "smoothing")
    noise_level = _renamed("noise_level", "noise")

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in cls.__dict__:
            names = {"k": "inflection_point", "f": "smoothing", "noise_level": "noise"}
            cls.__init__ = older_names(**names)(cls.__init__)  # type: ignore[method-assign]

    def _post(self, parameters: dict[str, Any]) -> H2OJob:
        """Single columns among the groups are groups of one."""
        groups = parameters.get("columns_to_encode")
        if groups:
            grouped = [[group] if isinstance(group, str) else list(group) for group in groups]
            parameters = {**parameters, "columns_to_encode": grouped}
        return super()._post(parameters)  # type: ignore[misc, no-any-return]

    def transform(
        self,
        frame: H2OFrame,
        blending: bool | None = None,
        inflection_point: float | None = None,
        smoothing: float | None = None,
        noise: float | None = None,
        as_training: bool = False,
        **settled: Any,
    ) -> H2OFrame:
        """The frame with its encoded columns.

        `as_training` encodes the training frame as data_leakage_handling asks for; other frames are encoded plainly. The
        other arguments take the place of the model's parameters. `seed` and `data_leakage_handling` are the model's own;
        given here, they only warn (and any leakage handling but 'none' counts as `as_training`).
        """
        from artesian.client.frame.frame import H2OFrame
        from artesian.client.model.base import _frame

        for name in settled:
            if name not in _SETTLED:
                raise H2OTypeError(f"transform() has no argument '{name}'.")
            warnings.warn(f"The argument '{name}' of transform() is set before training.", DeprecationWarning, 2)
        if str(settled.get("data_leakage_handling") or "none").lower() != "none":
            as_training = True
        check_type("frame", frame, H2OFrame)
        for name, value in (("inflection_point", inflection_point), ("smoothing", smoothing), ("noise", noise)):
            check_type(name, value, None, Number)
        own: dict[str, Any] = self._parms  # type: ignore[attr-defined]
        options = {
            "model": self.model_id,  # type: ignore[attr-defined]
            "frame": frame.frame_id,
            "blending": own.get("blending") if blending is None else blending,
            "inflection_point": inflection_point,
            "smoothing": smoothing,
            "noise": noise,
            "as_training": as_training,
        }
        given = {name: value for name, value in options.items() if value is not None}
        return _frame(session.api("GET /3/TargetEncoderTransform", data=given)["name"])
