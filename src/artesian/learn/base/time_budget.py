"""How long training may still take."""

from __future__ import annotations

import math

from artesian.core.clock import monotonic


class TimeBudget:
    """A span of seconds that starts to run when it is made; 0 (or infinity) never ends."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds if seconds > 0 else math.inf
        self._start = monotonic()

    @property
    def is_limited(self) -> bool:
        """Whether it ends at all."""
        return not math.isinf(self.seconds)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return monotonic() - self._start

    @property
    def remaining(self) -> float:
        """Seconds left, at least 0; infinity without a limit."""
        return max(0.0, self.seconds - self.elapsed)

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.remaining <= 0

    def part(self, share: float) -> TimeBudget:
        """A budget that starts now, of a share of this one's whole span, but no longer than what is left."""
        if not self.is_limited:
            return TimeBudget()
        return TimeBudget(max(1e-9, min(self.seconds * share, self.remaining)))
