"""Who did what and when: one row per event of every stream, whatever it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import domain.account.events
import domain.line
import domain.organisation
import domain.reads
import domain.visit  # noqa: F401  (the modules enter their events in TOPICS)
from domain.affair import events as e
from domain.affair.retold import ACTED
from domain.log import Recorded
from domain.topics import TOPICS
from projections.view import Lifecycle, Parts, View


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """An event, without what it says.

    action: id of the step, name of the entry or of the action, else what the topic says
        happened. left, to: states of an affair, empty where the event is no transition.
    occurred_at: None where the event has none. recorded_at: when we learnt of it.
    """

    position: int
    stream_id: UUID
    version: int
    topic: str
    action: str
    left: str
    to: str
    actor: str
    role: str
    unit: str
    command_id: UUID
    occurred_at: datetime | None
    recorded_at: datetime


ACTIONS: dict[type, str] = {
    **ACTED,
    e.Registered: "register",
    e.Supervised: "supervise",
    e.SupervisionProposed: "propose_supervision",
    e.SupervisionDeclined: "decline_supervision",
    e.SupervisionAnswered: "answer_supervision",
    e.Assigned: "assign",
    e.Recused: "recuse",
    e.Reminded: "remind",
    e.Warned: "warn",
    e.ClocksRecounted: "recount",
    e.Corrected: "correct",
    e.Merged: "merge",
    e.ProcedureMigrated: "migrate",
}
"""The names under which the common rules know them."""


def _every(_: Any, seen: Recorded) -> Parts:
    return (((seen.position,), None),)


audit_trail = View[AuditRow](
    "audit_trail",
    Lifecycle.FOLLOWING,
    AuditRow,
    key=("position",),
    indexes=(
        ("stream_id", "position"),
        ("actor", "position"),
        ("role", "position"),
        ("recorded_at", "position"),
    ),
    reads_metadata=True,
    version=3,
)


@audit_trail.on_each(*TOPICS.values(), parts=_every)
def happened(_row: AuditRow | None, _: None, event: Any, seen: Recorded) -> AuditRow:
    """One row per event."""
    left, to = _states(event)
    return AuditRow(
        position=seen.position,
        stream_id=seen.stream_id,
        version=seen.version,
        topic=seen.topic,
        action=_action(event, seen.topic),
        left=left,
        to=to,
        actor=seen.metadata.actor,
        role=seen.metadata.role,
        unit=seen.metadata.unit,
        command_id=seen.metadata.command_id,
        occurred_at=getattr(event, "occurred_at", None),
        recorded_at=seen.recorded_at,
    )


def _action(event: Any, topic: str) -> str:
    match event:
        case e.StepTaken(step=name) | e.Reopened(step=name) | e.Archived(step=name):
            return name
        case e.EntryRecorded(entry=name):
            return name
        case _:
            return ACTIONS.get(type(event)) or topic.split(".")[1]


def _states(event: Any) -> tuple[str, str]:
    match event:
        case e.Registered(state=state) | e.ProcedureMigrated(state=state):
            return "", state
        case e.StepTaken(left=left, to=to) | e.Reopened(left=left, to=to):
            return left, to
        case e.Merged(left=left, to=to):
            return left, to
        case e.Archived(left=left):
            return left, "archived"
        case _:
            return "", ""
