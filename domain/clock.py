"""Deadlines: what was promised, until when, by which calendar. Computed once, at the event.

`due_at` is the first late instant: a deadline that ends at 24:00 is 00:00 of the next day,
Asia/Shanghai. Pages show the day before.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClockKind(StrEnum):
    """stage: one step of the way; total: the whole affair; promise: made to the resident."""

    STAGE = "stage"
    TOTAL = "total"
    PROMISE = "promise"


class Unit(StrEnum):
    """In what a limit is counted: working days, calendar days, working hours, hours."""

    WORKING_DAY = "wd"
    DAY = "d"
    WORKING_HOUR = "wh"
    HOUR = "h"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """What an event did to one clock.

    due_at: the first late instant; None when the clock stopped or stands still.
    warn_at: when four fifths of the limit are used, None with due_at.
    calendar: version of the working-day table used; ends with `?` where a year was
        missing: such a clock is provisional, turns nothing red and is not final.
    change: started, moved, paused, resumed or stopped.
    """

    name: str
    change: str
    kind: ClockKind
    unit: Unit
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    calendar: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of an affair as it stands.

    paused_at: when it was suspended; it then has no effect until resumed.
    stopped_at: when it was stopped; kept, so that lateness can still be told.
    """

    name: str
    kind: ClockKind
    unit: Unit
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    calendar: str
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    extended: bool = False

    @property
    def running(self) -> bool:
        """True while it can fall due."""
        return self.paused_at is None and self.stopped_at is None

    @property
    def provisional(self) -> bool:
        """True where a year of the calendar was missing."""
        return self.calendar.endswith("?")
