"""Databases for every test that asks: a SQLite file of its own, a PostgreSQL schema of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import pytest
from sqlalchemy.engine import URL

from tests.postgres import discard, fresh_schema, running

# Workers are started with the environment of the process that leads them.
LEADS = "TENLINES_TEST_RUN" not in os.environ
RUN = os.environ.setdefault("TENLINES_TEST_RUN", uuid4().hex)
# Not among pytest's own temporary folders, which every new run closes to the server's user.
SERVER = Path(gettempdir()) / f"tenlines-test-{RUN}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a PostgreSQL that all workers of this run share."""
    with running(SERVER) as server:
        yield server


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Delete the server's files when all workers are done."""
    if LEADS:
        discard(SERVER)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/log.db"


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A PostgreSQL schema that is not there yet."""
    with fresh_schema(postgres_server) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn, empty."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
