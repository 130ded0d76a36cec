"""The clock port: the wall in production, the anchor's time in a demonstration."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


class Anchored:
    """Ticks on from an instant at the pace of the world, while the process runs."""

    def __init__(self, start: datetime, ticks: Callable[[], float] = time.monotonic) -> None:
        self._start, self._ticks = start, ticks
        self._began = ticks()

    def __call__(self) -> datetime:
        """The demonstration's present instant, UTC."""
        return (self._start + timedelta(seconds=self._ticks() - self._began)).astimezone(UTC)


class Told:
    """Stands still until told: for playing a story whose times are known."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The instant it was told last, UTC."""
        return self.at.astimezone(UTC)
