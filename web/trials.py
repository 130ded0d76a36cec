"""What the routes ask of recorded affairs under other versions of their line."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from domain.actor import Actor
from workflows.machine import CompiledLine
from workflows.publication import Drafts
from workflows.rights import Scope
from workflows.trial import Moving, Tried


class Known(Protocol):
    """An affair, and its number."""

    @property
    def id(self) -> UUID: ...
    @property
    def number(self) -> str: ...


class Trial(Protocol):
    """An affair under a draft; without a finding where it cannot be read."""

    @property
    def affair(self) -> Known: ...
    @property
    def found(self) -> Tried | None: ...


class Move(Protocol):
    """A running affair, the version it goes by, and what moving it changes or changed."""

    @property
    def affair(self) -> Known: ...
    @property
    def version(self) -> str: ...
    @property
    def found(self) -> Moving: ...


class Trials(Protocol):
    """Recorded affairs under another version of their line."""

    def registered(self, scope: Scope, code: str, start: date, end: date) -> Sequence[Known]:
        """Those registered on these days, both included, the latest first."""
        ...

    def tried(self, affairs: Sequence[Known], line: CompiledLine) -> Iterator[Trial]:
        """Each of them under `line`."""
        ...

    def running(self, by: Actor, code: str) -> Sequence[Known]:
        """The running affairs that somebody may view, the latest first."""
        ...

    def moves(
        self, affairs: Sequence[Known], line: CompiledLine, *, since: str = ""
    ) -> Iterator[Move]:
        """What would become of each that goes by another version, or by `since` alone."""
        ...

    def move(self, move: Move, line: CompiledLine, by: Actor, reason: str) -> Move:
        """Have an affair go on under `line`."""
        ...


class Versions(Protocol):
    """What an office knows of versions of lines that are not in force, or not yet."""

    @property
    def trials(self) -> Trials:
        """Recorded affairs under other versions of their line."""
        ...

    @property
    def drafts(self) -> Drafts:
        """The versions of lines that are drafted and not published."""
        ...
