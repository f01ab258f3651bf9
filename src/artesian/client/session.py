"""The current connection of this Python process, and how it comes to be: `init`, `connect`."""

from __future__ import annotations

import os
import re
from typing import Any

from artesian.client.checks import Number, check_choice, check_type
from artesian.client.cluster import H2OCluster
from artesian.client.connection import H2OConnection, SaveTo, default_port
from artesian.client.connection_conf import H2OConnectionConf
from artesian.client.exceptions import (
    H2OConnectionError,
    H2OResponseError,
    H2OTypeError,
    H2OValueError,
    NoAnswer,
    NotAvailable,
)
from artesian.client.local_server import H2OLocalServer

_LOG_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERRR", "FATA")
_JVM_ONLY = (
    "extra_classpath",
    "jvm_custom_args",
    "min_mem_size",
    "min_mem_size_GB",
    "max_log_file_size",
    "enable_assertions",
)
_current: H2OConnection | None = None


def connection() -> H2OConnection | None:
    """The current connection, or None before `init` and `connect`."""
    return _current


def current() -> H2OConnection:
    """The current connection; H2OConnectionError when there is none."""
    if _current is None or not _current.connected:
        raise H2OConnectionError("Not connected to a server. Call init() or connect() first.")
    return _current


def cluster() -> H2OCluster | None:
    """The server's state, or None before `init` and `connect`."""
    return _current.cluster if _current is not None else None


def api(
    endpoint: str,
    data: dict[str, Any] | None = None,
    json: dict[str, Any] | None = None,
    filename: str | os.PathLike[str] | None = None,
    save_to: SaveTo | None = None,
) -> Any:
    """Sends one request, such as `api("GET /3/Cloud")`, over the current connection and gives its reply."""
    return current().request(endpoint, data=data, json=json, filename=filename, save_to=save_to)


def offered(what: str, endpoint: str, data: dict[str, Any]) -> Any:
    """The reply of a route that not every server has; NotAvailable, naming what was asked for, where it is missing."""
    try:
        return api(endpoint, data=data)
    except H2OResponseError as error:
        path = endpoint.split()[-1]
        if error.args and getattr(error.args[0], "http_status", 0) == 404 and path in str(error.args[0].msg):
            raise NotAvailable(f"The server at {current().base_url} does not offer {what}.") from error
        raise


def flow() -> None:
    """Opens the server's web notebook in the browser."""
    import webbrowser

    webbrowser.open(current().base_url, new=1)


def list_timezones() -> Any:
    """A frame of the names of all time zones."""
    return current().cluster.list_timezones()


def telemetry_enabled() -> bool:
    """False: this client reports nothing to anybody."""
    return False


def set_telemetry(enabled: bool) -> bool:
    """Switches reports off, which they always are: True. They cannot be switched on."""
    check_type("enabled", enabled, bool)
    if enabled:
        raise H2OValueError("This client sends no telemetry, so it cannot be switched on.", "enabled")
    return True


def rapids(expr: str) -> Any:
    """Has the server evaluate one expression and gives its reply as it is."""
    check_type("expr", expr, str)
    open_connection = current()
    return open_connection.request("POST /99/Rapids", data={"ast": expr, "session_id": open_connection.session_id})


def connect(
    server: H2OLocalServer | None = None,
    url: str | None = None,
    ip: str | None = None,
    port: int | str | None = None,
    https: bool | None = None,
    verify_ssl_certificates: bool | None = None,
    cacert: str | None = None,
    auth: tuple[str, str] | None = None,
    proxy: str | None = None,
    cookies: str | list[str] | None = None,
    verbose: bool = True,
    config: dict[str, Any] | H2OConnectionConf | None = None,
    strict_version_check: bool = False,
    telemetry: bool | None = None,
    token: str | None = None,
) -> H2OConnection:
    """Connects to a server that is running, and shows its state.

    Give `url`, or `ip` and `port` (default: localhost, and `ARTESIAN_PORT` or 54321). A server with a token wants it as `token` (or in the variable
    ARTESIAN_TOKEN); `auth` is a user name and password. `config` holds these arguments as a dict or as an H2OConnectionConf. Versions are not
    compared and nothing is ever reported to anybody, so `strict_version_check` and `telemetry` change nothing.
    """
    global _current
    if isinstance(config, H2OConnectionConf):
        return connect(**config.arguments(), verbose=verbose and config.verbose)
    if config is not None:
        return connect(**_known(config.get("connect_params", config)), verbose=verbose)
    check_type("verbose", verbose, bool)
    opened = H2OConnection.open(
        server, url, ip, port, None, https, auth, token, verify_ssl_certificates, cacert, proxy, cookies, verbose
    )
    _current = opened
    if verbose:
        opened.cluster.show_status()
    return opened


def init(
    url: str | None = None,
    ip: str | None = None,
    port: int | str | None = None,
    name: str | None = None,
    https: bool | None = None,
    cacert: str | None = None,
    insecure: bool | None = None,
    username: str | None = None,
    password: str | None = None,
    cookies: str | list[str] | None = None,
    proxy: dict[str, str] | None = None,
    start_h2o: bool = True,
    nthreads: int = -1,
    ice_root: str | None = None,
    log_dir: str | None = None,
    log_level: str | None = None,
    max_mem_size: int | str | None = None,
    strict_version_check: bool | None = None,
    ignore_config: bool = False,
    bind_to_localhost: bool = True,
    verbose: bool = True,
    telemetry: bool | None = None,
    token: str | None = None,
    import_roots: list[str] | None = None,
    export_roots: list[str] | None = None,
    **others: Any,
) -> None:
    """Connects to the server at the address, or starts one on this machine if none answers there; says which.

    A server that was started here stops when Python ends; it may use `nthreads` cores (-1: all) and `max_mem_size` memory
    (`"4G"`, or a number of gigabytes), reads files below `import_roots` and writes below `export_roots` (default of both:
    the current, the home and the temporary folder). With `start_h2o=False` a server must be there already. Options
    that only a JVM has are refused by name; `strict_version_check`, `ignore_config` and `telemetry` change nothing.
    """
    global _current
    _check_init(log_level, nthreads, verbose, others)
    scheme = "https" if https else "http"
    memory = memory_size(max_mem_size if max_mem_size is not None else others.get("max_mem_size_GB"))
    auth = (username, password) if username and password else None
    secure: dict[str, Any] = {
        "auth": auth,
        "token": token,
        "verify_ssl_certificates": not insecure,
        "cacert": cacert,
        "cookies": cookies,
    }
    secure["proxy"] = (proxy or {}).get(scheme)
    try:
        opened = H2OConnection.open(
            url=url, ip=ip, port=port, name=name, https=https, verbose=verbose, attempts=1, **secure
        )
        _say(verbose, f"Connected to the server at {opened.base_url}.")
    except H2OConnectionError as error:
        if not start_h2o or https or (ip or "localhost") not in ("localhost", "127.0.0.1") or url is not None:
            raise
        if not isinstance(error, NoAnswer):  # somebody else answers there
            raise
        _say(verbose, "No server answers at the address; starting one on this machine …")
        roots = {"import_roots": import_roots, "export_roots": export_roots}
        server = H2OLocalServer.start(
            port=_with_plus(port), name=name, nthreads=nthreads, max_mem_size=memory, ice_root=ice_root, log_dir=log_dir,
            log_level=log_level, bind_to_localhost=bind_to_localhost, verbose=verbose,
            settings={key: os.pathsep.join(folders) for key, folders in roots.items() if folders},
        )  # fmt: skip
        opened = H2OConnection.open(server=server, verbose=verbose, attempts=20, token=token)
        _say(verbose, f"Started a server at {opened.base_url} (process {server.pid}, log {server.log_file}).")
    _current = opened
    opened.cluster.timezone = "UTC"
    if verbose:
        opened.cluster.show_status()


def memory_size(size: int | str | None) -> int | None:
    """Bytes of `"512M"`, `"4G"`, `"1T"`; a number below 1000 counts as gigabytes."""
    if size is None:
        return None
    if isinstance(size, str):
        match = re.fullmatch(r"(\d+)([MGT])B?", size.strip().upper())
        if match is None:
            raise H2OValueError(f"An amount of memory reads like '512M', '4G' or '1T'. Got {size!r}.", "max_mem_size")
        return int(match[1]) << {"M": 20, "G": 30, "T": 40}[match[2]]
    check_type("max_mem_size", size, int)
    return size << 30 if size < 1000 else size


def shutdown(prompt: bool = False) -> None:
    """Stops the server."""
    current().cluster.shutdown(prompt)


def cluster_status() -> None:
    """Prints the server's state in detail."""
    current().cluster.show_status(detailed=True)


def cluster_info() -> None:
    """Prints the server's state."""
    current().cluster.show_status()


def network_test() -> None:
    """Prints how fast the machines of the server reach each other."""
    current().cluster.network_test()


def get_timezone() -> str:
    """The time zone in which the server reads and writes times."""
    return current().cluster.timezone


def set_timezone(value: str) -> None:
    """Sets the time zone in which the server reads and writes times."""
    current().cluster.timezone = value


def _check_init(log_level: str | None, nthreads: int, verbose: bool, others: dict[str, Any]) -> None:
    check_type("verbose", verbose, bool)
    check_type("nthreads", nthreads, int)
    if log_level is not None:
        check_choice("log_level", log_level, _LOG_LEVELS)
    for option, value in others.items():
        if option == "max_mem_size_GB":
            check_type(option, value, None, Number)
        elif option not in _JVM_ONLY:
            raise H2OTypeError(f"init() has no argument '{option}'.", option)
        elif value not in (None, True):
            raise H2OValueError(
                f"The argument '{option}' concerns a JVM, and this server has none: leave it out.", option
            )


def _with_plus(port: int | str | None) -> str:
    return f"{default_port()}+" if port is None else f"{str(port).rstrip('+')}+"


def _known(config: dict[str, Any]) -> dict[str, Any]:
    if "context_path" in config:  # the form that launchers on clusters print
        config = dict(config)
        path = str(config.pop("context_path")).strip("/")
        scheme = "https" if config.pop("https", False) else "http"
        config["url"] = f"{scheme}://{config.pop('ip')}:{config.pop('port')}{'/' + path if path else ''}"
    return {name: value for name, value in config.items() if name != "verbose"}


def _say(verbose: bool, text: str) -> None:
    if verbose:
        print(text)
