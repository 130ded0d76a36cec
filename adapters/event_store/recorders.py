"""The recorders of `eventsourcing`, on the log's own tables and append path.

They are written once, in SQLAlchemy Core. Stream ids are UUIDs; versions of a stream rise.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    DataError,
    IntegrityError,
    Notification,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from adapters.event_store.batch import AlreadyTracked
from adapters.event_store.checks import text
from adapters.event_store.engine import Database
from adapters.event_store.log import EventLog
from adapters.event_store.member import Member
from adapters.event_store.reading import StoredRow
from adapters.event_store.schema import BIG, STREAM
from domain.errors import Conflict, Malformed, OutcomeUnknown, StorageUnavailable
from domain.log import Draft, Metadata

NOBODY = Metadata(
    actor="SYS",
    role="",
    unit="",
    command_id=UUID(int=0),
    request_hash="",
    correlation_id=UUID(int=0),
)
"""Metadata of events that came without any; their command id is not remembered."""


def _uuid(originator_id: UUID | str) -> UUID:
    try:
        return originator_id if isinstance(originator_id, UUID) else UUID(originator_id)
    except ValueError:
        raise DataError(f"an originator id is a UUID, not {originator_id!r}") from None


@contextmanager
def _library_errors() -> Iterator[None]:
    """Our refusals, in the library's words."""
    try:
        yield
    except (Conflict, AlreadyTracked, sa.exc.IntegrityError) as error:
        raise IntegrityError(error) from error
    except (StorageUnavailable, OutcomeUnknown, sa.exc.OperationalError) as error:
        raise OperationalError(error) from error
    except (Malformed, ValueError) as error:
        raise DataError(error) from error


class LogAggregateRecorder(AggregateRecorder):
    """Streams without an order among them, such as snapshots, in a table of their own."""

    def __init__(self, database: Database, table_name: str) -> None:
        self.database = database
        self._table = sa.Table(
            table_name,
            sa.MetaData(),
            sa.Column("stream_id", STREAM, primary_key=True),
            sa.Column("version", BIG, primary_key=True, autoincrement=False),
            sa.Column("topic", sa.Text(), nullable=False),
            sa.Column("state", sa.LargeBinary(), nullable=False),
            sqlite_with_rowid=False,
        )

    def create_table(self) -> None:
        """Create the table if it is not there."""
        with self.database.creating() as connection:
            self._table.create(connection, checkfirst=True)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Insert all or none. Raises IntegrityError where a version is there already."""
        rows = [
            {
                "stream_id": self._key(event.originator_id),
                "version": event.originator_version,
                "topic": event.topic,
                "state": event.state,
            }
            for event in stored_events
        ]
        if rows:
            with _library_errors(), self.database.writing() as connection:
                connection.execute(sa.insert(self._table), rows)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Events of one stream between two versions, in either order."""
        columns = self._table.c
        query = sa.select(columns.version, columns.topic, columns.state).where(
            columns.stream_id == self._key(originator_id)
        )
        if gt is not None:
            query = query.where(columns.version > gt)
        if lte is not None:
            query = query.where(columns.version <= lte)
        query = query.order_by(columns.version.desc() if desc else columns.version).limit(limit)
        with _library_errors(), self.database.reading() as connection:
            rows = connection.execute(query)
            stream_id = _uuid(originator_id)
            return [StoredEvent(stream_id, *row) for row in rows]

    def _key(self, originator_id: UUID | str) -> UUID | bytes:
        stream_id = _uuid(originator_id)
        return stream_id.bytes if self.database.is_sqlite else stream_id


class LogApplicationRecorder(ApplicationRecorder):
    """The log as the library's application sequence."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append all or none, through the log's queue; the positions they were given.

        metadata: a `domain.log.Metadata`; its command id is then remembered, and the same
        command again is answered with the first positions. tracking: see the process recorder.
        """
        tracking: Tracking | None = kwargs.get("tracking")
        if not stored_events and tracking is None:
            return []
        metadata: Metadata | None = kwargs.get("metadata")
        with _library_errors():
            member = Member(
                [_draft(event) for event in stored_events],
                None,
                metadata or NOBODY,
                named=metadata is not None,
                tracking=(
                    None
                    if tracking is None
                    else (tracking.application_name, tracking.notification_id)
                ),
            )
            receipt = self.log.submit(member)
        return list(range(receipt.first, receipt.last + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Events of one stream between two versions, in either order."""
        with _library_errors():
            rows = self.log.read_stream(
                _uuid(originator_id), after_version=-1 if gt is None else gt, up_to=lte
            )
        if desc:
            rows.reverse()
        return [
            StoredEvent(row.stream_id, row.version, row.topic, row.state) for row in rows[:limit]
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most `limit` events from `start` to `stop`, of these topics if any are named."""
        after = (start or 0) - (1 if inclusive_of_start and start else 0)
        with _library_errors():
            rows = self.log.select(after, limit, up_to=stop, topics=topics)
        return [_notification(row) for row in rows]

    def max_notification_id(self) -> int | None:
        """The last position, None in an empty log."""
        with _library_errors():
            return self.log.head() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Every event above `gt`, and then the next one when it comes."""
        return LogSubscription(self, gt, topics)


def _draft(event: StoredEvent) -> Draft:
    text(event.topic, "topic")
    if not 0 <= event.originator_version < 2**63:
        raise ValueError(f"not a version: {event.originator_version}")
    return Draft(
        stream_id=_uuid(event.originator_id),
        version=event.originator_version,
        topic=event.topic,
        state=event.state,
        event=None,
    )


def _notification(row: StoredRow) -> Notification:
    return Notification(row.stream_id, row.version, row.topic, row.state, row.position)


class LogSubscription(Subscription[LogApplicationRecorder]):
    """A follower of the log, one event at a time. `stop` may come from another thread."""

    def __init__(
        self, recorder: LogApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._stopped = threading.Event()
        self._batches = recorder.log.follow(gt or 0, batch=500, stop=self._stopped, topics=topics)
        self._rows: Iterator[StoredRow] = iter(())

    def stop(self) -> None:
        """End the iteration, also one that waits."""
        super().stop()
        self._stopped.set()
        self._recorder.log.wake()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            for row in self._rows:
                return _notification(row)
            self._rows = iter(next(self._batches))
        raise StopIteration


class LogTrackingRecorder(TrackingRecorder):
    """How far each upstream application was processed, with what was made of it.

    A view derives from this class: it names its tables in `views`, and changes them and calls
    `track` within one `writing`.
    """

    views: sa.MetaData | None = None

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self._tracking = log.tables.tracking

    def create_table(self) -> None:
        """Create the tables that are not there."""
        with self.log.database.creating() as connection:
            self._tracking.create(connection, checkfirst=True)
            if self.views is not None:
                self.views.create_all(connection)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction, with errors in the library's words."""
        with _library_errors(), self.log.database.writing() as connection:
            yield connection

    def track(self, connection: sa.Connection, tracking: Tracking) -> None:
        """Record the position; IntegrityError where it or a later one is recorded."""
        table = self._tracking
        name, position = tracking.application_name, tracking.notification_id
        moved = connection.execute(
            sa.update(table)
            .where(table.c.application_name == name, table.c.notification_id < position)
            .values(notification_id=position)
        )
        if moved.rowcount == 0:
            connection.execute(
                sa.insert(table).values(application_name=name, notification_id=position)
            )

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record the position alone; IntegrityError where it or a later one is recorded."""
        with self.writing() as connection:
            self.track(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last position of that application which was processed, None if there is none."""
        table = self._tracking
        query = sa.select(table.c.notification_id).where(
            table.c.application_name == application_name
        )
        with _library_errors(), self.log.database.reading() as connection:
            return connection.execute(query).scalar()


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Both: `insert_events` with `tracking=` records the position with the events it led to."""
