"""What a decade of a district costs: the same at five million events and at fifty thousand.

Both districts have as many affairs a day, so that lists and figures of a month are of one size:
what differs is what lies behind. Each page is asked for once before it is measured.
"""

import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

import sqlalchemy as sa

from adapters.event_store import StoredRow
from adapters.house import House
from adapters.settings import Settings
from benchmarks.bulk import Bulk, templates
from benchmarks.district import STREETS, areas, found, opened, settings_of
from benchmarks.places import Server, folder, postgres
from benchmarks.report import Row, compared
from benchmarks.steps import Place
from domain.clock import local_day
from domain.errors import Unreadable
from projections.worklist import Wanted
from workflows.rights import scope_of

SMALL, LARGE = 50_000, 5_000_000
A_DAY = 190
ROOM = 25 * 2**30
"""Bytes of disk that a district of five million events may take."""

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is made and asked.

    small, large: events. rounds: how often each side runs. calls: pages, or commands, of one
    run. sample: affairs that are looked at.
    """

    small: int = SMALL
    large: int = LARGE
    rounds: int = 7
    calls: int = 40
    sample: int = 400
    streets: int = STREETS


def rows(large: bool = True) -> list[Row]:
    """Append, worklist page, case page and statistics, on SQLite and then on PostgreSQL."""
    sizes = Sizes() if large else Sizes(large=10 * SMALL)
    with folder() as place:
        made = on("SQLite", ((place / "small", ""), (place / "large", "")), sizes)
    with folder() as place, postgres() as server:
        small, large_one = server.database("small"), server.database("large")
        made += on(
            "PostgreSQL", ((place / "small", small), (place / "large", large_one)), sizes, server
        )
    return made


def on(
    name: str, where: tuple[Place, Place], sizes: Sizes, server: Server | None = None
) -> list[Row]:
    """The rows of one database."""
    counts = sizes.small, sizes.large
    with ExitStack() as stack:
        small, large = (
            _Desk(*stack.enter_context(built(place, count, sizes, name)), sizes.sample)
            for place, count in zip(where, counts, strict=True)
        )
        if server is not None:
            for _, url in where:
                _vacuum(url)
        made = []
        for what, ours, other in (
            ("append", large.append, small.append),
            ("worklist page", large.worklist, small.worklist),
            ("case page", large.case, small.case),
            ("statistics of a month", large.statistics, small.statistics),
        ):
            for act in (ours, other):
                _milliseconds(act, sizes.sample if what == "case page" else sizes.calls)
            pairs = [
                (_milliseconds(ours, sizes.calls), _milliseconds(other, sizes.calls))
                for _ in range(sizes.rounds)
            ]
            made.append(
                compared(
                    f"{what} at {counts[1]:,} events / at {counts[0]:,}, {name}",
                    pairs,
                    target=1.2,
                    unit="ms",
                    at_most=True,
                )
            )
        return made


@contextmanager
def built(place: Place, events: int, sizes: Sizes, name: str) -> Iterator[tuple[House, Bulk]]:
    """A district with so many events and its views, opened anew after it was made."""
    settings = settings_of(*place)
    _require_room(place, events)
    found(settings, streets=sizes.streets)
    what, began = f"{name} {events:,}", time.perf_counter()
    with opened(settings) as house:
        bulk = Bulk(house, templates(), a_day=A_DAY, within=areas(sizes.streets))
        held = bulk.events(events, _telling(f"{what}: events"))
        bulk.views(_telling(f"{what}: views"))
    print(f"{what}: made in {time.perf_counter() - began:.0f} s, {held:,} events", file=sys.stderr)
    with opened(settings) as house:
        yield house, bulk


class _Desk:
    """What is done at a district, at random places of it."""

    def __init__(self, house: House, bulk: Bulk, sample: int) -> None:
        self._house, self._bulk = house, bulk
        chosen = random.Random(2011)
        self._known = [chosen.randrange(bulk.affairs) for _ in range(sample)]
        self._cases = cycle(self._known)
        self._places = cycle(bulk.area(ordinal) for ordinal in self._known)
        self._recent = iter(self._going_on(chosen))
        last = house.log.read(house.log.head() - 1, 1)[0].recorded_at
        self._today = local_day(last)
        self._now = last

    def _going_on(self, chosen: random.Random) -> Iterator[int]:
        """Affairs that have not ended, of the last weeks."""
        newest = self._bulk.affairs
        while True:
            yield newest - 1 - chosen.randrange(min(newest, 15 * A_DAY))

    def append(self) -> None:
        """The next event of an affair, with all inline views."""
        for ordinal in self._recent:
            append = self._bulk.following(ordinal, self._now)
            if append is not None:
                self._house.log.append(append)
                return

    def worklist(self) -> None:
        """The first page of a community's director."""
        actor = next(self._places).actor("CD")
        self._house.queries.worklist(scope_of(actor, "view_affair"), Wanted())

    def case(self) -> None:
        """An affair and its timeline."""
        ordinal = next(self._cases)
        stream_id = self._bulk.stream(ordinal)
        scope = scope_of(self._bulk.area(ordinal).actor("CD"), "view_affair")
        self._house.queries.affair(scope, stream_id)
        self._house.history.batch(self._house.log.read_stream(stream_id), _unreadable)

    def statistics(self) -> None:
        """The figures of a community in the last thirty days."""
        scope = scope_of(next(self._places).actor("CD"), "statistics")
        self._house.queries.statistics(scope, self._today - timedelta(days=30), self._today)


def _unreadable(_: StoredRow, why: Unreadable) -> None:
    raise why


def _milliseconds(act: Act, calls: int) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        act()
    return (time.perf_counter() - began) / calls * 1000


def _vacuum(url: str) -> None:
    """What autovacuum does within the hour after a load."""
    settings = Settings(database_url=url)
    engine = sa.create_engine(settings.log_url, isolation_level="AUTOCOMMIT")
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("VACUUM (ANALYZE)")
    engine.dispose()


def _require_room(place: Place, events: int) -> None:
    folder_of = place[0].parent
    needed = ROOM * events // LARGE
    if shutil.disk_usage(folder_of).free < needed:
        raise RuntimeError(f"{events:,} events need {needed / 2**30:.0f} GiB free in {folder_of}")


def _telling(what: str) -> Callable[[int, int], None]:
    """Tells every quarter of the way."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done * 4 // total > told:
            told = done * 4 // total
            print(f"{what} {min(100, told * 25)} %", file=sys.stderr, flush=True)

    return progress
