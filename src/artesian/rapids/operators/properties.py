"""Properties of the server that clients set by name, as they set Java system properties of H2O."""

from __future__ import annotations

import threading

from artesian.core.errors import InvalidArgument
from artesian.rapids.registry import STRING, operator

_PREFIX = "sys.ai.h2o."
_MOST = 1_000
_properties: dict[str, str] = {}
_guard = threading.Lock()


@operator(
    "setproperty",
    STRING("property"),
    STRING("value"),
    doc="Sets a property whose name starts with sys.ai.h2o. for parts of the server to read; tells the value before.",
)
def set_property(name: str, value: str) -> str:
    if not name.startswith(_PREFIX):
        raise InvalidArgument(f"Only properties whose name starts with {_PREFIX} can be set. Got '{name}'.")
    with _guard:
        before = _properties.get(name, "null")
        if name not in _properties and len(_properties) >= _MOST:
            raise InvalidArgument(f"At most {_MOST} properties can be set.")
        _properties[name] = value
    return f"Old values of {name} (per node): {before}"


def property_value(name: str, default: str) -> str:
    """The value that a client gave a property, else the default."""
    return _properties.get(name, default)
