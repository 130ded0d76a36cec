"""What can be asked of everything that is not an affair: units, visits, lines, calendars."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.affair.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUnit(Command):
    """Enter a district, street office, community, area, department or provider."""

    code: str
    kind: str
    name: str
    parent: str
    valid_from: date
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit(Command):
    """Give a unit another name from a day on; the history keeps both."""

    code: str
    name: str
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignArea(Command):
    """Give a responsibility area to a worker from a day on, or hand it over to another; with
    nobody named it waits for one. The history keeps all."""

    code: str
    worker: str
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUnit(Command):
    """End a unit; `valid_to` is its last day."""

    code: str
    valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisit(Command):
    """Enter a visit to a household. Texts are clear here and sealed before they are stored."""

    visit_id: UUID
    household: UUID
    area: str
    light: str
    kind: str
    outcome: str
    started_at: datetime
    ended_at: datetime
    visitors: tuple[str, ...] = ()
    interviewee: str = ""
    seen: str = ""
    heard: str = ""
    noted: str = ""
    findings: tuple[str, ...] = ()
    photos: tuple[UUID, ...] = ()
    next_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishLine(Command):
    """Put a version of a line in force; the definition is canonical JSON."""

    code: str
    version: str
    valid_from: date
    definition: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine(Command):
    """Put a version of a line forward; the definition is canonical JSON. It binds nobody."""

    code: str
    version: str
    valid_from: date
    definition: str
    note: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDraft(Command):
    """Put a drafted version in force, as it stands at `draft`: the version of its stream that was
    read."""

    code: str
    version: str
    draft: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCalendar(Command):
    """Enter the working-day table of a year."""

    year: int
    version: str
    source: str
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOffering(Command):
    """Offer the places of a session or a venue; `unit` runs it."""

    offering_id: UUID
    matter: str
    unit: str
    title: str
    venue: str
    capacity: int
    standby: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResizeOffering(Command):
    """Give an offering another number of places, or of ranks to wait in."""

    offering_id: UUID
    capacity: int
    standby: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOffering(Command):
    """It will not take place."""

    offering_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal(Command):
    """Look at masked values of an affair in clear; `fields` are their names."""

    affair_id: UUID
    fields: tuple[str, ...]
    reason: str
    note: str = ""
