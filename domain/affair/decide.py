"""Decisions: from a state, a command and facts to events, or a refusal. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.affair import events as e
from domain.affair.applicant import faults_of
from domain.affair.asked import invited, lead_of, level_of
from domain.affair.assigning import check_recusal
from domain.affair.commands import Act, Command, Expire, RecordEntry, Register, TakeStep
from domain.affair.neutral import ACTIONS, Ask
from domain.affair.state import HANDLED, Affair
from domain.clock import ClockChange, ClockKind, local_day
from domain.errors import Malformed, NotAfterTheLast, NotPermittedNow, StepNotOpen
from domain.offering import Place
from domain.organisation import OrganisationUnit
from domain.personal import Personal
from domain.ports import Calendar, Move, Procedure
from domain.record import NOTHING, Record

SOURCES = ("hall", "visit", "phone", "message", "mailbox", "hotline", "portal", "reaction")
WISHES = ("contact", "anonymous", "none", "deceased", "no_reply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision may know besides the state and the command.

    procedure: the version the affair is pinned to, or the one in force while it is not.
    now: the present instant; nothing has happened after it.
    assignee: who takes a new affair on, chosen by the handler of its registration.
    corrected: the event that a correction names; None where this affair has none such.
    units: every unit of the log by its code.
    staff: the accounts named in the command that the register knows: may each, on that day,
        work on this affair?
    place: what the affair has of the offering that it names; None where it names none.
    """

    procedure: Procedure
    calendar: Calendar
    now: datetime
    assignee: str = ""
    corrected: Any = None
    units: Mapping[str, OrganisationUnit] = field(default_factory=dict)
    staff: Mapping[str, bool] = field(default_factory=dict)
    place: Place | None = None


def happened(at: datetime, affair: Affair | None, now: datetime) -> datetime:
    """The time of a new event, in UTC as the log keeps it.

    Raises NotAfterTheLast, and Malformed for a time without zone.
    """
    if at.tzinfo is None:
        raise Malformed("occurred_at", "needs a zone")
    earliest = affair.standing.acted_at if affair else None
    if at > now or (earliest is not None and at < earliest):
        raise NotAfterTheLast(at, earliest, now)
    return at.astimezone(UTC)


# What is asked of an affair that is there, by whom and for when.
def _asked(affair: Affair, command: Command, facts: Facts) -> datetime:
    check_recusal(affair, command.by.account)
    return happened(command.occurred_at, affair, facts.now)


def register(command: Register, facts: Facts) -> list[Any]:
    """Enter an affair in its line's first state; its handler gives the number.

    Raises Malformed, FieldMissing, FieldInvalid, NotAfterTheLast.
    """
    at = happened(command.occurred_at, None, facts.now)
    for name, value, known in (
        ("source", command.source, SOURCES),
        ("contact_wish", command.contact_wish, WISHES),
    ):
        if value not in known:
            raise Malformed(name, f"one of {', '.join(known)}")
    if not command.summary.strip():
        raise Malformed("summary", "say in one line what is asked")
    procedure = facts.procedure
    subject = command.subject or command.affair_id
    record = procedure.registration(command.matter, command.record, command.affair_id)
    for fault in faults_of(command, record):
        raise fault
    return [
        e.Registered(
            number="",
            line=procedure.line,
            matter=command.matter,
            line_version=procedure.version,
            state=procedure.initial,
            source=command.source,
            origin_id=command.origin_id,
            community=command.community,
            area=command.area,
            assignee=facts.assignee,
            restricted=procedure.restricted(command.matter),
            contact_wish=command.contact_wish,
            summary=Personal(command.affair_id, clear=command.summary),
            applicant=_sealed(subject, command.applicant),
            telephone=_sealed(subject, command.telephone),
            address=_sealed(subject, command.address),
            record=record,
            clocks=procedure.clocks(
                None,
                matter=command.matter,
                happening="register",
                leaves="",
                enters=procedure.initial,
                record=record,
                at=at,
                calendar=facts.calendar,
            ),
            by=command.by.account,
            occurred_at=at,
        )
    ]


def take_step(affair: Affair, command: TakeStep, facts: Facts) -> list[Any]:
    """Move the affair along. Raises StepNotOpen with the guard, role or state in the way, and
    MustRecuse."""
    at = _asked(affair, command, facts)
    procedure = facts.procedure
    move = procedure.require(
        command.step,
        affair,
        by=command.by,
        record=command.record,
        at=at,
        calendar=facts.calendar,
        subject=command.affair_id,
        place=facts.place,
    )
    left, record, by = affair.standing.state, move.record, command.by.account
    clocks = procedure.clocks(
        affair,
        matter=affair.identity.matter,
        happening=move.step,
        leaves=left,
        enters=move.to,
        record=record,
        at=at,
        calendar=facts.calendar,
    )
    if move.kind == "archive":
        return [
            e.Archived(
                step=move.step,
                left=left,
                retention=move.retention,
                record=record,
                clocks=clocks,
                by=by,
                occurred_at=at,
            )
        ]
    if move.kind == "reopen":
        return [
            e.Reopened(
                step=move.step,
                left=left,
                to=move.to,
                round=affair.standing.round + 1,
                record=record,
                clocks=clocks,
                by=by,
                occurred_at=at,
            )
        ]
    into = record.get("merged_into")
    if isinstance(into, UUID):
        return [
            e.Merged(
                into=into,
                left=left,
                to=move.to,
                record=record,
                clocks=clocks,
                by=by,
                occurred_at=at,
            )
        ]
    accepting = "accepted" in move.marks and affair.identity.accepted_at is None
    taken = e.StepTaken(
        step=move.step,
        action=move.action,
        left=left,
        to=move.to,
        record=record,
        # What was taken for accepted is not accepted again by the step that usually does it.
        marks=tuple(mark for mark in move.marks if accepting or mark != "accepted"),
        line_version=procedure.version if accepting else "",
        level=level_of(affair, move),
        lead_unit=lead_of(affair, move),
        handled_days_working=_handled(affair, move, at, facts),
        clocks=clocks,
        by=by,
        occurred_at=at,
    )
    return [taken, *invited(affair, taken)]


def record_entry(affair: Affair, command: RecordEntry, facts: Facts) -> list[Any]:
    """Write something down. Raises StepNotOpen, FieldMissing, FieldInvalid, MustRecuse."""
    at = _asked(affair, command, facts)
    record = facts.procedure.entry(
        command.entry,
        affair,
        by=command.by,
        record=command.record,
        subject=command.affair_id,
        at=at,
        calendar=facts.calendar,
        place=facts.place,
    )
    return [
        e.EntryRecorded(
            entry=command.entry,
            record=record,
            clocks=_neutral_clocks(affair, f"entry:{command.entry}", record, at, facts),
            by=command.by.account,
            occurred_at=at,
        )
    ]


def act(affair: Affair, command: Act, facts: Facts) -> list[Any]:
    """A state-neutral action. Raises NameUnknown, NotPermittedNow, FieldMissing, FieldInvalid,
    MustRecuse."""
    at = _asked(affair, command, facts)
    record = facts.procedure.action(
        command.action,
        affair,
        by=command.by,
        record=command.record,
        at=at,
        calendar=facts.calendar,
        subject=command.affair_id,
        place=facts.place,
    )
    clocks = _neutral_clocks(affair, command.action, record, at, facts)
    decision = ACTIONS[command.action]
    return decision(affair, Ask(record=record, clocks=clocks, at=at, actor=command.by, facts=facts))


def expire(affair: Affair, command: Expire, facts: Facts) -> list[Any]:
    """A clock has come to its warning or its end. Asked twice, it decides nothing.

    A red warning opens a supervision order. A provisional clock turns nothing red.
    """
    clock = affair.clock(command.clock)
    seen = (command.clock, command.colour, command.due_at)
    if clock is None or not clock.running or clock.due_at != command.due_at:
        return []
    reached = clock.warn_at if command.colour == "yellow" else clock.due_at
    if seen in affair.work.warned or reached > facts.now:
        return []
    if clock.provisional and command.colour != "yellow":
        return []
    at = max(reached, affair.standing.last_at)
    warned = e.Warned(
        clock=command.clock,
        colour=command.colour,
        due_at=command.due_at,
        by=command.by.account,
        occurred_at=at,
    )
    if (clock.kind is ClockKind.TIMER) != (command.colour == "timer"):
        return []
    if clock.kind is ClockKind.TIMER:
        return [warned, *_fired(affair, command, at, facts)]
    if command.colour != "red":
        return [warned]
    return [
        warned,
        e.Supervised(
            order=affair.work.orders + 1,
            clock=command.clock,
            record=NOTHING,
            by=command.by.account,
            occurred_at=at,
        ),
    ]


# A timer whose step is not open has nothing to do: that it ran out is recorded all the same.
def _fired(affair: Affair, command: Expire, at: datetime, facts: Facts) -> list[Any]:
    timer = facts.procedure.timer(command.clock)
    if timer is None:
        return []
    asked: dict[str, Any] = {
        "command_id": command.command_id,
        "by": command.by,
        "occurred_at": at,
        "affair_id": command.affair_id,
        "record": timer.record,
    }
    try:
        if timer.fires in ACTIONS:
            return act(affair, Act(action=timer.fires, **asked), facts)
        return take_step(affair, TakeStep(step=timer.fires, **asked), facts)
    except (StepNotOpen, NotPermittedNow):
        return []


# Reopened rounds are measured from their reopening, the first from acceptance.
def _handled(affair: Affair, move: Move, at: datetime, facts: Facts) -> int | None:
    ends = "clock_stop" in move.marks or move.to in HANDLED
    since = affair.identity.accepted_at or (at if "accepted" in move.marks else None)
    if not ends or affair.standing.handled or since is None:
        return None
    if affair.standing.round:
        since = affair.standing.reopened_at or since
    days = facts.calendar.working_days_between(local_day(since), local_day(at))
    stood = affair.standing.suspended_days_working
    if (paused := affair.standing.suspended_at) is not None:
        until = affair.standing.suspended_until(at)
        stood += facts.calendar.working_days_between(local_day(paused), local_day(until))
    return max(0, days - stood)


def _neutral_clocks(
    affair: Affair, happening: str, record: Record, at: datetime, facts: Facts
) -> tuple[ClockChange, ...]:
    state = affair.standing.state
    return facts.procedure.clocks(
        affair,
        matter=affair.identity.matter,
        happening=happening,
        leaves=state,
        enters=state,
        record=record,
        at=at,
        calendar=facts.calendar,
    )


def _sealed(subject: UUID, clear: str) -> Personal | None:
    return Personal(subject, clear=clear) if clear else None
