"""How many affairs within reach are late, due today, newly assigned, to be visited: one look."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import to_micros
from adapters.projector.statements import asked
from adapters.projector.table import live
from adapters.reach import newly, within
from projections.worklist import WorklistRow, worklist
from workflows.rights import Scope

PROVISIONAL = ",true]"
"""How a clock that waits for the calendar of a year ends where clocks are kept as text."""
MOST = 1_000
"""So many affairs with such a clock are looked at, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The four numbers of the inbox."""

    late: int
    today: int
    new: int
    visit: int


class Tallies:
    """Counts over the worklist."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = live(worklist, sqlite=database.is_sqlite)

    def __call__(self, scope: Scope, account: str, now: datetime, midnight: datetime) -> Counts:
        """The counts of open affairs within `scope`; `new` are the account's own.

        Nothing whose deadline is provisional is late, or due today.
        """
        moments = {"now": to_micros(now), "midnight": to_micros(midnight)}
        counted, mixed = _asked(self._table.table, scope, account)
        query = asked(counted, sqlite=self._database.is_sqlite)
        with self._database.reading() as connection:
            ((gone, due, doubtful, new, visit),) = query.rows(connection, moments)
            rows = self._rows(connection, mixed, moments) if doubtful else ()
        for row in rows:
            if not next(clock for clock in row.clocks if clock.name == row.due_clock).provisional:
                due += 1
                gone += row.due_at is not None and row.due_at <= now
        return Counts(late=gone, today=due - gone, new=new, visit=visit)

    def _rows(
        self, connection: sa.Connection, query: sa.Select[Any], moments: dict[str, int]
    ) -> list[WorklistRow]:
        return [self._table.read_row(tuple(row)) for row in connection.execute(query, moments)]


# Made once for each reach: to put a statement together takes longer than to ask it. The second
# looks at rows with a provisional clock: of several only some may be, and the first due tells.
@lru_cache(maxsize=512)
def _asked(table: sa.Table, scope: Scope, account: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    c = table.c
    open_ = (*within(scope, c), c.open)
    firm = sa.func.replace(c.clocks, PROVISIONAL, "") == c.clocks
    late = c.due_at <= sa.bindparam("now", type_=c.due_at.type)
    today = c.due_at <= sa.bindparam("midnight", type_=c.due_at.type)
    wanted: list[list[Any]] = [
        [firm, late],
        [firm, today],
        [today, sa.not_(firm)],
        newly(account, c),
        [c.to_visit],
    ]
    counts: list[sa.ColumnElement[int]] = [sa.func.count().filter(*one) for one in wanted]
    counted = sa.select().add_columns(*counts).where(*open_)
    return counted, sa.select(table).where(*open_, today, sa.not_(firm)).limit(MOST)
