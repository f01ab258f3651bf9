"""How long training may still take."""

from __future__ import annotations

import math
from collections.abc import Callable

from artesian.core.clock import monotonic


class TimeBudget:
    """A span of seconds that starts to run when it is made; 0 (or infinity) never ends.

    It ends sooner once `asked` says that the user wants the training to end and keep what it has.
    """

    def __init__(self, seconds: float = 0.0, asked: Callable[[], bool] = lambda: False) -> None:
        self.seconds = seconds if seconds > 0 else math.inf
        self._asked = asked
        self._start = monotonic()

    @property
    def is_limited(self) -> bool:
        """Whether it ends at all."""
        return not math.isinf(self.seconds) or self.was_asked_to_end

    @property
    def was_asked_to_end(self) -> bool:
        """Whether the user wants the training to end, though seconds may be left."""
        return self._asked()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return monotonic() - self._start

    @property
    def remaining(self) -> float:
        """Seconds left, at least 0; infinity without a limit."""
        return 0.0 if self._asked() else max(0.0, self.seconds - self.elapsed)

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.remaining <= 0

    @property
    def is_spent(self) -> bool:
        """Whether the seconds themselves are over: then there is no time to measure either."""
        return self.elapsed >= self.seconds

    def part(self, share: float) -> TimeBudget:
        """A budget that starts now, of a share of this one's whole span, but no longer than what is left."""
        if not self.is_limited:
            return TimeBudget(asked=self._asked)
        return TimeBudget(max(1e-9, min(self.seconds * share, self.remaining)), self._asked)
