"""Opening a database: a SQLite file or a PostgreSQL schema, set for durable commits.

Nothing connects before it is first used. On SQLite all writers, of this process and of
others, queue at a lock file: SQLite's own waiting starves some of them for seconds.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.event_store.faults import ATTEMPTS, Fault, classify
from adapters.event_store.filelock import FileLock
from domain.errors import PlaceUnusable, StorageUnavailable

DEFAULT_SCHEMA = "tenlines"
WAIT_SECONDS = 10.0
"""How long a writer waits for another one before it gives up."""

NO_DATABASE = "file is not a database"

_DRIVER_ERRORS = (sa.exc.SQLAlchemyError, sqlite3.Error, psycopg.Error)
_SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def usable(url: str | URL) -> URL:
    """The address of a database, if a log can lie there. Raises ValueError that says why not."""
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        # Not its text: an address holds a password.
        raise ValueError("not the address of a database") from None
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database in (None, "", ":memory:") or parsed.query.get("mode") == "memory":
                raise ValueError("a log needs a file: memory is shared with nobody and lost")
        case "postgresql":
            schema = parsed.query.get("schema", DEFAULT_SCHEMA)
            if not isinstance(schema, str) or not _SCHEMA_NAME.fullmatch(schema):
                raise ValueError(f"not a plain schema name: {schema!r}")
        case other:
            raise ValueError(f"a log lies in sqlite or postgresql, not in {other}")
    return parsed


class Database:
    """One database, with a pool of connections for reading and one way of writing.

    name: what tells this log from every other in this process.
    engine: every statement is a transaction of its own; more than one needs `writing`.
    schema: the PostgreSQL schema, first and only one on the search path; None on SQLite.
    """

    def __init__(self, url: str | URL, *, wait_seconds: float = WAIT_SECONDS) -> None:
        parsed = usable(url)
        self.wait_seconds = wait_seconds
        self.path: Path | None = None
        self.schema: str | None = None
        self.lock: FileLock | None = None
        self._closed = False
        match parsed.get_backend_name():
            case "sqlite":
                self.engine = self._sqlite(parsed)
            case _:
                self.engine = self._postgresql(parsed)
        self._lost_at = 0.0
        event.listen(self.engine, "connect", _born)
        event.listen(self.engine, "checkout", self._lent)
        event.listen(self.engine, "checkin", self._returned)
        self.is_sqlite = self.path is not None
        shown = self.engine.url.render_as_string(hide_password=True)
        self.name = f"{shown}#{self.schema}" if self.schema else str(self.path)

    def _sqlite(self, url: URL) -> sa.Engine:
        self.path = Path(str(url.database)).absolute()
        self.lock = FileLock(self.path.with_name(self.path.name + ".lock"))
        engine = sa.create_engine(
            url.set(drivername="sqlite+pysqlite", database=str(self.path)),
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": self.wait_seconds, "check_same_thread": False},
            pool_size=4,
            max_overflow=12,
            pool_timeout=self.wait_seconds,
        )
        event.listen(engine, "connect", _set_sqlite)
        return engine

    def _postgresql(self, url: URL) -> sa.Engine:
        self.schema = schema = str(url.query.get("schema", DEFAULT_SCHEMA))
        wait = int(self.wait_seconds * 1000)
        asked = url.normalized_query.get("options", ())
        options = f"-c search_path={schema} -c lock_timeout={wait} -c timezone=UTC"
        return sa.create_engine(
            url.difference_update_query(["schema"]).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            connect_args={
                "options": " ".join([*asked, options]),
                "connect_timeout": max(2, int(self.wait_seconds)),
                "application_name": url.query.get("application_name", "tenlines"),
            },
            pool_size=4,
            max_overflow=12,
            pool_timeout=self.wait_seconds,
            pool_use_lifo=True,
            # Or every new connection would begin by looking for that extension.
            use_native_hstore=False,
        )

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection on which every statement sees what is committed.

        Raises StorageUnavailable where the database is away or lost on the way; asking again
        does no harm.
        """
        try:
            with self.engine.connect() as connection:
                try:
                    yield connection
                except _DRIVER_ERRORS as error:
                    if classify(error) is Fault.LOST:
                        connection.invalidate()
                    raise
        except _DRIVER_ERRORS as error:
            if classify(error) is Fault.OTHER:
                raise
            if self.path is not None and NO_DATABASE in str(error):
                raise PlaceUnusable(self.path, NO_DATABASE) from error
            raise StorageUnavailable(f"{type(error).__name__}: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all that is done within is kept, or none of it."""
        # The lock comes first: a new file is switched to write-ahead logging under it.
        with self.exclusive(), self._begun() as connection:
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    # A pooled connection may have died unseen: beginning on another one does no harm.
    def _begun(self) -> sa.Connection:
        for tried in range(ATTEMPTS):
            connection = self.engine.connect()
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
                break
            except Exception as error:
                connection.close()
                if classify(error) is not Fault.LOST or tried + 1 == ATTEMPTS:
                    raise
        return connection

    @contextmanager
    def creating(self) -> Iterator[sa.Connection]:
        """A transaction for creating tables, one process at a time; the schema is there."""
        with self.writing() as connection:
            if self.schema is not None:
                key = sa.func.hashtext(f"tenlines/create/{self.schema}")
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
                connection.execute(sa.schema.CreateSchema(self.schema, if_not_exists=True))
            yield connection

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The writers' lock file on SQLite; nothing on PostgreSQL, where rows are locked."""
        if self.lock is None:
            yield
            return
        self.lock.acquire(self.wait_seconds)
        try:
            yield
        finally:
            self.lock.release()

    def bound(self, seconds: float) -> None:
        """From here on PostgreSQL ends each statement that takes longer; it was not carried out."""
        if self.schema is None:
            return
        setting = f"SET statement_timeout = {int(seconds * 1000)}"

        def limit(connection: psycopg.Connection, _: ConnectionPoolEntry) -> None:
            connection.execute(setting)
            connection.commit()

        event.listen(self.engine, "connect", limit)
        self.lost()

    def lost(self) -> None:
        """Connections were lost: lend none out again that were there before now."""
        self._lost_at = monotonic()

    def _lent(self, _: Any, record: ConnectionPoolEntry, __: Any) -> None:
        if record.info["born"] <= self._lost_at:
            raise sa.exc.DisconnectionError

    def _returned(self, connection: Any, _: ConnectionPoolEntry) -> None:
        if self._closed and connection is not None:
            connection.close()

    def close(self) -> None:
        """Close every connection; one that is in use, when it is given back."""
        self._closed = True
        self.engine.dispose()
        if self.lock is not None:
            self.lock.close()


def _roll_back(connection: sa.Connection) -> None:
    if connection.invalidated or connection.closed:
        return
    try:
        connection.exec_driver_sql("ROLLBACK")
    except sa.exc.DBAPIError:
        # The transaction may be over, or the connection lost: do not lend it out again.
        connection.invalidate()


def _born(_: Any, record: ConnectionPoolEntry) -> None:
    record.info["born"] = monotonic()


def _set_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "wal_autocheckpoint=4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
