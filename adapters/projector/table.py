"""The table of a view: loads rows by key, writes them grouped, adds to its roll-up."""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from adapters.event_store.schema import BIG
from adapters.projector.columns import columns_of, reader, writer
from adapters.projector.statements import Statements, done, fetched
from projections.view import Key, View

CHUNK = 300
"""Keys a SELECT names at most: SQLite allows some thousand variables a statement."""

REMEMBERED = 4_096
"""Rows of a table that a process keeps as it last read them."""

TALLY = ("measure", "day", "line", "area")


class ViewTable:
    """A view's table, live under its own name or rebuilt beside it under another."""

    def __init__(self, view: View[Any], *, sqlite: bool, suffix: str = "") -> None:
        self.view = view
        self.metadata = sa.MetaData()
        self._columns = columns_of(view.row, sqlite=sqlite)
        self.table = sa.Table(
            view.name + suffix,
            self.metadata,
            *(
                sa.Column(
                    c.name,
                    c.type,
                    primary_key=c.name in view.key,
                    nullable=c.nullable,
                    autoincrement=False,
                )
                for c in self._columns
            ),
        )
        for i, names in enumerate(view.indexes):
            sa.Index(f"{view.name}{suffix}_{i}", *(self.table.c[n] for n in names))
        self.tally = _tally(self.metadata, f"{view.name}{suffix}_tally") if view.tally else None
        self._write_row = writer(self._columns)
        self.read_row = reader(view.row, self._columns)
        # Lists are looked at more often than they change.
        self.known_row = lru_cache(maxsize=REMEMBERED)(self.read_row)
        keyed = tuple(c for name in view.key for c in self._columns if c.name == name)
        self._key_converters = [c.write for c in keyed]
        self._sql = Statements(self.table, view.key, for_sqlite=sqlite)
        if self.tally is not None:
            sums = Statements(self.tally, TALLY, for_sqlite=sqlite)
            self._add, self._empty = sums.add("number"), sums.delete_empty("number")

    def load(self, connection: sa.Connection, keys: Iterable[Key]) -> dict[Key, Any]:
        """The rows that are there, by key."""
        wanted = [self._stored_key(key) for key in keys]
        found: dict[Key, Any] = {}
        names = self.view.key
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            for stored in fetched(
                connection,
                self._sql.select(len(part)),
                [value for key in part for value in key],
            ):
                row = self.read_row(stored)
                found[tuple(getattr(row, name) for name in names)] = row
        return found

    def write(self, connection: sa.Connection, rows: Mapping[Key, Any]) -> None:
        """Insert, replace, or, where the row is None, delete."""
        kept = [self._write_row(row) for row in rows.values() if row is not None]
        gone = [self._stored_key(key) for key, row in rows.items() if row is None]
        if kept:
            done(connection, self._sql.upsert, kept)
        if gone:
            done(connection, self._sql.delete, gone)

    def add(self, connection: sa.Connection, differences: Mapping[Key, int]) -> None:
        """Add to the roll-up; a sum that comes to nothing has no row."""
        assert self.tally is not None
        changed = [(*key, number) for key, number in differences.items() if number]
        if not changed:
            return
        done(connection, self._add, changed)
        fallen = [row[:4] for row in changed if row[4] < 0]
        if fallen:
            done(connection, self._empty, fallen)

    def _stored_key(self, key: Key) -> tuple[Any, ...]:
        return tuple(
            value if convert is None else convert(value)
            for value, convert in zip(key, self._key_converters, strict=True)
        )


@cache
def live(view: View[Any], *, sqlite: bool) -> ViewTable:
    """The table that is read and written, with its statements: one of each view is enough."""
    return ViewTable(view, sqlite=sqlite)


def _tally(metadata: sa.MetaData, name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        *(sa.Column(column, sa.Text(), nullable=False) for column in TALLY),
        sa.Column("number", BIG, nullable=False),
        # By day first: whoever asks, asks for a period, and a decade lies around it.
        sa.PrimaryKeyConstraint("day", "measure", "line", "area"),
    )
