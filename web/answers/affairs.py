"""An affair: in a list, by itself, at a moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from web.answers.base import Answer, Name, Person, Unit


class RunningClock(Answer):
    """A clock that can fall due. `provisional`: the calendar of a year is missing."""

    name: str
    kind: str
    due_at: datetime
    warn_at: datetime
    provisional: bool


class AffairSummary(Answer):
    """An affair as a list shows it. `due_at` is null where no clock runs. `stale`: an event of
    it cannot be read, and what is told here may be out of date."""

    id: UUID
    number: str
    line: str
    matter: str
    state: str
    open: bool
    community: Unit
    area: Unit | None
    lead_unit: Unit
    assignee: Person | None
    assigned_at: datetime | None
    level: str
    restricted: bool
    suspended: bool
    to_visit: bool
    round: int
    summary: str
    registered_at: datetime
    entered_at: datetime
    last_at: datetime
    due_at: datetime | None
    due_clock: str
    clocks: list[RunningClock]
    version: int
    position: int
    stale: bool


class Affairs(Answer):
    """A page of the worklist, those due first. `next` is the cursor of the next page."""

    items: list[AffairSummary]
    next: str | None


class JointTask(Answer):
    """What a joint unit was asked for."""

    task: int
    unit: Unit
    done: bool


class FollowUp(Answer):
    """Return visits and attempts at one. A rating is 1 to 5, null where there is none."""

    visits: int
    attempts: int
    outcome: str
    rating: int | None
    first_rating: int | None
    solved: str
    finding: str


class AffairDetail(AffairSummary):
    """An affair with its facts. `facts` are the latest recorded values that are not personal."""

    state_name: Name
    matter_name: Name
    line_name: Name
    line_version: str
    source: str
    origin_id: UUID | None
    contact_wish: str
    applicant: str
    telephone: str
    address: str
    registered_by: Person
    accepted_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    archived_at: datetime | None
    retention: str
    merged_into: UUID | None
    referral: Unit | None
    joint: list[JointTask]
    questions: list[str]
    supervision_orders: int
    supervision_orders_answered: int
    supervision_proposed_by: Person | None
    recused: list[Person]
    reworks: int
    follow_up: FollowUp
    attachments: list[UUID]
    facts: dict[str, str]


class State(Answer):
    """The affair folded from what had occurred by `as_of` and was known by `as_known_at`; null
    asks for everything. `state` is the affair as decisions read it, without personal values."""

    affair_id: UUID
    number: str
    as_of: datetime | None
    as_known_at: datetime | None
    version: int
    state: dict[str, Any]
