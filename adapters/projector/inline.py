"""The views that a caseworker must see at once: written in the transaction of the events."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.projector.folding import Folding
from adapters.projector.table import ViewTable
from domain.log import Recorded
from projections.view import View


class Inline:
    """What the log calls within its transaction. A fold that fails, fails the command."""

    def __init__(self, views: Sequence[View[Any]], *, sqlite: bool) -> None:
        self.tables = sa.MetaData()
        self._foldings = []
        for view in views:
            table = ViewTable(view, sqlite=sqlite)
            for made in table.metadata.tables.values():
                made.to_metadata(self.tables)
            self._foldings.append(Folding(table))

    def apply(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        """Fold the batch into every inline view."""
        for folding in self._foldings:
            folding.apply(connection, recorded)
