"""Sessions and venues: opened, resized and cancelled; who has a place and who waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pytest_bdd import given, parsers, then, when

from adapters.demo.records import moment
from domain.commands import CancelOffering, OpenOffering, ResizeOffering
from domain.offering import Offering
from tests.steps import labels
from tests.steps.affair import ABOUT, WHO
from tests.steps.district import CODES
from tests.steps.people import Table
from tests.steps.time import MOMENT, WHEN
from tests.steps.world import World
from workflows.booking import offering_of

PLAIN = {
    "事项": "活动课堂报名",
    "单位": "建新社区",
    "地点": "社区活动室",
    "名额": "20",
    "候补": "5",
    "开始": "2011年7月25日9:00",
    "结束": "2011年7月25日11:00",
}


def opening(world: World, who: str, about: str, told: Table | tuple[()]) -> OpenOffering:
    """What is asked for when places are offered."""
    said = PLAIN | dict(told)
    assert set(said) == set(PLAIN), f"an offering says {', '.join(PLAIN)}"
    world.offerings[about] = world.house.new_id()
    return OpenOffering(
        **world.asked(who),
        offering_id=world.offerings[about],
        matter=labels.matter(said["事项"]),
        unit=CODES[said["单位"]],
        title=about,
        venue=said["地点"],
        capacity=int(said["名额"]),
        standby=int(said["候补"]),
        starts_at=moment(said["开始"]),
        ends_at=moment(said["结束"]),
    )


def stands(world: World, about: str) -> Offering:
    """The offering as it stands."""
    world.settled()
    return offering_of(world.house.desk, world.offerings[about])[0]


@given(parsers.re(f"{WHO}于{MOMENT}开放{ABOUT}"), converters=WHEN)
def opened(
    world: World, who: str, moment: datetime, about: str, datatable: Table | tuple[()] = ()
) -> None:
    """Places can be asked for."""
    world.at(moment)
    world.run(opening(world, who, about, datatable))


@when(parsers.re(f"{WHO}于{MOMENT}开放{ABOUT}"), converters=WHEN)
def opens(
    world: World, who: str, moment: datetime, about: str, datatable: Table | tuple[()] = ()
) -> None:
    """Somebody offers places, or tries to."""
    world.at(moment)
    world.attempt(opening(world, who, about, datatable))


RESIZED = parsers.re(f"{WHO}于{MOMENT}把{ABOUT}改为(?P<places>\\d+)个名额、(?P<ranks>\\d+)个候补")
CANCELLED = parsers.re(f"{WHO}于{MOMENT}取消{ABOUT}，因为(?P<reason>.+)")


def resizing(world: World, who: str, about: str, places: str, ranks: str) -> ResizeOffering:
    """What is asked for when there are to be more places, or fewer."""
    asked: dict[str, Any] = world.asked(who)
    session = world.offerings[about]
    return ResizeOffering(**asked, offering_id=session, capacity=int(places), standby=int(ranks))


def cancelling(world: World, who: str, about: str, reason: str) -> CancelOffering:
    """What is asked for when it is not to take place."""
    asked: dict[str, Any] = world.asked(who)
    return CancelOffering(**asked, offering_id=world.offerings[about], reason=reason)


@given(RESIZED, converters=WHEN)
def resized(world: World, who: str, moment: datetime, about: str, places: str, ranks: str) -> None:
    """It has another number of places."""
    world.at(moment)
    world.run(resizing(world, who, about, places, ranks))


@when(RESIZED, converters=WHEN)
def resizes(world: World, who: str, moment: datetime, about: str, places: str, ranks: str) -> None:
    """Somebody gives it another number of places, or tries to."""
    world.at(moment)
    world.attempt(resizing(world, who, about, places, ranks))


@given(CANCELLED, converters=WHEN)
def cancelled(world: World, who: str, moment: datetime, about: str, reason: str) -> None:
    """It does not take place."""
    world.at(moment)
    world.run(cancelling(world, who, about, reason))


@when(CANCELLED, converters=WHEN)
def cancels(world: World, who: str, moment: datetime, about: str, reason: str) -> None:
    """Somebody cancels it, or tries to."""
    world.at(moment)
    world.attempt(cancelling(world, who, about, reason))


@then(
    parsers.re(
        f"{ABOUT}已占(?P<held>\\d+)个名额，留(?P<kept>\\d+)个待答复，(?P<waiting>\\d+)人候补"
    )
)
def counted(world: World, about: str, held: str, kept: str, waiting: str) -> None:
    """How many have a place, are asked whether they come, and wait."""
    found = stands(world, about)
    waits = len(found.waiting) - len(found.offered)
    assert (len(found.holders), len(found.offered), waits) == (int(held), int(kept), int(waiting))
