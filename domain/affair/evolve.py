"""Replay: from a state and an event to the next state. Never refuses, never reads a clock."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.affair.events import (
    AnswerReceived,
    AnswerRequested,
    Archived,
    Assigned,
    ClocksRecounted,
    Corrected,
    EntryRecorded,
    Escalated,
    Extended,
    JointDone,
    JointOpened,
    Merged,
    ProcedureMigrated,
    Recused,
    ReferralRefused,
    Referred,
    Registered,
    Reminded,
    Reopened,
    Resumed,
    ReturnVisitRecorded,
    SignedIn,
    StepTaken,
    Supervised,
    SupervisionAnswered,
    SupervisionDeclined,
    SupervisionProposed,
    Suspended,
    Warned,
)
from domain.affair.state import (
    ENDS,
    NOT_OPEN,
    Affair,
    Done,
    Identity,
    Joint,
    Noted,
    Standing,
    Visited,
)
from domain.changed import changed
from domain.clock import after, local_day
from domain.record import ATTACHED, Kind, Record

OPAQUE = frozenset({Kind.NOTE, Kind.PERSON, *ATTACHED})


def project(initial: Affair | None, events: Iterable[Any]) -> Affair | None:
    """Fold `events` over `initial`."""
    affair = initial
    for event in events:
        affair = evolve(affair, event)
    return affair


def evolve(affair: Affair | None, event: Any) -> Affair:
    """The affair after `event`."""
    if isinstance(event, Registered):
        return _registered(event)
    assert affair is not None, "an affair begins with its registration"
    told = facts_of(record) if (record := getattr(event, "record", ())) else {}
    match event:
        case StepTaken():
            affair = _step(affair, event, told)
        case EntryRecorded():
            noted = Noted(
                event.entry,
                event.by,
                event.occurred_at,
                affair.standing.round,
                told,
            )
            affair = _work(affair, entries=(*affair.work.entries, noted))
        case ReturnVisitRecorded():
            made = Visited(
                event.outcome,
                event.rating,
                event.finding,
                event.time_band,
                event.by,
                event.occurred_at,
                affair.standing.round,
            )
            affair = changed(affair, {"visits": (*affair.visits, made)})
        case Reopened():
            affair = _moved(
                affair,
                event.to,
                event.occurred_at,
                round=event.round,
                closed_at=None,
                handled=False,
                reopened_at=event.occurred_at,
                suspended_days_working=0,
                suspended_days=0,
            )
        case Archived():
            affair = _moved(affair, "archived", event.occurred_at)
        case Merged():
            affair = _moved(affair, event.to, event.occurred_at, closed_at=event.occurred_at)
        case ProcedureMigrated():
            identity = changed(affair.identity, {"line_version": event.to_version})
            affair = changed(affair, {"identity": identity})
            if event.state != affair.standing.state:
                affair = _moved(affair, event.state, event.occurred_at)
        case _:
            affair = _neutral(affair, event)
    return _settled(affair, event, told)


def _neutral(affair: Affair, event: Any) -> Affair:
    match event:
        case Referred():
            affair = _work(affair, referral=event.unit)
        case SignedIn():
            affair = _stand(_work(affair, referral=""), **_led(affair, event.unit))
        case ReferralRefused():
            affair = _work(affair, referral="")
        case JointOpened():
            affair = _work(affair, joint=(*affair.work.joint, Joint(event.task, event.unit)))
        case JointDone():
            affair = _work(
                affair,
                joint=tuple(
                    replace(j, done=True) if j.task == event.task else j for j in affair.work.joint
                ),
            )
        case Escalated():
            affair = _stand(affair, level=event.level, **_led(affair, event.unit))
        case Assigned():
            affair = _stand(affair, assignee=event.account)
        case Recused():
            affair = _work(affair, recused=(*affair.work.recused, event.account))
            if affair.standing.assignee == event.account:
                affair = _stand(affair, assignee="")
        case Supervised():
            # An order by a person is the answer to a proposal; one by a clock is none.
            by = affair.work.proposed_by if event.clock else ""
            affair = _work(affair, orders=event.order, proposed_by=by)
        case SupervisionProposed():
            affair = _work(affair, proposed_by=event.by)
        case SupervisionDeclined():
            affair = _work(affair, proposed_by="")
        case SupervisionAnswered():
            affair = _work(affair, orders_answered=affair.work.orders_answered + 1)
        case Warned():
            seen = (event.clock, event.colour, event.due_at)
            affair = _work(affair, warned=(*affair.work.warned, seen))
        case AnswerRequested():
            affair = _work(affair, questions=(*affair.work.questions, event.question))
        case AnswerReceived():
            affair = _work(
                affair,
                questions=tuple(q for q in affair.work.questions if q != event.question),
                answers=(*affair.work.answers, event.question),
            )
        case Suspended():
            affair = _stand(affair, suspended_at=event.occurred_at)
        case Resumed():
            affair = _resumed(affair, event)
        case Corrected() | Extended() | Reminded():
            pass
    return affair


def _resumed(affair: Affair, event: Resumed) -> Affair:
    standing, stood = affair.standing, 0
    if (since := standing.suspended_at) is not None:
        until = standing.suspended_until(event.occurred_at)
        stood = (local_day(until) - local_day(since)).days
    return _stand(
        affair,
        suspended_at=None,
        suspended_days=standing.suspended_days + stood,
        suspended_days_working=standing.suspended_days_working + event.days_working,
    )


def facts_of(record: Record) -> dict[str, str]:
    """The recorded values that are not personal, as text, for guards."""
    return {f.name: _text(f.value) for f in record if f.kind not in OPAQUE}


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ",".join(str(part) for part in value)
        case _:
            return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _registered(event: Registered) -> Affair:
    return Affair(
        identity=Identity(
            number=event.number,
            line=event.line,
            matter=event.matter,
            line_version=event.line_version,
            community=event.community,
            area=event.area,
            restricted=event.restricted,
            contact_wish=event.contact_wish,
            registered_by=event.by,
            registered_at=event.occurred_at,
            subject=event.applicant.subject if event.applicant else None,
        ),
        standing=Standing(
            state=event.state,
            entered_at=event.occurred_at,
            last_at=event.occurred_at,
            acted_at=event.occurred_at,
            lead_unit=event.community,
            assignee=event.assignee,
        ),
        clocks=after((), event.clocks, event.occurred_at),
        facts=facts_of(event.record),
    )


def _step(affair: Affair, event: StepTaken, told: Mapping[str, str]) -> Affair:
    standing, at = affair.standing, event.occurred_at
    moved: dict[str, Any] = {"state": event.to, "entered_at": at}
    if event.level:
        moved["level"] = event.level
    if event.lead_unit:
        moved |= _led(affair, event.lead_unit)
    if event.handled_days_working is not None:
        moved["handled"] = True
    if event.to in ENDS:
        moved |= {"closed_at": at, "assignee": ""}
    taken = Done(event.step, event.by, at, standing.round, event.step.startswith("X"), told)
    work: dict[str, Any] = {"steps": (*affair.work.steps, taken)}
    if event.to in NOT_OPEN and affair.work.referral:
        work["referral"] = ""
    parts: dict[str, Any] = {
        "standing": changed(standing, moved),
        "work": changed(affair.work, work),
    }
    if "accepted" in event.marks and affair.identity.accepted_at is None:
        pinned = {"accepted_at": at, "line_version": event.line_version}
        parts["identity"] = changed(affair.identity, pinned)
    return changed(affair, parts)


def _moved(affair: Affair, to: str, at: datetime, **changes: Any) -> Affair:
    if to in NOT_OPEN and affair.work.referral:
        affair = _work(affair, referral="")
    if to in (*ENDS, "archived"):
        changes["assignee"] = ""
    return _stand(affair, state=to, entered_at=at, **changes)


# Who was assigned works for the unit that led: with another the assignment is over.
def _led(affair: Affair, unit: str) -> dict[str, Any]:
    same = affair.standing.lead_unit == unit
    return {"lead_unit": unit} if same else {"lead_unit": unit, "assignee": ""}


def _stand(affair: Affair, **changes: Any) -> Affair:
    return changed(affair, {"standing": changed(affair.standing, changes)})


def _work(affair: Affair, **changes: Any) -> Affair:
    return changed(affair, {"work": changed(affair.work, changes)})


# What every event does besides: time goes on, clocks change, facts are known.
def _settled(affair: Affair, event: Any, told: Mapping[str, str]) -> Affair:
    at, standing = event.occurred_at, affair.standing
    parts: dict[str, Any] = {}
    times: dict[str, Any] = {}
    if at > standing.last_at:
        times["last_at"] = at
    if (standing.acted_at is None or at > standing.acted_at) and not _by_the_clock(event):
        times["acted_at"] = at
    if times:
        parts["standing"] = changed(standing, times)
    if clocks := getattr(event, "clocks", ()):
        parts["clocks"] = after(affair.clocks, clocks, at)
        # A clock that starts again is warned of again, even where it is due at the same instant.
        anew = {change.name for change in clocks if change.change == "started"}
        if anew and any(clock in anew for clock, _, _ in affair.work.warned):
            still = tuple(told for told in affair.work.warned if told[0] not in anew)
            parts["work"] = changed(affair.work, {"warned": still})
    if told:
        parts["facts"] = {**affair.facts, **told}
    return changed(affair, parts) if parts else affair


# What people did before a warning or a recount may still be entered after it.
def _by_the_clock(event: Any) -> bool:
    warned = isinstance(event, Warned | ClocksRecounted)
    return warned or (isinstance(event, Supervised) and event.clock != "")
