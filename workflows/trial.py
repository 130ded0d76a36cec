"""What if: recorded affairs under a draft of their line. Which deadlines would change, which
affairs would have been late, and which steps taken then would not be open any more; and what would
become of a running affair that is moved to another version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.actor import Actor, Role
from domain.affair import events as e
from domain.affair.evolve import project
from domain.affair.migrate import Target, in_the_way
from domain.affair.state import Affair
from domain.affair.under import lived, moved, under
from domain.clock import Clock, ClockKind
from domain.log import Recorded
from domain.ports import Calendar
from workflows.guards import Ask
from workflows.machine import CompiledLine
from workflows.ways import Way

NO_STEP, NO_STATE, NO_MATTER = "no_step", "no_state", "no_matter"
"""Why something would not be open, besides `state`, `role` and the names of guards."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that would change. None where the clock would not run, or did not."""

    clock: str
    was: datetime | None
    would_be: datetime | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A step or an entry that would not have been open then, and why."""

    version: int
    name: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Tried:
    """An affair under the draft. was_late, would_be_late: any stage or total was overrun."""

    moved: tuple[Moved, ...]
    closed: tuple[Closed, ...]
    was_late: bool
    would_be_late: bool

    @property
    def differs(self) -> bool:
        """Whether anything would be otherwise."""
        return bool(self.moved or self.closed) or self.was_late is not self.would_be_late


@dataclass(frozen=True, slots=True)
class Moving:
    """A running affair that is to go on under another version: the deadlines that would change,
    or why it cannot move."""

    moved: tuple[Moved, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What trials come to. unreadable: affairs that could not be tried. closed_steps: steps and
    entries, of all of them."""

    tried: int
    unreadable: int
    differ: int
    were_late: int
    would_be_late: int
    closed_steps: int


def summed(found: Sequence[Tried | None]) -> Sums:
    """What they come to; None stands for one that cannot be read."""
    read = [one for one in found if one is not None]
    return Sums(
        tried=len(found),
        unreadable=len(found) - len(read),
        differ=sum(one.differs for one in read),
        were_late=sum(one.was_late for one in read),
        would_be_late=sum(one.would_be_late for one in read),
        closed_steps=sum(len(one.closed) for one in read),
    )


def moving(
    affair: Affair, events: Sequence[Any], line: CompiledLine, calendar: Calendar, on: date
) -> Moving:
    """What would become of it that day. events: its whole past."""
    target = Target(line.open_states, line.matters, line.since)
    if because := in_the_way(affair, target, line.version, on):
        return Moving(because=because)
    told: dict[str, Moved] = {}
    for change in moved(affair, under(events, line, calendar)):
        clock = affair.clock(change.name)
        was = clock.due_at if clock is not None and clock.stopped_at is None else None
        if change.kind is not ClockKind.TIMER:
            told[change.name] = Moved(change.name, was, change.due_at)
    return Moving(tuple(told.values()))


def tried(
    recorded: Sequence[Recorded], line: CompiledLine, calendar: Calendar, now: datetime
) -> Tried:
    """The affair whose whole past this is, under `line`."""
    events = [seen.event for seen in recorded]
    was = project(None, events)
    assert was is not None, "an affair begins with its registration"
    matter = was.identity.matter
    if matter not in line.matters:
        closed = Closed(1, matter, events[0].occurred_at, NO_MATTER)
        return Tried((), (closed,), _late(was, now), False)
    steps = list(lived(events, line, calendar))
    found = [
        closed
        for seen, (before, event, _) in zip(recorded, steps, strict=True)
        if before is not None
        for closed in _closed(line, before, event, seen, calendar)
    ]
    would = steps[-1][-1]
    return Tried(tuple(_moved(was, would)), tuple(found), _late(was, now), _late(would, now))


def _moved(was: Affair, would: Affair) -> Iterator[Moved]:
    told = {clock.name: clock.due_at for clock in was.clocks if _counts(clock)}
    then = {clock.name: clock.due_at for clock in would.clocks if _counts(clock)}
    for name in dict.fromkeys((*told, *then)):
        if told.get(name) != then.get(name):
            yield Moved(name, told.get(name), then.get(name))


def _counts(clock: Clock) -> bool:
    return clock.kind is not ClockKind.TIMER


# A promise is not what an affair is late by (domain reference, section 5).
def _late(affair: Affair, now: datetime) -> bool:
    return any(
        (clock.stopped_at or now) >= clock.due_at and not clock.provisional
        for clock in affair.clocks
        if clock.kind in (ClockKind.STAGE, ClockKind.TOTAL) and clock.paused_at is None
    )


def _closed(
    line: CompiledLine, before: Affair, event: Any, seen: Recorded, calendar: Calendar
) -> Iterator[Closed]:
    match event:
        case e.StepTaken(step=name) | e.Reopened(step=name) | e.Archived(step=name):
            way = line.steps.get(name)
        case e.EntryRecorded(entry=name):
            way = line.entries.get(name)
        case _:
            return
    told = (seen.version, name, event.occurred_at)
    if way is None:
        yield Closed(*told, NO_STEP)
    elif because := _because(line, way, before, event, seen, calendar):
        yield Closed(*told, because)
    elif getattr(event, "to", "") and event.to not in line.states:
        yield Closed(*told, NO_STATE)


def _because(
    line: CompiledLine, way: Way, before: Affair, event: Any, seen: Recorded, calendar: Calendar
) -> str:
    metadata = seen.metadata
    by = Actor(account=metadata.actor, role=Role(metadata.role), unit=metadata.unit)
    asked = frozenset(field.name for field in event.record)
    ask = Ask(before, by, event.record, event.occurred_at, calendar, line, asked)
    return way.closed_to(ask)
