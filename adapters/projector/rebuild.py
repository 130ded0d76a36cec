"""A view built anew from the log, beside the live one, which stays in use until the switch."""

import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from adapters.event_store import Database, EventLog, StoredRow
from adapters.event_store.postgresql import lock_key
from adapters.history import History
from adapters.projector import state
from adapters.projector.folding import Folding
from adapters.projector.follower import fold_parking, parked_at, topics_of
from adapters.projector.table import TALLY, ViewTable, live
from domain.errors import Unreadable
from projections.view import Lifecycle, View

BATCH = 4000
KEPT_ROWS = 200_000

Progress = Callable[[int, int], None]
"""Told how many events of how many are folded."""


class Rebuild:
    """One rebuild of one view. What a killed one left behind, the next one clears away.

    database: where the view lives: the log's own for inline views, the views' for others.
    """

    def __init__(
        self, view: View[Any], log: EventLog, history: History, database: Database
    ) -> None:
        self._view, self._log, self._history, self._database = view, log, history, database
        self._sqlite = database.is_sqlite
        self._mark = f"{view.name}__"
        self._beside = ViewTable(view, sqlite=self._sqlite, suffix=f"__{secrets.token_hex(4)}")
        self._folding = Folding(self._beside, keep=KEPT_ROWS)
        self._wanted = topics_of([view])
        self._parked: dict[tuple[str, Any], int] = {}
        self._found: list[state.Parked] = []
        self._position = 0

    def run(self, progress: Progress = lambda done, total: None) -> int:
        """Fill the table beside, then switch; the position it is level with.

        The last events are folded under the lock that writers need, so that none is missed;
        pages read the old table until the very switch.
        """
        self._clear()
        with self._database.creating() as connection:
            state.metadata.create_all(connection)
            self._beside.metadata.create_all(connection)
            state.begin(connection, self._view.name, 0)
        total = self._log.head()
        while rows := self._log.read(self._position, BATCH):
            with self._database.writing() as connection:
                self._fold(connection, rows)
            progress(self._position, max(total, self._position))
        with self._database.writing() as connection:
            self._hold(connection)
            while rows := self._log.read(self._position, BATCH):
                self._fold(connection, rows)
            self._switch(connection)
        return self._position

    def _fold(self, connection: sa.Connection, rows: list[StoredRow]) -> None:
        def unread(row: StoredRow, why: Unreadable) -> None:
            found = parked_at(self._view, row.stream_id, row.position, row.topic, why)
            self._found.append(found)
            self._parked.setdefault((self._view.name, row.stream_id), row.position)

        recorded = self._history.batch(
            rows, unread, wanted=self._wanted, metadata=self._view.reads_metadata
        )
        fold_parking(self._folding, connection, recorded, self._parked, self._found)
        self._position = rows[-1].position

    # Nobody may write the live view while the last events are folded.
    def _hold(self, connection: sa.Connection) -> None:
        if self._view.lifecycle is Lifecycle.INLINE and not self._sqlite:
            # Important: their own lock. They write the views before the events, and would meet
            # whoever holds the events and wants the views.
            key = lock_key(self._log.database, self._log.tables)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
        state.position(connection, self._view.name)

    def _switch(self, connection: sa.Connection) -> None:
        replaced = live(self._view, sqlite=self._sqlite)
        replaced.metadata.drop_all(connection)
        quote = connection.dialect.identifier_preparer.quote
        for old, new in zip(
            self._beside.metadata.sorted_tables, replaced.metadata.sorted_tables, strict=True
        ):
            connection.exec_driver_sql(f"ALTER TABLE {quote(old.name)} RENAME TO {quote(new.name)}")
        state.release(connection, [self._view.name])
        state.park(connection, self._found, sqlite=self._sqlite)
        state.advance(connection, self._view.name, self._position, self._view.version)

    def _clear(self) -> None:
        with self._database.writing() as connection:
            left = [
                name
                for name in sa.inspect(connection).get_table_names()
                if name.startswith(self._mark)
            ]
            for name in left:
                sa.Table(name, sa.MetaData()).drop(connection)


def contents(connection: sa.Connection, table: ViewTable) -> tuple[list[Any], list[Any]]:
    """All rows of a view in order of their keys, and of its roll-up: for comparing two."""
    keys = [table.table.c[name] for name in table.view.key]
    rows = [
        table.read_row(row)
        for row in connection.exec_driver_sql(
            str(sa.select(table.table).order_by(*keys).compile(connection))
        )
    ]
    sums: list[Any] = []
    if table.tally is not None:
        order = [table.tally.c[name] for name in TALLY]
        sums = [tuple(row) for row in connection.execute(sa.select(table.tally).order_by(*order))]
    return rows, sums
