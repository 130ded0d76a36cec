"""The suites of `eventsourcing` itself, with our persistence module, on both databases.

They are unittest cases, which pytest does not parametrise: hence a class for each database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import InfrastructureFactory, Tracking
from eventsourcing.tests import application, persistence, projection
from eventsourcing.utils import Environment, EnvType, get_topic

from adapters.event_store import LogFactory
from adapters.event_store.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
)

MODULE = "adapters.event_store"


class Suite:
    """A suite's environment, which its applications read, and the factories it made."""

    environment: dict[str, str]

    def _prepared(self, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        self.environment = {
            "PERSISTENCE_MODULE": MODULE,
            "DATABASE_URL": url,
            # The projection's own application, in the same place as the one it follows.
            "COUNTERS_TABLE_PREFIX": "counters_",
        }
        for key, value in self.environment.items():
            monkeypatch.setenv(key, value)
        made: list[LogFactory] = []
        construct = LogFactory.__init__

        def remembered(factory: LogFactory, env: EnvType | None) -> None:
            made.append(factory)
            construct(factory, env)

        # The suites drop many of their applications without closing them.
        monkeypatch.setattr(LogFactory, "__init__", remembered)
        yield
        for factory in made:
            factory.close()

    def factory_made(self) -> LogFactory:
        """A factory such as an application constructs."""
        factory = InfrastructureFactory.construct(Environment("Suite", self.environment))
        assert isinstance(factory, LogFactory)
        return factory


class OnSqlite(Suite):
    """Runs the suite on a SQLite file."""

    @pytest.fixture(autouse=True)
    def _database(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        yield from self._prepared(sqlite_url, monkeypatch)


class OnPostgres(Suite):
    """Runs the suite on a PostgreSQL schema."""

    @pytest.fixture(autouse=True)
    def _database(self, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        yield from self._prepared(postgres_url, monkeypatch)


class WithAggregates(Suite):
    def create_recorder(self) -> LogAggregateRecorder:
        return cast(LogAggregateRecorder, self.factory_made().aggregate_recorder())


class TestAggregatesOnSqlite(OnSqlite, WithAggregates, persistence.AggregateRecorderTestCase): ...


class TestAggregatesOnPostgres(
    OnPostgres, WithAggregates, persistence.AggregateRecorderTestCase
): ...


class WithLog(Suite):
    def create_recorder(self) -> LogApplicationRecorder:
        return cast(LogApplicationRecorder, self.factory_made().application_recorder())


class TestLogOnSqlite(
    OnSqlite, WithLog, persistence.ApplicationRecorderTestCase[LogApplicationRecorder]
):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestLogOnPostgres(
    OnPostgres, WithLog, persistence.ApplicationRecorderTestCase[LogApplicationRecorder]
):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleavingOnSqlite(
    OnSqlite, WithLog, persistence.NonInterleavingNotificationIDsBaseCase
): ...


class TestNonInterleavingOnPostgres(
    OnPostgres, WithLog, persistence.NonInterleavingNotificationIDsBaseCase
): ...


class WithTracking(Suite):
    def create_recorder(self) -> LogTrackingRecorder:
        return self.factory_made().tracking_recorder()


class TestTrackingOnSqlite(OnSqlite, WithTracking, persistence.TrackingRecorderTestCase): ...


class TestTrackingOnPostgres(OnPostgres, WithTracking, persistence.TrackingRecorderTestCase): ...


class WithProcess(Suite):
    def create_recorder(self) -> LogProcessRecorder:
        return cast(LogProcessRecorder, self.factory_made().process_recorder())


class TestProcessOnSqlite(OnSqlite, WithProcess, persistence.ProcessRecorderTestCase): ...


class TestProcessOnPostgres(OnPostgres, WithProcess, persistence.ProcessRecorderTestCase): ...


class SpecialTracking(LogTrackingRecorder):
    """A class of its own, for the factory to be told of."""


class WithFactory(Suite):
    @pytest.fixture(autouse=True)
    def _environment(self, _database: None) -> None:
        self.env = Environment("Suite", self.environment)

    def expected_factory_class(self) -> type[LogFactory]:
        return LogFactory

    def expected_aggregate_recorder_class(self) -> type[LogAggregateRecorder]:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> type[LogApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[LogTrackingRecorder]:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> type[LogTrackingRecorder]:
        return SpecialTracking

    def expected_process_recorder_class(self) -> type[LogProcessRecorder]:
        return LogProcessRecorder


class TestFactoryOnSqlite(
    OnSqlite, WithFactory, persistence.InfrastructureFactoryTestCase[LogFactory]
): ...


class TestFactoryOnPostgres(
    OnPostgres, WithFactory, persistence.InfrastructureFactoryTestCase[LogFactory]
): ...


# One of its tests looks at a warning, and so must not have it turned into an error.
@pytest.mark.filterwarnings("always:'log' is deprecated:DeprecationWarning")
class TestApplicationOnSqlite(OnSqlite, application.ApplicationTestCase): ...


@pytest.mark.filterwarnings("always:'log' is deprecated:DeprecationWarning")
class TestApplicationOnPostgres(OnPostgres, application.ApplicationTestCase): ...


class TestExampleOnSqlite(OnSqlite, application.ExampleApplicationTestCase):
    expected_factory_topic = get_topic(LogFactory)


class TestExampleOnPostgres(OnPostgres, application.ExampleApplicationTestCase):
    expected_factory_topic = get_topic(LogFactory)


class Counters(LogTrackingRecorder, projection.EventCountersView):
    """A view in the library's sense: two counters, moved with the position they count to."""

    views = sa.MetaData()
    table = sa.Table(
        "event_counters",
        views,
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("counted", sa.Integer(), nullable=False),
    )

    def get_created_event_counter(self) -> int:
        return self._counted("created")

    def get_subsequent_event_counter(self) -> int:
        return self._counted("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._count("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._count("subsequent", tracking)

    def _counted(self, name: str) -> int:
        query = sa.select(self.table.c.counted).where(self.table.c.name == name)
        with self.log.database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def _count(self, name: str, tracking: Tracking) -> None:
        with self.writing() as connection:
            self.track(connection, tracking)
            moved = connection.execute(
                sa.update(self.table)
                .where(self.table.c.name == name)
                .values(counted=self.table.c.counted + 1)
            )
            if moved.rowcount == 0:
                connection.execute(sa.insert(self.table).values(name=name, counted=1))


class WithCounters(Suite):
    def construct_event_counters_view(self) -> Counters:
        return cast(Counters, self.factory_made().tracking_recorder(Counters))


class TestCountersOnSqlite(OnSqlite, WithCounters, projection.EventCountersViewTestCase): ...


class TestCountersOnPostgres(OnPostgres, WithCounters, projection.EventCountersViewTestCase): ...


class TestProjectionOnSqlite(OnSqlite, projection.AggregateEventCountersProjectionTestCase):
    view_class: type[projection.EventCountersView] = Counters


class TestProjectionOnPostgres(OnPostgres, projection.AggregateEventCountersProjectionTestCase):
    view_class: type[projection.EventCountersView] = Counters


class TestEventSourcedProjectionOnSqlite(OnSqlite, projection.EventSourcedProjectionTestCase): ...


class TestEventSourcedProjectionOnPostgres(
    OnPostgres, projection.EventSourcedProjectionTestCase
): ...
