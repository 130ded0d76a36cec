"""How an affair stands, as its page tells it."""

from __future__ import annotations

from pytest_bdd import parsers, then

from adapters.demo import deeds
from domain.record import Kind
from projections.affair_page import AffairPageRow
from tests.steps.affair import ABOUT, SOURCES, WHO
from tests.steps.district import CODES, NAMES
from tests.steps.labels import STATE, one_of
from tests.steps.people import Table
from tests.steps.world import World
from workflows.ways import fields_of

LEVELS = {"社区": "community", "街道": "street", "区": "district"}


@then(parsers.re(f"该事项的状态为{STATE}"))
def stands(world: World, state: str) -> None:
    """Its state, on its page and in the list."""
    assert world.page().state == deeds.state(world.line, state)


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


@then("该事项没有承办人")
def assigned_to_nobody(world: World) -> None:
    """Nobody in particular."""
    page = world.page()
    assert (page.assignee, page.assigned_at) == ("", None)


@then(parsers.re(f"{WHO}在该事项中回避"))
def takes_no_part(world: World, who: str) -> None:
    """Recused, by oneself or by order."""
    assert world.person(who).account in world.page().recused


@then(parsers.re(f"该事项有{WHO}提请的督办待批准"))
def proposed(world: World, who: str) -> None:
    """A leader has still to order it."""
    assert world.page().proposed_by == world.person(who).account


@then("该事项没有待批准的督办")
def nothing_proposed(world: World) -> None:
    """Nobody asked for an order, or it was given."""
    assert not world.page().proposed_by


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


@then(parsers.re("该事项的(?P<question>[^，。]+)待答复"))
def asked(world: World, question: str) -> None:
    """Another unit was asked, and has not answered yet."""
    assert question in questions(world)


@then("该事项没有待答复的核查")
def nothing_asked(world: World) -> None:
    """No unit was asked, or all have answered."""
    assert questions(world) == []


def questions(world: World) -> list[str]:
    """What is open of that, as the line calls it."""
    known = {question.name: question.label.zh for question in world.line.spec.questions}
    return [known[name] for name in world.page().questions]


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


FLAGS = {"yes": "是", "no": "否"}


def _facts(world: World, page: AffairPageRow) -> dict[str, str]:
    values = {fact.name: fact.text for fact in page.facts}
    line, found = world.line, {}
    forms = [way.forms[page.matter].own for _, way in deeds.ways(line) if page.matter in way.forms]
    asked = fields_of(line.spec, line.matter(page.matter).fields, page.matter)
    for spec in (*asked, *(spec for form in forms for spec in form.specs)):
        if spec.name in values and spec.label.zh not in found:
            value = values[spec.name]
            choice = spec.choices.get(value)
            told = FLAGS if spec.kind is Kind.FLAG else NAMES
            found[spec.label.zh] = choice.zh if choice else told.get(value, value)
    return found


def _registration(world: World, page: AffairPageRow) -> dict[str, str]:
    def told(value: object) -> str:
        return world.house.reveal(value, page.affair_id)

    return {
        "反映内容": told(page.summary),
        "反映人": told(page.applicant),
        "电话": told(page.telephone),
        "地址": told(page.address),
        # What another affair made came from nobody who could be asked.
        "来源": next((zh for zh, code in SOURCES.items() if code == page.source), ""),
    }
