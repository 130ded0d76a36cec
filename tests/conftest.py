"""Databases for every test that asks: a SQLite file of its own, a PostgreSQL schema of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import gettempdir

import pytest
import structlog
from pwdlib.hashers.argon2 import Argon2Hasher
from pytest_bdd.parser import Feature, Scenario
from sqlalchemy.engine import URL

from adapters.door import passwords
from adapters.memory import settle
from tests import specified, templates
from tests.postgres import discard, fresh_schema, running
from tests.templates import LEADS, RUN
from web.specifications import FEATURES, RESULTS

MEMORY, ROOM_BYTES = Path("/dev/shm"), 3 * 2**30
"""Where files of tests lie: of thousands of small writes each would wait for a disk. What must
outlive a power cut is proved by what is asked of the disk (tests/faults/tracing.py)."""
if LEADS and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# Not among pytest's own temporary folders, which every new run closes to the server's user.
SERVER = Path(gettempdir()) / f"tenlines-test-{RUN}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a PostgreSQL that all workers of this run share."""
    with running(SERVER) as server:
        yield server


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was collected lives as long as the run: it is not looked through again and again."""
    settle()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Delete the server's files and the templates when all workers are done."""
    if LEADS:
        discard(SERVER)
        templates.discard()


COUNTED = {
    "combinations": "combinations of route, role and unit",
    "scenes open": "scenes in which a step, entry or action of a line is open",
    "refusals": "scenes in which one is refused",
}


def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
) -> None:
    """Have the test's report name what it plays."""
    path = Path(feature.filename).resolve().relative_to(FEATURES)
    request.node.user_properties.append((specified.SCENARIO, (path.as_posix(), scenario.name)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried within the tests, by all workers, and which scenarios hold."""
    passed = terminalreporter.stats.get("passed", [])
    played = [
        (*dict(report.user_properties)[specified.SCENARIO], report.passed)
        for report in (*passed, *terminalreporter.stats.get("failed", []))
        if specified.SCENARIO in dict(report.user_properties)
    ]
    specified.told(played, RESULTS, datetime.now(UTC))
    for name, what in COUNTED.items():
        if counted := sum(dict(report.user_properties).get(name, 0) for report in passed):
            terminalreporter.write_line(f"{counted} {what}")


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


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed by argon2id as ever, but quickly: each would take a part of a second.

    The product's own parameters are tried in tests/adapters/door/test_passwords.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        quick = partial(Argon2Hasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "Argon2Hasher", quick)
        yield


@pytest.fixture(autouse=True)
def plain_tracebacks() -> Iterator[None]:
    """What is logged is told plainly: a traceback with all its values takes seconds to write."""
    structlog.reset_defaults()
    *processors, _ = structlog.get_config()["processors"]
    told = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[*processors, told])
    yield
    structlog.reset_defaults()
