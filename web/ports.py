"""What the routes ask of the district behind them; `web/app.py` fulfils it with a house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from domain.actor import Actor
from domain.affair.commands import Command
from domain.affair.state import Affair
from domain.errors import Unreadable
from domain.log import Receipt, Recorded
from domain.personal import Erased, Personal
from domain.ports import Calendar
from projections.affair_page import AffairPageRow
from projections.indicators import Figure
from projections.worklist import WorklistRow
from workflows.machine import CompiledLine
from workflows.organisation import Organisation
from workflows.rights import Scope


class SignedIn(Protocol):
    """Who came in: the actor, and the name that is shown to others."""

    @property
    def actor(self) -> Actor: ...
    @property
    def name(self) -> str: ...


class Register(Protocol):
    """The accounts of the district."""

    def by_token(self, token: str) -> SignedIn | None:
        """Who holds the token; None for nobody."""
        ...

    def name_of(self, account: str) -> str:
        """The name that is shown for an account."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for; empty asks nothing.

    cursor: where the last page ended. limit: rows at most.
    """

    line: str = ""
    state: str = ""
    area: str = ""
    assignee: str = ""
    number: str = ""
    open: bool | None = True
    to_visit: bool | None = None
    due_before: datetime | None = None
    cursor: tuple[int, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows, those due first, and where the next page begins."""

    rows: Sequence[WorklistRow]
    next: tuple[int, int] | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How the following views stand to the log.

    behind_events, behind_seconds: how many events are not folded yet, and for how long the
        oldest of them has been waiting. parked: by view, the streams it cannot follow.
    """

    head: int
    position: int
    behind_events: int
    behind_seconds: float
    parked: dict[str, int]


class Office(Protocol):
    """A district that is open. Raises the refusals of `domain.errors`."""

    accounts: Register

    def now(self) -> datetime: ...
    def new_id(self) -> UUID: ...

    async def run(self, command: Command) -> Receipt:
        """Carry a command out."""
        ...

    @property
    def organisation(self) -> Organisation: ...
    @property
    def calendar(self) -> Calendar: ...

    def line_in_force(self, code: str, on: date) -> CompiledLine:
        """The version of a line in force on a day. Raises NotFound."""
        ...

    def line_version(self, code: str, version: str) -> CompiledLine:
        """A published version. Raises NotFound."""
        ...

    def lines_in_force(self, on: date) -> Sequence[CompiledLine]:
        """Every line in force on a day, by code."""
        ...

    def worklist(self, scope: Scope, asked: Asked) -> Listing:
        """Affairs within the scope, those due first."""
        ...

    def affair(self, scope: Scope, key: UUID | str) -> AffairPageRow:
        """An affair by id or number. Raises NotFound, outside the scope too."""
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

    def refresh(self) -> None:
        """Read lines, calendars and units that were published since."""
        ...
