"""What pages, the API and the command line read. Every query takes the asker's scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import from_micros, to_micros
from adapters.kept_rows import KeptRows
from adapters.listing import Terms, given, terms_of
from adapters.projector.table import ViewTable, live
from adapters.reach import begins, within
from adapters.trail import Trail, TrailWanted
from domain.clock import SHANGHAI
from domain.errors import NotAllowed, NotFound
from domain.reads import reads_of
from projections.affair_page import AffairPageRow, affair_page
from projections.audit import AuditRow, audit_trail
from projections.due import DueRow, due
from projections.indicators import Figure, indicators
from projections.satisfaction import affair_facts
from projections.visits import visit_facts
from projections.worklist import Wanted, WorklistRow, worklist
from workflows.rights import COMMUNITY, Scope

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order of their deadline, and where the next page begins (None: nowhere)."""

    rows: list[WorklistRow]
    next: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Unassigned:
    """All that an assigner sees of an affair which nobody is assigned to."""

    id: UUID
    number: str
    line: str
    due_at: datetime | None
    restricted: bool


LAST = 2**62
"""Stands for the deadline of an affair without a running clock."""


@dataclass(frozen=True, slots=True)
class Queries:
    """Reads the views of one district. inline: the log's database; following: the views'."""

    inline: Database
    following: Database
    kept: KeptRows = field(init=False)

    def __post_init__(self) -> None:
        kept = KeptRows(self.inline, self._table(self.inline, worklist))
        object.__setattr__(self, "kept", kept)

    def worklist(self, scope: Scope, wanted: Wanted) -> Page:
        """Affairs within `scope`, those due first."""
        table = self._table(self.inline, worklist)
        limit = max(1, min(wanted.limit, LARGEST_PAGE))
        terms, told = terms_of(wanted)
        query = _listed(table.table, scope, terms, onward=wanted.cursor is not None)
        if wanted.cursor is not None:
            told["last_due"], told["last_position"] = wanted.cursor
        found, count = self.kept.found(query, {**told, "most": limit + 1})
        rows: list[WorklistRow] = sorted(found, key=_place)[:limit]
        return Page(rows, _place(rows[-1]) if rows and count > limit else None)

    def affair(self, scope: Scope, affair: UUID | str) -> AffairPageRow:
        """An affair by id or number. Raises NotFound, outside the scope too."""
        table = self._table(self.inline, affair_page)
        column, key = (
            ("number", affair) if isinstance(affair, str) else ("affair_id", self._key(affair))
        )
        query = _the_one(table.table, scope, column)
        rows = self._rows(self.inline, table, query, {"key": key})
        if not rows:
            raise NotFound("affair", affair)
        row: AffairPageRow = rows[0]
        return row

    def unassigned(self, scope: Scope, limit: int = LARGEST_PAGE) -> list[Unassigned]:
        """Affairs that somebody should be given, due first; restricted ones until archived."""
        c = self._table(self.inline, worklist).table.c
        waiting = sa.or_(c.open, sa.and_(c.restricted, c.state != "archived"))
        query = sa.select(c.affair_id, c.number, c.line, c.due_at, c.restricted)
        query = query.where(*within(scope, c), c.assignee == "", waiting)
        query = query.order_by(sa.func.coalesce(c.due_at, LAST), c.position).limit(limit)
        with self.inline.reading() as connection:
            found = connection.execute(query).all()
        return [
            Unassigned(
                UUID(bytes=bytes(id_)) if self.inline.is_sqlite else id_,
                number,
                line,
                from_micros(due_at) if due_at is not None else None,
                bool(restricted),
            )
            for id_, number, line, due_at, restricted in found
        ]

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

    def missing_after(self, last: str) -> str:
        """The next missing years that clocks wait for, such as `2013+2014`; empty after all."""
        missing = self._table(self.inline, due).table.c.missing
        with self.inline.reading() as connection:
            found = connection.execute(
                sa.select(sa.func.min(missing)).where(missing > last)
            ).scalar()
        return found or ""

    def waiting(self, missing: str, limit: int, *, after: DueRow | None = None) -> list[DueRow]:
        """Clocks that wait for these years, in order of their key: for the recounter."""
        table = self._table(self.inline, due)
        c = table.table.c
        order = (c.affair_id, c.clock)
        query = sa.select(table.table).where(c.missing == missing)
        if after is not None:
            last = (self._key(after.affair_id), after.clock)
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
                    query = query.where(begins(c.area, prefix))
            if scope.lines:
                query = query.where(c.line.in_((*scope.lines, "")))
            if line:
                # Visits belong to no line: a cut by line leaves them as they are.
                query = query.where(c.line.in_((line, "")))
            with self.following.reading() as connection:
                for measure, number in connection.execute(query.group_by(c.measure)):
                    sums[measure] = sums.get(measure, 0) + int(number)
        return dict(indicators(sums))

    def audit(self, scope: Scope, wanted: TrailWanted) -> Trail:
        """The audit trail, the latest first. Raises NotAllowed for whoever may not read it."""
        if scope.prefix is None or scope.own or scope.assigned or scope.aggregates:
            raise NotAllowed("read_audit_trail", scope.account)
        table = self._table(self.following, audit_trail)
        c = table.table.c
        query = sa.select(table.table)
        if wanted.stream_id is not None:
            # With who looked at it in clear.
            streams = (wanted.stream_id, reads_of(wanted.stream_id))
            query = query.where(
                c.stream_id.in_([s.bytes if self.following.is_sqlite else s for s in streams])
            )
        for column, value in ((c.actor, wanted.actor), (c.role, wanted.role)):
            if value:
                query = query.where(column == value)
        for column, value in ((c.unit, wanted.unit), (c.topic, wanted.kind and f"{wanted.kind}.")):
            if value:
                query = query.where(begins(column, value))
        # Times of recording never go back: days are a span of positions, found by an index.
        if wanted.start is not None:
            query = query.where(c.position >= _first_since(table.table, wanted.start))
        if wanted.end is not None and wanted.end < date.max:
            after = _first_since(table.table, wanted.end + timedelta(days=1))
            query = query.where(c.position < sa.func.coalesce(after, LAST))
        if wanted.before is not None:
            query = query.where(c.position < wanted.before)
        limit = max(1, min(wanted.limit, LARGEST_PAGE))
        query = query.order_by(c.position.desc()).limit(limit + 1)
        rows: list[AuditRow] = self._rows(self.following, table, query)
        kept = rows[:limit]
        affairs = {row.stream_id: _affair(row) for row in kept}
        known = self._known(scope, {*affairs.values()})
        told = {stream: known[id_] for stream, id_ in affairs.items() if id_ in known}
        return Trail(
            kept,
            {stream: number for stream, (number, _) in told.items()},
            {stream: line for stream, (_, line) in told.items()},
            kept[-1].position if len(rows) > limit else None,
        )

    def _known(
        self, scope: Scope, streams: Iterable[UUID]
    ) -> dict[UUID, tuple[str, tuple[str, str]]]:
        c = self._table(self.inline, affair_page).table.c
        query = sa.select(c.affair_id, c.number, c.line, c.line_version).where(
            c.affair_id.in_([self._key(stream) for stream in streams]), *within(scope, c)
        )
        with self.inline.reading() as connection:
            return {
                UUID(bytes=bytes(id_)) if self.inline.is_sqlite else id_: (number, (line, version))
                for id_, number, line, version in connection.execute(query)
            }

    def _key(self, value: UUID) -> UUID | bytes:
        return value.bytes if self.inline.is_sqlite else value

    def _table(self, database: Database, view: Any) -> ViewTable:
        return live(view, sqlite=database.is_sqlite)

    def _rows(
        self,
        database: Database,
        table: ViewTable,
        query: sa.Select[Any],
        told: Mapping[str, Any] | None = None,
    ) -> list[Any]:
        with database.reading() as connection:
            return [table.known_row(tuple(row)) for row in connection.execute(query, told)]


def _place(row: WorklistRow) -> tuple[int, int]:
    return to_micros(row.due_at) if row.due_at else LAST, row.position


# Made once for each reach: to put a statement together takes longer than to ask it.
@lru_cache(maxsize=1_024)
def _listed(table: sa.Table, scope: Scope, terms: Terms, *, onward: bool) -> sa.Select[Any]:
    """A page of the worklist; onward: not the first."""
    c = table.c
    due_at = sa.func.coalesce(c.due_at, LAST)
    query = sa.select(table).where(*within(scope, c), *terms.conditions(c))
    if onward:
        last_due, last = given("last_due", c.due_at), given("last_position", c.position)
        query = query.where(
            sa.or_(due_at > last_due, sa.and_(due_at == last_due, c.position > last))
        )
    return query.order_by(due_at, c.position).limit(sa.bindparam("most", type_=sa.Integer()))


# As above.
@lru_cache(maxsize=1_024)
def _the_one(table: sa.Table, scope: Scope, column: str) -> sa.Select[Any]:
    found = table.c[column]
    sought = sa.bindparam("key", type_=found.type)
    return sa.select(table).where(found == sought, *within(scope, table.c))


def _affair(row: AuditRow) -> UUID:
    """The stream, or the affair that was looked at in clear."""
    return reads_of(row.stream_id) if row.topic.startswith("read.") else row.stream_id


def _first_since(trail: sa.Table, on: date) -> sa.ScalarSelect[int]:
    """The position of the first row recorded since a day began in Shanghai; null for none."""
    row = trail.alias()
    began = to_micros(datetime.combine(on, time(), SHANGHAI))
    return (
        sa.select(row.c.position)
        .where(row.c.recorded_at >= began)
        .order_by(row.c.recorded_at, row.c.position)
        .limit(1)
        .scalar_subquery()
    )
