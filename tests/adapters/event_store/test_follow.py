"""Followers: woken at once, never missing or repeating, and done when they are told to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa

from adapters.event_store import EventLog
from tests.adapters.event_store.commands import command, now


@pytest.fixture
def other(database_url: str, log: EventLog) -> Iterator[EventLog]:
    """The same log, opened once more, as another process would."""
    del log
    with closing(EventLog(database_url, now=now)) as opened:
        yield opened


def test_batches_follow_one_another(log: EventLog) -> None:
    log.append_many([command(events=3) for _ in range(10)])
    followed = log.follow(4, batch=7)

    batches = [next(followed) for _ in range(4)]

    assert [[row.position for row in rows] for rows in batches] == [
        list(range(5, 12)),
        list(range(12, 19)),
        list(range(19, 26)),
        list(range(26, 31)),
    ]


def test_topics_are_picked_out_of_the_others(log: EventLog) -> None:
    log.append_many([command() for _ in range(30)])
    stop = threading.Event()
    followed = log.follow(0, batch=10, stop=stop, topics=["test.other.v1"])

    def end() -> None:
        stop.set()
        log.wake()

    threading.Timer(0.1, end).start()

    assert list(followed) == []


def test_a_follower_that_waits_ends_when_it_is_told_to(log: EventLog) -> None:
    stop = threading.Event()
    ended = threading.Event()

    def follow() -> None:
        for _ in log.follow(0, stop=stop):
            continue
        ended.set()

    thread = threading.Thread(target=follow)
    thread.start()
    stop.set()
    log.wake()

    assert ended.wait(10)
    thread.join()


def test_what_another_opening_commits_is_seen(log: EventLog, other: EventLog) -> None:
    followed = other.follow(0)
    log.append(command())
    assert [row.position for row in next(followed)] == [1]

    threading.Timer(0.1, lambda: log.append(command())).start()

    assert [row.position for row in next(followed)] == [2]
    assert other.wait_for(2, timeout=0)


def test_waiting_for_a_position_ends_with_it_or_with_the_time(log: EventLog) -> None:
    assert not log.wait_for(1, timeout=0.01)

    threading.Timer(0.05, lambda: log.append(command())).start()

    assert log.wait_for(1, timeout=10)
    assert not log.wait_for(2, timeout=0)


def test_waiting_for_a_position_ends_when_it_is_told_to_stop(log: EventLog) -> None:
    stop, ended = threading.Event(), threading.Event()

    def wait() -> None:
        assert not log.wait_for(1, timeout=3_600, stop=stop)
        ended.set()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    stop.set()
    log.wake()

    assert ended.wait(10)


@pytest.mark.postgres
def test_a_follower_outlives_its_connections(postgres_url: str) -> None:
    with closing(EventLog(f"{postgres_url}&application_name=follower", now=now)) as log:
        log.create()
        followed = log.follow(0)
        with closing(EventLog(postgres_url, now=now)) as writer:
            writer.append(command())
            assert len(next(followed)) == 1

            with writer.database.writing() as connection:
                connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE application_name = 'follower'"
                    )
                )
            writer.append(command())

            assert [row.position for row in next(followed)] == [2]
            writer.append(command())
            assert [row.position for row in next(followed)] == [3]


def test_a_stream_is_read_between_versions(log: EventLog) -> None:
    order = command(events=5)
    (stream,) = order.expected
    log.append(order)
    log.append(command())

    assert [row.version for row in log.read_stream(stream)] == [1, 2, 3, 4, 5]
    assert [row.version for row in log.read_stream(stream, 2, 4)] == [3, 4]
    assert [row.position for row in log.select(1, 2, up_to=4)] == [2, 3]
