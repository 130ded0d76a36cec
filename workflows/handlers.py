"""One handler per command: load, authorise, decide. The desk stores."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain import visit
from domain.actor import Role
from domain.affair import decide, migrate, recount
from domain.affair.commands import (
    NIL,
    Act,
    Expire,
    MigrateAffair,
    RecordEntry,
    Recount,
    Register,
    TakeStep,
)
from domain.affair.decide import Facts
from domain.affair.events import Registered
from domain.affair.evolve import project
from domain.affair.state import ENDS, Affair
from domain.clock import local_day
from domain.commands import RecordVisit
from domain.errors import FieldInvalid, Malformed, NotAllowed, NotFound
from domain.log import NEW
from domain.personal import Personal
from domain.ports import Procedure
from domain.record import Kind
from domain.visit import VisitRecorded
from workflows import accounts, booking, drafting, foundations, reads
from workflows.decision import Decision
from workflows.desk import Desk, Handler, zoned
from workflows.rights import VIEW, WORK, Resource, authorise, may_work, resource_of, right_of


def register(desk: Desk, command: Register) -> Decision:
    """Enter an affair: numbered within its line and year, given to the worker of the area."""
    organisation = desk.reference.organisation
    community = organisation.community_of(command.area or command.community)
    if command.community and command.community != community:
        raise Malformed("community", f"{command.area} lies in {community}")
    line = command.matter[:2]
    owner = command.by.account
    resource = Resource(area=command.area or community, line=line, owner=owner)
    authorise(command.by, "register_affair", resource, command.area)
    _check_origin(desk, command)
    day = local_day(zoned("occurred_at", command.occurred_at))
    procedure = desk.reference.lines.ruling(line, day)
    if not procedure.may_register(command.matter, command.by):
        raise NotAllowed("register_affair", command.by.role.value)
    organisation.taking(command.area or community, day, "register", "area")
    facts = desk.facts(procedure, assignee=organisation.worker(command.area, day))
    record = booking.asked(desk, procedure, command, community)
    return Decision(
        stream_id=command.affair_id,
        version=NEW,
        events=decide.register(replace(command, community=community, record=record), facts),
        numbered=(line, day.year),
        correlation_id=command.affair_id,
        of_affair=True,
    )


# What it came from is shown with it: whoever may not see that answers as if it were not there.
def _check_origin(desk: Desk, command: Register) -> None:
    if command.origin_id == NIL:
        return
    events = [seen.event for seen in desk.history(command.origin_id, 0)]
    match events:
        case [VisitRecorded() as visited, *_]:
            origin = Resource(area=visited.area)
        case [Registered(), *_]:
            affair = project(None, events)
            assert affair is not None
            origin = resource_of(affair)
        case _:
            raise Malformed("origin_id", _ORIGIN)
    try:
        authorise(command.by, VIEW, origin)
    except (NotAllowed, NotFound):
        raise Malformed("origin_id", _ORIGIN) from None


_ORIGIN = "the id of a visit or an affair that is there"


def take_step(desk: Desk, command: TakeStep) -> Decision:
    """Move an affair along its procedure."""
    affair, version = desk.affair(
        command, lambda affair: right_of(desk.kind_of(affair, command.step))
    )
    into = command.record.get("merged_into")
    if into is not None:
        _check_merger(desk, command, str(into))
    decision = _placed(desk, command, affair, version, decide.take_step)
    return _of_somebody(desk, command.step, decision)


# A duplicate goes on in another affair, which its actor may see and which goes on itself.
def _check_merger(desk: Desk, command: TakeStep, into: str) -> None:
    try:
        other_id = UUID(into)
    except ValueError:
        wanted = "the id of an affair, not its number"
        raise FieldInvalid(command.step, "merged_into", wanted) from None
    try:
        other, _ = desk.affairs.get(other_id)
        authorise(command.by, VIEW, resource_of(other), into)
    except NotFound:
        raise FieldInvalid(command.step, "merged_into", "an affair that is there") from None
    if other_id == command.affair_id or other.standing.state in ENDS:
        raise FieldInvalid(command.step, "merged_into", "another affair that goes on")


def record_entry(desk: Desk, command: RecordEntry) -> Decision:
    """Write something down on an affair."""
    affair, version = desk.affair(command, right_of("entry"))
    decision = _placed(desk, command, affair, version, decide.record_entry)
    return _of_somebody(desk, command.entry, decision)


# Whoever is to be kept apart from another duty must be somebody: an account with a post that day.
def _of_somebody(desk: Desk, deed: str, decision: Decision) -> Decision:
    for event in decision.events:
        for field in getattr(event, "record", ()):
            if field.kind is Kind.ACCOUNT:
                day = local_day(event.occurred_at)
                if all(post.role is Role.RES for post in desk.people.posts(field.value, day)):
                    raise FieldInvalid(deed, field.name, "an account that is known")
    return decision


def act(desk: Desk, command: Act) -> Decision:
    """A state-neutral action on an affair."""
    affair, version = desk.affair(command, right_of("action", command.action))
    facts = desk.facts(
        desk.procedure(affair, command.occurred_at),
        corrected=_named(desk, command, version) if command.action == "correct" else None,
        staff=_staff(desk, command, affair),
    )
    events = decide.act(affair, command, facts)
    return _of(command.affair_id, affair, version, events)


# The event that a correction is about, if this affair has it; the decider says what is wrong.
def _named(desk: Desk, command: Act, version: int) -> object:
    told = str(command.record.get("of_version"))
    if not told.isdecimal() or not 1 <= int(told[:9]) <= version:
        return None
    return desk.history(command.affair_id, int(told) - 1)[0].event


# The account that an action names, if the register knows it: may it work on this affair then?
def _staff(desk: Desk, command: Act, affair: Affair) -> dict[str, bool]:
    account = command.record.get("account")
    if not isinstance(account, str):
        return {}
    day, resource = local_day(zoned("occurred_at", command.occurred_at)), resource_of(affair)
    posts = [post for post in desk.people.posts(account, day) if post.role is not Role.RES]
    return {account: any(may_work(post, resource) for post in posts)} if posts else {}


def expire(desk: Desk, command: Expire) -> Decision:
    """A clock of an affair has come to its warning or its end. Only the system may say so."""
    if command.by.role is not Role.SYS:
        raise NotAllowed("expire", command.by.role.value)
    affair, version = desk.affair(command, WORK)
    return _placed(desk, command, affair, version, decide.expire)


def recount_clocks(desk: Desk, command: Recount) -> Decision:
    """A missing calendar year is known: tell an affair's clocks anew. Only the system may."""
    if command.by.role is not Role.SYS:
        raise NotAllowed("recount", command.by.role.value)
    affair, version = desk.affair(command, WORK)

    def ruling(before: Affair | None, event: Any) -> Procedure:
        # Registrations and accepting steps name it; by the rest, what the affair stood under.
        pinned = getattr(event, "line_version", "")
        if before is None or pinned:
            return desk.reference.lines.version(affair.identity.line, pinned)
        return desk.procedure(before, event.occurred_at)

    history = desk.history(command.affair_id, 0)
    past = recount.Past(events=[seen.event for seen in history[:version]], ruling=ruling)
    events = recount.recount(affair, command, past, desk.reference.calendar, desk.now())
    return _of(command.affair_id, affair, version, events)


def migrate_affair(desk: Desk, command: MigrateAffair) -> Decision:
    """Move a running affair to another version of its line, with a reason."""
    affair, version = desk.affair(command, "publish_line")
    target = desk.reference.lines.version(affair.identity.line, command.version)
    history = [seen.event for seen in desk.history(command.affair_id, 0)]
    events = migrate.migrate(
        affair,
        command,
        history[:version],
        migrate.Target(target.open_states, target.matters, target.since),
        desk.facts(target),
    )
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
    desk.reference.organisation.taking(command.area, day, "record_visit", "area")
    return Decision(
        stream_id=command.visit_id,
        version=NEW,
        events=[event],
        claims=visit.claims(event, command.visit_id, day),
        correlation_id=command.visit_id,
    )


# What it has of an offering moves with it.
def _placed(
    desk: Desk,
    command: Any,
    affair: Affair,
    version: int,
    decision: Callable[[Affair, Any, Facts], list[Any]],
) -> Decision:
    at, affair_id = command.occurred_at, command.affair_id
    procedure = desk.procedure(affair, at)
    booked = booking.booking(desk, procedure, affair, affair_id, at)
    if booked is None:
        return _of(affair_id, affair, version, decision(affair, command, desk.facts(procedure)))
    events = decision(affair, command, desk.facts(procedure, place=booked.place))
    return replace(
        _of(affair_id, affair, version, events),
        rests_on=booked.rests_on,
        beside=booked.moved(affair, events, command.by.account),
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
    Recount: recount_clocks,
    MigrateAffair: migrate_affair,
    RecordVisit: record_visit,
    **booking.HANDLERS,
    **foundations.HANDLERS,
    **drafting.HANDLERS,
    **accounts.HANDLERS,
    **reads.HANDLERS,
}
