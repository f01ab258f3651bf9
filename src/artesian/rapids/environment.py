"""What an expression may reach beyond itself: named frames and objects, the session, the time zone, the limits."""

from __future__ import annotations

from typing import Protocol

from artesian.core.errors import Conflict, NotFound, did_you_mean
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.rapids.values import Reference


class Environment(Protocol):
    """The named objects that a session sees; the server implements it over its store."""

    settings: Settings
    session: str
    time_zone: str

    def lookup(self, name: str) -> Frame | Reference:
        """The frame, or a reference to another object, of that name; NotFound otherwise."""

    def __contains__(self, name: str) -> bool:
        """Whether an object has that name."""

    def assign(self, name: str, frame: Frame) -> None:
        """Makes the frame a global of that name, replacing one; Conflict where a temporary has it."""

    def assign_temporary(self, name: str, frame: Frame) -> None:
        """Makes the frame a temporary of the session; the name is free."""

    def replace(self, name: str, frame: Frame) -> None:
        """Puts another frame in the place of one, temporary or global as that is."""

    def remove(self, name: str) -> bool:
        """Removes the object; whether there was one."""

    def rename(self, old: str, new: str) -> None:
        """Gives an object another name; NotFound where there is none."""

    def names(self) -> list[str]:
        """The names of all objects, sorted."""


class MemoryEnvironment:
    """An environment of frames in memory: for tests and for use without a server."""

    def __init__(
        self, frames: dict[str, Frame] | None = None, *, settings: Settings | None = None, session: str = "_session"
    ) -> None:
        self.settings = settings or Settings()
        self.session = session
        self.time_zone = "UTC"
        self.objects: dict[str, Frame | Reference] = dict(frames or {})
        self.temporaries: set[str] = set()

    def lookup(self, name: str) -> Frame | Reference:
        """The object of that name; NotFound names a near one."""
        try:
            return self.objects[name]
        except KeyError:
            raise NotFound(f"There is no object '{name}'.{did_you_mean(name, self.objects)}", key=name) from None

    def __contains__(self, name: str) -> bool:
        return name in self.objects

    def assign(self, name: str, frame: Frame) -> None:
        """A global of that name, in place of an earlier one."""
        if name in self.temporaries:
            raise Conflict(f"'{name}' is a temporary of this session; assign the frame to another name.")
        self.objects[name] = frame

    def assign_temporary(self, name: str, frame: Frame) -> None:
        """A temporary of that name."""
        self.objects[name] = frame
        self.temporaries.add(name)

    def replace(self, name: str, frame: Frame) -> None:
        """Another frame in the place of one."""
        self.objects[name] = frame

    def remove(self, name: str) -> bool:
        """Removes the object; whether there was one."""
        self.temporaries.discard(name)
        return self.objects.pop(name, None) is not None

    def rename(self, old: str, new: str) -> None:
        """Gives the object another name."""
        self.objects[new] = self.lookup(old)
        self.remove(old)

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self.objects)
