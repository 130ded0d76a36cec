"""An affair under another version of its line: what its deadlines would have been. Pure.

The same things happen at the same moments; what each of them does to the clocks is asked of the
other version. Nothing is refused here: what was done, was done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from domain.affair.evolve import evolve
from domain.affair.retold import retold
from domain.affair.state import Affair
from domain.clock import ClockChange
from domain.ports import Calendar, Procedure


def lived(
    events: Sequence[Any], procedure: Procedure, calendar: Calendar
) -> Iterator[tuple[Affair | None, Any, Affair]]:
    """Each event with the affair before and after it, its clocks decided by `procedure`."""
    affair: Affair | None = None
    for event in events:
        told = event
        if hasattr(event, "clocks"):
            told = replace(event, clocks=retold(affair, event, procedure, calendar))
        after = evolve(affair, told)
        yield affair, told, after
        affair = after


def under(events: Sequence[Any], procedure: Procedure, calendar: Calendar) -> Affair:
    """The affair as it would stand now."""
    *_, (_, _, affair) = lived(events, procedure, calendar)
    return affair


def moved(affair: Affair, there: Affair) -> tuple[ClockChange, ...]:
    """What the clocks of an affair that goes on change to where it is moved to another version."""
    changes: list[ClockChange] = []
    known = {clock.name: clock for clock in affair.clocks}
    for clock in there.clocks:
        old = known.pop(clock.name, None)
        if clock.stopped_at is not None:
            if old is not None and old.stopped_at is None:
                changes.append(_stopped(old))
            continue
        same = old is not None and (old.due_at, old.stopped_at) == (clock.due_at, None)
        if same:
            continue
        began = ClockChange(
            name=clock.name,
            change="started",
            kind=clock.kind,
            unit=clock.unit,
            started_at=clock.started_at,
            due_at=clock.due_at,
            warn_at=clock.warn_at,
            calendar=clock.calendar,
        )
        changes.append(began)
        if clock.extended:
            changes.append(replace(began, change="extended"))
    changes += [_stopped(old) for old in known.values() if old.stopped_at is None]
    return tuple(changes)


def _stopped(clock: Any) -> ClockChange:
    return ClockChange(
        name=clock.name,
        change="stopped",
        kind=clock.kind,
        unit=clock.unit,
        started_at=clock.started_at,
        due_at=None,
        warn_at=None,
        calendar=clock.calendar,
    )
