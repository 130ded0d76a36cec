"""Writing batches to a PostgreSQL schema, in two round trips beside those of the views."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from adapters.event_store.batch import Batch, CommandRow, Found
from adapters.event_store.engine import Database
from adapters.event_store.schema import Tables
from adapters.event_store.statements import Statements
from adapters.event_store.wanted import Wanted

SETTINGS = (
    # A server that answers before its disk does would lose acknowledged commands.
    (
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'"
    ),
    # All is looked up by key here. Statements planned while a table is new would otherwise read
    # the whole of it for ever.
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    # A process that stands still in a transaction must not keep the others from writing.
    "SET idle_in_transaction_session_timeout = '60s'",
)


def lock_key(database: Database, tables: Tables) -> int:
    """The advisory lock of this log, among all the logs of one PostgreSQL database."""
    name = f"tenlines/{database.schema}/{tables.events.name}"
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


def channel(database: Database, tables: Tables) -> str:
    """The channel on which followers of this log are woken."""
    return f"log_{lock_key(database, tables) % 2**64:016x}"


class PostgresWriter:
    """Statements are prepared, and pipelined by the driver underneath SQLAlchemy."""

    def __init__(self, database: Database, tables: Tables) -> None:
        self.lock = lock_key(database, tables)
        self._channel = channel(database, tables)
        self._sql = Statements(tables)
        self.connection = database.engine.connect()
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        self._driver: psycopg.Connection[tuple[Any, ...]] = driver
        try:
            for setting in SETTINGS:
                driver.execute(setting)
        except BaseException:
            self.connection.invalidate()
            self.connection.close()
            raise

    def enter(self, wanted: Wanted) -> Found:
        run = self._driver.execute
        with self._driver.pipeline():
            run("BEGIN")
            run(self._sql.lock, (self.lock,), prepare=True)
            cursor = run(
                self._sql.read,
                (
                    list(wanted.streams.values()),
                    [actor for actor, _ in wanted.commands],
                    list(wanted.commands.values()),
                ),
                prepare=True,
                binary=True,
            )
            claims = wanted.names and run(self._sql.holders, (wanted.names,), prepare=True)
            tracked = wanted.upstreams and run(self._sql.tracked, (wanted.upstreams,), prepare=True)
        ((head, recorded_at, versions, commands),) = cursor
        found = Found(
            head or 0,
            recorded_at or 0,
            {s: v for s, v in zip(wanted.streams, versions, strict=True) if v is not None},
        )
        if commands:
            for actor, command_id, *rest in msgspec.json.decode(commands):
                key = (actor, UUID(command_id).bytes)
                found.commands[key] = CommandRow(*key, *rest)
        if claims:
            found.holders.update(claims.fetchall())
        if tracked:
            found.tracked.update(tracked.fetchall())
        return found

    def commit(self, batch: Batch) -> None:
        run = self._driver.execute
        with self._driver.pipeline():
            run(self._sql.insert, rows(batch, self._channel), prepare=True)
            taken = [(name, *held) for name, held in batch.claims.items() if held is not None]
            if taken:
                run(self._sql.take, tuple(map(list, zip(*taken, strict=True))), prepare=True)
            freed = [name for name, held in batch.claims.items() if held is None]
            if freed:
                run(self._sql.free, (freed,), prepare=True)
            if batch.tracking:
                run(
                    self._sql.track,
                    (list(batch.tracking), list(batch.tracking.values())),
                    prepare=True,
                )
            run("COMMIT")

    def leave(self) -> None:
        # Not by ROLLBACK, upon which the driver forgets all that it has prepared.
        self._driver.execute("COMMIT")

    def holds(self, batch: Batch) -> bool:
        # The lost transaction kept the lock for as long as it lived: who has it now knows.
        with self._driver.transaction():
            self._driver.execute(self._sql.lock, (self.lock,))
            if batch.events:
                position, *_, leaf = batch.events[0]
                row = self._driver.execute(self._sql.leaf, (position,)).fetchone()
                return row is not None and row[0] == leaf
            if batch.commands:
                command = batch.commands[0]
                row = self._driver.execute(
                    self._sql.command, (command.actor, UUID(bytes=command.command_id))
                ).fetchone()
                return row is not None and row == (command.first, command.last)
            names = list(batch.tracking)
            rows = self._driver.execute(self._sql.tracked, (names,)).fetchall()
            return dict(rows) == batch.tracking

    def abandon(self) -> None:
        self._driver.rollback()

    def close(self) -> None:
        self.connection.close()


def rows(batch: Batch, channel_name: str) -> tuple[object, ...]:
    """What `Statements.insert` takes."""
    _, _, versions, topics, states, metadata, _, leaves = _columns(batch.events, 8)
    actors, ids, hashes, firsts, lasts, _, reached = _columns(batch.commands, 7)
    return (
        batch.head - len(batch.events),
        batch.recorded_at,
        batch.streams,
        versions,
        topics,
        states,
        metadata,
        leaves,
        batch.recorded_at,
        actors,
        [UUID(bytes=command_id) for command_id in ids],
        hashes,
        firsts,
        lasts,
        reached,
        channel_name,
        str(batch.head),
    )


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(count)]
