"""Where benchmarks lie: folders on the disk of this checkout, databases of a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.engine import URL

from tests.postgres import running

VAR = Path("var")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for a while. Not the system's own for temporary files, which may be in memory."""
    VAR.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=VAR) as name:
        yield Path(name).absolute()


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server that runs for a while."""

    url: URL

    def database(self, name: str, template: str = "template0") -> str:
        """Create a database, the copy of another one that nobody is connected to; its address."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def version(self) -> str:
        """The server's version."""
        return str(self._run("SHOW server_version"))

    def _run(self, statement: str) -> object:
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return result.scalar() if result.returns_rows else None


@contextmanager
def postgres() -> Iterator[Server]:
    """A server of its own, durable as it comes, or the one that the tests are told to use."""
    with folder() as place, running(place / "postgres", durable=True) as url:
        yield Server(url)
