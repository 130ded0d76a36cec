"""How a district is doing, in numbers: how its views stand to the log, how its appends went."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How the following views stand to the log.

    behind_events, behind_seconds: how many events are not folded yet, and for how long the
        oldest of them has been waiting. parked: by view, the streams it cannot follow.
    parked_streams: how many streams that are in all, each counted once.
    """

    head: int
    position: int
    behind_events: int
    behind_seconds: float
    parked: dict[str, int]
    parked_streams: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A histogram: every bound, infinity last, with how many values are not above it."""

    up_to: Sequence[tuple[float, int]]
    total: float


@dataclass(frozen=True, slots=True)
class Appends:
    """The transactions of the log that this process committed: how long, how many commands."""

    seconds: Counted
    commands: Counted
