"""How many pages a core draws: an affair, and a full inbox, at 32 connections by wrk.

The server is `tenlines serve` as it stands, in a process of its own; a page is asked for by a
community's director, in a browser's session, with what every request passes: the session, the
grant, the rights, the masks. A core's rate is by the processor time of that process, so that it
holds on a machine that others use too; a note tells the rate by the clock on the wall.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from types import CodeType, FrameType
from typing import Any

from adapters.house import House, open_house
from adapters.time import Told
from benchmarks.district import FOUNDED, MONDAY, Player, areas, found, opened, settings_of
from benchmarks.http import Server, hired, serving
from benchmarks.places import folder, postgres
from benchmarks.report import Row, alone
from benchmarks.steps import YEARS, Place
from benchmarks.tales import HEAP, TALES
from domain.affair.commands import Command, Register
from domain.clock import SHANGHAI
from domain.errors import Refusal
from web import entrance
from web.app import create_app
from workflows import masks, rights
from workflows.rights import EVERYWHERE

CONNECTIONS = 32
ROUNDS, SECONDS = 5, 3
TARGET = 200.0
SHARE = 5.0
NOW = datetime(2011, 7, 12, 10, 0, tzinfo=SHANGHAI)
"""When the pages are looked at: some affairs are late, some due today, some have ended."""
AFFAIRS = 240
"""Affairs of one community, of which more than one page is open."""
DIRECTOR = areas(1)[0].actor("CD").account


@dataclass(frozen=True, slots=True)
class Looked:
    """A page that is looked at: what it is called, and its address."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody's browser session, and what is looked at in it."""

    cookie: str
    pages: tuple[Looked, ...]


def rows(large: bool = False) -> list[Row]:
    """Both pages on both databases, and what of them is access. `large` changes nothing here."""
    del large
    with folder() as place, postgres() as server:
        sqlite, other = (place / "sqlite", ""), (place / "postgres", server.database("pages"))
        desk = worked(sqlite)
        made = on("SQLite", sqlite, desk)
        made += [share(sqlite, desk, page) for page in desk.pages]
        return [*made, *on("PostgreSQL", other, worked(other))]


def worked(place: Place, affairs: int = AFFAIRS) -> Desk:
    """Make a district with a community in the middle of its work; the desk of its director."""
    settings = settings_of(*place)
    found(settings, streets=1, years=YEARS, anchor=FOUNDED)
    here = [area for area in areas(1) if area.community == areas(1)[0].community]
    with opened(settings, clock := Told(FOUNDED)) as house:
        player = Player(house, clock)
        # Of the usual length, and still at work.
        commands: list[Command] = player.commands(HEAP, MONDAY + timedelta(days=7), here[0])
        heap = commands[0]
        assert isinstance(heap, Register)
        for index in range(1, affairs):
            start = MONDAY + timedelta(days=index * 8 // affairs)
            tale = TALES[index % len(TALES)]
            commands += player.commands(tale, start, here[index % len(here)])
        commands.sort(key=lambda command: command.occurred_at)
        player.run([command for command in commands if command.occurred_at <= NOW])
        while house.follower.step():
            pass
        clock.at = NOW
        number = house.queries.affair(EVERYWHERE, heap.affair_id).number
        affair = Looked("an affair's page", f"/affairs/{number}")
        return Desk(_cookie(house), (affair, Looked("a full inbox", "/")))


def _cookie(house: House) -> str:
    grant = hired(house)[DIRECTOR]
    standing = house.people.standing(DIRECTOR)
    assert standing is not None
    return house.door.sessions.begin(
        DIRECTOR, grant, method="password+factor", position=standing.sessions_end
    )


# --- by wrk --------------------------------------------------------------------------------------


def on(
    name: str, place: Place, desk: Desk, *, rounds: int = ROUNDS, seconds: int = SECONDS
) -> list[Row]:
    """The rows of one database."""
    made = []
    with serving(place) as server:
        for page in desk.pages:
            asked(server, page, desk.cookie, 1)
            runs = [asked(server, page, desk.cookie, seconds) for _ in range(rounds)]
            wall = median(rate for rate, _ in runs)
            made.append(
                alone(
                    f"{page.name}, a core's rate, {name}",
                    [rate for _, rate in runs],
                    target=TARGET,
                    unit="pages/s",
                    note=f"{CONNECTIONS} connections; {wall:.0f} pages/s by the clock on the wall",
                )
            )
    return made


def asked(server: Server, page: Looked, cookie: str, seconds: int) -> tuple[float, float]:
    """Pages a second, by the clock on the wall and by the server's processor time.

    Raises RuntimeError where one was no success, or there is no wrk.
    """
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is required here: apt-get install wrk")
    before = server.processor()
    options = [f"-c{CONNECTIONS}", "-t1", f"-d{seconds}s", "--timeout", "60s"]
    options += ["-H", f"Cookie: tenlines={cookie}"]
    done = subprocess.run(
        ["wrk", *options, server.address + page.path], capture_output=True, text=True, check=True
    )
    told = done.stdout
    count = re.search(r"(\d+) requests in", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if count is None or rate is None or "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    if not int(count[1]):
        # On a machine that is busy: none was done in time.
        return asked(server, page, cookie, 2 * seconds)
    return float(rate[1]), int(count[1]) / (server.processor() - before)


# --- access and masks ----------------------------------------------------------------------------

DECIDING: tuple[Callable[..., Any], ...] = (
    # What is remembered of it costs nothing more.
    rights.scope_of.__wrapped__,
    rights.authorise,
    rights.authorise_affair,
    rights.may_work.__wrapped__,
    rights.resource_of,
    rights.right_of,
    rights.Scope.covers,
    entrance.reach,
    entrance.reach_any,
    masks.Policy.mask_for,
    *masks.MASKS.values(),
)
"""What decides who may see, and masks what they see. Opening what is sealed is not among it."""


class Calls:
    """The calls of some functions, the outermost of each, with what they were given."""

    def __init__(self, functions: tuple[Callable[..., Any], ...]) -> None:
        self._by_code: dict[CodeType, Callable[..., Any]] = {
            function.__code__: function for function in functions
        }
        self.taken: list[tuple[Callable[..., Any], dict[str, Any]]] = []
        self._within = threading.local()

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        within = getattr(self._within, "frame", None)
        if event == "call" and within is None and frame.f_code in self._by_code:
            code = frame.f_code
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            given = {name: frame.f_locals[name] for name in names}
            self.taken.append((self._by_code[code], given))
            self._within.frame = frame
        elif event == "return" and frame is within:
            self._within.frame = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take down what is called meanwhile, in this thread and in those that it begins."""
        threading.setprofile(self)
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def again(self) -> None:
        """Do all of it once more."""
        for function, given in self.taken:
            try:
                function(**given)
            except Refusal:
                continue


class _Silent:
    def info(self, event: str, **said: Any) -> None:
        """Say nothing."""

    error = info


def share(place: Place, desk: Desk, page: Looked, times: int = 100) -> Row:
    """Per cent of a page's time that goes into access and masks: its calls, made once more."""
    shares, parts = [], []
    with closing(open_house(settings_of(*place))) as house, ExitStack() as stack:
        loop = stack.enter_context(closing(asyncio.new_event_loop()))
        app, calls = create_app(house, log=_Silent()), Calls(DECIDING)

        def draw() -> None:
            loop.run_until_complete(_drawn(app, page.path, desk.cookie))

        with calls.listening():
            draw()
        assert calls.taken, "nothing was decided"
        for _ in range(ROUNDS):
            whole, again = _seconds(draw, times), _seconds(calls.again, times)
            shares.append(100 * again / whole)
            parts.append((again * 1e6, whole * 1e6))
        loop.run_until_complete(loop.shutdown_default_executor())
    access, whole = (median(column) for column in zip(*parts, strict=True))
    return alone(
        f"access decisions and masks, of the time of {page.name}",
        shares,
        target=SHARE,
        unit="%",
        at_most=True,
        note=f"{len(calls.taken)} calls in {access:.0f} µs of {whole:.0f} µs, SQLite",
    )


async def _drawn(app: Any, path: str, cookie: str) -> None:
    """Ask for a page without a network. Raises RuntimeError where it is no success."""
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status", 0))

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", f"tenlines={cookie}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    if statuses[0] != 200:
        raise RuntimeError(f"{path} answered {statuses[0]}")


def _seconds(run: Callable[[], object], times: int) -> float:
    """Of processor time, for one run."""
    run()
    began = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - began) / times
