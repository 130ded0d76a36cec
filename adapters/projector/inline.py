"""The views that a caseworker must see at once: written in the transaction of the events."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.projector.folding import Folding
from adapters.projector.table import ViewTable
from domain.log import Recorded
from projections.view import View


KEPT_ROWS = 8192


class Inline:
    """What the log calls within its transaction. A fold that fails, fails the command.

    Rows stay in memory for as long as this process alone writes: when a batch follows the last
    one that was committed here, nobody else has written in between. Otherwise, and after a
    transaction whose end is not known, they are read anew.
    """

    def __init__(self, views: Sequence[View[Any]], *, sqlite: bool) -> None:
        self.tables = sa.MetaData()
        self._foldings = []
        self._level = -1
        for view in views:
            table = ViewTable(view, sqlite=sqlite)
            for made in table.metadata.tables.values():
                made.to_metadata(self.tables)
            self._foldings.append(Folding(table, keep=KEPT_ROWS))

    def apply(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        """Fold the batch into every inline view."""
        alone = recorded[0].position == self._level + 1
        # Until the log says that it is committed, what is folded now is not to be relied on.
        self._level = -1
        for folding in self._foldings:
            if not alone:
                folding.forget()
            folding.apply(connection, recorded)

    def committed(self, head: int) -> None:
        """The log's word that the last batch is stored, up to `head`."""
        self._level = head
