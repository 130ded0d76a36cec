"""A visit to a household 民情走访: what was seen, heard and noted."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.clock import local_day
from domain.errors import FieldInvalid, NotAfterTheLast
from domain.log import Claim
from domain.personal import Personal
from domain.topics import event


@event("visit.recorded.v1")
class VisitRecorded:
    """A worker was at the door.

    light: the household's signal light that day, red, yellow or green.
    kind: routine, follow_up or emergency. outcome: met, not_home or refused.
    findings: need, complaint, suggestion, hazard, profile_change, eligibility; all but
        profile_change become affairs.
    counted: the visit counts for the household's light (one a day at most).
    """

    household: UUID
    area: str
    light: str
    kind: str
    outcome: str
    visitors: tuple[str, ...]
    started_at: datetime
    ended_at: datetime
    interviewee: Personal | None
    seen: Personal | None
    heard: Personal | None
    noted: Personal | None
    findings: tuple[str, ...]
    photos: tuple[UUID, ...]
    counted: bool
    next_on: date | None
    by: str
    occurred_at: datetime


NIL = UUID(int=0)
LIGHTS = ("red", "yellow", "green")
KINDS = ("routine", "follow_up", "emergency")
OUTCOMES = ("met", "not_home", "refused")
FINDINGS = ("need", "complaint", "suggestion", "hazard", "profile_change", "eligibility")


@dataclass(frozen=True, slots=True)
class Visit:
    """A recorded visit, as far as a later decision asks."""

    household: UUID
    findings: tuple[str, ...]


def evolve(visit: Visit | None, event: VisitRecorded) -> Visit:
    """The visit after `event`. Never refuses."""
    return Visit(household=event.household, findings=event.findings)


def check(event: VisitRecorded, now: datetime) -> None:
    """Refuse what cannot have happened. Raises FieldInvalid, NotAfterTheLast."""
    for name, value, known in (
        ("light", event.light, LIGHTS),
        ("kind", event.kind, KINDS),
        ("outcome", event.outcome, OUTCOMES),
    ):
        if value not in known:
            raise FieldInvalid("visit", name, f"one of {', '.join(known)}")
    for finding in event.findings:
        if finding not in FINDINGS:
            raise FieldInvalid("visit", "findings", f"one of {', '.join(FINDINGS)}")
    if event.household == NIL:
        raise FieldInvalid("visit", "household", "the id of a household")
    if event.next_on is not None and event.next_on < local_day(event.started_at):
        raise FieldInvalid("visit", "next_on", f"not before {local_day(event.started_at)}")
    if not event.started_at <= event.occurred_at <= event.ended_at <= now:
        raise NotAfterTheLast(event.occurred_at, event.started_at, now)


def counts(light: str, outcome: str) -> bool:
    """Whether a visit counts: met always, refused for green only."""
    return outcome == "met" or (outcome == "refused" and light == "green")


def claims(event: VisitRecorded, stream_id: UUID, local_date: date) -> tuple[Claim, ...]:
    """One household, at most one counted visit a day."""
    if not event.counted:
        return ()
    return (Claim(name=f"visit/{event.household}/{local_date}", stream_id=stream_id),)
