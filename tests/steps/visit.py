"""Household visits 民情走访."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_bdd import given, parsers, when

from domain.commands import RecordVisit
from tests.steps.affair import WHO
from tests.steps.district import CODES
from tests.steps.people import Table
from tests.steps.time import MOMENT, WHEN
from tests.steps.world import World

LIGHTS = {"红灯": "red", "黄灯": "yellow", "绿灯": "green"}
OUTCOMES = {"见到": "met", "无人在家": "not_home", "拒绝走访": "refused"}
KINDS = {"例行": "routine", "跟进": "follow_up", "应急": "emergency"}
FINDINGS = {
    "需求": "need",
    "诉求": "complaint",
    "建议": "suggestion",
    "隐患": "hazard",
    "资料变动": "profile_change",
    "资格线索": "eligibility",
}
DOOR = r"(?P<door>[^，“”]*室)(?P<resident>[\u4e00-\u9fff]{2,3})家"


def visit(world: World, who: str, door: str, resident: str, told: dict[str, str]) -> RecordVisit:
    """What is asked for when a visit is recorded, ended just now after a quarter of an hour."""
    asked = {
        "信号灯": "绿灯",
        "结果": "见到",
        "方式": "例行",
        "片区": "第一责任片区",
        "发现": "",
        "看到": "",
        "听到": "",
        "记到": "",
    }
    assert not set(told) - set(asked), f"a visit asks for {', '.join(asked)}"
    asked |= told
    visit_id = world.house.new_id()
    world.visits[resident] = visit_id
    return RecordVisit(
        **world.asked(who),
        visit_id=visit_id,
        household=world.household(door),
        area=CODES[asked["片区"]],
        light=LIGHTS[asked["信号灯"]],
        kind=KINDS[asked["方式"]],
        outcome=OUTCOMES[asked["结果"]],
        started_at=world.clock.at - timedelta(minutes=15),
        ended_at=world.clock.at,
        interviewee=resident,
        seen=asked["看到"],
        heard=asked["听到"],
        noted=asked["记到"],
        findings=tuple(FINDINGS[one] for one in asked["发现"].split("、") if one),
    )


@given(parsers.re(f"{WHO}于{MOMENT}走访{DOOR}"), converters=WHEN)
def visited(
    world: World,
    who: str,
    moment: datetime,
    door: str,
    resident: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody was at the door."""
    world.at(moment)
    world.run(visit(world, who, door, resident, dict(datatable)))


@when(parsers.re(f"{WHO}于{MOMENT}走访{DOOR}"), converters=WHEN)
def visits(
    world: World,
    who: str,
    moment: datetime,
    door: str,
    resident: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody is at the door, and records it or tries to."""
    world.settled()
    world.at(moment)
    world.attempt(visit(world, who, door, resident, dict(datatable)))
