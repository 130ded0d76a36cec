"""One handler per command: load, authorise, decide. The desk stores."""

from dataclasses import replace
from uuid import UUID

from domain import visit
from domain.actor import Role
from domain.affair import decide
from domain.affair.commands import Act, Expire, RecordEntry, Register, TakeStep
from domain.affair.state import ENDS, Affair
from domain.clock import local_day
from domain.commands import RecordVisit
from domain.errors import FieldInvalid, Malformed, NotAllowed, NotFound
from domain.log import NEW
from domain.personal import Personal
from domain.visit import VisitRecorded
from workflows import foundations
from workflows.desk import Decision, Desk, Handler, zoned
from workflows.rights import ACTIONS, Resource, authorise, resource_of


def register(desk: Desk, command: Register) -> Decision:
    """Enter an affair: numbered within its line and year, given to the worker of the area."""
    organisation = desk.reference.organisation
    community = organisation.community_of(command.area or command.community)
    if command.community and command.community != community:
        raise Malformed("community", f"{command.area} lies in {community}")
    line = command.matter[:2]
    owner = command.by.account
    resource = Resource(area=command.area or community, line=line, owner=owner, people=(owner,))
    authorise(command.by, "register_affair", resource, command.area)
    day = local_day(zoned("occurred_at", command.occurred_at))
    procedure = desk.reference.lines.in_force(line, day)
    if not procedure.may_register(command.matter, command.by):
        raise NotAllowed("register_affair", command.by.role.value)
    facts = desk.facts(procedure, assignee=organisation.worker(command.area, day))
    return Decision(
        stream_id=command.affair_id,
        version=NEW,
        events=decide.register(replace(command, community=community), facts),
        numbered=(line, day.year),
        correlation_id=command.affair_id,
        of_affair=True,
    )


def take_step(desk: Desk, command: TakeStep) -> Decision:
    """Move an affair along its procedure."""
    affair, version = desk.affair(command, "work_affair")
    into = command.record.get("merged_into")
    if into is not None:
        _check_merger(desk, command, str(into))
    events = decide.take_step(
        affair, command, desk.facts(desk.procedure(affair, command.occurred_at))
    )
    return _of(command.affair_id, affair, version, events)


# A duplicate goes on in another affair, which its actor may see and which goes on itself.
def _check_merger(desk: Desk, command: TakeStep, into: str) -> None:
    try:
        other, _ = desk.affairs.get(UUID(into))
        authorise(command.by, "view_affair", resource_of(other), into)
    except (ValueError, NotFound):
        raise FieldInvalid(command.step, "merged_into", "an affair that is there") from None
    if UUID(into) == command.affair_id or other.standing.state in ENDS:
        raise FieldInvalid(command.step, "merged_into", "another affair that goes on")


def record_entry(desk: Desk, command: RecordEntry) -> Decision:
    """Write something down on an affair."""
    affair, version = desk.affair(command, "work_affair")
    events = decide.record_entry(
        affair, command, desk.facts(desk.procedure(affair, command.occurred_at))
    )
    return _of(command.affair_id, affair, version, events)


def act(desk: Desk, command: Act) -> Decision:
    """A state-neutral action on an affair."""
    affair, version = desk.affair(command, ACTIONS.get(command.action, "work_affair"))
    events = decide.act(affair, command, desk.facts(desk.procedure(affair, command.occurred_at)))
    return _of(command.affair_id, affair, version, events)


def expire(desk: Desk, command: Expire) -> Decision:
    """A clock of an affair has come to its warning or its end. Only the system may say so."""
    if command.by.role is not Role.SYS:
        raise NotAllowed("expire", command.by.role.value)
    affair, version = desk.affair(command, "work_affair")
    events = decide.expire(affair, command, desk.facts(desk.procedure(affair, command.occurred_at)))
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
        started_at=zoned("started_at", command.started_at),
        ended_at=zoned("ended_at", command.ended_at),
        interviewee=sealed(command.interviewee),
        seen=sealed(command.seen),
        heard=sealed(command.heard),
        noted=sealed(command.noted),
        findings=command.findings,
        photos=command.photos,
        counted=visit.counts(command.light, command.outcome),
        next_on=command.next_on,
        by=command.by.account,
        occurred_at=zoned("occurred_at", command.occurred_at),
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
    **foundations.HANDLERS,
}
