"""When a clock of a line is due that starts at a moment: the last day, or the instant of a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from adapters import calendars
from domain.clock import SHANGHAI, Clock, ClockChange, ClockKind, Unit, local_day
from domain.record import NOTHING
from workflows.calendar import WorkingCalendar
from workflows.fields import Reader
from workflows.limits import unborn
from workflows.line import REDO
from workflows.loading import FOLDER, load
from workflows.machine import CompiledLine
from workflows.ways import Way

CALENDAR = WorkingCalendar.of(
    calendars.seed(
        (2011, 2012, 2025, 2026), by="policy", occurred_at=datetime(2010, 1, 1, tzinfo=UTC)
    )
)
_NOBODY = UUID(int=0)


def line(path: str) -> CompiledLine:
    """A version of a line, by its file."""
    return CompiledLine(load(FOLDER / path))


def moment(text: str) -> datetime:
    """`2011-07-25 14:00`, Jinan."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def told(due_at: datetime) -> str:
    """`2011-08-08` where it is due at the end of that day, else `2011-08-06 16:00`."""
    local = due_at.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        return f"{local_day(due_at - datetime.resolution)}"
    return instant(due_at)


def instant(at: datetime) -> str:
    """`2011-07-25 14:00`, as `moment` reads it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def started(
    line: CompiledLine, happening: str, at: str, *, matter: str, **given: Any
) -> dict[str, str]:
    """When the clocks are due that start when something happens, as `begun` reads it."""
    changes = begun(line, happening, at, matter=matter, **given)
    return {change.name: told(change.due_at) for change in changes if change.due_at is not None}


def begun(
    line: CompiledLine,
    happening: str,
    at: str,
    *,
    matter: str,
    leaves: str = "",
    enters: str = "",
    facts: Mapping[str, str] = {},
    record: Mapping[str, object] = {},
    wish: str = "",
    expired: str = "",
) -> list[ClockChange]:
    """The clocks that start when `happening` takes an affair from one state to another.

    happening: `register`, a step, `entry:NAME`, an action, or a state that is entered, as
    `state:resolved`. wish: whether the applicant wants to be asked afterwards. expired: a
    clock that has run out.
    """
    before, read = None, NOTHING
    if happening == "register":
        enters = line.initial
        specs = [s for s in line.matter(matter).fields if s.name in record]
        read = Reader(happening, specs).read(record, _NOBODY)
    elif happening.startswith("state:"):
        leaves, enters = leaves or line.initial, happening.removeprefix("state:")
    else:
        entry = happening.removeprefix("entry:")
        way = line.entries[entry] if entry != happening else _way(line, happening)
        own = way.forms[matter].own.specs
        read = Reader(way.id, [s for s in own if s.name in record]).read(record, _NOBODY)
        if not leaves:
            (leaves,) = way.sources if len(way.sources) == 1 else (line.initial,)
        enters = enters or way.to or leaves
        if enters == REDO:
            enters, *_ = line.spec.redo_targets(matter)
    if happening != "register":
        before = replace(unborn(line.line, matter, leaves, NOTHING, moment(at)), facts=dict(facts))
        before = replace(before, identity=replace(before.identity, contact_wish=wish))
        if expired:
            before = replace(before, clocks=(_expired(expired, moment(at)),))
    changes = line.clocks(
        before,
        matter=matter,
        happening=happening,
        leaves=leaves,
        enters=enters,
        record=read,
        at=moment(at),
        calendar=CALENDAR,
    )
    return [change for change in changes if change.change == "started"]


def _expired(clock: str, at: datetime) -> Clock:
    return Clock(clock, ClockKind.TIMER, Unit.DAY, at, at, at, "")


def _way(line: CompiledLine, name: str) -> Way:
    return line.steps.get(name) or line.actions[name]
