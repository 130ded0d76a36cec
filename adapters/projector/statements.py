"""SQL of the views, written by SQLAlchemy once and handed to the driver as text.

Values are always parameters, in the order in which the statement names them.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

SQLITE = sqlite.dialect(paramstyle="qmark")
POSTGRESQL = postgresql.psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]  # SQLAlchemy has none


NOTHING: Mapping[str, Any] = {}

_ERRORS = (sqlite3.Error, psycopg.Error)


# Straight to the driver: on its way through SQLAlchemy a small statement takes twice as long.
def fetched(connection: sa.Connection, text: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a query. Raises SQLAlchemy's DBAPIErrors, as its own execution does."""
    try:
        found: list[Any] = _driver(connection).execute(text, values).fetchall()
    except _ERRORS as error:
        raise _told(text, error) from error
    return found


def done(connection: sa.Connection, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """The statement done for each of the rows. Raises as `fetched` does."""
    try:
        with closing(_driver(connection).cursor()) as cursor:
            cursor.executemany(text, rows)
    except _ERRORS as error:
        raise _told(text, error) from error


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _told(text: str, error: sqlite3.Error | psycopg.Error) -> Exception:
    base = sqlite3.Error if isinstance(error, sqlite3.Error) else psycopg.Error
    return sa.exc.DBAPIError.instance(text, None, error, base, hide_parameters=True)


Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as the driver takes it: its text, and in their order the names of its values.

    given: the values that stood in it when it was put together, as the driver takes them.
    to_driver, of_driver: how values and columns are converted, by name and by place, where the
        driver does not do it.
    """

    text: str
    order: tuple[str, ...]
    given: Mapping[str, Any]
    to_driver: Mapping[str, Convert]
    of_driver: tuple[tuple[int, Convert], ...]

    def rows(self, connection: sa.Connection, told: Mapping[str, Any] = NOTHING) -> list[Any]:
        """The rows as sequences. told: the other values. Raises as `fetched` does."""
        values = {**self.given, **told}
        for name, convert in self.to_driver.items():
            if name in told:
                values[name] = convert(told[name])
        found = fetched(connection, self.text, [values[name] for name in self.order])
        if not self.of_driver:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for place, convert in self.of_driver:
                if row[place] is not None:
                    row[place] = convert(row[place])
        return rows


@lru_cache(maxsize=1_024)
def asked(query: sa.Select[Any], *, sqlite: bool) -> Asked:
    """A query compiled, once: worth its while where the query itself is made once."""
    dialect = SQLITE if sqlite else POSTGRESQL
    made = query.compile(dialect=dialect)
    told = frozenset(name for name, bind in made.binds.items() if bind.required)
    whole = made.construct_expanded_state(dict.fromkeys(told))
    to_driver: Mapping[str, Any] = whole.processors
    columns = (c.type.dialect_impl(dialect) for c in query.selected_columns)
    return Asked(
        whole.statement,
        tuple(whole.positiontup or ()),
        {
            name: to_driver[name](value) if name in to_driver else value
            for name, value in whole.parameters.items()
            if name not in told
        },
        {name: to_driver[name] for name in told & to_driver.keys()},
        tuple(
            (place, convert)
            for place, type_ in enumerate(columns)
            if (convert := type_.result_processor(dialect, None))
        ),
    )


class Statements:
    """The statements of one table, compiled when first used."""

    def __init__(self, table: sa.Table, key: Sequence[str], *, for_sqlite: bool) -> None:
        self._table = table
        self._key = [table.c[name] for name in key]
        self._dialect = SQLITE if for_sqlite else POSTGRESQL
        self._insert = sqlite.insert if for_sqlite else postgresql.insert
        self._selects: dict[int, str] = {}

    @cached_property
    def upsert(self) -> str:
        """Insert a row, or put all its columns in place of those that are there."""
        return self._text(self._upsert())

    @cached_property
    def delete(self) -> str:
        """Delete the row of a key."""
        keyed = (column == _bind(column) for column in self._key)
        return self._text(sa.delete(self._table).where(*keyed))

    def select(self, count: int) -> str:
        """All columns of the rows whose keys, `count` of them, follow one another."""
        if count not in self._selects:
            keys = [[_bind(c, f"k{i}_") for c in self._key] for i in range(count)]
            found = (
                self._key[0].in_([key[0] for key in keys])
                if len(self._key) == 1
                else sa.or_(
                    *(sa.and_(*(c == b for c, b in zip(self._key, k, strict=True))) for k in keys)
                )
            )
            self._selects[count] = self._text(sa.select(self._table).where(found))
        return self._selects[count]

    def add(self, column: str) -> str:
        """Insert a row, or add its number to the one that is there."""
        insert = self._insert(self._table).values({c.name: _bind(c) for c in self._table.c})
        total = self._table.c[column] + insert.excluded[column]
        return self._text(
            insert.on_conflict_do_update(index_elements=self._key, set_={column: total})
        )

    def delete_empty(self, column: str) -> str:
        """Delete a row whose number has come to nothing."""
        return self._text(
            sa.delete(self._table).where(
                *(c == _bind(c) for c in self._key), self._table.c[column] == sa.literal_column("0")
            )
        )

    def _upsert(self) -> Any:
        insert = self._insert(self._table).values({c.name: _bind(c) for c in self._table.c})
        rest = {c.name: insert.excluded[c.name] for c in self._table.c if not c.primary_key}
        if not rest:
            return insert.on_conflict_do_nothing(index_elements=self._key)
        return insert.on_conflict_do_update(index_elements=self._key, set_=rest)

    def _text(self, statement: Any) -> str:
        return str(statement.compile(dialect=self._dialect))


def _bind(column: sa.Column[Any], prefix: str = "v_") -> sa.BindParameter[Any]:
    return sa.bindparam(f"{prefix}{column.name}", type_=column.type)
