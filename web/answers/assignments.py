"""Assignments: what waits for somebody, and what became of many at once."""

from datetime import datetime
from uuid import UUID

from web.answers.base import Answer
from web.answers.problem import ProblemAnswer
from web.answers.receipts import AffairStored


class UnassignedAffair(Answer):
    """An affair that nobody is assigned to. Of a restricted one no more than this is shown."""

    id: UUID
    number: str
    line: str
    due_at: datetime | None
    restricted: bool


class Unassigned(Answer):
    """At most 200, those due first; the next come when these are assigned."""

    items: list[UnassignedAffair]


class AssignmentResult(Answer):
    """What became of one affair, named as it was asked: `status` as it would be by itself, and
    either the receipt or why not."""

    affair: str
    status: int
    stored: AffairStored | None
    problem: ProblemAnswer | None


class Assignments(Answer):
    """One result for each affair, in the order of the request."""

    results: list[AssignmentResult]
