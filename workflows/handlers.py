"""One handler per command: load, authorise, decide. The desk stores."""

from dataclasses import replace
from datetime import UTC
from uuid import NAMESPACE_URL, UUID, uuid5

from domain import visit
from domain.affair import decide
from domain.affair.commands import Act, Expire, RecordEntry, Register, TakeStep
from domain.affair.state import Affair
from domain.clock import local_day
from domain.commands import (
    AssignArea,
    ImportCalendar,
    PublishLine,
    RecordVisit,
    RegisterUnit,
    RenameUnit,
)
from domain.errors import FieldInvalid, Malformed, NotFound
from domain.line import CalendarImported, LinePublished
from domain.log import NEW, Claim
from domain.organisation import AreaAssigned, UnitRegistered, UnitRenamed
from domain.personal import Personal
from domain.visit import VisitRecorded
from workflows.desk import NUMBER, Decision, Desk, Handler
from workflows.rights import ACTIONS, Resource, authorise

UNIT_KINDS = ("district", "street", "community", "area", "department", "provider")


def register(desk: Desk, command: Register) -> Decision:
    """Enter an affair: numbered within its line and year, given to the worker of the area."""
    organisation = desk.reference.organisation
    community = organisation.community_of(command.area or command.community)
    if command.community and command.community != community:
        raise Malformed("community", f"{command.area} lies in {community}")
    placed = replace(command, community=community)
    line = command.matter[:2]
    owner = command.by.account
    resource = Resource(area=command.area or community, line=line, owner=owner, people=(owner,))
    authorise(command.by, "register_affair", resource, command.area)
    today = local_day(desk.now())
    facts = desk.facts(
        desk.reference.lines.in_force(line, today),
        assignee=organisation.worker(command.area, local_day(command.occurred_at)),
    )
    events = decide.register(placed, facts)
    # Numbered last, so that a refused request takes no number.
    number = desk.next_number(line, local_day(command.occurred_at).year)
    return Decision(
        stream_id=command.affair_id,
        version=NEW,
        events=[replace(event, number=number) for event in events],
        claims=(Claim(name=NUMBER + number, stream_id=command.affair_id),),
        correlation_id=command.affair_id,
        of_affair=True,
    )


def take_step(desk: Desk, command: TakeStep) -> Decision:
    """Move an affair along its procedure."""
    affair, version = desk.affair(command, "work_affair")
    events = decide.take_step(affair, command, desk.facts(desk.procedure(affair)))
    return _of(command.affair_id, affair, version, events)


def record_entry(desk: Desk, command: RecordEntry) -> Decision:
    """Write something down on an affair."""
    affair, version = desk.affair(command, "work_affair")
    events = decide.record_entry(affair, command, desk.facts(desk.procedure(affair)))
    return _of(command.affair_id, affair, version, events)


def act(desk: Desk, command: Act) -> Decision:
    """A state-neutral action on an affair."""
    affair, version = desk.affair(command, ACTIONS.get(command.action, "work_affair"))
    events = decide.act(affair, command, desk.facts(desk.procedure(affair)))
    return _of(command.affair_id, affair, version, events)


def expire(desk: Desk, command: Expire) -> Decision:
    """A clock of an affair has come to its warning or its end."""
    affair, version = desk.affair(command, "work_affair")
    events = decide.expire(affair, command, desk.facts(desk.procedure(affair)))
    return _of(command.affair_id, affair, version, events)


def record_visit(desk: Desk, command: RecordVisit) -> Decision:
    """Enter a visit; a counted one claims its household's day."""
    desk.reference.organisation.unit(command.area)
    authorise(command.by, "record_visit", Resource(area=command.area), command.area)

    def sealed(text: str) -> Personal | None:
        return Personal(command.visit_id, clear=text) if text else None

    event = VisitRecorded(
        household=command.household,
        area=command.area,
        light=command.light,
        kind=command.kind,
        outcome=command.outcome,
        visitors=command.visitors or (command.by.account,),
        started_at=command.started_at.astimezone(UTC),
        ended_at=command.ended_at.astimezone(UTC),
        interviewee=sealed(command.interviewee),
        seen=sealed(command.seen),
        heard=sealed(command.heard),
        noted=sealed(command.noted),
        findings=command.findings,
        photos=command.photos,
        counted=visit.counts(command.light, command.outcome),
        next_on=command.next_on,
        by=command.by.account,
        occurred_at=command.occurred_at.astimezone(UTC),
    )
    visit.check(event, desk.now())
    day = local_day(command.started_at)
    return Decision(
        stream_id=command.visit_id,
        version=NEW,
        events=[event],
        claims=visit.claims(event, command.visit_id, day),
        correlation_id=command.visit_id,
    )


def register_unit(desk: Desk, command: RegisterUnit) -> Decision:
    """Enter a unit below one that exists; a district stands alone."""
    authorise(command.by, "register_unit", Resource(area=command.code), command.code)
    if command.kind not in UNIT_KINDS:
        raise FieldInvalid("register_unit", "kind", f"one of {', '.join(UNIT_KINDS)}")
    if command.parent:
        desk.reference.organisation.unit(command.parent)
    elif command.kind != "district":
        raise FieldInvalid("register_unit", "parent", "only a district has none")
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
    authorise(command.by, "register_unit", Resource(area=command.code), command.code)
    unit = desk.reference.organisation.unit(command.code)
    if not command.name.strip() or command.valid_from < unit.names[-1][0]:
        raise FieldInvalid(
            "rename_unit", "valid_from", f"a name, from {unit.names[-1][0]} or later"
        )
    event = UnitRenamed(code=command.code, name=command.name, valid_from=command.valid_from)
    return _of_unit(desk, command.code, event)


def assign_area(desk: Desk, command: AssignArea) -> Decision:
    """Give an area to a worker."""
    authorise(command.by, "register_unit", Resource(area=command.code), command.code)
    unit = desk.reference.organisation.unit(command.code)
    if unit.kind != "area":
        raise FieldInvalid("assign_area", "code", f"{command.code} is a {unit.kind}, not an area")
    event = AreaAssigned(code=command.code, worker=command.worker, valid_from=command.valid_from)
    return _of_unit(desk, command.code, event)


def publish_line(desk: Desk, command: PublishLine) -> Decision:
    """Put a version of a line in force. A version is published once."""
    authorise(command.by, "publish_line", Resource(), command.code)
    try:
        desk.reference.lines.version(command.code, command.version)
    except NotFound:
        pass
    else:
        raise FieldInvalid("publish_line", "version", f"{command.version} is published already")
    stream = uuid5(NAMESPACE_URL, f"tenlines:line/{command.code}")
    event = LinePublished(
        code=command.code,
        version=command.version,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        definition=command.definition,
        by=command.by.account,
        occurred_at=command.occurred_at.astimezone(UTC),
    )
    version = len(desk.history(stream, 0))
    return Decision(stream_id=stream, version=version, events=[event], correlation_id=stream)


def import_calendar(desk: Desk, command: ImportCalendar) -> Decision:
    """Enter the working-day table of a year, or a newer version of it."""
    authorise(command.by, "import_calendar", Resource(), command.year)
    stream = uuid5(NAMESPACE_URL, "tenlines:calendar")
    event = CalendarImported(
        year=command.year,
        version=command.version,
        holidays=command.holidays,
        workdays=command.workdays,
        source=command.source,
        by=command.by.account,
        occurred_at=command.occurred_at.astimezone(UTC),
    )
    version = len(desk.history(stream, 0))
    return Decision(stream_id=stream, version=version, events=[event], correlation_id=stream)


def unit_stream(code: str) -> UUID:
    """The stream of a unit: one code, one stream, so that a code is registered once."""
    return uuid5(NAMESPACE_URL, f"tenlines:unit/{code}")


def _of_unit(desk: Desk, code: str, event: object) -> Decision:
    stream = unit_stream(code)
    version = desk.history(stream, 0)[-1].version
    return Decision(stream_id=stream, version=version, events=[event], correlation_id=stream)


def _of(affair_id: UUID, affair: Affair, version: int, events: list[object]) -> Decision:
    return Decision(
        stream_id=affair_id,
        version=version,
        events=events,
        correlation_id=affair_id,
        of_affair=True,
        before=affair,
    )


HANDLERS: dict[type, Handler] = {
    Register: register,
    TakeStep: take_step,
    RecordEntry: record_entry,
    Act: act,
    Expire: expire,
    RecordVisit: record_visit,
    RegisterUnit: register_unit,
    RenameUnit: rename_unit,
    AssignArea: assign_area,
    PublishLine: publish_line,
    ImportCalendar: import_calendar,
}
