"""Offerings as they are listed: what can be booked, what is over, where somebody has to act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.event_store.instants import to_micros
from adapters.projector.table import live
from projections.offerings import OfferingRow, offerings


class Offerings:
    """What can be booked, and what is over."""

    def __init__(self, database: Database) -> None:
        self._database, self._table = database, live(offerings, sqlite=database.is_sqlite)

    def coming(self, now: datetime, *, matter: str = "", unit: str = "") -> list[OfferingRow]:
        """Those that have not begun and are not cancelled, the next one first.

        matter: only for affairs of this one. unit: only what is open to people of that community:
        what it runs itself, or a unit above it.
        """
        c = self._table.table.c
        asked = [c.starts_at > to_micros(now), sa.not_(c.cancelled)]
        if matter:
            asked.append(c.matter == matter)
        return [
            row for row in self._rows(asked, c.starts_at) if not unit or unit.startswith(row.unit)
        ]

    def run_by(self, unit: str, since: datetime) -> list[OfferingRow]:
        """Those of a unit and of the units below it that end later, the latest first."""
        c = self._table.table.c
        asked = [c.ends_at > to_micros(since)]
        return [row for row in self._rows(asked, c.starts_at.desc()) if row.unit.startswith(unit)]

    def waiting(self, now: datetime) -> list[OfferingRow]:
        """Those in which a place is free while somebody waits, and those that were cancelled and
        still have somebody waiting.
        """
        c = self._table.table.c
        free = sa.and_(c.starts_at > to_micros(now), c.capacity > c.held + c.kept, c.waiting > 0)
        left = sa.and_(c.cancelled, c.waiting + c.kept > 0)
        return self._rows([sa.or_(free, left)], c.starts_at)

    def _rows(self, asked: Sequence[sa.ColumnElement[bool]], order: Any) -> list[OfferingRow]:
        c = self._table.table.c
        query = sa.select(self._table.table).where(*asked).order_by(order, c.offering_id)
        with self._database.reading() as connection:
            return [self._table.read_row(tuple(one)) for one in connection.execute(query)]
