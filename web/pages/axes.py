"""The two axes of time as a drawing: when each thing happened, when it was written down.

Days stand side by side however far apart they are, each as wide as what happened on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.clock import local_day
from domain.log import Recorded
from web.ports import Unread
from web.timeline import Moment
from web.words import Words

LEFT, STEP, GAP, ROOM, WIDTH = 64, 40, 12, 120, 1180
"""Where the axes begin, the least room of an instant, between days, of a day's name; in all."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event on both axes: where it happened, where it was recorded. kind: past, here, later."""

    version: int
    title: str
    happened: int
    recorded: int
    kind: str


@dataclass(frozen=True, slots=True)
class Axes:
    """The drawing. days: where each begins, and its name. late: versions written down later."""

    width: int
    days: Sequence[tuple[int, str]]
    marks: Sequence[Mark]
    late: Sequence[int]


def axes_of(
    seen: Sequence[Recorded | Unread], moments: Sequence[Moment], at: int, words: Words
) -> Axes:
    """The drawing of these events; `at` is the place of the one looked at."""
    times = [(_happened(one), one.recorded_at) for one in seen]
    places: dict[datetime, int] = {}
    days: list[tuple[int, str]] = []
    instants = sorted({instant for pair in times for instant in pair})
    apart = len({local_day(instant) for instant in instants}) * (GAP + STEP)
    step = max(STEP, min(ROOM, (WIDTH - LEFT - apart) // len(instants)))
    x, day = LEFT, None
    for instant in instants:
        if local_day(instant) != day:
            # The name of a day has room, however little happened on it.
            x = max(x + GAP, days[-1][0] + ROOM) if days else LEFT
            day = local_day(instant)
            days.append((x, words.day(day)))
        places[instant] = x + step // 2
        x += step
    width = max(WIDTH, x, days[-1][0] + ROOM)
    marks = [
        Mark(
            one.version,
            moment.title,
            places[happened],
            places[recorded],
            "here" if index == at else "past" if index < at else "later",
        )
        for index, (one, moment, (happened, recorded)) in enumerate(
            zip(seen, moments, times, strict=True)
        )
    ]
    # The one looked at lies above the others.
    marks.sort(key=lambda mark: mark.kind == "here")
    late = [one.version for one, moment in zip(seen, moments, strict=True) if moment.entered_late]
    return Axes(width, days, marks, late)


def _happened(seen: Recorded | Unread) -> datetime:
    if isinstance(seen, Unread):
        return seen.recorded_at
    at: datetime = getattr(seen.event, "occurred_at", seen.recorded_at)
    return at
