"""Writing batches to a SQLite file."""

from __future__ import annotations

import sqlite3
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store.batch import Batch, CommandRow, Found
from adapters.event_store.engine import Database
from adapters.event_store.schema import Tables
from adapters.event_store.wanted import Wanted


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
        self._prepare(tables)

    def _prepare(self, tables: Tables) -> None:
        def sql(statement: sa.ClauseElement) -> str:
            return str(statement.compile(dialect=self.connection.dialect))

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
        self._version = sql(
            sa.select(sa.func.max(events.c.version)).where(events.c.stream_id == sa.bindparam("s"))
        )
        self._command = sql(
            sa.select(commands).where(
                commands.c.actor == sa.bindparam("a"), commands.c.command_id == sa.bindparam("c")
            )
        )
        self._holder = sql(sa.select(claims.c.stream_id).where(claims.c.name == sa.bindparam("n")))
        self._tracked = sql(
            sa.select(tracking.c.notification_id).where(
                tracking.c.application_name == sa.bindparam("n")
            )
        )
        self._leaf = sql(
            sa.select(events.c.leaf_hash).where(events.c.position == sa.bindparam("p"))
        )
        self._insert_event = sql(sa.insert(events))
        self._insert_command = sql(sa.insert(commands))
        self._take = sql(sa.insert(claims).prefix_with("OR REPLACE"))
        self._free = sql(sa.delete(claims).where(claims.c.name == sa.bindparam("n")))
        self._track = sql(sa.insert(tracking).prefix_with("OR REPLACE"))

    def enter(self, wanted: Wanted) -> Found:
        self._lock.acquire(self._wait_seconds)
        self._locked = True
        run = self._cursor.execute
        run("BEGIN IMMEDIATE")
        head, recorded_at = run(self._head).fetchone() or (0, 0)
        found = Found(head, recorded_at, {})
        for stream_id in wanted.streams:
            (version,) = run(self._version, (stream_id.bytes,)).fetchone()
            if version is not None:
                found.versions[stream_id] = version
        for actor, command_id in wanted.commands:
            row = run(self._command, (actor, command_id.bytes)).fetchone()
            if row is not None:
                found.commands[actor, command_id] = CommandRow(actor, command_id, *row[2:])
        for name in wanted.names:
            row = run(self._holder, (name,)).fetchone()
            if row is not None:
                found.holders[name] = UUID(bytes=row[0])
        for name in wanted.upstreams:
            row = run(self._tracked, (name,)).fetchone()
            if row is not None:
                found.tracked[name] = row[0]
        return found

    def commit(self, batch: Batch) -> None:
        cursor = self._cursor
        cursor.executemany(
            self._insert_event,
            [(row[0], row[1].bytes, *row[2:]) for row in batch.events],
        )
        cursor.executemany(
            self._insert_command,
            [(row[0], row[1].bytes, *row[2:]) for row in batch.commands],
        )
        for name, holder in batch.claims.items():
            if holder is None:
                cursor.execute(self._free, (name,))
            else:
                cursor.execute(self._take, (name, holder[0].bytes, holder[1]))
        if batch.tracking:
            cursor.executemany(self._track, list(batch.tracking.items()))
        cursor.execute("COMMIT")
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
