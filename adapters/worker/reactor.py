"""Reactions: an event of one affair makes a command for another, once."""

from typing import Any

import structlog

from adapters.event_store import StoredRow
from adapters.house import House
from adapters.ids import derived
from adapters.projector import state
from adapters.projector.parking import parked, reason
from adapters.worker.walk import is_away
from domain.actor import SYSTEM
from domain.affair import events as e
from domain.affair.commands import NIL, Act, Command, RecordEntry, Register
from domain.affair.evolve import project
from domain.affair.state import Affair
from domain.errors import CommandReused, Refusal
from domain.topics import TOPIC_OF
from workflows.reactions import Reaction, reactions_for

NAME = state.REACTIONS
BATCH = 500
TOPICS = tuple(topic for cls, topic in TOPIC_OF.items() if cls.__module__ == e.__name__)

_log = structlog.get_logger(__name__)


class Reactor:
    """Follows the log with a checkpoint of its own. A command that is made again is answered
    as the first time; one that is refused is kept among what is parked, and the next one goes on.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._database = house.follower.database

    def step(self) -> int:
        """React to the next events; how many commands were made."""
        with self._database.writing() as connection:
            position = state.position(connection, NAME) or 0
        # As far as the lines are known: one that another process published may react at once.
        head = self._house.reference.refresh()
        if position == head:
            return 0
        made, refused = 0, list[state.Parked]()
        while position < head:
            rows = self._rows(position, head)
            for row in rows:
                made += self._react(row, refused)
            position = rows[-1].position if len(rows) == BATCH else head
        with self._database.writing() as connection:
            state.position(connection, NAME)
            state.park(connection, refused, sqlite=self._database.is_sqlite)
            state.advance(connection, NAME, head, 1)
        return made

    def again(self) -> None:
        """Try once more what could not be carried out, each stream from that event on.

        What was carried out since is not made twice; what is refused again stays parked.
        """
        sqlite, refused = self._database.is_sqlite, list[state.Parked]()
        with self._database.reading() as connection:
            known = [one for one in state.parked_of(connection, sqlite=sqlite) if one.view == NAME]
        self._house.reference.refresh()
        # Important: held to the end, so that nobody reacts to the same streams meanwhile.
        with self._database.writing() as connection:
            reached = state.position(connection, NAME) or 0
            for one in known:
                for row in self._house.log.read_stream(one.stream_id):
                    if one.position <= row.position <= reached:
                        self._react(row, refused)
            state.release_streams(connection, NAME, [one.stream_id for one in known], sqlite=sqlite)
            state.park(connection, refused, sqlite=sqlite)

    def _rows(self, position: int, head: int) -> list[StoredRow]:
        if not self._house.reference.lines.reacting:
            return []
        return self._house.log.select(position, BATCH, up_to=head, topics=TOPICS)

    def _react(self, row: StoredRow, refused: list[state.Parked]) -> int:
        made = 0
        try:
            for reaction, command in self._commands(row):
                try:
                    receipt = self._house.desk.run(command)
                except CommandReused:
                    # It was made before, when the other affair stood differently.
                    continue
                made += not receipt.repeated
                _log.info("reaction", rule=reaction.id, position=row.position)
        except Exception as error:
            if is_away(error):
                raise
            if isinstance(error, Refusal):
                _log.warning("reaction refused", position=row.position, refusal=error.code)
            else:
                _log.exception("reaction failed", position=row.position)
            refused.append(parked(NAME, row, reason(error)))
        return made

    def _commands(self, row: StoredRow) -> list[tuple[Reaction, Command]]:
        history = self._house.history.stream(row.stream_id, up_to=row.version)
        events = [seen.event for seen in history]
        before = project(None, events[:-1])
        after = project(before, events[-1:])
        if after is None:
            return []
        line = self._house.reference.lines.version(after.identity.line, after.identity.line_version)
        made = reactions_for(line, events[-1], before, after)
        told = [one for one in made if one.command != "entry" or self._asks(one.name, events)]
        return [(one, self._command(one, row, events, after)) for one in told]

    # What the affair that this one came from has no entry for is not its business.
    def _asks(self, entry: str, events: list[Any]) -> bool:
        origin = self._house.history.stream(getattr(events[0], "origin_id", NIL))
        if not origin or not isinstance(origin[0].event, e.Registered):
            return False
        affair = project(None, [seen.event for seen in origin])
        assert affair is not None
        there = affair.identity
        line = self._house.reference.lines.version(there.line, there.line_version)
        return entry in line.entries and there.matter in line.entries[entry].forms

    def _command(
        self, reaction: Reaction, row: StoredRow, events: list[Any], affair: Affair
    ) -> Command:
        at = events[-1].occurred_at
        common: dict[str, Any] = {
            "command_id": derived(NAME, row.position, reaction.id),
            "by": SYSTEM,
            "causation_id": row.position,
            "record": reaction.record,
        }
        if reaction.command == "register":
            return Register(
                **common,
                occurred_at=at,
                affair_id=derived(NAME, row.position, reaction.id, "affair"),
                matter=reaction.matter,
                source="reaction",
                community=affair.identity.community,
                area=affair.identity.area,
                summary=reaction.summary,
                subject=affair.identity.subject,
                origin_id=row.stream_id,
            )
        origin: Any = getattr(events[0], "origin_id", NIL)
        # It is dated after the last that happened there, wherever that was entered.
        self._house.affairs.forget(origin)
        there, _ = self._house.affairs.get(origin)
        common |= {"affair_id": origin, "occurred_at": max(at, there.standing.last_at)}
        if reaction.command == "entry":
            return RecordEntry(**common, entry=reaction.name)
        return Act(**common, action=reaction.name)
