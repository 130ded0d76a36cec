"""The load of the append benchmarks: commands of one event, and a view with a row for each affair.

An event has some 300 bytes. What is compared runs in turn, on the same disk, for as long.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from random import getrandbits
from typing import Any, LiteralString
from uuid import UUID

import sqlalchemy as sa
import uvloop

from adapters.event_store import EventLog
from domain.log import Append, Draft, Metadata, Recorded

WRITERS = 32
SECONDS = 2.0
STREAM_LENGTH = 8
TOPIC = "affair.step_taken.v1"
STATE = b'{"step":"G8","to":"filed","occurred_at":"2011-07-22T09:30:00+08:00","record":[' + (
    b'["found","text","a scrap heap at the estate gate"],' * 4 + b'["n","number","3"]]}'
)
VIEW = "CREATE TABLE {seen} (affair_id {uuid} PRIMARY KEY, version BIGINT, topic TEXT, at BIGINT)"
UPSERT = (
    "INSERT INTO {seen} (affair_id, version, topic, at) VALUES ({p}, {p}, {p}, {p}) "
    "ON CONFLICT (affair_id) DO UPDATE SET "
    "version = excluded.version, topic = excluded.topic, at = excluded.at"
)
UPSERT_ARRAYS: LiteralString = (
    "INSERT INTO seen (affair_id, version, topic, at) "
    "SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bigint[]) "
    "ON CONFLICT (affair_id) DO UPDATE SET "
    "version = excluded.version, topic = excluded.topic, at = excluded.at"
)

Write = Callable[[], object]


def fresh_id() -> UUID:
    """A UUIDv7, as the product makes them: ids that follow one another in time."""
    random = getrandbits(74)
    milliseconds = time.time_ns() // 1_000_000
    head = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64
    return UUID(int=head | 0b10 << 62 | random & (1 << 62) - 1)


class Seen:
    """The inline view of the comparison: the last event of each affair."""

    def __init__(self, *, sqlite: bool) -> None:
        self.tables = sa.MetaData()
        sa.Table(
            "seen",
            self.tables,
            sa.Column("affair_id", sa.LargeBinary(16) if sqlite else sa.Uuid(), primary_key=True),
            sa.Column("version", sa.BigInteger()),
            sa.Column("topic", sa.Text()),
            sa.Column("at", sa.BigInteger()),
        )
        self._sqlite = sqlite

    def apply(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        """Write the rows grouped, the last one of each affair."""
        rows = {r.stream_id: (r.stream_id, r.version, r.topic, r.position) for r in recorded}
        driver: Any = connection.connection.driver_connection
        if self._sqlite:
            driver.executemany(
                UPSERT.format(seen="seen", p="?"), [(k.bytes, *row[1:]) for k, row in rows.items()]
            )
        else:
            columns = tuple(map(list, zip(*rows.values(), strict=True)))
            driver.execute(UPSERT_ARRAYS, columns, prepare=True)


class Commands:
    """The commands of one writer: short streams, one event after another."""

    def __init__(self) -> None:
        self._stream = fresh_id()
        self._version = 0

    def __call__(self) -> Append:
        if self._version == STREAM_LENGTH:
            self._stream, self._version = fresh_id(), 0
        self._version += 1
        draft = Draft(
            stream_id=self._stream, version=self._version, topic=TOPIC, state=STATE, event=None
        )
        metadata = Metadata(
            actor="liqiang",
            role="CW",
            unit="window-2",
            command_id=fresh_id(),
            request_hash=sha256(STATE).hexdigest(),
            correlation_id=self._stream,
        )
        return Append(
            drafts=(draft,), expected={self._stream: self._version - 1}, metadata=metadata
        )


def by_threads(writers: Sequence[Write], seconds: float = SECONDS) -> float:
    """Writes a second, each writer a thread that writes again as soon as it is answered."""
    counts = [0] * len(writers)
    start = threading.Barrier(len(writers) + 1)
    stop = threading.Event()

    def work(index: int) -> None:
        write = writers[index]
        start.wait()
        while not stop.is_set():
            write()
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(writers))]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def by_tasks(log: EventLog, seconds: float = SECONDS) -> float:
    """Writes a second, each writer a task of one event loop that awaits its receipt."""

    async def work(until: float) -> int:
        commands, count = Commands(), 0
        while time.perf_counter() < until:
            await log.append_async(commands())
            count += 1
        return count

    async def all_of_them() -> float:
        began = time.perf_counter()
        counts = await asyncio.gather(*(work(began + seconds) for _ in range(WRITERS)))
        return sum(counts) / (time.perf_counter() - began)

    # The loop that `tenlines serve` runs in.
    return uvloop.run(all_of_them())


def alone(write: Write, seconds: float = SECONDS) -> float:
    """Writes a second of one writer, in this thread."""
    began = time.perf_counter()
    count = 0
    while time.perf_counter() < began + seconds:
        write()
        count += 1
    return count / (time.perf_counter() - began)


def log_writer(log: EventLog) -> Write:
    """One writer of ours."""
    commands = Commands()
    return lambda: log.append(commands())
