"""Who has a district open: any number in common, or one alone who makes its files anew.

Two locks say so, and the kernel or the server lets go of both when their holder dies: one on a
file in the data folder, which whoever replaces the folder's files leaves where it is, and on
PostgreSQL an advisory lock of the log's schema, for processes that share no folder.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack, suppress
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from adapters.event_store import Database
from adapters.settings import Settings
from domain.errors import DistrictInUse, PlaceUnusable

LOCK = "house.lock"
"""The file in the data folder. It holds nothing and is never removed."""


class Tenancy:
    """A district's place, held from the moment this is made until `close`."""

    def __init__(self, settings: Settings, *, alone: bool = False) -> None:
        """Hold the place at once, or raise DistrictInUse, with the processes that hold it.

        alone: with nobody else in it. A data folder that is not there is not made: nothing in
            it can be replaced.
        """
        self._held = ExitStack()
        try:
            if settings.data_dir.is_dir():
                self._hold_folder(settings.data_dir, alone)
            database = Database(settings.log_url)
            self._held.callback(database.close)
            if database.schema is not None:
                self._hold_schema(database, database.schema, alone)
        except BaseException:
            self._held.close()
            raise

    def _hold_folder(self, data_dir: Path, alone: bool) -> None:
        path = data_dir / LOCK
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        except OSError as error:
            raise PlaceUnusable(path, error) from error
        self._held.callback(os.close, file)
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DistrictInUse(str(data_dir.absolute()), _holders(file), alone) from None

    def _hold_schema(self, database: Database, schema: str, alone: bool) -> None:
        take = sa.func.pg_try_advisory_lock if alone else sa.func.pg_try_advisory_lock_shared
        key = int.from_bytes(sha256(f"tenlines/house/{schema}".encode()).digest()[:8], signed=True)
        connection = self._held.enter_context(database.reading())
        # Not given back to the pool: the lock is the session's and ends with it.
        self._held.callback(connection.invalidate)
        if not connection.execute(sa.select(take(key))).scalar_one():
            halves = {"high": key >> 32, "low": key}
            raise DistrictInUse(
                database.name, connection.execute(_HOLDERS, halves).scalars().all(), alone
            )

    def close(self) -> None:
        """Let go of the place. Twice does no harm."""
        self._held.close()


# The lock of a file with this key; of two halves, each read as unsigned.
_HOLDERS = sa.text(
    "SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND classid::bigint = (:high & 4294967295) AND objid::bigint = (:low & 4294967295) "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY pid"
)


def _holders(file: int) -> tuple[int, ...]:
    """The processes that hold the file, where the kernel tells: for a person to find them."""
    found: set[int] = set()
    with suppress(OSError, ValueError, IndexError):
        inode = str(os.fstat(file).st_ino)
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == inode:
                found.add(int(fields[4]))
    return tuple(sorted(found))
