"""Units: how they are entered, renamed, handed over and closed."""

from __future__ import annotations

from datetime import date

from pytest_bdd import given, parsers, then, when

from adapters.demo.records import day
from domain.commands import AssignArea, CloseUnit, RegisterUnit, RenameUnit
from tests.steps.affair import WHO
from tests.steps.district import CODES
from tests.steps.labels import one_of
from tests.steps.time import DAY, Converters
from tests.steps.world import World

ON: Converters = {"day": day}
UNIT = one_of(CODES, "unit")
NAME = "“(?P<name>.+)”"


@when(parsers.re(f"{WHO}把{UNIT}自{DAY}起(?:交给(?P<worker>.+)|空出来)"), converters=ON)
def hands_over(world: World, who: str, unit: str, day: date, worker: str | None) -> None:
    """An area gets another worker, or none."""
    account = world.person(worker).account if worker else ""
    world.attempt(AssignArea(**world.asked(who), code=CODES[unit], worker=account, valid_from=day))


@when(parsers.re(f"{WHO}把{UNIT}自{DAY}起改名为{NAME}"), converters=ON)
def renames(world: World, who: str, unit: str, day: date, name: str) -> None:
    """A unit gets another name."""
    world.attempt(RenameUnit(**world.asked(who), code=CODES[unit], name=name, valid_from=day))


@given(parsers.re(f"{WHO}撤销{UNIT}，最后一天是{DAY}"), converters=ON)
@when(parsers.re(f"{WHO}撤销{UNIT}，最后一天是{DAY}"), converters=ON)
def closes(world: World, who: str, unit: str, day: date) -> None:
    """A unit ends."""
    world.attempt(CloseUnit(**world.asked(who), code=CODES[unit], valid_to=day))


@when(parsers.re(f"{WHO}在{UNIT}登记片区{NAME}，代码为(?P<code>[0-9-]+)"))
def enters(world: World, who: str, unit: str, name: str, code: str) -> None:
    """A new area of a community."""
    asked = world.asked(who)
    world.attempt(
        RegisterUnit(
            **asked,
            code=code,
            kind="area",
            name=name,
            parent=CODES[unit],
            valid_from=asked["occurred_at"].date(),
        )
    )


@then(parsers.re(f"{DAY}负责{UNIT}的是(?P<worker>.+)"), converters=ON)
def held_by(world: World, day: date, unit: str, worker: str) -> None:
    """Whose the area is on a day."""
    world.settled()
    account = world.house.reference.organisation.worker(CODES[unit], day)
    assert (world.name_of(account) if account else "没有人") == worker


@then(parsers.re(f"{DAY}该单位名为{NAME}"), converters=ON)
def called(world: World, day: date, name: str) -> None:
    """What the unit that was changed last is called on a day."""
    world.settled()
    changed = getattr(world.command, "code")  # noqa: B009 (whichever command it was)
    assert world.house.reference.organisation.unit(changed).name(day) == name
