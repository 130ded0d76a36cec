"""Recorded affairs under another version of their line: what if, and what if they were moved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import to_micros
from adapters.history import History
from adapters.ids import derived
from adapters.projector.table import live
from adapters.reach import within
from domain.actor import Actor
from domain.affair.commands import MigrateAffair
from domain.affair.state import NOT_OPEN
from domain.clock import SHANGHAI, local_day
from domain.errors import CommandReused, NotFound, Refusal, Unreadable
from projections.worklist import worklist
from workflows.desk import Desk
from workflows.machine import CompiledLine
from workflows.rights import VIEW, Scope, scope_of
from workflows.trial import Moving, Tried, moving, tried

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


class Known(NamedTuple):
    """An affair, and its number."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Trial:
    """An affair under a draft; without a finding where it cannot be read."""

    affair: Known
    found: Tried | None


@dataclass(frozen=True, slots=True)
class Move:
    """A running affair, the version it goes by, and what moving it changes or changed.

    refusal: what the command said, where it was asked and refused.
    """

    affair: Known
    version: str
    found: Moving
    refusal: Refusal | None = None


class Trials:
    """Reads affairs of one district. inline: the log's database."""

    def __init__(
        self, inline: Database, history: History, desk: Desk, now: Callable[[], datetime]
    ) -> None:
        self._database, self._history, self._desk, self._now = inline, history, desk, now
        self._table = live(worklist, sqlite=inline.is_sqlite).table

    # --- what if -------------------------------------------------------------------------------

    def registered(self, scope: Scope, code: str, start: date, end: date) -> list[Known]:
        """The affairs of a line within `scope` that were registered on these days, both included,
        the latest first."""
        c = self._table.c
        return self._known(
            *within(scope, c),
            c.line == code,
            c.registered_at >= to_micros(datetime.combine(start, time.min, SHANGHAI)),
            c.registered_at <= to_micros(datetime.combine(end, time.max, SHANGHAI)),
        )

    def tried(self, affairs: Sequence[Known], line: CompiledLine) -> Iterator[Trial]:
        """Each of them under `line`. What cannot be read is told as such and spoils no other."""
        calendar, now = self._desk.reference.calendar, self._now()
        for affair in affairs:
            try:
                found = tried(self._history.stream(affair.id), line, calendar, now)
            except Unreadable:
                yield Trial(affair, None)
            else:
                yield Trial(affair, found)

    # --- moving --------------------------------------------------------------------------------

    def running(self, by: Actor, code: str) -> list[Known]:
        """The running affairs of a line that somebody may view, the latest first."""
        c = self._table.c
        scope = scope_of(by, VIEW)
        return self._known(*within(scope, c), c.line == code, c.open, c.state.not_in(NOT_OPEN))

    def moves(
        self, affairs: Sequence[Known], line: CompiledLine, *, since: str = ""
    ) -> Iterator[Move]:
        """What would become of each that goes by another version, or by `since` alone; nothing is
        stored. Those that go by `line` already are left out."""
        calendar, today = self._desk.reference.calendar, local_day(self._now())
        for affair in affairs:
            try:
                state, _ = self._desk.affairs.get(affair.id)
                version = state.identity.line_version
                if version == line.version or since not in ("", version):
                    continue
                events = [seen.event for seen in self._history.stream(affair.id)]
            except (Unreadable, NotFound) as refusal:
                yield Move(affair, "", Moving(because=str(refusal)), refusal)
                continue
            yield Move(affair, version, moving(state, events, line, calendar, today))

    def move(self, move: Move, line: CompiledLine, by: Actor, reason: str) -> Move:
        """Have an affair go on under `line`, by a command of its own. Done twice it is done once:
        its id follows from the affair as it stood."""
        if move.found.because:
            return move
        _, version = self._desk.affairs.get(move.affair.id)
        command = MigrateAffair(
            command_id=derived("migrate", move.affair.id, line.version, version),
            by=by,
            occurred_at=self._now(),
            affair_id=move.affair.id,
            version=line.version,
            reason=reason,
        )
        try:
            self._desk.run(command)
        except CommandReused:
            # Somebody has the same done now, at another moment.
            return move
        except Refusal as refusal:
            because = getattr(refusal, "because", "") or str(refusal)
            return Move(move.affair, move.version, Moving(because=because), refusal)
        return move

    def _known(self, *where: Any) -> list[Known]:
        c = self._table.c
        query = sa.select(c.affair_id, c.number).where(*where)
        query = query.order_by(c.registered_at.desc(), c.number.desc())
        with self._database.reading() as connection:
            return [
                Known(UUID(bytes=bytes(id_)) if self._database.is_sqlite else id_, number)
                for id_, number in connection.execute(query)
            ]
