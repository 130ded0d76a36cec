"""How many affairs within reach are late, due today, newly assigned, to be visited, and how many a
list has of each line: one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import to_micros
from adapters.listing import Terms, given, terms_of
from adapters.projector.statements import asked
from adapters.projector.table import live
from adapters.reach import newly, within
from projections.worklist import OPEN, Wanted, WorklistRow, worklist
from workflows.rights import Scope

PROVISIONAL = ",true]"
"""How a clock that waits for the calendar of a year ends where clocks are kept as text."""
MOST = 1_000
"""So many affairs with such a clock are looked at, row by row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The four numbers of the inbox; lines: how many the list has of each, by code."""

    late: int
    today: int
    new: int
    visit: int
    lines: Mapping[str, int]


class Tallies:
    """Counts over the worklist."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = live(worklist, sqlite=database.is_sqlite)

    def __call__(
        self,
        scope: Scope,
        account: str,
        now: datetime,
        midnight: datetime,
        wanted: Wanted = OPEN,
    ) -> Counts:
        """The counts of open affairs within `scope`; `new` are the account's own.

        Nothing whose deadline is provisional is late, or due today. lines: of what is wanted, but
        for the line that it names.
        """
        moments = {"now": to_micros(now), "midnight": to_micros(midnight)}
        terms, told = terms_of(wanted, "line")
        counted, mixed = _asked(self._table.table, scope, account, terms)
        query = asked(counted, sqlite=self._database.is_sqlite)
        with self._database.reading() as connection:
            found = query.rows(connection, {**told, **moments})
            sums = [sum(column) for column in zip(*(row[2:] for row in found), strict=True)]
            gone, due, doubtful, new, visit = sums or [0] * 5
            rows = self._rows(connection, mixed, moments) if doubtful else ()
        for row in rows:
            if not next(clock for clock in row.clocks if clock.name == row.due_clock).provisional:
                due += 1
                gone += row.due_at is not None and row.due_at <= now
        lines = {line: listed for line, listed, *_ in found if listed}
        return Counts(late=gone, today=due - gone, new=new, visit=visit, lines=lines)

    def _rows(
        self, connection: sa.Connection, query: sa.Select[Any], moments: dict[str, int]
    ) -> list[WorklistRow]:
        return [self._table.read_row(tuple(row)) for row in connection.execute(query, moments)]


# Made once for each reach: to put a statement together takes longer than to ask it. The second
# looks at rows with a provisional clock: of several only some may be, and the first due tells.
@lru_cache(maxsize=512)
def _asked(
    table: sa.Table, scope: Scope, account: str, terms: Terms
) -> tuple[sa.Select[Any], sa.Select[Any]]:
    c = table.c
    there, open_ = within(scope, c), c.open
    firm = sa.func.replace(c.clocks, PROVISIONAL, "") == c.clocks
    late = c.due_at <= given("now", c.due_at)
    today = c.due_at <= given("midnight", c.due_at)
    wanted: list[list[Any]] = [
        [sa.true(), *terms.conditions(c)],
        [open_, firm, late],
        [open_, firm, today],
        [open_, today, sa.not_(firm)],
        [open_, *newly(account, c)],
        [open_, c.to_visit],
    ]
    counts: list[sa.ColumnElement[int]] = [sa.func.count().filter(*one) for one in wanted]
    counted = sa.select(c.line).add_columns(*counts).where(*there).group_by(c.line)
    if terms.open:
        # A list of what is open needs no look at all that ever was.
        counted = counted.where(open_)
    return counted, sa.select(table).where(*there, open_, today, sa.not_(firm)).limit(MOST)
