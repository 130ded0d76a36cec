"""When a clock of a line is due that starts at a moment: the last day, or the instant of a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from adapters import calendars
from domain.clock import SHANGHAI, local_day
from domain.record import NOTHING
from workflows.calendar import WorkingCalendar
from workflows.fields import Reader
from workflows.limits import unborn
from workflows.loading import FOLDER, load
from workflows.machine import CompiledLine

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
    return f"{local:%Y-%m-%d %H:%M}"


def started(
    line: CompiledLine,
    happening: str,
    at: str,
    *,
    matter: str,
    leaves: str = "",
    enters: str = "",
    facts: Mapping[str, str] = {},
    record: Mapping[str, object] = {},
) -> dict[str, str]:
    """The clocks that start when `happening` takes an affair from one state to another."""
    if happening == "register":
        before, enters = None, line.initial
        read = line.registration(matter, record, _NOBODY)
    else:
        entry = happening.removeprefix("entry:")
        way = line.entries[entry] if entry != happening else line.steps[happening]
        own = way.forms[matter].own.specs
        read = Reader(way.id, [s for s in own if s.name in record]).read(record, _NOBODY)
        (leaves,) = (leaves,) if leaves else way.sources
        enters = enters or way.to or leaves
        before = replace(unborn(line.line, matter, leaves, NOTHING, moment(at)), facts=dict(facts))
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
    return {
        change.name: told(change.due_at)
        for change in changes
        if change.change == "started" and change.due_at is not None
    }
