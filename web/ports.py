"""What the routes ask of the district behind them; `web/app.py` fulfils it with a house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from domain.actor import Actor
from domain.affair.commands import Command
from domain.affair.state import Affair
from domain.errors import Refusal, Unreadable
from domain.line import LinePublished
from domain.log import Receipt, Recorded
from domain.offering import Offering, Place
from domain.personal import Erased, Personal
from domain.ports import Calendar
from projections.affair_page import AffairPageRow
from projections.audit import AuditRow
from projections.indicators import Figure
from projections.offerings import OfferingRow
from projections.visits import VisitFactRow
from projections.worklist import OPEN, Alike, Wanted, WorklistRow
from web.levels import Level
from web.people import People, Register
from web.preferences import Preferences
from web.trials import Versions
from workflows.machine import CompiledLine
from workflows.organisation import Organisation
from workflows.rights import Scope

if TYPE_CHECKING:
    from web.porter import Porter


class Session(Protocol):
    """What somebody is in by. id: its name for its holder, which opens nothing."""

    @property
    def id(self) -> UUID: ...
    @property
    def grant(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def seen_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class SignedIn(Protocol):
    """Who came in: the actor, the name that is shown to others, the session."""

    @property
    def actor(self) -> Actor: ...
    @property
    def name(self) -> str: ...
    @property
    def session(self) -> Session: ...


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows, those due first, and where the next page begins."""

    rows: Sequence[WorklistRow]
    next: tuple[int, int] | None


class Counts(Protocol):
    """How many open affairs are late, due today, newly assigned to the asker, to be visited; and
    how many a list has of each line, of those that it has any of."""

    @property
    def lines(self) -> Mapping[str, int]: ...
    @property
    def late(self) -> int: ...
    @property
    def today(self) -> int: ...
    @property
    def new(self) -> int: ...
    @property
    def visit(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTrail:
    """What the audit trail is asked for; empty asks nothing. unit: with those below it. kind: of
    event, such as `affair.step_taken`, or `affair`. start, end: days of recording, both included.
    before: where the last page ended. limit: rows at most."""

    stream_id: UUID | None = None
    actor: str = ""
    role: str = ""
    unit: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Trail:
    """Rows, the latest first; the numbers of their affairs, with line and version; and where the
    next page begins."""

    rows: Sequence[AuditRow]
    numbers: Mapping[UUID, str]
    lines: Mapping[UUID, tuple[str, str]]
    next: int | None


class Unassigned(Protocol):
    """An affair that nobody is assigned to, as far as an assigner may know of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def number(self) -> str: ...
    @property
    def line(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def restricted(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Unread:
    """An event of a stream that cannot be read: what is known of it without its content."""

    position: int
    version: int
    topic: str
    recorded_at: datetime
    refusal: Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A kept attachment without its content. subject: the affair it was handed in for."""

    id: UUID
    subject: UUID
    media_type: str
    size: int
    name: str | Erased


class Office(Versions, Protocol):
    """A district that is open. Raises the refusals of `domain.errors`."""

    accounts: Register
    porter: "Porter"
    preferences: Preferences

    @property
    def people(self) -> People:
        """The accounts and their grants."""
        ...

    def now(self) -> datetime: ...
    def new_id(self) -> UUID: ...

    async def run(self, command: Command) -> Receipt:
        """Carry a command out."""
        ...

    def run_many(self, commands: Sequence[Command]) -> Sequence[Receipt | Refusal]:
        """Carry commands out, stored together, each with its own answer."""
        ...

    @property
    def organisation(self) -> Organisation: ...
    @property
    def calendar(self) -> Calendar: ...

    def line_codes(self) -> Sequence[str]:
        """The codes of all lines that were published."""
        ...

    def line_in_force(self, code: str, on: date) -> CompiledLine:
        """The version of a line in force on a day. Raises NotFound."""
        ...

    def line_version(self, code: str, version: str) -> CompiledLine:
        """A published version. Raises NotFound."""
        ...

    def line_versions(self, code: str) -> Sequence[LinePublished]:
        """The publications of a line, the oldest first; none where there is no such line."""
        ...

    def lines_in_force(self, on: date) -> Sequence[CompiledLine]:
        """Every line in force on a day, by code."""
        ...

    def worklist(self, scope: Scope, wanted: Wanted) -> Listing:
        """Affairs within the scope, those due first."""
        ...

    def counts(
        self, scope: Scope, account: str, midnight: datetime, wanted: Wanted = OPEN
    ) -> Counts:
        """The tallies of the inbox within the scope; `new` are the account's own. By line, how
        many a list of what is wanted would have under it."""
        ...

    def affair(self, scope: Scope, key: UUID | str) -> AffairPageRow:
        """An affair by id or number. Raises NotFound, outside the scope too."""
        ...

    def place(self, affair_id: UUID, affair: Affair) -> Place | None:
        """What an affair has of the offering that it names; None where it names none."""
        ...

    def offering(self, offering_id: UUID) -> tuple[Offering, int]:
        """An offering as it stands, and its version. Raises NotFound."""
        ...

    def offerings(self, matter: str) -> Sequence[OfferingRow]:
        """The offerings that affairs of a matter can take places of, the next one first."""
        ...

    def run_by(self, unit: str, since: datetime) -> Sequence[OfferingRow]:
        """The offerings of a unit and of those below it that end later, the latest first."""
        ...

    def unassigned(self, scope: Scope) -> Sequence[Unassigned]:
        """Affairs within the scope that somebody should be given, those due first."""
        ...

    def related(self, scope: Scope, row: AffairPageRow) -> Sequence[tuple[str, WorklistRow]]:
        """Affairs within the scope that have to do with this one, each with how: `into`, `from`,
        `origin`, `opened` or `applicant`."""
        ...

    def alike(self, scope: Scope, matter: str, place: str, since: datetime, aside: UUID) -> Alike:
        """Open affairs of a matter in a place, registered since then, one aside."""
        ...

    def visit(self, visit_id: UUID) -> VisitFactRow | None:
        """A visit to a household, where there is one."""
        ...

    def standing(self, affair_id: UUID) -> tuple[Affair, int]:
        """The state of an affair and its version. Raises NotFound, Unreadable."""
        ...

    def procedure(self, affair: Affair) -> CompiledLine:
        """The version of its line that holds for the affair."""
        ...

    def life(
        self,
        affair_id: UUID,
        occurred_by: datetime | None = None,
        known_by: datetime | None = None,
    ) -> Sequence[Recorded | Unread]:
        """The events of an affair in order: what had occurred by one moment and was known by
        another. What cannot be read stands in its place."""
        ...

    def statistics(
        self, scope: Scope, start: date, end: date, *, line: str, unit: str
    ) -> dict[str, Figure]:
        """The indicators of a period, both days included."""
        ...

    def uncounted(self) -> int:
        """How many streams the figures lack, because they cannot be read."""
        ...

    def stale(self) -> frozenset[UUID]:
        """The affairs and other streams of which a view cannot read all there is."""
        ...

    def audit(self, scope: Scope, asked: AskedTrail) -> Trail:
        """Who did what and when. Raises NotAllowed."""
        ...

    def reveal(self, value: Personal, stream_id: UUID) -> str | Erased:
        """A personal value opened. Raises Unreadable."""
        ...

    def keep(self, affair_id: UUID, name: str, content: bytes) -> Paper:
        """Keep a photo or a paper. Raises AttachmentRefused."""
        ...

    def paper(self, id_: UUID) -> Paper:
        """What is known of an attachment. Raises NotFound."""
        ...

    def content(self, id_: UUID) -> bytes | Erased:
        """The content of an attachment. Raises NotFound, Unreadable."""
        ...

    def wait(self, position: int, seconds: float) -> bool:
        """Wait until the following views have come so far; False if they have not in time."""
        ...

    def head(self) -> int:
        """The last position of the log."""
        ...

    def level(self) -> Level:
        """How the following views stand."""
        ...

    def due_backlog(self) -> int:
        """How many clocks wait to be swept."""
        ...

    def describe(self) -> dict[str, Any]:
        """What the log is: kind, and the anchor of a demonstration."""
        ...

    def check_keys(self) -> None:
        """See that the keys of personal values open. Raises MasterKeyWrong."""
        ...

    def refresh(self) -> None:
        """Read lines, calendars and units that were published since."""
        ...
