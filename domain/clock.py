"""Deadlines: what was promised, until when, by which calendar. Computed once, at the event.

`due_at` is the first late instant: a deadline that ends at 24:00 is 00:00 of the next day,
Asia/Shanghai. Pages show the day before.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""One zone, without summer time since 1991; days and deadlines are told in it."""


def end_of(day: date) -> datetime:
    """24:00 of a day: the first late instant."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def local_day(at: datetime) -> date:
    """The calendar day of an instant, Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


class ClockKind(StrEnum):
    """stage: one step of the way; total: the whole affair; promise: made to the resident;
    timer: fires a step of the procedure when it runs out, and is late for nobody."""

    STAGE = "stage"
    TOTAL = "total"
    PROMISE = "promise"
    TIMER = "timer"


class Unit(StrEnum):
    """In what a limit is counted: working days, calendar days, working hours, hours."""

    WORKING_DAY = "wd"
    DAY = "d"
    WORKING_HOUR = "wh"
    HOUR = "h"


@dataclass(frozen=True, slots=True)
class Due:
    """An end of a limit: the first late instant, the first warning (80 %), the calendar used."""

    at: datetime
    warn_at: datetime
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """What an event did to one clock.

    due_at: the first late instant; None when the clock stopped or stands still.
    warn_at: when four fifths of the limit are used, None with due_at.
    calendar: version of the working-day table used; ends with `?` where a year was
        missing: such a clock is provisional, turns nothing red and is not final.
    change: started, extended, paused, resumed, stopped, or recounted by a year that was
        missing; a clock that stands still goes on doing so.
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

    def expired(self, at: datetime) -> bool:
        """True once it has run out. A provisional clock never has: it has no final effect."""
        return self.running and not self.provisional and at >= self.due_at


def missing_years(calendar: str) -> tuple[int, ...]:
    """The years without a table in a calendar version: 2013 of `2012.1+2013?`."""
    if not calendar.endswith("?"):
        return ()
    return tuple(int(part) for part in calendar[:-1].split("+") if part.isdecimal())


def after(
    clocks: tuple[Clock, ...], changes: tuple[ClockChange, ...], at: datetime
) -> tuple[Clock, ...]:
    """The clocks after `changes` that an event at `at` recorded. Never refuses."""
    if not changes:
        return clocks
    known = {clock.name: clock for clock in clocks}
    for change in changes:
        known[change.name] = _changed(known.get(change.name), change, at)
    return tuple(known.values())


def _changed(clock: Clock | None, change: ClockChange, at: datetime) -> Clock:
    if clock is None or change.change == "started":
        assert change.due_at is not None
        assert change.warn_at is not None
        return Clock(
            name=change.name,
            kind=change.kind,
            unit=change.unit,
            started_at=change.started_at,
            due_at=change.due_at,
            warn_at=change.warn_at,
            calendar=change.calendar,
        )
    if change.change == "paused":
        return replace(clock, paused_at=at)
    if change.change == "recounted" and change.due_at is not None and change.warn_at is not None:
        return replace(
            clock, due_at=change.due_at, warn_at=change.warn_at, calendar=change.calendar
        )
    if change.change == "stopped" or change.due_at is None or change.warn_at is None:
        return replace(clock, stopped_at=at, paused_at=None)
    return replace(
        clock,
        due_at=change.due_at,
        warn_at=change.warn_at,
        calendar=change.calendar,
        paused_at=None,
        extended=clock.extended or change.change == "extended",
    )


def change_of(clock: Clock, change: str, due: Due | None) -> ClockChange:
    """The change that pauses, stops (`due` None), resumes or extends `clock`.

    What goes on from a provisional deadline is provisional for the same years.
    """
    calendar = due.calendar if due else clock.calendar
    if due and clock.provisional:
        calendar = _joined(clock.calendar, due.calendar)
    return ClockChange(
        name=clock.name,
        change=change,
        kind=clock.kind,
        unit=clock.unit,
        started_at=clock.started_at,
        due_at=due.at if due else None,
        warn_at=due.warn_at if due else None,
        calendar=calendar,
    )


def _joined(provisional: str, other: str) -> str:
    parts = {*provisional[:-1].split("+"), *other.removesuffix("?").split("+")} - {""}
    return "+".join(sorted(parts)) + "?"
