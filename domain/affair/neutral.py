"""Decisions that leave the state as it is: referral, joint work, supervision, time, follow-up.

Who may do them, when, and what must be recorded stands in the line file's common rules; here
is only what each becomes. `ACTIONS` is the whole vocabulary.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from domain.actor import Actor
from domain.affair import events as e
from domain.affair.asked import check_escalation, check_joint, check_referral
from domain.affair.assigning import assign, recuse
from domain.affair.correcting import correct
from domain.affair.state import Affair, Joint
from domain.affair.supervising import (
    answer_supervision,
    confirm_supervision,
    decline_supervision,
    propose_supervision,
    supervise,
)
from domain.clock import Clock, ClockChange, ClockKind, change_of, local_day
from domain.errors import FieldInvalid, NotPermittedNow
from domain.personal import Personal
from domain.ports import Calendar
from domain.record import Record

if TYPE_CHECKING:
    from domain.affair.decide import Facts

Changes = tuple[ClockChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An action that the procedure leaves open, its record read, its clocks computed."""

    record: Record
    clocks: Changes
    at: datetime
    actor: Actor
    facts: "Facts"

    @property
    def by(self) -> str:
        """The account that acts."""
        return self.actor.account


Decision = Callable[[Affair, Ask], list[Any]]


def refer(affair: Affair, ask: Ask) -> list[Any]:
    """Offer the affair to another unit. One referral at a time."""
    if affair.work.referral:
        raise NotPermittedNow("refer", f"referred to {affair.work.referral}, not signed in yet")
    unit = ask.record.text("unit")
    check_referral(affair, unit)
    return [
        e.Referred(unit=unit, record=ask.record, clocks=ask.clocks, by=ask.by, occurred_at=ask.at)
    ]


def sign_in(affair: Affair, ask: Ask) -> list[Any]:
    """Take the referral over. Raises NotPermittedNow where none is open."""
    unit = _referral(affair, "sign_in", ask.actor)
    return [
        e.SignedIn(unit=unit, record=ask.record, clocks=ask.clocks, by=ask.by, occurred_at=ask.at)
    ]


def refuse_referral(affair: Affair, ask: Ask) -> list[Any]:
    """Give the referral back, with its reason."""
    unit = _referral(affair, "refuse_referral", ask.actor)
    return [
        e.ReferralRefused(
            unit=unit, record=ask.record, clocks=ask.clocks, by=ask.by, occurred_at=ask.at
        )
    ]


def open_joint(affair: Affair, ask: Ask) -> list[Any]:
    """Ask a unit to lend a hand."""
    unit = ask.record.text("unit")
    check_joint(affair, "open_joint", "unit", (unit,), affair.standing.lead_unit)
    return [
        e.JointOpened(
            task=len(affair.work.joint) + 1,
            unit=unit,
            record=ask.record,
            clocks=ask.clocks,
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def joint_done(affair: Affair, ask: Ask) -> list[Any]:
    """A joint unit's part is done. Without a number, one's own unit's task is meant, or the only
    one that is open. Whoever lends a hand ends no other unit's task."""
    task = _open_task(affair, ask.record, ask.actor)
    return [
        e.JointDone(
            task=task.task,
            unit=task.unit,
            record=ask.record,
            clocks=ask.clocks,
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def escalate(affair: Affair, ask: Ask) -> list[Any]:
    """Bring the affair one level up: community, street, district (三级联动)."""
    levels = ("community", "street", "district")
    here = levels.index(affair.standing.level)
    if here + 1 == len(levels):
        raise NotPermittedNow("escalate", "already at the district")
    level, unit = levels[here + 1], ask.record.text("unit")
    check_escalation(affair, unit, level, ask.facts.units)
    return [
        e.Escalated(
            level=level,
            unit=unit,
            record=ask.record,
            clocks=ask.clocks,
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def remind(affair: Affair, ask: Ask) -> list[Any]:
    """Remind whoever's turn it is."""
    return [e.Reminded(record=ask.record, by=ask.by, occurred_at=ask.at)]


def extend(affair: Affair, ask: Ask) -> list[Any]:
    """Move a clock by so many of its units: once, before it is due, applicant told."""
    clock = affair.clock(ask.record.text("clock"))
    if clock is None or not clock.running or clock.kind is ClockKind.TIMER:
        raise NotPermittedNow("extend", f"no running clock {ask.record.text('clock')}")
    if clock.extended:
        raise NotPermittedNow("extend", f"{clock.name} was extended once")
    if clock.expired(ask.at):
        raise NotPermittedNow("extend", f"{clock.name} is due already")
    count = ask.record.get("count")
    if not isinstance(count, Decimal) or count < 1 or count != int(count):
        raise FieldInvalid("extend", "count", "a whole number, 1 or more")
    due = ask.facts.calendar.extended(clock.due_at, int(count), clock.unit)
    change = change_of(clock, "extended", due)
    return [
        e.Extended(
            clock=clock.name,
            record=ask.record,
            clocks=(change, *ask.clocks),
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def suspend(affair: Affair, ask: Ask) -> list[Any]:
    """Let the clocks stand still: where the line allows it, at most 60 days in all of a round."""
    standing = affair.standing
    if standing.suspended_at is not None:
        raise NotPermittedNow("suspend", "suspended already")
    if not ask.facts.procedure.suspendable(standing.state):
        raise NotPermittedNow("suspend", f"not in state {standing.state}")
    if standing.suspension_left <= 0:
        raise NotPermittedNow("suspend", "the sixty days of this round are used")
    paused = tuple(change_of(clock, "paused", None) for clock in affair.clocks if clock.running)
    return [
        e.Suspended(
            cause=ask.record.text("cause"),
            record=ask.record,
            clocks=(*paused, *ask.clocks),
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def resume(affair: Affair, ask: Ask) -> list[Any]:
    """Let the clocks run again, moved by the suspended time, of which what was left counts."""
    since = affair.standing.suspended_at
    if since is None:
        raise NotPermittedNow("resume", "not suspended")
    until = affair.standing.suspended_until(ask.at)
    return [
        e.Resumed(
            days_working=ask.facts.calendar.working_days_between(
                local_day(since), local_day(until)
            ),
            record=ask.record,
            clocks=(*_resumed(affair.clocks, until, ask.facts.calendar), *ask.clocks),
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def return_visit(affair: Affair, ask: Ask) -> list[Any]:
    """Record a return visit or an attempt. Rating and `solved` belong to a resident reached."""
    outcome = ask.record.text("outcome")
    reached = outcome == "reached"
    rating = ask.record.get("rating")
    for name in ("rating", "solved"):
        given = ask.record.get(name) is not None
        if given != reached:
            because = "needed where the resident was reached" if reached else "only where reached"
            raise FieldInvalid("return_visit", name, because)
    comment = ask.record.get("comment")
    return [
        e.ReturnVisitRecorded(
            outcome=outcome,
            solved=ask.record.text("solved"),
            rating=int(str(rating)) if rating is not None else 0,
            finding=ask.record.text("finding") or "none",
            time_band=ask.facts.calendar.time_band(ask.at),
            comment=comment if isinstance(comment, Personal) else None,
            record=ask.record,
            clocks=ask.clocks,
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def request_answer(affair: Affair, ask: Ask) -> list[Any]:
    """Ask another unit: one open question of a name at a time."""
    question = ask.record.text("question")
    if question in affair.work.questions:
        raise NotPermittedNow("request_answer", f"{question} was asked and is open")
    return [
        e.AnswerRequested(
            question=question,
            unit=ask.record.text("unit"),
            record=ask.record,
            clocks=ask.clocks,
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


def receive_answer(affair: Affair, ask: Ask) -> list[Any]:
    """Enter the answer to an open question."""
    question = ask.record.text("question")
    if question not in affair.work.questions:
        raise NotPermittedNow("receive_answer", f"{question} was not asked")
    return [
        e.AnswerReceived(
            question=question, record=ask.record, clocks=ask.clocks, by=ask.by, occurred_at=ask.at
        )
    ]


ACTIONS: dict[str, Decision] = {
    decision.__name__: decision
    for decision in (
        refer,
        sign_in,
        refuse_referral,
        open_joint,
        joint_done,
        escalate,
        supervise,
        propose_supervision,
        confirm_supervision,
        decline_supervision,
        answer_supervision,
        remind,
        extend,
        suspend,
        resume,
        return_visit,
        request_answer,
        receive_answer,
        assign,
        recuse,
        correct,
    )
}


def _referral(affair: Affair, action: str, actor: Actor) -> str:
    unit = affair.work.referral
    if not unit:
        raise NotPermittedNow(action, "no referral is open")
    if not actor.serves(unit):
        raise NotPermittedNow(action, f"referred to {unit}")
    return unit


def endable(affair: Affair, by: Actor) -> list[Joint]:
    """The open joint tasks that the actor may say to be done, those of the own unit alone where
    there are any: whoever only lends a hand ends no other unit's."""
    undone = [joint for joint in affair.work.joint if not joint.done]
    own = [joint for joint in undone if joint.unit == by.unit]
    lends = any(joint.unit == by.unit for joint in affair.work.joint)
    return own if own or (lends and by.unit != affair.standing.lead_unit) else undone


def _open_task(affair: Affair, record: Record, by: Actor) -> Joint:
    named, tasks = record.text("task"), endable(affair, by)
    undone = [joint for joint in affair.work.joint if not joint.done]
    # Who leads may name any.
    among = undone if named and by.unit == affair.standing.lead_unit else tasks
    meant = [joint for joint in among if named in ("", str(joint.task))]
    if len(meant) == 1:
        return meant[0]
    if not tasks or any(named == str(joint.task) for joint in undone):
        raise NotPermittedNow("joint_done", "the task of another unit")
    numbers = ", ".join(str(joint.task) for joint in tasks)
    raise NotPermittedNow("joint_done", f"name one open task: {numbers}")


def _resumed(clocks: Sequence[Clock], until: datetime, calendar: Calendar) -> Changes:
    changes = []
    for clock in clocks:
        if clock.paused_at is None:
            continue
        due = calendar.moved(clock.due_at, clock.paused_at, until, clock.unit)
        changes.append(change_of(clock, "resumed", due))
    return tuple(changes)
