"""Databases that are full, locked, lost or gone: a clean answer, nothing partial, and on."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL

from adapters.event_store import Database, EventLog
from adapters.event_store.batch import Batch
from adapters.event_store.postgresql import PostgresWriter
from domain.errors import OutcomeUnknown, StorageUnavailable
from domain.log import Append, Receipt
from tests.adapters.event_store.commands import command, now
from tests.adapters.event_store.load import processes, together

LARGE = b'"' + b"x" * 50_000 + b'"'


def fill(log: EventLog) -> tuple[int, StorageUnavailable]:
    """Append until it is refused; how many were stored, and the refusal."""
    for stored in range(1000):
        try:
            log.append(command(events=2, state=LARGE))
        except StorageUnavailable as refusal:
            return stored, refusal
    raise AssertionError("the disk is never full")


def whole(log: EventLog) -> bool:
    """No position is missing, and every command has both of its events."""
    rows = log.read(0, 10_000)
    return [row.position for row in rows] == list(range(1, len(rows) + 1)) and all(
        len(log.read_stream(row.stream_id)) == 2 for row in rows
    )


def test_a_full_database_refuses_and_takes_more_when_there_is_room(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    pages = {"most": 200}

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages['most']}")

    event.listen(database.engine, "connect", limit)
    with closing(EventLog(database, now=now)) as log:
        log.create()

        stored, _ = fill(log)
        assert log.head() == stored * 2
        assert whole(log)

    pages["most"] = 100_000
    with closing(EventLog(sqlite_url, now=now)) as log:
        assert log.append(command(events=2)).first == stored * 2 + 1


def fill_behind_a_limit(url: str, _: Barrier, answers: Queue[Any]) -> None:
    """Fill a log whose files may not grow, then let them grow again, in one process."""
    with closing(EventLog(url, now=now)) as log:
        log.create()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        stored, refusal = fill(log)
        refused_again = isinstance(fill(log)[1], StorageUnavailable)
        head = log.head()
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        receipt = log.append(command(events=2, state=LARGE))
        answers.put((stored, head, refused_again, receipt.first, whole(log), str(refusal)))


def test_files_that_cannot_grow_refuse_and_serve_again(sqlite_url: str) -> None:
    ((stored, head, refused_again, first, is_whole, _),) = processes(
        fill_behind_a_limit, [(sqlite_url,)]
    )

    assert stored > 0
    assert refused_again
    assert head == 2 * stored
    assert first == head + 1
    assert is_whole


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        assert "CI" not in os.environ, "a small disk is required here"
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_refuses_and_serves_again_when_there_is_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 700_000)
    with closing(EventLog(f"sqlite:///{small_disk}/log.db", now=now)) as log:
        log.create()

        stored, _ = fill(log)
        assert whole(log)
        ballast.unlink()
        receipt = log.append(command(events=2, state=LARGE))

        assert receipt.first == stored * 2 + 1
        assert whole(log)


def test_a_file_that_may_only_be_read_refuses(sqlite_url: str) -> None:
    with closing(EventLog(sqlite_url, now=now)) as log:
        log.create()
        database = Database(sqlite_url)
        event.listen(database.engine, "connect", lambda c, _: c.execute("PRAGMA query_only = ON"))

        with closing(EventLog(database, now=now)) as read_only:
            with pytest.raises(StorageUnavailable):
                read_only.append(command())

            assert read_only.head() == 0
            assert log.append(command()).first == 1


@pytest.mark.parametrize("holder", ["lock file", "SQLite itself"])
def test_a_file_that_stays_locked_refuses_in_time(sqlite_url: str, holder: str) -> None:
    with closing(EventLog(Database(sqlite_url, wait_seconds=0.2), now=now)) as log:
        log.create()
        with closing(Database(sqlite_url)) as other:
            with (
                other.exclusive() if holder == "lock file" else _begun(other),
                pytest.raises(StorageUnavailable),
            ):
                log.append(command())

            assert log.append(command()).first == 1


@contextmanager
def _begun(database: Database) -> Iterator[None]:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.exec_driver_sql("ROLLBACK")


@pytest.mark.postgres
def test_a_writer_that_holds_the_lock_too_long_does_not_stop_the_others_for_ever(
    postgres_url: str,
) -> None:
    with closing(EventLog(Database(postgres_url, wait_seconds=0.2), now=now)) as log:
        log.create()
        with (
            closing(Database(postgres_url)) as elsewhere,
            closing(PostgresWriter(elsewhere, log.tables)) as other,
        ):
            other.connection.exec_driver_sql("BEGIN")
            key = sa.text("SELECT pg_advisory_xact_lock(:key)")
            other.connection.execute(key, {"key": other.lock})

            with pytest.raises(StorageUnavailable):
                log.append(command())
            other.connection.exec_driver_sql("ROLLBACK")

            assert log.append(command()).first == 1


def terminate(url: str, name: str) -> int:
    """End the backends of that application, and say how many there were.

    Not the youngest: the driver leaves a connection unclosed that ends while it is greeted.
    """
    database = Database(url)
    with database.reading() as connection:
        ended = connection.execute(
            sa.text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE application_name = :name AND state IS NOT NULL "
                "AND backend_start < clock_timestamp() - interval '50 milliseconds'"
            ),
            {"name": name},
        ).scalar_one()
    database.close()
    return int(ended)


@pytest.mark.postgres
def test_connections_lost_under_load_leave_no_outcome_unknown(postgres_url: str) -> None:
    with closing(EventLog(f"{postgres_url}&application_name=victim", now=now)) as log:
        log.create()
        answers: list[tuple[Append, Receipt]] = []
        refused: list[Append] = []
        unknown: list[Append] = []
        done = threading.Event()

        def work(_: int) -> None:
            for _ in range(60):
                order = command(events=2)
                try:
                    answers.append((order, log.append(order)))
                except StorageUnavailable:
                    refused.append(order)
                except OutcomeUnknown:
                    unknown.append(order)

        def kill() -> None:
            while not done.wait(0.03):
                terminate(postgres_url, "victim")

        killer = threading.Thread(target=kill)
        killer.start()
        together(work, 8)
        done.set()
        killer.join()
        answers.extend([(order, log.append(order)) for order in unknown])

        rows = log.read(0, 10_000)
        positions = [row.position for row in rows]
        assert positions == list(range(1, len(rows) + 1))
        assert len(rows) == 2 * len(answers)
        assert len(answers) + len(refused) == 480
        places = {row.position: row.stream_id for row in rows}
        for order, receipt in answers:
            (stream,) = order.expected
            assert {places[receipt.first], places[receipt.last]} == {stream}
        assert all(log.read_stream(next(iter(order.expected))) == [] for order in refused)


class Lost(PostgresWriter):
    """A writer whose connection is lost as it commits, once: the server hears it, or does not."""

    heard = True
    times = 1

    def commit(self, batch: Batch) -> None:
        if Lost.times == 0:
            super().commit(batch)
            return
        Lost.times -= 1
        if Lost.heard:
            super().commit(batch)
        driver: Any = self.connection.connection.driver_connection
        driver.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> type[Lost]:
    monkeypatch.setattr("adapters.event_store.commit.PostgresWriter", Lost)
    monkeypatch.setattr(Lost, "times", 1)
    return Lost


@pytest.mark.postgres
@pytest.mark.parametrize("heard", [True, False])
def test_a_commit_without_an_answer_is_looked_up(
    postgres_url: str, losing: type[Lost], monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    monkeypatch.setattr(losing, "heard", heard)
    with closing(EventLog(postgres_url, now=now)) as log:
        log.create()
        order = command(events=2)

        receipt = log.append(order)

        assert (receipt.first, receipt.last, receipt.repeated) == (1, 2, False)
        assert log.head() == 2
        assert log.append(order).repeated


@pytest.mark.postgres
def test_a_lost_commit_of_a_command_without_events_is_looked_up(
    postgres_url: str, losing: type[Lost]
) -> None:
    del losing
    with closing(EventLog(postgres_url, now=now)) as log:
        log.create()
        stream = uuid4()
        order = Append(drafts=(), expected={stream: 0}, metadata=command().metadata)

        assert not log.append(order).repeated
        assert log.append(order).repeated


@pytest.mark.postgres
def test_an_outcome_that_cannot_be_found_out_is_said_to_be_unknown(
    postgres_server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"gone_{uuid4().hex}"
    admin = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def run(statement: str) -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql(statement)

    class Gone(PostgresWriter):
        def commit(self, batch: Batch) -> None:
            super().commit(batch)
            run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            driver: Any = self.connection.connection.driver_connection
            driver.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    run(f"CREATE DATABASE {name}")
    url = postgres_server.set(database=name)
    with closing(EventLog(url, now=now)) as log:
        log.create()
        order = command(UUID(int=1))
        with monkeypatch.context() as patch:
            patch.setattr("adapters.event_store.commit.PostgresWriter", Gone)
            with pytest.raises(OutcomeUnknown):
                log.append(order)
            with pytest.raises(StorageUnavailable):
                log.append(command())

        run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        receipt = log.append(order)

        assert receipt.repeated
        assert [row.stream_id for row in log.read(0, 10)] == [UUID(int=1)]
    run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_ended(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        with database.reading() as connection:
            connection.execute(sa.text("SELECT 1"))
        database.bound(0.2)

        with pytest.raises(StorageUnavailable), database.reading() as connection:
            connection.execute(sa.text("SELECT pg_sleep(60)"))

        with database.reading() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
