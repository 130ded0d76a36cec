"""Rows of lists, kept by the position of an affair's last event: what stood there stays so.

A list is asked for positions alone, all in one value: each row that is fetched costs a change of
threads on SQLite and the reading of some thirty columns anywhere.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.projector.statements import asked
from adapters.projector.table import ViewTable

KEPT = 8_192
"""Rows that a process keeps of a table."""


class KeptRows:
    """The rows of a table that has a `position` which no two contents share."""

    def __init__(self, database: Database, table: ViewTable) -> None:
        self._database, self._table = database, table
        self._rows: dict[int, Any] = {}

    def found(self, query: sa.Select[Any], told: Mapping[str, Any]) -> tuple[list[Any], int]:
        """The rows that a query of the whole table finds, in no order.

        A row that changes meanwhile is left out: the next look finds it where it is by then.
        """
        sqlite = self._database.is_sqlite
        wanted = _positions(query, sqlite)
        with self._database.reading() as connection:
            ((text,),) = asked(wanted, sqlite=sqlite).rows(connection, told)
            positions = [int(one) for one in text.split(",")] if text else []
            rows = {one: self._rows.get(one) for one in positions}
            missing = [one for one, row in rows.items() if row is None]
            if missing:
                fresh = connection.execute(query.where(_position(query).in_(missing)), told)
                read = {row.position: row for row in map(self._table.read_row, map(tuple, fresh))}
                rows |= read
                if len(self._rows) >= KEPT:
                    self._rows = {}
                self._rows.update(read)
        return [row for row in rows.values() if row is not None], len(positions)


def _position(query: sa.Select[Any]) -> sa.ColumnElement[int]:
    return query.selected_columns["position"]


# Made once for each query that is itself made once.
@lru_cache(maxsize=1_024)
def _positions(query: sa.Select[Any], sqlite: bool) -> sa.Select[Any]:
    found = query.with_only_columns(_position(query)).subquery().c.position
    if sqlite:
        return sa.select(sa.func.group_concat(found))
    return sa.select(sa.func.string_agg(sa.cast(found, sa.Text), ","))
