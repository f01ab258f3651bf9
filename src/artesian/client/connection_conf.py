"""H2OConnectionConf: where a server is and how to talk to it, as one object that `connect(config=…)` takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.core.errors import did_you_mean

_TYPES: dict[str, tuple[Any, ...]] = {
    "ip": (None, str),
    "port": (None, int),
    "https": (None, bool),
    "context_path": (str,),
    "verify_ssl_certificates": (bool,),
    "cacert": (None, str),
    "proxy": (None, str),
    "auth": (None, tuple, list),
    "cookies": (None, [str]),
    "verbose": (bool,),
}


class H2OConnectionConf:
    """Settings of a connection, each of them an attribute: those of `allowed_properties`, and the `url` that they make.

    Made of a dict of them; one that is not among them, or of a wrong type, is refused by name.
    """

    allowed_properties = tuple(_TYPES)

    ip: str | None
    port: int | None
    https: bool | None
    context_path: str
    verify_ssl_certificates: bool
    cacert: str | None
    proxy: str | None
    auth: tuple[str, str] | None
    cookies: list[str] | None
    verbose: bool

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        for name in self.allowed_properties:
            super().__setattr__(name, None)
        for name, value in (
            {"context_path": "", "verify_ssl_certificates": True, "verbose": True} | dict(config or {})
        ).items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _TYPES:
            near = did_you_mean(name, _TYPES) or f" There are {', '.join(_TYPES)}."
            raise H2OValueError(f"A connection has no setting '{name}'.{near}", "config")
        check_type(name, value, *_TYPES[name])
        super().__setattr__(name, value)

    @property
    def url(self) -> str:
        """The address of the server."""
        if self.ip is None or self.port is None:
            raise H2OValueError("The address of a server needs its 'ip' and its 'port'.", "config")
        return f"{'https' if self.https else 'http'}://{self.ip}:{self.port}/{self.context_path.strip('/')}"

    def arguments(self) -> dict[str, Any]:
        """The settings as arguments of `connect`."""
        names = ("verify_ssl_certificates", "cacert", "proxy", "auth", "cookies")
        return {"url": self.url} | {name: getattr(self, name) for name in names}
