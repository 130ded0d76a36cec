"""The views that a caseworker must see at once: written in the transaction of the events."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.event_store import EventLog
from adapters.projector import state
from adapters.projector.folding import Folding
from adapters.projector.statements import fetched
from adapters.projector.table import live
from domain.log import Recorded
from projections.view import View

KEPT_ROWS = 8192


class Inline:
    """What the log calls within its transaction. A fold that fails, fails the command.

    Rows stay in memory for as long as this process alone writes: when a batch follows the last
    one that was committed here, nobody else has written in between, unless a rebuild has put
    another table in the place of one. Otherwise, and after a transaction whose end is not
    known, they are read anew. A table that another version of the fold made takes nothing more:
    ViewOutdated.
    """

    def __init__(self, views: Sequence[View[Any]], *, sqlite: bool) -> None:
        self.tables, self._views = sa.MetaData(), tuple(views)
        self._foldings = []
        self._level = self._folded = -1
        self._standing: object = None
        for view in views:
            table = live(view, sqlite=sqlite)
            for made in table.metadata.tables.values():
                made.to_metadata(self.tables)
            self._foldings.append(Folding(table, keep=KEPT_ROWS))
        names = [made.name for made in self.tables.sorted_tables]
        # What changes when a table gives way to another of its name.
        self._which = (
            "PRAGMA schema_version"
            if sqlite
            else "SELECT concat_ws(' ', ''"
            + "".join(f", to_regclass('{n}')::oid" for n in names)
            + ")"
        )

    def apply(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        """Fold the batch into every inline view."""
        ((standing,),) = fetched(connection, self._which, ())
        if standing != self._standing:
            self._same_version(connection)
        alone = recorded[0].position == self._level + 1 and standing == self._standing
        # Until the log says that it is committed, what is folded now is not to be relied on.
        self._level, self._folded, self._standing = -1, recorded[-1].position, standing
        for folding in self._foldings:
            if not alone:
                folding.forget()
            folding.apply(connection, recorded)

    # Asked when a table may have taken the place of another: only a rebuild changes a version.
    def _same_version(self, connection: sa.Connection) -> None:
        if sa.inspect(connection).has_table(state.checkpoints.name):
            for refusal in state.outdated(connection, self._views):
                raise refusal

    def committed(self, head: int) -> None:
        """The log's word that the last batch is stored, up to `head`."""
        # A batch without events may have come to a head that others made.
        self._level = head if head == self._folded else -1


def begin(log: EventLog, views: Sequence[View[Any]]) -> None:
    """Note the version of each inline view that was never begun: with its log, or not built yet."""
    with log.database.reading() as connection:
        if sa.inspect(connection).has_table(state.checkpoints.name):
            begun = set(connection.execute(sa.select(state.checkpoints.c.view)).scalars())
            if begun.issuperset(view.name for view in views):
                return
    with log.database.creating() as connection:
        state.metadata.create_all(connection)
        empty = log.head() == 0
        for view in views:
            live(view, sqlite=log.database.is_sqlite).metadata.create_all(connection)
            state.begin(connection, view.name, view.version if empty else 0)
