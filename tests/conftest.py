"""Databases for every test that asks: a SQLite file of its own, a PostgreSQL schema of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.postgres import discard, fresh_schema, running

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of several workers this is; empty for the one process that has none, or leads them."""


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The address of a PostgreSQL that all workers of this run share."""
    folder = tmp_path_factory.getbasetemp()
    if WORKER:
        folder = folder.parent
    with running(folder / "postgres") as server:
        yield server


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Delete the server's files when all workers are done."""
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    if not WORKER and "TENLINES_TEST_POSTGRES_URL" not in os.environ:
        discard(factory.getbasetemp() / "postgres")


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
