"""What the recorders promise beyond the library's own suites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    StoredEvent,
    Tracking,
)

from adapters.event_store import EventLog, LogFactory
from adapters.event_store.recorders import LogApplicationRecorder, LogProcessRecorder
from tests.adapters.event_store.commands import command, metadata, now


@pytest.fixture
def factory(database_url: str) -> Iterator[LogFactory]:
    with closing(LogFactory({"DATABASE_URL": database_url})) as made:
        yield made


def an_event(stream: UUID | str, version: int = 1, topic: str = "topic") -> StoredEvent:
    return StoredEvent(stream, version, topic, b"{}")


def test_an_application_and_the_log_share_one_sequence(database_url: str) -> None:
    with (
        closing(
            Application[UUID](
                {"PERSISTENCE_MODULE": "adapters.event_store", "DATABASE_URL": database_url}
            )
        ) as application,
        closing(EventLog(database_url, now=now)) as log,
    ):
        log.append(command())
        (recording,) = application.save(Aggregate())
        log.append(command())

        assert recording.notification.id == 2
        assert [n.id for n in application.recorder.select_notifications(1, 10)] == [1, 2, 3]
        assert [row.position for row in log.read(0, 10)] == [1, 2, 3]


def test_events_with_metadata_are_a_command(factory: LogFactory) -> None:
    recorder = factory.application_recorder()
    event, of_whom = an_event(uuid4()), metadata()

    first = recorder.insert_events([event], metadata=of_whom)
    again = recorder.insert_events([event], metadata=of_whom)

    assert first == again == [1]
    (row,) = factory.log.read(0, 10)
    assert b'"actor":"liqiang"' in row.metadata


def test_events_without_metadata_are_nobodys(factory: LogFactory) -> None:
    recorder = factory.application_recorder()
    event = an_event(uuid4())

    recorder.insert_events([event])
    with pytest.raises(IntegrityError):
        recorder.insert_events([event])

    (row,) = factory.log.read(0, 10)
    assert b'"actor":"SYS"' in row.metadata


@pytest.mark.parametrize(
    "event",
    [
        an_event("not-a-uuid"),
        an_event(UUID(int=1), version=-1),
        an_event(UUID(int=1), topic="with\x00nul"),
        an_event(UUID(int=1), topic="half \ud800"),
    ],
)
def test_what_cannot_be_stored_is_refused(factory: LogFactory, event: StoredEvent) -> None:
    recorder = factory.application_recorder()

    with pytest.raises(DataError):
        recorder.insert_events([event])

    assert recorder.max_notification_id() is None


def test_tracking_alone_goes_through_the_log(factory: LogFactory) -> None:
    recorder = factory.process_recorder()
    assert isinstance(recorder, LogProcessRecorder)

    recorder.insert_events([], tracking=Tracking("upstream", 3))

    assert recorder.max_tracking_id("upstream") == 3
    with pytest.raises(IntegrityError):
        recorder.insert_events([an_event(uuid4())], tracking=Tracking("upstream", 3))
    assert recorder.max_notification_id() is None


def test_the_environment_must_name_a_database_and_a_plain_prefix(sqlite_url: str) -> None:
    with pytest.raises(OSError, match="DATABASE_URL"):
        LogFactory({})
    with pytest.raises(OSError, match="TABLE_PREFIX"):
        LogFactory({"DATABASE_URL": sqlite_url, "TABLE_PREFIX": 'x"; DROP'})


def test_a_recorder_named_by_the_environment_must_be_one(sqlite_url: str) -> None:
    with (
        closing(
            LogFactory(
                {
                    "DATABASE_URL": sqlite_url,
                    "APPLICATION_RECORDER_TOPIC": "eventsourcing.domain:Aggregate",
                }
            )
        ) as factory,
        pytest.raises(OSError, match="LogApplicationRecorder"),
    ):
        factory.application_recorder()


def test_a_demonstration_log_is_used_as_it_is(database_url: str) -> None:
    with closing(EventLog(database_url, now=now)) as log:
        log.create("demonstration", anchor="2011-11-30T18:00:00+08:00")
        with closing(LogFactory({"DATABASE_URL": database_url})) as factory:
            assert isinstance(factory.application_recorder(), LogApplicationRecorder)
