"""How long appends take and how many commands they hold, counted where they are committed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
COMMANDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Histogram:
    """Counts by upper bound, inclusive. Written by one thread at a time, read by any."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self._counts = [0] * (len(self.bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def up_to(self) -> list[tuple[float, int]]:
        """Every bound, infinity last, with how many values lie below it or on it."""
        found, below = [], 0
        for bound, count in zip((*self.bounds, float("inf")), list(self._counts), strict=True):
            below += count
            found.append((bound, below))
        return found


class Measures:
    """The appends of one process. seconds: from the writers' lock to the durable commit.

    lost: transactions during which the database went away, each tried again or told.
    """

    def __init__(self) -> None:
        self.seconds, self.commands = Histogram(SECONDS), Histogram(COMMANDS)
        self.lost = 0

    def stored(self, commands: int, seconds: float) -> None:
        """A transaction was committed."""
        self.seconds.add(seconds)
        self.commands.add(commands)
