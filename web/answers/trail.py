"""The audit trail: who did what and when."""

from datetime import datetime
from uuid import UUID

from web.answers.base import Answer, Person, Unit


class TrailEntry(Answer):
    """One event, without what it says.

    `affair` is the number of the affair it happened to; null for what is no affair. `action`:
    id of the step, name of the entry or action, or what happened. `left` and `to`: states of an
    affair, empty where the event is no transition. `occurred_at`: null where it has none.
    """

    position: int
    stream_id: UUID
    affair: str | None
    version: int
    topic: str
    action: str
    left: str
    to: str
    actor: Person
    role: str
    unit: Unit | None
    command_id: UUID
    occurred_at: datetime | None
    recorded_at: datetime


class Trail(Answer):
    """A page of the audit trail, the latest first. `next` is the cursor of the next page."""

    items: list[TrailEntry]
    next: str | None
