"""What changes in a server, as it happens, for those who listen: jobs, trainings, AutoML runs, objects.

While anybody listens, a thread of the hub's own looks at the server's tables a few times a second and tells each listener
what is new to it; the event loop only passes the bytes on. Without listeners nothing runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from artesian.core.errors import ArtesianError, Busy, NotFound
from artesian.server.wire.automl import events as shown_events
from artesian.server.wire.automl import leaderboard as shown_board
from artesian.server.wire.events import (
    GLIMPSES,
    LOG_GROWN,
    OBJECT,
    OBJECTS,
    POINTS,
    PROGRESS,
    SPEED_COLUMN,
    number_of,
)
from artesian.server.wire.jobs import details as shown_details
from artesian.server.wire.jobs import glimpses as shown_glimpses
from artesian.server.wire.jobs import job as shown_job
from artesian.store import Kind, Stamp

if TYPE_CHECKING:
    from artesian.jobs import Job
    from artesian.jobs.job import JobStatus
    from artesian.server.state import Server

TOPICS = ("jobs", "training", "automl", "objects")
_log = logging.getLogger("artesian.server.events")
_KILOBYTE = 1024
_MEMORY_STEP_BITS = 23
"""Memory of a job is told anew after 8 MB more or less."""
_IN_TRAINING = ("CREATED", "RUNNING")


def message(event: str, data: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY))


@dataclass(frozen=True)
class Wanted:
    """What a listener asked for: some topics, of all objects or of some keys (of jobs, of what they make, of objects)."""

    topics: frozenset[str] = frozenset(TOPICS)
    keys: frozenset[str] = frozenset()

    def takes(self, topic: str, *keys: str | None) -> bool:
        """Whether something of that topic about one of the keys is wanted."""
        return topic in self.topics and (not self.keys or any(key in self.keys for key in keys))


@dataclass
class Scene:
    """The server at one moment, as far as anybody listens to it.

    Each job comes with its status at that moment, since it may end while it is told; `boards` are the AutoML runs, and
    `passed` the objects that came and went since the scene before.
    """

    jobs: list[tuple[Job, JobStatus]]
    objects: dict[str, Stamp]
    details: dict[str, Mapping[str, Any] | None]
    boards: Mapping[str, tuple[dict[str, Any], list[dict[str, Any]]]]
    passed: Mapping[str, Stamp] = field(default_factory=dict)


@dataclass
class Memory:
    """What one listener was told; `news` gives what a scene adds to it, and remembers that."""

    wanted: Wanted
    _fresh: bool = True
    _jobs: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _followed: dict[str, tuple[int, list[Any]]] = field(default_factory=dict)
    _objects: dict[str, Stamp] = field(default_factory=dict)
    _boards: dict[str, dict[str, Any]] = field(default_factory=dict)
    _logs: dict[str, int] = field(default_factory=dict)
    _glimpsed: dict[str, int] = field(default_factory=dict)
    _details: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def news(self, scene: Scene) -> list[bytes]:
        """What is new since the last scene; of the first one the jobs that run, all objects and the AutoML runs."""
        found = [*self._of_objects(scene.objects, scene.passed), *self._of_jobs(scene), *self._of_runs(scene)]
        self._fresh = False
        return found

    def _of_jobs(self, scene: Scene) -> Iterable[bytes]:
        for job, status in scene.jobs:
            state = (status, job.progress, job.message, len(job.warnings), job.ready_for_view)
            before = self._jobs.get(job.key)
            if self._fresh and status.is_final:
                self._jobs[job.key] = state
                continue
            if before is not None and before[0].is_final:
                continue
            if self.wanted.takes("training", job.key, job.dest) and job.dest in scene.details:
                yield from self._of_training(job, scene.details[job.dest])
            if self.wanted.takes("training", job.key, job.dest):
                yield from self._of_glimpses(job)
            if status.is_final and job.dest:
                self._followed.pop(job.dest, None)
            if state != before and job.dest and not job.part_of and self.wanted.takes("jobs", job.key, job.dest):
                yield message("job", PROGRESS.new(job=shown_job(job), eta_secs=_eta(job)))
            if job.dest and not job.part_of and self.wanted.takes("jobs", job.key, job.dest):
                yield from self._of_details(job)
            self._jobs[job.key] = state
        known = {job.key for job, _ in scene.jobs}
        for key in self._jobs.keys() - known:
            for told in (self._jobs, self._glimpsed, self._details):
                told.pop(key, None)

    def _of_glimpses(self, job: Job) -> Iterable[bytes]:
        """How a training goes between its scorings."""
        first = self._glimpsed.get(job.key, 0)
        if job.glimpse_count <= first:
            return
        after, shown = shown_glimpses(job, first)
        self._glimpsed[job.key] = after
        told = GLIMPSES.new(model=job.dest, job=job.key, first=after - len(shown), glimpses=shown)
        yield message("glimpses", told)

    def _of_details(self, job: Job) -> Iterable[bytes]:
        """What is told of a job beside its state, with the lines of its log that the listener has not."""
        first, *before = self._details.get(job.key, (0, None))
        flags = (job.status, job.finish_refusal, job.finish_requested, job.cancel_requested)
        state = (*flags, _rounded(job.memory_bytes))
        if [state] == before and job.log_count <= first:
            return
        told = shown_details(job, first)
        self._details[job.key] = (told["first"] + len(told["log"]), state)
        yield message("job_details", told)

    def _of_training(self, job: Job, details: Mapping[str, Any] | None) -> Iterable[bytes]:
        """The points of the scoring history that the listener has not; all of them again where earlier ones changed."""
        assert job.dest is not None
        history = (details or {}).get("scoring_history")
        columns = history["data"] if history else []
        total = len(columns[0]) if columns else 0
        sent, last = self._followed.get(job.dest, (0, []))
        reset = sent > total or (sent > 0 and [column[sent - 1] for column in columns] != last)
        first = 0 if reset else sent
        if total > first:
            assert history is not None
            rows = [[column[row] for column in columns] for row in range(first, total)]
            self._followed[job.dest] = (total, rows[-1])
            names = [column["name"] for column in history["columns"]]
            speed = names.index(SPEED_COLUMN) if SPEED_COLUMN in names else -1
            yield message(
                "points",
                POINTS.new(
                    model=job.dest,
                    job=job.key,
                    algo=(details or {}).get("algorithm"),
                    columns=history["columns"],
                    first=first,
                    points=rows,
                    reset=reset,
                    samples_per_second=number_of(rows[-1][speed]) if speed >= 0 else None,
                ),
            )

    def _of_objects(self, objects: dict[str, Stamp], passed: Mapping[str, Stamp]) -> Iterable[bytes]:
        if "objects" not in self.wanted.topics:
            return
        if not self._fresh:
            for key, facts in passed.items():
                if self.wanted.takes("objects", key):
                    yield message("object", _object(key, *facts, "removed"))
        if objects is self._objects:
            return
        before, self._objects = self._objects, objects
        if self._fresh:
            listed = [_object(key, *facts, None) for key, facts in objects.items() if self.wanted.takes("objects", key)]
            yield message("objects", OBJECTS.new(objects=listed))
            return
        for key in before.keys() - objects.keys():
            if self.wanted.takes("objects", key):
                yield message("object", _object(key, *before[key], "removed"))
        for key, facts in objects.items():
            earlier = before.get(key)
            if earlier != facts and self.wanted.takes("objects", key):
                yield message("object", _object(key, *facts, "added" if earlier is None else "changed"))

    def _of_runs(self, scene: Scene) -> Iterable[bytes]:
        for key, (board, happened) in scene.boards.items():
            if not self.wanted.takes("automl", key):
                continue
            if self._boards.get(key) is not board and board["models"] is not None:
                if self._boards.get(key) != board:
                    yield message("leaderboard", board)
                self._boards[key] = board
            told = self._logs.get(key, 0)
            if len(happened) > told:
                self._logs[key] = len(happened)
                yield message("log", LOG_GROWN.new(automl_id=key, first=told, events=happened[told:]))


def _eta(job: Job) -> float | None:
    """Seconds that the job will still take if it goes on as it did."""
    if job.status.value != "RUNNING" or not 0 < job.progress < 1:
        return None
    return round(job.run_ms / 1000 * (1 - job.progress) / job.progress, 1)


def _rounded(count: int) -> int:
    """Memory in steps that are worth telling."""
    return count >> _MEMORY_STEP_BITS


def _object(key: str, kind: str, changed_ms: int, temporary: bool, change: str | None) -> dict[str, Any]:
    return OBJECT.new(key=key, kind=kind, timestamp=changed_ms, temporary=temporary, change=change)


class Listener:
    """One stream on the event loop: what waits to be sent, at most so many bytes of it."""

    def __init__(self, wanted: Wanted, most_bytes: int) -> None:
        self.memory = Memory(wanted)
        self.ended = False
        self._most_bytes = most_bytes
        self._waiting: list[bytes] = []
        self._ready = asyncio.Event()

    def put(self, messages: list[bytes]) -> None:
        """Adds what is to be sent. A client that does not read fast enough is told that it lost events, and let go."""
        if self.ended or not messages:
            return
        if sum(map(len, self._waiting)) + sum(map(len, messages)) > self._most_bytes:
            self.end("lost", "The client read too slowly, so events were lost; connect again to get the present state.")
            return
        self._waiting += messages
        self._ready.set()

    def end(self, event: str, reason: str) -> None:
        """Sends a last event."""
        self._waiting = [message(event, {"reason": reason})]
        self.ended = True
        self._ready.set()

    async def take(self, patience: float) -> bytes:
        """What waits, as soon as there is something; nothing after so many seconds."""
        try:
            await asyncio.wait_for(self._ready.wait(), patience)
        except TimeoutError:
            return b""
        self._ready.clear()
        sent, self._waiting = b"".join(self._waiting), []
        return sent


class Hub:
    """All listeners of one server. Everything but `_look` and `_boards_of` runs on the event loop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._eyes = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._ranker = ThreadPoolExecutor(1, thread_name_prefix="events-leaderboards")
        self._ranking: Future[None] | None = None
        self._objects: dict[str, Stamp] = {}
        self._removed = 0
        self._boards: dict[str, tuple[int, dict[str, Any], list[dict[str, Any]]]] = {}
        self._over: set[str] = set()  # jobs whose end the listeners know

    def join(self, wanted: Wanted) -> Listener:
        """A new listener, which gets the present state first. Raises Busy when there are too many."""
        settings = self._server.settings
        if len(self._listeners) >= settings.max_event_streams:
            raise Busy(
                f"At most {settings.max_event_streams} streams of events are open at once; close one, or start the server "
                "with a larger --max-event-streams."
            )
        listener = Listener(wanted, settings.event_buffer_kb * _KILOBYTE)
        self._listeners.add(listener)
        self._hurry.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        return listener

    def leave(self, listener: Listener) -> None:
        """Forgets a listener."""
        self._listeners.discard(listener)

    def __len__(self) -> int:
        return len(self._listeners)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        self._over = {job.key for job in self._server.jobs.list() if job.status.is_final}
        while self._listeners and not self._server.closing:
            self._hurry.clear()
            present = list(self._listeners)
            try:
                news = await loop.run_in_executor(self._eyes, self._look, present)
            except Exception:
                _log.exception("The events of this moment cannot be told.")
                news = []
            for listener, messages in zip(present, news, strict=False):
                listener.put(messages)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), self._server.settings.event_interval_secs)
        for listener in self._listeners:
            listener.end("bye", "The server stops.")

    def close(self) -> None:
        """Lets the threads end."""
        self._eyes.shutdown(wait=False, cancel_futures=True)
        self._ranker.shutdown(wait=False, cancel_futures=True)

    # ---- in the hub's own threads ----

    def _look(self, listeners: list[Listener]) -> list[list[bytes]]:
        topics = frozenset[str]().union(*(listener.memory.wanted.topics for listener in listeners))
        store = self._server.store
        self._removed, removals = store.removals(self._removed)
        objects = store.stamps()
        passed = {key: facts for key, facts in removals.items() if key not in objects and key not in self._objects}
        if objects != self._objects:
            self._objects = objects
        jobs = [(job, job.status) for job in self._server.jobs.list()]
        if "training" in topics:
            for job, status in jobs:
                if job.dest_kind == Kind.MODEL and not (status.is_final or job.is_watched or job.part_of):
                    self._server.jobs.watch(job.key)
        if "automl" in topics:
            self._rank(objects)
        boards = {key: (board, log) for key, (_, board, log) in list(self._boards.items()) if key in objects}
        scene = Scene(jobs, self._objects, self._details(jobs) if "training" in topics else {}, boards, passed)
        news = [listener.memory.news(scene) for listener in listeners]
        self._over = {job.key for job, status in jobs if status.is_final}
        return news

    def _details(self, jobs: Iterable[tuple[Job, JobStatus]]) -> dict[str, Mapping[str, Any] | None]:
        """The details of models in training, and of those that were trained since the last look."""
        found: dict[str, Mapping[str, Any] | None] = {}
        for job, status in jobs:
            if job.dest_kind != Kind.MODEL or not job.dest or job.dest not in self._objects or job.key in self._over:
                continue
            try:
                details = self._server.store.model_details(job.dest)
            except ArtesianError:  # removed meanwhile
                continue
            in_training = details["status"] in _IN_TRAINING
            if in_training if not status.is_final else status.value == "DONE":  # else it is an earlier model's
                found[job.dest] = details
        return found

    def _rank(self, objects: Mapping[str, tuple[str, int, bool]]) -> None:
        """Has the leaderboards of changed runs made; it may take long, so another thread does it."""
        for key in self._boards.keys() - objects.keys():
            del self._boards[key]
        changed = {
            key: stamp
            for key, (kind, stamp, _) in objects.items()
            if kind == Kind.AUTOML and (key not in self._boards or self._boards[key][0] != stamp)
        }
        if changed and (self._ranking is None or self._ranking.done()):
            self._ranking = self._ranker.submit(self._boards_of, changed)

    def _boards_of(self, stamps: Mapping[str, int]) -> None:
        from artesian.server.automl_runs import leaderboard_of

        for key, stamp in stamps.items():
            try:
                run = self._server.store.document(Kind.AUTOML, key)
                board = shown_board(key, leaderboard_of(self._server, run), run.get("leaderboard_frame"))
            except NotFound:  # removed meanwhile
                continue
            except Exception:
                _log.exception("The leaderboard of '%s' cannot be told.", key)
                continue
            self._boards[key] = (stamp, board, shown_events(key, run.get("events", ()), None)["events"])
