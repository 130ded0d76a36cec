"""Writing batches to a PostgreSQL schema, in two round trips beside those of the views."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, LiteralString
from uuid import UUID

import msgspec
import psycopg
from psycopg.sql import SQL, Identifier

from adapters.event_store.batch import Batch, CommandRow, Found
from adapters.event_store.engine import Database
from adapters.event_store.schema import Tables
from adapters.event_store.wanted import Wanted

_CommandRows = list[tuple[str, UUID, str, int, int, int, str]]


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
        self._lock = lock_key(database, tables)
        self._channel = channel(database, tables)
        self.connection = database.engine.connect()
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        self._driver: psycopg.Connection[tuple[Any, ...]] = driver
        # A server that answers before its disk does would lose acknowledged commands.
        driver.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
        self._prepare(tables)

    def _prepare(self, tables: Tables) -> None:
        names = {
            "events": Identifier(tables.events.name),
            "commands": Identifier(tables.commands.name),
            "claims": Identifier(tables.claims.name),
            "tracking": Identifier(tables.tracking.name),
        }

        def statement(text: LiteralString) -> bytes:
            return SQL(text).format(**names).as_bytes(self._driver)

        self._read = statement(
            """
            SELECT (SELECT max(position) FROM {events}),
              (SELECT recorded_at FROM {events} ORDER BY position DESC LIMIT 1),
              ARRAY(SELECT (SELECT max(version) FROM {events} e WHERE e.stream_id = w.id)
                FROM unnest(%b::uuid[]) WITH ORDINALITY w(id, n) ORDER BY n),
              (SELECT json_agg(json_build_array(c.actor, c.command_id, c.request_hash, c.first,
                c.last, c.recorded_at, c.versions))::text
                FROM {commands} c JOIN unnest(%b::text[], %b::uuid[]) w(actor, id)
                ON c.actor = w.actor AND c.command_id = w.id)
            """
        )
        self._holders = statement(
            "SELECT name, stream_id FROM {claims} WHERE name = ANY(%b::text[])"
        )
        self._tracked = statement(
            "SELECT application_name, notification_id FROM {tracking} "
            "WHERE application_name = ANY(%b::text[])"
        )
        self._insert = statement(
            """
            WITH stored AS (INSERT INTO {events}
                SELECT %b::bigint + n, s, v, t, d, m, %b::bigint, h
                FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[],
                  %b::bytea[]) WITH ORDINALITY w(s, v, t, d, m, h, n)),
              answered AS (INSERT INTO {commands}
                SELECT a, c, r, f, l, %b::bigint, v
                FROM unnest(%b::text[], %b::uuid[], %b::text[], %b::bigint[], %b::bigint[],
                  %b::text[]) w(a, c, r, f, l, v))
            SELECT pg_notify(%b::text, %b::text)
            """
        )
        self._take = statement(
            """
            INSERT INTO {claims} SELECT * FROM unnest(%b::text[], %b::uuid[], %b::bigint[])
            ON CONFLICT (name) DO UPDATE
            SET stream_id = excluded.stream_id, position = excluded.position
            """
        )
        self._free = statement("DELETE FROM {claims} WHERE name = ANY(%b::text[])")
        self._track = statement(
            """
            INSERT INTO {tracking} SELECT * FROM unnest(%b::text[], %b::bigint[])
            ON CONFLICT (application_name)
            DO UPDATE SET notification_id = excluded.notification_id
            """
        )
        self._leaf = statement("SELECT leaf_hash FROM {events} WHERE position = %s")
        self._command = statement(
            "SELECT first, last FROM {commands} WHERE actor = %s AND command_id = %s"
        )

    def enter(self, wanted: Wanted) -> Found:
        run = self._driver.execute
        with self._driver.pipeline():
            run("BEGIN")
            run("SELECT pg_advisory_xact_lock(%s)", (self._lock,), prepare=True)
            cursor = run(
                self._read,
                (
                    wanted.streams,
                    [actor for actor, _ in wanted.commands],
                    [command_id for _, command_id in wanted.commands],
                ),
                prepare=True,
                binary=True,
            )
            claims = wanted.names and run(self._holders, (wanted.names,), prepare=True)
            tracked = wanted.upstreams and run(self._tracked, (wanted.upstreams,), prepare=True)
        ((head, recorded_at, versions, commands),) = cursor
        found = Found(
            head or 0,
            recorded_at or 0,
            {s: v for s, v in zip(wanted.streams, versions, strict=True) if v is not None},
        )
        if commands:
            for row in msgspec.json.decode(commands, type=_CommandRows):
                found.commands[row[0], row[1]] = CommandRow(*row)
        if claims:
            found.holders.update(claims.fetchall())
        if tracked:
            found.tracked.update(tracked.fetchall())
        return found

    def commit(self, batch: Batch) -> None:
        run = self._driver.execute
        with self._driver.pipeline():
            run(self._insert, self._rows(batch), prepare=True)
            taken = [(name, *held) for name, held in batch.claims.items() if held is not None]
            if taken:
                run(self._take, tuple(map(list, zip(*taken, strict=True))), prepare=True)
            freed = [name for name, held in batch.claims.items() if held is None]
            if freed:
                run(self._free, (freed,), prepare=True)
            if batch.tracking:
                run(
                    self._track,
                    (list(batch.tracking), list(batch.tracking.values())),
                    prepare=True,
                )
            run("COMMIT")

    def _rows(self, batch: Batch) -> tuple[object, ...]:
        _, streams, versions, topics, states, metadata, _, leaves = (
            map(list, zip(*batch.events, strict=True)) if batch.events else ([],) * 8
        )
        actors, ids, hashes, firsts, lasts, _, reached = (
            map(list, zip(*batch.commands, strict=True)) if batch.commands else ([],) * 7
        )
        return (
            batch.head - len(batch.events),
            batch.recorded_at,
            streams,
            versions,
            topics,
            states,
            metadata,
            leaves,
            batch.recorded_at,
            actors,
            ids,
            hashes,
            firsts,
            lasts,
            reached,
            self._channel,
            str(batch.head),
        )

    def holds(self, batch: Batch) -> bool:
        # The lost transaction kept the lock for as long as it lived: who has it now knows.
        with self._driver.transaction():
            self._driver.execute("SELECT pg_advisory_xact_lock(%s)", (self._lock,))
            if batch.events:
                event = batch.events[0]
                row = self._driver.execute(self._leaf, (event.position,)).fetchone()
                return row is not None and row[0] == event.leaf_hash
            if batch.commands:
                command = batch.commands[0]
                row = self._driver.execute(
                    self._command, (command.actor, command.command_id)
                ).fetchone()
                return row is not None and row == (command.first, command.last)
            names = list(batch.tracking)
            rows = self._driver.execute(self._tracked, (names,)).fetchall()
            return dict(rows) == batch.tracking

    def abandon(self) -> None:
        self._driver.rollback()

    def close(self) -> None:
        self.connection.close()
