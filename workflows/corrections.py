"""Corrections: which fields a line knows, and which of them one event holds or could hold."""

from typing import TYPE_CHECKING, Any

from domain.affair import events as e
from domain.affair.state import SEALED
from workflows.fields import FieldSpec
from workflows.line import EntrySpec, Line

if TYPE_CHECKING:
    from workflows.machine import CompiledLine

ACTIONS: dict[type, str] = {
    e.Referred: "refer",
    e.SignedIn: "sign_in",
    e.ReferralRefused: "refuse_referral",
    e.JointOpened: "open_joint",
    e.JointDone: "joint_done",
    e.Escalated: "escalate",
    e.Supervised: "supervise",
    e.SupervisionProposed: "propose_supervision",
    e.SupervisionDeclined: "decline_supervision",
    e.SupervisionAnswered: "answer_supervision",
    e.Reminded: "remind",
    e.Extended: "extend",
    e.Suspended: "suspend",
    e.Resumed: "resume",
    e.ReturnVisitRecorded: "return_visit",
    e.AnswerRequested: "request_answer",
    e.AnswerReceived: "receive_answer",
}
"""What the action is called that an event tells of. Whoever was assigned or recused stands in the
event itself: another decision changes it, and no correction."""


def correctable(line: Line, spec: EntrySpec) -> tuple[FieldSpec, ...]:
    """Every field that a line knows, none required, for a correction."""
    found: dict[str, FieldSpec] = {}
    asked = [
        *(matter.fields for matter in line.matters.values()),
        *(step.fields for step in line.all_transitions()),
        *(entry.fields for entry in line.all_entries()),
        *(a.fields for a in line.common.actions if a.name in ACTIONS.values()),
        *(rule.fields for rule in line.common.entering.values()),
        (line.common.on_behalf.field,),
    ]
    for field in (field for fields in asked for field in fields):
        known = found.get(field.name, field)
        found[field.name] = known.model_copy(
            update={
                "required": False,
                "choices": {**known.choices, **field.choices},
                "from_today": False,
                "next_month": False,
                "within_days": None,
                "matters": (),
            }
        )
    own = {field.name for field in spec.fields}
    return tuple(field for name, field in found.items() if name not in own)


def holdable(line: "CompiledLine", event: Any, matter: str) -> frozenset[str]:
    """The fields that `event` could hold in an affair of `matter`, recorded by anybody."""
    match event:
        case e.Registered():
            return line.registered_with(matter) | frozenset(SEALED)
        case e.StepTaken(step=step) | e.Reopened(step=step) | e.Archived(step=step):
            ways = [line.steps.get(step)]
        case e.Merged():
            ways = [way for way in line.steps.values() if "merged_into" in way.asked]
        case e.EntryRecorded(entry=entry):
            ways = [line.entries.get(entry)]
        case _:
            ways = [line.actions.get(ACTIONS.get(type(event), ""))]
    return frozenset(
        name
        for way in ways
        if way is not None and matter in way.forms
        for name in way.forms[matter].behalf.names
    )
