"""Events as they are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from web.answers.base import Answer, Name, Person, Unit


class RecordedField(Answer):
    """A recorded field. Persons are masked, and in notes the numbers of people."""

    name: str
    kind: str
    value: str | bool | list[str]


class ClockChange(Answer):
    """What an event did to a clock; `due_at` is null where it stopped or stands still."""

    name: str
    change: str
    kind: str
    started_at: datetime
    due_at: datetime | None
    calendar: str


class HistoryEntry(Answer):
    """An event. `event` holds what it says besides, under the masks; `what` is the step, entry
    or action. Where a stored event cannot be read, `unreadable` says so and the rest is empty."""

    position: int
    version: int
    topic: str
    what: str
    name: Name | None
    by: Person | None
    role: str
    unit: Unit | None
    occurred_at: datetime | None
    recorded_at: datetime
    command_id: UUID | None
    causation_id: int
    left: str
    to: str
    event: dict[str, Any]
    record: list[RecordedField]
    clocks: list[ClockChange]
    unreadable: bool = False


class History(Answer):
    """Every event of an affair in order."""

    affair_id: UUID
    number: str
    version: int
    items: list[HistoryEntry]
