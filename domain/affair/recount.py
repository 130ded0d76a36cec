"""Clocks of a calendar year that was missing, told anew once it is known. Pure.

What was recorded by a year that was known stands. What was provisional is decided again as it
was then, its limit, its extension or its suspension, by the tables that are known now.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.affair import events as e
from domain.affair.commands import Recount
from domain.affair.evolve import evolve
from domain.affair.retold import retold
from domain.affair.state import Affair
from domain.changed import changed
from domain.clock import Clock, ClockChange, Due, after, change_of, missing_years
from domain.ports import Calendar, Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the log holds of an affair.

    events: in order, up to the state that is decided on.
    ruling: the version of the line that an event was decided by, from the affair before it
        (None before its registration) and the event.
    """

    events: Sequence[Any]
    ruling: Callable[[Affair | None, Any], Procedure]


def recount(
    affair: Affair, command: Recount, past: Past, calendar: Calendar, now: datetime
) -> list[Any]:
    """Tell provisional clocks anew that go on, or stand still. Asked twice, it decides nothing.

    A clock that was stopped stays as it was: what it came to is decided.
    """
    waiting = [clock for clock in affair.clocks if _waits(clock, calendar)]
    if not waiting:
        return []
    again = {clock.name: clock for clock in _again(past, calendar)}
    changes = tuple(
        change_of(told, "recounted", Due(told.due_at, told.warn_at, told.calendar))
        for clock in waiting
        if (told := again[clock.name]) != clock
    )
    if not changes:
        return []
    # A command may carry any instant: this happens now, and not before what happened last.
    at = max(now, affair.standing.last_at).astimezone(UTC)
    return [e.ClocksRecounted(clocks=changes, by=command.by.account, occurred_at=at)]


def _waits(clock: Clock, calendar: Calendar) -> bool:
    return clock.stopped_at is None and any(map(calendar.knows, missing_years(clock.calendar)))


def _again(past: Past, calendar: Calendar) -> tuple[Clock, ...]:
    """The clocks as they would stand, had the calendar been known from the start."""
    before: Affair | None = None
    clocks: tuple[Clock, ...] = ()
    for event in past.events:
        if getattr(event, "clocks", ()):
            told = tuple(_told(before, clocks, event, past, calendar))
            clocks = after(clocks, told, event.occurred_at)
        before = evolve(before, event)
    return clocks


def _told(
    before: Affair | None, clocks: tuple[Clock, ...], event: Any, past: Past, calendar: Calendar
) -> Iterator[ClockChange]:
    running = {clock.name: clock for clock in clocks}
    decided: dict[tuple[str, str], ClockChange] | None = None
    for change in event.clocks:
        clock = running.get(change.name)
        if change.due_at is None or not change.calendar.endswith("?"):
            yield change
        elif change.change == "recounted":
            # Told with the years known by then: it follows from what came before.
            continue
        elif change.change == "extended" and clock is not None:
            yield _extended(clock, event, calendar) or change
        else:
            if decided is None:
                then = None if before is None else changed(before, {"clocks": clocks})
                told = retold(then, event, past.ruling(before, event), calendar)
                decided = {(one.name, one.change): one for one in told}
            # Where the line does not start it again, what was recorded is all there is.
            yield decided.get((change.name, change.change), change)


def _extended(clock: Clock, event: Any, calendar: Calendar) -> ClockChange | None:
    count = event.record.get("count")
    if not isinstance(count, Decimal):
        return None
    return change_of(clock, "extended", calendar.extended(clock.due_at, int(count), clock.unit))
