"""The page of an affair: the identity bar and the facts beside the story."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.affair import events as e
from domain.affair.evolve import facts_of
from domain.affair.state import ENDS
from domain.changed import changed
from domain.log import Recorded
from domain.personal import Personal
from domain.record import ATTACHED, Record
from projections.standing import LATER, Columns, corrected, moved, utc
from projections.view import Lifecycle, View
from projections.worklist import WorklistRow, entered


@dataclass(frozen=True, slots=True)
class JointTask:
    """What a joint unit was asked for. task: running number within the affair, from 1."""

    task: int
    unit: str
    done: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """The latest recorded value of that name, as text; never a personal one. Instants in UTC."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AffairPageRow(WorklistRow):
    """All of the worklist's row, and what the page says besides.

    accepted_at: of the first acceptance. resolved_at, closed_at: of this round.
    retention: permanent, 30 or 10; empty before it is archived.
    merged_into: the affair it goes on in. questions: asked of other units and not answered.
    orders, orders_answered: supervision orders; proposed_by: who proposed one that nobody gave
        yet, or empty. recused: accounts that take no part. reworks: steps whose action is `rework`.
    visits: return visits and attempts at one, ever; attempts: those of this round that found
        nobody. last_…: of the latest of them, ever; first_rating: of the first that was rated.
        A rating is 1 to 5, and 0 where there is none.
    photos: ids of stored attachments in the order of recording.
    """

    applicant: Personal | None
    telephone: Personal | None
    address: Personal | None
    origin_id: UUID
    line_version: str
    accepted_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    archived_at: datetime | None
    retention: str
    merged_into: UUID | None
    joint: tuple[JointTask, ...]
    questions: tuple[str, ...]
    orders: int
    orders_answered: int
    proposed_by: str
    recused: tuple[str, ...]
    reworks: int
    visits: int
    attempts: int
    last_outcome: str
    last_rating: int
    last_solved: str
    last_finding: str
    first_rating: int
    photos: tuple[UUID, ...]
    facts: tuple[Fact, ...]


# Found by its id; whoever has only the number asks the worklist.
affair_page = View[AffairPageRow]("affair_page", Lifecycle.INLINE, AffairPageRow, version=4)


@affair_page.on(e.Registered)
def registered(_: AffairPageRow | None, event: e.Registered, seen: Recorded) -> AffairPageRow:
    """A new affair has its page."""
    return AffairPageRow(
        **entered(event, seen),
        applicant=event.applicant,
        telephone=event.telephone,
        address=event.address,
        origin_id=event.origin_id,
        line_version=event.line_version,
        accepted_at=None,
        resolved_at=None,
        closed_at=None,
        archived_at=None,
        retention="",
        merged_into=None,
        joint=(),
        questions=(),
        orders=0,
        orders_answered=0,
        proposed_by="",
        recused=(),
        reworks=0,
        visits=0,
        attempts=0,
        last_outcome="",
        last_rating=0,
        last_solved="",
        last_finding="",
        first_rating=0,
        photos=_photos((), event.record),
        facts=_facts((), event.record),
    )


@affair_page.on(*LATER)
def went_on(row: AffairPageRow | None, event: Any, seen: Recorded) -> AffairPageRow:
    """Whatever happens to it moves its page."""
    assert row is not None, "an affair begins with its registration"
    columns = moved(row, event, seen)
    if (tell := TOLD.get(type(event))) is not None:
        columns.update(tell(row, event))
    if record := getattr(event, "record", None):
        columns["facts"] = _facts(row.facts, record)
        columns["photos"] = _photos(row.photos, record)
    return changed(row, columns)


def _facts(known: tuple[Fact, ...], record: Record) -> tuple[Fact, ...]:
    latest = {fact.name: fact for fact in known}
    for name, text in facts_of(record).items():
        latest[name] = Fact(name, text)
    for field in record:
        if isinstance(field.value, datetime):
            latest[field.name] = Fact(field.name, utc(field.value).isoformat())
    return tuple(latest.values())


def _photos(known: tuple[UUID, ...], record: Record) -> tuple[UUID, ...]:
    shown = [
        photo
        for field in record
        if field.kind in ATTACHED and isinstance(field.value, tuple)
        for photo in field.value
        if isinstance(photo, UUID)
    ]
    return tuple(dict.fromkeys((*known, *shown)))


def _step(row: AffairPageRow, event: e.StepTaken) -> Columns:
    columns: Columns = {}
    if "accepted" in event.marks and row.accepted_at is None:
        columns |= {"accepted_at": event.occurred_at, "line_version": event.line_version}
    if event.to == "resolved":
        columns["resolved_at"] = event.occurred_at
    if event.to in ENDS:
        columns["closed_at"] = event.occurred_at
    if event.action == "rework":
        columns["reworks"] = row.reworks + 1
    return columns


def _reopened(_row: AffairPageRow, _event: e.Reopened) -> Columns:
    return {"resolved_at": None, "closed_at": None, "attempts": 0}


def _merged(_: AffairPageRow, event: e.Merged) -> Columns:
    return {"closed_at": event.occurred_at, "merged_into": event.into}


def _archived(_: AffairPageRow, event: e.Archived) -> Columns:
    return {"archived_at": event.occurred_at, "retention": event.retention}


def _migrated(_: AffairPageRow, event: e.ProcedureMigrated) -> Columns:
    return {"line_version": event.to_version}


def _joint_opened(row: AffairPageRow, event: e.JointOpened) -> Columns:
    return {"joint": (*row.joint, JointTask(event.task, event.unit, False))}


def _joint_done(row: AffairPageRow, event: e.JointDone) -> Columns:
    return {
        "joint": tuple(
            JointTask(task.task, task.unit, True) if task.task == event.task else task
            for task in row.joint
        )
    }


def _asked(row: AffairPageRow, event: e.AnswerRequested) -> Columns:
    return {"questions": (*row.questions, event.question)}


def _answered(row: AffairPageRow, event: e.AnswerReceived) -> Columns:
    return {"questions": tuple(asked for asked in row.questions if asked != event.question)}


def _supervised(row: AffairPageRow, event: e.Supervised) -> Columns:
    return {"orders": event.order, "proposed_by": row.proposed_by if event.clock else ""}


def _proposed(_: AffairPageRow, event: e.SupervisionProposed) -> Columns:
    return {"proposed_by": event.by}


def _declined(_: AffairPageRow, _event: e.SupervisionDeclined) -> Columns:
    return {"proposed_by": ""}


def _recused(row: AffairPageRow, event: e.Recused) -> Columns:
    return {"recused": (*row.recused, event.account)}


def _reported(row: AffairPageRow, _event: e.SupervisionAnswered) -> Columns:
    return {"orders_answered": row.orders_answered + 1}


def _visited(row: AffairPageRow, event: e.ReturnVisitRecorded) -> Columns:
    return {
        "visits": row.visits + 1,
        "attempts": row.attempts + (event.outcome == "unreachable"),
        "last_outcome": event.outcome,
        "last_rating": event.rating,
        "last_solved": event.solved,
        "last_finding": event.finding,
        "first_rating": row.first_rating or event.rating,
    }


def _corrected(_: AffairPageRow, event: e.Corrected) -> Columns:
    return corrected(event)


TOLD: dict[type, Callable[[Any, Any], Columns]] = {
    e.StepTaken: _step,
    e.Reopened: _reopened,
    e.Merged: _merged,
    e.Archived: _archived,
    e.ProcedureMigrated: _migrated,
    e.JointOpened: _joint_opened,
    e.JointDone: _joint_done,
    e.AnswerRequested: _asked,
    e.AnswerReceived: _answered,
    e.Supervised: _supervised,
    e.SupervisionProposed: _proposed,
    e.SupervisionDeclined: _declined,
    e.Recused: _recused,
    e.SupervisionAnswered: _reported,
    e.ReturnVisitRecorded: _visited,
    e.Corrected: _corrected,
}
