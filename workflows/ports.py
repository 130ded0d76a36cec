"""What the desk asks of the world, besides `domain.ports`. Adapters fulfil these."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from domain.affair.state import Affair
from domain.line import LinePublished
from domain.log import Append, Receipt
from domain.ports import Calendar, Procedure
from workflows.organisation import Organisation


class Lines(Protocol):
    """The published lines of service."""

    def ruling(self, code: str, on: date) -> Procedure:
        """The version by which something is entered that happened on a day. Raises NotFound,
        Malformed where none covers the day."""
        ...

    def version(self, code: str, version: str) -> Procedure:
        """A published version. Raises NotFound."""
        ...

    def publications(self, code: str) -> Iterable[LinePublished]:
        """The versions of a line, oldest publication first."""
        ...


class Reference(Protocol):
    """What rarely changes and every decision needs, kept level with the log."""

    @property
    def lines(self) -> Lines: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def organisation(self) -> Organisation: ...


class Affairs(Protocol):
    """States of affairs: loaded, kept in a bounded cache, forgotten on conflict."""

    def get(self, affair_id: UUID) -> tuple[Affair, int]:
        """The state and its version. Raises NotFound, Unreadable."""
        ...

    def known(self, affair_id: UUID) -> int | None:
        """The version that is remembered, None where nothing is."""
        ...

    def keep(self, affair_id: UUID, affair: Affair, version: int) -> None:
        """Remember a state that was just stored."""
        ...

    def forget(self, affair_id: UUID) -> None:
        """Drop what is remembered."""
        ...


class Log(Protocol):
    """Where commands are stored."""

    def append(self, append: Append) -> Receipt: ...
    async def append_async(self, append: Append) -> Receipt: ...
    def append_many(self, appends: Sequence[Append]) -> Sequence[Receipt | Exception]:
        """Together; each has its own outcome, and one that is refused spoils no other."""
        ...
