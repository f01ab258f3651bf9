"""Flow, the web notebook: its built files, which lie in the package, and the way to them.

Files are compressed when they are built. Those under assets/ carry a hash of their content in their names, so browsers
may keep them for ever; the page itself is asked for again each time. The page may run and show nothing but what comes
from this server.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from starlette.responses import RedirectResponse, Response

from artesian.core.errors import NotFound
from artesian.server.routing import Call, route
from artesian.server.wire.schema import declare, given

FOLDER = Path(__file__).resolve().parent.parent / "flow"
PAGE = declare("FlowPageV3", "Iced")
FILE = declare("FlowFileV3", "Iced", given("name", "string", "Name of the file.", required=True, echoed=False))

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".flow": "application/json",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


def installed() -> bool:
    """Whether the page was built into this installation."""
    return (FOLDER / "index.html").is_file()


def is_public(path: str) -> bool:
    """Whether the path is one of the page's, which holds no secrets: it asks its user for the server's token itself."""
    return path in ("/", "/flow") or (path.startswith("/flow/") and ".." not in path)


def wants_page(call: Call) -> bool:
    """Whether the request comes from a browser that was given the bare address, and there is a page to lead it to."""
    return "text/html" in call.request.headers.get("accept", "") and installed()


@lru_cache(maxsize=4)
def _files(folder: Path, changed_ns: int) -> dict[str, tuple[bytes, str]]:
    """The files of a folder, with the types of those that may be asked for; no other can, however its name is written."""
    return {path.name: (path.read_bytes(), _TYPES.get(path.suffix, "")) for path in folder.iterdir() if path.is_file()}


def _answer(call: Call, folder: Path, name: str, kept: str) -> Response:
    files = _files(folder, folder.stat().st_mtime_ns) if folder.is_dir() else {}
    content, kind = files.get(name, (b"", ""))
    if not kind:
        why = "" if installed() else " The page was not built into this installation: `make ui` builds it."
        raise NotFound(f"The notebook has no file {name!r}.{why}")
    headers = {"Cache-Control": kept, "Content-Security-Policy": _POLICY, "Vary": "Accept-Encoding"}
    accepted = {part.partition(";")[0].strip() for part in call.request.headers.get("accept-encoding", "").split(",")}
    for encoding, ending in _ENCODINGS:
        if encoding in accepted and name + ending in files:
            content = files[name + ending][0]
            headers["Content-Encoding"] = encoding
            break
    return Response(content, headers=headers, media_type=kind)


@route("GET", "/flow", "flow", "Leads to the notebook.", takes=PAGE, gives=None, quick=True)
def flow(call: Call) -> Response:
    """The page knows its server by its own address, which must end in /flow/index.html."""
    return RedirectResponse("/flow/index.html", status_code=307)


@route("GET", "/flow/{name}", "flowPage", "The notebook's page.", takes=FILE, gives=None)
def page(call: Call) -> Response:
    """The page and the few files beside it."""
    return _answer(call, FOLDER, call["name"], _ASK_AGAIN)


@route("GET", "/flow/assets/{name}", "flowAsset", "A script or style of the notebook.", takes=FILE, gives=None)
def asset(call: Call) -> Response:
    """A file whose name changes with its content."""
    return _answer(call, FOLDER / "assets", call["name"], _FOR_EVER)
