"""Which affairs have to do with an affair, as far as the asker may see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import to_micros
from adapters.projector.table import ViewTable, live
from adapters.reach import within
from projections.affair_page import AffairPageRow
from projections.relations import RelationRow, relations
from projections.visits import VisitFactRow, visit_facts
from projections.worklist import Alike, WorklistRow, worklist
from workflows.rights import Scope

MOST = 100
FEW = 5
"""Of those that a new affair may be a duplicate of."""


class Relations:
    """Reads them from the views. inline: the log's database; following: the views'."""

    def __init__(self, inline: Database, following: Database) -> None:
        self._inline, self._following = inline, following
        self._worklist = live(worklist, sqlite=inline.is_sqlite)
        self._relations = live(relations, sqlite=following.is_sqlite)
        self._visits = live(visit_facts, sqlite=following.is_sqlite)

    def of(self, scope: Scope, row: AffairPageRow) -> list[tuple[str, WorklistRow]]:
        """Affairs within `scope`, each with how: `into` the one it goes on in, `from` one that
        goes on here, `origin` the one it came from, `opened` one that came from it, `applicant`
        one of the same applicant. The same affair once for each."""
        pairs = [("into", row.merged_into), ("origin", row.origin_id)]
        for other in self._naming(row.affair_id):
            if other.merged_into == row.affair_id:
                pairs.append(("from", other.affair_id))
            if other.origin == row.affair_id:
                pairs.append(("opened", other.affair_id))
            if other.subject is not None and other.subject == row.subject:
                pairs.append(("applicant", other.affair_id))
        seen = self._within_reach(scope, {id_ for _, id_ in pairs if id_ is not None})
        return [(how, seen[id_]) for how, id_ in pairs if id_ is not None and id_ in seen]

    def alike(self, scope: Scope, matter: str, place: str, since: datetime, aside: UUID) -> Alike:
        """Open affairs of a matter within `scope`, registered since an instant in an area, or in
        a community and none of its areas. aside: the affair that is not looked for.
        """
        c = self._worklist.table.c
        query = (
            sa.select(self._worklist.table, sa.func.count().over())
            .where(*within(scope, c), c.open, c.matter == matter)
            .where(sa.func.coalesce(sa.func.nullif(c.area, ""), c.community) == place)
            .where(c.registered_at >= to_micros(since), c.affair_id != _key(self._inline, aside))
            .order_by(c.registered_at.desc(), c.number.desc())
            .limit(FEW)
        )
        with self._inline.reading() as connection:
            found = connection.execute(query).all()
        rows = [self._worklist.read_row(tuple(row)[:-1]) for row in found]
        return Alike(rows, found[0][-1] if found else 0)

    def visit(self, visit_id: UUID) -> VisitFactRow | None:
        """A visit to a household; None where there is none, or it is not followed yet."""
        key = _key(self._following, visit_id)
        query = sa.select(self._visits.table).where(self._visits.table.c.visit_id == key)
        return next(iter(_rows(self._following, self._visits, query)), None)

    def _naming(self, affair_id: UUID) -> list[RelationRow]:
        c, key = self._relations.table.c, _key(self._following, affair_id)
        subject = sa.select(c.subject).where(c.affair_id == key).scalar_subquery()
        query = (
            sa.select(self._relations.table)
            .where(sa.or_(c.subject == subject, c.origin == key, c.merged_into == key))
            .where(c.affair_id != key)
            .order_by(c.affair_id.desc())
            .limit(MOST)
        )
        return _rows(self._following, self._relations, query)

    def _within_reach(self, scope: Scope, ids: Iterable[UUID]) -> dict[UUID, WorklistRow]:
        c = self._worklist.table.c
        query = sa.select(self._worklist.table).where(
            c.affair_id.in_([_key(self._inline, id_) for id_ in ids]), *within(scope, c)
        )
        return {row.affair_id: row for row in _rows(self._inline, self._worklist, query)}


def _key(database: Database, value: UUID) -> UUID | bytes:
    return value.bytes if database.is_sqlite else value


def _rows(database: Database, table: ViewTable, query: sa.Select[Any]) -> list[Any]:
    with database.reading() as connection:
        return [table.read_row(tuple(row)) for row in connection.execute(query)]
