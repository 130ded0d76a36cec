"""Is the log what was written: every leaf hash computed anew, positions, versions, times.

What this cannot tell: events cut off at the end, and events altered by somebody who computed
their leaf hashes anew. Both are only seen against a tree head that was signed before.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store import EventLog
from adapters.event_store.leaf import LeafHasher
from adapters.event_store.schema import Tables

BATCH = 2000

Progress = Callable[[int, int], None]
"""Told how many events of how many are checked."""


class Wrong(StrEnum):
    """In what way an event is not what was written.

    altered: its leaf hash does not match. missing: positions before it are gone.
    version: it does not follow the version before it in its stream. time: it was recorded
    before the event before it. unreadable: the database cannot give it out, or not to whoever
    asks for its stream.
    """

    ALTERED = "altered"
    MISSING = "missing"
    VERSION = "version"
    TIME = "time"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad position (of what is missing, the first that is) and what is wrong."""

    position: int
    wrong: Wrong
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """events: how many were checked and found right. head: the last position at the start."""

    events: int
    head: int
    fault: Fault | None


class Stored(NamedTuple):
    """An event as it lies in the table or in a copy."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    state: bytes
    metadata: bytes
    recorded_at: int
    leaf_hash: bytes


class Chain:
    """Checks events one after another, from the first."""

    def __init__(self, log_id: UUID) -> None:
        self._hash = LeafHasher(log_id)
        self._versions: dict[UUID, int] = {}
        self._recorded_at = 0
        self.position = 0

    def fault(self, event: Stored) -> Fault | None:
        """What is wrong with the next event, None where nothing is."""
        position, expected = event.position, self.position + 1
        if position != expected:
            if position < expected:
                return Fault(expected, Wrong.MISSING, f"{position} stands where {expected} should")
            gone = f"{expected}" if position == expected + 1 else f"{expected} to {position - 1}"
            return Fault(expected, Wrong.MISSING, f"{gone} are gone before {position}")
        if self._leaf(event) != event.leaf_hash:
            return Fault(position, Wrong.ALTERED, f"{event.topic!a}: the leaf hash does not match")
        before = self._versions.get(event.stream_id, 0)
        if event.version != before + 1:
            detail = f"version {event.version} of {event.stream_id} follows version {before}"
            return Fault(position, Wrong.VERSION, detail)
        if event.recorded_at < self._recorded_at:
            return Fault(position, Wrong.TIME, "recorded before the event before it")
        self._versions[event.stream_id] = event.version
        self._recorded_at = event.recorded_at
        self.position = position
        return None

    # A value of another type or size than its column holds was not written by us.
    def _leaf(self, event: Stored) -> bytes:
        try:
            return self._hash(
                event.position,
                event.stream_id.bytes,
                event.version,
                event.topic.encode(),
                event.recorded_at,
                event.metadata,
                event.state,
            )
        except (AttributeError, TypeError, ValueError, OverflowError, struct.error):
            return b""


def verify(log: EventLog, progress: Progress = lambda done, total: None) -> Verdict:
    """Check the log from its first event to its head, as it is now."""
    log_id, head = log.describe().log_id, log.head()
    with log.database.reading() as connection:
        return verified(connection, log.tables, log_id, head, progress)


def verified(
    connection: sa.Connection,
    tables: Tables,
    log_id: UUID,
    head: int,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Check all events that the connection sees, up to `head`; stop at the first bad one."""
    chain = Chain(log_id)
    while chain.position < head:
        page = list(_page(connection, tables, chain.position))
        if not page:
            gone = Fault(chain.position + 1, Wrong.MISSING, f"up to {head}")
            return Verdict(chain.position, head, gone)
        for event in page:
            found = event if isinstance(event, Fault) else chain.fault(event)
            if found is not None:
                return Verdict(chain.position, head, found)
        progress(chain.position, max(head, chain.position))
    hidden = _hidden(connection, tables)
    return Verdict(hidden.position - 1 if hidden else chain.position, head, hidden)


# Events are checked in the order of their positions, and read by stream and version. Of a SQLite
# file whose index was altered the one finds everything, the other does not.
def _hidden(connection: sa.Connection, tables: Tables) -> Fault | None:
    if connection.dialect.name != "sqlite":
        return None
    kept, found = tables.events.alias("kept"), tables.events.alias("found")
    # The order has the events looked for by row, the sum has each found by the index.
    in_its_stream = sa.exists(sa.literal(1)).where(
        found.c.stream_id == kept.c.stream_id,
        found.c.version == kept.c.version,
        found.c.position + 0 == kept.c.position,
    )
    first = sa.select(kept.c.position).where(~in_its_stream).order_by(kept.c.position).limit(1)
    try:
        position = connection.execute(first).scalar()
    except sa.exc.DBAPIError as error:
        return Fault(1, Wrong.UNREADABLE, f"the index of the streams: {type(error).__name__}")
    if position is None:
        return None
    return Fault(position, Wrong.UNREADABLE, "not found in its stream: the index is damaged")


def _page(connection: sa.Connection, tables: Tables, after: int) -> Iterator[Stored | Fault]:
    events = tables.events
    query = sa.select(events).where(events.c.position > after).order_by(events.c.position)
    try:
        rows = connection.execute(query.limit(BATCH)).all()
    except (sa.exc.DBAPIError, UnicodeDecodeError):
        yield from _one_by_one(connection, tables, after)
        return
    yield from (stored(row) for row in rows)


# A page that cannot be read holds an event that cannot: it is to be named.
def _one_by_one(connection: sa.Connection, tables: Tables, after: int) -> Iterator[Stored | Fault]:
    events = tables.events
    for position in range(after + 1, after + BATCH + 1):
        try:
            row = connection.execute(sa.select(events).where(events.c.position == position)).first()
        except (sa.exc.DBAPIError, UnicodeDecodeError) as error:
            yield Fault(position, Wrong.UNREADABLE, type(error).__name__)
            return
        if row is not None:
            yield stored(row)


def stored(row: Any) -> Stored | Fault:
    """The event of a row; a fault where its stream id is none."""
    stream = row.stream_id
    if not isinstance(stream, UUID):
        if not isinstance(stream, bytes) or len(stream) != 16:
            return Fault(row.position, Wrong.ALTERED, "the stream id is none")
        stream = UUID(bytes=stream)
    return Stored(
        row.position,
        stream,
        row.version,
        row.topic,
        row.state,
        row.metadata,
        row.recorded_at,
        row.leaf_hash,
    )
