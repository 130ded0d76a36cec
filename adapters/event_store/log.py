"""The log of one district: append, read, follow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL

from adapters.event_store.batch import Outcome
from adapters.event_store.checks import checked
from adapters.event_store.commit import Committer, InlineViews
from adapters.event_store.engine import Database
from adapters.event_store.filelock import LockTimeout
from adapters.event_store.follow import Followers
from adapters.event_store.group import GroupCommit
from adapters.event_store.measures import Measures
from adapters.event_store.member import Member
from adapters.event_store.postgresql import channel
from adapters.event_store.reading import Reader, StoredRow
from adapters.event_store.schema import FORMAT, protect, tables, unprotected
from adapters.event_store.signals import signal
from domain.errors import Malformed, NotFound, PlaceUnusable
from domain.log import Append, Receipt

Kind = Literal["production", "demonstration"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LogInfo:
    """What a log is. anchor: where a demonstration's clock started, ISO; None in production."""

    log_id: UUID
    kind: Kind
    anchor: str | None
    created_at: str
    format: int


class EventLog:
    """Events in one order without gaps, stored with their commands, claims and inline views.

    Connects when first used. Any number of threads, and any number of processes.
    """

    def __init__(
        self,
        database: Database | str | URL,
        *,
        now: Callable[[], datetime],
        inline: InlineViews | None = None,
        committed: Callable[[int], None] = lambda head: None,
        prefix: str = "",
    ) -> None:
        """Open a log.

        committed: told the new head after each commit of this process that was answered,
            before the next transaction begins.
        """
        self.database = database if isinstance(database, Database) else Database(database)
        self.tables = tables(prefix)
        self._now = now
        self._inline = inline
        self._signal = signal(f"{self.database.name}#{prefix}")
        self._reader = Reader(self.database, self.tables)
        self._info: LogInfo | None = None
        self._committer = Committer(
            self.database,
            self.tables,
            now=now,
            log_id=lambda: self.describe().log_id,
            inline=inline,
            committed=self._told,
        )
        self._committed = committed
        self._group = GroupCommit(self._committer.commit)
        listens = None if self.database.is_sqlite else channel(self.database, self.tables)
        self._followers = Followers(self.database, self._reader, self._signal, listens)

    def _told(self, head: int) -> None:
        self._committed(head)
        self._signal.ring(head)

    def create(self, kind: Kind = "production", anchor: str | None = None) -> LogInfo:
        """Create what is missing of the tables, of the inline views too; the same twice is fine.

        Raises Malformed for a production log with an anchor, and where the log is there
        already as another kind or with another anchor.
        """
        if kind == "production" and anchor is not None:
            raise Malformed("anchor", "a production log has none: its clock is the world's")
        log = self.tables.log
        with self.database.creating() as connection:
            self.tables.metadata.create_all(connection)
            for table in self.tables.protected:
                protect(connection, table)
            if self._inline is not None:
                self._inline.tables.create_all(connection)
            if connection.execute(sa.select(log)).first() is None:
                log_id = uuid4()
                connection.execute(
                    sa.insert(log).values(
                        one=1,
                        log_id=log_id.bytes if self.database.is_sqlite else log_id,
                        format=FORMAT,
                        kind=kind,
                        anchor=anchor,
                        created_at=self._now().isoformat(),
                    )
                )
        info = self.describe()
        if (info.kind, info.anchor) != (kind, anchor):
            raise Malformed("kind", f"this is a {info.kind} log, anchor {info.anchor}")
        return info

    def protect(self) -> None:
        """Bring back what is missing of the triggers that refuse to change the log, as where an
        older program made it.

        Raises PlaceUnusable where it cannot be brought back: the place cannot be written.
        """
        with self.database.reading() as connection:
            missing = unprotected(connection, self.tables)
        if not missing:
            return
        _log.warning("the log was not protected", missing=missing)
        try:
            with self.database.creating() as connection:
                for table in self.tables.protected:
                    protect(connection, table)
        except (sa.exc.SQLAlchemyError, LockTimeout, OSError) as error:
            because = getattr(error, "orig", None) or error
            told = (
                f"the log is not protected ({', '.join(missing)} missing), nor can it be: {because}"
            )
            raise PlaceUnusable(self.database.name, told) from error

    def describe(self) -> LogInfo:
        """What this log is. Raises NotFound if it was not created."""
        if self._info is None:
            row = self._row()
            if row is None:
                raise NotFound("log", self.database.name)
            log_id = UUID(bytes=row.log_id) if self.database.is_sqlite else row.log_id
            self._info = LogInfo(log_id, row.kind, row.anchor, row.created_at, row.format)
        return self._info

    def _row(self) -> sa.Row[tuple[Any, ...]] | None:
        path = self.database.path
        # To look into a file that is not there would make it.
        if path is not None and not path.exists():
            return None
        with self.database.reading() as connection:
            if not sa.inspect(connection).has_table(self.tables.log.name):
                return None
            return connection.execute(sa.select(self.tables.log)).first()

    def append(self, append: Append) -> Receipt:
        """Store the command, durably and whole, or raise and store nothing of it.

        Raises Conflict, ClaimHeld, CommandReused, StorageUnavailable, OutcomeUnknown, or
        what an inline view raised.
        """
        member = checked(append)
        self._group.run((member,))
        return _answered(member)

    async def append_async(self, append: Append) -> Receipt:
        """The same without blocking the event loop."""
        member = checked(append)
        await self._group.run_async((member,))
        return _answered(member)

    def submit(self, member: Member) -> Receipt:
        """What recorders append: checked by them, in the same queue."""
        self._group.run((member,))
        return _answered(member)

    def append_many(self, appends: Sequence[Append]) -> list[Outcome]:
        """Store an ordered batch in one transaction; the refused ones do not spoil the rest."""
        members = [checked(append) for append in appends]
        if members:
            self._group.run(members)
        return [_outcome(member) for member in members]

    @property
    def measures(self) -> Measures:
        """How the appends of this process went."""
        return self._committer.measures

    def head(self) -> int:
        """The last position, 0 in an empty log."""
        return self._reader.head()

    def read(self, after: int, limit: int) -> list[StoredRow]:
        """At most `limit` events that follow the position `after`."""
        return self._reader.after(after, limit)

    def select(
        self, after: int, limit: int, *, up_to: int | None = None, topics: Sequence[str] = ()
    ) -> list[StoredRow]:
        """The same, to the position `up_to` inclusive, of these topics if any are named."""
        return self._reader.select(after, limit, up_to, topics)

    def read_stream(
        self, stream_id: UUID, after_version: int = 0, up_to: int | None = None
    ) -> list[StoredRow]:
        """Events of one stream in version order, above `after_version`, to `up_to` inclusive."""
        return self._reader.stream(stream_id, after_version, up_to)

    def wait_for(self, position: int, timeout: float, stop: threading.Event | None = None) -> bool:
        """Wait until the log has come so far. False if it has not within `timeout` seconds.

        Ends soon after `stop` is set; `wake` makes that at once.
        """
        return self._followers.wait_for(position, timeout, stop)

    def follow(
        self,
        after: int,
        *,
        batch: int = 1000,
        stop: threading.Event | None = None,
        topics: Sequence[str] = (),
    ) -> Iterator[Sequence[StoredRow]]:
        """Every event above `after`, each once and in order, in batches; then wait for more.

        topics: only these, if any are named. Ends soon after `stop` is set; `wake` makes that
        at once.
        """
        return self._followers.follow(after, batch, stop, topics)

    def wake(self) -> None:
        """Have every follower in this process look at its `stop` and at the log now."""
        self._signal.nudge()

    def close(self) -> None:
        """Finish what is queued and close the connections."""
        self._followers.close()
        self._group.close()
        self._committer.close()
        self.database.close()


def _outcome(member: Member) -> Outcome:
    assert member.outcome is not None
    return member.outcome


def _answered(member: Member) -> Receipt:
    outcome = _outcome(member)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
