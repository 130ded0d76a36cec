"""Creating a log: once, by whoever comes first, and what protects it from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.event_store import Database, EventLog
from domain.errors import Malformed, NotFound
from tests.adapters.event_store.commands import command, now
from tests.adapters.event_store.load import create, processes


def test_two_processes_that_start_at_once_create_one_log(database_url: str) -> None:
    told = processes(create, [(database_url,)] * 3)

    log = EventLog(database_url, now=now)
    assert set(told) == {log.describe().log_id}
    assert log.head() == 3
    log.close()


def test_a_log_says_what_it_is(log: EventLog) -> None:
    info = log.describe()

    assert (info.kind, info.anchor, info.format) == ("production", None, 1)
    assert log.create() == info


def test_a_demonstration_keeps_its_anchor(database_url: str) -> None:
    log = EventLog(database_url, now=now)
    log.create("demonstration", anchor="2011-11-30T18:00:00+08:00")
    again = EventLog(database_url, now=now)

    assert again.describe().anchor == "2011-11-30T18:00:00+08:00"
    with pytest.raises(Malformed):
        again.create()
    log.close()
    again.close()


def test_a_production_log_refuses_an_anchor(database_url: str) -> None:
    log = EventLog(database_url, now=now)

    with pytest.raises(Malformed):
        log.create("production", anchor="2011-11-30T18:00:00+08:00")
    with pytest.raises(NotFound):
        log.describe()
    log.close()


def test_looking_for_a_log_does_not_make_a_file(tmp_path: Path) -> None:
    log = EventLog(f"sqlite:///{tmp_path}/none.db", now=now)

    with pytest.raises(NotFound):
        log.describe()

    assert list(tmp_path.iterdir()) == []
    log.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET topic = 'test.other.v1'",
        "UPDATE events SET topic = 'test.other.v1' WHERE position = 99",
        "DELETE FROM events WHERE position = 1",
        "UPDATE log SET kind = 'demonstration'",
        "DELETE FROM log",
    ],
)
def test_the_database_refuses_to_change_the_log(log: EventLog, statement: str) -> None:
    log.append(command())
    before = log.read(0, 10)
    touches = "99" not in statement or not log.database.is_sqlite

    with log.database.writing() as connection:
        if touches:
            with pytest.raises(sa.exc.DBAPIError, match="never changed"):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN")

    assert log.read(0, 10) == before


def test_a_row_is_not_replaced(log: EventLog) -> None:
    log.append(command())
    before = log.read(0, 10)
    columns = "position, stream_id, version, topic, state, metadata, recorded_at, leaf_hash"
    copied = f"SELECT {columns.replace('topic', 'metadata_topic', 1)} FROM events"
    copied = copied.replace("metadata_topic", "'test.other.v1'")
    replace = (
        f"INSERT OR REPLACE INTO events ({columns}) {copied}"
        if log.database.is_sqlite
        else f"INSERT INTO events ({columns}) {copied} ON CONFLICT (position) "
        "DO UPDATE SET topic = excluded.topic"
    )

    with (
        pytest.raises(sa.exc.DBAPIError, match="never changed"),
        log.database.writing() as connection,
    ):
        connection.exec_driver_sql(replace)

    assert log.read(0, 10) == before


@pytest.mark.postgres
def test_events_are_not_truncated(postgres_url: str) -> None:
    log = EventLog(postgres_url, now=now)
    log.create()
    log.append(command())

    with (
        pytest.raises(sa.exc.DBAPIError, match="never changed"),
        log.database.writing() as connection,
    ):
        connection.exec_driver_sql("TRUNCATE events")

    assert log.head() == 1
    log.close()


def test_prefixes_set_logs_apart(database_url: str) -> None:
    one = EventLog(database_url, now=now)
    other = EventLog(database_url, now=now, prefix="reads_")
    one.create()
    other.create()

    one.append(command())

    assert (one.head(), other.head()) == (1, 0)
    assert one.describe().log_id != other.describe().log_id
    one.close()
    other.close()


@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://host/db", "not in mysql"),
        ("postgresql:///x?schema=a b", "not a plain schema name"),
    ],
)
def test_other_places_are_refused(url: str, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        Database(url)


@pytest.mark.postgres
def test_everything_lies_in_the_schema_of_the_log(postgres_url: str) -> None:
    log = EventLog(postgres_url, now=now)
    log.create()

    with log.database.reading() as connection:
        names = sa.inspect(connection).get_table_names(schema=log.database.schema)

    assert set(names) == {"log", "events", "commands", "claims", "tracking"}
    log.close()


def test_sqlite_is_durable(sqlite_url: str) -> None:
    log = EventLog(sqlite_url, now=now)
    log.create()

    with log.database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    log.close()
