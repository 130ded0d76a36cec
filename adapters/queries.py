"""What pages, the API and the command line read. Every query takes the asker's scope."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import to_micros
from adapters.projector.table import ViewTable
from domain.errors import NotAllowed, NotFound
from projections.affair_page import AffairPageRow, affair_page
from projections.audit import AuditRow, audit_trail
from projections.due import DueRow, due
from projections.indicators import Figure, indicators
from projections.satisfaction import affair_facts
from projections.visits import visit_facts
from projections.worklist import WorklistRow, worklist
from workflows.rights import COMMUNITY, EVERYWHERE, Scope

PAGE = 50
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is asked for; empty asks nothing.

    due_before: running clock with an earlier end. cursor: the position the last page ended at.
    """

    line: str = ""
    state: str = ""
    area: str = ""
    assignee: str = ""
    number: str = ""
    open: bool | None = True
    to_visit: bool | None = None
    due_before: datetime | None = None
    cursor: tuple[int, int] | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order of their deadline, and where the next page begins (None: nowhere)."""

    rows: list[WorklistRow]
    next: tuple[int, int] | None = None


LAST = 2**62
"""Stands for the deadline of an affair without a running clock."""


@dataclass(frozen=True, slots=True)
class Queries:
    """Reads the views of one district. inline: the log's database; following: the views'."""

    inline: Database
    following: Database
    _tables: dict[str, ViewTable] = field(default_factory=dict)

    def worklist(self, scope: Scope, wanted: Wanted) -> Page:
        """Affairs within `scope`, those due first."""
        table = self._table(self.inline, worklist)
        c = table.table.c
        due_at = sa.func.coalesce(c.due_at, LAST)
        query = sa.select(table.table).where(*within(scope, c))
        for column, value in (
            (c.line, wanted.line),
            (c.state, wanted.state),
            (c.area, wanted.area),
            (c.assignee, wanted.assignee),
            (c.number, wanted.number),
        ):
            if value:
                query = query.where(column == value)
        for flag, asked in ((c.open, wanted.open), (c.to_visit, wanted.to_visit)):
            if asked is not None:
                query = query.where(flag == asked)
        if wanted.due_before is not None:
            query = query.where(c.due_at < to_micros(wanted.due_before))
        if wanted.cursor is not None:
            last_due, last_position = wanted.cursor
            query = query.where(
                sa.or_(due_at > last_due, sa.and_(due_at == last_due, c.position > last_position))
            )
        limit = max(1, min(wanted.limit, LARGEST_PAGE))
        query = query.order_by(due_at, c.position).limit(limit + 1)
        rows = self._rows(self.inline, table, query)
        if len(rows) <= limit:
            return Page(rows)
        last: WorklistRow = rows[limit - 1]
        return Page(rows[:limit], (to_micros(last.due_at) if last.due_at else LAST, last.position))

    def affair(self, scope: Scope, affair: UUID | str) -> AffairPageRow:
        """An affair by id or number. Raises NotFound, outside the scope too."""
        table = self._table(self.inline, affair_page)
        c = table.table.c
        found = c.affair_id == self._key(affair) if isinstance(affair, UUID) else c.number == affair
        rows = self._rows(
            self.inline, table, sa.select(table.table).where(found, *within(scope, c))
        )
        if not rows:
            raise NotFound("affair", affair)
        row: AffairPageRow = rows[0]
        return row

    def due(self, before: datetime, limit: int, *, after: DueRow | None = None) -> list[DueRow]:
        """Clocks that have something to do by `before`, the oldest first: for the sweeper."""
        table = self._table(self.inline, due)
        c = table.table.c
        order = (c.next_at, c.affair_id, c.clock)
        query = sa.select(table.table).where(c.next_at <= to_micros(before))
        if after is not None:
            assert after.next_at is not None
            last = (to_micros(after.next_at), self._key(after.affair_id), after.clock)
            query = query.where(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, last)))
        return self._rows(self.inline, table, query.order_by(*order).limit(limit))

    def due_backlog(self, before: datetime) -> int:
        """How many clocks have something to do by `before`."""
        table = self._table(self.inline, due).table
        with self.inline.reading() as connection:
            counted = connection.execute(
                sa.select(sa.func.count()).where(table.c.next_at <= to_micros(before))
            ).scalar_one()
        return int(counted)

    def statistics(
        self, scope: Scope, start: date, end: date, *, line: str = "", unit: str = ""
    ) -> dict[str, Figure]:
        """The indicators of a period, both days included, within the scope and its cuts.

        line, unit: code of a line, code of a unit whose areas' codes begin with it.
        Raises NotAllowed where the scope reaches no sums.
        """
        if scope.prefix is None or scope.own or scope.assigned:
            raise NotAllowed("statistics", scope.account)
        sums: dict[str, int] = {}
        for view in (affair_facts, visit_facts):
            tally = self._table(self.following, view).tally
            assert tally is not None
            c = tally.c
            query = sa.select(c.measure, sa.func.sum(c.number)).where(
                c.day >= start.isoformat(), c.day <= end.isoformat()
            )
            for prefix in (scope.prefix, unit):
                if len(prefix) > COMMUNITY:
                    query = query.where(c.area == prefix)
                elif prefix:
                    query = query.where(_begins(c.area, prefix))
            if scope.lines:
                query = query.where(c.line.in_((*scope.lines, "")))
            if line:
                # Visits belong to no line: a cut by line leaves them as they are.
                query = query.where(c.line.in_((line, "")))
            with self.following.reading() as connection:
                for measure, number in connection.execute(query.group_by(c.measure)):
                    sums[measure] = sums.get(measure, 0) + int(number)
        return dict(indicators(sums))

    def audit(self, scope: Scope, *, after: int = 0, limit: int = LARGEST_PAGE) -> list[AuditRow]:
        """The audit trail, oldest first. Raises NotAllowed for whoever may not read it."""
        if scope.prefix is None or scope.own or scope.assigned or scope.aggregates:
            raise NotAllowed("read_audit_trail", scope.account)
        table = self._table(self.following, audit_trail)
        return self._rows(
            self.following,
            table,
            sa.select(table.table)
            .where(table.table.c.position > after)
            .order_by(table.table.c.position)
            .limit(min(limit, LARGEST_PAGE)),
        )

    def _key(self, value: UUID) -> UUID | bytes:
        return value.bytes if self.inline.is_sqlite else value

    def _table(self, database: Database, view: Any) -> ViewTable:
        if view.name not in self._tables:
            self._tables[view.name] = ViewTable(view, sqlite=database.is_sqlite)
        return self._tables[view.name]

    def _rows(self, database: Database, table: ViewTable, query: sa.Select[Any]) -> list[Any]:
        with database.reading() as connection:
            return [table.read_row(tuple(row)) for row in connection.execute(query)]


def within(scope: Scope, c: Any) -> list[sa.ColumnElement[bool]]:
    """The scope as conditions on the columns that worklist and affair page share.

    The same rule as `Scope.covers`; a test holds the two together.
    """
    if scope == EVERYWHERE:
        return []
    if scope.prefix is None or scope.aggregates:
        return [sa.false()]
    assigned: sa.ColumnElement[bool] = sa.false()
    if scope.account:
        assigned = c.assignee == scope.account
    if scope.unit:
        assigned = sa.or_(
            assigned,
            sa.and_(c.lead_unit == scope.unit, c.lead_unit != c.community),
            # Without it the text would be another: not by LIKE, to which SQLite's cases are one.
            sa.func.replace(c.units, msgspec.json.encode(scope.unit).decode(), "") != c.units,
        )
    conditions = [sa.or_(sa.not_(c.restricted), assigned)]
    if scope.own:
        return [*conditions, c.registered_by == scope.account, c.registered_by != ""]
    if scope.assigned:
        return [*conditions, assigned]
    reach: list[sa.ColumnElement[bool]] = []
    if scope.lines:
        reach.append(c.line.in_(scope.lines))
    area = sa.func.coalesce(sa.func.nullif(c.area, ""), c.community)
    if len(scope.prefix) > COMMUNITY:
        reach.append(area == scope.prefix)
    elif scope.prefix:
        reach.append(_begins(c.community, scope.prefix))
    return [*conditions, sa.or_(sa.and_(sa.true(), *reach), assigned)]


def _begins(column: Any, prefix: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = sa.func.substr(column, 1, len(prefix)) == prefix
    return found
