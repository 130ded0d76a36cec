"""A database that takes its time: whoever waits is answered or refused, and no one half served.

The database itself is slow: a trigger sleeps on every event that is stored.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from adapters.event_store import Database, EventLog
from domain.errors import StorageUnavailable
from domain.log import Append, Receipt
from tests.adapters.event_store.commands import command, now

WRITERS, COMMANDS = 6, 4
Open = Callable[[float], EventLog]


@pytest.fixture
def opens(database_url: str) -> Iterator[Open]:
    """Open the log once more; told how long a writer waits for the others."""
    opened: list[EventLog] = []

    def sleeps(connection: Any, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.create_function("slowly", 1, time.sleep)

    def open_one(wait_seconds: float) -> EventLog:
        database = Database(database_url, wait_seconds=wait_seconds)
        event.listen(database.engine, "connect", sleeps)
        opened.append(EventLog(database, now=now))
        opened[-1].create()
        return opened[-1]

    yield open_one
    for log in opened:
        log.close()


def slow_down(log: EventLog, seconds: float) -> None:
    """Every event takes so much longer to store from now on."""
    name = log.tables.events.name
    body = f"$$BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END$$"
    statements = [
        f"CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER slowly AFTER INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION slowly()",
    ]
    if log.database.is_sqlite:
        statements = [
            f"CREATE TRIGGER slowly AFTER INSERT ON {name} BEGIN SELECT slowly({seconds}); END"
        ]
    with log.database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def at_once(logs: list[EventLog]) -> tuple[list[tuple[Append, Receipt]], list[Append]]:
    """Each writes some commands, as a process of its own would; who was answered, who refused."""
    answered: list[tuple[Append, Receipt]] = []
    refused: list[Append] = []

    def write(log: EventLog) -> None:
        for _ in range(COMMANDS):
            order = command(events=2)
            try:
                answered.append((order, log.append(order)))
            except StorageUnavailable:
                refused.append(order)

    with ThreadPoolExecutor(len(logs)) as threads:
        list(threads.map(write, logs))
    return answered, refused


def stored_as_told(
    log: EventLog, answered: list[tuple[Append, Receipt]], refused: list[Append]
) -> None:
    rows = log.read(0, 1000)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == 2 * len(answered)
    for order, receipt in answered:
        (stream,) = order.expected
        assert [row.position for row in log.read_stream(stream)] == [receipt.first, receipt.last]
    for order in refused:
        (stream,) = order.expected
        assert log.read_stream(stream) == []


def test_a_slow_database_answers_all_who_have_the_time(opens: Open) -> None:
    reader = opens(30.0)
    slow_down(reader, 0.02)
    began = time.monotonic()

    answered, refused = at_once([opens(30.0) for _ in range(WRITERS)])

    assert time.monotonic() - began > 0.02 * 2 * WRITERS * COMMANDS, "it was not slow"
    assert not refused
    assert len(answered) == WRITERS * COMMANDS
    stored_as_told(reader, answered, refused)


def test_a_slow_database_refuses_in_time_those_who_have_none(opens: Open) -> None:
    reader = opens(10.0)
    slow_down(reader, 0.05)
    began = time.monotonic()

    answered, refused = at_once([opens(0.15) for _ in range(WRITERS)])

    # Far less than if each had waited for all others.
    assert time.monotonic() - began < 60
    assert refused, "nobody had to wait too long: the test proves nothing"
    assert answered, "nobody was served: the test proves nothing"
    stored_as_told(reader, answered, refused)
    assert reader.append(command()).first == 2 * len(answered) + 1
