"""What falls due: one row per running clock of an affair; the sweeper reads it by time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.affair import events as e
from domain.clock import ClockChange, missing_years
from domain.log import Recorded
from projections.view import Lifecycle, Parts, View


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A running clock.

    next_at: the next instant at which the sweeper has something to do; None when both
        warnings were given, and while it stands still (paused). colour: what has been warned
        of, green, yellow or red. missing: the calendar's years without a table, joined by `+`.
    """

    affair_id: UUID
    clock: str
    kind: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    next_at: datetime | None
    colour: str
    provisional: bool
    missing: str = ""
    paused: bool = False

    @property
    def next_colour(self) -> str:
        """What the sweeper has to say at `next_at`: yellow, red, or that a timer fires."""
        if self.kind == "timer":
            return "timer"
        return "yellow" if self.colour == "green" else "red"


def _clocks(event: Any, seen: Recorded) -> Parts:
    return [((seen.stream_id, change.name), change) for change in event.clocks]


due = View[DueRow](
    "due",
    Lifecycle.INLINE,
    DueRow,
    key=("affair_id", "clock"),
    # As the sweeper reads: of thousands that are due at one moment, the next page is found at once.
    indexes=(("next_at", "affair_id", "clock"), ("missing", "affair_id", "clock")),
    version=3,
)

CLOCKED = tuple(
    topic for topic in vars(e).values() if "clocks" in getattr(topic, "__dataclass_fields__", ())
)


@due.on_each(*CLOCKED, parts=_clocks)
def clock_changed(
    row: DueRow | None, change: ClockChange, event: Any, seen: Recorded
) -> DueRow | None:
    """A clock has a row until it is stopped. While it stands still, nothing is due.

    A clock that runs on to the same instant is not warned of again, and one that was told anew
    only where it is due at another.
    """
    if row is not None and change.change == "paused":
        return replace(row, next_at=None, paused=True)
    if change.due_at is None or change.warn_at is None:
        return None
    timer, provisional = change.kind == "timer", change.calendar.endswith("?")
    missing = "+".join(map(str, missing_years(change.calendar)))
    same = row is not None and row.due_at == change.due_at
    if row is not None and (change.change == "recounted" or (change.change == "resumed" and same)):
        row = replace(
            row,
            due_at=change.due_at,
            warn_at=change.warn_at,
            colour=row.colour if same else "green",
            provisional=provisional,
            missing=missing,
            paused=row.paused and change.change == "recounted",
        )
        return replace(row, next_at=None if row.paused else _next(row, change.warn_at))
    first = None if timer and provisional else change.due_at if timer else change.warn_at
    return DueRow(
        affair_id=seen.stream_id,
        clock=change.name,
        kind=str(change.kind),
        started_at=change.started_at,
        warn_at=change.warn_at,
        due_at=change.due_at,
        next_at=first,
        colour="green",
        provisional=provisional,
        missing=missing,
    )


def _next(row: DueRow, warn_at: datetime) -> datetime | None:
    if row.kind == "timer":
        return row.due_at if row.colour == "green" and not row.provisional else None
    if row.colour == "green":
        return warn_at
    return row.due_at if row.colour == "yellow" and not row.provisional else None


def _warned(event: e.Warned, seen: Recorded) -> Parts:
    return [((seen.stream_id, event.clock), None)]


@due.on_each(e.Warned, parts=_warned)
def warned(row: DueRow | None, _: None, event: e.Warned, seen: Recorded) -> DueRow | None:
    """After yellow comes red, unless the clock is provisional; after red nothing."""
    if row is None or row.due_at != event.due_at:
        return row
    last = event.colour != "yellow" or row.provisional
    return replace(row, colour=event.colour, next_at=None if last else row.due_at)
