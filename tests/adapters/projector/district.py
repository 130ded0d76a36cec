"""A district without a desk: a log with its inline views, and a follower beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from adapters.codec import Codec
from adapters.codec.making import closed
from adapters.codec.paths import replaced
from adapters.event_store import Database, EventLog
from adapters.history import History
from adapters.projector.follower import Follower
from adapters.projector.inline import Inline, begin
from adapters.projector.rebuild import Rebuild, contents
from adapters.projector.table import ViewTable
from domain.log import Append, Draft, Metadata, Receipt, Recorded
from domain.personal import Personal
from projections.catalogue import ALL
from projections.view import Key, Lifecycle, View

INLINE = tuple(view for view in ALL if view.lifecycle is Lifecycle.INLINE)
FOLLOWING = tuple(view for view in ALL if view.lifecycle is Lifecycle.FOLLOWING)

Contents = tuple[list[Any], list[Any]]


def now() -> datetime:
    """The world's clock."""
    return datetime.now(UTC)


class District:
    """One log and its views, opened like a process does: a second one is another process."""

    def __init__(
        self,
        url: str,
        *,
        inline: Sequence[View[Any]] = INLINE,
        following: Sequence[View[Any]] = FOLLOWING,
        codec: Codec | None = None,
    ) -> None:
        self.codec = codec or Codec()
        self.database = Database(url)
        sqlite = self.database.is_sqlite
        views = Inline(inline, sqlite=sqlite)
        self.log = EventLog(self.database, now=now, inline=views, committed=views.committed)
        self.history = History(self.log, self.codec)
        beside = url.removesuffix(".db") + "-views.db" if sqlite else url
        self.follower = Follower(self.log, self.history, Database(beside), following)
        self.log.create()
        begin(self.log, inline)
        self.follower.create()

    def close(self) -> None:
        self.log.close()
        self.follower.database.close()

    def place(self, view: View[Any]) -> Database:
        """The database in which the view lives."""
        return self.database if view.lifecycle is Lifecycle.INLINE else self.follower.database

    def append(self, seen: Recorded) -> Append:
        """The recorded event as a command of its own."""
        event = in_place(seen.event, seen.version)
        topic, state = self.codec.encode(event)
        draft = Draft(
            stream_id=seen.stream_id,
            version=seen.version,
            topic=topic,
            state=state,
            event=event,
        )
        return Append(
            drafts=(draft,),
            expected={seen.stream_id: seen.version - 1},
            metadata=replace(seen.metadata, command_id=uuid4()),
        )

    def record(self, events: Iterable[Recorded]) -> None:
        """Store the events, each as a command, all in one transaction."""
        for outcome in self.log.append_many([self.append(seen) for seen in events]):
            assert isinstance(outcome, Receipt), outcome

    def spoil(self, stream_id: UUID, version: int, topic: str, state: bytes = b"{]") -> int:
        """Store what nobody can read as the next event of a stream; its position."""
        draft = Draft(stream_id=stream_id, version=version, topic=topic, state=state, event=None)
        metadata = Metadata(
            actor="liqiang",
            role="CW",
            unit="",
            command_id=uuid4(),
            request_hash="5f" * 32,
            correlation_id=stream_id,
        )
        receipt = self.log.append(
            Append(drafts=(draft,), expected={stream_id: version - 1}, metadata=metadata)
        )
        return receipt.last

    def follow(self) -> None:
        """Bring the following views level."""
        while self.follower.step():
            pass

    def rebuild(self, view: View[Any]) -> int:
        """Build the view anew."""
        return Rebuild(view, self.log, self.history, self.place(view)).run()

    def contents(self, view: View[Any]) -> Contents:
        """The rows of the live view in order of their keys, and its roll-up."""
        database = self.place(view)
        with database.reading() as connection:
            return contents(connection, ViewTable(view, sqlite=database.is_sqlite))

    def rows(self, view: View[Any]) -> dict[Key, Any]:
        """The rows of the live view by key."""
        return {
            tuple(getattr(row, name) for name in view.key): row for row in self.contents(view)[0]
        }

    def recorded(self) -> list[Recorded]:
        """The whole log, read back."""
        return self.history.batch(self.log.read(0, 100_000), lambda _row, why: _fail(why))


def _fail(why: Exception) -> None:
    raise why


def in_place(event: Any, version: int) -> Any:
    """The event with its personal values sealed to their place, as the key store gives it."""

    def bound(value: Personal, path: str) -> Personal:
        return closed(value.subject, value.sealed, f"{version}/{path}")

    return replaced(event, bound)


def moved(events: Iterable[Recorded]) -> list[Recorded]:
    """The same history of other streams, so that one log can hold it many times."""
    fresh: dict[UUID, UUID] = {}
    return [seen._replace(stream_id=fresh.setdefault(seen.stream_id, uuid4())) for seen in events]
