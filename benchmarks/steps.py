"""One step end to end, against the same by a bare driver on an equal copy of the database.

Ours: the desk loads the affair, decides, seals, encodes, stores with the inline views, answers.
The other loads, decides, seals and encodes by the same functions of the domain, and runs the
very statements that ours sent, with their parameters, on one connection: no desk, rights,
library, queue, views or SQLAlchemy. A note tells the ratio to the statements alone.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from adapters.house import House
from adapters.time import Told
from benchmarks.district import MONDAY, Player, areas, found, opened, settings_of
from benchmarks.places import Server, folder, postgres
from benchmarks.plain import Plain
from benchmarks.report import Row, compared
from benchmarks.tales import TALES
from benchmarks.tape import Bare, Step, Tape
from domain.affair.commands import Command

LATER = datetime(2013, 6, 30, 10, 0, tzinfo=UTC)
"""The clock of the house stands here, after all that happens."""
YEARS = range(2011, 2014)
TARGET = 0.7
WRITERS = 8

Place = tuple[Path, str]
"""The folder of a district, and the address of its database if that is not a file there."""
Life = list[Command]
"""What is done to one affair after its registration, in order."""
Taped = list[tuple[Command, Step]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """rounds: how often each side runs. affairs: of a run, some eleven steps each."""

    rounds: int = 7
    affairs: int = 32


def rows(large: bool = False) -> list[Row]:
    """One writer and eight, on both databases. `large` changes nothing here."""
    del large
    with folder() as place, postgres() as server:
        return [*on("SQLite", place / "sqlite"), *on("PostgreSQL", place / "postgres", server)]


def on(
    name: str, root: Path, server: Server | None = None, sizes: Sizes | None = None
) -> list[Row]:
    """The rows of one database."""
    sizes = sizes or Sizes()
    copies = _Copies(root, server)
    lives = prepared(copies.place("first"), 2 * sizes.rounds * sizes.affairs)
    runs = [lives[start : start + sizes.affairs] for start in range(0, len(lives), sizes.affairs)]
    tapes = recorded(copies.copied("taped"), runs)
    made = []
    with ExitStack() as stack:
        house = stack.enter_context(working(copies.copied("ours")))
        plain = Plain(stack.enter_context(working(copies.copied("plain"))))
        stack.enter_context(closing(plain.bare))
        bare = stack.enter_context(closing(Bare(settings_of(*copies.copied("bare")).log_url)))
        pairs: dict[int, list[tuple[float, float]]] = {1: [], WRITERS: []}
        floors: dict[int, list[float]] = {1: [], WRITERS: []}
        for turn, (run, tape) in enumerate(zip(runs, tapes, strict=True)):
            writers = WRITERS if turn % 2 else 1
            ours = _rate(tape, partial(played, house, run, writers))
            pairs[writers].append((ours, _rate(tape, partial(_theirs, plain, tape, writers))))
            floors[writers].append(ours / _rate(tape, partial(_statements, bare, tape)))
        for writers, found_pairs in pairs.items():
            floor = median(floors[writers])
            made.append(
                compared(
                    f"a step, {writers} writer{'s'[: writers > 1]}, {name}",
                    found_pairs,
                    target=TARGET,
                    unit="steps/s",
                    note=f"{floor:.2f} of the statements alone, one after another",
                )
            )
    return made


class _Copies:
    """Equal districts: files, and on PostgreSQL a database each."""

    def __init__(self, root: Path, server: Server | None) -> None:
        self._root, self._server = root, server
        self._urls: dict[str, str] = {}
        root.mkdir()
        if server is not None:
            self._urls["first"] = server.database(f"{root.name}_first")

    def place(self, name: str) -> Place:
        return self._root / name, self._urls.get(name, "")

    def copied(self, name: str) -> Place:
        """A copy of the first one, which must be closed."""
        shutil.copytree(self._root / "first", self._root / name)
        if self._server is not None:
            source = f"{self._root.name}_first"
            self._urls[name] = self._server.database(f"{self._root.name}_{name}", source)
        return self.place(name)


def prepared(place: Place, count: int) -> list[Life]:
    """Found a district with so many affairs, registered; what will be done to each."""
    settings = settings_of(*place)
    found(settings, streets=1, years=YEARS)
    lives, where = [], areas(1)
    with opened(settings, clock := Told(LATER)) as house:
        player = Player(house, clock)
        for index in range(count):
            area, tale = where[index * 7 % len(where)], TALES[index % len(TALES)]
            registration, *life = player.commands(tale, MONDAY, area)
            house.desk.run(registration)
            lives.append(life)
    return lives


def working(place: Place) -> AbstractContextManager[House]:
    """The district that lies there, open, its clock standing after all that happens."""
    return opened(settings_of(*place), Told(LATER))


def recorded(place: Place, runs: Sequence[Sequence[Life]]) -> list[Taped]:
    """Play all of it once, with a tape on the driver."""
    with working(place) as house:
        tape = Tape(house.log.database)

        def taped(command: Command) -> tuple[Command, Step]:
            house.desk.run(command)
            return command, tape.taken()

        return [[taped(command) for life in run for command in life] for run in runs]


def _rate(tape: Taped, run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return len(tape) / (time.perf_counter() - began)


def played(house: House, lives: Sequence[Life], writers: int) -> None:
    """Carry all of it out by the desk, one writer in this thread or several in an event loop."""
    if writers == 1:
        for life in lives:
            for command in life:
                house.desk.run(command)
        return
    waiting = list(lives)

    async def write() -> None:
        while waiting:
            for command in waiting.pop():
                await house.desk.run_async(command)

    async def all_of_them() -> None:
        await asyncio.gather(*(write() for _ in range(writers)))

    asyncio.run(all_of_them())


def _theirs(plain: Plain, tape: Taped, writers: int) -> None:
    if writers == 1:
        for command, step in tape:
            plain.run(command, step)
        return
    turn, waiting = threading.Lock(), iter(tape)

    def write() -> None:
        while True:
            # One transaction after the other, as a log without gaps has it.
            with turn:
                command, step = next(waiting, (None, []))
                if command is None:
                    return
                found_rows = plain.bare.run(step)
                plain.decide(command, found_rows)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _statements(bare: Bare, tape: Taped) -> None:
    for _, step in tape:
        bare.run(step)
