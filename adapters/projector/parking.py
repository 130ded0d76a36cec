"""Streams kept aside because something cannot go on with them: named once, left alone until
somebody has them tried again.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import structlog

from adapters.event_store import Database, EventLog, StoredRow
from adapters.projector import state
from adapters.projector.follower import plain
from domain.errors import Refusal, Unreadable

_log = structlog.get_logger(__name__)


def reason(error: Exception) -> str:
    """What stood in the way, in a word and in full."""
    return f"{error.code if isinstance(error, Refusal) else type(error).__name__}: {error}"


def parked(view: str, row: StoredRow, because: str) -> state.Parked:
    """What is kept of a stream whose work could not be done, from that event on."""
    return state.Parked(
        view=view,
        stream_id=row.stream_id,
        position=row.position,
        topic=row.topic,
        reason=plain(because),
    )


class Parking:
    """What is parked under one name."""

    def __init__(self, name: str, log: EventLog, database: Database) -> None:
        self._name, self._log, self._database = name, log, database
        self._met: set[UUID] = set()

    def streams(self) -> set[UUID]:
        """All that is parked here."""
        with self._database.reading() as connection:
            found = state.parked_of(connection, sqlite=self._database.is_sqlite)
        return {one.stream_id for one in found if one.view == self._name}

    def park(self, stream_id: UUID, because: str, error: Exception) -> None:
        """Keep a stream aside. What is parked already stays as it is."""
        found = parked(self._name, self._at(stream_id, error), because)
        with self._database.writing() as connection:
            state.park(
                connection,
                [replace(found, stream_id=stream_id)],
                sqlite=self._database.is_sqlite,
            )

    def release(self, streams: Iterable[UUID]) -> None:
        """Forget that these are parked: they are being tried again."""
        with self._database.writing() as connection:
            state.release_streams(connection, self._name, streams, sqlite=self._database.is_sqlite)
        self._met.clear()

    def met(self, error: Unreadable) -> None:
        """Somebody came upon a stream that cannot be read. They are told so themselves, whether
        or not it can be kept.
        """
        if error.stream_id in self._met:
            return
        self._met.add(error.stream_id)
        try:
            self.park(error.stream_id, reason(error), error)
        except Exception as away:  # noqa: BLE001 - the refusal that is on its way says more
            self._met.discard(error.stream_id)
            _log.warning("not parked", stream=str(error.stream_id), error=type(away).__name__)

    def _at(self, stream_id: UUID, error: Exception) -> StoredRow:
        """The event that cannot be read, or else the last one: so the stream stood."""
        if isinstance(error, Unreadable):
            unread = self._log.read_stream(error.stream_id, error.version - 1, error.version)
            if unread:
                return unread[0]
        return self._log.read_stream(stream_id)[-1]
