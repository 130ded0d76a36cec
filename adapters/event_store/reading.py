"""Reading the log: raw rows of the driver, made into objects in one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from time import sleep
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from adapters.event_store.engine import Database
from adapters.event_store.faults import ATTEMPTS, Fault, classify
from adapters.event_store.instants import from_micros
from adapters.event_store.schema import Tables
from adapters.ids import uuid_of
from domain.errors import StorageUnavailable


class StoredRow(msgspec.Struct, frozen=True, gc=False):
    """An event as it is stored. metadata: JSON of `domain.log.Metadata`.

    A struct, since a frozen dataclass takes fifteen times as long to fill.
    """

    position: int
    stream_id: UUID
    version: int
    topic: str
    state: bytes
    metadata: bytes
    recorded_at: datetime
    leaf_hash: bytes


class _Compiled(NamedTuple):
    """A statement as the driver takes it: by position on SQLite, else by name."""

    text: str
    order: Sequence[str] | None
    constants: dict[str, object]


@lru_cache(maxsize=64)
def _compiled(tables: Tables, *, for_sqlite: bool) -> tuple[_Compiled, _Compiled, _Compiled]:
    events = tables.events
    dialect = sqlite.dialect() if for_sqlite else psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has none

    def text(statement: sa.Select[Any]) -> _Compiled:
        made = statement.compile(dialect=dialect)
        constants = {name: value for name, value in made.params.items() if value is not None}
        return _Compiled(str(made), made.positiontup, constants)

    after = sa.select(events).where(events.c.position > sa.bindparam("after"))
    stream = sa.select(events).where(
        events.c.stream_id == sa.bindparam("stream"),
        events.c.version > sa.bindparam("after"),
        events.c.version <= sa.bindparam("up_to"),
    )
    return (
        text(sa.select(sa.func.max(events.c.position))),
        text(after.order_by(events.c.position).limit(sa.bindparam("limit"))),
        text(stream.order_by(events.c.version)),
    )


class Reader:
    """Reads on connections of its own, never in a writer's way."""

    def __init__(self, database: Database, tables: Tables) -> None:
        self._database = database
        self._sqlite = database.is_sqlite
        self._events = tables.events
        self._head, self._after, self._stream = _compiled(tables, for_sqlite=self._sqlite)

    def head(self) -> int:
        """The last position, 0 in an empty log."""
        ((position,),) = self._fetch(self._head, {})
        return position or 0

    def after(self, position: int, limit: int) -> list[StoredRow]:
        """At most `limit` events that follow `position`."""
        return self._made(self._fetch(self._after, {"after": position, "limit": limit}))

    def stream(self, stream_id: UUID, after: int, up_to: int | None) -> list[StoredRow]:
        """Events of a stream above version `after`, to `up_to` inclusive."""
        return self._made(
            self._fetch(
                self._stream,
                {
                    "stream": stream_id.bytes if self._sqlite else stream_id,
                    "after": after,
                    "up_to": 2**62 if up_to is None else up_to,
                },
            )
        )

    def select(
        self, after: int, limit: int, up_to: int | None, topics: Sequence[str]
    ) -> list[StoredRow]:
        """At most `limit` events that follow `after`, to `up_to`, of these topics if any."""
        events = self._events
        query = sa.select(events).where(events.c.position > after)
        if up_to is not None:
            query = query.where(events.c.position <= up_to)
        if topics:
            query = query.where(events.c.topic.in_(topics))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(events.c.position).limit(limit))
            return self._made(tuple(row) for row in rows)

    def _fetch(self, statement: _Compiled, values: dict[str, object]) -> list[tuple[Any, ...]]:
        for tries in range(1, ATTEMPTS + 1):
            try:
                return self._run(statement, values)
            except Exception as error:
                fault = classify(error)
                if fault is Fault.OTHER:
                    raise
                if fault is Fault.UNAVAILABLE or tries == ATTEMPTS:
                    raise StorageUnavailable(f"{type(error).__name__}: {error}") from error
                # The others in the pool may be lost with it.
                self._database.lost()
                sleep(0.05 * 2**tries)
        raise AssertionError("the loop returns or raises")

    def _run(self, statement: _Compiled, values: dict[str, object]) -> list[tuple[Any, ...]]:
        text, order, constants = statement
        values |= constants
        lent = self._database.engine.raw_connection()
        try:
            driver: Any = lent.driver_connection
            if order is None:
                cursor = driver.execute(text, values, prepare=True, binary=True)
            else:
                cursor = driver.execute(text, [values[name] for name in order])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        except BaseException as error:
            lent.invalidate(error)
            raise
        lent.close()
        return rows

    def _made(self, rows: Iterable[tuple[Any, ...]]) -> list[StoredRow]:
        if self._sqlite:
            return [
                StoredRow(p, uuid_of(s), v, t, d, m, from_micros(r), h)
                for p, s, v, t, d, m, r, h in rows
            ]
        return [StoredRow(p, s, v, t, d, m, from_micros(r), h) for p, s, v, t, d, m, r, h in rows]
