"""The working-day table of a year comes in, late or revised."""

from __future__ import annotations

from datetime import date, datetime

from pytest_bdd import parsers, then, when

from adapters import calendars
from domain.commands import ImportCalendar
from tests.steps.affair import WHO
from tests.steps.deadlines import called
from tests.steps.labels import CLOCK
from tests.steps.time import MOMENT, WHEN
from tests.steps.world import World

YEAR = r"(?P<year>\d{4})年的工作日历"


def imports(world: World, who: str, year: int, *off: date) -> None:
    """The table of the notice; a revised one with more days off."""
    (table,) = calendars.seed((year,), by=who, occurred_at=world.clock.at, revision=2 if off else 1)
    world.attempt(
        ImportCalendar(
            **world.asked(who),
            year=year,
            version=table.version,
            source=table.source,
            holidays=(*table.holidays, *off),
            workdays=table.workdays,
        )
    )


@when(parsers.re(f"{WHO}于{MOMENT}录入{YEAR}"), converters=WHEN)
def comes(world: World, who: str, moment: datetime, year: str) -> None:
    """Somebody enters it, or tries to."""
    world.at(moment)
    imports(world, who, int(year))


@when(
    parsers.re(rf"{WHO}于{MOMENT}重新录入{YEAR}，(?P<month>\d+)月(?P<off>\d+)日改为放假"),
    converters=WHEN,
)
def is_revised(world: World, who: str, moment: datetime, year: str, month: str, off: str) -> None:
    """Somebody enters a newer one."""
    world.at(moment)
    imports(world, who, int(year), date(int(year), int(month), int(off)))


@then(parsers.re(f"{CLOCK}的期限(?P<final>不再)?是暂定的"))
def provisional(world: World, clock: str, final: str | None) -> None:
    """What the affair's page says of it."""
    marked = {each.name: each.provisional for each in world.page().clocks}
    assert marked[called(world, clock)] is (final is None)
