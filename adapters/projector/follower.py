"""Brings the following views level with the log: a batch and its checkpoint in one transaction.

An event that a view cannot fold, or that cannot be read, parks its stream for that view; the
other streams go on.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.event_store import Database, EventLog, StoredRow
from adapters.history import History
from adapters.projector import state
from adapters.projector.folding import Folding
from adapters.projector.table import live
from domain.errors import Refusal, Unreadable
from domain.log import Recorded
from domain.topics import TOPIC_OF, TOPICS
from projections.view import View

BATCH = 1000


class Follower:
    """Follows one log for a set of views in one database."""

    def __init__(
        self, log: EventLog, history: History, database: Database, views: Sequence[View[Any]]
    ) -> None:
        self._log, self._history, self.database = log, history, database
        self._sqlite = database.is_sqlite
        self.views = tuple(views)
        self._foldings = [Folding(live(view, sqlite=self._sqlite)) for view in views]
        self._wanted = topics_of(views)
        self._moved = threading.Condition()

    def create(self) -> None:
        """Create what is missing. A view that is new begins before the first event."""
        with self.database.creating() as connection:
            state.metadata.create_all(connection)
            for folding in self._foldings:
                view = folding.table.view
                folding.table.metadata.create_all(connection)
                state.begin(connection, view.name, view.version)

    def step(self) -> int:
        """Fold the next batch; how many events it held, 0 when level.

        Raises ViewOutdated where a table is of another version than this program's.
        """
        with self.database.writing() as connection:
            reached = {view.name: state.position(connection, view.name) or 0 for view in self.views}
            # Held by now: whoever rebuilds a view switches before, or after this batch.
            for refusal in state.outdated(connection, self.views):
                raise refusal
            after = min(reached.values())
            rows = self._log.read(after, BATCH)
            if not rows:
                return 0
            self._fold(connection, rows, reached)
        with self._moved:
            self._moved.notify_all()
        return len(rows)

    def position(self) -> int:
        """How far the view that is furthest behind has come."""
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(state.checkpoints)).all()
        reached = {row.view: int(row.position) for row in rows}
        return min(reached.get(view.name, 0) for view in self.views)

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until the views have come so far; False if they have not in `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self.position() < position:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            with self._moved:
                # Another process may lead: look again soon, whoever notifies.
                self._moved.wait(min(remaining, 0.05))
        return True

    def parked(self) -> list[state.Parked]:
        """The streams that a view cannot follow."""
        with self.database.reading() as connection:
            return state.parked_of(connection, sqlite=self._sqlite)

    def _fold(
        self, connection: sa.Connection, rows: Sequence[StoredRow], reached: dict[str, int]
    ) -> None:
        unread: list[tuple[StoredRow, Unreadable]] = []
        recorded = self._history.batch(
            rows, lambda row, why: unread.append((row, why)), wanted=self._wanted
        )
        parked = {(p.view, p.stream_id): p.position for p in self._parked(connection)}
        found: list[state.Parked] = []
        for folding in self._foldings:
            view = folding.table.view
            for row, why in unread:
                if row.position > reached[view.name] and concerns(row.topic, view):
                    found.append(parked_at(view, row.stream_id, row.position, row.topic, why))
                    parked.setdefault((view.name, row.stream_id), row.position)
            fold_parking(
                folding,
                connection,
                [seen for seen in recorded if seen.position > reached[view.name]],
                parked,
                found,
            )
            state.advance(
                connection,
                view.name,
                max(rows[-1].position, reached[view.name]),
                view.version,
            )
        state.park(connection, found, sqlite=self._sqlite)

    def _parked(self, connection: sa.Connection) -> list[state.Parked]:
        return state.parked_of(connection, sqlite=self._sqlite)


def fold_parking(
    folding: Folding,
    connection: sa.Connection,
    recorded: Sequence[Recorded],
    parked: dict[tuple[str, Any], int],
    found: list[state.Parked],
) -> None:
    """Fold a batch; a stream whose fold fails is parked from that event on.

    parked: (view, stream) to the position from which nothing is folded; grows.
    found: what was parked now; grows.
    """
    view = folding.table.view

    def goes_on(seen: Recorded) -> bool:
        # Mostly nothing is parked, and ids are slow to look up.
        at = parked.get((view.name, seen.stream_id)) if parked else None
        return at is None or seen.position < at

    def spoilt(seen: Recorded, error: Exception) -> None:
        parked[view.name, seen.stream_id] = seen.position
        found.append(parked_at(view, seen.stream_id, seen.position, seen.topic, error))

    def fold(events: Sequence[Recorded]) -> None:
        with connection.begin_nested():
            folding.apply(connection, events, spoilt=spoilt, goes_on=goes_on)

    try:
        fold(recorded)
    except Exception as error:
        if not _of_the_row(error):
            raise
        # A row that was folded cannot be counted or kept. One by one shows which.
        for seen in recorded:
            try:
                fold([seen])
            except Exception as its_own:
                if not _of_the_row(its_own):
                    raise
                spoilt(seen, its_own)


def _of_the_row(error: Exception) -> bool:
    """Whether what was to be written is at fault, and not the database or its tables."""
    if isinstance(error, sa.exc.DBAPIError):
        return isinstance(error, sa.exc.DataError | sa.exc.IntegrityError)
    return not isinstance(error, sa.exc.SQLAlchemyError | Refusal | OSError)


def concerns(topic: str, view: View[Any]) -> bool:
    """True where the view folds the topic. One that nobody knows may concern every view."""
    return topic not in TOPICS or topic in topics_of([view])


def topics_of(views: Sequence[View[Any]]) -> frozenset[str]:
    """The topics that these views fold."""
    return frozenset(TOPIC_OF[event] for view in views for event in view.handlers)


def parked_at(
    view: View[Any], stream_id: Any, position: int, topic: str, why: Exception
) -> state.Parked:
    """What is kept of an event that a view cannot follow."""
    return state.Parked(
        view=view.name,
        stream_id=stream_id,
        position=position,
        topic=topic,
        reason=plain(f"{type(why).__name__}: {why}"),
    )


def plain(reason: str) -> str:
    """A reason as every database can keep it: it may quote what an event holds."""
    return reason[:500].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
