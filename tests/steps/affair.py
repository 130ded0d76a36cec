"""Registering an affair, doing something with it, and how it stands afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then, when

from domain.affair.commands import NIL, Act, Command, RecordEntry, Register, TakeStep
from projections.affair_page import AffairPageRow
from tests.steps import labels, records
from tests.steps.district import CODES, NAMES
from tests.steps.labels import DEED, STATE, Deed, one_of
from tests.steps.people import Table, join
from tests.steps.time import MOMENT, WHEN
from tests.steps.world import World

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
LEVELS = {"社区": "community", "街道": "street", "区": "district"}
WHO = r"(?P<who>[\u4e00-\u9fff]{2,3})"
VERB = "(?:办理|记录|提出|作出|决定)?"
ABOUT = r"“(?P<about>[^”]+)”"

# --- registration ------------------------------------------------------------------------------


def registration(world: World, who: str, about: str, told: Mapping[str, str]) -> Command:
    """What is asked for when an affair is registered, mostly taken for granted."""
    affair_id = world.house.new_id()
    world.affairs.pop(about, None)
    world.affairs[about] = affair_id
    asked = {
        "事项": "乱堆物堆料与废品",
        "来源": "来访",
        "片区": "第一责任片区",
        "反映人": "张桂芬",
        "电话": "13800001234",
        "地址": "",
        "回访意愿": "愿意接受回访",
    }
    assert not set(told) - set(asked), f"a registration asks for {', '.join(asked)}"
    asked |= told
    origin = world.visits[asked["反映人"]] if asked["来源"] == "走访" else NIL
    return Register(
        **world.asked(who),
        affair_id=affair_id,
        matter=labels.MATTERS.get(asked["事项"], asked["事项"]),
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
    )


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
    done: Deed,
    told: Mapping[str, str],
    occurred_at: datetime | None = None,
) -> Command:
    """What is asked for when something is done with the affair."""
    affair, subject = world.state()[0], world.affair_id
    asked = world.asked(who, occurred_at)
    asked["affair_id"] = subject
    asked["record"] = records.record(
        world, asked["by"], done, told, subject=subject, matter=affair.identity.matter
    )
    match done.kind:
        case "step":
            return TakeStep(**asked, step=done.id)
        case "entry":
            return RecordEntry(**asked, entry=done.id)
        case "action":
            return Act(**asked, action=done.id)


@given(parsers.re(f"{WHO}于{MOMENT}{VERB}{DEED}"), converters=WHEN)
def done(
    world: World,
    who: str,
    moment: datetime,
    on_referral: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody did something with the affair."""
    world.at(moment)
    meant = labels.deed(deed, on_referral=bool(on_referral))
    world.run(command(world, who, meant, dict(datatable)))


@when(parsers.re(f"{WHO}于{MOMENT}{VERB}{DEED}"), converters=WHEN)
def does(
    world: World,
    who: str,
    moment: datetime,
    on_referral: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody does something with the affair, or tries to."""
    world.settled()
    world.at(moment)
    meant = labels.deed(deed, on_referral=bool(on_referral))
    world.attempt(command(world, who, meant, dict(datatable)))


# --- a state in words --------------------------------------------------------------------------

# The plain way into each state: who does what. Nothing unusual happens on it.
Way = tuple[tuple[str, str, dict[str, str]], ...]
_ONSITE: Way = (("林晓禾", "受理核实", {}),)
_FILED: Way = (
    *_ONSITE,
    ("林晓禾", "劝导", {}),
    ("林晓禾", "劝导结果", {"劝导结果": "未果"}),
    ("林晓禾", "劝导未果上报", {}),
)
_HANDLING: Way = (*_FILED, ("郑岚", "派遣", {"主办单位": "城管科"}), ("郑岚", "签收", {}))
_RESOLVED: Way = (*_HANDLING, ("郑岚", "处置反馈", {}), ("林晓禾", "核查结案", {}))
_PRAISED = {"回访结果": "已联系上", "评价": "非常满意", "是否解决": "已解决"}
_CLOSED: Way = (*_RESOLVED, ("苏青", "回访", _PRAISED), ("苏青", "回访满意", {}))
WAYS: dict[str, Way] = {
    "登记在册": (),
    "现场核实": _ONSITE,
    "劝导": _FILED[:2],
    "已立案": _FILED,
    "已派遣": _HANDLING[:-1],
    "处置": _HANDLING,
    "执法程序": (*_HANDLING, ("郑岚", "转执法", {})),
    "核查": _RESOLVED[:-1],
    "已办结": _RESOLVED,
    "已结案": _CLOSED,
    "不予受理": (("周敏", "不予受理", {"应当向何处提出": "区城管局"}),),
    "已撤回": (*_ONSITE, ("苏青", "撤回", {})),
    "已终止": (*_ONSITE, ("周敏", "终止", {"终止原因": "迁出"})),
}
REGULARS = {
    "林晓禾": ("社区工作者", "第一责任片区"),
    "周敏": ("社区主任", "建新社区"),
    "苏青": ("前台", "建新社区"),
    "郑岚": ("街道科室经办", "城管科"),
}
APART = timedelta(minutes=20)


@given(parsers.re(f"{ABOUT}已于{MOMENT}(?:转入)?{one_of(WAYS, 'state')}"), converters=WHEN)
def stood(
    world: World, about: str, moment: datetime, state: str, datatable: Table | tuple[()] = ()
) -> None:
    """The affair came into that state just then, the plain way, one step every 20 minutes."""
    for name, (post, unit) in REGULARS.items():
        if name not in world.people:
            join(world, name, post, unit)
    way = WAYS[state]
    world.at(moment - len(way) * APART)
    world.run(registration(world, "林晓禾", about, dict(datatable)))
    for number, (who, deed, told) in enumerate(way, 1):
        world.at(moment - (len(way) - number) * APART)
        world.run(command(world, who, labels.deed(deed), told))
    assert world.page().state == labels.STATES.get(state, labels.line().initial)


_UNSATISFIED = {
    "回访结果": "已联系上",
    "评价": "不满意",
    "是否解决": "未解决",
    "回访认定": "应当重办",
}
AGAIN: Way = (
    ("李衡", "不满意重办", {}),
    ("郑岚", "签收", {}),
    ("郑岚", "处置反馈", {}),
    ("林晓禾", "核查结案", {}),
)


@given(
    parsers.re(f"该事项于{MOMENT}已重办(?P<times>\\d+)次(?P<outcome>仍不满意|终于满意)"),
    converters=WHEN,
)
def done_again(world: World, moment: datetime, times: str, outcome: str) -> None:
    """The resident was not satisfied, it was done again, and the resident was asked again."""
    rated = _UNSATISFIED if outcome == "仍不满意" else _PRAISED
    way = (*AGAIN, ("苏青", "回访", rated))
    if world.page().last_finding != "rework_due":
        way = (("苏青", "回访", _UNSATISFIED), *way)
    for number, (who, deed, told) in enumerate(way, 1):
        world.at(moment - (len(way) - number) * APART)
        world.run(command(world, who, labels.deed(deed), told))
    assert world.page().round == int(times)


@given(parsers.re(f"说到{ABOUT}"))
@when(parsers.re(f"说到{ABOUT}"))
def turn(world: World, about: str) -> None:
    """From here on this affair is meant."""
    world.settled()
    world.turn_to(about)


# --- how it stands -----------------------------------------------------------------------------


@then(parsers.re(f"该事项的状态为{STATE}"))
def stands(world: World, state: str) -> None:
    """Its state, on its page and in the list."""
    assert world.page().state == labels.STATES[state]


@then(parsers.re(f"该事项由{one_of(CODES, 'unit')}主办"))
def led_by(world: World, unit: str) -> None:
    """Whose turn it is."""
    assert NAMES[world.page().lead_unit] == unit


@then(parsers.re(f"该事项在{one_of(LEVELS, 'level')}一级办理"))
def at_level(world: World, level: str) -> None:
    """Community, street or district."""
    assert world.page().level == LEVELS[level]


@then(parsers.re(f"该事项交{WHO}承办"))
def assigned_to(world: World, who: str) -> None:
    """The worker of the area."""
    assert world.page().assignee == world.person(who).account


@then(parsers.re(f"该事项的{one_of(('签收', '协办'), 'what')}待{one_of(CODES, 'unit')}办理"))
def waits_for(world: World, what: str, unit: str) -> None:
    """A unit that has been asked and has not answered yet."""
    page = world.page()
    if what == "签收":
        assert NAMES[page.referral] == unit
    else:
        assert unit in [NAMES[task.unit] for task in page.joint if not task.done]


@then("该事项没有待签收的转办")
def no_referral(world: World) -> None:
    """No unit was asked to take it over, or it has answered."""
    assert not world.page().referral


@then("该事项没有未完成的协办")
def no_joint(world: World) -> None:
    """No other unit has a part left to do."""
    assert all(task.done for task in world.page().joint)


@then(parsers.re(r"该事项共有(?P<orders>\d+)件督办，其中(?P<waiting>\d+)件待反馈"))
def orders(world: World, orders: str, waiting: str) -> None:
    """Supervision orders."""
    page = world.page()
    assert (page.orders, page.orders - page.orders_answered) == (int(orders), int(waiting))


@then(parsers.re(r"该事项已重办(?P<times>\d+)次"))
def reopened(world: World, times: str) -> None:
    """How often it went back to work."""
    assert world.page().round == int(times)


@then(parsers.re(r"该事项已返工(?P<times>\d+)次"))
def reworked(world: World, times: str) -> None:
    """How often the check sent it back."""
    assert world.page().reworks == int(times)


@then("该事项待回访")
def to_visit(world: World) -> None:
    """The resident is still to be asked."""
    assert world.page().to_visit


@then("该事项无须回访")
def not_to_visit(world: World) -> None:
    """Nobody is to be asked, or somebody was."""
    assert not world.page().to_visit


@then(parsers.re(f"该事项并入{ABOUT}"))
def merged(world: World, about: str) -> None:
    """It goes on in another."""
    assert world.page().merged_into == world.affairs[about]


@then(parsers.re(r"该事项的保管期限为(?P<years>\d+)年"))
def kept(world: World, years: str) -> None:
    """How long the archive keeps it."""
    assert world.page().retention == years


@then("该事项的情况为")
def facts(world: World, datatable: Table) -> None:
    """What its page says of these."""
    told = {**_facts(world, world.page()), **_registration(world, world.page())}
    assert [[name, told.get(name, "")] for name, _ in datatable] == datatable


def _facts(world: World, page: AffairPageRow) -> dict[str, str]:
    values = {fact.name: fact.text for fact in page.facts}
    found = {}
    for way in (*labels.line().steps.values(), *labels.line().entries.values()):
        for spec in way.forms[page.matter].own.specs if page.matter in way.forms else ():
            if spec.name in values:
                value = values[spec.name]
                choice = spec.choices.get(value)
                found[spec.label.zh] = choice.zh if choice else NAMES.get(value, value)
    return found


def _registration(world: World, page: AffairPageRow) -> dict[str, str]:
    def told(value: object) -> str:
        return world.house.reveal(value, page.affair_id)

    return {
        "反映内容": told(page.summary),
        "反映人": told(page.applicant),
        "电话": told(page.telephone),
        "地址": told(page.address),
        "来源": next(zh for zh, code in SOURCES.items() if code == page.source),
    }
