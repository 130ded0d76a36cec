"""Registering an affair, doing something with it, and the plain way into a state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from pytest_bdd import given, parsers, then, when

from adapters.demo import deeds, ways
from adapters.demo.records import read
from adapters.demo.ways import Did, Way
from adapters.relations import Relations
from domain.affair.commands import NIL, Command, Register
from domain.clock import local_day
from domain.errors import Malformed, NotFound
from projections.worklist import WorklistRow
from tests.builders import lines
from tests.steps import labels, records
from tests.steps.district import CODES
from tests.steps.labels import DEED, one_of
from tests.steps.people import Table, join
from tests.steps.time import MOMENT, WHEN
from tests.steps.world import World
from workflows.rights import EVERYWHERE
from workflows.ways import fields_of

SOURCES = {
    "来访": "hall",
    "走访": "visit",
    "电话": "phone",
    "留言板": "message",
    "民生信箱": "mailbox",
    "12345热线": "hotline",
    "网上申报": "portal",
}
WISHES = {
    "愿意接受回访": "contact",
    "匿名": "anonymous",
    "没有联系方式": "none",
    "已去世": "deceased",
    "不需要答复": "no_reply",
}
PLAIN_MATTER = "乱堆物堆料与废品"
"""The matter of an affair of which nothing else is told."""

WHO = r"(?P<who>[\u4e00-\u9fff]{2,3})"
ABOUT = r"“(?P<about>[^”]+)”"
NAMED = r"“(?P<named>[^”]+)”"

# --- registration ------------------------------------------------------------------------------


def registration(world: World, who: str, about: str, told: Mapping[str, str]) -> Command:
    """What is asked for when an affair is registered, mostly taken for granted.

    Besides, what the matter itself asks for, and 由来: the affair that it came from.
    """
    affair_id = world.house.new_id()
    asked = {
        "事项": PLAIN_MATTER,
        "来源": "来访",
        "片区": "第一责任片区",
        "反映人": "张桂芬",
        "电话": "13800001234",
        "地址": "",
        "回访意愿": "愿意接受回访",
        "由来": "",
    }
    own = {label: text for label, text in told.items() if label not in asked}
    asked |= {label: text for label, text in told.items() if label in asked}
    if asked["回访意愿"] == "匿名":
        anonymous = {"反映人": "", "电话": "", "地址": ""}
        asked |= anonymous | {label: told[label] for label in anonymous if label in told}
    origin = NIL
    if asked["由来"]:
        origin = world.affairs[asked["由来"].strip("“”")]
    elif asked["来源"] == "走访":
        origin = world.visits[asked["反映人"]]
    matter = labels.matter(asked["事项"])
    world.affairs.pop(about, None)
    world.affairs[about] = affair_id
    return Register(
        **world.asked(who),
        affair_id=affair_id,
        matter=matter,
        source=SOURCES[asked["来源"]],
        community="",
        area=CODES[asked["片区"]],
        summary=about,
        applicant=asked["反映人"],
        subject=world.resident(asked["反映人"]) if asked["反映人"] else None,
        telephone=asked["电话"],
        address=asked["地址"],
        contact_wish=WISHES[asked["回访意愿"]],
        origin_id=origin,
        record=_form(world, who, matter, own, affair_id),
    )


# What the form of a matter asks for besides; nothing where there is no such matter that day.
def _form(
    world: World, who: str, matter: str, told: Mapping[str, str], affair_id: UUID
) -> dict[str, object]:
    try:
        line = world.house.reference.lines.in_force(matter[:2], local_day(world.clock.at))
        specs = fields_of(line.spec, line.matter(matter).fields, matter)
    except (NotFound, Malformed):
        return {}
    return read(specs, told, records.Around(world, line, world.person(who), affair_id))


@given(parsers.re(f"{WHO}于{MOMENT}登记{ABOUT}"), converters=WHEN)
def registered(
    world: World, who: str, moment: datetime, about: str, datatable: Table | tuple[()] = ()
) -> None:
    """The affair is there."""
    world.at(moment)
    world.run(registration(world, who, about, dict(datatable)))


@when(parsers.re(f"{WHO}于{MOMENT}登记{ABOUT}"), converters=WHEN)
def registers(
    world: World, who: str, moment: datetime, about: str, datatable: Table | tuple[()] = ()
) -> None:
    """Somebody registers an affair."""
    world.at(moment)
    world.attempt(registration(world, who, about, dict(datatable)))


# --- deeds -------------------------------------------------------------------------------------


def command(
    world: World,
    who: str,
    deed: str,
    told: Mapping[str, str],
    *,
    apart: bool = False,
    occurred_at: datetime | None = None,
) -> Command:
    """What is asked for when something is done with the affair."""
    affair, subject, line = world.state()[0], world.affair_id, world.line
    matter, state = affair.identity.matter, affair.standing.state
    done = deeds.deed(line, deed, apart=apart, matter=matter, state=state)
    asked = world.asked(who, occurred_at)
    around = records.Around(world, line, asked["by"], subject)
    told_of = records.record(around, done, told, matter)
    return deeds.command(done, **asked, affair_id=subject, record=told_of)


@given(parsers.re(f"{WHO}于{MOMENT}{DEED}"), converters=WHEN)
def done(
    world: World,
    who: str,
    moment: datetime,
    apart: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody did something with the affair."""
    world.at(moment)
    world.run(command(world, who, deed, dict(datatable), apart=bool(apart)))


@when(parsers.re(f"{WHO}于{MOMENT}{DEED}"), converters=WHEN)
def does(
    world: World,
    who: str,
    moment: datetime,
    apart: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody does something with the affair, or tries to."""
    world.settled()
    world.at(moment)
    world.attempt(command(world, who, deed, dict(datatable), apart=bool(apart)))


# --- a state in words --------------------------------------------------------------------------


def walk(world: World, way: Way, moment: datetime) -> None:
    """What is done one after another, the last of it at `moment`."""
    left = sum((did.after for did in way), timedelta())
    for did in way:
        left -= did.after
        world.at(moment - left)
        if did.deed:
            world.run(command(world, did.who, did.deed, did.told))


@given(parsers.re(f"{ABOUT}已于{MOMENT}(?:转入)?{one_of(ways.states(), 'state')}"), converters=WHEN)
def stood(
    world: World, about: str, moment: datetime, state: str, datatable: Table | tuple[()] = ()
) -> None:
    """The affair came into that state just then, the plain way."""
    told = dict(datatable)
    matter = labels.matter(told.get("事项", PLAIN_MATTER))
    line, code = world.house.reference.lines.in_force(matter[:2], local_day(moment)), matter[:2]
    for name, (post, unit) in ways.regulars(code).items():
        if name not in world.people:
            join(world, name, post, unit)
    way = ways.way(code, line.version, matter, state)
    world.at(moment - sum((did.after for did in way), timedelta()))
    world.run(registration(world, ways.registrar(code, matter), about, told))
    walk(world, way, moment)
    wanted = line.initial if state == ways.REGISTERED else deeds.state(world.line, state)
    assert world.page().state == wanted, f"{state}: the plain way led to {world.page().state}"


@given(
    parsers.re(f"该事项于{MOMENT}已重办(?P<times>\\d+)次(?P<outcome>仍不满意|终于满意)"),
    converters=WHEN,
)
def done_again(world: World, moment: datetime, times: str, outcome: str) -> None:
    """The resident was not satisfied, it was done again, and the resident was asked again."""
    asked = Did("苏青", "回访", ways.UNSATISFIED)
    rated = asked if outcome == "仍不满意" else Did("苏青", "回访", ways.PRAISED)
    way = (Did("李衡", "不满意重办"), *ways.again(world.line.line), rated)
    if world.page().last_finding != "rework_due":
        way = (asked, *way)
    walk(world, way, moment)
    assert world.page().round == int(times)


@given(parsers.re(f"说到{ABOUT}"))
@when(parsers.re(f"说到{ABOUT}"))
def turn(world: World, about: str) -> None:
    """From here on this affair is meant."""
    world.settled()
    world.turn_to(about)


# --- an affair that makes another ----------------------------------------------------------------


def opened_by(world: World, about: str) -> list[WorklistRow]:
    """The affairs that came from this one, as its page names them."""
    world.turn_to(about)
    world.follow()
    known = Relations(world.house.log.database, world.house.follower.database)
    related = known.of(EVERYWHERE, world.page())
    return [row for how, row in related if how == "opened"]


MATTER = one_of(
    (
        said
        for line in lines.versions()
        for code, matter in line.spec.matters.items()
        for said in (code, matter.zh, f"{code}{matter.zh}")
    ),
    "matter",
)


@then(parsers.re(f"{ABOUT}另立一件{MATTER}(?:，称为{NAMED})?"))
def made_another(world: World, about: str, matter: str, named: str | None) -> None:
    """An affair of that matter came of it; from here on that one is meant."""
    code = labels.matter(matter)
    made = [row for row in opened_by(world, about) if row.matter == code]
    refused = [one.reason for one in world.house.parked()]
    assert len(made) == 1, f"{len(made)} affairs of {code} came of {about}; refused: {refused}"
    name = named or matter
    world.affairs.pop(name, None)
    world.affairs[name] = made[0].affair_id


@then(parsers.re(f"{ABOUT}没有另立事项"))
def made_no_other(world: World, about: str) -> None:
    """Nothing came of it."""
    assert [row.number for row in opened_by(world, about)] == []
