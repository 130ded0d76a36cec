"""What is open here, for whom; and how soon a worker fires after it finds a mountain of due rows.

The mountain is as many affairs as arrive in a district in months, registered and begun on one
day and left alone since: each has a warning or a deadline behind it, and all are real.
"""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from adapters.event_store.instants import to_micros
from adapters.house import House
from adapters.projector.table import ViewTable
from adapters.time import Told
from adapters.worker.sweeper import Sweeper
from benchmarks.bulk import EVENING, Bulk, templates
from benchmarks.district import MONDAY, Player, areas, at, found, opened, settings_of
from benchmarks.places import folder, postgres
from benchmarks.report import Row, alone
from benchmarks.steps import LATER, Place
from benchmarks.tales import TALES
from domain.actor import Actor, Role
from domain.affair.state import Affair
from domain.changed import changed
from projections.due import due
from workflows.machine import CompiledLine

AFFAIRS = 100_000
LONG_AFTER = at(MONDAY + timedelta(days=60), EVENING)
FOLLOWED = 3.0
"""Seconds for which the worker is watched after its first firing."""
POLL = 0.001
TIMES, ROUNDS = 200, 7
ROLES = (Role.CW, Role.FD, Role.CD, Role.SC, Role.SL, Role.DO, Role.DL, Role.RES)


def rows(large: bool = False) -> list[Row]:
    """What is open, and the sweep on both databases. `large` changes nothing here."""
    del large
    with folder() as place, postgres() as server:
        return [
            open_here((place / "open", "")),
            sweep("SQLite", (place / "sqlite", "")),
            sweep("PostgreSQL", (place / "postgres", server.database("due"))),
        ]


def open_here(place: Place, times: int = TIMES) -> Row:
    """Microseconds for one answer, over every state of the line and the roles of its table."""
    settings = settings_of(*place)
    found(settings, streets=1, years=range(2011, 2013))
    area = areas(1)[0]
    with opened(settings, clock := Told(LATER)) as house:
        affair_id = Player(house, clock).play(TALES[0], MONDAY, area)
        affair, _ = house.affairs.get(affair_id)
        line = house.reference.lines.version(affair.identity.line, affair.identity.line_version)
        asked = [
            (changed(affair, {"standing": changed(affair.standing, {"state": state})}), actor)
            for state in line.states
            for actor in _actors(area.code)
        ]
        runs = [_answers(house, line, asked, times) for _ in range(ROUNDS)]
    return alone(
        "what is open here, for whom",
        runs,
        target=50.0,
        unit="µs",
        at_most=True,
        note=f"steps, entries and actions; {len(line.states)} states, {len(ROLES)} roles",
    )


def sweep(name: str, place: Place, affairs: int = AFFAIRS, followed: float = FOLLOWED) -> Row:
    """Seconds from the beginning of a sweep to the first thing that it fired."""
    settings = settings_of(*place)
    found(settings, streets=1, years=range(2011, 2013))
    with opened(settings) as house:
        bulk = Bulk(house, templates(), a_day=affairs, within=areas(1))
        bulk.events(house.log.head() + 1)
        bulk.views()
    with opened(settings, Told(LONG_AFTER)) as house:
        waiting = _waiting(house)
        first, rate = _watched(house, followed)
    return alone(
        f"a sweep over {affairs:,} due affairs until it fires, {name}",
        [first],
        target=1.0,
        unit="s",
        at_most=True,
        note=f"{waiting:,} rows were due; then {rate:,.0f} fired a second",
    )


def _actors(area: str) -> Iterator[Actor]:
    for role in ROLES:
        unit = "" if role is Role.RES else area if role is Role.CW else area.partition("-")[0]
        yield Actor(account=role.value.lower(), role=role, unit=unit, lines=("CG",))


def _answers(
    house: House, line: CompiledLine, asked: list[tuple[Affair, Actor]], times: int
) -> float:
    calendar = house.reference.calendar
    began = time.perf_counter()
    for _ in range(times):
        for affair, actor in asked:
            line.options(affair, actor, LATER, calendar)
            line.entry_options(affair, actor, LATER, calendar)
            line.action_options(affair, actor, LATER, calendar)
    return (time.perf_counter() - began) / times / len(asked) * 1e6


def _waiting(house: House) -> int:
    database = house.log.database
    table = ViewTable(due, sqlite=database.is_sqlite).table
    query = sa.select(sa.func.count()).where(table.c.next_at <= to_micros(house.now()))
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _watched(house: House, followed: float) -> tuple[float, float]:
    stop, sweeper = threading.Event(), Sweeper(house)
    before = house.log.head()
    working = threading.Thread(target=sweeper.sweep, args=(stop,))
    began = time.perf_counter()
    working.start()
    try:
        while house.log.head() == before and working.is_alive():
            time.sleep(POLL)
        first = time.perf_counter() - began
        stop.wait(followed)
    finally:
        stop.set()
        working.join()
    spent = time.perf_counter() - began - first
    return first, (house.log.head() - before) / spent
