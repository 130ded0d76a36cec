"""Statements as they went to the drivers, and a bare driver that runs them once more.

What is recorded are the calls of a whole step: the text, the parameters, where pipelines begin
and end, and whether rows were fetched. The bare driver does just that on an equal copy of the
databases, with no decision, no sealing, no views and no SQLAlchemy around it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url

from adapters.event_store import Database


class Call(NamedTuple):
    """One call of a driver. many: `executemany`. text: empty where a pipeline begins or ends.

    options: of psycopg, `prepare` and `binary`.
    """

    text: Any
    parameters: Any = None
    many: bool = False
    options: dict[str, Any] | None = None


BEGINS, ENDS = b"begins", b"ends"
"""Stand for the text where a pipeline begins and ends."""

Step = list[Call]


class Tape:
    """Records what goes to a database from now on; connections that are idle are closed."""

    def __init__(self, database: Database) -> None:
        self._calls: Step = []
        made = _taped_sqlite if database.is_sqlite else _taped_psycopg
        connect = made(lambda *call: self._calls.append(Call(*call)))

        @event.listens_for(database.engine, "do_connect")
        def _(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
            return connect(*arguments, **options)

        database.engine.dispose()

    def taken(self) -> Step:
        """What was recorded since the last time."""
        calls, self._calls = self._calls, []
        return calls


Note = Callable[..., object]


def _taped_sqlite(note: Note) -> Callable[..., Any]:
    class Cursor(sqlite3.Cursor):
        def execute(self, text: str, parameters: Any = (), /) -> "Cursor":
            note(text, tuple(parameters))
            super().execute(text, parameters)
            return self

        def executemany(self, text: str, parameters: Any, /) -> "Cursor":
            rows = list(parameters)
            note(text, rows, True)
            super().executemany(text, rows)
            return self

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, text: str, parameters: Any = (), /) -> Any:
            return self.cursor().execute(text, parameters)

    return lambda *arguments, **options: sqlite3.connect(*arguments, factory=Connection, **options)


def _taped_psycopg(note: Note) -> Callable[..., Any]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            note(query, params, False, options)
            return super().execute(query, params, **options)

        def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
            rows = list(params_seq)
            note(query, rows, True, options)
            super().executemany(query, rows, **options)

    class Connection(psycopg.Connection[Any]):
        def execute(
            self, query: Any, params: Any = None, *, prepare: Any = None, binary: bool = False
        ) -> Any:
            return self.cursor().execute(query, params, prepare=prepare, binary=binary or None)

        @contextmanager
        def pipeline(self) -> Iterator[psycopg.Pipeline]:
            note(BEGINS)
            with super().pipeline() as pipeline:
                yield pipeline
            note(ENDS)

    def connect(*arguments: Any, **options: Any) -> Any:
        connection = Connection.connect(*arguments, **options)
        connection.cursor_factory = Cursor
        return connection

    return connect


class Bare:
    """A bare driver: one connection, no more than the calls."""

    def __init__(self, url: str) -> None:
        self._driver = _Sqlite(url) if url.startswith("sqlite") else _Postgres(url)

    def run(self, step: Step) -> list[list[Any]]:
        """Make the calls; what the queries found, in their order."""
        driver, waiting, found = self._driver, list[Any](), list[list[Any]]()
        with ExitStack() as pipeline:
            piped = False
            for call in step:
                if call.text is BEGINS:
                    pipeline.enter_context(driver.pipeline())
                    piped = True
                elif call.text is ENDS:
                    pipeline.close()
                    piped = False
                    found += [_fetched(cursor) for cursor in waiting]
                    waiting.clear()
                elif call.many:
                    driver.many(call)
                elif piped:
                    waiting.append(driver.one(call))
                else:
                    found.append(_fetched(driver.one(call)))
        return [rows for rows in found if rows]

    def close(self) -> None:
        """Close the connection."""
        self._driver.close()


def _fetched(cursor: Any) -> list[Any]:
    return [] if cursor.description is None else list(cursor.fetchall())


class _Sqlite:
    def __init__(self, url: str) -> None:
        path = str(make_url(url).database)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._cursor = self._connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
            self._cursor.execute(f"PRAGMA {pragma}")

    def one(self, call: Call) -> Any:
        return self._cursor.execute(call.text, call.parameters)

    def many(self, call: Call) -> None:
        self._cursor.executemany(call.text, call.parameters)

    def pipeline(self) -> AbstractContextManager[Any]:
        raise AssertionError("SQLite has no pipelines")

    def close(self) -> None:
        self._connection.close()


class _Postgres:
    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        schema = parsed.query.get("schema", "tenlines")
        engine = sa.create_engine(parsed.difference_update_query(["schema"]))
        arguments, options = engine.dialect.create_connect_args(engine.url)
        self._connection = psycopg.connect(
            *arguments, **options, options=f"-c search_path={schema}", autocommit=True
        )

    def one(self, call: Call) -> Any:
        cursor = self._connection.cursor()
        return cursor.execute(call.text, call.parameters, **(call.options or {}))

    def many(self, call: Call) -> None:
        self._connection.cursor().executemany(call.text, call.parameters)

    def pipeline(self) -> AbstractContextManager[Any]:
        return self._connection.pipeline()

    def close(self) -> None:
        self._connection.close()
