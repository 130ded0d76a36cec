"""The table of a view: loads rows by key, writes them grouped, adds to its roll-up."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from adapters.event_store.schema import BIG
from adapters.projector.columns import columns_of, reader, writer
from projections.view import Key, View

CHUNK = 300
"""Keys a SELECT names at most: SQLite allows some thousand variables a statement."""

TALLY = ("measure", "day", "line", "area")


class ViewTable:
    """A view's table, live under its own name or rebuilt beside it under another."""

    def __init__(self, view: View[Any], *, sqlite: bool, suffix: str = "") -> None:
        self.view = view
        self.metadata = sa.MetaData()
        self._sqlite = sqlite
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
        keyed = tuple(c for name in view.key for c in self._columns if c.name == name)
        self._key_converters = [c.write for c in keyed]
        self._key_indexes = [
            i for name in view.key for i, c in enumerate(self._columns) if c.name == name
        ]
        self._sql: dict[str, str] = {}

    def load(self, connection: sa.Connection, keys: Iterable[Key]) -> dict[Key, Any]:
        """The rows that are there, by key."""
        wanted = [self._stored_key(key) for key in keys]
        found: dict[Key, Any] = {}
        names = self.view.key
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            for stored in connection.exec_driver_sql(
                self._select(len(part)), tuple(value for key in part for value in key)
            ):
                row = self.read_row(stored)
                found[tuple(getattr(row, name) for name in names)] = row
        return found

    def write(self, connection: sa.Connection, rows: Mapping[Key, Any]) -> None:
        """Insert, replace, or, where the row is None, delete."""
        kept = [self._write_row(row) for row in rows.values() if row is not None]
        gone = [self._stored_key(key) for key, row in rows.items() if row is None]
        if kept:
            connection.exec_driver_sql(self._upsert(), kept)
        if gone:
            connection.exec_driver_sql(self._delete(), gone)

    def add(self, connection: sa.Connection, differences: Mapping[Key, int]) -> None:
        """Add to the roll-up; a sum that comes to nothing has no row."""
        assert self.tally is not None
        changed = [(*key, number) for key, number in differences.items() if number]
        if not changed:
            return
        mark = self._mark
        name, keys = f'"{self.tally.name}"', ", ".join(TALLY)
        connection.exec_driver_sql(
            f"INSERT INTO {name} ({keys}, number) VALUES ({mark}, {mark}, {mark}, {mark}, {mark}) "
            f"ON CONFLICT ({keys}) DO UPDATE SET number = {name}.number + excluded.number",
            changed,
        )
        fallen = [row[:4] for row in changed if row[4] < 0]
        if fallen:
            where = " AND ".join(f"{column} = {mark}" for column in TALLY)
            connection.exec_driver_sql(f"DELETE FROM {name} WHERE {where} AND number = 0", fallen)

    def stored_key(self, key: Key) -> tuple[Any, ...]:
        """A key as the driver takes it."""
        return self._stored_key(key)

    @property
    def _mark(self) -> str:
        return "?" if self._sqlite else "%s"

    def _stored_key(self, key: Key) -> tuple[Any, ...]:
        return tuple(
            value if convert is None else convert(value)
            for value, convert in zip(key, self._key_converters, strict=True)
        )

    def _select(self, count: int) -> str:
        known = self._sql.get(f"select{count}")
        if known:
            return known
        key = self.view.key
        one = "(" + ", ".join([self._mark] * len(key)) + ")" if len(key) > 1 else self._mark
        values = ", ".join([one] * count)
        if len(key) > 1:
            left = "(" + ", ".join(f'"{name}"' for name in key) + ")"
            values = f"VALUES {values}"
        else:
            left = f'"{key[0]}"'
        columns = ", ".join(f'"{c.name}"' for c in self._columns)
        sql = f'SELECT {columns} FROM "{self.table.name}" WHERE {left} IN ({values})'
        self._sql[f"select{count}"] = sql
        return sql

    def _upsert(self) -> str:
        if "upsert" not in self._sql:
            names = [f'"{c.name}"' for c in self._columns]
            keys = ", ".join(f'"{name}"' for name in self.view.key)
            rest = [n for n in names if n.strip('"') not in self.view.key]
            update = ", ".join(f"{name} = excluded.{name}" for name in rest)
            self._sql["upsert"] = (
                f'INSERT INTO "{self.table.name}" ({", ".join(names)}) '
                f"VALUES ({', '.join([self._mark] * len(names))}) "
                f"ON CONFLICT ({keys}) " + (f"DO UPDATE SET {update}" if rest else "DO NOTHING")
            )
        return self._sql["upsert"]

    def _delete(self) -> str:
        where = " AND ".join(f'"{name}" = {self._mark}' for name in self.view.key)
        return f'DELETE FROM "{self.table.name}" WHERE {where}'


def _tally(metadata: sa.MetaData, name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        *(sa.Column(column, sa.Text(), primary_key=True) for column in TALLY),
        sa.Column("number", BIG, nullable=False),
    )
