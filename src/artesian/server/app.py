"""The ASGI application: access check, route, parameters, handler in a thread, answer.

The event loop only moves bytes: handlers run in a pool of threads unless their route is declared quick, so that a long
one never keeps another request from its answer. A server answers as soon as the first few routes are there; the others are
imported meanwhile, and requests for them wait.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import anyio
import anyio.to_thread
import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from artesian.core.errors import ArtesianError, InvalidArgument, NotFound
from artesian.core.logging import configure
from artesian.core.settings import Settings
from artesian.server import errors, limits
from artesian.server.auth import Access
from artesian.server.parameters import convert
from artesian.server.routes import load_all, load_first
from artesian.server.routes.flow import is_public
from artesian.server.routing import Call, Route, Table, declared_routes, excluded
from artesian.server.state import Server
from artesian.server.unavailable import check_available

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_log = logging.getLogger("artesian.server")
_DUMP = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
_PRELOAD = ("artesian.server.tasks", "artesian.frame.parse", "artesian.learn.tasks")
_RESIDENT_PART = 8  # of the memory budget may be pages of mapped files that nothing reads
_GUARDS = {
    "X-Frame-Options": "deny",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'",
}


def create_app(settings: Settings, token: str = "", *, quiet: bool = True) -> Starlette:
    """The application of a server with those settings; its store and workers live as long as its lifespan.

    `app.state.server` holds the shared state. `quiet` keeps the log off standard error.
    """
    from artesian.frame.arrow_layout import limit_resident
    from artesian.jobs import Jobs
    from artesian.store import Store, budget_bytes

    log = configure(settings.log_level, settings.log_lines, quiet=quiet)
    limit_resident(budget_bytes(settings) // _RESIDENT_PART)
    store = Store(settings)
    server = Server(settings, log, store, Jobs(store, settings, preload=_PRELOAD), settings.host, settings.port)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.http_threads
        dispatcher.start_loading()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(server.close)
            dispatcher.close()

    load_first()
    dispatcher = Dispatcher(server, Access(settings, token or settings.token))
    app = _Application(dispatcher, lifespan)
    app.state.server = server
    return app


class _Application(Starlette):
    """Starlette for the lifespan alone: the dispatcher routes, answers errors and takes each request directly."""

    def __init__(
        self, dispatcher: Dispatcher, lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]]
    ) -> None:
        super().__init__(lifespan=lifespan)
        self._dispatcher = dispatcher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._dispatcher(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Dispatcher:
    """Answers each request by its route."""

    def __init__(self, server: Server, access: Access) -> None:
        self.server = server
        self.access = access
        self.table = Table(declared_routes())
        self._threads = ThreadPoolExecutor(server.settings.http_threads, thread_name_prefix="handler")
        self._loader = threading.Thread(target=self._load, name="route-loader", daemon=True)
        self._load_error: Exception | None = None
        from artesian.frame.arrow_layout import release_pages

        self._release_pages = release_pages
        headers = _GUARDS | {
            "X-h2o-rest-api-version-max": "3",
            "X-h2o-build-project-version": server.settings.strict_version,
            "X-h2o-cluster-id": str(server.started_ms),
            "X-h2o-cluster-good": "true",
        }
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    def close(self) -> None:
        """No handler starts any more; those that run are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def start_loading(self) -> None:
        """Imports the rest of the routes in the background."""
        self._loader.start()

    def _load(self) -> None:
        try:
            load_all()
        except Exception as problem:  # such as compiled parts of another version than the rest
            _log.exception("Some routes cannot be loaded.")
            self._load_error = problem
        self.table = Table(declared_routes())
        self._take_up()
        gc.collect()
        gc.freeze()  # what is loaded stays: the collector need not look through it while requests wait

    def _take_up(self) -> None:
        """Goes on with the AutoML runs and searches that the end of an earlier server on the same folder interrupted."""
        from artesian.store import Kind

        if not self.server.settings.data_dir:
            return
        if any(True for _ in self.server.store.keys(Kind.AUTOML)):
            from artesian.search.automl import resume_all

            try:
                resume_all(self.server.trainer)
            except Exception:
                _log.exception("Interrupted AutoML runs cannot be taken up.")
        if any(True for _ in self.server.store.keys(Kind.GRID)):
            from artesian.server.grid_files import take_up

            take_up(self.server)

    async def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        try:
            return self.table.find(method, path)
        except NotFound:
            if self._loader.is_alive():
                await anyio.to_thread.run_sync(self._loader.join)
        try:
            return self.table.find(method, path)
        except NotFound:
            if self._load_error is not None:
                raise ArtesianError(
                    f"This installation of artesian is not whole, so {method} {path} may be missing: {self._load_error}. "
                    "Install it again."
                ) from self._load_error
            check_available(path)
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        began = time.perf_counter_ns()
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except BaseException as problem:  # panics of native code too: the client gets an answer, the server lives
            response = errors.answer(problem, request.url.path, self.server.settings)
        given = {name for name, _ in response.raw_headers}
        response.raw_headers += [header for header in self._headers if header[0] not in given]
        origin = request.headers.get("origin", "")
        if origin and self.access.allows_origin(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Vary"] = "Origin"
        took = time.perf_counter_ns() - began
        self.server.traffic.note(scope.get("client"), scope["method"], scope["path"], response.status_code, took)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or request.url.path
        self.access.check(request.headers, request.scope["scheme"], public=request.method == "GET" and is_public(path))
        if request.method == "OPTIONS":
            return _preflight(self.access, request)
        found, in_path = await self._find(request.method, path)
        raw = dict(_query(request).items())
        if not found.streaming and request.method in ("POST", "PUT"):
            raw |= await _form(request, self.server.settings)
        raw |= in_path
        call = Call(self.server, request, found, {}, raw)
        if found.streaming:
            call.values = convert(found.takes, raw)
            result = await found.handler(call)  # type: ignore[misc]
            return self._respond(request, found, call, result)
        if found.is_quick(raw):
            return self._run(request, found, call)
        loop = asyncio.get_running_loop()  # its own executor: a third of the cost of anyio's threads
        return await loop.run_in_executor(self._threads, self._run_and_release, request, found, call)

    def _run_and_release(self, request: Request, found: Route, call: Call) -> Response:
        try:
            return self._run(request, found, call)
        finally:
            self._release_pages()

    def _run(self, request: Request, found: Route, call: Call) -> Response:
        known = found.takes.inputs
        given = {name: value for name, value in call.raw.items() if name in known} if found.free else call.raw
        call.values = convert(found.takes, given)
        return self._respond(request, found, call, found.handler(call))

    def _respond(self, request: Request, found: Route, call: Call, result: Any) -> Response:
        if isinstance(result, Response):
            return result
        if call.values.get("_exclude_fields"):
            result = excluded(result, call.values["_exclude_fields"])
        content = orjson.dumps(result, option=_DUMP)
        headers = {}
        if len(content) >= self.server.settings.gzip_minimum_bytes and limits.accepts_gzip(
            request.headers.get("accept-encoding", "")
        ):
            content = limits.gzip(content)
            headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(content, headers=headers, media_type="application/json")


def _preflight(access: Access, request: Request) -> Response:
    headers = {
        "Access-Control-Allow-Methods": "GET, POST, DELETE, HEAD",
        "Access-Control-Allow-Headers": request.headers.get("access-control-request-headers", ""),
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=headers if access.allows_origin(request.headers.get("origin", "")) else {})


def _query(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))


async def _form(request: Request, settings: Settings) -> dict[str, Any]:
    """The parameters of a body: url-encoded, or one JSON object."""
    body = await limits.body_of(request, settings.max_form_mb)
    if not body.strip():
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json(body)
    if kind == "multipart/form-data":
        raise InvalidArgument("This route takes url-encoded parameters or JSON; files go to /3/PostFile.")
    try:
        text = body.decode("utf-8")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=settings.max_form_fields))
    except UnicodeDecodeError:
        raise InvalidArgument(
            "The body of the request is not UTF-8 text; send url-encoded parameters or JSON."
        ) from None
    except ValueError as problem:
        raise InvalidArgument(f"The body of the request cannot be read as parameters: {problem}.") from None


def _json(body: bytes) -> dict[str, Any]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise InvalidArgument(f"The body of the request is not JSON: {problem}.") from None
    if not isinstance(parsed, dict):
        raise InvalidArgument("The JSON body of a request must be an object of parameters.")
    return parsed
