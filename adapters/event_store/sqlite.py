"""Writing batches to a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store.batch import Batch, CommandRow, Found
from adapters.event_store.engine import Database
from adapters.event_store.schema import Tables
from adapters.event_store.wanted import Wanted

CHUNK = 256
"""Look-ups that one statement does at most."""


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
        self._tables = tables
        self._prepare()

    def _prepare(self) -> None:
        tables = self._tables
        sql = self._sql
        events, commands, claims, tracking = (
            tables.events,
            tables.commands,
            tables.claims,
            tables.tracking,
        )
        self._head = sql(
            sa.select(events.c.position, events.c.recorded_at).where(
                events.c.position == sa.select(sa.func.max(events.c.position)).scalar_subquery()
            )
        )
        self._version_texts: dict[int, str] = {}
        self._command_texts: dict[int, str] = {}
        self._holder = sql(sa.select(claims.c.stream_id).where(claims.c.name == sa.bindparam("n")))
        self._tracked = sql(
            sa.select(tracking.c.notification_id).where(
                tracking.c.application_name == sa.bindparam("n")
            )
        )
        self._insert_event = sql(sa.insert(events))
        self._insert_command = sql(sa.insert(commands))
        self._take = sql(sa.insert(claims).prefix_with("OR REPLACE"))
        self._free = sql(sa.delete(claims).where(claims.c.name == sa.bindparam("n")))
        self._track = sql(sa.insert(tracking).prefix_with("OR REPLACE"))

    def _sql(self, statement: sa.ClauseElement) -> str:
        return str(statement.compile(dialect=self.connection.dialect))

    def enter(self, wanted: Wanted) -> Found:
        self._lock.acquire(self._wait_seconds)
        self._locked = True
        run = self._cursor.execute
        run("BEGIN IMMEDIATE")
        head, recorded_at = run(self._head).fetchone() or (0, 0)
        found = Found(head, recorded_at)
        for keys in _chunks(list(wanted.streams)):
            rows = run(self._versions(len(keys)), keys)
            found.versions.update((key, version) for key, version in rows if version is not None)
        for keys in _chunks([command_id for _, command_id in wanted.commands]):
            for row in run(self._commands(len(keys)), keys):
                found.commands[row[0], row[1]] = CommandRow(*row)
        for name in wanted.names:
            row = run(self._holder, (name,)).fetchone()
            if row is not None:
                found.holders[name] = UUID(bytes=row[0])
        for name in wanted.upstreams:
            row = run(self._tracked, (name,)).fetchone()
            if row is not None:
                found.tracked[name] = row[0]
        return found

    def _versions(self, count: int) -> str:
        """The last version of each of `count` streams: their ids, and null for a new one."""
        text = self._version_texts.get(count)
        if text is None:
            events = self._tables.events
            keys = [(sa.bindparam(f"s{n}", type_=events.c.stream_id.type),) for n in range(count)]
            asked = sa.values(sa.column("id"), name="asked").data(keys).cte("asked")
            last = sa.select(sa.func.max(events.c.version)).where(events.c.stream_id == asked.c.id)
            text = self._sql(sa.select(asked.c.id, last.scalar_subquery()))
            self._version_texts[count] = text
        return text

    def _commands(self, count: int) -> str:
        """Those commands, of any actor, that are stored under one of `count` ids."""
        text = self._command_texts.get(count)
        if text is None:
            commands = self._tables.commands
            keys = [sa.bindparam(f"c{n}", type_=commands.c.command_id.type) for n in range(count)]
            text = self._sql(sa.select(commands).where(commands.c.command_id.in_(keys)))
            self._command_texts[count] = text
        return text

    def commit(self, batch: Batch) -> None:
        cursor = self._cursor
        cursor.executemany(self._insert_event, batch.events)
        cursor.executemany(self._insert_command, batch.commands)
        for name, holder in batch.claims.items():
            if holder is None:
                cursor.execute(self._free, (name,))
            else:
                cursor.execute(self._take, (name, holder[0].bytes, holder[1]))
        if batch.tracking:
            cursor.executemany(self._track, list(batch.tracking.items()))
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
