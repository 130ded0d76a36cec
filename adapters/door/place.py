"""The door's database: where it lies, its tables made at first use, its faults in our words."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from adapters.door.tables import create
from adapters.event_store.engine import Database
from adapters.event_store.filelock import LockTimeout
from adapters.event_store.instants import to_micros
from adapters.time import wall
from domain.errors import StorageUnavailable

TOKEN_BYTES = 32
"""256 random bits: a plain hash of a token cannot be guessed back."""

MINUTE = 60_000_000
"""In microseconds, like every instant here."""


def fresh_token() -> str:
    """A token that nobody has had."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Place:
    """The database of a door. Safe to share between threads; connects at first use.

    clock: the wall clock, which tests may replace.
    """

    def __init__(self, url: str, now: Callable[[], datetime] = wall) -> None:
        self.database = Database(url)
        self.clock = now
        self._prepared = False
        self._preparing = threading.Lock()

    def now(self) -> int:
        """The present instant, in microseconds."""
        return to_micros(self.clock())

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection on which every statement sees what is committed."""
        self.prepare()
        with _available(), self.database.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all that is done within is kept, or none of it."""
        self.prepare()
        with _available(), self.database.writing() as connection:
            yield connection

    def prepare(self) -> None:
        """Make the tables, once, under a lock: two processes may begin at once on nothing."""
        if self._prepared:
            return
        with self._preparing, _available():
            if not self._prepared:
                with self.database.creating() as connection:
                    create(connection)
                self._prepared = True

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (sa.exc.SQLAlchemyError, LockTimeout, OSError) as error:
        raise StorageUnavailable(f"the database of the door: {type(error).__name__}") from error
