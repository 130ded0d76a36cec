"""Writing batches to a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from adapters.event_store.batch import Batch, CommandRow, Found
from adapters.event_store.engine import Database
from adapters.event_store.schema import Tables
from adapters.event_store.wanted import Wanted

CHUNK = 256
"""Look-ups that one statement does at most."""

_DIALECT = sqlite.dialect()


class _Statements:
    """The statements of one log, as the driver takes them."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        events, claims, tracking = tables.events, tables.claims, tables.tracking
        latest = sa.select(sa.func.max(events.c.position)).scalar_subquery()
        named: sa.BindParameter[Any] = sa.bindparam("n")
        self.head = _text(
            sa.select(events.c.position, events.c.recorded_at).where(events.c.position == latest)
        )
        self.holder = _text(sa.select(claims.c.stream_id).where(claims.c.name == named))
        self.tracked = _text(
            sa.select(tracking.c.notification_id).where(tracking.c.application_name == named)
        )
        self.insert_event = _text(sa.insert(events))
        self.insert_command = _text(sa.insert(tables.commands))
        self.take = _text(sa.insert(claims).prefix_with("OR REPLACE"))
        self.free = _text(sa.delete(claims).where(claims.c.name == named))
        self.track = _text(sa.insert(tracking).prefix_with("OR REPLACE"))

    @cache  # noqa: B019 (there is one of each log, and few counts)
    def versions(self, count: int) -> str:
        """The last version of each of `count` streams: their ids, and null for a new one."""
        events = self._tables.events
        keys = [(sa.bindparam(f"s{n}", type_=events.c.stream_id.type),) for n in range(count)]
        asked = sa.values(sa.column("id"), name="asked").data(keys).cte("asked")
        last = sa.select(sa.func.max(events.c.version)).where(events.c.stream_id == asked.c.id)
        return _text(sa.select(asked.c.id, last.scalar_subquery()))

    @cache  # noqa: B019 (as above)
    def commands(self, count: int) -> str:
        """Those commands, of any actor, that are stored under one of `count` ids."""
        commands = self._tables.commands
        keys = [sa.bindparam(f"c{n}", type_=commands.c.command_id.type) for n in range(count)]
        return _text(sa.select(commands).where(commands.c.command_id.in_(keys)))


@lru_cache(maxsize=64)
def _statements(tables: Tables) -> _Statements:
    return _Statements(tables)


def _text(statement: sa.ClauseElement) -> str:
    return str(statement.compile(dialect=_DIALECT))


class SqliteWriter:
    """Statements go straight to the driver: each takes a few microseconds in this process."""

    def __init__(self, database: Database, tables: Tables) -> None:
        assert database.lock is not None
        self._lock = database.lock
        self._wait_seconds = database.wait_seconds
        self._locked = False
        with database.exclusive():
            self.connection = database.engine.connect()
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self._cursor = driver.cursor()
        self._sql = _statements(tables)

    def enter(self, wanted: Wanted) -> Found:
        self._lock.acquire(self._wait_seconds)
        self._locked = True
        run = self._cursor.execute
        run("BEGIN IMMEDIATE")
        head, recorded_at = run(self._sql.head).fetchone() or (0, 0)
        found = Found(head, recorded_at)
        for keys in _chunks(list(wanted.streams)):
            rows = run(self._sql.versions(len(keys)), keys)
            found.versions.update((key, version) for key, version in rows if version is not None)
        for keys in _chunks([command_id for _, command_id in wanted.commands]):
            for row in run(self._sql.commands(len(keys)), keys):
                found.commands[row[0], row[1]] = CommandRow(*row)
        for name in wanted.names:
            row = run(self._sql.holder, (name,)).fetchone()
            if row is not None:
                found.holders[name] = UUID(bytes=row[0])
        for name in wanted.upstreams:
            row = run(self._sql.tracked, (name,)).fetchone()
            if row is not None:
                found.tracked[name] = row[0]
        return found

    def commit(self, batch: Batch) -> None:
        cursor = self._cursor
        cursor.executemany(self._sql.insert_event, batch.events)
        cursor.executemany(self._sql.insert_command, batch.commands)
        for name, holder in batch.claims.items():
            if holder is None:
                cursor.execute(self._sql.free, (name,))
            else:
                cursor.execute(self._sql.take, (name, holder[0].bytes, holder[1]))
        if batch.tracking:
            cursor.executemany(self._sql.track, list(batch.tracking.items()))
        cursor.execute("COMMIT")
        self._unlock()

    def leave(self) -> None:
        self._cursor.execute("COMMIT")
        self._unlock()

    def holds(self, batch: Batch) -> bool:
        raise AssertionError("SQLite answers every commit")

    def abandon(self) -> None:
        try:
            self.connection.connection.rollback()
        finally:
            self._unlock()

    def close(self) -> None:
        self.connection.close()

    def _unlock(self) -> None:
        if self._locked:
            self._locked = False
            self._lock.release()


def _chunks(asked: list[bytes]) -> Iterator[list[bytes]]:
    """Parts of few sizes, so that few statements are prepared: the last one fills a part up."""
    for start in range(0, len(asked), CHUNK):
        part = asked[start : start + CHUNK]
        size = 1
        while size < len(part):
            size *= 2
        yield part + part[-1:] * (size - len(part))
