"""Files in: import by path or address, upload, completion of paths, parse set-up and parse."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import anyio.to_thread

from artesian import datasets
from artesian.core.errors import ArtesianError, InvalidArgument, NotFound, did_you_mean
from artesian.core.ids import MAX_KEY_LENGTH, check_key, new_key
from artesian.frame.io import resolve, typeahead
from artesian.frame.parse.setup import ParseSetup
from artesian.server.parameters import IllegalRequest
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.uploads import upload_to
from artesian.server.wire.importing import (
    IMPORT,
    IMPORT_MULTI,
    PARSE,
    PARSE_SETUP,
    POST_FILE,
    TYPEAHEAD,
    overrides,
    parse_setup,
)
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.keys import frame_key
from artesian.store import Kind

_PACKED = (
    "zip",
    "gz",
    "bz2",
    "xz",
    "zst",
    "csv",
    "tsv",
    "xls",
    "xlsx",
    "txt",
    "svm",
    "orc",
    "arff",
    "parquet",
    "arrow",
)
_IMPORT_ROUTE = re.compile(r"https?://[^/]*/([^?#]*/)?\d+/ImportFiles(Multi)?/*([?#]|$)", re.IGNORECASE)
_DESTINATION_LENGTH = 200
_ARROW_STARTS = (b"ARROW1", b"\xff\xff\xff\xff")


# ---- by path ----


def key_of(file: str) -> str:
    """The key of an imported file: its path or address; the end of a very long one gives way to a digest of it all."""
    key = file if "://" in file else f"nfs:/{file}"
    if len(key) <= MAX_KEY_LENGTH:
        return key
    digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    return f"{key[: MAX_KEY_LENGTH - len(digest) - 1]}~{digest}"


def _import(server: Server, paths: list[str], pattern: str | None) -> dict[str, Any]:
    """Registers every file behind the paths; those that cannot be had are told, unless there is none at all."""
    files: list[str] = []
    fails: list[str] = []
    problem: ArtesianError | None = None
    for path in paths:
        if _IMPORT_ROUTE.match(path):
            raise InvalidArgument(  # clients match the first words
                f"Recursive path reference: '{path}' is an address that imports in turn; give the address of the file itself."
            )
        try:
            files += [_example(path)] if path.startswith(datasets.SCHEME) else resolve(path, server.settings, pattern)
        except NotFound as failure:
            problem = failure
            fails.append(path)
    if problem is not None and not files:
        raise problem
    keys = [file if file.startswith(datasets.SCHEME) else key_of(file) for file in files]
    replaced = [key for key in keys if key in server.store]
    for key, file in zip(keys, files, strict=True):
        server.store.put_file(
            key, datasets.FOLDER / file.removeprefix(datasets.SCHEME) if file.startswith(datasets.SCHEME) else file
        )
    return {"files": files, "destination_frames": keys, "fails": fails, "dels": replaced}


def _example(address: str) -> str:
    """The full address of a data set that comes along; NotFound where there is none of that name."""
    name, known = address.removeprefix(datasets.SCHEME), datasets.names()
    found = next((one for one in known if name in (one, one.removesuffix(".csv"))), None)
    if found is None:
        raise NotFound(
            f"No data set '{name}' comes along.{did_you_mean(name, known)} There is: {', '.join(known)}.", path=address
        )
    return f"{datasets.SCHEME}{found}"


@route("GET", "/3/ImportFiles", "importFiles_deprecated", "Names files by path.", takes=IMPORT, gives=IMPORT)
@route("POST", "/3/ImportFiles", "importFiles", "Names files by path, to be parsed.", takes=IMPORT, gives=IMPORT)
def import_files(call: Call) -> dict[str, Any]:
    """Files behind one path."""
    return IMPORT.new(**call.echo(), **_import(call.server, [call["path"]], call["pattern"]))


@route(
    "POST",
    "/3/ImportFilesMulti",
    "importFilesMulti",
    "Names files by several paths, to be parsed.",
    takes=IMPORT_MULTI,
    gives=IMPORT_MULTI,
)
def import_files_multi(call: Call) -> dict[str, Any]:
    """Files behind several paths."""
    return IMPORT_MULTI.new(**call.echo(), **_import(call.server, [p for p in call["paths"] if p], call["pattern"]))


@route(
    "GET",
    "/3/Typeahead/files",
    "typeaheadFileSuggestions",
    "Completes a path inside the import roots.",
    takes=TYPEAHEAD,
    gives=TYPEAHEAD,
)
def complete(call: Call) -> dict[str, Any]:
    """Paths that start with what was typed, and data sets that come along."""
    matches = typeahead(call["src"], call["limit"], call.server.settings)
    if call["src"]:
        matches += [
            address for one in datasets.names() if (address := f"{datasets.SCHEME}{one}").startswith(call["src"])
        ]
    return TYPEAHEAD.new(**call.echo(), matches=matches)


# ---- by upload ----


@route(
    "POST",
    "/3/PostFile",
    "postFile",
    "Uploads a file, raw or as a form, to be parsed.",
    takes=POST_FILE,
    gives=POST_FILE,
    streaming=True,
)
@route(
    "POST",
    "/3/PostFile.bin",
    "postFileBinary",
    "Uploads a file of any kind, raw or as a form.",
    takes=POST_FILE,
    gives=POST_FILE,
    streaming=True,
)
async def post_file(call: Call) -> dict[str, Any]:
    """Takes an upload of any size up to the limit."""
    store = call.server.store
    key = check_key(call["destination_frame"] or new_key("upload"))
    path = store.new_upload_path()
    size, start = await upload_to(path, call.request, call.server.settings.max_upload_mb)
    if call["format"] == "arrow" and not start.startswith(_ARROW_STARTS):
        path.unlink(missing_ok=True)
        raise InvalidArgument("The upload is no Arrow file or stream; leave 'format' out to have its kind guessed.")
    await anyio.to_thread.run_sync(store.put_file, key, path)
    return {"destination_frame": key, "total_bytes": size}


# ---- parse ----


def _source(server: Server, key: str) -> dict[str, Any]:
    """A stored source as the fields of `Source`. Uploads and the package's data are the server's own: no root applies."""
    if key not in server.store:
        raise InvalidArgument(
            f"There is no source '{key}'; import it with /3/ImportFiles or upload it with /3/PostFile first."
        )
    if server.store.kind_of(key) is not Kind.FILE:
        raise InvalidArgument(f"'{key}' is a {server.store.kind_of(key)}, not a file that can be parsed.")
    place = server.store.file(key)
    uploaded = isinstance(place, Path) and place.parent == server.store.upload_folder
    own = uploaded or (isinstance(place, Path) and place.parent == datasets.FOLDER and place.name in datasets.names())
    return {"location": str(place), "name": _plain_name(key if uploaded else str(place)), "trusted": own}


def _plain_name(key: str) -> str:
    return unquote(PurePosixPath(urlsplit(key).path).name) or key


def _sources(call: Call) -> tuple[list[str], list[dict[str, Any]]]:
    keys = [key for key in call["source_frames"] if key]
    if not keys:
        raise IllegalRequest("The parameter 'source_frames' names no source.", argument="source_frames")
    return keys, [_source(call.server, key) for key in keys]


def destination_for(source: str, taken: Any) -> str:
    """A key for the frame of a source: its name without path and endings, as an identifier, with `.hex`."""
    name = source.rpartition("/")[2] or source
    name = name.removeprefix(datasets.SCHEME)
    while "." in name[1:] and name.lower().rpartition(".")[2] in _PACKED:
        name = name.rpartition(".")[0]
    name = re.sub(r"[^A-Za-z0-9_]", "_", name)[:_DESTINATION_LENGTH]
    if not re.match(r"[A-Za-z_]", name):
        name = f"X{name}"
    key, count = f"{name}.hex", 0
    while key in taken:
        count += 1
        key = f"{name}{count}.hex"
    return key


def _preview(setup: ParseSetup, call: Call) -> dict[str, Any]:
    """The first rows, of those columns that filter and paging let through."""
    names = setup.names()
    wanted = [i for i, name in enumerate(names) if (call["column_name_filter"] or "") in name]
    first, count = max(0, call["column_offset"]), call["column_count"]
    shown = wanted[first : first + count] if count > 0 else wanted[first:]
    rows = [[row[i] if i < len(row) else None for i in shown] for row in setup.preview]
    return {"data": rows or None, "total_filtered_column_count": len(wanted)}


@route(
    "POST",
    "/3/ParseSetup",
    "guessParseSetup",
    "Finds out format, names and types of sources; whatever is given is kept.",
    takes=PARSE_SETUP,
    gives=PARSE_SETUP,
)
def guess_parse_setup(call: Call) -> dict[str, Any]:
    """The set-up that a parse of these sources would use."""
    keys, sources = _sources(call)
    given = overrides(call.values, call.server.time_zone)
    found: list[dict[str, Any]] = []
    job = call.server.jobs.submit(
        "artesian.server.tasks:guess",
        {"sources": sources, "overrides": given},
        description="Guess parse setup",
        on_done=found.append,
    )
    call.server.settle(job)
    setup = ParseSetup.from_dict(found[0])
    destination = destination_for(keys[0], call.server.store)
    return parse_setup(setup, call.values, keys, destination, _preview(setup, call))


@route("POST", "/3/Parse", "parse", "Reads sources into a frame.", takes=PARSE, gives=PARSE)
def parse(call: Call) -> dict[str, Any]:
    """Starts the job that reads; waits for it when asked to."""
    server = call.server
    keys, sources = _sources(call)
    destination = check_key(call["destination_frame"])
    given = overrides({**call.values, "column_name_filter": None}, server.time_zone)

    def finish(result: dict[str, Any]) -> None:
        server.store.put_manifest(destination, result["manifest"])
        if call["delete_on_done"]:
            for key in keys:
                if key != destination:
                    server.store.remove(key, missing_ok=True)

    job = server.jobs.submit(
        "artesian.server.tasks:parse",
        {"sources": sources, "overrides": given},
        description="Parse",
        dest=destination,
        dest_kind=Kind.FRAME,
        on_done=finish,
    )
    rows = 0
    if call["blocking"]:
        server.settle(job)
        rows = server.store.frame(destination).n_rows
    values = call.echo() | {
        "destination_frame": frame_key(destination),
        "source_frames": [frame_key(key) for key in keys],
        "job": shown_job(job),
        "rows": rows,
    }
    return PARSE.new(**values)
