"""The audit trail in words: who did what to what, and when; no content, no personal value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.account import events as account
from domain.errors import Refusal
from domain.line import CalendarImported, LinePublished
from domain.log import Recorded
from domain.offering import OfferingOpened
from domain.organisation import AreaAssigned, UnitClosed, UnitRegistered, UnitRenamed
from domain.reads import Revealed
from domain.topics import TOPICS
from domain.visit import VisitRecorded
from projections.audit import AuditRow
from web.ports import Office, Trail
from web.reveal import label, reason_of
from web.telling import Teller, name_of_what
from web.timeline import LATE_ENTRY
from web.words import Words
from workflows.machine import CompiledLine

THINGS = (
    "affair",
    "read",
    "account",
    "unit",
    "line",
    "calendar",
    "visit",
    "offering",
    "attendance",
)
"""What events happen to, by the first part of their topic."""
READ = "read."


def kinds(words: Words) -> Sequence[tuple[str, str, Sequence[tuple[str, str]]]]:
    """Every kind of event with its name, by what it happens to; names are the words' own."""
    found: dict[str, dict[str, str]] = {thing: {} for thing in THINGS}
    for topic in TOPICS:
        thing, happened, _ = topic.split(".")
        name = name_of_what("", topic, None)
        found[thing][f"{thing}.{happened}"] = words.label(name) if name else happened
    return [(one, words(f"audit.thing.{one}"), list(found[one].items())) for one in THINGS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A row as it is shown.

    occurred: when it happened, where it was written down later. about: what it happened to, the
    number where that is an affair within reach; link: to the affair as it stood then.
    change: from which state to which.
    """

    position: int
    iso: str
    recorded: str
    occurred: str
    who: str
    account: str
    role: str
    unit: str
    what: str
    code: str
    change: str
    about: str
    link: str


class Trails:
    """Tells rows in the words of one reader."""

    def __init__(self, office: Office, teller: Teller, words: Words) -> None:
        self._office, self._teller, self._words = office, teller, words
        self._lives: dict[UUID, dict[int, Any]] = {}

    def tell(self, trail: Trail) -> list[Happened]:
        """The rows of a page."""
        return [self._row(row, trail) for row in trail.rows]

    def _row(self, row: AuditRow, trail: Trail) -> Happened:
        words, line = self._words, self._line(trail.lines.get(row.stream_id))
        name = name_of_what(row.action, row.topic, line)
        number = trail.numbers.get(row.stream_id, "")
        read = row.topic.startswith(READ)
        late = row.occurred_at is not None and row.recorded_at - row.occurred_at >= LATE_ENTRY
        return Happened(
            position=row.position,
            iso=row.recorded_at.isoformat(timespec="seconds"),
            recorded=words.moment(row.recorded_at),
            occurred=words.moment(row.occurred_at) if late and row.occurred_at else "",
            who=self._teller.staff(row.actor),
            account="" if row.actor == "SYS" else row.actor,
            role="" if row.role == "SYS" else words(f"role.{row.role}"),
            unit=self._teller.unit_name(row.unit) if row.unit else "",
            what=words.label(name) if name else row.action,
            code=row.action if line and row.action in line.steps else "",
            change=self._read(row, line) if read else self._change(row, line),
            about=number or self._about(row),
            link=f"/affairs/{number}/history{'#looks' if read else f'?v={row.version}'}"
            if number
            else "",
        )

    def _line(self, version: tuple[str, str] | None) -> CompiledLine | None:
        return self._office.line_version(*version) if version else None

    def _change(self, row: AuditRow, line: CompiledLine | None) -> str:
        if line is None or not row.to or row.left == row.to:
            return ""
        left, to = (
            self._words.label(line.states[state]) if state in line.states else state
            for state in (row.left, row.to)
        )
        return self._words("audit.change", left=left, to=to) if left else to

    # Of an affair out of reach not even which fields: they tell what kind of affair it is.
    def _read(self, row: AuditRow, line: CompiledLine | None) -> str:
        event = self._event(row) if line is not None else None
        if not isinstance(event, Revealed):
            return ""
        words = self._words
        fields = words.listed(label(field, words) for field in event.fields)
        return words("list.pair", key=fields, value=reason_of(event.reason, words))

    # Of an affair out of reach nothing is read: not even that it is one of so many.
    def _about(self, row: AuditRow) -> str:
        if row.topic.startswith(("affair.", READ)):
            return self._words("audit.out_of_reach")
        self._event(row)
        return self._told(self._lives[row.stream_id], row.version)

    def _event(self, row: AuditRow) -> Any:
        if row.stream_id not in self._lives:
            self._lives[row.stream_id] = self._life(row.stream_id)
        return self._lives[row.stream_id].get(row.version)

    def _life(self, stream: UUID) -> dict[int, Any]:
        try:
            life = self._office.life(stream)
        except Refusal:
            return {}
        return {seen.version: seen.event for seen in life if isinstance(seen, Recorded)}

    def _told(self, life: dict[int, Any], version: int) -> str:
        words, teller, event = self._words, self._teller, life.get(version)
        match event:
            case LinePublished():
                return f"{event.code} {event.version}"
            case CalendarImported():
                return words("audit.year", year=event.year)
            case VisitRecorded():
                return teller.unit_name(event.area)
            case UnitRegistered() | UnitRenamed() | AreaAssigned() | UnitClosed():
                return f"{teller.unit_name(event.code)} {event.code}"
        for one in life.values():
            if isinstance(one, OfferingOpened):
                return one.title
        opened = next(
            (one for one in life.values() if isinstance(one, account.AccountOpened)), None
        )
        if opened is None:
            return ""
        whose = f"{teller.staff(opened.account)} {opened.account}"
        granted = self._granted(life, event)
        return words("list.pair", key=whose, value=granted) if granted else whose

    def _granted(self, life: dict[int, Any], event: Any) -> str:
        if isinstance(event, account.RoleWithdrawn):
            taken = event.grant
            grants = (one for one in life.values() if isinstance(one, account.RoleGranted))
            event = next((one for one in grants if one.grant == taken), None)
        if not isinstance(event, account.RoleGranted):
            return ""
        role = self._words(f"role.{event.role}")
        return f"{role} {self._teller.unit_name(event.unit)}" if event.unit else role
