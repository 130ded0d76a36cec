"""Affairs and their events as the API tells them, every personal value under its mask."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from domain.actor import Actor
from domain.affair import events as e
from domain.affair.commands import NIL
from domain.clock import ClockChange
from domain.errors import NotFound
from domain.log import Recorded
from domain.personal import Personal
from domain.record import Field, Record
from projections.affair_page import AffairPageRow
from projections.audit import ACTIONS
from projections.worklist import WorklistRow
from web import answers as a
from web.masks import Opened
from web.ports import Office, Unread
from web.words import Bilingual, Words, words_of
from workflows.machine import CompiledLine
from workflows.ways import Way

_APART = frozenset({"record", "clocks", "by", "occurred_at", "left", "to"})
"""Fields of events that have a place of their own in an entry."""

_SHARED_ROW = (
    "number", "line", "matter", "state", "open", "level", "restricted", "suspended", "to_visit",
    "round", "registered_at", "entered_at", "last_at", "due_at", "due_clock", "assigned_at",
    "version", "position",
)  # fmt: skip

_SHARED_DETAIL = (
    "line_version", "source", "contact_wish", "accepted_at", "resolved_at", "closed_at",
    "archived_at", "retention", "merged_into", "reworks",
)  # fmt: skip


class Teller:
    """Tells what the office knows, in the words of one reader.

    reader: who reads, for the masks; to nobody in particular nothing personal is opened.
    """

    def __init__(self, office: Office, words: Words, reader: Actor | None = None) -> None:
        self._office, self._words, self._reader = office, words, reader
        self._stale: frozenset[UUID] | None = None
        self._names: dict[str, str] = {}

    def stale(self, stream_id: UUID) -> bool:
        """Whether a view cannot read all there is of the stream: asked once for all rows."""
        if self._stale is None:
            self._stale = self._office.stale()
        return stream_id in self._stale

    def opened(self, stream_id: UUID, *, internal: bool = False) -> Opened:
        """What opens the personal values of a stream. internal: of a record that stays inside."""
        return Opened(
            self._office.reveal,
            stream_id,
            reader=self._reader.role if self._reader else None,
            internal=internal,
            erased=self._words("erased"),
            unreadable=self._words("unreadable"),
        )

    def person(self, account: str) -> a.Person:
        """Staff, by account."""
        return a.Person(account=account, name=self.staff(account))

    def staff(self, account: str) -> str:
        """The name of an account, the system's in the reader's words."""
        if account == "SYS":
            return self._words("role.SYS")
        if account not in self._names:
            self.introduce((account,))
        return self._names[account]

    def introduce(self, accounts: Iterable[str]) -> None:
        """Ask at once for the names of all who will be told of."""
        unknown = {account for account in accounts if account} - self._names.keys()
        if unknown:
            self._names |= self._office.accounts.names_of(unknown)

    def offering(self, offering_id: UUID) -> str:
        """What a session is called; its id where there is none."""
        try:
            return self._office.offering(offering_id)[0].title
        except NotFound:
            return str(offering_id)

    def unit(self, code: str) -> a.Unit:
        """A unit, by code."""
        return a.Unit(code=code, name=self.unit_name(code))

    def unit_name(self, code: str) -> str:
        """The name that a unit bears now."""
        return self._office.organisation.name_of(code)

    def summary(self, row: WorklistRow) -> a.AffairSummary:
        """A row of the worklist."""
        return a.AffairSummary(**self._summary(row))

    def detail(self, row: AffairPageRow) -> a.AffairDetail:
        """All that the affair page knows."""
        opened = self.opened(row.affair_id)
        line = self._office.line_version(row.line, row.line_version)
        matter = line.matter(row.matter)
        return a.AffairDetail(
            **self._summary(row),
            **{name: getattr(row, name) for name in _SHARED_DETAIL},
            state_name=name_of(line.states[row.state]),
            matter_name=name_of(matter),
            line_name=name_of(line.spec.names),
            origin_id=None if row.origin_id == NIL else row.origin_id,
            applicant=opened.field("applicant", row.applicant),
            telephone=opened.field("telephone", row.telephone),
            address=opened.field("address", row.address),
            registered_by=self.person(row.registered_by),
            referral=self.unit(row.referral) if row.referral else None,
            joint=[
                a.JointTask(task=task.task, unit=self.unit(task.unit), done=task.done)
                for task in row.joint
            ],
            questions=list(row.questions),
            supervision_orders=row.orders,
            supervision_orders_answered=row.orders_answered,
            supervision_proposed_by=self.person(row.proposed_by) if row.proposed_by else None,
            recused=[self.person(account) for account in row.recused],
            follow_up=a.FollowUp(
                visits=row.visits,
                attempts=row.attempts,
                outcome=row.last_outcome,
                rating=row.last_rating or None,
                first_rating=row.first_rating or None,
                solved=row.last_solved,
                finding=row.last_finding,
            ),
            attachments=list(row.photos),
            facts={fact.name: fact.text for fact in row.facts},
        )

    def entry(self, seen: Recorded | Unread, line: CompiledLine | None = None) -> a.HistoryEntry:
        """An event with its place, who and when; of an unread one what is known of it.

        line: where the names of steps, entries and actions stand.
        """
        if isinstance(seen, Unread):
            return _unread(seen)
        event, metadata = seen.event, seen.metadata
        opened = self.opened(seen.stream_id, internal=stays_inside(event, line))
        record: Record = getattr(event, "record", Record())
        return a.HistoryEntry(
            position=seen.position,
            version=seen.version,
            topic=seen.topic,
            what=what_of(event, seen.topic),
            name=event_name(event, seen.topic, line),
            by=self.person(metadata.actor),
            role=metadata.role,
            unit=self.unit(metadata.unit) if metadata.unit else None,
            occurred_at=getattr(event, "occurred_at", None),
            recorded_at=seen.recorded_at,
            command_id=metadata.command_id,
            causation_id=metadata.causation_id,
            left=getattr(event, "left", ""),
            to=getattr(event, "to", ""),
            event=self._said(event, opened),
            record=[_recorded(field, opened) for field in record],
            clocks=[_clock(change) for change in getattr(event, "clocks", ())],
        )

    def _summary(self, row: WorklistRow) -> dict[str, Any]:
        opened = self.opened(row.affair_id)
        return {
            **{name: getattr(row, name) for name in _SHARED_ROW},
            "id": row.affair_id,
            "stale": self.stale(row.affair_id),
            "community": self.unit(row.community),
            "area": self.unit(row.area) if row.area else None,
            "lead_unit": self.unit(row.lead_unit),
            "assignee": self.person(row.assignee) if row.assignee else None,
            "summary": opened.field("summary", row.summary),
            "clocks": [
                a.RunningClock(
                    name=clock.name,
                    kind=clock.kind,
                    due_at=clock.due_at,
                    warn_at=clock.warn_at,
                    provisional=clock.provisional,
                )
                for clock in row.clocks
            ],
        }

    def _said(self, event: Any, opened: Opened) -> dict[str, Any]:
        return {
            field.name: plain(getattr(event, field.name), field.name, opened)
            for field in dataclasses.fields(event)
            if field.name not in _APART
        }


def what_of(event: Any, topic: str) -> str:
    """The id of the step, the name of the entry or action, else what the topic says happened."""
    match event:
        case e.StepTaken(step=name) | e.Reopened(step=name) | e.Archived(step=name):
            return name
        case e.EntryRecorded(entry=name):
            return name
        case _:
            return ACTIONS.get(type(event)) or topic.split(".")[1]


INSIDE = (e.Warned, e.Supervised, e.SupervisionAnswered, e.Reminded, e.ProcedureMigrated)
"""Events that stay inside, where the line does not say."""


def way_of(event: Any, line: CompiledLine) -> Way | None:
    """The step, entry or action that an event comes of."""
    what = what_of(event, ".")
    for ways in (line.steps, line.entries, line.actions):
        if what in ways:
            return ways[what]
    return None


def stays_inside(event: Any, line: CompiledLine | None) -> bool:
    """Whether an event is shown to nobody outside. Without its line it is."""
    if line is None:
        return True
    way = way_of(event, line)
    return way.spec.internal if way else isinstance(event, INSIDE)


def event_name(event: Any, topic: str, line: CompiledLine | None) -> a.Name | None:
    """What happened, in both languages: as the line calls it, else as the words do."""
    return name_of_what(what_of(event, topic), topic, line)


def name_of_what(what: str, topic: str, line: CompiledLine | None) -> a.Name | None:
    """The same of what is known without the event, as the audit trail has it."""
    if line is not None:
        for ways in (line.steps, line.entries, line.actions):
            if what in ways:
                return name_of(ways[what].spec.label)
    zh, en = words_of("zh"), words_of("en")
    # Units, lines, calendars and visits have words of their own: a unit is closed otherwise than
    # an account.
    thing, happened = topic.split(".")[:2]
    for key in (f"event.{thing}.{happened}", f"event.{happened}"):
        if zh.has(key):
            return a.Name(zh=zh(key), en=en(key))
    return None


def name_of(label: Bilingual) -> a.Name:
    """A label of a line file."""
    return a.Name(zh=label.zh, en=label.en)


def plain(value: Any, field: str, opened: Opened | None) -> Any:
    """A value ready for JSON. Without `opened`, a personal value is left out as null."""
    match value:
        case Personal():
            return opened.field(field, value) if opened else None
        case Record():
            return {part.name: plain(part.value, part.name, opened) for part in value}
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case UUID() | Decimal():
            return str(value)
        case Mapping():
            return {str(name): plain(part, str(name), opened) for name, part in value.items()}
        case tuple() | list() | frozenset():
            return [plain(part, field, opened) for part in value]
        case _ if dataclasses.is_dataclass(value):
            return {
                part.name: plain(getattr(value, part.name), part.name, opened)
                for part in dataclasses.fields(value)
            }
        case _:
            return value


def _recorded(field: Field, opened: Opened) -> a.RecordedField:
    value: Any
    match field.value:
        case Personal():
            value = opened.field(field.name, field.value, field.kind)
        case bool():
            value = field.value
        case tuple():
            value = [str(part) for part in field.value]
        case datetime() | date():
            value = field.value.isoformat()
        case _:
            value = str(field.value)
    return a.RecordedField(name=field.name, kind=field.kind.value, value=value)


def _clock(change: ClockChange) -> a.ClockChange:
    return a.ClockChange(
        name=change.name,
        change=change.change,
        kind=change.kind.value,
        started_at=change.started_at,
        due_at=change.due_at,
        calendar=change.calendar,
    )


def _unread(seen: Unread) -> a.HistoryEntry:
    return a.HistoryEntry(
        position=seen.position,
        version=seen.version,
        topic=seen.topic,
        what="",
        name=None,
        by=None,
        role="",
        unit=None,
        occurred_at=None,
        recorded_at=seen.recorded_at,
        command_id=None,
        causation_id=0,
        left="",
        to="",
        event={},
        record=[],
        clocks=[],
        unreadable=True,
    )
