"""How fast the worklist is built anew from the log, beside the live one."""

import time
from statistics import median

from adapters.time import Told
from benchmarks.bulk import Bulk, templates
from benchmarks.district import STREETS, areas, found, opened, settings_of
from benchmarks.places import folder, postgres
from benchmarks.report import Row, alone
from benchmarks.steps import LATER, Place

EVENTS = 200_000
TIMES = 3
A_DAY = 190


def rows(large: bool = False) -> list[Row]:
    """The worklist on both databases. `large` changes nothing here."""
    del large
    with folder() as place, postgres() as server:
        return [
            on("SQLite", (place / "sqlite", "")),
            on("PostgreSQL", (place / "postgres", server.database("rebuild"))),
        ]


def on(
    name: str, place: Place, *, events: int = EVENTS, times: int = TIMES, streets: int = STREETS
) -> Row:
    """The row of one database."""
    settings = settings_of(*place)
    found(settings, streets=streets)
    spent = []
    with opened(settings, Told(LATER)) as house:
        held = Bulk(house, templates(), a_day=A_DAY, within=areas(streets)).events(events)

        def rebuild() -> float:
            began, ran = time.perf_counter(), time.process_time()
            house.rebuild("worklist")
            spent.append((time.process_time() - ran) / held * 1e6)
            return held / (time.perf_counter() - began)

        return alone(
            f"rebuild of the worklist, {name}",
            [rebuild() for _ in range(times)],
            target=50_000,
            unit="events/s",
            note=f"{held:,} events, eleven of an affair on average, days apart; "
            f"{median(spent):.0f} µs of this process's processor time each",
        )
