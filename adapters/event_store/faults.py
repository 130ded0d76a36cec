"""What a database error means for the command that met it."""

from __future__ import annotations

import sqlite3
from enum import Enum

import psycopg
import sqlalchemy as sa

from adapters.event_store.filelock import LockTimeout

ATTEMPTS = 4
"""Times that something is tried when connections are lost."""


class Fault(Enum):
    """What went wrong, as far as the caller is concerned."""

    LOST = "the connection was lost, or the transaction chosen to give way: try again"
    UNAVAILABLE = "the database cannot take it now"
    OTHER = "the command or a view of it is at fault"


_SQLITE_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)

# Serialization failure and deadlock; connection exceptions; the server shutting down.
_RETRIED = ("40", "08", "57P")
# Read-only transaction; insufficient resources; lock timeout; system error.
_REFUSED = ("25006", "53", "55P03", "57014", "58")


def classify(error: BaseException) -> Fault:
    """Which fault the error stands for."""
    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, LockTimeout | sa.exc.TimeoutError | OSError):
        return Fault.UNAVAILABLE
    if isinstance(error, sqlite3.DatabaseError):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return Fault.UNAVAILABLE if code in _SQLITE_UNAVAILABLE else Fault.OTHER
    if isinstance(error, psycopg.Error):
        state = error.sqlstate or ""
        if state.startswith(_REFUSED):
            return Fault.UNAVAILABLE
        if state.startswith(_RETRIED) or (
            not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        ):
            return Fault.LOST
    return Fault.OTHER
