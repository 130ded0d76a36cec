"""Creating a log: once, by whoever comes first, and what protects it from then on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.event_store import Database, EventLog
from adapters.event_store.schema import unprotected
from domain.errors import Malformed, NotFound, PlaceUnusable
from tests.adapters.event_store.commands import command, now
from tests.adapters.event_store.load import create, processes


def test_two_processes_that_start_at_once_create_one_log(database_url: str) -> None:
    told = processes(create, [(database_url,)] * 3)

    with closing(EventLog(database_url, now=now)) as log:
        assert set(told) == {log.describe().log_id}
        assert log.head() == 3


def test_a_log_says_what_it_is(log: EventLog) -> None:
    info = log.describe()

    assert (info.kind, info.anchor, info.format) == ("production", None, 1)
    assert log.create() == info


def test_a_demonstration_keeps_its_anchor(database_url: str) -> None:
    with closing(EventLog(database_url, now=now)) as log:
        log.create("demonstration", anchor="2011-11-30T18:00:00+08:00")
        with closing(EventLog(database_url, now=now)) as again:
            assert again.describe().anchor == "2011-11-30T18:00:00+08:00"
            with pytest.raises(Malformed):
                again.create()


def test_a_production_log_refuses_an_anchor(database_url: str) -> None:
    with closing(EventLog(database_url, now=now)) as log:
        with pytest.raises(Malformed):
            log.create("production", anchor="2011-11-30T18:00:00+08:00")
        with pytest.raises(NotFound):
            log.describe()


def test_looking_for_a_log_does_not_make_a_file(tmp_path: Path) -> None:
    with closing(EventLog(f"sqlite:///{tmp_path}/none.db", now=now)) as log:
        with pytest.raises(NotFound):
            log.describe()

        assert list(tmp_path.iterdir()) == []


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


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("events", "position, randomblob(16), 7"),
        ("events", "position + 100, stream_id, version"),
        ("log", ""),
    ],
)
def test_a_connection_of_no_settings_replaces_no_row_either(
    tmp_path: Path, table: str, changed: str
) -> None:
    with closing(EventLog(f"sqlite:///{tmp_path / 'log.db'}", now=now)) as log:
        log.create()
        log.append(command())
        before = log.read(0, 10), log.describe()
        asked = f"{changed}, topic, state, metadata, recorded_at, leaf_hash" if changed else "*"

        with closing(sqlite3.connect(tmp_path / "log.db")) as plain:
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                plain.execute(f"INSERT OR REPLACE INTO {table} SELECT {asked} FROM {table}")
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                plain.execute(f"REPLACE INTO {table} SELECT {asked} FROM {table}")

        assert (log.read(0, 10), log.describe()) == before


@pytest.mark.postgres
def test_events_are_not_truncated(postgres_url: str) -> None:
    with closing(EventLog(postgres_url, now=now)) as log:
        log.create()
        log.append(command())

        with (
            pytest.raises(sa.exc.DBAPIError, match="never changed"),
            log.database.writing() as connection,
        ):
            connection.exec_driver_sql("TRUNCATE events")

        assert log.head() == 1


TRIGGERS = {
    "sqlite": [
        f"{table}_no_{what}"
        for table in ("events", "log")
        for what in ("delete", "replace", "update")
    ],
    "postgresql": ["events_no_change", "log_no_change"],
}


def standing(log: EventLog) -> list[str]:
    """The triggers that the log should have, and has."""
    names = TRIGGERS[log.database.engine.dialect.name]
    with log.database.reading() as connection:
        missing = unprotected(connection, log.tables)
    assert set(missing) <= set(names)
    return [name for name in names if name not in missing]


def without(log: EventLog, trigger: str) -> None:
    """Drop a trigger."""
    on = "" if log.database.is_sqlite else f" ON {trigger.partition('_')[0]}"
    with log.database.writing() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on}")


def test_each_trigger_that_is_missing_is_brought_back_and_the_rest_stays(log: EventLog) -> None:
    log.append(command())
    whole = TRIGGERS[log.database.engine.dialect.name]
    assert standing(log) == whole

    for trigger in whole:
        without(log, trigger)
        assert standing(log) == [name for name in whole if name != trigger]
        log.protect()
        assert standing(log) == whole
        log.protect()

    with (
        pytest.raises(sa.exc.DBAPIError, match="never changed"),
        log.database.writing() as connection,
    ):
        connection.exec_driver_sql("UPDATE events SET topic = 'test.other.v1'")


def test_a_replaced_row_is_refused_again_by_a_log_that_an_older_program_made(
    tmp_path: Path,
) -> None:
    with closing(EventLog(f"sqlite:///{tmp_path / 'log.db'}", now=now)) as log:
        log.create()
        log.append(command())
        without(log, "events_no_replace")

        log.protect()

        with (
            closing(sqlite3.connect(tmp_path / "log.db")) as plain,
            pytest.raises(sqlite3.IntegrityError, match="never changed"),
        ):
            plain.execute("REPLACE INTO events SELECT * FROM events")


@pytest.mark.postgres
def test_a_trigger_that_was_switched_off_is_on_again(postgres_url: str) -> None:
    with closing(EventLog(postgres_url, now=now)) as log:
        log.create()
        log.append(command())
        with log.database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER USER")
        assert standing(log) == ["log_no_change"]

        log.protect()

        assert standing(log) == TRIGGERS["postgresql"]


def test_while_nothing_is_missing_nobody_waits_for_the_writer(log: EventLog) -> None:
    with log.database.writing() as connection:
        connection.exec_driver_sql("SELECT 1")
        log.protect()


def test_where_nothing_can_be_written_it_says_what_is_missing(
    log: EventLog, database_url: str
) -> None:
    log.append(command())
    setting = (
        "PRAGMA query_only = ON"
        if log.database.is_sqlite
        else "SET default_transaction_read_only = on"
    )
    with closing(EventLog(database_url, now=now)) as reader:
        sa.event.listen(
            reader.database.engine, "connect", lambda driver, _: driver.execute(setting)
        )
        reader.protect()
        for trigger in TRIGGERS[log.database.engine.dialect.name]:
            without(log, trigger)

            with pytest.raises(PlaceUnusable, match=rf"not protected.*{trigger}.*read-?only"):
                reader.protect()

            assert reader.head() == 1


def test_prefixes_set_logs_apart(database_url: str) -> None:
    with (
        closing(EventLog(database_url, now=now)) as one,
        closing(EventLog(database_url, now=now, prefix="reads_")) as other,
    ):
        one.create()
        other.create()

        one.append(command())

        assert (one.head(), other.head()) == (1, 0)
        assert one.describe().log_id != other.describe().log_id


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
    with closing(EventLog(postgres_url, now=now)) as log:
        log.create()

        with log.database.reading() as connection:
            names = sa.inspect(connection).get_table_names(schema=log.database.schema)

        assert set(names) == {"log", "events", "commands", "claims", "tracking"}


def test_sqlite_is_durable(sqlite_url: str) -> None:
    with closing(EventLog(sqlite_url, now=now)) as log:
        log.create()

        with log.database.reading() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }

        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
