"""Handlers of what everything else stands on: units and working-day tables.

An append-only log keeps what it is given, so nothing comes in here that could not be read back.
"""

import re
from datetime import date
from itertools import chain
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.actor import Actor, Role
from domain.commands import (
    AssignArea,
    CloseUnit,
    ImportCalendar,
    RegisterUnit,
    RenameUnit,
)
from domain.errors import FieldInvalid, NotAllowed
from domain.line import CalendarImported
from domain.log import NEW
from domain.organisation import (
    AreaAssigned,
    OrganisationUnit,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
)
from domain.written import unseen
from workflows.decision import Decision
from workflows.desk import Desk, Handler, zoned
from workflows.rights import Resource, authorise

CODES = {
    "district": r"\d{6}",
    "street": r"\d{9}",
    "community": r"\d{12}",
    "area": r"\d{12}-\d{2}",
    "department": r"\d{6}(\d{3})?/[a-z0-9]{1,16}",
    "provider": r"\d{6}(\d{3}){0,2}/[a-z0-9]{1,16}",
}
"""What the code of a unit looks like (GB/T 2260 for places); it goes on from its parent's."""
YEARS = range(1900, 2101)


def register_unit(desk: Desk, command: RegisterUnit) -> Decision:
    """Enter a unit below one that exists; a district stands alone. CD: own areas only."""
    authorise_unit(command.by, command.code, command.kind, command.parent)
    pattern = CODES.get(command.kind)
    if pattern is None:
        raise FieldInvalid("register_unit", "kind", f"one of {', '.join(CODES)}")
    if not re.fullmatch(pattern, command.code, re.ASCII):
        raise FieldInvalid("register_unit", "code", f"of the form {pattern}")
    if command.kind == "district":
        if command.parent:
            raise FieldInvalid("register_unit", "parent", "a district has none")
    else:
        if desk.reference.organisation.unit(command.parent).valid_to is not None:
            raise FieldInvalid("register_unit", "parent", "a unit that is not closed")
        if not command.code.startswith(command.parent):
            raise FieldInvalid("register_unit", "code", f"goes on from {command.parent}")
    if command.code in desk.reference.organisation.units:
        raise FieldInvalid("register_unit", "code", "a code that no unit has yet")
    _check_name("register_unit", command.name)
    event = UnitRegistered(
        code=command.code,
        kind=command.kind,
        name=command.name,
        parent=command.parent,
        lines=command.lines,
        valid_from=command.valid_from,
    )
    stream = unit_stream(command.code)
    return Decision(stream_id=stream, version=NEW, events=[event], correlation_id=stream)


def rename_unit(desk: Desk, command: RenameUnit) -> Decision:
    """Give a unit another name; its code stays."""
    unit = _unit(desk, command.by, command.code)
    _check_name("rename_unit", command.name)
    _check_day("rename_unit", command.valid_from, unit, since=unit.names[-1][0])
    event = UnitRenamed(code=command.code, name=command.name, valid_from=command.valid_from)
    return _of_unit(desk, command.code, event)


def assign_area(desk: Desk, command: AssignArea) -> Decision:
    """Give an area to a worker, or hand it over. Affairs that are open keep whom they were
    assigned to; those registered from that day on go to the new one, who is a worker there by
    then. The system founds areas before there are accounts."""
    unit = _unit(desk, command.by, command.code)
    if unit.kind != "area":
        raise FieldInvalid("assign_area", "code", f"{command.code} is a {unit.kind}, not an area")
    _check_day("assign_area", command.valid_from, unit, since=unit.valid_from)
    if command.worker and command.by.role is not Role.SYS:
        posts = desk.people.posts(command.worker, command.valid_from)
        if (Role.CW, command.code) not in {(post.role, post.unit) for post in posts}:
            raise FieldInvalid("assign_area", "worker", "a worker of this area on that day")
    event = AreaAssigned(code=command.code, worker=command.worker, valid_from=command.valid_from)
    return _of_unit(desk, command.code, event)


def close_unit(desk: Desk, command: CloseUnit) -> Decision:
    """End a unit on a day, when nothing below it goes on."""
    unit = _unit(desk, command.by, command.code)
    if command.valid_to == unit.valid_to:
        raise FieldInvalid("close_unit", "valid_to", "closed on this day already")
    if command.valid_to < unit.valid_from:
        raise FieldInvalid("close_unit", "valid_to", f"{unit.valid_from} or later")
    for below in desk.reference.organisation.below(command.code):
        if below.valid_to is None or below.valid_to > command.valid_to:
            raise FieldInvalid("close_unit", "valid_to", f"{below.code} below it goes on")
    return _of_unit(desk, command.code, UnitClosed(code=command.code, valid_to=command.valid_to))


def import_calendar(desk: Desk, command: ImportCalendar) -> Decision:
    """Enter the working-day table of a year, or a newer version of it."""
    authorise(command.by, "import_calendar", Resource(), command.year)
    if command.year not in YEARS:
        raise FieldInvalid("import_calendar", "year", f"{YEARS.start} to {YEARS.stop - 1}")
    if not re.fullmatch(rf"{command.year}\.\d{{1,6}}", command.version):
        # Deadlines name the versions they were counted by, and the years that had none.
        raise FieldInvalid("import_calendar", "version", f"{command.year}.1, {command.year}.2, …")
    for day in chain(command.holidays, command.workdays):
        _check_table_day(day, command)
    stream = uuid5(NAMESPACE_URL, "tenlines:calendar")
    event = CalendarImported(
        year=command.year,
        version=command.version,
        holidays=command.holidays,
        workdays=command.workdays,
        source=command.source,
        by=command.by.account,
        occurred_at=zoned("occurred_at", command.occurred_at),
    )
    version = len(desk.history(stream, 0))
    return Decision(stream_id=stream, version=version, events=[event], correlation_id=stream)


def _check_name(deed: str, name: str) -> None:
    if wrong := unseen(name) if name.strip() else "the unit's name":
        raise FieldInvalid(deed, "name", wrong)


def _check_table_day(day: date, command: ImportCalendar) -> None:
    weekend = day.isoweekday() in (6, 7)
    if day.year != command.year:
        raise FieldInvalid("import_calendar", str(day), f"a day of {command.year}")
    if weekend == (day in command.holidays):
        raise FieldInvalid("import_calendar", str(day), "weekdays off, weekend days worked")


def authorise_unit(by: Actor, code: str, kind: str, parent: str) -> None:
    """Let pass whoever may enter or change such a unit there: a community's director has a say
    in its areas and in nothing else. Raises NotAllowed, NotFound."""
    authorise(by, "register_unit", Resource(area=code), code)
    if by.role is Role.CD and (kind, parent) != ("area", by.unit):
        raise NotAllowed("register_unit", by.role.value)


def _unit(desk: Desk, by: Actor, code: str) -> OrganisationUnit:
    authorise(by, "register_unit", Resource(area=code), code)
    unit = desk.reference.organisation.unit(code)
    authorise_unit(by, code, unit.kind, unit.parent)
    return unit


def _check_day(deed: str, day: date, unit: OrganisationUnit, *, since: date) -> None:
    if day < since:
        raise FieldInvalid(deed, "valid_from", f"{since} or later")
    if unit.closed(day):
        raise FieldInvalid(deed, "valid_from", f"{unit.valid_to} or earlier: closed then")


def unit_stream(code: str) -> UUID:
    """The stream of a unit: one code, one stream, so that a code is registered once."""
    return uuid5(NAMESPACE_URL, f"tenlines:unit/{code}")


def _of_unit(desk: Desk, code: str, event: object) -> Decision:
    stream = unit_stream(code)
    version = desk.history(stream, 0)[-1].version
    return Decision(stream_id=stream, version=version, events=[event], correlation_id=stream)


HANDLERS: dict[type, Handler] = {
    RegisterUnit: register_unit,
    RenameUnit: rename_unit,
    AssignArea: assign_area,
    CloseUnit: close_unit,
    ImportCalendar: import_calendar,
}
