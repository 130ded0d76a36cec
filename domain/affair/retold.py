"""What happened, told to the clocks once more: by another version, or by a calendar known since.

Nothing is refused here: what was done, was done. Pure.
"""

from typing import Any

from domain.actor import SYSTEM
from domain.affair import events as e
from domain.affair.decide import Facts
from domain.affair.neutral import ACTIONS, Ask
from domain.affair.state import Affair
from domain.clock import ClockChange
from domain.errors import Refusal
from domain.ports import Calendar, Procedure

ACTED: dict[type, str] = {
    e.AnswerRequested: "request_answer",
    e.AnswerReceived: "receive_answer",
    e.Referred: "refer",
    e.SignedIn: "sign_in",
    e.ReferralRefused: "refuse_referral",
    e.JointOpened: "open_joint",
    e.JointDone: "joint_done",
    e.Escalated: "escalate",
    e.Extended: "extend",
    e.Suspended: "suspend",
    e.Resumed: "resume",
    e.ReturnVisitRecorded: "return_visit",
}
"""The actions whose events may change clocks, by their names in the common rules."""


def retold(
    affair: Affair | None, event: Any, procedure: Procedure, calendar: Calendar
) -> tuple[ClockChange, ...]:
    """What `event` does to the clocks of the affair before it, None before its registration."""
    if isinstance(event, e.ClocksRecounted | e.ProcedureMigrated):
        # They corrected what another version or a missing year had told.
        return ()
    left = affair.standing.state if affair is not None else ""
    happening, enters = _happening(event, left)
    told: tuple[ClockChange, ...] = procedure.clocks(
        affair,
        matter=event.matter if affair is None else affair.identity.matter,
        happening=happening,
        leaves=left,
        enters=enters,
        record=event.record,
        at=event.occurred_at,
        calendar=calendar,
    )
    action = ACTED.get(type(event))
    if action is None or affair is None:
        return told
    facts = Facts(procedure=procedure, calendar=calendar, now=event.occurred_at)
    ask = Ask(record=event.record, clocks=told, at=event.occurred_at, actor=SYSTEM, facts=facts)
    try:
        made = ACTIONS[action](affair, ask)
    except Refusal:
        # What it was done to does not run there.
        return told
    clocks: tuple[ClockChange, ...] = made[0].clocks
    return clocks


def _happening(event: Any, left: str) -> tuple[str, str]:
    match event:
        case e.Registered():
            return "register", event.state
        case e.StepTaken() | e.Reopened():
            return event.step, event.to
        case e.Archived():
            return event.step, "archived"
        case e.Merged():
            return "", event.to
        case e.EntryRecorded():
            return f"entry:{event.entry}", left
        case _:
            return ACTED.get(type(event), ""), left
