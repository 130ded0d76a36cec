"""A durable step over HTTP, against an empty `async def` handler: 32 connections each.

Ours is `tenlines serve` as it stands: tokens, rights, the record of requests, the desk, the log
and its views; its worker runs elsewhere, as where there is PostgreSQL. Both servers are
processes of their own; the client is in this one.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from adapters.house import House, open_house
from adapters.staff import Entry, hire
from benchmarks.client import Sent, answered, request
from benchmarks.district import areas, settings_of
from benchmarks.places import folder, postgres
from benchmarks.report import Row, compared
from benchmarks.steps import Life, Place, prepared
from domain.actor import Actor
from domain.affair.commands import Act, Command, RecordEntry, TakeStep

CONNECTIONS = 32
ROUNDS = 5
LIVES = 2
"""Affairs that a connection plays in a round, some eleven steps each."""
EMPTY = 60
"""Empty requests of a connection in a round."""
SERVE = "from adapters.cli.main import app_entry; app_entry()"


def rows(large: bool = False) -> list[Row]:
    """Both databases. `large` changes nothing here."""
    del large
    with folder() as place, postgres() as server:
        return [
            on("SQLite", (place / "sqlite", "")),
            on("PostgreSQL", (place / "postgres", server.database("http"))),
        ]


def on(name: str, place: Place, *, rounds: int = ROUNDS, connections: int = CONNECTIONS) -> Row:
    """The row of one database."""
    each = connections * LIVES
    # The first round warms both up.
    lives = prepared(place, (rounds + 1) * each)
    tokens = _tokens(place)
    steps = [_sent(life, tokens) for life in lives]
    rounds_sent = [
        [[*first, *second] for first, second in zip(part[::2], part[1::2], strict=True)]
        for part in (steps[start : start + each] for start in range(0, len(steps), each))
    ]
    nothing = [[request("/empty", {"occurred_at": "2011-07-04"})] * EMPTY] * connections
    with serving(place) as ours, answering("-m", "benchmarks.empty") as empty:
        pairs = [(ours.rate(sent), empty.rate(nothing)) for sent in rounds_sent]
        spent = ours.spent(), empty.spent()
    return compared(
        f"a durable step over HTTP / an empty handler, {name}",
        pairs[1:],
        target=0.3,
        unit="answers/s",
        note=f"{connections} connections; processor time of the servers {spent[0]:.0f} and "
        f"{spent[1]:.0f} µs an answer",
    )


def _tokens(place: Place) -> Mapping[str, str]:
    with closing(open_house(settings_of(*place))) as house:
        return {one: house.porter.issue(one, grant) for one, grant in hired(house).items()}


def hired(house: House) -> dict[str, UUID]:
    """Everybody of the first street as an account; their grants."""
    actors = {actor.account: actor for area in areas(1) for actor in _of(area.actor)}
    entries = [
        Entry(
            account=actor.account,
            name=actor.account,
            role=actor.role,
            unit=actor.unit,
            lines=actor.lines,
        )
        for actor in actors.values()
    ]
    return hire(house, entries)


def _of(acting: object) -> Sequence[Actor]:
    assert callable(acting)
    return [acting(role) for role in ("CW", "CD", "FD", "SC", "SUP")]


def _sent(life: Life, tokens: Mapping[str, str]) -> Sent:
    return [
        request(
            _path(command),
            {"occurred_at": command.occurred_at.isoformat(), "record": _record(command)},
            {
                "Authorization": f"Bearer {tokens[command.by.account]}",
                "Idempotency-Key": str(command.command_id),
            },
        )
        for command in life
    ]


def _path(command: Command) -> str:
    match command:
        case TakeStep():
            return f"/api/v1/affairs/{command.affair_id}/steps/{command.step}"
        case RecordEntry():
            return f"/api/v1/affairs/{command.affair_id}/entries/{command.entry}"
        case Act():
            return f"/api/v1/affairs/{command.affair_id}/actions/{command.action}"
    raise AssertionError(type(command))


def _record(command: Command) -> object:
    assert isinstance(command, TakeStep | RecordEntry | Act)
    return dict(command.record)


class Server:
    """A server that has been started, and what it has answered."""

    def __init__(self, process: int, address: str) -> None:
        self._process, self.address = process, address
        self._seconds, self._answers = 0.0, 0

    def rate(self, connections: Sequence[Sent]) -> float:
        """Answers a second to these requests."""
        before = self.processor()
        rate = answered(self.address, connections)
        self._seconds += self.processor() - before
        self._answers += sum(map(len, connections))
        return rate

    def spent(self) -> float:
        """Microseconds of processor time for an answer, of all so far."""
        return self._seconds / self._answers * 1e6

    def processor(self) -> float:
        """Seconds of processor time so far."""
        # After the name, which may hold spaces: user and system time are fields 14 and 15.
        told = Path(f"/proc/{self._process}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(place: Place) -> Iterator[Server]:
    """`tenlines serve` for a district, its worker elsewhere."""
    settings = settings_of(*place)
    environment = {
        "TENLINES_DATA_DIR": str(settings.data_dir),
        "TENLINES_DATABASE_URL": settings.database_url,
        # A few accounts ask as much as the server can answer.
        "TENLINES_RATES": settings.rates,
    }
    with answering("-c", SERVE, "serve", "--port", "0", "--no-worker", **environment) as server:
        yield server


@contextmanager
def answering(*arguments: str, **environment: str) -> Iterator[Server]:
    """A server in a process of its own, which tells its address."""
    with subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            told = (line.strip() for line in process.stdout)
            # A demonstration tells first who may sign in.
            address = next((line for line in told if line.startswith("http")), "")
            if not address:
                raise RuntimeError(f"no address from {arguments}")
            yield Server(process.pid, address)
        finally:
            process.terminate()
