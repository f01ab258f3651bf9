"""How many rows an iteration trains, and when it is time to score."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from artesian.core.clock import monotonic

FIRST_WEIGHT_UPDATES = 3e8
"""Updates of weights in a first iteration whose speed is not known yet: a fraction of a second on any machine. The first
iteration must not depend on the clock, so that short trainings do not either."""
LONGEST_ITERATION_SECS = 1.0
LEAST_ITERATIONS = 10
GROWTH = 2.0


@dataclass
class IterationLength:
    """`asked` is train_samples_per_iteration: rows, 0 and -1 for an epoch, -2 to choose.

    Chosen lengths start small and follow the measured speed: at most a second (or `longest_secs`, if scores are wanted more
    often), a tenth of the whole training, and twice the one before; long enough that what happens between iterations takes
    no more than `overhead_ratio` of the training, unless that were more than a second and `longest_secs`.
    """

    asked: int
    epoch: int
    total: int
    n_weights: int
    overhead_ratio: float
    batch: int = 1
    longest_secs: float = math.inf
    _last: int = 0

    def first(self) -> int:
        """Rows of the first iteration."""
        if self.asked > 0:
            return self._in_batches(min(self.asked, self.total))
        if self.asked in (0, -1):
            return self._in_batches(self.epoch)
        known = int(FIRST_WEIGHT_UPDATES / max(1, self.n_weights))
        self._last = max(1, min(known, self.total // LEAST_ITERATIONS))
        return self._in_batches(self._last)

    def following(self, speed: float, overhead: float) -> int:
        """Rows of the next iteration from the speed (rows a second) and the seconds spent between iterations."""
        if self.asked != -2:
            return self.first()
        least = speed * min(overhead / self.overhead_ratio, max(self.longest_secs, LONGEST_ITERATION_SECS))
        usual = speed * (min(self.longest_secs, LONGEST_ITERATION_SECS) or LONGEST_ITERATION_SECS)
        length = max(least, min(usual, self._last * GROWTH))
        self._last = int(max(1, min(length, max(1, self.total // LEAST_ITERATIONS))))
        return self._in_batches(self._last)

    def _in_batches(self, rows: int) -> int:
        """Whole batches: the tail of each call would make a short one."""
        return max(1, math.ceil(rows / self.batch)) * self.batch


@dataclass
class ScoringClock:
    """Says when to score: not sooner than `interval` seconds, and within the share `duty` of the time."""

    interval: float
    duty: float
    each_iteration: bool
    _started: float = -math.inf
    _took: float = field(default=0.0)
    total: float = 0.0

    def is_due(self) -> bool:
        """Whether the network should be scored now. The first time it always is."""
        if self.each_iteration:
            return True
        since = monotonic() - self._started
        return since > self.interval and (self._took / since < self.duty or math.isinf(since))

    def start(self) -> None:
        """A scoring begins."""
        self._started = monotonic()

    def stop(self) -> None:
        """It is done."""
        self._took = monotonic() - self._started
        self.total += self._took

    @property
    def last_secs(self) -> float:
        """What the last scoring took."""
        return self._took
