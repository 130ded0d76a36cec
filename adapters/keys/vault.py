"""The key database: creating, loading, destroying and rewrapping keys, each durable at once."""

import secrets
import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url

from adapters.event_store.engine import Database
from adapters.event_store.filelock import LockTimeout
from adapters.keys.master import MasterKey
from adapters.keys.tables import (
    DESTRUCTIONS,
    DOCUMENT_LINKS,
    HOUSE_KEYS,
    METADATA,
    SUBJECT_KEYS,
)
from domain.errors import NotPermittedNow, StorageUnavailable
from domain.ports import Now

KEY_BYTES = 32
_TOKENS = "tokens"
_TOGETHER = 500
"""Subjects in one statement, and rows rewrapped at a time."""

Loaded = dict[UUID, dict[int, bytes]]
"""Of each subject its keys by version, oldest first; empty where they were destroyed."""


class Vault:
    """The tables of the key database, under one master key. Safe to share between threads."""

    def __init__(self, url: str, master: MasterKey, now: Now) -> None:
        self._database = Database(key_database(url))
        self._master = master
        self._now = now
        self._preparing = threading.Lock()
        self._house = self._house_wrapped = b""
        if self._database.is_sqlite:
            event.listen(self._database.engine, "connect", _overwrite_what_is_freed)

    def check(self) -> None:
        """See that the keys as they are stored now open. Raises MasterKeyWrong."""
        with self._reading() as connection:
            wrapped = connection.execute(sa.select(HOUSE_KEYS.c.wrapped)).scalar_one()
        self._master.unwrap(wrapped, _TOKENS.encode())

    def house_key(self) -> bytes:
        """The key from which those of keyed hashes are derived."""
        self._prepare()
        return self._house

    def generation(self) -> int:
        """How often keys were destroyed."""
        with self._reading() as connection:
            return _generation(connection)

    def load(self, subjects: Collection[UUID]) -> tuple[int, Loaded]:
        """The keys of those subjects that have some, and the generation they belong to."""
        wanted, found = sorted(subjects), Loaded()
        rows: list[Any] = []
        with self._reading() as connection:
            # Important: the generation first. A destruction in between then shows next time.
            generation = _generation(connection)
            for start in range(0, len(wanted), _TOGETHER):
                part = wanted[start : start + _TOGETHER]
                rows += connection.execute(_LOAD, {"subjects": part}).all()
        for subject, version, wrapped in rows:
            keys = found.setdefault(subject, {})
            if wrapped is not None:
                keys[version] = self._master.unwrap(wrapped, _bound(subject, version))
        return generation, found

    def create(self, subjects: Collection[UUID]) -> None:
        """Give a first key to each of the subjects that has none, in one transaction."""
        now = self._now().isoformat()
        rows = [
            {
                "subject": subject,
                "version": 1,
                "wrapped": self._master.wrap(secrets.token_bytes(KEY_BYTES), _bound(subject, 1)),
                "created_at": now,
            }
            # In order, so that two processes wait for each other, not both.
            for subject in sorted(subjects)
        ]
        with self._writing() as connection:
            self._same_master(connection, sa.select(HOUSE_KEYS).with_for_update(read=True))
            connection.execute(_absent(connection, SUBJECT_KEYS), rows)

    def link(self, document: UUID, subjects: Collection[UUID]) -> None:
        """Note whom the document names. Raises NotPermittedNow where one is erased already."""
        rows = [{"document": document, "subject": subject} for subject in sorted(subjects)]
        with self._writing() as connection:
            if not rows:
                return
            # Held until the end: a destruction in between would not see the links.
            connection.execute(sa.select(DESTRUCTIONS).with_for_update())
            connection.execute(_absent(connection, DOCUMENT_LINKS), rows)
            gone = connection.execute(
                sa.select(SUBJECT_KEYS.c.subject)
                .where(SUBJECT_KEYS.c.subject.in_(subjects))
                .where(SUBJECT_KEYS.c.destroyed_at.is_not(None))
            ).scalar()
            if gone is not None:
                raise NotPermittedNow("link", f"the key of {gone} has been destroyed")

    def destroy(self, subject: UUID) -> frozenset[UUID]:
        """Destroy the keys of the subject and of the documents that name it; tells which.

        A subject without a key gets a destroyed one, so that it never has another.
        """
        now = self._now().isoformat()
        with self._writing() as connection:
            connection.execute(
                sa.update(DESTRUCTIONS).values(generation=DESTRUCTIONS.c.generation + 1)
            )
            links = connection.execute(
                sa.select(DOCUMENT_LINKS.c.document).where(DOCUMENT_LINKS.c.subject == subject)
            )
            gone = {subject, *links.scalars()}
            stones = [
                {"subject": s, "version": 1, "created_at": now, "destroyed_at": now}
                for s in sorted(gone)
            ]
            connection.execute(_absent(connection, SUBJECT_KEYS), stones)
            connection.execute(
                sa.update(SUBJECT_KEYS)
                .where(SUBJECT_KEYS.c.subject.in_(gone), SUBJECT_KEYS.c.destroyed_at.is_(None))
                .values(wrapped=None, destroyed_at=now)
            )
        self._wipe()
        return frozenset(gone)

    def rewrap(self, new: MasterKey) -> int:
        """Wrap every key with `new`, all or none; tells how many. Keys themselves stay."""
        columns = SUBJECT_KEYS.c
        place = sa.tuple_(columns.subject, columns.version)
        count, last = 0, None
        with self._writing() as connection:
            self._same_master(connection, sa.select(HOUSE_KEYS).with_for_update())
            house = new.wrap(self._house, _TOKENS.encode())
            connection.execute(sa.update(HOUSE_KEYS).values(wrapped=house))
            while True:
                part = sa.select(columns.subject, columns.version, columns.wrapped)
                part = part.where(columns.wrapped.is_not(None)).order_by(*place.clauses)
                if last is not None:
                    part = part.where(place > last)
                rows = connection.execute(part.limit(_TOGETHER)).all()
                if not rows:
                    break
                last = sa.tuple_(
                    sa.literal(rows[-1].subject, sa.Uuid()), sa.literal(rows[-1].version)
                )
                connection.execute(
                    _REWRAP,
                    [
                        {
                            "of": subject,
                            "at": version,
                            "anew": self._again(new, wrapped, _bound(subject, version)),
                        }
                        for subject, version, wrapped in rows
                    ],
                )
                count += len(rows)
        self._master, self._house_wrapped = new, house
        self._wipe()
        return count

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _again(self, new: MasterKey, wrapped: bytes, bound: bytes) -> bytes:
        return new.wrap(self._master.unwrap(wrapped, bound), bound)

    def _same_master(self, connection: sa.Connection, house: sa.Select[Any]) -> None:
        """Refuse to go on with a master key that another process has replaced."""
        if connection.execute(house).one().wrapped != self._house_wrapped:
            raise StorageUnavailable("the master key was replaced: start anew with the new one")

    def _prepare(self) -> None:
        """Create the tables, once, under a lock, and see that the master key is the right one."""
        with self._preparing, _available():
            if self._house:
                return
            with self._database.writing() as connection:
                if self._database.schema is not None:
                    # Two processes may start at once on an empty database.
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7310365403)"))
                    connection.execute(
                        sa.schema.CreateSchema(self._database.schema, if_not_exists=True)
                    )
                METADATA.create_all(connection)
                fresh = self._master.wrap(secrets.token_bytes(KEY_BYTES), _TOKENS.encode())
                connection.execute(
                    _absent(connection, HOUSE_KEYS), {"name": _TOKENS, "wrapped": fresh}
                )
                connection.execute(_absent(connection, DESTRUCTIONS), {"one": 1, "generation": 0})
                wrapped = connection.execute(sa.select(HOUSE_KEYS.c.wrapped)).scalar_one()
                self._house = self._master.unwrap(wrapped, _TOKENS.encode())
                self._house_wrapped = wrapped

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        self._prepare()
        with _available(), self._database.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        self._prepare()
        with _available(), self._database.writing() as connection:
            yield connection

    def _wipe(self) -> None:
        """Leave nothing of the old rows in the files, as far as the database lets us.

        SQLite: freed bytes are overwritten, and the write-ahead log is emptied. PostgreSQL:
        dead rows are vacuumed; its write-ahead log keeps them, wrapped, until it is recycled.
        """
        database = self._database
        with _available(), database.exclusive(), database.reading() as connection:
            if not database.is_sqlite:
                connection.execute(sa.text("VACUUM subject_keys"))
                return
            busy = connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar()
        if busy:
            raise StorageUnavailable(
                "the key is destroyed, but a reader keeps its old bytes in the write-ahead log: "
                "destroy it again"
            )


_LOAD = (
    sa.select(SUBJECT_KEYS.c.subject, SUBJECT_KEYS.c.version, SUBJECT_KEYS.c.wrapped)
    .where(SUBJECT_KEYS.c.subject.in_(sa.bindparam("subjects", expanding=True)))
    .order_by(SUBJECT_KEYS.c.subject, SUBJECT_KEYS.c.version)
)
_REWRAP = (
    sa.update(SUBJECT_KEYS)
    .where(
        SUBJECT_KEYS.c.subject == sa.bindparam("of"), SUBJECT_KEYS.c.version == sa.bindparam("at")
    )
    .values(wrapped=sa.bindparam("anew"))
)


def key_database(url: str) -> URL:
    """Where the tables of the keys lie: on PostgreSQL never in the schema of the log."""
    place = make_url(url)
    if place.get_backend_name() == "postgresql" and "schema" not in place.query:
        # Important: the log's schema is what is meant by default there.
        place = place.update_query_dict({"schema": "tenlines_keys"})
    return place


def holds_keys(url: str) -> bool:
    """Whether any key lies there that a master key has wrapped. Makes nothing."""
    with _available(), closing(Database(key_database(url))) as database:
        # To look into a file that is not there would make it.
        if database.path is not None and not database.path.exists():
            return False
        with database.reading() as connection:
            if not sa.inspect(connection).has_table(HOUSE_KEYS.name):
                return False
            return connection.execute(sa.select(HOUSE_KEYS.c.name)).first() is not None


def _bound(subject: UUID, version: int) -> bytes:
    return subject.bytes + version.to_bytes(2, "big")


def _generation(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(DESTRUCTIONS.c.generation)).scalar_one())


def _absent(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that leaves rows alone that are there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def _overwrite_what_is_freed(connection: Any, _: object) -> None:
    connection.execute("PRAGMA secure_delete=ON")


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (sa.exc.SQLAlchemyError, LockTimeout, OSError) as error:
        raise StorageUnavailable(f"the key database: {type(error).__name__}") from error
